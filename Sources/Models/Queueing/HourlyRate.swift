/// Rate of a Poisson process that is constant within each clock hour and repeats every day.
///
/// - Source: inversion of the cumulative rate, domain reference 6.1.
public struct HourlyRate: Sendable {
    /// Events per hour, 24 values.
    public let perHour: [Double]
    public init(perHour: [Double]) {
        precondition(perHour.count == 24, "an hourly rate has 24 values")
        self.perHour = perHour
    }

    /// Mean number of events from `fromH` to `toH` (hours since midnight, may pass 24).
    public func expected(fromH: Double, toH: Double) -> Double {
        var sum = 0.0
        var t = fromH
        while t < toH {
            let end = min(toH, t.rounded(.down) + 1)
            sum += rate(at: t) * (end - t)
            t = end
        }
        return sum
    }

    /// When the area under the rate from `t` reaches `draw` (a unit exponential), h; infinite if nobody ever comes.
    public func nextH(after t: Double, draw: Double) -> Double {
        guard perHour.contains(where: { $0 > 0 }) else { return .infinity }
        var left = draw
        var now = t
        while true {
            let end = now.rounded(.down) + 1
            let area = rate(at: now) * (end - now)
            if area >= left { return now + left / rate(at: now) }
            left -= area
            now = end
        }
    }

    private func rate(at t: Double) -> Double { perHour[Int(t.rounded(.down)) % 24] }
}
