import Foundation
import Sim
import Testing

/// Kolmogorov's distance of a sample from a distribution, times the root of its size: above 1.95 in one case of 1,000.
func kolmogorov(_ sample: [Double], _ cdf: (Double) -> Double) -> Double {
    let n = Double(sample.count)
    var distance = 0.0
    for (i, x) in sample.sorted().enumerated() {
        let f = cdf(x)
        distance = max(distance, abs(f - Double(i) / n), abs(Double(i + 1) / n - f))
    }
    return distance * n.squareRoot()
}

/// How many standard errors the mean of a sample lies from the expected one.
func standardErrors(_ sample: [Double], mean expected: Double) -> Double {
    let n = Double(sample.count)
    let mean = sample.reduce(0, +) / n
    let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return abs(mean - expected) / (variance / n).squareRoot()
}

private func normalCDF(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

/// A distribution under test: how to draw, its cumulative distribution and its first two moments.
struct Law: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let mean: Double
    let meanSquare: Double
    let cdf: @Sendable (Double) -> Double
    let draw: @Sendable (inout RandomStream) -> Double

    init(
        _ name: String, mean: Double, variance: Double, cdf: @escaping @Sendable (Double) -> Double,
        draw: @escaping @Sendable (inout RandomStream) -> Double
    ) {
        testDescription = name
        self.mean = mean
        meanSquare = variance + mean * mean
        self.cdf = cdf
        self.draw = draw
    }

    static let all: [Law] = [
        Law("uniform", mean: 1, variance: 12, cdf: { ($0 + 5) / 12 }, draw: { $0.uniform(-5, 7) }),
        Law("exponential", mean: 3, variance: 9, cdf: { 1 - exp(-$0 / 3) }, draw: { $0.exponential(mean: 3) }),
        Law(
            "normal", mean: 2, variance: 16, cdf: { normalCDF(($0 - 2) / 4) },
            draw: { $0.normal(mean: 2, deviation: 4) }),
        Law(
            "lognormal", mean: exp(0.5 + 0.08), variance: (exp(0.16) - 1) * exp(1 + 0.16),
            cdf: { normalCDF((log($0) - 0.5) / 0.4) }, draw: { $0.lognormal(mu: 0.5, sigma: 0.4) }),
        Law(
            "Weibull", mean: 2 * tgamma(1 + 1 / 1.4),
            variance: 4 * (tgamma(1 + 2 / 1.4) - tgamma(1 + 1 / 1.4) * tgamma(1 + 1 / 1.4)),
            cdf: { 1 - exp(-pow($0 / 2, 1.4)) }, draw: { $0.weibull(shape: 1.4, scale: 2) }),
        Law(
            "gamma of shape 3", mean: 6, variance: 12,
            cdf: { 1 - exp(-$0 / 2) * (1 + $0 / 2 + $0 * $0 / 8) }, draw: { $0.gamma(shape: 3, scale: 2) }),
        Law(
            "gamma of shape 1/2", mean: 1, variance: 2, cdf: { erf(($0 / 2).squareRoot()) },
            draw: { $0.gamma(shape: 0.5, scale: 2) }),
        Law(
            "beta", mean: 0.4, variance: 0.04, cdf: { $0 * $0 * (6 - 8 * $0 + 3 * $0 * $0) },
            draw: { $0.beta(2, 3) }),
        Law(
            "triangular", mean: 10.0 / 3, variance: (1 + 9 + 36 - 3 - 6 - 18) / 18.0,
            cdf: { $0 < 3 ? ($0 - 1) * ($0 - 1) / 10 : 1 - (6 - $0) * (6 - $0) / 15 },
            draw: { $0.triangular(low: 1, mode: 3, high: 6) }),
        Law(
            "quantile table", mean: 0.5 * 1 + 0.5 * 4, variance: 0.5 * (4.0 / 3 + 52.0 / 3) - 6.25,
            cdf: { $0 < 2 ? $0 / 4 : 0.5 + ($0 - 2) / 8 },
            draw: { $0.draw(from: QuantileTable(points: [(0, 0), (0.5, 2), (1, 6)])) }),
    ]
}

