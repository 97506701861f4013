/// Availability of the EVSEs, and what took them out of service.
enum AvailabilitySection {
    /// Uptime that the US programme asks of every port must be above this share.
    /// - Source: 23 CFR 680.116(b).
    static let requiredUptime = 0.97

    static func section(_ data: ReportData) -> Section? {
        let outages = data.outages
        guard data.series.sampleCount > 0, !outages.availability.isEmpty else { return nil }
        let below = outages.neviUptime.filter { $0 <= requiredUptime }.count
        var lede =
            "EVSEs were in service for \(Format.percent(outages.networkAvailability, 2)) of the time; their stations were online for "
            + "\(Format.percent(OutageStudy.mean(outages.heartbeatUptime), 2)). "
        if outages.attempts.triedVisits > 0 {
            lede +=
                "\(Format.percent(outages.attempts.firstAttemptSuccess)) of the drivers who plugged in charged at the first attempt. "
        }
        lede +=
            outages.outageCount == 0
            ? "Nothing failed."
            : "\(Format.count(outages.outageCount, "outage")) happened; "
                + "\(Format.integer(below)) of \(Format.count(outages.availability.count, "EVSE")) did not get above the "
                + "\(Format.percent(requiredUptime, 0)) that NEVI asks for, excluded causes taken off."
        var section = Section(id: "availability", short: "Availability", title: "Availability", lede: lede)
        guard outages.outageCount > 0 else { return section }
        section.pieces = [
            .figure(pareto(outages)), .figure(spread(outages)), .figure(course(data)),
            .table(title: "Shares of time", note: sharesNote, shares(outages)),
            .table(title: "By component", note: note, components(data)),
        ]
        if outages.visits.count > 0 {
            section.pieces.append(.table(title: "Repairs on site", note: visitsNote, visits(outages)))
        }
        section.pieces += DriverSuccess.pieces(outages.attempts)
        section.pieces += [
            .table(title: "Least available stations", note: "Mean over the EVSEs of the station.", stations(data))
        ]
        return section
    }

    private static let note =
        "EVSE hours out of service: an outage of a whole station counts for each of its EVSEs, one still open counts to the end of the "
        + "run. Other hours: payment terminal or link broken, or a port that looks available and does not work. Between failures: "
        + "hours of all EVSEs over outages of the component. An EVSE that two faults keep out of service is out once."
    private static let sharesNote =
        "An EVSE is out of service while a fault, a protective trip or a lost supply keeps it from charging. NEVI uptime takes off lost "
        + "supply and vandalism (23 CFR 680.116(b)) over this run instead of twelve months. Online: the station has power and its "
        + "modem works; outages of the network are not in it."
    private static let visitsNote =
        "Mean hours of visits that are over, from the failure on: until it was noticed, until parts and plan were ready, until a crew "
        + "was free, the drive, the work."

    private static func ordered(_ outages: OutageStudy) -> [OutageStudy.Component] {
        let hours = outages.components.map { $0.outages > 0 ? $0.evseHours + 1e-6 * $0.otherHours : .nan }
        return TopSites.largest(hours, hours.count).map { outages.components[$0] }
    }

    private static func pareto(_ outages: OutageStudy) -> Figure {
        let components = ordered(outages).filter { $0.evseHours > 0 }
        let total = max(1e-9, components.reduce(0) { $0 + $1.evseHours })
        let view = Chart.View(
            x: .category(components.map { HTML.shortened(Format.words($0.name), 26) }), yTitle: "% of EVSE hours lost",
            series: [
                Chart.Series(
                    name: "EVSE hours lost", mark: .bar, color: .third,
                    values: components.map { $0.evseHours / total * 100 })
            ], isHorizontal: true)
        var table = Table(
            "EVSE hours lost by component", [.text("Component"), .number("EVSE hours"), .number("Share")])
        table.rows = components.map {
            [Format.words($0.name), Format.short($0.evseHours), Format.percent($0.evseHours / total)]
        }
        return Figure(
            title: "What costs availability", caption: "Share of all EVSE hours out of service, by component.",
            chart: Chart(views: [view]), table: table, isHalf: true, isTall: true)
    }

    private static func spread(_ outages: OutageStudy) -> Figure {
        let edges = [0, 0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.999]
        let labels = [
            "< 50", "50\u{2013}80", "80\u{2013}90", "90\u{2013}95", "95\u{2013}97", "97\u{2013}98", "98\u{2013}99",
            "99\u{2013}99.9", "\u{2265} 99.9",
        ]
        var counts = [Double](repeating: 0, count: edges.count)
        for share in outages.availability { counts[edges.lastIndex { $0 <= share } ?? 0] += 1 }
        let view = Chart.View(
            x: .category(labels), yTitle: "EVSEs",
            series: [Chart.Series(name: "EVSEs", mark: .bar, color: .accent, values: counts)], isHorizontal: true)
        var table = Table("EVSEs by availability", [.text("Availability, %"), .number("EVSEs"), .number("Share")])
        table.rows = labels.indices.map {
            [
                labels[$0], Format.integer(Int(counts[$0])),
                Format.percent(counts[$0] / Double(outages.availability.count)),
            ]
        }
        return Figure(
            title: "EVSEs by availability",
            caption: "EVSEs by the share of the run in which they were in service, in per cent.",
            chart: Chart(views: [view]), table: table, isHalf: true)
    }

