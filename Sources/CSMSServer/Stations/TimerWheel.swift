internal import OCPP

/// Deadlines of many owners in one ring of buckets, so that ten thousand charging stations need one timer.
///
/// Insertion costs an append, a tick looks at one bucket. Deadlines beyond the ring wait in its last bucket and are put
/// in again; an owner looks at its own deadline when it is called, so that entries made obsolete need no search.
struct TimerWheel<Owner: Sendable>: Sendable {
    /// Width of a bucket, microseconds.
    static var tickMicroseconds: Int64 { 250_000 }
    private static var bucketCount: Int { 512 }

    private var buckets: [[Entry]]
    /// Tick up to which, inclusive, everything was taken.
    private var current: Int64

    private struct Entry: Sendable {
        let tick: Int64
        let owner: Owner
    }

    init(now: Timestamp) {
        buckets = Array(repeating: [], count: Self.bucketCount)
        current = now.microseconds / Self.tickMicroseconds
    }

    /// Entries waiting.
    var count: Int { buckets.reduce(0) { $0 + $1.count } }

    /// Calls `owner` at the first tick not before `deadline`; a deadline in the past means the next tick.
    mutating func insert(_ owner: Owner, at deadline: Timestamp) {
        guard deadline != .distantFuture else { return }
        let (up, overflow) = deadline.microseconds.addingReportingOverflow(Self.tickMicroseconds - 1)
        place(Entry(tick: overflow ? .max : max(current + 1, up / Self.tickMicroseconds), owner: owner))
    }

    /// Takes out every owner whose deadline is not after `now`, in no promised order.
    mutating func advance(to now: Timestamp, due: inout [Owner]) {
        let target = now.microseconds / Self.tickMicroseconds
        // After a long sleep one round over all buckets is enough.
        if target - current > Int64(Self.bucketCount) { current = target - Int64(Self.bucketCount) }
        while current < target {
            current += 1
            let index = Int(current % Int64(Self.bucketCount))
            let entries = buckets[index]
            guard !entries.isEmpty else { continue }
            buckets[index] = []
            for entry in entries {
                if entry.tick <= target { due.append(entry.owner) } else { place(entry) }
            }
        }
    }

    private mutating func place(_ entry: Entry) {
        let slot = min(entry.tick, current + Int64(Self.bucketCount) - 1)
        buckets[Int(slot % Int64(Self.bucketCount))].append(entry)
    }
}
