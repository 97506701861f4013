/// Draws from the continuous distributions of the models; every parameter is checked by a precondition.
extension RandomStream {
    /// Uniform between two finite ends.
    public mutating func uniform(_ low: Double, _ high: Double) -> Double {
        precondition(low <= high && (high - low).isFinite, "a uniform draw needs low <= high, both finite")
        return low + (high - low) * unit()
    }

    /// Exponential with the given mean >= 0.
    @inlinable
    public mutating func exponential(mean: Double) -> Double {
        precondition(mean >= 0, "an exponential draw needs a mean of at least 0")
        return -mean * Math.log(unit())
    }

    /// Normal by inversion: one draw, monotone in it. `deviation` >= 0.
    public mutating func normal(mean: Double = 0, deviation: Double = 1) -> Double {
        precondition(deviation >= 0, "a normal draw needs a deviation of at least 0")
        return mean + deviation * Math.normalQuantile(unit())
    }

    /// exp of a normal with mean `mu` and deviation `sigma` >= 0; the median is exp(mu).
    public mutating func lognormal(mu: Double, sigma: Double) -> Double {
        Math.exp(normal(mean: mu, deviation: sigma))
    }

    /// Weibull, survival exp(-(t / scale)^shape); `shape` and `scale` > 0.
    public mutating func weibull(shape: Double, scale: Double) -> Double {
        precondition(shape > 0 && scale > 0, "a Weibull draw needs a positive shape and scale")
        return scale * Math.pow(-Math.log(unit()), 1 / shape)
    }

    /// What is left of a Weibull lifetime that has already reached `age` >= 0.
    public mutating func weibullResidual(shape: Double, scale: Double, age: Double) -> Double {
        precondition(shape > 0 && scale > 0 && age >= 0, "a residual draw needs positive shape and scale and an age")
        let hazard = -Math.log(unit())
        guard age > 0 else { return scale * Math.pow(hazard, 1 / shape) }
        let used = Math.pow(age / scale, shape)
        // age ((1 + hazard / used)^(1 / shape) - 1), without the cancellation of an old age.
        return age * Math.expm1(Math.log1p(hazard / used) / shape)
    }

    /// Gamma with mean `shape` * `scale`; both > 0.
    ///
    /// - Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000).
    public mutating func gamma(shape: Double, scale: Double) -> Double {
        precondition(shape > 0 && scale > 0, "a gamma draw needs a positive shape and scale")
        if shape < 1 {  // a gamma of one shape more, thinned by a power of a uniform draw
            let power = Math.pow(unit(), 1 / shape)
            return gamma(shape: shape + 1, scale: scale) * power
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            if Math.log(unit()) < 0.5 * x * x + d * (1 - v + Math.log(v)) { return d * v * scale }
        }
    }

    /// Beta on 0 to 1 with mean a / (a + b); both > 0.
    public mutating func beta(_ a: Double, _ b: Double) -> Double {
        let x = gamma(shape: a, scale: 1)
        let y = gamma(shape: b, scale: 1)
        return x + y > 0 ? x / (x + y) : (bernoulli(a / (a + b)) ? 1 : 0)
    }

    /// Triangular by inversion; low <= mode <= high.
    public mutating func triangular(low: Double, mode: Double, high: Double) -> Double {
        precondition(low <= mode && mode <= high, "a triangular draw needs low <= mode <= high")
        let u = unit()
        let (width, left) = (high - low, mode - low)
        if u * width < left { return low + (u * width * left).squareRoot() }
        return high - ((1 - u) * width * (high - mode)).squareRoot()
    }
}
