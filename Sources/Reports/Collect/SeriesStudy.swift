/// One pass over `/series` in blocks of time: totals of each site, the network's own series, profiles by kind of site.
///
/// Memory is one block of one variable plus a few numbers for each site and for each interval.
struct SeriesStudy: Sendable {
    /// The variables of `/series` that the report reads.
    enum Variable: String, CaseIterable, Sendable {
        case evPower = "ev_power_w"
        case sitePower = "site_power_w"
        case topOil = "top_oil_c"
        case hotSpot = "hot_spot_c"
        case ageing = "ageing_h"
        case occupied
        case charging
        case waiting
        case outOfService = "out_of_service"
        case delivered = "delivered_w"
    }

    let sampleCount: Int
    private(set) var sites: [SiteTotals]
    /// Sums over all sites, one element an interval: W, W, EVSEs, EVSEs, drivers, EVSEs, W.
    private(set) var evW: [Double]
    private(set) var siteW: [Double]
    private(set) var occupied: [Double]
    private(set) var charging: [Double]
    private(set) var waiting: [Double]
    private(set) var outOfService: [Double]
    private(set) var delivered: [Double]
    /// Sums over the sites of a kind by hour of the week: charging power in W, EVSEs with a vehicle.
    private(set) var evOfKind: [WeekProfile]
    private(set) var occupiedOfKind: [WeekProfile]

    private let kindOfSite: [Int]
    private let exceededW: [Double]
    private let nameplateW: [Double]
    private let hourOfWeek: [Int]

    init(plant: Plant, facts: RunFacts, sampleCount: Int) {
        self.sampleCount = sampleCount
        sites = [SiteTotals](repeating: SiteTotals(), count: plant.sites.count)
        let nothing = [Double](repeating: 0, count: sampleCount)
        evW = nothing
        siteW = nothing
        occupied = nothing
        charging = nothing
        waiting = nothing
        outOfService = nothing
        delivered = nothing
        evOfKind = [WeekProfile](repeating: WeekProfile(), count: plant.kinds.count)
        occupiedOfKind = evOfKind
        kindOfSite = plant.sites.map(\.kind)
        exceededW = plant.sites.map(\.exceededW)
        nameplateW = plant.sites.map(\.nameplateW)
        hourOfWeek = (0..<sampleCount).map { facts.clock.hourOfWeek(facts.microseconds(sample: $0)) }
    }

    /// Reads the whole file, a block of intervals of one variable at a time.
    static func read(
        _ file: TelemetryFile, plant: Plant, facts: RunFacts, sampleCount count: Int
    ) throws(ReportError) -> SeriesStudy {
        var study = SeriesStudy(plant: plant, facts: facts, sampleCount: count)
        let step = max(1, min(file.samplesAtOnce, 4_000_000 / max(1, plant.sites.count)))
        var start = 0
        while start < count {
            let samples = start..<min(count, start + step)
            for variable in Variable.allCases where file.hasColumn(TelemetryFile.seriesGroup, variable.rawValue) {
                let values = try file.series(variable.rawValue, samples: samples, entities: plant.sites.indices)
                study.add(values, of: variable, from: start)
            }
            start = samples.upperBound
        }
        return study
    }

    /// - Parameter values: `[sample][site]`, from interval `first` on.
    mutating func add(_ values: [Float], of variable: Variable, from first: Int) {
        switch variable {
        case .evPower: addEVPower(values, first)
        case .sitePower: addSitePower(values, first)
        case .topOil: forEach(values, first) { site, value, sample in site.topOil.see(value, sample: sample) }
        case .hotSpot: forEach(values, first) { site, value, sample in site.hotSpot.see(value, sample: sample) }
        case .ageing: forEach(values, first) { site, value, _ in site.ageing.see(value) }
        case .occupied: addOccupied(values, first)
        case .charging:
            Self.sum(values, sites.count, first, into: &charging)
            forEach(values, first) { site, value, _ in site.charging.see(value) }
        case .waiting:
            Self.sum(values, sites.count, first, into: &waiting)
            forEach(values, first) { site, value, sample in
                site.waiting.see(value)
                site.waitingPeak.see(value, sample: sample)
            }
        case .outOfService:
            Self.sum(values, sites.count, first, into: &outOfService)
            forEach(values, first) { site, value, _ in site.outOfService.see(value) }
        case .delivered:
            Self.sum(values, sites.count, first, into: &delivered)
            forEach(values, first) { site, value, _ in site.delivered.see(value) }
        }
    }

    private mutating func addEVPower(_ values: [Float], _ first: Int) {
        Self.sum(values, sites.count, first, into: &evW)
        forEach(values, first) { site, value, sample in
            site.ev.see(value)
            site.evPeak.see(value, sample: sample)
        }
        Self.profile(values, first, kindOfSite, hourOfWeek, into: &evOfKind)
    }

    private mutating func addSitePower(_ values: [Float], _ first: Int) {
        Self.sum(values, sites.count, first, into: &siteW)
        forEach(values, first) { site, value, sample in
            site.site.see(value)
            site.sitePeak.see(value, sample: sample)
        }
        for index in values.indices where Double(values[index]) > exceededW[index % sites.count] {
            sites[index % sites.count].samplesOverRating += 1
        }
        for index in values.indices {
            let site = index % sites.count
            sites[site].loading.see(Double(values[index]) / nameplateW[site])
        }
    }

    private mutating func addOccupied(_ values: [Float], _ first: Int) {
        Self.sum(values, sites.count, first, into: &occupied)
        forEach(values, first) { site, value, _ in site.occupied.see(value) }
        Self.profile(values, first, kindOfSite, hourOfWeek, into: &occupiedOfKind)
    }

    @inline(__always)
    private mutating func forEach(_ values: [Float], _ first: Int, _ body: (inout SiteTotals, Double, Int) -> Void) {
        var index = 0
        var sample = first
        while index < values.count {
            for site in sites.indices { body(&sites[site], Double(values[index + site]), sample) }
            index += sites.count
            sample += 1
        }
    }

    private static func sum(_ values: [Float], _ width: Int, _ first: Int, into network: inout [Double]) {
        var index = 0
        var sample = first
        while index < values.count {
            var sum = 0.0
            for value in values[index..<(index + width)] where !value.isNaN { sum += Double(value) }
            network[sample] = sum
            index += width
            sample += 1
        }
    }

    private static func profile(
        _ values: [Float], _ first: Int, _ kindOfSite: [Int], _ hourOfWeek: [Int], into profiles: inout [WeekProfile]
    ) {
        var sums = [Double](repeating: 0, count: profiles.count)
        let width = kindOfSite.count
        for row in 0..<(width == 0 ? 0 : values.count / width) {
            for kind in sums.indices { sums[kind] = 0 }
            for site in 0..<width where !values[row * width + site].isNaN {
                sums[kindOfSite[site]] += Double(values[row * width + site])
            }
            for kind in sums.indices { profiles[kind].add(sums[kind], hourOfWeek: hourOfWeek[first + row]) }
        }
    }
}
