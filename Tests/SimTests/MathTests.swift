import Foundation
import Sim
import Testing

#if arch(x86_64)
typealias Reference = Float80
#else
typealias Reference = Double
#endif

/// Error of a result in units in the last place of the exact one.
private func error(_ found: Double, _ exact: Reference) -> Double {
    let rounded = Double(exact)
    if !rounded.isFinite { return found == rounded || (found.isNaN && rounded.isNaN) ? 0 : .infinity }
    return Double(abs(Reference(found) - exact) / Reference(rounded.ulp))
}

@Suite("Math")
struct MathTests {
    /// Points a sweep; the figures in the doc comment of ``Math`` come from ten times as many.
    static let points = 300_000

    /// The largest error of `function` over arguments drawn by `draw`.
    private func worst(
        _ draw: (inout RandomStream) -> Double, _ function: (Double) -> Double, _ exact: (Reference) -> Reference
    ) -> (ulps: Double, at: Double) {
        var stream = RandomStream(seed: 11, purpose: 1, entity: 0)
        var result = (ulps: 0.0, at: 0.0)
        for _ in 0..<Self.points {
            let x = draw(&stream)
            let e = error(function(x), exact(Reference(x)))
            if e > result.ulps { result = (e, x) }
        }
        return result
    }

    @Test("exp is right to 0.53 units in the last place")
    func exponential() {
        let wide = worst({ $0.uniform(-700, 709) }, Math.exp, { Foundation.exp($0) })
        #expect(wide.ulps < 0.53, "at \(wide.at)")
        let narrow = worst({ $0.uniform(-1, 1) }, Math.exp, { Foundation.exp($0) })
        #expect(narrow.ulps < 0.53, "at \(narrow.at)")
        let tiny = worst({ $0.uniform(-745, -708) }, Math.exp, { Foundation.exp($0) })
        #expect(tiny.ulps < 1.01, "at \(tiny.at)")
    }

    @Test("log is right to 0.52 units in the last place, near 1 too")
    func logarithm() {
        let wide = worst(
            { Double(bitPattern: $0.next() >> 1 % 0x7FF0_0000_0000_0000) }, Math.log, { Foundation.log($0) })
        #expect(wide.ulps < 0.52, "at \(wide.at)")
        let uniform = worst({ $0.unit() }, Math.log, { Foundation.log($0) })
        #expect(uniform.ulps < 0.52, "at \(uniform.at)")
        let nearOne = worst({ 1 + ($0.unit() - 0.5) * 0.02 }, Math.log, { Foundation.log($0) })
        #expect(nearOne.ulps < 0.52, "at \(nearOne.at)")
        let closest = worst({ 1 + ($0.unit() - 0.5) * 0x1p-30 }, Math.log, { Foundation.log($0) })
        #expect(closest.ulps < 0.52, "at \(closest.at)")
    }

    @Test("sin and cos are right to 0.95 units in the last place, for huge angles too")
    func trigonometry() {
        for reach in [0.8, 4, 1000, 1_000_000, 1e9, 1e17] {
            let s = worst({ $0.uniform(-reach, reach) }, Math.sin, { Foundation.sin($0) })
            #expect(s.ulps < 0.95, "sin at \(s.at)")
            let c = worst({ $0.uniform(-reach, reach) }, Math.cos, { Foundation.cos($0) })
            #expect(c.ulps < 0.95, "cos at \(c.at)")
        }
    }

    @Test("sin and cos of the hardest and the largest angles")
    func hardAngles() {
        // 6381956970095103 * 2^797 is the double nearest to a multiple of pi / 2 (Kahan; Muller, "Elementary
        // Functions", table 11.1): its cosine is -4.687165924254628e-19.
        #expect(Math.cos(6_381_956_970_095_103 * 0x1p797) == -4.687165924254628e-19)
        for x in [0x1p20, 0x1p53, 1e22, 1e300, Double.greatestFiniteMagnitude, 1.57079632679489661923 * 1e6, 11] {
            for y in [x, -x] {
                #expect(abs(Math.sin(y) - Foundation.sin(y)) <= Foundation.sin(y).ulp, "sin \(y)")
                #expect(abs(Math.cos(y) - Foundation.cos(y)) <= Foundation.cos(y).ulp, "cos \(y)")
            }
        }
        #expect(Math.sin(.infinity).isNaN && Math.cos(.nan).isNaN)
        #expect(Math.sin(-0.0).sign == .minus)
    }

