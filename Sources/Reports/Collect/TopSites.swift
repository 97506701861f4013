/// The series of the few sites that the report draws one by one.
struct TopSites: Sendable {
    static let count = 10
    /// Days before and after the hottest moment of a transformer that are drawn.
    private static let daysAround = 3.5

    struct Loaded: Sendable {
        let site: Int
        let load: LoadStatistics
        let curve: DurationCurve
        /// Against the site's rating; nil when it has none.
        let overload: Overload?
    }
    /// A transformer's temperatures and load around its hottest moment.
    struct HotWindow: Sendable {
        let site: Int
        let firstSample: Int
        let hotSpotC: [Double]
        let topOilC: [Double]
        let siteW: [Double]
    }

    /// Greatest peak import first.
    let loaded: [Loaded]
    /// Indices of sites with a transformer model, hottest first.
    let hottest: [Int]
    let hotWindow: HotWindow?

    static func read(
        _ file: TelemetryFile, plant: Plant, facts: RunFacts, series: SeriesStudy
    ) throws(ReportError) -> TopSites {
        var loaded: [Loaded] = []
        for site in largest(series.sites.map(\.sitePeak.value), count) {
            let watts = try column(file, .sitePower, site, 0..<series.sampleCount)
            guard let load = LoadStatistics(loadW: watts, intervalH: facts.intervalH) else { continue }
            let rating = plant.sites[site].exceededW
            loaded.append(
                Loaded(
                    site: site, load: load, curve: DurationCurve(loadW: watts),
                    overload: rating.isNaN ? nil : Overload(loadW: watts, ratingW: rating, intervalH: facts.intervalH)))
        }
        let hottest = largest(series.sites.map(\.hotSpot.value), count)
        return TopSites(
            loaded: loaded, hottest: hottest,
            hotWindow: try hottest.first.map { site throws(ReportError) in
                try window(file, site: site, facts: facts, series: series)
            })
    }

    private static func window(
        _ file: TelemetryFile, site: Int, facts: RunFacts, series: SeriesStudy
    ) throws(ReportError) -> HotWindow {
        let reach = Int(daysAround * 86_400) / facts.intervalS
        let peak = series.sites[site].hotSpot.sample
        let first = max(0, min(peak - reach, series.sampleCount - 2 * reach))
        let samples = first..<min(series.sampleCount, first + 2 * reach)
        return HotWindow(
            site: site, firstSample: first, hotSpotC: try column(file, .hotSpot, site, samples),
            topOilC: try column(file, .topOil, site, samples), siteW: try column(file, .sitePower, site, samples))
    }

    private static func column(
        _ file: TelemetryFile, _ variable: SeriesStudy.Variable, _ site: Int, _ samples: Range<Int>
    ) throws(ReportError) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(samples.count)
        var start = samples.lowerBound
        while start < samples.upperBound {
            let end = min(samples.upperBound, start + 65_536)
            let values = try file.series(variable.rawValue, samples: start..<end, entities: site..<(site + 1))
            result.append(contentsOf: values.lazy.map { Double($0) })
            start = end
        }
        return result
    }

    /// Indices of the `count` greatest values, greatest first, NaN left out; equal values in the order of the file.
    static func largest(_ values: [Double], _ count: Int) -> [Int] {
        Array(
            values.indices.filter { !values[$0].isNaN }
                .sorted { (values[$1], $0) < (values[$0], $1) }.prefix(count))
    }
}
