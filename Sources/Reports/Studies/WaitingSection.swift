/// Drivers who queued, and drivers who left without a charge.
enum WaitingSection {
    static func section(_ data: ReportData) -> Section? {
        guard data.demand > 0 else { return nil }
        let sessions = data.sessions
        let lost = data.lost
        let waits = sessions.waits.quantiles([0.5, 0.95])
        var lede =
            sessions.waits.count == 0
            ? "Nobody had to queue. "
            : "\(Format.percent(sessions.waitedShare)) of the drivers who charged had to queue, half of them for "
                + "\(Format.duration(seconds: waits[0])) or less, one in twenty for over \(Format.duration(seconds: waits[1])). "
        lede +=
            lost.goneCount + lost.droveOnCount == 0
            ? "Nobody left without a charge."
            : "\(Format.count(lost.goneCount, "driver")) (\(Format.percent(data.lostShare)) of the demand) left without a charge; "
                + "\(Format.integer(lost.droveOnCount)) more drove on to another site."
        var section = Section(id: "waiting", short: "Waiting", title: "Waiting and lost drivers", lede: lede)
        section.pieces = [.figure(queue(data))]
        if lost.goneCount + lost.droveOnCount > 0 { section.pieces.append(.figure(reasons(lost))) }
        section.pieces.append(
            .table(
                title: "Waiting in numbers", note: SessionSection.percentileNote([sessions.waits, lost.waits]),
                numbers(data)))
        if lost.goneCount + sessions.waits.count > 0 {
            section.pieces.append(
                .table(
                    title: "Where drivers wait and leave", note: "The ten sites that lost most drivers for good.",
                    sites(data)))
        }
        return section
    }

    private static func queue(_ data: ReportData) -> Figure {
        var week = WeekProfile()
        for (sample, waiting) in data.series.waiting.enumerated() {
            week.add(waiting, hourOfWeek: data.facts.clock.hourOfWeek(data.facts.microseconds(sample: sample)))
        }
        let groups: [(String, Range<Int>, Chart.Color)] =
            data.days >= 7
            ? [("Mon\u{2013}Fri", 0..<5, .accent), ("Sat\u{2013}Sun", 5..<7, .second)] : [("All days", 0..<7, .accent)]
        let means = groups.map { group in (0..<24).map { week.mean(days: group.1, hour: $0) } }
        let view = Chart.View(
            x: .category(DayProfile.hourLabels), yTitle: "drivers",
            series: groups.indices.map {
                Chart.Series(name: groups[$0].0, mark: .line, color: groups[$0].2, values: means[$0])
            })
        var table = Table("Drivers queueing by hour", [.text("Hour")] + groups.map { .number($0.0, "drivers") })
        table.rows = (0..<24).map { hour in [DayProfile.hourLabels[hour]] + means.map { Format.short($0[hour]) } }
        return Figure(
            title: "Drivers queueing", caption: "Mean number of drivers in a queue in the whole network, by hour.",
            chart: Chart(views: [view]), table: table, isHalf: true)
    }

    private static func reasons(_ lost: LostDriverStudy) -> Figure {
        let count = max(lost.gone.count, lost.droveOn.count)
        func padded(_ counts: [Int]) -> [Int] { counts + [Int](repeating: 0, count: count - counts.count) }
        let gone = padded(lost.gone)
        let droveOn = padded(lost.droveOn)
        let names = SessionSection.names(lost.reasonNames, count)
        let totals: [Double] = (0..<count).map { Double(gone[$0] + droveOn[$0]) }
        let order = TopSites.largest(totals.map { $0 > 0 ? $0 : .nan }, count)
        let view = Chart.View(
            x: .category(order.map { names[$0] }), yTitle: "drivers",
            series: [
                Chart.Series(name: "Left for good", mark: .bar, color: .danger, values: order.map { Double(gone[$0]) }),
                Chart.Series(name: "Drove on", mark: .bar, color: .muted, values: order.map { Double(droveOn[$0]) }),
            ], isStacked: true, isHorizontal: true)
        var table = Table("Why drivers left", [.text("Reason"), .number("Left for good"), .number("Drove on")])
        table.rows = order.map { [names[$0], Format.integer(gone[$0]), Format.integer(droveOn[$0])] }
        return Figure(
            title: "Why drivers left",
            caption: "Drivers who left a site without a charge; those who drove on tried another site.",
            chart: Chart(views: [view]), table: table, isHalf: true)
    }

    private static func numbers(_ data: ReportData) -> Table {
        var table = Table(
            "Waiting in numbers",
            [
                .text("Drivers"), .number("Number"), .number("Mean wait"), .number("Median"), .number("95\u{A0}%"),
                .number("99\u{A0}%"), .number("Longest"),
            ])
        for (name, waits) in [("Queued and charged", data.sessions.waits), ("Queued and left", data.lost.waits)] {
            var seconds: [Double] = [waits.mean]
            seconds += waits.quantiles([0.5, 0.95, 0.99])
            seconds.append(waits.count == 0 ? .nan : waits.greatest)
            var row = [name, Format.integer(waits.count)]
            row += seconds.map { Format.duration(seconds: $0) }
            table.rows.append(row)
        }
        let calm = data.sessions.count - data.sessions.waits.count
        table.rows.append(["Charged at once", Format.integer(calm), "", "", "", "", ""])
        return table
    }

    private static func sites(_ data: ReportData) -> Table {
        let rank = data.plant.sites.indices.map {
            Double(data.lost.goneOfSite[$0]) + 1e-9 * data.sessions.waitSOfSite[$0]
        }
        var table = Table(
            "Sites that lost most drivers",
            [
                .text("Site"), .text("Kind"), .number("EVSEs"), .number("Sessions"), .number("Lost", "for good"),
                .number("Lost", "% of demand"), .number("Drove on"), .number("Queued", "% of sessions"),
                .number("Mean wait", "of those"),
                .number("Longest queue", "interval mean"),
            ])
        table.rows = TopSites.largest(rank.map { $0 > 0 ? $0 : .nan }, TopSites.count).map { index in
            let sessions = data.sessions.sessionsOfSite[index]
            let gone = data.lost.goneOfSite[index]
            let waited = data.sessions.waitedOfSite[index]
            return [
                data.siteLabel(index), Format.words(data.plant.kinds[data.plant.sites[index].kind]),
                Format.integer(data.plant.sites[index].evseCount), Format.integer(sessions), Format.integer(gone),
                Format.percent(Double(gone) / Double(gone + sessions)), Format.integer(data.lost.droveOnOfSite[index]),
                Format.percent(Double(waited) / Double(sessions)),
                Format.duration(seconds: data.sessions.waitSOfSite[index] / Double(waited)),
                Format.fixed(data.series.sites[index].waitingPeak.value, 1),
            ]
        }
        return table
    }
}
