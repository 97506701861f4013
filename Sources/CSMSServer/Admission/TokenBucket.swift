internal import OCPP

/// Lets through a steady number of things a second, and a burst of them at once.
///
/// Time comes in, so that the same calls lead to the same answers.
struct TokenBucket: Sendable {
    /// Things a second in the long run, above 0.
    let rate: Double
    /// Things at once after a quiet time, at least 1.
    let burst: Double
    private var level: Double
    private var filled: Timestamp

    init(rate: Double, burst: Double, now: Timestamp) {
        self.rate = rate
        self.burst = max(1, burst)
        level = self.burst
        filled = now
    }

    /// Takes one; `false` when there is none left.
    mutating func take(now: Timestamp) -> Bool {
        if now > filled {
            level = min(burst, level + Double(now.microseconds &- filled.microseconds) * 1e-6 * rate)
            filled = now
        }
        guard level >= 1 else { return false }
        level -= 1
        return true
    }

    /// Whole seconds until there will be one again if nobody else takes it, at least 1.
    var retryAfterS: Int { max(1, Int(((1 - level) / rate).rounded(.up))) }
}
