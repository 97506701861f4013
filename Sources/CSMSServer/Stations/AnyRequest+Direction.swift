internal import OCPP
internal import OCPPMessages
internal import OCPPWire

extension AnyRequest {
    /// Whether an action of that version goes to charging stations alone; an unknown one does not.
    static func isSentByCSMSAlone(_ action: String, in version: OCPPVersion) -> Bool {
        guard version != .v16 else { return V16.Action(wireText: action)?.sender == .csms }
        guard let action = V2.Action(wireText: action), action.isIn(version) else { return false }
        return action.sender == .csms
    }

    /// Whether the action may go to a charging station.
    var isSentByCSMS: Bool {
        switch self {
        case .v16(let request): request.action.sender != .chargingStation
        case .v2(let request): request.action.sender != .chargingStation
        }
    }
}
