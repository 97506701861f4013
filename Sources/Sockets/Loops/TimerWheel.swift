/// Deadlines of many connections in a ring of buckets: setting one costs an append, and nothing is ever searched.
///
/// An entry stays until its bucket comes round; one whose connection is gone or has a newer entry is dropped then.
struct TimerWheel {
    /// One deadline.
    struct Entry {
        let slot: Int32  // of the connection in its loop's table
        let generation: UInt32  // of that slot, so that a later tenant is not mistaken for this one
        let tick: Int64  // when it is due
    }

    private var buckets: [[Entry]]
    /// Everything up to here has been looked at.
    private(set) var now: Int64 = 0
    /// Entries that wait.
    private(set) var count = 0

    /// - Parameter buckets: ticks of one turn.
    init(buckets: Int) { self.buckets = Array(repeating: [], count: buckets) }

    /// Adds a deadline; one that is past is due at the next tick.
    mutating func add(_ entry: Entry) {
        let tick = max(entry.tick, now + 1)
        buckets[Int(tick % Int64(buckets.count))].append(
            Entry(slot: entry.slot, generation: entry.generation, tick: tick))
        count += 1
    }

    /// Goes on to `tick`, appends what is due, in the order of ticks, and drops what `isLive` disowns.
    mutating func advance(to tick: Int64, due: inout [Entry], isLive: (Entry) -> Bool) {
        let first = max(now + 1, tick - Int64(buckets.count) + 1)
        now = max(now, tick)
        guard first <= tick else { return }
        for visited in first...tick {
            let index = Int(visited % Int64(buckets.count))
            guard !buckets[index].isEmpty else { continue }
            var kept: [Entry] = []
            for entry in buckets[index] where isLive(entry) {
                if entry.tick <= tick { due.append(entry) } else { kept.append(entry) }
            }
            count -= buckets[index].count - kept.count
            buckets[index] = kept
        }
    }
}
