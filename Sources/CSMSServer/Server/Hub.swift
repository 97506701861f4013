internal import CSMS
internal import GRDB
internal import Logging
internal import NIOCore
internal import OCPP
internal import OCPPMessages
internal import OCPPWire
internal import Sockets
internal import Synchronization

/// What everything in the server shares: settings, storage, known charging stations, event loops, commands under way.
final class Hub: Sendable {
    let settings: ServerSettings
    let logger: Logger
    let store: Store
    let writer: StoreWriter
    let tokens: TokenBook
    let registry: StationRegistry
    let commands = CommandDesk()
    /// Connections that ended before anybody was asked about them.
    let outsideRefusals = OutsideRefusals()
    let jobs: JobRunner
    private let loops: Mutex<[LoopContext]>
    private let stopping = Atomic(false)

    private init(
        settings: ServerSettings, logger: Logger, store: Store, writer: StoreWriter, tokens: TokenBook,
        registry: StationRegistry, jobs: JobRunner
    ) {
        self.settings = settings
        self.logger = logger
        self.store = store
        self.writer = writer
        self.tokens = tokens
        self.registry = registry
        self.jobs = jobs
        loops = Mutex([])
    }

    /// Reads what has to be in memory.
    static func open(
        settings: ServerSettings, logger: Logger, store: Store, authority: StationAuthority?
    ) throws -> Hub {
        let relief = Relief()
        let checks = CertificateChecks(
            book: try CertificateBook.open(settings, authority: authority),
            revocations: RevocationTable(store: store), client: ResponderClient(allowed: settings.ocspForwards))
        let hub = Hub(
            settings: settings, logger: logger, store: store,
            writer: StoreWriter(store: store, logger: logger, onRelief: { relief.call() }),
            tokens: try TokenBook.open(store), registry: try StationRegistry.open(store, logger: logger),
            jobs: JobRunner(authority: authority, certificates: checks, companies: CompanyTable(store: store)))
        relief.hub.withLock { $0 = Weak(hub: hub) }
        return hub
    }

    /// Whether the server is going down.
    var isStopping: Bool { stopping.load(ordering: .acquiring) }
    func markStopping() { stopping.store(true, ordering: .releasing) }

    /// Makes the context of every event loop.
    func serve(on group: any EventLoopGroup) {
        let eventLoops = Array(group.makeIterator())
        let share = settings.arrivalsPerSecond / Double(max(1, eventLoops.count))
        let contexts = eventLoops.enumerated().map { index, loop in
            LoopContext(eventLoop: loop, index: index, hub: self, arrivalsPerSecond: share)
        }
        loops.withLock { $0 = contexts }
        for context in contexts { context.start() }
    }

    var contexts: [LoopContext] { loops.withLock { $0 } }

    /// The context of one of the server's event loops.
    func context(of eventLoop: any EventLoop) -> LoopContext {
        guard let context = contexts.first(where: { $0.eventLoop === eventLoop }) else {
            preconditionFailure("connections live on the loops that are served")
        }
        return context
    }

    /// The desk of a charging station, made for the purpose when nobody has needed it yet.
    ///
    /// - Throws: GRDB's `DatabaseError`, or ``StoreUnavailable`` before the server serves.
    func slot(of entry: StationEntry) async throws -> StationSlot {
        guard let context = contexts.first else { throw StoreUnavailable(problem: "the server is starting") }
        return try await registry.slot(of: entry, settings: settings.deskSettings, context: context)
    }

    /// Waits until everything that has happened so far is stored.
    func settle() async throws {
        for context in contexts { try await context.eventLoop.submit { context.flush() }.get() }
        try await writer.perform { _ in }
    }

    /// Sums of all loops at about this moment.
    func figures() async -> LoopFigures {
        var sum = outsideRefusals.figures
        for context in contexts {
            if let figures = try? await context.eventLoop.submit({ context.figures }).get() { sum.merge(figures) }
        }
        return sum
    }
}

/// Counts handshakes that failed below the WebSocket.
final class OutsideRefusals: Sendable {
    private let content = Mutex(LoopFigures())

    func count(_ reason: LoopFigures.Refusal) { content.withLock { $0.count(reason) } }
    var figures: LoopFigures { content.withLock { $0 } }
}

/// Tells the loops that the writer has caught up.
private final class Relief: Sendable {
    let hub = Mutex<Weak?>(nil)

