/// The network's load: over the run, by time of day, by kind of site, and as a duration curve.
enum LoadSection {
    static func section(_ data: ReportData) -> Section? {
        guard let ev = data.evLoad else { return nil }
        let connected = data.plant.connectedW
        var lede =
            "Charging peaked at \(Format.power(watts: ev.peakW)) on \(data.text(sample: ev.peakIndex)), "
            + "\(Format.percent(ev.peakW / connected, 0)) of the \(Format.power(watts: connected)) connected, and averaged "
            + "\(Format.power(watts: ev.meanW)) (load factor \(Format.percent(ev.loadFactor, 0)))."
        if let site = data.siteLoad, data.hasBuildings {
            lede +=
                " Including building load, the sites drew up to \(Format.power(watts: site.peakW)) "
                + "(\(data.text(sample: site.peakIndex)))."
        }
        var section = Section(id: "load", short: "Load", title: "Load of the network", lede: lede)
        section.pieces = [.figure(course(data)), .figure(day(data))]
        let inNumbers = Section.Piece.halfTable(title: "Load statistics", note: note, numbers(data))
        // Two by two: with one kind of site there is nothing to stack, and the table moves up.
        section.pieces +=
            data.plant.kinds.count > 1
            ? [.figure(kinds(data)), .figure(duration(data, isHalf: true)), inNumbers]
            : [inNumbers, .figure(duration(data, isHalf: false))]
        return section
    }

    private static let note =
        "Charging: grid import of the charging stations, standby included. Means over one telemetry interval. Percentiles by linear interpolation between order statistics (Hyndman\u{2013}Fan 7). "
        + "Coincidence: network peak over the sum of the sites' own peaks. Demand factor: peak over connected power."

    private static func course(_ data: ReportData) -> Figure {
        // An hour, a day or a week: anything between would show day and night as a zigzag.
        let strides = [1, 24, 168].map { max(1, $0 * 3600 / data.facts.intervalS) }
        func view(_ name: String, _ watts: [Double], _ peakW: Double) -> Chart.View {
            let scale = Scale.power(greatest: peakW)
            let envelope = Envelope(watts, atMost: 760, preferring: strides)
            let x = Chart.XAxis.time(envelope.first.map { data.facts.microseconds(sample: $0) })
            func scaled(_ values: [Double]) -> [Double] { values.map { $0 * scale.factor } }
            var series = [
                Chart.Series(name: "Mean", mark: .line, color: .accent, values: scaled(envelope.mean))
            ]
            if envelope.stride > 1 {
                series.insert(
                    Chart.Series(name: "Lowest", mark: .edge, color: .accent, values: scaled(envelope.low)), at: 0)
                series.insert(
                    Chart.Series(name: "Highest", mark: .band, color: .accent, values: scaled(envelope.high)), at: 1)
            } else {
                series[0] = Chart.Series(
                    name: "Interval mean", mark: .area, color: .accent, values: scaled(envelope.mean))
            }
            return Chart.View(name: name, x: x, yTitle: scale.unit, series: series)
        }
        var views = [view("Charging", data.series.evW, data.evLoad?.peakW ?? 0)]
        if data.hasBuildings {
            views.append(view("Whole sites", data.series.siteW, data.siteLoad?.peakW ?? 0))
        }
        let stride = Envelope(data.series.evW, atMost: 760, preferring: strides).stride
        let caption =
            stride == 1
            ? "Every telemetry interval of \(Format.duration(seconds: Double(data.facts.intervalS)))."
            : "Each point stands for \(span(seconds: stride * data.facts.intervalS)): the line is the mean, the band reaches from "
                + "the lowest to the highest interval within."
        return Figure(title: "Load over the run", caption: caption, chart: Chart(views: views), table: dailyTable(data))
    }

    private static func span(seconds: Int) -> String {
        switch seconds {
        case 3600: "an hour"
        case 86_400: "a day"
        case 604_800: "a week"
        default: Format.duration(seconds: Double(seconds))
        }
    }