@Suite("Distributions")
struct DistributionTests {
    @Test("draws follow their distribution (Kolmogorov-Smirnov, 20,000 draws) and its moments", arguments: Law.all)
    func follows(law: Law) {
        for seed in UInt64(1)...3 {
            var stream = RandomStream(seed: seed, purpose: 3, entity: 9)
            let sample = (0..<20_000).map { _ in law.draw(&stream) }
            #expect(kolmogorov(sample, law.cdf) < 1.95, "seed \(seed)")
            #expect(standardErrors(sample, mean: law.mean) < 4, "seed \(seed)")
            #expect(standardErrors(sample.map { $0 * $0 }, mean: law.meanSquare) < 4, "seed \(seed)")
        }
    }

    @Test("what is left of a Weibull life follows the conditional distribution")
    func residual() {
        var stream = RandomStream(seed: 5, purpose: 3, entity: 9)
        let sample = (0..<20_000).map { _ in stream.weibullResidual(shape: 1.4, scale: 2, age: 1.8) }
        #expect(kolmogorov(sample) { 1 - exp(pow(0.9, 1.4) - pow(0.9 + $0 / 2, 1.4)) } < 1.95)
        // A new part and an exponential one have no memory of an age.
        var fresh = RandomStream(seed: 6, purpose: 3, entity: 9)
        var again = fresh
        #expect(fresh.weibullResidual(shape: 0.7, scale: 9, age: 0) == again.weibull(shape: 0.7, scale: 9))
        let exponential = (0..<20_000).map { _ in fresh.weibullResidual(shape: 1, scale: 3, age: 1000) }
        #expect(kolmogorov(exponential) { 1 - exp(-$0 / 3) } < 1.95)
    }

    @Test("Poisson counts have their mean, their variance and their share of zeros", arguments: [0.3, 4, 29, 31, 1000])
    func poisson(mean: Double) {
        var stream = RandomStream(seed: 7, purpose: 3, entity: 9)
        let sample = (0..<50_000).map { _ in Double(stream.poisson(mean: mean)) }
        #expect(standardErrors(sample, mean: mean) < 4)
        #expect(standardErrors(sample.map { ($0 - mean) * ($0 - mean) }, mean: mean) < 4)
        let atMost = sample.map { $0 <= mean.rounded(.down) ? 1.0 : 0.0 }
        var share = 0.0
        for k in 0...Int(mean) { share += exp(-mean + Double(k) * log(mean) - lgamma(Double(k) + 1)) }
        #expect(standardErrors(atMost, mean: share) < 4)
    }

