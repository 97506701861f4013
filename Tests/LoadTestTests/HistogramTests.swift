import LoadTest
import Testing

@Suite("Histogram")
struct HistogramTests {
    @Test("quantiles are within an eighth above the value")
    func quantiles() {
        var histogram = Histogram()
        for value in 1...100_000 { histogram.add(microseconds: Int64(value)) }
        for share in [0.01, 0.5, 0.95, 0.99] {
            let exact = share * 100_000
            let told = Double(histogram.quantile(share))
            #expect(told >= exact && told <= exact * 1.26, "share \(share): \(told) for \(exact)")
        }
        #expect(histogram.quantile(1) == 100_000)
        #expect(histogram.count == 100_000)
    }

    @Test("two histograms add up")
    func sum() {
        var a = Histogram()
        var b = Histogram()
        a.add(microseconds: 10)
        b.add(microseconds: 1_000_000)
        b.add(microseconds: -5)
        a += b
        #expect(a.count == 3)
        #expect(a.maximumMicroseconds == 1_000_000)
        #expect(a.quantile(0.01) == 0)
    }

    @Test("the widest values fit")
    func extremes() {
        var histogram = Histogram()
        histogram.add(microseconds: .max)
        #expect(histogram.quantile(0.5) > 0)
    }
}