    func call() {
        guard let hub = hub.withLock({ $0?.hub }) else { return }
        for context in hub.contexts { context.eventLoop.execute { context.relieve() } }
    }
}

private struct Weak: Sendable {
    weak let hub: Hub?
}

// MARK: - The desk

extension Hub {
    /// Gives a desk one input and carries out what comes of it, on the loop that works with the desk.
    ///
    /// - Parameters:
    ///   - connection: where answers and calls go; `nil` when there is none.
    ///   - request: id and frame of the request, when the input is one that is to be answered.
    /// - Returns: whether the request was answered or refused.
    @discardableResult
    func run(
        _ input: StationDesk.Input, slot: StationSlot, on connection: StationConnection?, context: LoopContext,
        now: Timestamp, request: (id: String, frame: StoredFrame)? = nil
    ) -> LoopFigures.Outcome {
        let tokens = context.currentTokens()
        var outputs = context.takeDesk()
        let wake: Timestamp? = slot.with { content in
            content.desk.handle(input, now: now, directory: tokens, outputs: &outputs)
            let deadline = content.desk.nextDeadline
            guard deadline < content.wakesAt else { return nil }
            content.wakesAt = deadline
            return deadline
        }
        if let wake { context.wake(.slot(slot), at: wake) }
        var turn = Turn(slot: slot, connection: connection, context: context, now: now, frame: request?.frame)
        for index in outputs.indices { carryOut(outputs, index, &turn) }
        context.giveBack(consume outputs)
        if let request, !turn.hasAnswered { connection?.keep(request.frame, of: request.id) }
        return turn.outcome
    }

    /// One call of ``run(_:slot:on:context:now:request:)`` on its way.
    private struct Turn {
        let slot: StationSlot
        let connection: StationConnection?
        let context: LoopContext
        let now: Timestamp
        /// The request being handled; `nil` when another input is.
        let frame: StoredFrame?
        var hasAnswered = false
        var outcome = LoopFigures.Outcome.answered
    }

    /// The wheel has come to a desk's deadline, or to one that it had.
    func timerDue(_ slot: StationSlot, context: LoopContext, now: Timestamp) {
        let (isMine, connection, deadline) = slot.with { content in
            (content.context === context, content.connection, content.desk.nextDeadline)
        }
        // The desk has moved to another loop, whose wheel knows it.
        guard isMine, !slot.isStale else { return }
        slot.with { $0.wakesAt = .distantFuture }
        if deadline <= now {
            run(.timer, slot: slot, on: connection, context: context, now: now)
        } else if deadline != .distantFuture {
            slot.with { $0.wakesAt = deadline }
            context.wake(.slot(slot), at: deadline)
        }
    }

    private func carryOut(_ outputs: [StationDesk.Output], _ index: Int, _ turn: inout Turn) {
        switch outputs[index] {
        case .effect(let effect):
            turn.context.append(.effect(turn.slot, effect, frame(of: effect, outputs, index, turn)))
        case .answer(let id, let response, let durable):
            guard let connection = turn.connection else { return }
            var writer = JSONWriter(version: connection.version)
            response.write(to: &writer)
            answer(id, .result(writer.bytes), isHeld: durable, on: connection, &turn)
        case .refuse(let id, let code, let description, let durable):
            turn.outcome = .refused
            guard let connection = turn.connection else { return }
            answer(id, .error(code, description), isHeld: durable, on: connection, &turn)
        case .call(let id, let request): call(id, request, turn.slot, turn.connection, turn.context, turn.now)
        case .commandDone(let ticket, let result): commands.finish(ticket, result)
        case .localListDone(let result):
            logger.info("local list", metadata: ["station": "\(turn.slot.identity)", "outcome": "\(result)"])
            turn.context.append(.work(LocalLists.note(result, of: turn.slot, logger: logger)))
        case .job(let id, let job): start(id, job, turn.slot, turn.context)
        case .needTransactionIDs: grantTransactionIDs(turn.slot, turn.context)
        case .close(let code, let reason):
            turn.connection?.socket.close(code: CloseCode(rawValue: code), reason: reason)
        }
    }

