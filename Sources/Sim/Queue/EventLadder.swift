/// Events beyond the sorted line: rungs of buckets, each finer than the one above, and the far events in no order.
///
/// The last rung covers the nearest times. A bucket with too many events for sorting becomes a rung of its own. When
/// the last rung is used up, the far events are spread over a new one.
@frozen
@usableFromInline
struct EventLadder<Event: BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline typealias Entry = EventEntry<Event>

    /// More events than this in a bucket are spread over a finer rung instead of sorted.
    @inlinable static var sortLimit: Int { 40 }
    /// So few events need no buckets.
    @inlinable static var lineLimit: Int { 32 }
    /// Events that a bucket should hold when its turn comes.
    @inlinable static var wantedPerBucket: Int { 8 }
    /// Most buckets of a rung, as a power of two.
    @inlinable static var largestRung: Int { 10 }

    /// Beyond this many events blocks are long; below a quarter they are short again.
    @inlinable static var manyEvents: Int { 4096 }

    @usableFromInline var rungs: ContiguousArray<EventRung> = []
    @usableFromInline var buckets = EventBuckets<Event>()
    @usableFromInline var far: ContiguousArray<Entry> = []
    @usableFromInline var count = 0

    @inlinable init() {}

    /// Adds an event that is later than everything in the line.
    @inlinable
    mutating func insert(_ entry: Entry) {
        count += 1
        var i = rungs.count
        while i > 0 {
            i -= 1
            let rung = rungs[i]
            if entry.time <= rung.last {
                buckets.append(entry, to: rung.bucket(of: entry.time))
                return
            }
        }
        far.append(entry)
    }

    /// Takes over a line whose range ends at `last`; later events are in the ladder already.
    @inlinable
    mutating func take(_ line: inout EventLine<Event>, last: Int64) {
        count += line.count
        if last == .max {
            far.append(contentsOf: line.slots[line.start..<line.end])
        } else {
            let reach = UInt64(bitPattern: last &- line.first.time)
            addRung(first: line.first.time, last: last, count: line.count, reach: reach)
            for i in line.start..<line.end {
                let entry = line.slots[i]
                buckets.append(entry, to: rungs[rungs.count - 1].bucket(of: entry.time))
            }
        }
        line.removeAll()
    }

    /// Moves the earliest events into the empty line and returns the last time that belongs there from now on.
    @inlinable
    mutating func moveNext(into line: inout EventLine<Event>) -> Int64 {
        line.removeAll()
        if buckets.hasShortBlocks ? count > Self.manyEvents : count < Self.manyEvents / 4 {
            buckets.useBlocks(short: !buckets.hasShortBlocks)
        }
        while true {
            if rungs.isEmpty {
                if far.count <= Self.lineLimit {
                    for entry in far { _ = line.insert(entry) }
                    count -= far.count
                    far.removeAll(keepingCapacity: true)
                    return .max
                }
                spreadFar()
            }
            let top = rungs.count - 1
            let rung = rungs[top]
            var bucket = rung.next
            while bucket < rung.end && buckets.isEmpty(bucket) { bucket += 1 }
            guard bucket < rung.end else {
                rungs.removeLast()
                continue
            }
            // A crowded bucket keeps its place: what comes later than its present events still goes there.
            rungs[top].next = bucket
            let held = buckets.count(of: bucket)
            let (first, last) = held > Self.sortLimit ? buckets.times(of: bucket) : (0, 0)
            if first < last {
                addRung(first: first, last: last, count: held, reach: UInt64(bitPattern: last &- first))
                buckets.spread(bucket, over: rungs[top + 1])
            } else {
                count -= held
                buckets.drain(bucket, into: &line)
                if held > Self.sortLimit { return first }
                rungs[top].next = bucket + 1
                return rung.lastTime(of: bucket)
            }
        }
    }

    /// Spreads the far events over a rung that reaches from the first to the last of them.
    ///
    /// Times usually thin out with distance; half their mean distance tells how dense the nearest are.
    @inlinable
    mutating func spreadFar() {
        var (first, last) = (Int64.max, Int64.min)
        for entry in far {
            first = min(first, entry.time)
            last = max(last, entry.time)
        }
        var distances = 0.0
        for entry in far { distances += Double(UInt64(bitPattern: entry.time &- first)) }
        addRung(first: first, last: last, count: far.count, reach: UInt64(0.5 * distances / Double(far.count)))
        let rung = rungs[rungs.count - 1]
        for entry in far { buckets.append(entry, to: rung.bucket(of: entry.time)) }
        far.removeAll(keepingCapacity: true)
    }

    /// Adds a rung whose buckets hold about ``wantedPerBucket`` events where `count` of them fill `reach` microseconds.
    @inlinable
    mutating func addRung(first: Int64, last: Int64, count: Int, reach: UInt64) {
        let span = UInt64(bitPattern: last &- first)
        let width = reach / UInt64(max(1, count / Self.wantedPerBucket))
        let coarsest = UInt64.bitWidth - span.leadingZeroBitCount - Self.largestRung
        let shift = max(0, coarsest, UInt64.bitWidth - 1 - width.leadingZeroBitCount)
        let rung = EventRung(first: first, last: last, shift: shift, offset: rungs.last?.end ?? 0)
        rungs.append(rung)
        buckets.reserve(rung.end)
    }
}

/// A range of time cut into buckets of 2^shift microseconds.
@frozen
@usableFromInline
struct EventRung: Sendable, BitwiseCopyable {
    /// The first and the last time covered.
    @usableFromInline let first: Int64
    @usableFromInline let last: Int64
    @usableFromInline let shift: Int
    /// Number of the first bucket among those of all rungs.
    @usableFromInline let offset: Int
    /// Number after the last bucket.
    @usableFromInline let end: Int
    /// The next bucket to be taken.
    @usableFromInline var next: Int

    @inlinable
    init(first: Int64, last: Int64, shift: Int, offset: Int) {
        self.first = first
        self.last = last
        self.shift = shift
        self.offset = offset
        end = offset + Int(UInt64(bitPattern: last &- first) >> UInt64(shift)) + 1
        next = offset
    }

    @inlinable
    func bucket(of time: Int64) -> Int {
        offset &+ Int(truncatingIfNeeded: UInt64(bitPattern: time &- first) &>> UInt64(truncatingIfNeeded: shift))
    }

    @inlinable
    func firstTime(of bucket: Int) -> Int64 {
        first &+ Int64(bitPattern: UInt64(bucket - offset) << UInt64(shift))
    }

    @inlinable
    func lastTime(of bucket: Int) -> Int64 {
        bucket + 1 == end ? last : firstTime(of: bucket + 1) - 1
    }
}