    private static func dailyTable(_ data: ReportData) -> Table {
        let scale = Scale.power(greatest: data.evLoad?.peakW ?? 0)
        let dayWh = (data.evLoad?.energyWh ?? 0) / max(1, data.days)
        let energy = Scale.energy(greatest: dayWh)
        var table = Table(
            "Charging load by day",
            [
                .text("Day"), .number("Peak", scale.unit), .number("Mean", scale.unit),
                .number("Grid energy", energy.unit), .number("Sessions started"),
            ])
        var sample = 0
        while sample < data.series.sampleCount {
            let time = data.facts.microseconds(sample: sample)
            let day = data.facts.clock.day(time)
            var end = sample
            while end < data.series.sampleCount, data.facts.clock.day(data.facts.microseconds(sample: end)) == day {
                end += 1
            }
            let watts = data.series.evW[sample..<end]
            let sum = watts.reduce(0, +)
            let sessions = data.sessions.sessionsOfDay.indices.contains(day) ? data.sessions.sessionsOfDay[day] : 0
            table.rows.append([
                data.facts.clock.dateText(time), Format.short((watts.max() ?? 0) * scale.factor),
                Format.short(sum / Double(end - sample) * scale.factor),
                Format.short(sum * data.facts.intervalH * energy.factor), Format.integer(sessions),
            ])
            sample = end
        }
        return table
    }

    private static func day(_ data: ReportData) -> Figure {
        let scale = Scale.power(greatest: data.evLoad?.peakW ?? 0)
        var groups: [(String, Range<Int>)] = [("All days", 0..<7)]
        if data.days >= 7 { groups += [("Mon\u{2013}Fri", 0..<5), ("Sat\u{2013}Sun", 5..<7)] }
        let all = DayProfile(data.series.evW, facts: data.facts, weekdays: 0..<7)
        let top = (all.highest.filter { !$0.isNaN }.max() ?? 0) * scale.factor
        let views = groups.map { name, weekdays in
            let profile = DayProfile(data.series.evW, facts: data.facts, weekdays: weekdays)
            func scaled(_ values: [Double]) -> [Double] { values.map { $0 * scale.factor } }
            return Chart.View(
                name: name, x: .category(profile.labels), yTitle: scale.unit,
                series: [
                    Chart.Series(name: "5th percentile", mark: .edge, color: .accent, values: scaled(profile.p5)),
                    Chart.Series(name: "95th percentile", mark: .band, color: .accent, values: scaled(profile.p95)),
                    Chart.Series(name: "Mean", mark: .line, color: .accent, values: scaled(profile.mean)),
                    Chart.Series(name: "Highest", mark: .dashed, color: .muted, values: scaled(profile.highest)),
                ], yMax: top)
        }
        var table = Table(
            "Charging load by time of day, all days",
            [
                .text("From"), .number("5th percentile", scale.unit), .number("Mean", scale.unit),
                .number("95th percentile", scale.unit),
                .number("Highest", scale.unit),
            ])
        let columns = [all.p5, all.mean, all.p95, all.highest].map { Format.aligned($0.map { $0 * scale.factor }) }
        table.rows = all.labels.indices.map { slot in
            [all.labels[slot]] + columns.map { $0[slot] }
        }
        return Figure(
            title: "Charging load by time of day",
            caption: "Mean over the days of the run; the band spans the 5th to the 95th percentile.",
            chart: Chart(views: views), table: table, isHalf: true)
    }

