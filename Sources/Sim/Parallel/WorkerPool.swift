#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Threads that wait for short parallel loops, a few tens of microseconds each.
///
/// A loop is cut into one range a thread; a thread that has finished its own range helps with the others, `grain`
/// indices at a time. Between loops a thread spins for a moment and then sleeps. Order and thread of the calls are
/// arbitrary: the result is repeatable when each index touches only what it owns.
///
/// One thread calls ``forEach(count:grain:_:)`` at a time; loops do not nest.
public final class WorkerPool: Sendable {
    /// Threads that run a loop, the caller included.
    public let threads: Int
    private let shared: SharedLoop
    private let handles: [ThreadHandle]

    /// - Parameter threads: at least 1; 1 starts no thread.
    public init(threads: Int) {
        precondition(threads >= 1, "a pool needs at least one thread")
        self.threads = threads
        let loop = SharedLoop(threads: threads)
        shared = loop
        handles = (1..<max(1, threads)).map { ThreadHandle(slot: $0, loop: loop) }
    }

    deinit {
        shared.stop()
        for handle in handles { handle.join() }
    }

    /// Runs `body` once for every index below `count` and returns when all are done.
    ///
    /// - Parameter grain: indices taken at a time, at least 1: enough to make a step outweigh some 50 ns.
    public func forEach(count: Int, grain: Int = 1, _ body: @Sendable (Int) -> Void) {
        if threads == 1 || count <= grain {
            for i in 0..<count { body(i) }
            return
        }
        withoutActuallyEscaping(body) { run(count: count, grain: grain, $0) }
    }

    /// The same with a closure that is kept, which spares the allocation of a temporary one.
    @usableFromInline
    func run(count: Int, grain: Int, _ body: @escaping @Sendable (Int) -> Void) {
        precondition(grain >= 1, "a grain is at least one index")
        if threads == 1 || count <= grain {
            for i in 0..<count { body(i) }
            return
        }
        shared.run(count: count, grain: grain, body)
    }
}

/// One thread of the pool.
private struct ThreadHandle: @unchecked Sendable {  // a pthread_t is a plain handle
    private let thread: pthread_t

    init(slot: Int, loop: SharedLoop) {
        let start = ThreadStart(slot: slot, loop: loop)
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let failure = pthread_create(
            &thread, nil,
            { argument in
                let raw: UnsafeMutableRawPointer? = argument  // already optional on Linux
                if let raw {
                    let start = Unmanaged<ThreadStart>.fromOpaque(raw).takeRetainedValue()
                    start.loop.work(slot: start.slot)
                }
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        #if canImport(Darwin)
        guard failure == 0, let thread else { preconditionFailure("the system refused a thread: error \(failure)") }
        self.thread = thread
        #else
        precondition(failure == 0, "the system refused a thread: error \(failure)")
        self.thread = thread
        #endif
    }

    func join() { pthread_join(thread, nil) }
}

private final class ThreadStart {
    let slot: Int
    let loop: SharedLoop

    init(slot: Int, loop: SharedLoop) {
        self.slot = slot
        self.loop = loop
    }
}
