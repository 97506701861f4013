internal import OCPP
internal import OCPPMessages

/// The state of connector 0 in OCPP 1.6: that of the charging station as a whole, apart from its connectors'.
///
/// Available, Unavailable while the whole charging station is out of service by order, Faulted while it all has a fault.
/// It is told at each registration, when it changes, when it is asked for, and after a long break of the connection. 2.x
/// has no such state.
/// - Source: OCPP 1.6 edition 2, sections 4.9 and 5.2, and 7.10 (connector 0 knows these three states alone).
struct StationStatus: ControllerBlock {
    private var isOperative = true
    private var isFaulted = false
    /// As told last; `nil` when the CSMS has to be told whatever it is.
    private var told: V2.ConnectorStatusEnum?
    private var offlineSince: Timestamp?

    init() {}

    private var status: V2.ConnectorStatusEnum { isFaulted ? .faulted : isOperative ? .available : .unavailable }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        guard context.version == .v16 else { return }
        switch event {
        case .stationOperative(let isOperative): self.isOperative = isOperative
        case .fault(evse: nil): isFaulted = true
        case .faultCleared(evse: nil): isFaulted = false
        case .registered(.accepted): told = nil
        case .triggered(.statusNotification, _): return tell(triggered: true, &context)
        case .offline:
            offlineSince = offlineSince ?? context.now
            return
        case .online:
            let threshold = Int64(context.deviceModel.int("OCPPCommCtrlr", "OfflineThreshold"))
            if let offlineSince, context.now >= offlineSince.adding(seconds: threshold) { told = nil }
            offlineSince = nil
        default: return
        }
        // Before its registration a charging station says nothing; then it says everything.
        guard context.registration == .accepted, context.isOnline, told != status else { return }
        tell(triggered: false, &context)
    }

    /// What could not be told is told with the next connection.
    mutating func answered(_ request: V2.Request, with outcome: CallOutcome, context: inout ControllerContext) {
        guard outcome == .unanswered, case .statusNotification(let request) = request, request.evseId == 0 else {
            return
        }
        told = nil
    }

    private mutating func tell(triggered: Bool, _ context: inout ControllerContext) {
        told = status
        context.send(
            .statusNotification(
                V2.StatusNotificationRequest(
                    timestamp: context.now.wholeMilliseconds, connectorStatus: status, evseId: 0, connectorId: 0)),
            triggered: triggered)
    }
}
