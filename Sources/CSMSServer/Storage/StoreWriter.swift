internal import Foundation
internal import GRDB
internal import Logging
internal import OCPP
internal import Synchronization

/// The one thread that writes: it takes everything that waits, commits it as one SQLite transaction, and only then lets
/// go of the answers in it.
///
/// When a commit fails (disk full, file locked by another program, read-only), everything in the batch fails: answers
/// are withheld and their connections closed, so that the charging stations send again; the slots concerned are marked
/// stale and rebuilt from the file. Until a probe can be written again, everything new fails at once.
final class StoreWriter: Sendable {
    /// Entries in one transaction.
    static let batchMax = 4096
    /// Entries waiting above which connections stop reading, and below which they go on.
    static let congestion = 16_384
    static let relief = 4096
    /// Seconds between two attempts to write again after a failure.
    static let probeIntervalS = 1.0

    let figures = Mutex(WriterFigures())
    let store: Store
    let logger: Logger
    let queue = Mutex(Queue())
    let condition = NSCondition()
    /// Why nothing can be written, or `nil`.
    let failure = Mutex<String?>(nil)
    let isHealthyFlag = Atomic(true)
    /// Called on the writer's thread when a congested queue is short again.
    let onRelief: @Sendable () -> Void

    struct Queue {
        var entries: [StoreEntry] = []
        var isCongested = false
        var isClosing = false
        var hasEnded = false

        /// Moves the first entries to `batch`, which is empty; its room serves the entries to come.
        ///
        /// - Returns: whether there will be no more, and whether the queue has just become short again.
        mutating func takeBatch(_ batch: inout [StoreEntry]) -> (isOver: Bool, isRelieved: Bool) {
            if entries.count <= StoreWriter.batchMax {
                swap(&batch, &entries)
            } else {
                batch.append(contentsOf: entries.prefix(StoreWriter.batchMax))
                entries.removeFirst(StoreWriter.batchMax)
            }
            let isRelieved = isCongested && entries.count < StoreWriter.relief
            if isRelieved { isCongested = false }
            return (batch.isEmpty && isClosing, isRelieved)
        }
    }

    init(store: Store, logger: Logger, onRelief: @escaping @Sendable () -> Void) {
        self.store = store
        self.logger = logger
        self.onRelief = onRelief
    }

    /// Starts the thread.
    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "store"
        thread.start()
    }

    /// Why nothing can be written at present; `nil` when all is well.
    var problem: String? { isHealthyFlag.load(ordering: .acquiring) ? nil : failure.withLock { $0 } }

    /// Entries that wait.
    var depth: Int { queue.withLock { $0.entries.count } }

    /// Queues entries behind all others and empties `entries`.
    ///
    /// - Returns: whether the queue is so long that the caller has to stop reading until `onRelief`.
    func submit(_ entries: inout [StoreEntry]) -> Bool {
        let isCongested: Bool? = queue.withLock { queue in
            if queue.hasEnded { return nil }
            if queue.entries.isEmpty {
                swap(&queue.entries, &entries)
            } else {
                queue.entries.append(contentsOf: entries)
            }
            if queue.entries.count > Self.congestion { queue.isCongested = true }
            return queue.isCongested
        }
        guard let isCongested else {
            fail(entries, StoreUnavailable(problem: "the server is stopping"))
            entries = []
            return false
        }
        entries.removeAll(keepingCapacity: true)
        wake()
        return isCongested
    }

    /// Writes something and waits for its commit.
    ///
    /// - Throws: what `body` throws, or ``StoreUnavailable``.
    func perform<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
            let box = Box<T?>(nil)
            let work = StoreWork(
                body: { db in
                    let value = try body(db)
                    box.value.withLock { $0 = value }
                },
                finished: { error in
                    if let error { return continuation.resume(throwing: error) }
                    guard let value = box.value.withLock({ $0 }) else {
                        return continuation.resume(throwing: StoreUnavailable(problem: "nothing was written"))
                    }
                    continuation.resume(returning: value)
                })
            var entries = [StoreEntry.work(work)]
            _ = submit(&entries)
        }
    }

    /// Commits what waits and ends the thread; entries that come later fail.
    func drain() async {
        queue.withLock { $0.isClosing = true }
        wake()
        await withCheckedContinuation { continuation in
            Thread { [self] in
                condition.lock()
                while !queue.withLock({ $0.hasEnded }) { condition.wait() }
                condition.unlock()
                continuation.resume()
            }.start()
        }
    }

    func wake() {
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }
}