    private func answer(
        _ id: String, _ body: HeldMessage.Body, isHeld: Bool, on connection: StationConnection, _ turn: inout Turn
    ) {
        turn.hasAnswered = true
        let received = (turn.frame ?? connection.takeKept(id))?.received ?? turn.now
        let answer = HeldMessage(id: id, body: body, received: received)
        if isHeld { connection.hold(answer) } else { connection.give(answer, now: turn.now) }
    }

    /// The frame that an effect is about: the request being handled, or the one that is answered behind it after it had
    /// to wait.
    private func frame(
        of effect: StoreEffect, _ outputs: [StationDesk.Output], _ index: Int, _ turn: Turn
    ) -> StoredFrame {
        if let frame = turn.frame { return frame }
        guard case .payload = effect, let connection = turn.connection else { return .none(at: turn.now) }
        for output in outputs[index...] {
            switch output {
            case .answer(let id, _, _), .refuse(let id, _, _, _): return connection.kept(id) ?? .none(at: turn.now)
            default: continue
            }
        }
        return .none(at: turn.now)
    }

    private func call(
        _ id: String, _ request: AnyRequest, _ slot: StationSlot, _ connection: StationConnection?,
        _ context: LoopContext, _ now: Timestamp
    ) {
        guard let connection else {
            run(.failed(id: id, .notSent), slot: slot, on: nil, context: context, now: now)
            return
        }
        var writer = JSONWriter(version: connection.version)
        request.write(to: &writer)
        context.count { $0.callsSent += 1 }
        connection.ownCalls.append((id, request.actionText))
        let body = HeldMessage.Body.call(action: request.actionText, payload: writer.bytes)
        connection.send(HeldMessage(id: id, body: body, received: now))
    }

    // MARK: what the desk asks of the server

    /// Gives an input to the desk, on whatever loop works with it by then.
    ///
    /// - Parameter ticket: the command that ends as offline when the desk is no longer good.
    func deliver(_ input: StationDesk.Input, to slot: StationSlot, orFail ticket: UInt64? = nil) {
        let context = slot.with { $0.context }
        context.eventLoop.execute { [self] in
            let (present, connection) = slot.with { ($0.context, $0.connection) }
            guard present === context else { return deliver(input, to: slot, orFail: ticket) }
            guard !slot.isStale else {
                if let ticket { commands.finish(ticket, .offline) }
                return
            }
            run(input, slot: slot, on: connection, context: context, now: WallClock.now)
        }
    }

    private func start(_ id: UInt64, _ job: Job, _ slot: StationSlot, _ context: LoopContext) {
        guard case .findTransaction(let query) = job else {
            let identity = slot.with { $0.desk.identity }
            // What a charging station says of itself gets it no certificate.
            let serial = registry.registeredSerial(of: identity)
            jobs.run(job, identity: identity, serial: serial) { [self] in deliver(.jobDone(id: id, $0), to: slot) }
            return
        }
        // Behind all records given before, on the writer's own connection.
        let box = Box<StoredTransaction?>(nil)
        let work = StoreWork(
            body: { db in
                let transaction = try StationLoader.find(query, of: slot.station, in: db)
                box.value.withLock { $0 = transaction }
            },
            finished: { [self] error in
                let result: JobResult =
                    if let error { .failed("\(error)") } else { .transaction(box.value.withLock { $0 }) }
                deliver(.jobDone(id: id, result), to: slot)
            })
        context.append(.work(work))
    }

    /// Numbers in one block of transaction ids.
    private static let idBlock: Int64 = 16

    private func grantTransactionIDs(_ slot: StationSlot, _ context: LoopContext) {
        let box = Box<Int64>(0)
        let work = StoreWork(
            body: { db in
                let next = try Int64.fetchOne(db, sql: "SELECT next FROM id_block") ?? 1
                try db.execute(sql: "UPDATE id_block SET next = ?", arguments: [next + Self.idBlock])
                box.value.withLock { $0 = next }
            },
            finished: { [self] error in
                let first = box.value.withLock { $0 }
                guard error == nil, let lower = Int32(exactly: first), let upper = Int32(exactly: first + Self.idBlock)
                else {
                    logger.critical(
                        "no transaction numbers are left", metadata: ["error": "\(String(describing: error))"])
                    return
                }
                deliver(.granted(ids: lower..<upper), to: slot)
            })
        context.append(.work(work))
    }
}

/// Carries a value out of a closure.
final class Box<T: Sendable>: Sendable {
    let value: Mutex<T>
    init(_ value: T) { self.value = Mutex(value) }
}
