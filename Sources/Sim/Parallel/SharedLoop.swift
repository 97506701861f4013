import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The loop that the threads of a ``WorkerPool`` run together, and the two gates before and after it.
final class SharedLoop: @unchecked Sendable {  // the fields below are written only while every worker waits
    private let cursors: [Cursor]
    private let begin = Gate()
    private let end = Gate()
    private let running = Atomic<Int>(0)
    private let isStopping = Atomic<Bool>(false)
    private var body: @Sendable (Int) -> Void = { _ in }
    private var grain = 1
    private var generation: UInt64 = 0

    init(threads: Int) {
        cursors = (0..<threads).map { _ in Cursor() }
    }

    func run(count: Int, grain: Int, _ body: @escaping @Sendable (Int) -> Void) {
        self.body = body
        self.grain = grain
        let threads = cursors.count
        for (slot, cursor) in cursors.enumerated() {
            cursor.last = count * (slot + 1) / threads
            cursor.next.store(count * slot / threads, ordering: .relaxed)
        }
        running.store(threads - 1, ordering: .relaxed)
        generation &+= 1
        begin.open(generation)
        help(from: 0)
        end.wait(for: generation)
        self.body = { _ in }
    }

    func stop() {
        isStopping.store(true, ordering: .relaxed)
        generation &+= 1
        begin.open(generation)
    }

    /// The life of a worker.
    func work(slot: Int) {
        var turn: UInt64 = 0
        while true {
            turn &+= 1
            begin.wait(for: turn)
            if isStopping.load(ordering: .relaxed) { return }
            help(from: slot)
            if running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { end.open(turn) }
        }
    }

    /// Takes steps of the own range, then of the next thread's, until none is left.
    private func help(from slot: Int) {
        let (body, grain, threads) = (body, grain, cursors.count)
        for offset in 0..<threads {
            let cursor = cursors[(slot + offset) % threads]
            let last = cursor.last
            while cursor.next.load(ordering: .relaxed) < last {
                let first = cursor.next.add(grain, ordering: .relaxed).oldValue
                guard first < last else { break }
                for i in first..<min(first + grain, last) { body(i) }
            }
        }
    }
}

/// What is left of one thread's range; an object of its own keeps it off the others' cache lines.
private final class Cursor: @unchecked Sendable {  // `last` is written only while every worker waits
    let next = Atomic<Int>(0)
    var last = 0
    private let padding: InlineArray<16, UInt64> = .init(repeating: 0)
}

/// Lets waiting threads through when its turn number is reached: first they spin, then they sleep.
private final class Gate: @unchecked Sendable {  // the lock and the condition are made for sharing
    /// Loads before a thread goes to sleep: some 20 microseconds.
    private static let spins = 20_000

    private let turn = Atomic<UInt64>(0)
    private let sleepers = Atomic<Int>(0)
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let wake: UnsafeMutablePointer<pthread_cond_t>

    init() {
        lock = .allocate(capacity: 1)
        wake = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        wake.initialize(to: pthread_cond_t())
        pthread_mutex_init(lock, nil)
        pthread_cond_init(wake, nil)
    }

    deinit {
        pthread_cond_destroy(wake)
        pthread_mutex_destroy(lock)
        wake.deallocate()
        lock.deallocate()
    }

    func open(_ newTurn: UInt64) {
        turn.store(newTurn, ordering: .sequentiallyConsistent)
        guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
        pthread_mutex_lock(lock)
        pthread_cond_broadcast(wake)
        pthread_mutex_unlock(lock)
    }

    func wait(for wanted: UInt64) {
        for _ in 0..<Self.spins where turn.load(ordering: .acquiring) >= wanted { return }
        pthread_mutex_lock(lock)
        sleepers.add(1, ordering: .sequentiallyConsistent)
        while turn.load(ordering: .sequentiallyConsistent) < wanted { pthread_cond_wait(wake, lock) }
        sleepers.subtract(1, ordering: .relaxed)
        pthread_mutex_unlock(lock)
    }
}
