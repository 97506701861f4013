/// `/climate`: the outdoor temperature that the run was simulated with, over the time that the file covers.
struct AmbientStudy: Sendable {
    /// Degrees Celsius.
    let least: Double
    let mean: Double
    let greatest: Double

    /// - Returns: nil for a file without a climate, or before the first interval was finished.
    static func read(
        _ file: TelemetryFile, clock: RunClock, endUS: Double
    ) throws(ReportError) -> AmbientStudy? {
        guard file.hasTable("climate"), endUS > 0 else { return nil }
        return AmbientStudy(byHour: try file.numbers("climate", "ambient_c"), clock: clock, endUS: endUS)
    }

    /// - Parameter byHour: by hour of the year, or one value for all.
    init?(byHour: [Double], clock: RunClock, endUS: Double) {
        guard !byHour.isEmpty else { return nil }
        let hours = min(byHour.count == 1 ? 1 : 8760 * 4, max(1, Int((endUS / 3.6e9).rounded(.up))))
        var least = Double.infinity
        var greatest = -Double.infinity
        var sum = 0.0
        for hour in 0..<hours {
            let value = byHour[clock.hourOfYear(Int64(hour) * 3_600_000_000) % byHour.count]
            least = min(least, value)
            greatest = max(greatest, value)
            sum += value
        }
        self.least = least
        self.greatest = greatest
        mean = sum / Double(hours)
    }
}
