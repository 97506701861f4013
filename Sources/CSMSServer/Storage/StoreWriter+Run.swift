internal import Foundation
internal import GRDB
internal import Logging
internal import NIOCore
internal import Synchronization

/// The writer's thread.
extension StoreWriter {
    /// Commits batch after batch until the queue is closed and empty.
    func run() {
        var statements: EffectStatements?
        var nextProbe = Date.distantPast
        var batch: [StoreEntry] = []
        while take(&batch, &nextProbe) {
            defer { batch.removeAll(keepingCapacity: batch.capacity <= Self.batchMax) }
            if let problem = failure.withLock({ $0 }) {
                fail(batch, StoreUnavailable(problem: problem))
                continue
            }
            let started = ContinuousClock.now
            do {
                let refusals = try commit(batch, statements: &statements)
                note(batch.count, took: started.duration(to: .now))
                release(batch, refusals: refusals)
            } catch {
                statements = nil
                turnBad(error, batch: batch)
            }
        }
        statements = nil  // before anybody closes the file
        let late = queue.withLock { queue in
            queue.hasEnded = true
            defer { queue.entries = [] }
            return queue.entries
        }
        fail(late, StoreUnavailable(problem: "the server is stopping"))
        wake()
    }

    /// Takes what waits, at most ``batchMax`` entries, into `batch`; waits for the first one. `false` when there will be
    /// none any more.
    ///
    /// While the store is bad, it tries every ``probeIntervalS`` whether it can be written again.
    private func take(_ batch: inout [StoreEntry], _ nextProbe: inout Date) -> Bool {
        while true {
            if waitForEntries(&batch, until: nextProbe) { return !batch.isEmpty }
            probe()
            nextProbe = Date(timeIntervalSinceNow: Self.probeIntervalS)
        }
    }

