/// Utilization of the EVSEs: by hour of the week, by kind of site, over the sites and on the map.
enum UtilizationSection {
    static func section(_ data: ReportData) -> Section? {
        guard data.series.sampleCount > 0, data.plant.evseCount > 0 else { return nil }
        let week = network(data)
        var lede =
            "On average \(Format.percent(data.occupiedShare)) of the \(Format.count(data.plant.evseCount, "EVSE")) had a vehicle and "
            + "\(Format.percent(data.chargingShare)) were charging. "
        if let busiest = busiest(week) {
            lede +=
                "The busiest hour began \(busiest.text), with \(Format.percent(busiest.share)) occupied."
        }
        var section = Section(id: "utilization", short: "Utilization", title: "Utilization", lede: lede)
        section.pieces.append(.html(heatMaps(data, week)))
        section.pieces.append(.table(title: "By kind of site", note: kindNote, byKind(data)))
        if data.plant.sites.count >= 3 { section.pieces.append(.figure(spread(data))) }
        if let map = map(data) { section.pieces.append(.figure(map)) }
        return section
    }

    private static let kindNote =
        "Occupied: share of time an EVSE has a vehicle. Charging: share of time it delivers energy. Sessions and their energy are per EVSE "
        + "and day. Queued: share of sessions whose driver had to queue."

    /// Share of all EVSEs with a vehicle by hour of the week.
    private static func network(_ data: ReportData) -> WeekProfile {
        var profile = WeekProfile()
        for (sample, occupied) in data.series.occupied.enumerated() {
            let hour = data.facts.clock.hourOfWeek(data.facts.microseconds(sample: sample))
            profile.add(occupied / Double(data.plant.evseCount), hourOfWeek: hour)
        }
        return profile
    }

    private static func busiest(_ week: WeekProfile) -> (text: String, share: Double)? {
        let greatest = week.greatest
        for day in 0..<7 {
            for hour in 0..<24 where week.mean(day: day, hour: hour) == greatest {
                return ("\(WeekProfile.weekdays[day]) \(RunClock.twoDigits(hour)):00", greatest)
            }
        }
        return nil
    }

    private static func heatMaps(_ data: ReportData, _ week: WeekProfile) -> String {
        let map = HeatMap(
            title: "EVSEs with a vehicle, % of all, by hour and weekday", profile: week,
            full: HeatMap.niceFull(week.greatest))
        var html =
            "<figure class=\"card\"><h3>Occupancy by hour and weekday</h3><figcaption>Share of all EVSEs that have a vehicle, in percent."
            + "</figcaption>\(map.table(narrow: false))\(map.table(narrow: true))\(map.legend)\(map.values.downloadLink)</figure>\n"
        guard data.plant.kinds.count > 1 else { return html }
        let evses = data.plant.kinds.indices.map { evsesOfKind(data, $0) }
        let profiles = data.plant.kinds.indices.map {
            data.series.occupiedOfKind[$0].divided(by: Double(max(1, evses[$0])))
        }
        let full = HeatMap.niceFull(profiles.map(\.greatest).max() ?? 1)
        html +=
            "<figure class=\"card\"><h3>Occupancy by kind of site</h3><figcaption>One scale for all kinds; hours across, weekdays down."
            + "</figcaption><div class=\"minis\">"
        for kind in data.plant.kinds.indices where evses[kind] > 0 {
            let map = HeatMap(
                title: "\(Format.words(data.plant.kinds[kind])), \(Format.count(evses[kind], "EVSE"))",
                profile: profiles[kind], full: full)
            html += "<div>\(map.table(narrow: false, mini: true))\(map.values.downloadLink)</div>"
        }
        return html + "</div>\(HeatMap(title: "", profile: week, full: full).legend)</figure>\n"
    }

    private static func evsesOfKind(_ data: ReportData, _ kind: Int) -> Int {
        data.plant.sites.reduce(0) { $0 + ($1.kind == kind ? $1.evseCount : 0) }
    }

    private static func byKind(_ data: ReportData) -> Table {
        var table = Table(
            "Utilization by kind of site",
            [
                .text("Kind"), .number("Sites"), .number("EVSEs"), .number("Connected", "kW"),
                .number("Occupied", "% of time"),
                .number("Charging", "% of time"), .number("Sessions", "per EVSE and day"),
                .number("Energy", "kWh per EVSE and day"),
                .number("Mean session", "kWh"), .number("Queued", "% of sessions"),
            ])
        for kind in data.plant.kinds.indices {
            let members = data.plant.sites.indices.filter { data.plant.sites[$0].kind == kind }
            table.rows.append(row(Format.words(data.plant.kinds[kind]), members, data))
        }
        if data.plant.kinds.count > 1 { table.rows.append(row("All", Array(data.plant.sites.indices), data)) }
        return table
    }

