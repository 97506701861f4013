/// The sites with the greatest import, and those that come closest to their rating.
enum TopSitesSection {
    static func section(_ data: ReportData) -> Section? {
        guard let first = data.top.loaded.first else { return nil }
        var lede =
            "The highest site peak was \(Format.power(watts: first.load.peakW)) at \(data.siteLabel(first.site)), on "
            + "\(data.text(sample: first.load.peakIndex))."
        let over = data.series.sites.filter { $0.samplesOverRating > 0 }.count
        let rated = data.plant.sites.filter { !$0.ratingW.isNaN }.count
        if rated > 0 {
            lede +=
                over == 0
                ? " No site exceeded its rating (known for \(Format.count(rated, "site")))."
                : " \(Format.integer(over)) of \(Format.count(rated, "site")) with a known rating exceeded it at some time."
        }
        var section = Section(id: "sites", short: "Sites", title: "Site loading", lede: lede)
        section.pieces.append(.figure(curves(data)))
        section.pieces.append(
            .table(
                title: "Highest site peaks", note: "Import of the whole site, building included; at most ten sites.",
                greatest(data)))
        if rated > 0 {
            section.pieces.append(
                .table(
                    title: "Sites closest to their rating",
                    note:
                        "Rating: the smaller of the import limit and the transformer's nameplate at the power factor of its load.",
                    closest(data)))
        }
        return section
    }

    private static func curves(_ data: ReportData) -> Figure {
        let percents = DurationCurve.chartPercents
        let scale = Scale.power(greatest: data.top.loaded.first?.load.peakW ?? 0)
        let x = Chart.XAxis.number(percents, title: "% of the time at or above")
        func series(_ value: (TopSites.Loaded, Double) -> Double) -> [Chart.Series] {
            data.top.loaded.enumerated().map { rank, site in
                Chart.Series(
                    name: HTML.shortened(data.plant.sites[site.site].label, 26), mark: .line, color: .category(rank),
                    values: percents.map { value(site, site.curve.valueW(atPercent: $0)) })
            }
        }
        var views = [
            Chart.View(name: scale.unit, x: x, yTitle: scale.unit, series: series { $1 * scale.factor })
        ]
        let ratings = data.top.loaded.map { data.plant.sites[$0.site].ratingW }
        if ratings.allSatisfy({ !$0.isNaN }) {
            views.append(
                Chart.View(
                    name: "% of rating", x: x, yTitle: "% of rating",
                    series: series { $1 / data.plant.sites[$0.site].ratingW * 100 },
                    limits: [Chart.Limit(value: 100, label: "rating", color: .danger)]))
        } else {
            views.append(
                Chart.View(
                    name: "% of own peak", x: x, yTitle: "% of own peak", series: series { $1 / $0.load.peakW * 100 }))
        }
        var table = Table(
            "Load duration curves by site",
            [.text("Site")] + DurationCurve.tablePercents.map { .number("\(Format.short($0))\u{A0}%", scale.unit) })
        let cells = DurationCurve.tablePercents.map { percent in
            Format.aligned(data.top.loaded.map { $0.curve.valueW(atPercent: percent) * scale.factor })
        }
        table.rows = data.top.loaded.indices.map { row in
            [data.siteLabel(data.top.loaded[row].site)] + cells.map { $0[row] }
        }
        return Figure(
            title: "Load duration curves by site",
            caption:
                "Import of the sites with the highest peaks, building included. A steep start is a short peak, a plateau an active limit.",
            chart: Chart(views: views), table: table, isTall: true)
    }

    private static func greatest(_ data: ReportData) -> Table {
        var table = Table(
            "Highest site peaks",
            [
                .text("Site"), .text("Kind"), .number("Peak", "kW"), .text("When"), .number("Charging peak", "kW"),
                .number("95\u{A0}%", "kW"), .number("Mean", "kW"), .number("Load factor"), .number("Rating", "kW"),
                .number("Above rating", "h"), .number("Longest time above", "h"), .number("Energy above", "kWh"),
            ])
        func column(_ value: (TopSites.Loaded) -> Double) -> [String] { Format.aligned(data.top.loaded.map(value)) }
        let peak = column { $0.load.peakW / 1e3 }
        let charging = column { data.series.sites[$0.site].evPeak.value / 1e3 }
        let p95 = column { $0.load.p95W / 1e3 }
        let mean = column { $0.load.meanW / 1e3 }
        let rating = column { data.plant.sites[$0.site].ratingW / 1e3 }
        let hours = column { $0.overload?.hours ?? .nan }
        let longest = column { $0.overload?.longestRunH ?? .nan }
        let energy = column { ($0.overload?.energyWh ?? .nan) / 1e3 }
        table.rows = data.top.loaded.indices.map { row in
            let site = data.top.loaded[row]
            return [
                data.siteLabel(site.site), Format.words(data.plant.kinds[data.plant.sites[site.site].kind]), peak[row],
                data.text(sample: site.load.peakIndex), charging[row], p95[row], mean[row],
                Format.percent(site.load.loadFactor, 0), rating[row], hours[row], longest[row], energy[row],
            ]
        }
        return table
    }

    private static func closest(_ data: ReportData) -> Table {
        let loading = data.plant.sites.indices.map {
            data.series.sites[$0].sitePeak.value / data.plant.sites[$0].ratingW
        }
        var table = Table(
            "Sites closest to their rating",
            [
                .text("Site"), .text("Kind"), .number("Peak", "% of rating"), .text("When"), .number("Peak", "kW"),
                .number("Rating", "kW"), .text("Set by"), .number("Above rating", "h"),
            ])
        let rank = TopSites.largest(loading, TopSites.count)
        let peak = Format.aligned(rank.map { data.series.sites[$0].sitePeak.value / 1e3 })
        let rating = Format.aligned(rank.map { data.plant.sites[$0].ratingW / 1e3 })
        let hours = Format.aligned(rank.map { Double(data.series.sites[$0].samplesOverRating) * data.facts.intervalH })
        table.rows = rank.indices.map { row in
            let site = data.plant.sites[rank[row]]
            return [
                data.siteLabel(rank[row]), Format.words(data.plant.kinds[site.kind]),
                Format.percent(loading[rank[row]], 0),
                data.text(sample: data.series.sites[rank[row]].sitePeak.sample), peak[row], rating[row],
                site.ratingW == site.importLimitW ? "import limit" : "transformer", hours[row],
            ]
        }
        return table
    }
}
