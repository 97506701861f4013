internal import Sim

/// `base + Σ amplitude * e^(-t / tau)` with three terms: a hot spot, or any sum of first-order responses.
///
/// Amplitudes may be zero. Extremes and crossings are exact: the sum has at most two stationary points, found from the
/// closed root of the derivative of its scaled derivative.
struct RelaxationSum: BitwiseCopyable, Sendable {
    var base: Double
    var a0: Double
    var tau0: Double
    var a1: Double
    var tau1: Double
    var a2: Double
    var tau2: Double

    /// Value after `t` seconds.
    func value(at t: Double) -> Double {
        base + Self.term(a0, tau0, t) + Self.term(a1, tau1, t) + Self.term(a2, tau2, t)
    }
    /// Change per second after `t` seconds.
    func slope(at t: Double) -> Double {
        -Self.term(a0 / tau0, tau0, t) - Self.term(a1 / tau1, tau1, t) - Self.term(a2 / tau2, tau2, t)
    }
    private static func term(_ a: Double, _ tau: Double, _ t: Double) -> Double { a == 0 ? 0 : a * Math.exp(-t / tau) }

    /// Whether all terms fall or all rise, so that the extremes stand at the ends.
    var isMonotone: Bool { (a0 >= 0 && a1 >= 0 && a2 >= 0) || (a0 <= 0 && a1 <= 0 && a2 <= 0) }

    /// Largest value over `0 ... duration` seconds.
    func maximum(over duration: Double) -> Double {
        var best = max(value(at: 0), value(at: duration))
        guard !isMonotone else { return best }
        if a2 == 0 {
            // Two terms turn once at most: down from the top only when they start upwards.
            guard a0 / tau0 + a1 / tau1 < 0, let turn = twoTermTurn, turn > 0, turn < duration else { return best }
            return max(best, value(at: turn))
        }
        let (t0, t1) = stationaryTimes(within: duration)
        if let t0 { best = max(best, value(at: t0)) }
        if let t1 { best = max(best, value(at: t1)) }
        return best
    }

    /// Where the slope of the first two terms is zero.
    private var twoTermTurn: Double? {
        guard tau0 != tau1, a1 != 0 else { return nil }
        let ratio = -(a0 * tau1) / (a1 * tau0)
        return ratio > 0 ? Math.log(ratio) / (1 / tau0 - 1 / tau1) : nil
    }

    /// Times inside `0 ..< duration` where the slope is zero, in order.
    func stationaryTimes(within duration: Double) -> (Double?, Double?) {
        if a2 == 0 {
            guard let turn = twoTermTurn, turn > 0, turn < duration else { return (nil, nil) }
            return (turn, nil)
        }
        let turn = scaledSlopeTurn()
        var first: Double?
        var second: Double?
        var from = 0.0
        if let turn, turn > 0, turn < duration {
            first = slopeRoot(from: 0, to: turn)
            from = turn
        }
        second = slopeRoot(from: from, to: duration)
        if first == nil {
            first = second
            second = nil
        }
        return (first, second)
    }

    /// First time at which the value reaches `threshold` from where it is now, `nil` when it never does.
    func firstTime(at threshold: Double) -> Double? {
        let horizon = 60 * max(tau0, tau1, tau2)
        let (t0, t1) = stationaryTimes(within: horizon)
        var from = 0.0
        for stop in [t0, t1, horizon] {
            guard let stop, stop > from else { continue }
            if (value(at: from) - threshold) * (value(at: stop) - threshold) <= 0, value(at: from) != value(at: stop) {
                return Self.bisect(from: from, to: stop) { value(at: $0) - threshold }
            }
            from = stop
        }
        return nil
    }

    /// Where `slope * e^(t / slowest tau)` turns: a sum of two terms, so its root is closed.
    private func scaledSlopeTurn() -> Double? {
        var terms = [(a0, tau0), (a1, tau1), (a2, tau2)].filter { $0.0 != 0 }
        guard terms.count == 3 else { return nil }
        terms.sort { $0.1 > $1.1 }
        let slow = 1 / terms[0].1
        let r1 = 1 / terms[1].1 - slow
        let r2 = 1 / terms[2].1 - slow
        guard r1 > 0, r2 > r1 else { return nil }
        let ratio = -(terms[2].0 / terms[2].1 * r2) / (terms[1].0 / terms[1].1 * r1)
        return ratio > 0 ? Math.log(ratio) / (r2 - r1) : nil
    }

    private func slopeRoot(from: Double, to: Double) -> Double? {
        guard to > from, slope(at: from) * slope(at: to) < 0 else { return nil }
        return Self.bisect(from: from, to: to) { slope(at: $0) }
    }

    /// Root of a continuous function that changes sign between `from` and `to`, to the last bit that time can tell.
    private static func bisect(from: Double, to: Double, _ f: (Double) -> Double) -> Double {
        var low = from
        var high = to
        let rising = f(low) < f(high)
        while true {
            let middle = 0.5 * (low + high)
            if middle <= low || middle >= high || high - low < 1e-10 { return high }
            if (f(middle) >= 0) == rising { high = middle } else { low = middle }
        }
    }
}
