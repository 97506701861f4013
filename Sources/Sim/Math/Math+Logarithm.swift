extension Math {
    /// Natural logarithm; -infinity at zero, not a number below.
    public static func log(_ x: Double) -> Double {
        var bits = x.bitPattern
        if bits &- 0x0010_0000_0000_0000 >= 0x7FE0_0000_0000_0000 {  // zero, subnormal, negative, infinite, NaN
            if x == 0 { return -.infinity }
            if x.isNaN || x < 0 { return .nan }
            if x == .infinity { return x }
            bits = (x * 0x1p52).bitPattern &- (52 << 52)
        }
        let s = logStep(bits)
        let r2 = s.r * s.r
        let odd = MathTables.logTerms[1] + s.r * MathTables.logTerms[2]
        let high = MathTables.logTerms[3] + s.r * MathTables.logTerms[4] + r2 * MathTables.logTerms[5]
        let cubic = s.r * r2 * (MathTables.logTerms[0] + s.r * odd + s.r * r2 * high)
        return s.high + ((s.low - 0.5 * r2) + cubic)
    }

    /// log(1 + x) without loss near zero; -infinity at -1, not a number below.
    public static func log1p(_ x: Double) -> Double {
        let sum = 1 + x
        if sum == 1 { return x }
        if sum == .infinity || !(sum > 0) { return log(sum) }
        return log(sum) + (x - (sum - 1)) / sum  // the second term restores what `1 + x` rounded away
    }

    /// `x` to the power `y`, with the special cases of IEEE 754 (`pow(x, 0)` and `pow(1, y)` are 1 even for NaN).
    public static func pow(_ x: Double, _ y: Double) -> Double {
        var bits = x.bitPattern
        var sign = 1.0
        let yExponent = (y.bitPattern >> 52) & 0x7FF
        if bits &- 0x0010_0000_0000_0000 >= 0x7FE0_0000_0000_0000 || yExponent &- 0x3BE >= 0x80 {
            if let answer = powAtTheEdge(x, y) { return answer }
            if x < 0 {
                guard isInteger(y) else { return .nan }
                sign = isOdd(y) ? -1 : 1
            }
            let magnitude = x.magnitude
            bits = magnitude < 0x1p-1022 ? (magnitude * 0x1p52).bitPattern &- (52 << 52) : magnitude.bitPattern
        }
        let (high, low) = logExtended(bits)
        let product = y * high
        let (yHigh, logHigh) = (highHalf(y), highHalf(high))
        let (yLow, logLow) = (y - yHigh, high - logHigh)
        let rest = (((yHigh * logHigh - product) + yHigh * logLow) + yLow * logHigh) + yLow * logLow + y * low
        guard product.magnitude > 0x1p-54 else { return sign * (1 + product) }
        guard product.magnitude >= 512 else { return sign * expKernel(product, rest: rest) }
        if product >= 1024 { return sign * .infinity }
        if product <= -1075 { return sign * 0 }
        return sign * expScaled(product, rest: rest)
    }

    /// log(c 2^k) plus r, the distance left to the argument: high + low - r^2 / 2 + r^3 / 3 - ...
    @inline(__always)
    private static func logStep(_ bits: UInt64) -> (high: Double, low: Double, r: Double, rest: Double) {
        let offset = bits &- 0x3FE5_F000_0000_0000
        let row = Int(truncatingIfNeeded: (offset >> 45) & 127) &* 3
        let k = Double(Int64(bitPattern: offset) >> 52)
        let z = bits &- (offset & 0xFFF0_0000_0000_0000)
        let inverse = MathTables.logSteps[row]
        // 32 upper bits times 19 bits and the difference from 1 are exact, and so is the lower product.
        let upper = Double(bitPattern: z & 0xFFFF_FFFF_FFE0_0000)
        let lower = Double(bitPattern: z) - upper
        let rUpper = upper * inverse - 1
        let rLower = lower * inverse
        let r = rUpper + rLower
        let rest = (rUpper - r) + rLower
        let power = k * MathTables.ln2High
        let step = MathTables.logSteps[row &+ 1]
        let base = power + step
        let high = base + r
        let lost = ((power - base) + step) + ((base - high) + r) + rest
        let low = lost + (k * MathTables.ln2Low + MathTables.logSteps[row &+ 2])
        return (high, low, r, rest)
    }

    /// log of a positive number as a sum of two doubles, to about 68 bits.
    @inline(__always)
    private static func logExtended(_ bits: UInt64) -> (high: Double, low: Double) {
        let s = logStep(bits)
        let (r, r2) = (s.r, s.r * s.r)
        let odd = MathTables.logTerms[1] + r * MathTables.logTerms[2]
        let fourth = MathTables.logTerms[3] + r * MathTables.logTerms[4] + r2 * MathTables.logTerms[5]
        let cubic = r * r2 * (MathTables.logTerms[0] + r * odd + r * r2 * fourth)
        let rHigh = highHalf(r)
        let square = 0.5 * rHigh * rHigh
        let squareRest = 0.5 * (r - rHigh) * (r + rHigh) + r * s.rest
        let high = s.high - square
        let low = (((s.high - high) - square) + s.low) + (cubic - squareRest)
        let sum = high + low
        return (sum, (high - sum) + low)
    }

    private static func isInteger(_ y: Double) -> Bool {
        y.magnitude >= 0x1p53 || Double(Int64(y)) == y
    }

    private static func isOdd(_ y: Double) -> Bool {
        y.magnitude < 0x1p53 && Int64(y) & 1 == 1
    }

    /// Answers that need no logarithm: zeros, infinities, NaN and exponents so small or large that only they matter.
    private static func powAtTheEdge(_ x: Double, _ y: Double) -> Double? {
        if y == 0 || x == 1 { return 1 }
        if x.isNaN || y.isNaN { return .nan }
        if y.isInfinite {
            if x.magnitude == 1 { return 1 }
            return (x.magnitude > 1) == (y > 0) ? .infinity : 0
        }
        if x == 0 || x.isInfinite {
            let magnitude: Double = (x == 0) == (y > 0) ? 0 : .infinity
            return x.sign == .minus && isInteger(y) && isOdd(y) ? -magnitude : magnitude
        }
        if x < 0 && !isInteger(y) { return .nan }
        if y.magnitude < 0x1p-65 { return 1 }
        if y.magnitude >= 0x1p64 {
            if x.magnitude == 1 { return 1 }
            return (x.magnitude > 1) == (y > 0) ? .infinity : 0
        }
        return nil
    }
}
