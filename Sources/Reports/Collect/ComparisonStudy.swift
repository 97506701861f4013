/// `/comparison_daily` and `/comparison_hourly`: simulated sessions beside the real ones of the same network.
struct ComparisonStudy: Sendable {
    /// A quantity measured and simulated in the same bins (days, hours).
    struct Pair: Sendable {
        let real: [Double]
        let simulated: [Double]

        /// Sum or mean of simulated over that of real, minus 1; NaN when there is nothing real.
        var bias: Double {
            let sum = real.reduce(0, +)
            return sum > 0 ? simulated.reduce(0, +) / sum - 1 : .nan
        }
        var realMean: Double { real.isEmpty ? .nan : real.reduce(0, +) / Double(real.count) }
        var simulatedMean: Double { simulated.isEmpty ? .nan : simulated.reduce(0, +) / Double(simulated.count) }
        /// Mean of the absolute differences.
        var meanAbsoluteError: Double {
            real.isEmpty ? .nan : zip(real, simulated).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(real.count)
        }
        /// Pearson's correlation; NaN when either does not vary.
        var correlation: Double {
            var cross = 0.0
            var realSquares = 0.0
            var simulatedSquares = 0.0
            for (a, b) in zip(real, simulated) {
                cross += (a - realMean) * (b - simulatedMean)
                realSquares += (a - realMean) * (a - realMean)
                simulatedSquares += (b - simulatedMean) * (b - simulatedMean)
            }
            let scale = (realSquares * simulatedSquares).squareRoot()
            return scale > 0 ? cross / scale : .nan
        }
    }

    let days: [Int]
    let sessions: Pair
    /// Wh a day.
    let energy: Pair
    /// By hour of the day: mean EVSEs with a vehicle, arrivals.
    let hours: [Int]
    let occupancy: Pair
    let arrivals: Pair

    /// - Returns: nil when the world has no comparison.
    static func read(_ file: TelemetryFile) throws(ReportError) -> ComparisonStudy? {
        guard file.hasTable("comparison_daily"), file.hasTable("comparison_hourly"),
            try file.rowCount("comparison_daily") > 0
        else { return nil }
        let daily = try file.all(
            "comparison_daily",
            columns: ["day", "real_sessions", "simulated_sessions", "real_energy_wh", "simulated_energy_wh"])
        let hourly = try file.all(
            "comparison_hourly",
            columns: ["hour", "real_occupancy", "simulated_occupancy", "real_arrivals", "simulated_arrivals"])
        return ComparisonStudy(
            days: daily[0].map { Int(code: $0) }, sessions: Pair(real: daily[1], simulated: daily[2]),
            energy: Pair(real: daily[3], simulated: daily[4]), hours: hourly[0].map { Int(code: $0) },
            occupancy: Pair(real: hourly[1], simulated: hourly[2]),
            arrivals: Pair(real: hourly[3], simulated: hourly[4]))
    }
}