    /// The next batch; an empty one when the queue is closed. `false` when it is time for a probe.
    private func waitForEntries(_ batch: inout [StoreEntry], until probe: Date) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while true {
            let isHealthy = isHealthyFlag.load(ordering: .relaxed)
            if !isHealthy, Date() >= probe { return false }
            let (isOver, isRelieved) = queue.withLock { $0.takeBatch(&batch) }
            if isRelieved { onRelief() }
            if !batch.isEmpty || isOver { return true }
            if isHealthy { condition.wait() } else { _ = condition.wait(until: probe) }
        }
    }

    /// Stores all entries in one transaction.
    ///
    /// - Returns: by index, the errors of work that was undone alone.
    /// - Throws: when nothing of the batch was stored.
    private func commit(
        _ batch: [StoreEntry], statements: inout EffectStatements?
    ) throws -> [Int: any Error] {
        var refusals: [Int: any Error] = [:]
        var prepared = statements
        statements = nil
        defer { statements = prepared }
        try store.pool.writeWithoutTransaction { db in
            let rows = try prepared ?? EffectStatements(db)
            prepared = rows
            try db.inTransaction(.immediate) {
                for (index, entry) in batch.enumerated() {
                    switch entry {
                    case .effect(let slot, let effect, let frame):
                        guard !slot.isStale else { continue }
                        do {
                            try rows.store(effect, station: slot.station, frame: frame)
                        } catch let error as DatabaseError
                            where error.resultCode.primaryResultCode == .SQLITE_CONSTRAINT
                        {
                            // The row's station was deleted meanwhile, or our own mistake: the slot starts afresh.
                            slot.markStale()
                            logger.error(
                                "a record was refused by the database",
                                metadata: ["station": "\(slot.identity)", "error": "\(error)"])
                        }
                    case .security(let slot, let note): try rows.store(note, station: slot.station)
                    case .message: continue
                    case .work(let work):
                        do {
                            try db.inSavepoint {
                                try work.body(db)
                                return .commit
                            }
                        } catch let error as DatabaseError where Self.isStoreFailure(error) {
                            throw error
                        } catch {
                            refusals[index] = error
                        }
                    }
                }
                try rows.listMeterValuesIfDue(db)
                return .commit
            }
        }
        return refusals
    }

    /// Whether the file as a whole cannot be written, not only one row.
    private static func isStoreFailure(_ error: DatabaseError) -> Bool {
        switch error.resultCode.primaryResultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CORRUPT,
            .SQLITE_NOTADB, .SQLITE_CANTOPEN, .SQLITE_NOMEM:
            true
        default: false
        }
    }

    private func note(_ count: Int, took: Duration) {
        figures.withLock {
            $0.batchSizes.add(Double(count))
            $0.commitTimes.add(took / .seconds(1))
            $0.entries += UInt64(count)
        }
    }

    /// Lets go of everything that waited for the commit.
    private func release(_ batch: [StoreEntry], refusals: [Int: any Error]) {
        var messages = MessagesByLoop()
        var abandoned = MessagesByLoop()
        for (index, entry) in batch.enumerated() {
            switch entry {
            case .effect, .security: continue
            case .message(let connection, let message):
                // A slot whose record was refused has nothing to say any more.
                if connection.slot.isStale {
                    abandoned.add(connection, message)
                } else {
                    messages.add(connection, message)
                }
            case .work(let work): work.finished(refusals[index])
            }
        }
        messages.release()
        abandoned.abandon()
    }

    /// Tells everybody concerned that nothing was stored.
    func fail(_ batch: [StoreEntry], _ error: any Error) {
        var messages = MessagesByLoop()
        for entry in batch {
            switch entry {
            case .effect(let slot, _, _): slot.markStale()
            case .security: continue
            case .message(let connection, let message): messages.add(connection, message)
            case .work(let work): work.finished(error)
            }
        }
        messages.abandon()
    }

    private func turnBad(_ error: any Error, batch: [StoreEntry]) {
        let problem =
            (error as? DatabaseError).map { "\($0.resultCode): \($0.message ?? "no reason given")" } ?? "\(error)"
        figures.withLock { $0.errors += 1 }
        failure.withLock { $0 = problem }
        isHealthyFlag.store(false, ordering: .releasing)
        logger.critical(
            "the database cannot be written; answers are withheld until it can",
            metadata: ["file": "\(store.path)", "error": "\(problem)"])
        fail(batch, StoreUnavailable(problem: problem))
    }

    /// Tries to write as much as a small batch needs; turns good when that works.
    private func probe() {
        do {
            try store.pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    try db.execute(
                        sql: "INSERT INTO probe (content) VALUES (zeroblob(?))", arguments: [Self.probeBytes])
                    return .commit
                }
                try db.execute(sql: "DELETE FROM probe")
            }
            failure.withLock { $0 = nil }
            isHealthyFlag.store(true, ordering: .releasing)
            logger.notice("the database can be written again", metadata: ["file": "\(store.path)"])
        } catch {
            figures.withLock { $0.errors += 1 }
            logger.debug("the database still cannot be written", metadata: ["error": "\(error)"])
        }
    }

    private static let probeBytes = 65_536
}

/// Messages in the order of their commit, gathered by the event loop they belong to.
private struct MessagesByLoop {
    private var loops: [(loop: LoopContext, messages: [(StationConnection, HeldMessage)])] = []

    mutating func add(_ connection: StationConnection, _ message: HeldMessage) {
        if let index = loops.firstIndex(where: { $0.loop === connection.context }) {
            loops[index].messages.append((connection, message))
        } else {
            loops.append((connection.context, [(connection, message)]))
        }
    }

    /// Sends them, each on its event loop.
    func release() {
        for (loop, messages) in loops {
            loop.eventLoop.execute {
                for (connection, message) in messages { connection.release(message) }
            }
        }
    }

    /// Closes their connections: an answer would be a lie.
    func abandon() {
        for (loop, messages) in loops {
            loop.eventLoop.execute {
                for (connection, _) in messages { connection.abandon() }
            }
        }
    }
}
