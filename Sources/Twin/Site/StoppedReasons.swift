internal import Models
internal import OCPP

extension EndReason {
    /// The standard's word for why a transaction stopped.
    var stoppedReason: Core.StoppedReason {
        switch self {
        case .targetReached, .batteryFull: .stoppedByEV
        case .driverLeft: .local
        case .fault, .vehicleSilent: .other
        case .cablePulled: .evDisconnected
        case .supplyLost: .powerLoss
        case .emergencyStop: .emergencyStop
        case .groundFault: .groundFault
        case .authorizationFailed: .deAuthorized
        }
    }
}
