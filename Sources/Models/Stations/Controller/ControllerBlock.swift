public import OCPP
public import OCPPMessages

/// A functional block of a charging station's OCPP client: what it does about one subject beyond everyday messages.
///
/// A block answers the CSMS's requests in functions named after the actions, and follows what happens at the charging
/// station through the functions below, each of which may do nothing. Everything it wants done goes into the context.
protocol ControllerBlock: Sendable, Codable {
    /// When ``timerDue(context:)`` wants to be called; `distantFuture` for not at all.
    var nextDeadline: Timestamp { get }
    /// Called when ``nextDeadline`` has passed; calling it early is harmless.
    mutating func timerDue(context: inout ControllerContext)
    /// Something happened at the charging station.
    mutating func notice(_ event: StationEvent, context: inout ControllerContext)
    /// A request of this charging station, sent by any block, was answered, refused or given up.
    mutating func answered(_ request: V2.Request, with outcome: CallOutcome, context: inout ControllerContext)
    /// A job asked for by ``ControllerContext/start(_:)`` is done, or got further.
    mutating func jobDone(_ job: Int, _ result: StationJobResult, context: inout ControllerContext)
}

extension ControllerBlock {
    var nextDeadline: Timestamp { .distantFuture }
    mutating func timerDue(context: inout ControllerContext) {}
    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {}
    mutating func answered(_ request: V2.Request, with outcome: CallOutcome, context: inout ControllerContext) {}
    mutating func jobDone(_ job: Int, _ result: StationJobResult, context: inout ControllerContext) {}
}

/// What became of a request of the charging station.
public enum CallOutcome: Equatable, Sendable {
    case response(V2.Response)
    /// Answered with CALLERROR.
    case refused(RPCErrorCode)
    /// Not answered in time, or the connection was lost.
    case unanswered
    /// Not sent, since the version has no such message: that is the end of the matter and no failure.
    case notInThisVersion
}

/// What happens at a charging station, as far as blocks are concerned. `evse` counts from 0.
public enum StationEvent: Equatable, Sendable, Codable {
    case booted(Core.BootReason)
    case registered(Core.RegistrationStatus)
    case online
    case offline
    case plugged(evse: Int)
    case unplugged(evse: Int)
    /// A token was presented; `accepted` tells whether it may charge.
    case authorization(evse: Int, accepted: Bool)
    case transactionStarted(evse: Int, transactionID: String)
    case chargingStateChanged(evse: Int, Core.ChargingState)
    case transactionEnded(evse: Int, transactionID: String, Core.StoppedReason)
    case fault(evse: Int?)
    /// The whole charging station was taken out of service by order, or put back.
    case stationOperative(Bool)
    case faultCleared(evse: Int?)
    /// A variable of the device model has a new actual value, by SetVariables or by itself. Names as in the standard.
    case variableChanged(component: String, evse: Int?, variable: String)
    /// A limit from outside (an energy management system) for the whole charging station, W; `nil`: none any more.
    case externalLimit(watts: Double?)
    /// An ISO 15118 vehicle has told what it needs.
    case evChargingNeeds(evse: Int, V2.ChargingNeeds)
    /// The driver wants the transaction charged first, or not any more. OCPP 2.1.
    case priorityCharging(evse: Int, activated: Bool)
    /// Something that the standard counts as a security event.
    case security(SecurityEventKind, techInfo: String?)
    /// A meter sample was taken.
    case sampled(evse: Int)
    /// RequestStartTransaction was accepted; its profile, a TxProfile, is for the transaction to come.
    case remoteStartAccepted(evse: Int, remoteStartID: Int, profile: V2.ChargingProfile?)
    /// The CSMS has asked for a message that is not an everyday one. `custom` names it for CustomTrigger. OCPP 2.1.
    case triggered(V2.MessageTriggerEnum, custom: String?)
    /// Reservations changed: who alone may start where.
    case reservationsChanged([ReservationHold])
    /// An EVSE is kept free for a firmware update, or released.
    case keptFree(evse: Int, Bool)
    /// A vehicle wants a contract certificate installed or updated; base64 of EXI.
    case contractWanted(
        evse: Int, schemaVersion: String, action: V2.CertificateActionEnum, exi: String, chainsMax: Int?)
    /// The charging station's own chains need fresh OCSP answers; takes the place of what was wanted before.
    case ocspWanted([V2.OCSPRequestData])
    /// A vehicle's contract chain is to be checked. OCPP 2.1.
    case chainStatusWanted(evse: Int, [V2.CertificateStatusRequestInfo])
    /// An ISO 15118 vehicle will charge by this schedule.
    /// - Parameter selected: id of the offered schedule that it follows; `nil` when none was offered.
    case evScheduled(evse: Int, V2.ChargingSchedule, selected: Int?)
    /// Voltage or frequency of the grid is out of bounds, or within them again. OCPP 2.1.
    case gridFault(V2.GridEventFaultEnum, ended: Bool)
    /// Somebody exchanges batteries. OCPP 2.1.
    case batterySwap(SwapEvent)
    /// The payment terminal has settled a payment, or could not. OCPP 2.1.
    case paymentSettled(Settlement)
    /// A driver wants a receipt on the company of this VAT number. OCPP 2.1.
    case companyReceiptWanted(vatNumber: String, evse: Int)
    /// Something outside the standard is to be told.
    case vendorMessage(vendorID: String, messageID: String?, data: JSONText?)
}
