internal import OCPP

/// How many passwords of one identity are looked at: a few from each network, and more from all of them together, so that
/// a stranger's guesses do not keep the charging station itself out.
///
/// The network that the right password last came from counts by itself alone.
struct GuessLimit: Sendable {
    private struct Count: Sendable {
        var bucket: TokenBucket
        var used: Timestamp
    }

    private var bySource: [PeerNetwork: Count] = [:]
    private var whole: TokenBucket?
    private var trusted: PeerNetwork?

    /// Networks whose guesses are counted at once; the one that has been quiet longest makes room for another.
    static let sourcesMax = 16
    /// From one network: at once, and per second in the long run.
    private static let burst = 5.0
    private static let rate = 0.2
    /// From all of them.
    private static let wholeBurst = 60.0
    private static let wholeRate = 2.0

    /// Whether one more may be looked at.
    mutating func take(from source: PeerNetwork, now: Timestamp) -> Bool {
        var count =
            bySource[source] ?? Count(bucket: TokenBucket(rate: Self.rate, burst: Self.burst, now: now), used: now)
        count.used = now
        guard count.bucket.take(now: now) else {
            keep(count, source)
            return false
        }
        keep(count, source)
        guard source != trusted else { return true }
        var bucket = whole ?? TokenBucket(rate: Self.wholeRate, burst: Self.wholeBurst, now: now)
        defer { whole = bucket }
        return bucket.take(now: now)
    }

    /// The right password has come from there.
    mutating func trust(_ source: PeerNetwork) {
        trusted = source
        bySource[source] = nil
    }

    private mutating func keep(_ count: Count, _ source: PeerNetwork) {
        if bySource.count >= Self.sourcesMax, bySource[source] == nil,
            let quietest = bySource.filter({ $0.key != trusted }).min(by: { $0.value.used < $1.value.used })
        {
            bySource[quietest.key] = nil
        }
        bySource[source] = count
    }
}
