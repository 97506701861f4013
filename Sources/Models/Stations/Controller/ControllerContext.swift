public import OCPP
public import OCPPMessages

/// What a block may read and ask for while it handles something.
struct ControllerContext: Sendable, Codable {
    var now = Timestamp(microseconds: 0)
    var version: OCPPVersion
    var isOnline = false
    var registration: Core.RegistrationStatus?
    /// What the everyday machine knows, index 0 for EVSE 1.
    var evses: ContiguousArray<EVSEView> = []
    /// Configuration and state by the names of the standard.
    var deviceModel: DeviceModel
    /// Ids for events, jobs and requests, counted for ever.
    var counter = 0

    // What was asked for, in order; the controller carries it out after the answer.
    var sends: [OutboxEntry] = []
    var directives: [Directive] = []
    var jobs: [NumberedJob] = []
    var events: [StationEvent] = []

    init(version: OCPPVersion, deviceModel: DeviceModel) {
        self.version = version
        self.deviceModel = deviceModel
    }

    /// Sends a request after the answer to the present one.
    /// - Parameters:
    ///   - persistent: kept while offline and over a restart until it is answered; others are dropped when they cannot
    ///     be sent.
    ///   - triggered: may be sent while registration is Pending.
    mutating func send(_ request: V2.Request, persistent: Bool = false, triggered: Bool = false) {
        sends.append(OutboxEntry(request: request, isPersistent: persistent, isTriggered: triggered))
    }
    mutating func act(_ directive: Directive) { directives.append(directive) }
    /// Asks the driver for work; the result names the id returned.
    mutating func start(_ job: StationJob) -> Int {
        counter += 1
        jobs.append(NumberedJob(id: counter, job: job))
        return counter
    }
    /// Says that the present request, whose function then returns `nil`, is answered later, and gives the ticket for it.
    ///
    /// What has to be asked first (the plant, a certificate) is asked by a job; every job ends, so every ticket is used
    /// unless the charging station restarts, with which the connection and the question are gone.
    mutating func deferAnswer() -> Int {
        counter += 1
        deferral = counter
        return counter
    }
    /// Takes ``deferAnswer()`` back.
    mutating func answerNow() { deferral = nil }
    /// Answers the request that was put off with this ticket.
    mutating func answer(_ ticket: Int, with response: V2.Response) { lateAnswers.append((ticket, response)) }
    /// Tells all blocks, after this one is done.
    mutating func announce(_ event: StationEvent) { events.append(event) }
    mutating func reportSecurity(_ kind: SecurityEventKind, techInfo: String? = nil) {
        events.append(.security(kind, techInfo: techInfo))
    }
    /// A number never used before by this charging station.
    mutating func nextID() -> Int {
        counter += 1
        return counter
    }
    /// Index of the EVSE with a running transaction of this id.
    func evse(ofTransaction transactionID: String) -> Int? {
        evses.firstIndex { $0.transactionID == transactionID }
    }
    /// Index of EVSE number `id`, which counts from 1; `nil` when there is none.
    func evse(id: Int) -> Int? { evses.indices.contains(id - 1) ? id - 1 : nil }
}

/// What the everyday machine knows of an EVSE.
struct EVSEView: Equatable, Sendable, Codable {
    var connectorCount: Int
    var isPlugged: Bool
    var isAuthorized: Bool
    var isFaulted: Bool
    var isOperative: Bool
    var isReserved: Bool
    /// `nil` when no transaction runs.
    var transactionID: String?
    var idToken: V2.IdToken?
    var groupIdToken: V2.IdToken?
    var chargingState: Core.ChargingState
    var transactionStart: Timestamp?
    /// Energy register, Wh, and what was drawn at the last reading, W and 0 ... 1.
    var registerWh: Double
    var powerW: Double
    var stateOfCharge: Double?
    /// Transaction messages of the running or last transaction that the CSMS has not answered yet.
    var queuedMessages: Int
    /// Nominal figures of the EVSE: V between phase and neutral (AC) or of the output (DC), phases 1 ... 3 (0 for DC), A and W.
    var nominalVoltage: Double
    var phases: Int
    var currentMaxA: Double
    var powerMaxW: Double
}

/// Work asked of the driver.
struct NumberedJob: Equatable, Sendable, Codable {
    var id: Int
    var job: StationJob
}

/// A request of a block on its way to the CSMS.
struct OutboxEntry: Equatable, Sendable, Codable {
    var request: V2.Request
    var isPersistent: Bool
    var isTriggered: Bool
}