    @Test("whole numbers, weights and coins come up as often as they should")
    func discrete() {
        var stream = RandomStream(seed: 8, purpose: 3, entity: 9)
        let n = 70_000
        let table = WeightTable(weights: [0, 1, 0, 3, 2, 0])
        var counts = [Int](repeating: 0, count: 7)
        var weighted = [Int](repeating: 0, count: 6)
        var heads = 0
        for _ in 0..<n {
            counts[stream.below(7)] += 1
            weighted[stream.draw(from: table)] += 1
            heads += stream.bernoulli(0.3) ? 1 : 0
        }
        func isLikely(_ count: Int, _ p: Double) -> Bool {
            abs(Double(count) - p * Double(n)) < 4 * (Double(n) * p * (1 - p)).squareRoot()
        }
        for count in counts { #expect(isLikely(count, 1.0 / 7)) }
        #expect(weighted[0] == 0 && weighted[2] == 0 && weighted[5] == 0)
        #expect(isLikely(weighted[1], 1.0 / 6) && isLikely(weighted[3], 0.5) && isLikely(weighted[4], 1.0 / 3))
        #expect(isLikely(heads, 0.3))
        #expect(table.index(at: 0) == 1 && table.index(at: 0.999_999) == 4 && table.index(at: 1) == 4)
    }

    @Test("a quantile table is a broken line, clamped at its ends")
    func quantiles() {
        let table = QuantileTable(points: [(0.1, 5), (0.5, 9), (0.9, 20)])
        #expect(table.value(at: 0) == 5 && table.value(at: 0.1) == 5)
        #expect(table.value(at: 0.3) == 7 && table.value(at: 0.5) == 9 && table.value(at: 0.7) == 14.5)
        #expect(table.value(at: 0.95) == 20)
        #expect(QuantileTable(points: [(0.5, 3)]).value(at: 0.7) == 3)
    }
}

@Suite("RandomStream")
struct RandomStreamTests {
    @Test("streams that differ in seed, purpose or entity, however little, are uncorrelated")
    func independence() {
        let n = 20_000
        let names: [(UInt64, UInt64, UInt64)] = [
            (1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1 << 63),
            (.max, 1, 1),
        ]
        let samples = names.map { seed, purpose, entity in
            var stream = RandomStream(seed: seed, purpose: purpose, entity: entity)
            return (0..<n).map { _ in stream.unit() - 0.5 }
        }
        for (i, a) in samples.enumerated() {
            for b in samples[..<i] {
                for lag in 0...2 {
                    var product = 0.0
                    for k in lag..<n { product += a[k] * b[k - lag] }
                    #expect(abs(product) * 12 / Double(n).squareRoot() < 4.5, "lag \(lag)")
                }
            }
            var own = 0.0
            for k in 1..<n { own += a[k] * a[k - 1] }
            #expect(abs(own) * 12 / Double(n).squareRoot() < 4.5)
            #expect(kolmogorov(a) { $0 + 0.5 } < 1.95)
        }
    }

    @Test("first draws of ten thousand neighbouring entities are uniform and distinct")
    func acrossEntities() {
        var seen: Set<UInt64> = []
        let firsts = (UInt64(0)..<10_000).map { entity in
            var stream = RandomStream(seed: 42, purpose: 1, entity: entity)
            var copy = stream
            seen.insert(copy.next())
            return stream.unit()
        }
        #expect(seen.count == 10_000)
        #expect(kolmogorov(firsts) { $0 } < 1.95)
        for bit in 0..<64 {
            let ones = seen.count { $0 >> UInt64(bit) & 1 == 1 }
            #expect(abs(ones - 5000) < 225, "bit \(bit)")
        }
    }

    @Test("a saved stream goes on where it was")
    func saving() throws {
        var stream = RandomStream(seed: 3, purpose: 4, entity: 5)
        for _ in 0..<10 { _ = stream.next() }
        var restored = try JSONDecoder().decode(RandomStream.self, from: JSONEncoder().encode(stream))
        for _ in 0..<10 { #expect(restored.next() == stream.next()) }
    }

    @Test("a unit draw is never 0 or 1, and rounding to the clock goes up or to the nearest")
    func limits() {
        var stream = RandomStream(seed: 3, purpose: 4, entity: 5)
        for _ in 0..<1_000_000 {
            let u = stream.unit()
            #expect(u > 0 && u < 1)
        }
        #expect(SimDuration.roundingUp(seconds: 1.000_000_000_1).microseconds == 1_000_001)
        #expect(SimDuration.roundingUp(seconds: 2).microseconds == 2_000_000)
        #expect(SimDuration.roundingUp(seconds: -0.5e-6).microseconds == 0)
        #expect(SimDuration.roundingUp(seconds: .infinity).microseconds == 9_200_000_000_000_000_000)
        #expect(SimDuration.rounding(seconds: 1.5e-6).microseconds == 2)
        #expect(SimDuration.rounding(seconds: -1.5e-6).microseconds == -2)
        #expect(SimDuration.rounding(seconds: 1.4e-6).microseconds == 1)
    }
}
