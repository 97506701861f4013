extension Math {
    /// Sine of an angle in radians, of any size.
    public static func sin(_ x: Double) -> Double {
        if x.magnitude < 0x1p-27 { return x }
        if x.magnitude < 0.785 { return sinKernel(x, rest: 0) }
        let a = reduced(x)
        switch a.quadrant & 3 {
        case 0: return sinKernel(a.angle, rest: a.rest)
        case 1: return cosKernel(a.angle, rest: a.rest)
        case 2: return -sinKernel(a.angle, rest: a.rest)
        default: return -cosKernel(a.angle, rest: a.rest)
        }
    }

    /// Cosine of an angle in radians, of any size.
    public static func cos(_ x: Double) -> Double {
        if x.magnitude < 0.785 { return cosKernel(x, rest: 0) }
        let a = reduced(x)
        switch a.quadrant & 3 {
        case 0: return cosKernel(a.angle, rest: a.rest)
        case 1: return -sinKernel(a.angle, rest: a.rest)
        case 2: return -cosKernel(a.angle, rest: a.rest)
        default: return sinKernel(a.angle, rest: a.rest)
        }
    }

    /// An angle less whole quarter turns: within +-pi/4, as a double and what it lacks.
    private typealias Reduced = (quadrant: Int, angle: Double, rest: Double)

    /// sin(x + rest) for |x| <= pi/4.
    @inline(__always)
    private static func sinKernel(_ x: Double, rest: Double) -> Double {
        let z = x * x
        let low = MathTables.sinTerms[0] + z * MathTables.sinTerms[1]
        let middle = MathTables.sinTerms[2] + z * MathTables.sinTerms[3]
        let high = MathTables.sinTerms[4] + z * MathTables.sinTerms[5]
        let cube = x * z
        return x + (cube * (low + z * z * (middle + z * z * high)) + rest * (1 - 0.5 * z))
    }

    /// cos(x + rest) for |x| <= pi/4.
    @inline(__always)
    private static func cosKernel(_ x: Double, rest: Double) -> Double {
        let z = x * x
        let low = MathTables.cosTerms[0] + z * MathTables.cosTerms[1]
        let middle = MathTables.cosTerms[2] + z * MathTables.cosTerms[3]
        let high = MathTables.cosTerms[4] + z * MathTables.cosTerms[5]
        let half = 0.5 * z
        let main = 1 - half
        return main + (((1 - main) - half) + (z * z * (low + z * z * (middle + z * z * high)) - x * rest))
    }

    private static func reduced(_ x: Double) -> Reduced {
        guard x.magnitude < 0x1p20 else { return reducedExactly(x) }
        let shifted = x * MathTables.twoOverPi + roundingShift
        let turns = shifted - roundingShift
        // The first three products are exact, and so is the first difference.
        let a = x - turns * MathTables.halfPi1
        let (b, lostB) = sum(a, -turns * MathTables.halfPi2)
        let (c, lostC) = sum(b, -turns * MathTables.halfPi3)
        let rest = (lostB + lostC) - turns * MathTables.halfPi4
        let angle = c + rest
        return (Int(truncatingIfNeeded: shifted.bitPattern & 3), angle, (c - angle) + rest)
    }

    /// a + b and what rounding lost.
    @inline(__always)
    private static func sum(_ a: Double, _ b: Double) -> (sum: Double, lost: Double) {
        let s = a + b
        let t = s - a
        return (s, (a - (s - t)) + (b - t))
    }

    /// Reduction of a large angle by 192 digits of 2/pi, chosen so that whole turns drop out of an integer product.
    private static func reducedExactly(_ x: Double) -> Reduced {
        guard x.isFinite else { return (0, .nan, 0) }
        let mantissa = x.significandBitPattern | (1 << 52)
        let power = Int(x.exponent) - 52  // |x| = mantissa 2^power
        // Digit k of 2/pi weighs 2^-k; those up to power - 2 make whole turns. 64 zeros precede the digits.
        let first = power + 62
        let (w0, w1, w2) = (digits(first), digits(first + 64), digits(first + 128))
        let p2 = mantissa.multipliedFullWidth(by: w2)
        let p1 = mantissa.multipliedFullWidth(by: w1)
        let low = p2.low
        let (middle, carry) = p1.low.addingReportingOverflow(p2.high)
        var high = mantissa &* w0 &+ p1.high &+ (carry ? 1 : 0)
        // high:middle:low is |x| 2/pi modulo 4 with two integer digits.
        var quadrant = Int(truncatingIfNeeded: high >> 62)
        high &= 0x3FFF_FFFF_FFFF_FFFF
        let isUpperHalf = high >= 0x2000_0000_0000_0000
        var f: (UInt64, UInt64, UInt64) = (high, middle, low)
        if isUpperHalf {  // go to the nearest quarter turn: 1 - f
            quadrant += 1
            let (negativeLow, borrow) = UInt64(0).subtractingReportingOverflow(low)
            let (m, borrow1) = UInt64(0).subtractingReportingOverflow(middle)
            let (negativeMiddle, borrow2) = m.subtractingReportingOverflow(borrow ? 1 : 0)
            f = (0x4000_0000_0000_0000 &- high &- (borrow1 || borrow2 ? 1 : 0), negativeMiddle, negativeLow)
        }
        let (angle, rest) = timesHalfPi(f)
        let isNegative = isUpperHalf != (x < 0)
        return (x < 0 ? -quadrant & 3 : quadrant & 3, isNegative ? -angle : angle, isNegative ? -rest : rest)
    }

    /// 64 binary digits of 2/pi from the given place on.
    private static func digits(_ place: Int) -> UInt64 {
        let (word, shift) = (place >> 6, UInt64(place & 63))
        let upper = MathTables.twoOverPiDigits[word] << shift
        return shift == 0 ? upper : upper | MathTables.twoOverPiDigits[word + 1] >> (64 - shift)
    }

    /// The fraction (three words, 190 digits after the point) times pi / 2, as a sum of two doubles.
    private static func timesHalfPi(_ fraction: (UInt64, UInt64, UInt64)) -> (high: Double, low: Double) {
        var f = fraction
        var scale = 0x1p-62
        while f.0 < 0x0008_0000_0000_0000 {  // at least 52 digits into the first word
            f = (f.0 << 8 | f.1 >> 56, f.1 << 8 | f.2 >> 56, f.2 << 8)
            scale *= 0x1p-8
            if f.0 == 0 && f.1 == 0 && f.2 == 0 { return (0, 0) }
        }
        let top = Double(f.0 & 0xFFFF_FFFF_FFFF_F000)
        let below = Double(f.0 & 0xFFF) + Double(f.1 >> 11) * 0x1p-53
        let value = top + below
        let valueRest = (top - value) + below
        let high = highHalf(value)
        let low = value - high
        let main = value * (MathTables.halfPiHigh + MathTables.halfPiMiddle)
        let exact =
            ((high * MathTables.halfPiHigh - main) + high * MathTables.halfPiMiddle)
            + low * MathTables.halfPiHigh + low * MathTables.halfPiMiddle
        let rest = exact + value * MathTables.halfPiLow + valueRest * MathTables.halfPi1
        return (main * scale, rest * scale)
    }
}
