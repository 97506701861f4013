/// Load, hot spots and insulation aging of the transformers.
enum TransformerSection {
    /// Tiles of the overview: the hottest and the most loaded transformer; none without transformers.
    static func tiles(_ data: ReportData) -> [Tile] {
        var tiles: [Tile] = []
        if let hottest = data.top.hottest.first {
            let hot = data.series.sites[hottest].hotSpot.value
            let site = data.plant.sites[hottest]
            tiles.append(
                Tile(
                    label: "Hottest transformer", value: Format.fixed(hot, 0) + "\u{A0}°C",
                    note: "hot spot at \(data.siteLabel(hottest)); limit \(Int(site.hotSpotLimitC))\u{A0}°C",
                    mood: hot > site.hotSpotDangerC ? .bad : hot > site.hotSpotLimitC ? .watch : .good))
        }
        let loadings = data.series.sites.map(\.loading.greatest)
        if let most = TopSites.largest(loadings, 1).first {
            let loading = data.series.sites[most].loading
            let hours = Double(loading.samplesOverNameplate) * data.facts.intervalH
            tiles.append(
                Tile(
                    label: "Most loaded transformer", value: Format.percent(loading.greatest, 0),
                    note:
                        "of nameplate at \(data.siteLabel(most)); \(Format.short(hours))\u{A0}h above nameplate; limit "
                        + "\(Format.percent(TransformerLoading.normalCyclic, 0)) (normal cyclic)",
                    mood: loading.samplesOverNormalCyclic > 0 ? .bad : loading.samplesOverNameplate > 0 ? .watch : .good
                ))
        }
        return tiles
    }

    /// Aging relative to rated temperature, F_EQA; NaN without a model.
    static func ageingRate(_ totals: SiteTotals, intervalH: Double) -> Double {
        totals.ageing.count == 0 ? .nan : totals.ageing.sum / (Double(totals.ageing.count) * intervalH)
    }

    static func section(_ data: ReportData) -> Section? {
        guard let hottest = data.top.hottest.first else { return nil }
        let indices = data.series.sites.indices.filter { !data.series.sites[$0].hotSpot.value.isNaN }
        let modelled = indices.map { data.series.sites[$0] }
        let above = indices.filter { data.series.sites[$0].hotSpot.value > data.plant.sites[$0].hotSpotLimitC }.count
        let aged = modelled.filter { ageingRate($0, intervalH: data.facts.intervalH) > 1 }.count
        let worst = data.series.sites[hottest]
        let isOne = modelled.count == 1
        let when = data.text(sample: worst.hotSpot.sample)
        let hot = "\(Format.fixed(worst.hotSpot.value, 0))\u{A0}°C"
        var lede =
            isOne
            ? "The transformer of \(data.siteLabel(hottest)) reached a hot spot of \(hot) (\(when)). "
            : "The hottest of \(Format.count(modelled.count, "transformer")) reached a hot spot of \(hot) "
                + "(\(data.siteLabel(hottest)), \(when)). "
        let limit = limitWords(indices.map { data.plant.sites[$0] })
        lede +=
            above == 0
            ? (isOne ? "It stayed below " : "None exceeded ") + limit
            : (isOne ? "It exceeded " : "\(Format.integer(above)) exceeded ") + limit
        lede +=
            aged == 0
            ? (isOne ? "It aged no faster than at rated temperature. " : "None aged faster than at rated temperature. ")
            : (isOne ? "It" : Format.integer(aged)) + " aged faster than at rated temperature. "
        let over = modelled.filter { $0.loading.samplesOverNameplate > 0 }.count
        let cyclic = modelled.filter { $0.loading.samplesOverNormalCyclic > 0 }.count
        lede +=
            over == 0
            ? "No load exceeded nameplate. "
            : "\(Format.integer(over)) carried more than nameplate at some time, \(Format.integer(cyclic)) more than the "
                + "\(Format.percent(TransformerLoading.normalCyclic, 0)) that the loading guide allows for normal cyclic loading. "
        if let ambient = data.ambient {
            lede +=
                "Ambient temperature: \(Format.fixed(ambient.least, 1)) to \(Format.fixed(ambient.greatest, 1))\u{A0}°C, mean "
                + "\(Format.fixed(ambient.mean, 1))\u{A0}°C."
        }
        var section = Section(id: "transformers", short: "Transformers", title: "Transformers", lede: lede)
        section.pieces = [.figure(peaks(data)), .figure(rates(data))]
        if let window = data.top.hotWindow {
            section.pieces += [.figure(heat(data, window)), .figure(load(data, window))]
        }
        section.pieces.append(.table(title: "Hottest transformers", note: note, table(data)))
        return section
    }