    private static func course(_ data: ReportData) -> Figure {
        let perDay = max(1, 86_400 / data.facts.intervalS)
        let envelope = Envelope(
            data.series.outOfService, atMost: 400,
            preferring: [1, perDay / 24, perDay / 4, perDay, perDay * 7].filter { $0 > 0 })
        func share(_ values: [Double]) -> [Double] { values.map { $0 / Double(data.plant.evseCount) * 100 } }
        let times = envelope.first.map { data.facts.microseconds(sample: $0) }
        let view = Chart.View(
            x: .time(times), yTitle: "% of EVSEs",
            series: [Chart.Series(name: "Out of service", mark: .area, color: .third, values: share(envelope.mean))])
        var table = Table("EVSEs out of service", [.text("From"), .number("Out of service", "% of EVSEs")])
        let step = max(1, envelope.mean.count / 60)
        let shares = share(envelope.mean)
        table.rows = stride(from: 0, to: shares.count, by: step).map {
            [data.facts.clock.text(times[$0]), Format.fixed(shares[$0], 2)]
        }
        return Figure(
            title: "Out of service over the run", caption: "Share of EVSEs that were not operative.",
            chart: Chart(views: [view]), table: table)
    }

    private static func components(_ data: ReportData) -> Table {
        let exposure = Double(data.plant.evseCount) * data.hours
        var table = Table(
            "Outages by component",
            [
                .text("Component"), .number("Outages"), .number("Still open"), .number("Fixed remotely"),
                .number("Out of service", "EVSE hours"), .number("Other", "EVSE hours"),
                .number("Availability lost"),
                .number("Mean outage"), .number("Median"), .number("90\u{A0}%"),
                .number("Between failures", "EVSE hours"),
            ])
        for component in ordered(data.outages) {
            let quantiles = component.lengths.quantiles([0.5, 0.9])
            table.rows.append([
                Format.words(component.name), Format.integer(component.outages),
                Format.integer(component.open),
                Format.percent(Double(component.fixedRemotely) / Double(component.outages), 0),
                Format.short(component.evseHours), Format.short(component.otherHours),
                Format.percent(component.evseHours / exposure, 3),
                Format.duration(seconds: component.lengths.mean * 3600), Format.duration(seconds: quantiles[0] * 3600),
                Format.duration(seconds: quantiles[1] * 3600), Format.short(exposure / Double(component.outages)),
            ])
        }
        return table
    }

    private static func shares(_ outages: OutageStudy) -> Table {
        var table = Table("Shares of time", [.text("Mean over the EVSEs"), .number("Share of the run")])
        table.rows = [
            ["In service", Format.percent(outages.networkAvailability, 3)],
            ["NEVI uptime", Format.percent(OutageStudy.mean(outages.neviUptime), 3)],
            ["Station online", Format.percent(OutageStudy.mean(outages.heartbeatUptime), 3)],
            ["In service and working for drivers", Format.percent(OutageStudy.mean(outages.workingShare), 3)],
        ]
        return table
    }

    private static func visits(_ outages: OutageStudy) -> Table {
        var table = Table(
            "Repairs on site",
            [.text("Component"), .number("Visits")]
                + ["Notice", "Preparation", "Wait for crew", "Drive", "Work", "Total"].map { .number($0, "h") })
        func row(_ name: String, _ times: OutageStudy.VisitTimes) -> [String] {
            let means = times.meansH
            return [name, Format.integer(times.count)] + means.map { Format.fixed($0, 2) }
                + [Format.fixed(means.reduce(0, +), 2)]
        }
        table.rows = ordered(outages).filter { $0.visits.count > 0 }.map { row(Format.words($0.name), $0.visits) }
        table.rows.append(row("all", outages.visits))
        return table
    }

    private static func stations(_ data: ReportData) -> Table {
        let lost = data.plant.stations.map { station -> Double in
            guard station.evseCount > 0 else { return .nan }
            let evses = data.outages.availability[station.firstEVSE..<(station.firstEVSE + station.evseCount)]
            return 1 - evses.reduce(0, +) / Double(station.evseCount)
        }
        var table = Table(
            "Least available stations",
            [
                .text("Station"), .text("Site"), .text("Type"), .number("Rated", "kW"), .number("EVSEs"),
                .number("Availability"),
            ])
        table.rows = TopSites.largest(lost.map { $0 > 0 ? $0 : .nan }, TopSites.count).map { index in
            let station = data.plant.stations[index]
            return [
                HTML.shortened(station.id, 40), data.siteLabel(station.site), station.isDC ? "DC" : "AC",
                Format.short(station.ratedW / 1e3),
                Format.integer(station.evseCount), Format.percent(1 - lost[index], 2),
            ]
        }
        return table
    }
}