    private static func row(_ name: String, _ sites: [Int], _ data: ReportData) -> [String] {
        func total(_ value: (Int) -> Double) -> Double {
            sites.reduce(0) { $0 + (value($1).isNaN ? 0 : value($1)) }
        }
        let evses = total { Double(data.plant.sites[$0].evseCount) }
        let sessions = total { Double(data.sessions.sessionsOfSite[$0]) }
        let energy = total { data.sessions.energyOfSite[$0] }
        return [
            name, Format.integer(sites.count), Format.fixed(evses, 0),
            Format.short(total { data.plant.sites[$0].connectedW } / 1e3),
            Format.percent(total { data.series.sites[$0].occupied.value } / evses),
            Format.percent(total { data.series.sites[$0].charging.value } / evses),
            Format.fixed(sessions / evses / data.days, 2), Format.short(energy / 1e3 / evses / data.days),
            Format.short(energy / 1e3 / sessions),
            Format.percent(total { Double(data.sessions.queuedOfSite[$0]) } / sessions),
        ]
    }

    private static func spread(_ data: ReportData) -> Figure {
        let labels = (0..<10).map { "\($0 * 10)\u{2013}\($0 * 10 + 10)" }
        var counts = [Double](repeating: 0, count: 10)
        for (index, site) in data.plant.sites.enumerated() where site.evseCount > 0 {
            let share = data.series.sites[index].occupied.value / Double(site.evseCount)
            if !share.isNaN { counts[min(9, max(0, Int(share * 10)))] += 1 }
        }
        var table = Table("Sites by mean occupancy", [.text("Occupied, % of time"), .number("Sites")])
        table.rows = labels.indices.map { [labels[$0], Format.integer(Int(counts[$0]))] }
        let view = Chart.View(
            x: .category(labels), yTitle: "sites",
            series: [Chart.Series(name: "Sites", mark: .bar, color: .accent, values: counts)], isHorizontal: true)
        return Figure(
            title: "Sites by occupancy",
            caption: "Number of sites by the share of time their EVSEs had a vehicle, in percent.",
            chart: Chart(views: [view]), table: table, isHalf: true)
    }

    /// Sites where they stand; nil when fewer than three have coordinates.
    private static func map(_ data: ReportData) -> Figure? {
        let placed = data.plant.sites.indices.filter {
            !data.plant.sites[$0].latitude.isNaN && !data.plant.sites[$0].longitude.isNaN
        }
        guard placed.count >= 3 else { return nil }
        let energy = data.sessions.energyOfSite.map { $0 / 1e3 / max(data.days, 1e-9) }
        let most = placed.map { energy[$0] }.max() ?? 0
        let series = data.plant.kinds.indices.map { kind in
            // Large circles first, so that small ones lie on top of them.
            let members = placed.filter { data.plant.sites[$0].kind == kind }.sorted { energy[$0] > energy[$1] }
            return Chart.Series(
                name: Format.words(data.plant.kinds[kind]), mark: .point, color: .category(kind),
                values: members.map { data.plant.sites[$0].latitude },
                sizes: members.map { 1.5 + 10 * (most > 0 ? (energy[$0] / most).squareRoot() : 0) },
                names: members.map {
                    HTML.shortened(data.plant.sites[$0].label, 40) + ": \(Format.short(energy[$0])) kWh per day"
                },
                x: members.map { data.plant.sites[$0].longitude })
        }
        let middle = placed.reduce(0) { $0 + data.plant.sites[$1].latitude } / Double(placed.count)
        let view = Chart.View(
            x: .number([], title: "longitude"), yTitle: "latitude", series: series.filter { !$0.values.isEmpty },
            yMin: nil,
            mapAspect: cosine(degrees: middle))
        var table = Table(
            "Energy by site",
            [.text("Site"), .text("Kind"), .number("Latitude"), .number("Longitude"), .number("Energy", "kWh per day")])
        table.rows = TopSites.largest(energy, 25).map { index in
            let site = data.plant.sites[index]
            return [
                data.siteLabel(index), Format.words(data.plant.kinds[site.kind]), Format.fixed(site.latitude, 4),
                Format.fixed(site.longitude, 4), Format.short(energy[index]),
            ]
        }
        return Figure(
            title: "Energy by site",
            caption: "One circle per site; its area is the energy of sessions per day. The table lists the 25 largest.",
            chart: Chart(views: [view]), table: table, isHalf: true, isTall: true)
    }

    /// Good to 0.1 %: it only sets the proportions of a map.
    private static func cosine(degrees: Double) -> Double {
        let x = min(89, abs(degrees)) * 0.017_453_292_519_943_295
        let square = x * x
        return 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56)))
    }
}
