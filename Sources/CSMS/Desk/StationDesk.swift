public import OCPP
public import OCPPMessages

/// What a CSMS does for one charging station identity, in OCPP 1.6, 2.0.1 and 2.1.
///
/// A pure state machine: decoded messages, answers to its own calls, operators' commands and instants go in; answers,
/// calls, ``StoreEffect``s and ``Job``s come out. It lives as long as its identity is known, over any number of
/// connections, and is rebuilt from a ``StoredStation`` after a restart.
///
/// - It owns the ``EverydaySession`` that a simulated run has for a charging station, and works with its parts. What
///   arrives twice, late or in any order, by message id or by content, neither loses nor doubles energy: a transaction
///   that is not in memory any more is looked up in the store before it is opened anew.
/// - One own CALL is outstanding at a time; own follow-ups and commands wait in bounded queues.
/// - Memory is bounded: whatever the charging station can make grow has a named limit and else goes to the store.
///
/// Time-outs need ``Input/timer`` at ``nextDeadline``; early or often is harmless.
/// - Source: OCPP 1.6 edition 2 with errata and the security extension; OCPP 2.0.1 edition 3 and 2.1, part 2.
public struct StationDesk: Sendable {
    public enum Input: Sendable {
        /// A connection in this version is ready; one that existed before is gone.
        case connected(version: OCPPVersion)
        case disconnected
        /// A CALL or SEND of the charging station, decoded and checked; `id` names it in the answer.
        case request(id: String, AnyRequest)
        /// The answer to an own CALL.
        case response(id: String, AnyResponse)
        /// An own CALL that will not be answered.
        case failed(id: String, CallFailure)
        /// An operator's command in the charging station's version; `ticket` names it in ``Output/commandDone(ticket:_:)``.
        case command(ticket: UInt64, AnyRequest)
        /// What came of a ``Job``.
        case jobDone(id: UInt64, JobResult)
        /// Transaction ids of OCPP 1.6, above 0 and given to no one else, ever.
        case granted(ids: Range<Int32>)
        /// What the charging station is told at its next boot, as an operator decides; one taken out is refused at once.
        case registration(Core.RegistrationStatus)
        /// The local list it shall have, as soon as it can be reached; the newest order counts.
        case localList(LocalListOrder)
        /// The firmware it shall have, as soon as it can be reached; the newest order counts.
        case firmware(FirmwareOrder)
        /// ``StationDesk/nextDeadline`` has come.
        case timer
    }

    public enum Output: Equatable, Sendable {
        /// A durable answer must not be sent before all effects of the same turn are stored.
        case answer(id: String, AnyResponse, durable: Bool)
        /// CALLERROR, under the same rule.
        case refuse(id: String, RPCErrorCode, description: String, durable: Bool)
        /// An own CALL. It ends with ``Input/response(id:_:)`` or ``Input/failed(id:_:)``.
        case call(id: String, AnyRequest)
        case commandDone(ticket: UInt64, CommandOutcome)
        /// The ``LocalListOrder`` has ended.
        case localListDone(LocalListOutcome)
        case effect(StoreEffect)
        indirect case job(id: UInt64, Job)
        /// A block of OCPP 1.6 transaction ids is wanted as ``Input/granted(ids:)``; 16 are plenty.
        case needTransactionIDs
        /// The connection is to be closed, so that the charging station boots anew.
        case close(code: UInt16, reason: String)
    }

    /// Booked transactions kept in memory; older ones are looked up in the store.
    public static let recentTransactionsMax = ClosedTransactions.capacity

    public let identity: String
    /// Given anew where the desk comes from a checkpoint.
    public internal(set) var settings = DeskSettings()
    /// `nil` when there is no connection.
    public internal(set) var version: OCPPVersion?
    /// What the charging station said of itself at its last boot.
    public internal(set) var profile: StationProfile?

