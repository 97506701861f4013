/// The one door to transcendental functions for models: the same bits on every processor and with every C library.
///
/// Only IEEE 754 sums, products, quotients and square roots are used, in a fixed order and without fused
/// multiply-add, so that debug and release builds agree too. Tables come from `Scripts/generate_math_tables.py`.
///
/// Largest errors among 3 million points a function against the C library in extended precision, in units in the last
/// place (0.5 is a correctly rounded result): ``exp(_:)``, ``log(_:)`` and ``pow(_:_:)`` 0.51, ``sin(_:)`` and
/// ``cos(_:)`` 0.91, ``log1p(_:)`` 1.0, ``expm1(_:)`` 2.1. Results below 2^-1022 may be off by one more.
public enum Math {
    /// Adding and subtracting it rounds a double of magnitude below 2^51 to the nearest integer.
    @inline(__always) static var roundingShift: Double { 0x1.8p52 }

    @inline(__always) static func highHalf(_ x: Double) -> Double {
        Double(bitPattern: x.bitPattern & 0xFFFF_FFFF_F800_0000)
    }
}

extension Math {
    /// e to the power `x`; 0 below -745.2, infinite above 709.8.
    public static func exp(_ x: Double) -> Double {
        let exponent = (x.bitPattern >> 52) & 0x7FF
        if exponent &- 0x3C9 >= 0x3F {  // |x| < 2^-54 or |x| >= 512
            return expAtTheEdge(x)
        }
        return expKernel(x, rest: 0)
    }

    /// e^x - 1 without loss near zero; -1 far below zero.
    public static func expm1(_ x: Double) -> Double {
        guard x.magnitude < 0.25 else { return exp(x) - 1 }
        // Up to the power that no longer shows: 0.25^15 / 16! is 4e-23.
        var sum = 1.0 / 1_307_674_368_000.0
        for i in expm1Reciprocals.indices { sum = sum * x + expm1Reciprocals[i] }
        return x + x * x * sum
    }

    /// exp(x + rest) for a result within the normal numbers.
    @inline(__always)
    static func expKernel(_ x: Double, rest: Double) -> Double {
        let (scale, tail) = expParts(x, rest: rest)
        return Double(bitPattern: scale) + Double(bitPattern: scale) * tail
    }

    /// Bits of 2^(k/128) and the relative rest of exp(x + rest) = 2^(k/128) (1 + tail). The exponent may wrap.
    @inline(__always)
    static func expParts(_ x: Double, rest: Double) -> (scale: UInt64, tail: Double) {
        let shifted = x * MathTables.stepsPerUnit + roundingShift
        let step = shifted.bitPattern
        let stepNumber = shifted - roundingShift
        let r = ((x - stepNumber * MathTables.stepHigh) - stepNumber * MathTables.stepLow) + rest
        let row = Int(truncatingIfNeeded: step & 127) &* 2
        let scale = MathTables.exp2[row &+ 1] &+ (step << 45)
        let r2 = r * r
        let even = MathTables.expTerms[0] + r * MathTables.expTerms[1]
        let odd = MathTables.expTerms[2] + r * MathTables.expTerms[3]
        let tail = Double(bitPattern: MathTables.exp2[row]) + r + r2 * (even + r2 * odd)
        return (scale, tail)
    }

    /// exp(x + rest) where the result may leave the normal numbers; |x| < 1100.
    static func expScaled(_ x: Double, rest: Double) -> Double {
        let (scale, tail) = expParts(x, rest: rest)
        if x > 0 {  // 2^1009 lower, and back
            let s = Double(bitPattern: scale &- (1009 << 52))
            return 0x1p1009 * (s + s * tail)
        }
        let s = Double(bitPattern: scale &+ (1022 << 52))
        return 0x1p-1022 * (s + s * tail)
    }

    private static func expAtTheEdge(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x.magnitude < 0x1p-54 { return 1 + x }
        if x >= 1024 { return .infinity }
        if x <= -1075 { return 0 }
        return expScaled(x, rest: 0)
    }

    /// 1/14!, 1/13!, ... 1/2!.
    private static let expm1Reciprocals: InlineArray<13, Double> = [
        1.0 / 87_178_291_200.0, 1.0 / 6_227_020_800.0, 1.0 / 479_001_600.0, 1.0 / 39_916_800.0, 1.0 / 3_628_800.0,
        1.0 / 362_880.0, 1.0 / 40_320.0, 1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5,
    ]
}
