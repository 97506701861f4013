/// Simulated sessions beside the real ones of the same charge points.
enum ComparisonSection {
    static func section(_ data: ReportData) -> Section? {
        guard let comparison = data.comparison else { return nil }
        let lede =
            "Compared with the real records, simulated sessions differ by \(signed(comparison.sessions.bias)) and energy by "
            + "\(signed(comparison.energy.bias)); the mean absolute error of occupancy by hour is "
            + "\(Format.short(comparison.occupancy.meanAbsoluteError)) EVSEs (correlation \(Format.fixed(comparison.occupancy.correlation, 3)))."
        var section = Section(id: "comparison", short: "Real data", title: "Comparison with real data", lede: lede)
        let days = comparison.days.map { Int64($0) * RunClock.microsecondsPerDay }
        let dates = days.map { data.facts.clock.dateText($0) }
        section.pieces = [
            .figure(
                figure(
                    "Sessions per day", "By day of plug-in.", .time(days), dates, "sessions", comparison.sessions, 1)
            ),
            .figure(
                figure(
                    "Energy per day", "Energy of the sessions by day of plug-in.", .time(days), dates, "kWh",
                    comparison.energy, 1e-3)),
            .figure(
                figure(
                    "Occupancy by hour", "Mean EVSEs with a vehicle, by hour of the day.", .category(hours(comparison)),
                    hours(comparison),
                    "EVSEs", comparison.occupancy, 1)),
            .figure(
                figure(
                    "Arrivals by hour", "Mean arrivals, by hour of the day.", .category(hours(comparison)),
                    hours(comparison), "arrivals",
                    comparison.arrivals, 1)),
            .table(
                title: "Agreement with the real data",
                note: "Bias: simulated over real, minus one. Error: mean of the absolute differences.",
                numbers(comparison)),
        ]
        return section
    }

    private static func hours(_ comparison: ComparisonStudy) -> [String] {
        comparison.hours.map { DayProfile.clockText(minute: $0 * 60) }
    }

    private static func signed(_ share: Double) -> String {
        (share > 0 ? "+" : "") + Format.percent(share)
    }

    private static func figure(
        _ title: String, _ caption: String, _ x: Chart.XAxis, _ labels: [String], _ unit: String,
        _ pair: ComparisonStudy.Pair,
        _ factor: Double
    ) -> Figure {
        let real = pair.real.map { $0 * factor }
        let simulated = pair.simulated.map { $0 * factor }
        let view = Chart.View(
            x: x, yTitle: unit,
            series: [
                Chart.Series(name: "Real", mark: .line, color: .second, values: real),
                Chart.Series(name: "Simulated", mark: .line, color: .accent, values: simulated),
            ])
        var table = Table(title, [.text("When"), .number("Real", unit), .number("Simulated", unit)])
        table.rows = labels.indices.map { [labels[$0], Format.short(real[$0]), Format.short(simulated[$0])] }
        return Figure(title: title, caption: caption, chart: Chart(views: [view]), table: table, isHalf: true)
    }

    private static func numbers(_ comparison: ComparisonStudy) -> Table {
        var table = Table(
            "Simulated against real",
            [
                .text("Quantity"), .number("Real", "mean"), .number("Simulated", "mean"), .number("Bias"),
                .number("Error"), .number("Correlation"),
            ])
        func row(_ name: String, _ pair: ComparisonStudy.Pair, _ factor: Double) {
            table.rows.append([
                name, Format.short(pair.realMean * factor), Format.short(pair.simulatedMean * factor),
                signed(pair.bias),
                Format.short(pair.meanAbsoluteError * factor), Format.fixed(pair.correlation, 3),
            ])
        }
        row("Sessions per day", comparison.sessions, 1)
        row("Energy per day, kWh", comparison.energy, 1e-3)
        row("EVSEs occupied, by hour", comparison.occupancy, 1)
        row("Arrivals, by hour", comparison.arrivals, 1)
        return table
    }
}