    /// Registration, connectors, transactions, tokens.
    public internal(set) var everyday: EverydaySession
    var memory: DeskMemory { didSet { isMemoryChanged = true } }
    var isMemoryChanged = false
    /// The full words of ``Connectors``, in the same order.
    var connectors: ContiguousArray<ConnectorState> = []
    var ledger = Ledger16()
    var inquiries = Inquiries()
    var outbox = Outbox()
    var waiting = WaitingRequests()
    var gate = PendingGate()
    var reports = Reports()
    var registrar = Registrar()
    var signing = Signing()
    var localList = LocalListSync()
    var recentStarts = RecentStarts()
    /// When the charging station was last asked to renew its certificate.
    var renewalAskedAt: Timestamp?

    /// - Parameters:
    ///   - identity: from the connection's URL.
    ///   - restored: what the store holds of it; `nil` for a charging station never seen before.
    public init(identity: String, settings: DeskSettings, restored: StoredStation? = nil) {
        self.identity = identity
        self.settings = settings
        everyday = EverydaySession(settings: settings.everyday)
        memory = restored?.memory ?? DeskMemory()
        guard let restored else { return }
        profile = restored.profile
        connectors = ContiguousArray(restored.connectors.prefix(Connectors.entriesMax))
        everyday.registration = Registration(next: settings.everyday.newStations, isAccepted: memory.isAccepted)
        everyday.connectors = Connectors(connectors)
        everyday.book = TransactionBook(
            open: restored.open.map(\.state), recent: restored.recent.map(\.state),
            hasOlder: restored.hasOlderTransactions)
        for transaction in restored.recent { ledger.remember(transaction) }
        for transaction in restored.open { ledger.reopen(transaction) }
    }

    /// Whether it has been accepted and may speak.
    public var isAccepted: Bool { everyday.registration.isAccepted }
    /// Whether it has been heard of recently enough; a connection may be open all the same.
    public var isHeard: Bool { everyday.registration.isOnline }
    /// When it last sent anything; ``Timestamp/distantPast`` for never.
    public var lastHeard: Timestamp { everyday.registration.lastHeard }
    /// Sums over the charging station's messages since the desk was made.
    public var totals: CSMSTotals { everyday.totals }

    /// Takes one input; what is to be done is appended to `outputs`, in order.
    ///
    /// - Parameters:
    ///   - now: the CSMS's clock; must not run backwards.
    ///   - directory: the network's tokens.
    public mutating func handle(
        _ input: Input, now: Timestamp, directory: TokenDirectory, outputs: inout [Output]
    ) {
        var turn = DeskTurn(now: now, directory: directory, firstOutput: outputs.count)
        swap(&turn.outputs, &outputs)
        switch input {
        case .request(let id, let request):
            everyday.totals.calls += 1
            switch request {
            case .v2(let request): receive(id, request, &turn)
            case .v16(let request): receive(id, request, &turn)
            }
        case .connected(let version): connect(version, &turn)
        case .disconnected: disconnect(&turn)
        case .response(let id, let response): answered(id, response, &turn)
        case .failed(let id, let failure): failed(id, failure, &turn)
        case .command(let ticket, let request): command(ticket, request, &turn)
        case .jobDone(let id, let result): jobDone(id, result, &turn)
        case .granted(let ids): grant(ids, &turn)
        case .registration(let status): register(status, &turn)
        case .localList(let order): want(order, &turn)
        case .firmware(let order): want(order, &turn)
        case .timer: timerDue(&turn)
        }
        if memory.isAccepted != isAccepted { memory.isAccepted = isAccepted }
        if isMemoryChanged {
            isMemoryChanged = false
            turn.keep(.memory(memory))
        }
        sendNext(&turn)
        everyday.totals.callErrors += turn.refusals
        turn.markDurable()
        swap(&turn.outputs, &outputs)
    }

