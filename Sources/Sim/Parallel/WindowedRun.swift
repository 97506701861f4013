/// Runs logical processes side by side in windows of simulated time, with the same result on any number of threads.
///
/// Time is cut at multiples of the lookahead. Within a window every process with something due runs alone, on any
/// thread; at the window's end the messages are put in the order (delivery time, source, sequence) and delivered. As
/// a message takes at least the lookahead, it cannot be due within the window that sent it. Windows without events are
/// skipped. A stop in the middle of a window delivers nothing: the next call finishes the window, so where a run was
/// interrupted does not show.
///
/// Processes stay where they are: nothing is copied, and once its buffers have grown a window allocates nothing.
public final class WindowedRun<Process: LogicalProcess> {
    public typealias Message = Process.Message

    /// Least time that a message takes.
    public let lookahead: SimDuration
    @usableFromInline var clock: WindowClock
    @usableFromInline let store: ProcessStore<Process>
    @usableFromInline let pool: WorkerPool
    @usableFromInline let runDue: @Sendable (Int) -> Void
    @usableFromInline var mail = Mailbag<Message>()

    /// - Parameters:
    ///   - processes: addressed by their index from now on.
    ///   - lookahead: least time that a message takes, > 0; ``SimDuration/unlimited`` where nothing is ever sent.
    ///   - resuming: where an earlier run stopped, with processes as they were then; `nil` starts at time zero.
    @inlinable
    public init(
        processes: some Collection<Process>, lookahead: SimDuration, pool: WorkerPool,
        resuming state: WindowState<Message>? = nil
    ) {
        precondition(lookahead > .zero, "the lookahead must be positive")
        self.lookahead = lookahead
        self.pool = pool
        clock = state?.clock ?? WindowClock(now: .zero, windowEnd: .zero)
        let store = ProcessStore(processes)
        self.store = store
        runDue = { store.run(due: $0) }
        for envelope in state?.undelivered ?? [] { store.outboxes[Int(envelope.source)].append(envelope) }
    }

    /// The present: every event before it has been handled, and none at or after it.
    @inlinable public var now: SimTime { clock.now }
    /// How many processes there are.
    @inlinable public var count: Int { store.count }

    /// A process, in place. Not to be used from two threads, nor during ``advance(to:)``.
    @inlinable
    public subscript(index: Int) -> Process {
        _read {
            precondition(index >= 0 && index < store.count, "no such process")
            yield store.processes[index]
        }
        _modify {
            precondition(index >= 0 && index < store.count, "no such process")
            yield &store.processes[index]
        }
    }

    /// What a checkpoint must keep besides the processes.
    public var state: WindowState<Message> {
        var undelivered: [Envelope<Message>] = []
        for i in 0..<store.count { undelivered += store.outboxes[i] }
        return WindowState(clock: clock, undelivered: undelivered)
    }

    /// Runs `body` on every process, or on those of `indices`, in parallel, in any order.
    @inlinable
    public func inParallel(_ indices: Range<Int>? = nil, _ body: @Sendable (Int, inout Process) -> Void) {
        let store = store
        let range = indices ?? 0..<store.count
        precondition(range.lowerBound >= 0 && range.upperBound <= store.count, "no such process")
        let first = range.lowerBound
        pool.forEach(count: range.count, grain: 1) { body(first + $0, &store.processes[first + $0]) }
    }

    /// Handles every event before `until`.
    @inlinable
    public func advance(to until: SimTime) {
        store.refreshTimes()
        while clock.now < until {
            if clock.windowEnd <= clock.now {
                let first = store.earliest()
                guard first < until else {
                    clock.now = until
                    return
                }
                clock.open(around: first, lookahead: lookahead)
            }
            let stop = min(clock.windowEnd, until)
            let due = store.collectDue(before: stop)
            pool.run(count: due, grain: max(1, min(16, due / (16 * pool.threads))), runDue)
            clock.now = stop
            if stop == clock.windowEnd { exchange() }
        }
    }

    /// Delivers what the window sent.
    @inlinable
    func exchange() {
        store.gather(into: &mail.letters)
        guard !mail.letters.isEmpty else { return }
        mail.sort()
        for envelope in mail.letters {
            precondition(envelope.deliverAt >= clock.now, "a message takes at least the lookahead")
            store.deliver(envelope)
        }
        mail.removeAll()
    }
}

extension SimDuration {
    /// Longer than any run: the lookahead of processes that never send.
    @inlinable public static var unlimited: SimDuration { SimDuration(microseconds: .max) }
}

/// Where a windowed run stands between two calls; the processes are kept by the caller.
public struct WindowState<Message: BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline var clock: WindowClock
    @usableFromInline var undelivered: [Envelope<Message>]

    @usableFromInline init(clock: WindowClock, undelivered: [Envelope<Message>]) {
        self.clock = clock
        self.undelivered = undelivered
    }
}

extension WindowState: Codable where Message: Codable {}

/// The present and the end of the open window; no window is open when that is not later than the present.
@frozen
@usableFromInline
struct WindowClock: Sendable, BitwiseCopyable, Codable {
    @usableFromInline var now: SimTime
    @usableFromInline var windowEnd: SimTime

    @usableFromInline init(now: SimTime, windowEnd: SimTime) {
        self.now = now
        self.windowEnd = windowEnd
    }

    /// Opens the window between two multiples of the lookahead that holds `first`, or the present if that is later.
    @usableFromInline
    mutating func open(around first: SimTime, lookahead: SimDuration) {
        let time = max(first, now).microseconds
        let length = lookahead.microseconds
        let whole = time / length - (time < 0 && time % length != 0 ? 1 : 0)
        let (end, overflow) = (whole + 1).multipliedReportingOverflow(by: length)
        windowEnd = overflow ? .distantFuture : SimTime(microseconds: end)
    }
}
