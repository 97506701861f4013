internal import NIOCore
internal import Synchronization

/// What the connections of one event loop share: their table, the wheel of their deadlines, output buffers and compressors.
///
/// Touched on its loop alone; this is what makes it safe to hand around.
final class LoopState: @unchecked Sendable {
    /// Length of a tick: how exactly deadlines are kept.
    static let tick: TimeAmount = .milliseconds(20)
    /// Ticks of one turn of the wheel: 41 s.
    private static let wheelTicks = 2048
    /// Empty output buffers that are kept for the next messages: a commit releases many answers in one turn.
    private static let pooledMax = 128
    /// Largest output buffer that is kept, in bytes.
    private static let pooledBytesMax = 4 * 1024

    /// Loops made in this process so far, whichever set they belong to.
    private static let loopsMade = Atomic<UInt64>(0)

    let loop: any EventLoop
    /// Place among the loops of its set.
    let index: Int
    private let number: UInt64

    private var connections: ContiguousArray<WebSocketConnection?> = []
    private var generations: ContiguousArray<UInt32> = []
    private var free: [Int32] = []
    private var made: UInt64 = 0
    /// Connections in the table.
    private(set) var connectionCount = 0

    private var wheel = TimerWheel(buckets: wheelTicks)
    private let epoch = NIODeadline.now()
    private var isTicking = false

    private var unflushed: [WebSocketConnection] = []
    /// Scratch, empty between turns.
    private var flushing: [WebSocketConnection] = []
    private var isFlushScheduled = false
    private var pool: [ByteBuffer] = []

    private var deflaters: [Int: Deflater] = [:]
    private lazy var sharedInflater = Inflater()
    private var maskReserve: UInt64?

    init(loop: any EventLoop, index: Int) {
        self.loop = loop
        self.index = index
        number = Self.loopsMade.add(1, ordering: .relaxed).newValue
    }

    // MARK: the table

    /// Enters a connection; the place is given back with ``remove(_:)``.
    func add(_ connection: WebSocketConnection) -> Int32 {
        connectionCount += 1
        if let slot = free.popLast() {
            connections[Int(slot)] = connection
            return slot
        }
        connections.append(connection)
        generations.append(0)
        return Int32(connections.count - 1)
    }

    /// Frees a place.
    func remove(_ slot: Int32) {
        connectionCount -= 1
        connections[Int(slot)] = nil
        generations[Int(slot)] &+= 1
        free.append(slot)
    }

    /// A number that no other connection of the process has.
    func nextID() -> UInt64 {
        made += 1
        return number << 48 | made
    }

    /// Every connection of the table at this moment.
    var allConnections: [WebSocketConnection] { connections.compactMap(\.self) }

    // MARK: deadlines

    /// Calls ``WebSocketConnection/deadlineReached(at:)`` at that time. Returns the tick, by which a later call disowns it.
    func schedule(slot: Int32, at deadline: NIODeadline) -> Int64 {
        if !isTicking { startTicking() }
        let tick = max(wheel.now + 1, ticks(deadline) + 1)
        wheel.add(TimerWheel.Entry(slot: slot, generation: generations[Int(slot)], tick: tick))
        return tick
    }

    private func ticks(_ time: NIODeadline) -> Int64 { (time - epoch).nanoseconds / Self.tick.nanoseconds }

    private func startTicking() {
        isTicking = true
        var nothing: [TimerWheel.Entry] = []
        wheel.advance(to: ticks(.now()), due: &nothing) { _ in true }
        loop.scheduleRepeatedTask(initialDelay: Self.tick, delay: Self.tick) {
            self.turn($0)
        }
    }

    private func turn(_ task: RepeatedTask) {
        let now = NIODeadline.now()
        var due: [TimerWheel.Entry] = []
        wheel.advance(to: ticks(now), due: &due) { entry in
            generations[Int(entry.slot)] == entry.generation
                && connections[Int(entry.slot)]?.deadlineTick == entry.tick
        }
        for entry in due where generations[Int(entry.slot)] == entry.generation {
            connections[Int(entry.slot)]?.deadlineReached(at: now)
        }
        guard wheel.count == 0 else { return }
        task.cancel()
        isTicking = false
    }

    // MARK: output

    /// An empty buffer to write into; ``recycle(_:)`` takes it back.
    func takeBuffer() -> ByteBuffer {
        guard var buffer = pool.popLast() else { return ByteBufferAllocator().buffer(capacity: 2048) }
        buffer.clear()
        return buffer
    }

    /// Keeps a buffer that has been handed to the channel for later; if the channel still holds it, clearing makes a new one.
    func recycle(_ buffer: ByteBuffer) {
        if pool.count < Self.pooledMax, buffer.capacity <= Self.pooledBytesMax { pool.append(buffer) }
    }

    /// Flushes the connection at the end of this turn of the loop.
    func flushSoon(_ connection: WebSocketConnection) {
        unflushed.append(connection)
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        loop.execute { self.flushAll() }
    }

    private func flushAll() {
        isFlushScheduled = false
        swap(&unflushed, &flushing)
        for index in flushing.indices { flushing[index].flushPending() }
        flushing.removeAll(keepingCapacity: true)
    }

    // MARK: compression and masks

    /// The compressor for a window; nil where zlib has no memory.
    func deflater(level: Int, windowBits: Int) -> Deflater? {
        let key = level << 8 | windowBits
        if let deflater = deflaters[key] { return deflater }
        let deflater = Deflater(level: level, windowBits: windowBits)
        deflaters[key] = deflater
        return deflater
    }

    /// The decompressor; nil where zlib has no memory.
    var inflater: Inflater? { sharedInflater }

    /// A masking key that nobody can foresee. The operating system is asked for every second one.
    /// - Source: RFC 6455, 5.3.
    func nextMask() -> UInt32 {
        if let reserve = maskReserve {
            maskReserve = nil
            return UInt32(truncatingIfNeeded: reserve)
        }
        let drawn = UInt64.random(in: .min ... .max)
        maskReserve = drawn
        return UInt32(truncatingIfNeeded: drawn >> 32)
    }
}
