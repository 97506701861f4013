/// A series folded onto one day: the spread over the days at each time of day.
struct DayProfile: Sendable {
    /// Minutes in a slot.
    let slotMinutes: Int
    /// One element a slot, from midnight: Hyndman-Fan 7 quantiles, mean and greatest value; NaN without data.
    private(set) var p5: [Double] = []
    private(set) var p95: [Double] = []
    private(set) var mean: [Double] = []
    private(set) var highest: [Double] = []

    /// - Parameter weekdays: the days to take, 0 is Monday.
    init(_ values: [Double], facts: RunFacts, weekdays: Range<Int>) {
        slotMinutes =
            [15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440]
            .first { $0 * 60 >= facts.intervalS && $0 * 60 % facts.intervalS == 0 } ?? 1440
        var slots = [[Double]](repeating: [], count: 1440 / slotMinutes)
        for (sample, value) in values.enumerated() where !value.isNaN {
            let time = facts.microseconds(sample: sample)
            guard weekdays.contains(facts.clock.weekday(time)) else { continue }
            slots[facts.clock.minuteOfDay(time) / slotMinutes].append(value)
        }
        for slot in slots {
            let sorted = slot.sorted()
            p5.append(Quantile.ofSorted(sorted, 0.05))
            p95.append(Quantile.ofSorted(sorted, 0.95))
            mean.append(sorted.isEmpty ? .nan : sorted.reduce(0, +) / Double(sorted.count))
            highest.append(sorted.last ?? .nan)
        }
    }

    /// `07:30` for each slot.
    var labels: [String] {
        mean.indices.map { Self.clockText(minute: $0 * slotMinutes) }
    }

    static func clockText(minute: Int) -> String {
        "\(RunClock.twoDigits(minute / 60)):\(RunClock.twoDigits(minute % 60))"
    }
    /// `00:00` ... `23:00`.
    static let hourLabels = (0..<24).map { clockText(minute: $0 * 60) }
}
