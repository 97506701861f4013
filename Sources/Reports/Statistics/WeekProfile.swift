/// Means by hour of the week; hour 0 is Monday 00:00 to 01:00 local time.
struct WeekProfile: Sendable {
    static let hours = 168
    static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    private var sums = [Double](repeating: 0, count: hours)
    private var counts = [Double](repeating: 0, count: hours)

    /// - Parameter weight: what `value` counts for in the mean, for instance the number of intervals it is the sum of.
    mutating func add(_ value: Double, weight: Double = 1, hourOfWeek: Int) {
        sums[hourOfWeek] += value
        counts[hourOfWeek] += weight
    }

    /// NaN where there was no data.
    func mean(day: Int, hour: Int) -> Double {
        let index = day * 24 + hour
        return counts[index] > 0 ? sums[index] / counts[index] : .nan
    }

    /// Mean over the days of a group (for instance Monday to Friday) at an hour of the day.
    func mean(days: Range<Int>, hour: Int) -> Double {
        var sum = 0.0
        var count = 0.0
        for day in days {
            sum += sums[day * 24 + hour]
            count += counts[day * 24 + hour]
        }
        return count > 0 ? sum / count : .nan
    }

    var greatest: Double {
        var result = Double.nan
        for index in 0..<Self.hours where counts[index] > 0 {
            let value = sums[index] / counts[index]
            if !(result >= value) { result = value }
        }
        return result
    }

    /// Every mean divided by `divisor`.
    func divided(by divisor: Double) -> WeekProfile {
        var result = self
        for index in 0..<Self.hours { result.sums[index] /= divisor }
        return result
    }
}
