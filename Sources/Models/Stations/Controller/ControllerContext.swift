internal import OCPP
internal import OCPPMessages

/// What a block may read and ask for while it handles something.
struct ControllerContext: Sendable, Codable {
    var now = Timestamp(microseconds: 0)
    var version: OCPPVersion
    var isOnline = false
    var registration: Core.RegistrationStatus?
    /// What the everyday machine knows, index 0 for EVSE 1.
    var evses: ContiguousArray<EVSEView> = []
    /// Transactions with messages that the CSMS has not answered yet, in the order of the queue.
    var queuedTransactionIDs: [String] = []
    /// Configuration and state by the names of the standard.
    var deviceModel: DeviceModel
    /// Ids for events, jobs and requests, counted for ever.
    var counter = 0

    // What was asked for, in order; the controller carries it out after the answer.
    var sends: [OutboxEntry] = []
    var directives: [Directive] = []
    var jobs: [NumberedJob] = []
    var events: [StationEvent] = []
    /// Ticket of the request being handled, where its answer was put off.
    var deferral: Int?
    var lateAnswers: [LateAnswer] = []
    /// Nominal figures of the EVSEs, index 0 for EVSE 1.
    var ratings: ContiguousArray<EVSERating> = []

    // What else there is belongs to the moment.
    private enum CodingKeys: String, CodingKey { case version, deviceModel, counter, ratings }

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
    mutating func answer(_ ticket: Int, with response: V2.Response) {
        lateAnswers.append(LateAnswer(ticket: ticket, response: response))
    }
    /// Tells all blocks, after this one is done.
    mutating func announce(_ event: StationEvent) { events.append(event) }
    mutating func reportSecurity(_ kind: SecurityEventKind, techInfo: String? = nil) {
        events.append(.security(kind, techInfo: techInfo))
    }
    /// Takes everything out that was asked for; `nil` when nothing was.
    mutating func takeWishes() -> Wishes? {
        guard !sends.isEmpty || !directives.isEmpty || !jobs.isEmpty || !events.isEmpty || !lateAnswers.isEmpty else {
            return nil
        }
        let wishes = Wishes(
            sends: sends, directives: directives, jobs: jobs, events: events, lateAnswers: lateAnswers)
        sends.removeAll(keepingCapacity: true)
        directives.removeAll(keepingCapacity: true)
        jobs.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        lateAnswers.removeAll(keepingCapacity: true)
        return wishes
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
    func evse(id: Int) -> Int? { id >= 1 && id <= evses.count ? id - 1 : nil }
}

/// What blocks have asked for, in order.
struct Wishes: Sendable {
    var sends: [OutboxEntry]
    var directives: [Directive]
    var jobs: [NumberedJob]
    var events: [StationEvent]
    var lateAnswers: [LateAnswer]
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
    /// Nominal figures of the EVSE: V between phase and neutral (AC) or of the output (DC), phases 1 ... 3 (0 for DC), A and W.
    var nominalVoltage: Double
    var phases: Int
    var currentMaxA: Double
    var powerMaxW: Double
    /// Connectors that are neither faulted nor unavailable, a bit each.
    var usableConnectors: UInt8 = .max
}

/// Work asked of the driver.
struct NumberedJob: Equatable, Sendable, Codable {
    var id: Int
    var job: StationJob
}

/// The answer to a request that was put off.
struct LateAnswer: Sendable {
    var ticket: Int
    var response: V2.Response
}

/// Nominal figures of an EVSE.
public struct EVSERating: Hashable, Sendable, BitwiseCopyable, Codable {
    /// V between phase and neutral (AC) or at the output (DC).
    public var voltageV: Double
    /// 1 to 3; 0 for direct current.
    public var phases: Int
    /// A per phase, and W in all.
    public var currentMaxA: Double
    public var powerMaxW: Double

    public init(voltageV: Double, phases: Int, currentMaxA: Double, powerMaxW: Double) {
        self.voltageV = voltageV
        self.phases = phases
        self.currentMaxA = currentMaxA
        self.powerMaxW = powerMaxW
    }
}
