/// Drivers who queued, handling times, and drivers who left without charging.
enum WaitingSection {
    static func section(_ data: ReportData) -> Section? {
        guard data.demand > 0 else { return nil }
        let sessions = data.sessions
        let lost = data.lost
        let times = sessions.queues.quantiles([0.5, 0.95])
        var lede =
            sessions.queues.count == 0
            ? "No driver who charged had to queue. "
            : "\(Format.percent(sessions.queuedShare)) of the drivers who charged had to queue for an EVSE; the median time in "
                + "the queue was \(Format.duration(seconds: times[0])), the 95th percentile \(Format.duration(seconds: times[1])). "
        if data.extent.has("lost_drivers") {
            lede +=
                lost.goneCount + lost.droveOnCount == 0
                ? "No driver left without charging."
                : "\(Format.count(lost.goneCount, "driver")) (\(Format.percent(data.lostShare)) of demand) left without charging"
                    + (lost.droveOnCount == 0
                        ? "." : "; drivers drove on to another site \(Format.count(lost.droveOnCount, "time")).")
        }
        var section = Section(id: "waiting", short: "Queueing", title: "Queueing and lost drivers", lede: lede)
        section.pieces = [.figure(queue(data))]
        if lost.goneCount + lost.droveOnCount > 0 { section.pieces.append(.figure(reasons(lost))) }
        section.pieces.append(
            .table(
                title: "Time in the queue",
                note:
                    "Queueing: from arrival at the site until an EVSE was assigned; shorter than one second is not counted. "
                    + SessionSection.percentileNote([sessions.queues, lost.queues]), numbers(data)))
        section.pieces.append(
            .table(title: "Handling times", note: handlingNote, HandlingTimes.table(sessions)))
        if lost.goneCount + sessions.queues.count > 0 {
            section.pieces.append(
                .table(
                    title: "Queueing and lost drivers by site",
                    note: "Sites that lost the most drivers, then those with the longest queues; at most ten.",
                    sites(data)))
        }
        return section
    }

    private static let handlingNote =
        "Not queueing. Parking: from the assigned EVSE to the cable in. Start: from the cable in to the first energy, that is "
        + "authorization and the start sequence; sessions without energy are left out."

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
            title: "Drivers queueing", caption: "Mean number of queueing drivers in the network, by hour of the day.",
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
                Chart.Series(name: "Lost", mark: .bar, color: .danger, values: order.map { Double(gone[$0]) }),
                Chart.Series(name: "Drove on", mark: .bar, color: .muted, values: order.map { Double(droveOn[$0]) }),
            ], isStacked: true, isHorizontal: true)
        var table = Table("Reasons for leaving", [.text("Reason"), .number("Lost"), .number("Drove on")])
        table.rows = order.map { [names[$0], Format.integer(gone[$0]), Format.integer(droveOn[$0])] }
        return Figure(
            title: "Reasons for leaving",
            caption: "Drivers who left a site without charging; those who drove on tried another site.",
            chart: Chart(views: [view]), table: table, isHalf: true)
    }

    private static func numbers(_ data: ReportData) -> Table {
        var table = Table(
            "Time in the queue",
            [
                .text("Drivers"), .number("Number"), .number("Mean"), .number("Median"), .number("95\u{A0}%"),
                .number("99\u{A0}%"), .number("Longest"),
            ])
        for (name, queues) in [("Queued, then charged", data.sessions.queues), ("Queued, then left", data.lost.queues)]
        {
            var seconds: [Double] = [queues.mean]
            seconds += queues.quantiles([0.5, 0.95, 0.99])
            seconds.append(queues.count == 0 ? .nan : queues.greatest)
            var row = [name, Format.integer(queues.count)]
            row += seconds.map { Format.duration(seconds: $0) }
            table.rows.append(row)
        }
        let unqueued = data.sessions.count - data.sessions.queues.count
        table.rows.append(["Charged without queueing", Format.integer(unqueued), "", "", "", "", ""])
        return table
    }

    private static func sites(_ data: ReportData) -> Table {
        let rank = data.plant.sites.indices.map {
            Double(data.lost.goneOfSite[$0]) + 1e-9 * data.sessions.queueSOfSite[$0]
        }
        var table = Table(
            "Queueing and lost drivers by site",
            [
                .text("Site"), .text("Kind"), .number("EVSEs"), .number("Sessions"), .number("Lost"),
                .number("Lost", "% of demand"), .number("Drove on"), .number("Queued", "% of sessions"),
                .number("Mean time", "of those"),
                .number("Longest queue", "interval mean"),
            ])
        table.rows = TopSites.largest(rank.map { $0 > 0 ? $0 : .nan }, TopSites.count).map { index in
            let sessions = data.sessions.sessionsOfSite[index]
            let gone = data.lost.goneOfSite[index]
            let queued = data.sessions.queuedOfSite[index]
            return [
                data.siteLabel(index), Format.words(data.plant.kinds[data.plant.sites[index].kind]),
                Format.integer(data.plant.sites[index].evseCount), Format.integer(sessions), Format.integer(gone),
                Format.percent(Double(gone) / Double(gone + sessions)), Format.integer(data.lost.droveOnOfSite[index]),
                Format.percent(Double(queued) / Double(sessions)),
                Format.duration(seconds: data.sessions.queueSOfSite[index] / Double(queued)),
                Format.fixed(data.series.sites[index].waitingPeak.value, 1),
            ]
        }
        return table
    }
}