    private static func kinds(_ data: ReportData) -> Figure {
        let scale = Scale.power(greatest: data.evLoad?.peakW ?? 0)
        var groups: [(String, Range<Int>)] = [("All days", 0..<7)]
        if data.days >= 7 { groups = [("Mon\u{2013}Fri", 0..<5), ("Sat\u{2013}Sun", 5..<7)] }
        let names = data.plant.kinds.map { Format.words($0) }
        func means(_ kind: Int, _ days: Range<Int>) -> [Double] {
            (0..<24).map { data.series.evOfKind[kind].mean(days: days, hour: $0) * scale.factor }
        }
        let views = groups.map { name, days in
            Chart.View(
                name: name, x: .category(DayProfile.hourLabels), yTitle: scale.unit,
                series: names.indices.map { kind in
                    Chart.Series(name: names[kind], mark: .area, color: .category(kind), values: means(kind, days))
                }, isStacked: true)
        }
        var table = Table(
            "Mean charging load by hour and kind of site, all days",
            [.text("Hour")] + names.map { .number($0, scale.unit) })
        let columns = names.indices.map { Format.aligned(means($0, 0..<7)) }
        table.rows = (0..<24).map { hour in [DayProfile.hourLabels[hour]] + columns.map { $0[hour] } }
        return Figure(
            title: "Charging load by kind of site", caption: "Mean charging load by hour of the day, stacked.",
            chart: Chart(views: views), table: table, isHalf: true)
    }

    private static func duration(_ data: ReportData, isHalf: Bool) -> Figure {
        let scale = Scale.power(
            greatest: max(data.evLoad?.peakW ?? 0, data.hasBuildings ? data.siteLoad?.peakW ?? 0 : 0))
        var curves = [("Charging", DurationCurve(loadW: data.series.evW), Chart.Color.accent)]
        if data.hasBuildings { curves.append(("Whole sites", DurationCurve(loadW: data.series.siteW), .second)) }
        let percents = DurationCurve.chartPercents
        let view = Chart.View(
            x: .number(percents, title: "% of the time at or above"), yTitle: scale.unit,
            series: curves.map { name, curve, color in
                Chart.Series(
                    name: name, mark: .line, color: color,
                    values: percents.map { curve.valueW(atPercent: $0) * scale.factor })
            })
        var table = Table(
            "Load duration curve of the network", [.text("Share of time")] + curves.map { .number($0.0, scale.unit) })
        table.rows = DurationCurve.tablePercents.map { percent in
            ["\(Format.short(percent))\u{A0}%"]
                + curves.map { Format.short($0.1.valueW(atPercent: percent) * scale.factor) }
        }
        return Figure(
            title: "Load duration curve", caption: "Share of the time at or above a load.",
            chart: Chart(views: [view]), table: table, isHalf: isHalf)
    }

    private static func numbers(_ data: ReportData) -> Table {
        var columns: [(String, LoadStatistics, Double)] = []
        if let ev = data.evLoad { columns.append(("Charging", ev, data.coincidenceFactor)) }
        if let site = data.siteLoad, data.hasBuildings {
            let peaks = data.series.sites.reduce(0) { $0 + ($1.sitePeak.value.isNaN ? 0 : $1.sitePeak.value) }
            columns.append(("Whole sites", site, site.peakW / peaks))
        }
        var table = Table("Load statistics", [.text("Quantity")] + columns.map { .number($0.0) })
        func row(_ name: String, _ value: (LoadStatistics) -> String) {
            table.rows.append([name] + columns.map { value($0.1) })
        }
        row("Peak") { Format.power(watts: $0.peakW) }
        row("Interval of the peak") { data.text(sample: $0.peakIndex) }
        row("99th percentile") { Format.power(watts: $0.p99W) }
        row("95th percentile") { Format.power(watts: $0.p95W) }
        row("Median") { Format.power(watts: $0.p50W) }
        row("Mean") { Format.power(watts: $0.meanW) }
        row("Grid energy") { Format.energy(wattHours: $0.energyWh) }
        row("Load factor") { Format.percent($0.loadFactor) }
        table.rows.append(["Coincidence factor"] + columns.map { Format.fixed($0.2, 3) })
        table.rows.append(
            ["Demand factor"]
                + columns.map { $0.0 == "Charging" ? Format.fixed($0.1.peakW / data.plant.connectedW, 3) : "" })
        return table
    }
}
