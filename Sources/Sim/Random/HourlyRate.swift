/// A rate of arrivals that is constant within each hour and repeats after the last (24 for a day, 168 for a week).
///
/// Arrivals are a non-homogeneous Poisson process: the next one comes when the area under the rate has grown by a
/// unit exponential draw, which is exact and takes one draw an arrival.
public struct HourlyRate: Sendable, Hashable, Codable {
    /// Arrivals per hour, for each hour of the period.
    public let perHour: [Double]
    /// Arrivals expected in a period.
    public let total: Double

    /// - Parameter perHour: at least one, each finite and >= 0.
    public init(perHour: [Double]) {
        precondition(!perHour.isEmpty, "a rate needs at least one hour")
        precondition(perHour.allSatisfy { $0 >= 0 && $0.isFinite }, "a rate is a finite number of at least 0")
        self.perHour = perHour
        total = perHour.reduce(0, +)
    }

    /// Arrivals expected from one time to another, in hours since the start of a period, 0 <= from <= to.
    public func expected(fromH: Double, toH: Double) -> Double {
        precondition(fromH >= 0 && fromH <= toH, "a span runs forward from at least 0")
        return area(toH) - area(fromH)
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
        var hour = t.rounded(.down)
        var index = Int(hour.truncatingRemainder(dividingBy: period))
        while true {
            let rate = perHour[index]
            let area = rate * (hour + 1 - t)
            if rate > 0 && left <= area { return t + left / rate }
            left -= area
            hour += 1
            t = hour
            index = index + 1 == perHour.count ? 0 : index + 1
        }
    }

    /// Area under the rate from 0 to `tH` >= 0.
    private func area(_ tH: Double) -> Double {
        let period = Double(perHour.count)
        let periods = (tH / period).rounded(.down)
        let within = tH - periods * period
        let whole = min(Int(within), perHour.count - 1)
        var sum = periods * total
        for i in 0..<whole { sum += perHour[i] }
        return sum + perHour[whole] * (within - Double(whole))
    }
}

extension RandomStream {
    /// The instant of the next arrival of an hourly rate, rounded up to the clock; `nil` when none ever comes.
    ///
    /// - Parameters:
    ///   - now: the present; hour 0 of the period began at `origin`, at or before `now`.
    ///   - factor: multiplies the rate, >= 0.
    public mutating func nextArrival(
        after now: SimTime, of rate: HourlyRate, origin: SimTime = .zero, factor: Double = 1
    ) -> SimTime? {
        let draw = exponential(mean: 1)
        let sinceH = (now - origin).seconds / 3600
        guard let nextH = rate.nextArrivalH(afterH: sinceH, draw: draw, factor: factor) else { return nil }
        return max(now, origin + .roundingUp(seconds: nextH * 3600))
    }
}
