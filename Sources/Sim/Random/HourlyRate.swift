/// A rate of arrivals that is constant within each hour and repeats after the last (24 for a day, 168 for a week).
///
/// Arrivals are a non-homogeneous Poisson process: the next one comes when the area under the rate has grown by a
/// unit exponential draw, which is exact and takes one draw an arrival. Whoever multiplies the rate by something that
/// changes, like a busy day, walks piece by piece with ``spend(_:fromH:toH:factor:)``.
///
/// - Source: inversion of the cumulative rate; Devroye, "Non-Uniform Random Variate Generation" (1986), chapter VI.1.3.
public struct HourlyRate: Sendable, Hashable, Codable {
    /// Arrivals per hour, for each hour of the period.
    public let perHour: [Double]
    /// Arrivals expected before each hour of the period, and in all of it.
    public let before: [Double]
    /// Arrivals expected in a period.
    public var total: Double { before[perHour.count] }

    /// - Parameter perHour: at least one, each finite and >= 0.
    public init(perHour: [Double]) {
        precondition(!perHour.isEmpty, "a rate needs at least one hour")
        precondition(perHour.allSatisfy { $0 >= 0 && $0.isFinite }, "a rate is a finite number of at least 0")
        self.perHour = perHour
        var sum = 0.0
        before =
            [0]
            + perHour.map { rate in
                sum += rate
                return sum
            }
    }

    /// Arrivals expected from one time to another, in hours since the start of a period, 0 <= from <= to.
    public func expected(fromH: Double, toH: Double) -> Double {
        precondition(fromH >= 0 && fromH <= toH, "a span runs forward from at least 0")
        return area(toH) - area(fromH)
    }

    /// Spends a unit exponential draw on the area under `factor` times the rate between two times.
    ///
    /// - Parameters:
    ///   - draw: what is left of it; less by the area when it reaches beyond `toH`.
    ///   - fromH: hours since the start of a period, 0 <= from <= to.
    ///   - factor: multiplies the rate (a busy day), >= 0.
    /// - Returns: when the draw is spent, hours since the start of a period; `nil` when it reaches beyond `toH`.
    public func spend(_ draw: inout Double, fromH: Double, toH: Double, factor: Double) -> Double? {
        let whole = factor * expected(fromH: fromH, toH: toH)
        guard whole > 0, draw <= whole else {
            draw -= whole
            return nil
        }
        var t = fromH
        var hour = t.rounded(.down)
        var index = Int(hour.truncatingRemainder(dividingBy: Double(perHour.count)))
        while hour < toH {
            let rate = perHour[index] * factor
            let area = rate * (hour + 1 - t)
            if rate > 0 && draw <= area { return min(t + draw / rate, toH) }
            draw -= area
            hour += 1
            t = hour
            index = index + 1 == perHour.count ? 0 : index + 1
        }
        return toH  // what rounding left over
    }

    /// When the next arrival comes, in hours since the start of a period; `nil` when the rate is zero throughout.
    ///
    /// - Parameters:
    ///   - afterH: now, in hours since the start of a period, >= 0.
    ///   - draw: a unit exponential draw, >= 0.
    ///   - factor: multiplies the rate (a busy day), >= 0.
    public func nextArrivalH(afterH: Double, draw: Double, factor: Double = 1) -> Double? {
        precondition(afterH >= 0 && draw >= 0 && factor >= 0, "time, draw and factor are at least 0")
        guard total * factor > 0 else { return nil }
        var left = draw / factor
        let period = Double(perHour.count)
        let periods = max(0, (left / total).rounded(.up) - 1)
        left = max(0, left - periods * total)
        var t = afterH + periods * period
        while true {
            if let next = spend(&left, fromH: t, toH: t + period, factor: 1) { return next }
            guard t + period > t else { return t }  // so far away that hours are not told apart
            t += period
        }
    }

    /// Area under the rate from 0 to `tH` >= 0.
    private func area(_ tH: Double) -> Double {
        let period = Double(perHour.count)
        let periods = (tH / period).rounded(.down)
        let within = tH - periods * period
        let whole = min(Int(within), perHour.count - 1)
        return periods * total + before[whole] + perHour[whole] * (within - Double(whole))
    }
}