    /// What the hot spots are held against; several limits where oil and dry types stand together.
    private static func limitWords(_ sites: [Plant.Site]) -> String {
        let limits = Set(sites.map(\.hotSpotLimitC))
        guard limits.count == 1, let limit = limits.first else {
            return "its limit: 120\u{A0}°C for normal cyclic loading in oil, the insulation class of a dry type. "
        }
        return "\(Int(limit))\u{A0}°C, "
            + (sites[0].isDryType ? "its insulation class. " : "the limit for normal cyclic loading. ")
    }

    private static let note =
        "At most ten. Load: interval mean at the power factor of the site\u{2019}s load. Loading guide (IEC 60076-7, distribution transformers in oil): "
        + "at most 150\u{A0}% for normal cyclic, 180\u{A0}% for long-time emergency, 200\u{A0}% for short-time emergency loading. Hot spot: "
        + "highest value in the run. Aging rate F_EQA: hours of insulation life used per hour; 1 is aging at the rated hot-spot "
        + "temperature. Loss of life as a share of the insulation life that the world gives, 180,000\u{A0}h unless it says otherwise."

    private static func peaks(_ data: ReportData) -> Figure {
        let sites = data.top.hottest
        let names = sites.map { HTML.shortened(data.plant.sites[$0].label, 48) }
        let hot = sites.map { data.series.sites[$0].hotSpot.value }
        var limits = limitLines(sites.map { data.plant.sites[$0] })
        if sites.contains(where: { !data.plant.sites[$0].isDryType && data.series.sites[$0].hotSpot.value > 130 }) {
            limits.append(Chart.Limit(value: 140, label: "bubble risk", color: .danger))
        }
        let view = Chart.View(
            x: .category(names), yTitle: "\u{B0}C",
            series: [Chart.Series(name: "Highest hot spot", mark: .bar, color: .second, values: hot)], limits: limits,
            isHorizontal: true, yMax: 130)
        var table = Table("Highest hot-spot temperatures", [.text("Site"), .number("Hot spot", "°C"), .text("When")])
        table.rows = sites.map {
            [
                data.siteLabel($0), Format.fixed(data.series.sites[$0].hotSpot.value, 1),
                data.text(sample: data.series.sites[$0].hotSpot.sample),
            ]
        }
        return Figure(
            title: "Highest hot-spot temperatures", caption: "Hot spots of the hottest transformers, at most ten.",
            chart: Chart(views: [view]), table: table, isHalf: true)
    }

    /// One line for each limit of these transformers.
    private static func limitLines(_ sites: [Plant.Site]) -> [Chart.Limit] {
        let oil = sites.contains { !$0.isDryType }
        let classes = Set(sites.filter(\.isDryType).map(\.hotSpotLimitC)).sorted()
        return (oil ? [Chart.Limit(value: 120, label: "normal limit", color: .warning)] : [])
            + classes.map { Chart.Limit(value: $0, label: "insulation class", color: .warning) }
    }

    private static func rates(_ data: ReportData) -> Figure {
        let edges = [0, 0.001, 0.01, 0.1, 0.5, 1, 2]
        let labels = [
            "< 0.001", "0.001\u{2013}0.01", "0.01\u{2013}0.1", "0.1\u{2013}0.5", "0.5\u{2013}1", "1\u{2013}2", "> 2",
        ]
        var counts = [Double](repeating: 0, count: edges.count)
        for totals in data.series.sites {
            let rate = ageingRate(totals, intervalH: data.facts.intervalH)
            if let bin = edges.lastIndex(where: { $0 <= rate }) { counts[bin] += 1 }
        }
        let view = Chart.View(
            x: .category(labels), yTitle: "transformers",
            series: [Chart.Series(name: "Transformers", mark: .bar, color: .second, values: counts)], isHorizontal: true
        )
        var table = Table("Transformers by aging rate", [.text("Aging rate"), .number("Transformers")])
        table.rows = labels.indices.map { [labels[$0], Format.integer(Int(counts[$0]))] }
        return Figure(
            title: "Aging rates",
            caption: "Transformers by F_EQA; above 1 insulation ages faster than at rated temperature.",
            chart: Chart(views: [view]), table: table, isHalf: true)
    }

