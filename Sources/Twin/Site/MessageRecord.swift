internal import OCPP
internal import OCPPMessages
internal import Sim

/// One call and its answer, as the CSMS saw them.
struct MessageRecord: BitwiseCopyable, Sendable, Codable {
    var time: SimTime
    var station: UInt16
    /// Index in ``actions``.
    var action: UInt8
    /// The answer was a CALLERROR.
    var isError: Bool
    /// From the station's call to its answer, should the connection last that long.
    var roundTrip: SimDuration

    /// Names of the actions that rows have: the everyday ones first.
    static let actions: [String] = {
        let everyday = StationAction.allCases.map(\.rawValue)
        return everyday + V2.Action.allCases.map(\.wireText).filter { !everyday.contains($0) }
    }()

    init(
        time: SimTime, station: UInt16, action: UInt8, isError: Bool, roundTrip: SimDuration
    ) {
        self.time = time
        self.station = station
        self.action = action
        self.isError = isError
        self.roundTrip = roundTrip
    }

    init(time: SimTime, station: UInt16, _ call: StationCall, _ answer: CSMSAnswer, roundTrip: SimDuration) {
        let isError = if case .error = answer.response { true } else { false }
        self.init(
            time: time, station: station, action: Self.action(of: call.request), isError: isError,
            roundTrip: roundTrip)
    }

    static let securityEvent = action(of: .v2(.securityEventNotification(.init(type: "", timestamp: .distantPast))))

    static func action(of request: StationRequest) -> UInt8 {
        UInt8(StationAction.allCases.firstIndex(of: request.action) ?? 0)
    }

    /// The parts of a transaction that 1.6 has actions of its own for are TransactionEvents.
    static func action(of request: AnyRequest) -> UInt8 {
        let name =
            switch request {
            case .v16(.startTransaction), .v16(.stopTransaction): StationAction.transactionEvent.rawValue
            case .v16(.meterValues(let values)) where values.transactionId != nil:
                StationAction.transactionEvent.rawValue
            default: request.actionText
            }
        return UInt8(actions.firstIndex(of: name) ?? actions.count)
    }
}
