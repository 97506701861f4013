/// Time covered by intervals that may overlap.
enum IntervalUnion {
    /// Length of the union, in the unit of the intervals. Intervals that end before they start cover nothing.
    static func length(_ intervals: [(start: Double, end: Double)]) -> Double {
        var covered = 0.0
        var reached = -Double.infinity
        for interval in intervals.sorted(by: { $0.start < $1.start }) where interval.end > interval.start {
            covered += max(0, interval.end - max(interval.start, reached))
            reached = max(reached, interval.end)
        }
        return covered
    }
}
