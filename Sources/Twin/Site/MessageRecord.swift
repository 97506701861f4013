internal import Models
internal import OCPP
internal import Sim

/// One call and its answer, as the CSMS saw them.
struct MessageRecord: BitwiseCopyable, Sendable, Codable {
    var time: SimTime
    var station: UInt16
    /// Index in ``OCPP/StationAction/allCases``.
    var action: UInt8
    /// The answer was a CALLERROR.
    var isError: Bool
    /// From the station's call to its answer, should the connection last that long.
    var roundTrip: SimDuration

    init(time: SimTime, station: UInt16, _ call: StationCall, _ answer: CSMSAnswer, roundTrip: SimDuration) {
        self.roundTrip = roundTrip
        self.time = time
        self.station = station
        action = UInt8(StationAction.allCases.firstIndex(of: call.request.action) ?? 0)
        if case .error = answer.response { isError = true } else { isError = false }
    }
}

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