    @Test("pow is right to 0.54 units in the last place")
    func power() {
        var stream = RandomStream(seed: 12, purpose: 1, entity: 0)
        var largest = (ulps: 0.0, x: 0.0, y: 0.0)
        for i in 0..<Self.points {
            let x = i % 3 == 0 ? 1 + (stream.unit() - 0.5) * 0.01 : Math.exp(stream.uniform(-20, 20))
            let y = stream.uniform(-700, 700) / max(1, abs(Math.log(x)))
            #if arch(x86_64)
            let e = error(Math.pow(x, y), Foundation.pow(Float80(x), Float80(y)))
            #else
            let e = error(Math.pow(x, y), Foundation.pow(x, y))
            #endif
            if e > largest.ulps { largest = (e, x, y) }
        }
        #expect(largest.ulps < 0.54, "at \(largest.x) ^ \(largest.y)")
    }

    @Test("special values are those of IEEE 754 and of the C library")
    func specialValues() {
        let values: [Double] = [
            0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 1.5, -2.5, 1e300, -1e300, 1e-300, .infinity, -.infinity, .nan,
            .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude, 0x1p53, 0x1p53 + 2, 1025, -1076,
            710, -746, 709.782712893384, 0x1.fffffffffffffp-1, 1.0000000000000002,
        ]
        func same(_ a: Double, _ b: Double) -> Bool {
            (a.isNaN && b.isNaN) || (a == b && a.sign == b.sign) || abs(a - b) <= max(a.ulp, b.ulp)
        }
        for x in values {
            #expect(same(Math.exp(x), Foundation.exp(x)), "exp \(x)")
            #expect(same(Math.log(x), Foundation.log(x)), "log \(x)")
            #expect(same(Math.expm1(x), Foundation.expm1(x)), "expm1 \(x)")
            #expect(same(Math.log1p(x), Foundation.log1p(x)), "log1p \(x)")
            for y in values { #expect(same(Math.pow(x, y), Foundation.pow(x, y)), "pow \(x) \(y)") }
        }
    }

    @Test("expm1 and log1p keep their digits near zero")
    func nearZero() {
        let e = worst({ $0.uniform(-0.5, 0.5) * Math.exp($0.uniform(-30, 0)) }, Math.expm1, { Foundation.expm1($0) })
        #expect(e.ulps < 2.1, "expm1 at \(e.at)")
        let l = worst({ $0.uniform(-0.5, 0.5) * Math.exp($0.uniform(-30, 0)) }, Math.log1p, { Foundation.log1p($0) })
        #expect(l.ulps < 2.1, "log1p at \(l.at)")
    }

    @Test("the normal quantile inverts the error function, the gamma function its recurrence and the C library's")
    func statistics() {
        var stream = RandomStream(seed: 13, purpose: 1, entity: 0)
        for _ in 0..<100_000 {
            let p = stream.unit()
            let x = Math.normalQuantile(p)
            #expect(abs(0.5 * Foundation.erfc(-x / 2.0.squareRoot()) - p) < 4e-16 + 3e-15 * p)
        }
        #expect(abs(Math.normalQuantile(1e-300) + 37.04709629936119923722296) < 1e-12)
        #expect(Math.normalQuantile(0.5) == 0)
        // Published to 15 digits: Abramowitz and Stegun, table 26.1.
        for (x, share) in [
            (0, 0.5), (1, 0.841_344_746_068_543), (1.96, 0.975_002_104_851_780), (2, 0.977_249_868_051_821),
            (3, 0.998_650_101_968_370), (-1, 0.158_655_253_931_457),
        ] { #expect(abs(Math.normalShare(below: x) - share) < 1e-14, "\(x)") }
        for i in -3700...3700 {
            let x = Double(i) * 0.01
            let share = 0.5 * Foundation.erfc(-x / 2.0.squareRoot())
            #expect(abs(Math.normalShare(below: x) - share) < 1e-15 + 1e-7 * min(share, 1e-12), "\(x)")
        }
        #expect(Math.normalShare(below: 40) == 1 && Math.normalShare(below: -.infinity) == 0)
        for i in 1..<17_000 {
            let x = Double(i) * 0.01
            #expect(abs(Math.gamma(x) / Foundation.tgamma(x) - 1) < 2e-14, "gamma \(x)")
            #expect(abs(Math.logGamma(x) - Foundation.lgamma(x)) < 1e-13 * max(1, abs(Foundation.lgamma(x))), "\(x)")
        }
        #expect(abs(Math.gamma(0.5) - Double.pi.squareRoot()) < 1e-14)
    }

    @Test("results are the same bits as when this was written, in debug and release")
    func sameBits() {
        var digest = TraceDigest()
        var stream = RandomStream(seed: 14, purpose: 1, entity: 0)
        for _ in 0..<100_000 {
            let x = stream.uniform(-50, 50)
            for y in [Math.exp(x), Math.log(abs(x)), Math.sin(x), Math.cos(1e6 * x), Math.pow(abs(x), 1.7)] {
                digest.mix(y.bitPattern)
            }
            digest.mix(Math.normalQuantile(stream.unit()).bitPattern)
            digest.mix(Math.logGamma(abs(x)).bitPattern)
        }
        #expect(digest.value == 503_831_308_270_662_805, "\(digest.value)")
    }
}
