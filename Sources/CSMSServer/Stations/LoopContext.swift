internal import CSMS
internal import NIOCore
internal import OCPP
internal import OCPPWire

/// What the connections of one event loop share: the wheel of deadlines, records on their way to the writer, figures.
///
/// Touched on its loop alone, except for ``eventLoop`` and ``index``; this is what makes it safe to hand around.
final class LoopContext: @unchecked Sendable {
    let eventLoop: any EventLoop
    let index: Int
    unowned let hub: Hub

    private var entries: [StoreEntry] = []
    private var isFlushScheduled = false
    private var wheel: TimerWheel<Timed>
    private var ticker: RepeatedTask?
    /// Connections that stopped reading until the writer has caught up.
    private var paused: [StationConnection] = []
    private(set) var isCongested = false
    /// New connections on this loop.
    var arrivals: TokenBucket
    private(set) var figures = LoopFigures()
    private var directory: TokenDirectory
    private var directoryRevision: UInt64

    // Arrays that one message borrows and the next uses again.
    private var spareRPC: [[RPCEndpoint.Output]] = []
    private var spareDesk: [[StationDesk.Output]] = []

    /// Who has a deadline.
    enum Timed: Sendable {
        case slot(StationSlot)
        case connection(StationConnection)
    }

    /// Records that are handed to the writer at once, though nobody waits for them.
    private static let flushAt = 512

    init(eventLoop: any EventLoop, index: Int, hub: Hub, arrivalsPerSecond: Double) {
        self.eventLoop = eventLoop
        self.index = index
        self.hub = hub
        let now = WallClock.now
        wheel = TimerWheel(now: now)
        arrivals = TokenBucket(rate: arrivalsPerSecond, burst: max(1, arrivalsPerSecond), now: now)
        (directory, directoryRevision) = hub.tokens.snapshot
    }

    /// Starts the loop's tick.
    func start() {
        eventLoop.execute { [self] in
            let tick = TimeAmount.microseconds(TimerWheel<Timed>.tickMicroseconds)
            ticker = eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { [self] _ in turn() }
        }
    }

    /// Ends the tick and hands over what waits.
    func stop() {
        ticker?.cancel()
        ticker = nil
        flush()
    }

    private func turn() {
        flush()
        let now = WallClock.now
        var due: [Timed] = []
        wheel.advance(to: now, due: &due)
        for timed in due {
            switch timed {
            case .slot(let slot): hub.timerDue(slot, context: self, now: now)
            case .connection(let connection): connection.timerDue(now: now)
            }
        }
    }

    func wake(_ timed: Timed, at deadline: Timestamp) { wheel.insert(timed, at: deadline) }

    // MARK: records

    /// Puts a record in line. What somebody waits for leaves at the end of this turn of the loop, the rest with it or
    /// with the next tick.
    func append(_ entry: StoreEntry) {
        entries.append(entry)
        guard entry.isAwaited || entries.count >= Self.flushAt, !isFlushScheduled else { return }
        isFlushScheduled = true
        eventLoop.assumeIsolatedUnsafeUnchecked().execute { [self] in flush() }
    }

    /// Hands everything in line to the writer.
    func flush() {
        isFlushScheduled = false
        guard !entries.isEmpty else { return }
        isCongested = hub.writer.submit(&entries)
    }

    /// The connection has to wait for ``relieve()``.
    func pause(_ connection: StationConnection) { paused.append(connection) }

    /// The writer has caught up.
    func relieve() {
        isCongested = false
        let waiting = paused
        paused = []
        for connection in waiting { connection.resumeReading() }
    }

    // MARK: tokens

    /// The tokens as of the last change.
    func currentTokens() -> TokenDirectory {
        if hub.tokens.revision != directoryRevision { (directory, directoryRevision) = hub.tokens.snapshot }
        return directory
    }

    // MARK: figures and arrays

    func count(_ body: (inout LoopFigures) -> Void) { body(&figures) }

    func takeRPC() -> [RPCEndpoint.Output] { spareRPC.popLast() ?? [] }
    func giveBack(_ outputs: consuming [RPCEndpoint.Output]) {
        outputs.removeAll(keepingCapacity: true)
        spareRPC.append(outputs)
    }
    func takeDesk() -> [StationDesk.Output] { spareDesk.popLast() ?? [] }
    func giveBack(_ outputs: consuming [StationDesk.Output]) {
        outputs.removeAll(keepingCapacity: true)
        spareDesk.append(outputs)
    }
}