    /// When ``Input/timer`` is wanted; ``Timestamp/distantFuture`` for not at all.
    public var nextDeadline: Timestamp {
        var deadline = min(everyday.nextDeadline, waiting.nextDeadline)
        if let first = memory.remoteStarts.map(\.expires).min() { deadline = min(deadline, first) }
        guard version != nil, isAccepted else { return deadline }
        deadline = min(deadline, inquiries.nextDeadline)
        if let firmware = memory.firmware, firmware.state == .waiting { deadline = min(deadline, firmware.nextAttempt) }
        if let renewal = renewalDue { deadline = min(deadline, renewal) }
        return deadline
    }

    private mutating func timerDue(_ turn: inout DeskTurn) {
        bookOverdue(&turn)
        if everyday.registration.checkSilence(now: turn.now, settings: settings.everyday) {
            turn.keep(.presence(.silent, at: turn.now))
        }
        expireWaiting(&turn)
        expireRemoteStarts(&turn)
        takeUpWork(&turn)
    }

    /// Starts what is due and needs an accepted connection.
    mutating func takeUpWork(_ turn: inout DeskTurn) {
        guard version != nil, isAccepted else { return }
        askAboutTransactions(&turn)
        sendFirmwareOrder(&turn)
        sendLocalListOrder(&turn)
        askForRenewal(&turn)
        sendSignedCertificates(&turn)
    }
}

// A desk of a simulated run in a checkpoint: everything but the settings, which the world gives.
extension StationDesk: Codable {
    private enum CodingKeys: String, CodingKey {
        case identity, version, profile, everyday, memory, isMemoryChanged, connectors, ledger, inquiries, outbox
        case waiting, gate, reports, registrar, signing, localList, recentStarts, renewalAskedAt
    }

    /// Gives a desk that comes from a checkpoint its settings.
    public mutating func adopt(_ settings: DeskSettings) { self.settings = settings }
}

/// One call of ``StationDesk/handle(_:now:directory:outputs:)``: the instant, and what is done.
struct DeskTurn {
    let now: Timestamp
    let directory: TokenDirectory
    let firstOutput: Int
    var outputs: [StationDesk.Output] = []
    /// Calls answered with CALLERROR.
    private(set) var refusals: Int64 = 0
    private var isDurable = false

    init(now: Timestamp, directory: TokenDirectory, firstOutput: Int) {
        self.now = now
        self.directory = directory
        self.firstOutput = firstOutput
    }

    mutating func answer(_ id: String, _ response: V2.Response) {
        outputs.append(.answer(id: id, .v2(response), durable: false))
    }
    mutating func answer16(_ id: String, _ response: V16.Response) {
        outputs.append(.answer(id: id, .v16(response), durable: false))
    }
    mutating func refuse(_ id: String, _ code: RPCErrorCode, _ description: String) {
        refusals += 1
        outputs.append(.refuse(id: id, code, description: description, durable: false))
    }
    mutating func keep(_ effect: StoreEffect) {
        switch effect {
        case .presence, .tokenRefused: break
        default: isDurable = true
        }
        outputs.append(.effect(effect))
    }
    mutating func put(_ kind: RecordKind, _ key: String, _ json: [UInt8]) {
        keep(.put(KeptRecord(kind: kind, key: key, json: json), at: now))
    }
    /// A line of the diary.
    mutating func note(
        _ kind: DiaryKind, _ subject: String, _ json: [UInt8] = [], happened: Timestamp? = nil, isCritical: Bool = false
    ) {
        keep(
            .diary(
                DiaryEntry(
                    kind: kind, isCritical: isCritical, receivedAt: now, happenedAt: happened, subject: subject,
                    json: json)))
    }

    /// Answers of a turn that keeps something wait until it is stored.
    mutating func markDurable() {
        guard isDurable else { return }
        for index in firstOutput..<outputs.count {
            switch outputs[index] {
            case .answer(let id, let response, _): outputs[index] = .answer(id: id, response, durable: true)
            case .refuse(let id, let code, let description, _):
                outputs[index] = .refuse(id: id, code, description: description, durable: true)
            default: break
            }
        }
    }
}
