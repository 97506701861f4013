public import Sim

/// A quantity over local time, held for the length of a row: building load, outdoor temperature.
public struct TimeCourse: Sendable {
    /// One value a row; one alone holds for ever.
    public var values: [Double]
    /// Length of a row, s.
    public var rowS: Int64
    /// The first row holds at the start of the run, and after the last the first follows; else the rows are those of a
    /// year from 1 January 00:00.
    public var startsWithRun: Bool

    public init(values: [Double], rowS: Int64 = 3600, startsWithRun: Bool = false) {
        precondition(!values.isEmpty && rowS > 0, "a course has rows of some length")
        self.values = values
        self.rowS = rowS
        self.startsWithRun = startsWithRun
    }

    /// The same at all times.
    public static func constant(_ value: Double) -> TimeCourse { TimeCourse(values: [value]) }

    public func value(at now: SimTime, _ calendar: WorldCalendar) -> Double {
        guard values.count > 1 else { return values[0] }
        let second = (startsWithRun ? 0 : calendar.startSecondOfYear) + now.microseconds / 1_000_000
        return values[Int(second / rowS % Int64(values.count))]
    }
    /// Whether the value can change within the quarters of an hour.
    var isFine: Bool { values.count > 1 && rowS % 900 != 0 }
}