    private static func heat(_ data: ReportData, _ window: TopSites.HotWindow) -> Figure {
        let x = times(data, window)
        let view = Chart.View(
            x: .time(x), yTitle: "\u{B0}C",
            series: [
                Chart.Series(name: "Hot spot", mark: .line, color: .danger, values: window.hotSpotC),
                Chart.Series(name: "Top oil", mark: .line, color: .second, values: window.topOilC),
            ], limits: limitLines([data.plant.sites[window.site]]), yMin: nil)
        return Figure(
            title: "Temperature around the hottest moment",
            caption: data.siteLabel(window.site) + ": hot spot (highest in each interval) and top oil (at its end).",
            chart: Chart(views: [view]), table: windowTable(data, window), isHalf: true)
    }

    private static func load(_ data: ReportData, _ window: TopSites.HotWindow) -> Figure {
        let x = times(data, window)
        let nameplateW = data.plant.sites[window.site].nameplateW
        let isRated = !nameplateW.isNaN
        let factor = isRated ? 100 / nameplateW : 1e-3
        let view = Chart.View(
            x: .time(x), yTitle: isRated ? "% of nameplate" : "kW",
            series: [Chart.Series(name: "Load", mark: .area, color: .accent, values: window.siteW.map { $0 * factor })],
            limits: isRated ? [Chart.Limit(value: 100, label: "nameplate", color: .danger)] : [])
        return Figure(
            title: "Load around the hottest moment",
            caption: isRated
                ? "Load of the \(Format.short(data.plant.sites[window.site].transformerKVA))\u{A0}kVA transformer at the power factor of the "
                    + "site\u{2019}s load."
                : "Import of the site.",
            chart: Chart(views: [view]), table: windowTable(data, window), isHalf: true)
    }

    private static func times(_ data: ReportData, _ window: TopSites.HotWindow) -> [Int64] {
        window.hotSpotC.indices.map { data.facts.microseconds(sample: window.firstSample + $0) }
    }

    /// Every third hour is enough to read; the file has the rest.
    private static func windowTable(_ data: ReportData, _ window: TopSites.HotWindow) -> Table {
        var table = Table(
            "Transformer of \(data.siteLabel(window.site)) around its hottest moment, every third hour",
            [.text("Interval from"), .number("Hot spot", "°C"), .number("Top oil", "°C"), .number("Import", "kW")])
        let step = max(1, 10_800 / data.facts.intervalS)
        table.rows = stride(from: 0, to: window.hotSpotC.count, by: step).map { index in
            [
                data.text(sample: window.firstSample + index), Format.fixed(window.hotSpotC[index], 1),
                Format.fixed(window.topOilC[index], 1), Format.short(window.siteW[index] / 1000),
            ]
        }
        return table
    }

    private static func table(_ data: ReportData) -> Table {
        var table = Table(
            "Hottest transformers",
            [
                .text("Site"), .number("Nameplate", "kVA"), .number("Peak load", "of nameplate"),
                .text("Loading guide"), .number("Above nameplate", "h"), .number("Above 150\u{A0}%", "h"),
                .number("Hot spot", "°C"), .text("When"),
                .number("Top oil", "°C"), .number("Aging rate", "F_EQA"), .number("Loss of life", "% in this run"),
                .number("Loss of life", "% a year"), .number("Life at this rate"),
            ])
        let rates = data.top.hottest.map { ageingRate(data.series.sites[$0], intervalH: data.facts.intervalH) }
        let lives = data.top.hottest.map { data.plant.sites[$0].insulationLifeH }
        let used = data.top.hottest.map { data.series.sites[$0].ageing.sum }
        let losses = Format.aligned(zip(used, lives).map { $0 / $1 * 100 })
        let yearly = Format.aligned(zip(rates, lives).map { $0 * 8760 / $1 * 100 })
        let rateTexts = Format.aligned(rates)
        table.rows = data.top.hottest.indices.map { row in
            let totals = data.series.sites[data.top.hottest[row]]
            let nameplateKVA = data.plant.sites[data.top.hottest[row]].transformerKVA
            func hours(_ samples: Int) -> String { Format.short(Double(samples) * data.facts.intervalH) }
            let years = lives[row] / (rates[row] * 8760)
            return [
                data.siteLabel(data.top.hottest[row]), Format.short(nameplateKVA),
                Format.percent(totals.loading.greatest, 0), totals.loading.loadingClass,
                hours(totals.loading.samplesOverNameplate), hours(totals.loading.samplesOverNormalCyclic),
                Format.fixed(totals.hotSpot.value, 1),
                data.text(sample: totals.hotSpot.sample), Format.fixed(totals.topOil.value, 1), rateTexts[row],
                losses[row],
                yearly[row], years.isNaN ? "" : years > 100 ? "> 100 years" : Format.short(years) + " years",
            ]
        }
        return table
    }
}
