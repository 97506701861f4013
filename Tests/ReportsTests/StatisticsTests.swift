import Testing

@testable import Reports

@Suite("Statistics")
struct StatisticsTests {
    /// A day of quarter-hour loads, kW; the expected values below were computed with independent code (Hyndman-Fan 7).
    private static let dayKW: [Double] = [
        65.33, 58.18, 58.96, 67.61, 74.83, 53.47, 74.46, 74.29, 56.85, 59.0, 59.22, 69.59,
        72.72, 69.97, 51.57, 51.27, 61.44, 68.41, 65.15, 56.61, 51.37, 64.85, 55.09, 73.39,
        65.01, 62.71, 75.75, 66.15, 72.87, 64.85, 64.69, 64.7, 76.76, 60.03, 80.1, 79.1,
        78.16, 64.83, 72.65, 93.43, 86.69, 82.88, 72.26, 103.85, 80.79, 94.98, 94.56, 89.19,
        88.78, 87.64, 95.19, 117.39, 94.52, 108.35, 108.4, 118.15, 107.77, 94.11, 80.64, 98.03,
        87.62, 111.97, 93.99, 99.77, 98.82, 95.89, 101.12, 99.24, 117.05, 95.61, 105.42, 130.16,
        135.4, 100.68, 126.7, 123.54, 108.73, 125.83, 126.72, 116.77, 90.04, 80.84, 71.09, 83.16,
        89.3, 83.95, 79.67, 62.32, 62.63, 72.85, 70.6, 53.18, 59.26, 55.61, 51.91, 70.82,
    ]

    @Test("load statistics of a day agree with independently computed values")
    func loadStatistics() throws {
        let load = try #require(LoadStatistics(loadW: Self.dayKW, intervalH: 0.25))
        #expect(load.peakW == 135.4)
        #expect(load.peakIndex == 72)
        #expect(abs(load.meanW - 82.269271) < 1e-5)
        #expect(abs(load.energyWh - 1974.4625) < 1e-5)
        #expect(abs(load.loadFactor - 0.6076017) < 1e-6)
        #expect(abs(load.p50W - 78.63) < 1e-9)
        #expect(abs(load.p95W - 124.1125) < 1e-9)
        #expect(abs(load.p99W - 130.422) < 1e-9)
    }

    @Test("time and energy over a rating, and the longest run over it")
    func overload() {
        let over = Overload(loadW: Self.dayKW, ratingW: 120, intervalH: 0.25)
        #expect(over.hours == 1.5)
        #expect(abs(over.energyWh - 12.0875) < 1e-9)
        #expect(over.longestRunH == 0.5)
    }

    @Test(
        "the load duration curve gives the load reached for a share of the time",
        arguments: [
            (0, 135.4), (1, 135.4), (5, 125.83), (10, 116.77), (25, 95.61), (50, 78.16), (75, 64.85), (99, 51.27),
        ])
    func durationCurve(percent: Double, load: Double) {
        #expect(DurationCurve(loadW: Self.dayKW).valueW(atPercent: percent) == load)
    }

    @Test("intervals that were not modelled count for nothing")
    func gaps() throws {
        let load = try #require(LoadStatistics(loadW: [.nan, 2, .nan, 4], intervalH: 1))
        #expect(load.meanW == 3)
        #expect(load.energyWh == 6)
        #expect(LoadStatistics(loadW: [.nan], intervalH: 1) == nil)
        #expect(DurationCurve(loadW: [.nan, 2, 4]).descendingW == [4, 2])
        #expect(Overload(loadW: [5, .nan, 5], ratingW: 1, intervalH: 1).longestRunH == 1)
    }

    @Test("quantiles interpolate between order statistics as R's type 7 does")
    func quantiles() {
        #expect(abs(Quantile.of([10, 1, 2, 3, 4], [0.9])[0] - 7.6) < 1e-12)
        #expect(Quantile.of([3, .nan, 1], [0, 0.5, 1]) == [1, 2, 3])
        #expect(Quantile.of([], [0.5])[0].isNaN)
    }

    @Test("a distribution in buckets agrees with the exact one within 0.05 %")
    func buckets() {
        var exact = Distribution()
        var bucketed = Distribution(exactLimit: 1000)
        var random = SampleRandom(5)
        for _ in 0..<200_000 {
            let value = 1e4 * random.unit() * random.unit() + 3
            exact.add(value)
            bucketed.add(value)
        }
        #expect(exact.isExact && !bucketed.isExact)
        #expect(exact.count == bucketed.count && exact.sum == bucketed.sum && exact.greatest == bucketed.greatest)
        let p = [0, 0.01, 0.5, 0.95, 0.99, 1]
        for (a, b) in zip(exact.quantiles(p), bucketed.quantiles(p)) { #expect(abs(a - b) <= 5e-4 * a) }
        let edges = [0, 100, 1000, 5000.0]
        for (a, b) in zip(exact.counts(edges: edges), bucketed.counts(edges: edges)) { #expect(abs(a - b) < 60) }
        #expect(exact.counts(edges: edges).reduce(0, +) == 200_000)
    }

    @Test("a distribution leaves out what is no number and never goes below zero")
    func oddValues() {
        var values = Distribution()
        for value in [.nan, .infinity, -5, 0, 2] { values.add(value) }
        #expect(values.count == 3)
        #expect(values.quantiles([0, 1]) == [0, 2])
        #expect(Distribution().quantiles([0.5])[0].isNaN)
    }

    @Test("time covered by overlapping intervals counts once")
    func union() {
        // 23 CFR 680.116 counts outage minutes as a union: these cover 1400 min.
        #expect(IntervalUnion.length([(5000, 5600), (100, 400), (300, 900)]) == 1400)
        #expect(IntervalUnion.length([(0, 10_000), (2000, 3000)]) == 10_000)
        #expect(IntervalUnion.length([(5, 5), (9, 3)]) == 0)
    }

    @Test("a shortened series keeps its peaks and its mean")
    func envelope() {
        let values = (0..<10_000).map { $0 == 7777 ? 1000.0 : Double($0 % 10) }
        let short = Envelope(values, atMost: 400, preferring: [4, 24, 96])
        #expect(short.stride == 96)
        #expect(short.high.max() == 1000)
        #expect(short.low.min() == 0)
        #expect(
            short.first.last == 9984 && short.mean.last == (0..<16).map { Double(($0 + 9984) % 10) }.reduce(0, +) / 16)
        #expect(Envelope([1, 2, 3], atMost: 400, preferring: [96]).mean == [1, 2, 3])
        #expect(Envelope([], atMost: 400, preferring: [96]).mean.isEmpty)
    }

    @Test("a week profile averages each hour of the week on its own")
    func weekProfile() {
        var profile = WeekProfile()
        profile.add(2, hourOfWeek: 5)
        profile.add(4, hourOfWeek: 5)
        profile.add(10, hourOfWeek: 29)
        #expect(profile.mean(day: 0, hour: 5) == 3)
        #expect(profile.mean(days: 0..<2, hour: 5) == 16.0 / 3)
        #expect(profile.mean(day: 3, hour: 0).isNaN)
        #expect(profile.greatest == 10)
        #expect(profile.divided(by: 2).mean(day: 1, hour: 5) == 5)
    }

    @Test("the greatest values come first, equal ones in the order of the file, gaps not at all")
    func largest() {
        #expect(TopSites.largest([2, .nan, 7, 2, 7], 3) == [2, 4, 0])
    }
}
