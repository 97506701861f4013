/// Draws of whole numbers.
extension RandomStream {
    /// Uniform among 0, 1, ... n - 1, each exactly as likely; `n` > 0.
    ///
    /// - Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
    @inlinable
    public mutating func below(_ n: Int) -> Int {
        precondition(n > 0, "a draw among n needs n > 0")
        let range = UInt64(n)
        var product = range.multipliedFullWidth(by: next())
        if product.low < range {
            let surplus = (0 &- range) % range
            while product.low < surplus { product = range.multipliedFullWidth(by: next()) }
        }
        return Int(truncatingIfNeeded: product.high)
    }

    /// True with probability `p`, 0 ... 1.
    @inlinable
    public mutating func bernoulli(_ p: Double) -> Bool { unit() < p }

    /// Poisson with the given mean, 0 ... 1e9.
    ///
    /// - Source: inversion below 30; above, rejection PTRS of Hörmann, "The transformed rejection method for
    ///   generating Poisson random variables", Insurance: Mathematics and Economics 12 (1993).
    public mutating func poisson(mean: Double) -> Int {
        precondition(mean >= 0 && mean <= 1e9, "a Poisson draw needs a mean of 0 to 1e9")
        return mean < 30 ? poissonByInversion(mean) : poissonByRejection(mean)
    }

    private mutating func poissonByInversion(_ mean: Double) -> Int {
        var u = unit()
        var share = Math.exp(-mean)
        var k = 0
        while u > share && k < 400 {  // the share of 400 at a mean of 30 is below 1e-270
            u -= share
            k += 1
            share *= mean / Double(k)
        }
        return k
    }

    private mutating func poissonByRejection(_ mean: Double) -> Int {
        let root = mean.squareRoot()
        let b = 0.931 + 2.53 * root
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let quick = 0.9277 - 3.6224 / (b - 2)
        let logMean = Math.log(mean)
        while true {
            let u = unit() - 0.5
            let v = unit()
            let side = 0.5 - u.magnitude
            let k = ((2 * a / side + b) * u + mean + 0.43).rounded(.down)
            if side >= 0.07 && v <= quick { return Int(k) }
            if k < 0 || (side < 0.013 && v > side) { continue }
            let accepted = Math.log(v * inverseAlpha / (a / (side * side) + b))
            if accepted <= -mean + k * logMean - Math.logGamma(k + 1) { return Int(k) }
        }
    }
}
