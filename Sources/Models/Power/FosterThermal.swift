internal import Sim

/// One stage of a Foster network: thermal resistance and time constant.
public struct FosterStage: BitwiseCopyable, Sendable, Codable, Hashable {
    /// K/W.
    public var resistance: Double
    /// s, above 0.
    public var tau: Double
    public init(resistance: Double, tau: Double) {
        self.resistance = resistance
        self.tau = tau
    }
}

/// Temperature of a power module over its surroundings: any number of parallel stages of a Foster network, exact.
///
/// - Source: domain reference 3.3; default constants per 30 kW module (estimates).
public struct FosterThermal: Sendable, Codable {
    public let stages: [FosterStage]
    private var rises: [Double]

    /// - Precondition: time constants are positive.
    public init(stages: [FosterStage]) {
        precondition(stages.allSatisfy { $0.tau > 0 }, "time constants are positive")
        self.stages = stages
        rises = [Double](repeating: 0, count: stages.count)
    }
    public static let module30kW = FosterThermal(stages: [
        FosterStage(resistance: 0.02, tau: 2), FosterStage(resistance: 0.03, tau: 240),
    ])

    /// Rise over the surroundings, K.
    public var riseK: Double { rises.reduce(0, +) }

    /// Moves on by `seconds` under a held loss of `lossW`.
    public mutating func advance(seconds: Double, lossW: Double) {
        for i in stages.indices {
            let final = lossW * stages[i].resistance
            rises[i] = final + (rises[i] - final) * Math.exp(-seconds / stages[i].tau)
        }
    }

    /// Seconds until the rise reaches `limitK` under a held loss, `nil` when it does not.
    ///
    /// The rise is a sum of exponentials with one turn fewer than stages: turns are found first, stage by stage, and the
    /// crossing is bracketed between them.
    public func secondsTo(riseK limitK: Double, lossW: Double) -> Double? {
        var sum = ExponentialSum(terms: [(lossW * stages.reduce(0) { $0 + $1.resistance } - limitK, 0)])
        for i in stages.indices { sum.terms.append((rises[i] - lossW * stages[i].resistance, 1 / stages[i].tau)) }
        let horizon = 60 * (stages.map(\.tau).max() ?? 0)
        return sum.roots(until: horizon).first
    }

    /// Share of the rating that a heat sink at `temperatureC` allows: full to 90 °C, nothing from 105 °C.
    public static let derating = DeratingTable(x: [90, 105], factor: [1, 0])
    /// Heat-sink temperatures that stop a module and let it start again, °C.
    public static let tripC = 110.0
    public static let restartC = 80.0
}

/// `Σ amplitude * e^(-rate t)` with any number of terms; finds where it is zero.
struct ExponentialSum {
    /// Amplitude and rate, 1/s; a rate of 0 is a constant.
    var terms: [(amplitude: Double, rate: Double)]

    func value(at t: Double) -> Double {
        terms.reduce(0) { $0 + ($1.rate == 0 ? $1.amplitude : $1.amplitude * Math.exp(-$1.rate * t)) }
    }

    /// All zeros in `0 ... end`, rising: between two turns lies one at most, and the turns are the zeros of a sum with one
    /// term fewer (scaled so that its slowest term is constant).
    func roots(until end: Double) -> [Double] {
        var merged: [(amplitude: Double, rate: Double)] = []
        for term in terms.sorted(by: { $0.rate < $1.rate }) where term.amplitude != 0 {
            if let last = merged.last, last.rate == term.rate {
                merged[merged.count - 1].amplitude += term.amplitude
            } else {
                merged.append(term)
            }
        }
        guard merged.count > 1, let slowest = merged.first?.rate else { return [] }
        let scaled = ExponentialSum(terms: merged.map { ($0.amplitude, $0.rate - slowest) })
        let slope = ExponentialSum(terms: scaled.terms.dropFirst().map { (-$0.amplitude * $0.rate, $0.rate) })
        var roots: [Double] = []
        var from = 0.0
        for stop in slope.roots(until: end) + [end] where stop > from {
            if let root = scaled.root(from: from, to: stop), root > (roots.last ?? -1) { roots.append(root) }
            from = stop
        }
        return roots
    }

    private func root(from: Double, to: Double) -> Double? {
        var low = from
        var high = to
        let start = value(at: low)
        if start == 0 { return low }
        guard start * value(at: high) <= 0 else { return nil }
        while true {
            let middle = 0.5 * (low + high)
            if middle <= low || middle >= high || high - low < 1e-10 { return high }
            if value(at: middle) * start <= 0 { high = middle } else { low = middle }
        }
    }
}
