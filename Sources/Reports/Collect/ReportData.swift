/// Everything the page is written from, read in a few passes over one telemetry file.
struct ReportData: Sendable {
    let facts: RunFacts
    let plant: Plant
    let extent: RunExtent
    /// Nil in files without a climate.
    let ambient: AmbientStudy?
    let series: SeriesStudy
    let top: TopSites
    let sessions: SessionStudy
    let unmet: UnmetNeedStudy
    let lost: LostDriverStudy
    let outages: OutageStudy
    let audit: AuditStudy?
    /// Nil where the CSMS orders nothing.
    let orders: OrderStudy?
    let alarms: AlarmStudy
    let messages: MessageStudy
    let comparison: ComparisonStudy?
    /// Of the charging power and of the whole sites; nil before the first interval was finished.
    let evLoad: LoadStatistics?
    let siteLoad: LoadStatistics?

    static func read(path: String) throws(ReportError) -> ReportData {
        let file = try TelemetryFile(path: path)
        let facts = try RunFacts(file)
        let plant = try Plant(file)
        let extent = try RunExtent(file, facts: facts)
        let endUS = extent.endUS
        let series = try SeriesStudy.read(file, plant: plant, facts: facts, sampleCount: extent.sampleCount)
        let siteCount = plant.sites.count
        return ReportData(
            facts: facts, plant: plant, extent: extent,
            ambient: try AmbientStudy.read(file, clock: facts.clock, endUS: endUS), series: series,
            top: try TopSites.read(file, plant: plant, facts: facts, series: series),
            sessions: try SessionStudy.read(file, plant: plant, clock: facts.clock, endUS: endUS),
            unmet: try UnmetNeedStudy.read(file, plant: plant, endUS: endUS),
            lost: try LostDriverStudy.read(file, siteCount: siteCount, clock: facts.clock, endUS: endUS),
            outages: try OutageStudy.read(file, plant: plant, durationUS: endUS),
            audit: try AuditStudy.read(file), orders: try OrderStudy.read(file),
            alarms: try AlarmStudy.read(file, siteCount: siteCount, endUS: endUS),
            messages: try MessageStudy.read(file, endUS: endUS), comparison: try ComparisonStudy.read(file),
            evLoad: LoadStatistics(loadW: series.evW, intervalH: facts.intervalH),
            siteLoad: LoadStatistics(loadW: series.siteW, intervalH: facts.intervalH))
    }

    /// The run as far as the series go, h.
    var hours: Double { Double(series.sampleCount) * facts.intervalH }
    var days: Double { hours / 24 }

    /// Mean share of EVSEs with a vehicle, and charging, 0 ... 1.
    var occupiedShare: Double { share(series.occupied) }
    var chargingShare: Double { share(series.charging) }

    /// Energy at the connectors, Wh, visits that had not ended included; NaN in files without it.
    var deliveredWh: Double {
        series.sites.contains { $0.delivered.count > 0 }
            ? series.delivered.reduce(0, +) * facts.intervalH : .nan
    }
    /// Energy that the charging stations took from the grid, standby included, Wh.
    var importedWh: Double { evLoad?.energyWh ?? .nan }
    /// Draw of the idle stations over the run, Wh.
    var standbyWh: Double { plant.standbyW * hours }
    /// Delivered over imported energy, standby included, 0 ... 1.
    var efficiency: Double { importedWh > 0 ? deliveredWh / importedWh : .nan }
    /// Mean share of time in service; NaN where a killed run's file has no outages.
    var availability: Double { extent.has("outages") && series.sampleCount > 0 ? outages.networkAvailability : .nan }

    /// Drivers who wanted to charge: those who did and those who left for good.
    var demand: Int { sessions.count + lost.goneCount }
    /// Share of the demand that left for good, 0 ... 1.
    var lostShare: Double { demand == 0 ? .nan : Double(lost.goneCount) / Double(demand) }

    /// Coincident peak of charging over the sum of the sites' own peaks, 0 ... 1.
    var coincidenceFactor: Double {
        let sum = series.sites.reduce(0) { $0 + ($1.evPeak.value.isNaN ? 0 : $1.evPeak.value) }
        return sum > 0 ? (evLoad?.peakW ?? .nan) / sum : .nan
    }
    /// Whether some site has a load besides charging, or losses of its own.
    var hasBuildings: Bool { (siteLoad?.meanW ?? 0) > 1.001 * (evLoad?.meanW ?? 0) }
    /// `Tue 7 Jan 2025, 18:15`, the start of an interval.
    func text(sample: Int) -> String { facts.clock.text(facts.microseconds(sample: sample)) }
    func siteLabel(_ site: Int) -> String {
        plant.sites.indices.contains(site) ? HTML.shortened(plant.sites[site].label, 80) : "site \(site)"
    }

    private func share(_ values: [Double]) -> Double {
        guard plant.evseCount > 0, !values.isEmpty else { return .nan }
        return values.reduce(0, +) / Double(values.count) / Double(plant.evseCount)
    }
}
