internal import OCPPMessages
internal import OCPPWire

extension AnyRequest {
    /// Whether the action may come from a charging station.
    var isSentByStations: Bool {
        switch self {
        case .v16(let request): request.action.sender != .csms
        case .v2(let request): request.action.sender != .csms
        }
    }

    /// Whether the action may go to a charging station.
    var isSentByCSMS: Bool {
        switch self {
        case .v16(let request): request.action.sender != .chargingStation
        case .v2(let request): request.action.sender != .chargingStation
        }
    }
}
