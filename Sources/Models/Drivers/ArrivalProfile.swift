public import Sim

extension QuantileTable {
    /// One value for each probability, both rising.
    public init(p: [Double], x: [Double]) {
        precondition(p.count == x.count, "a quantile table needs one value for each probability")
        self.init(points: zip(p, x).map { (probability: $0, value: $1) })
    }

    /// Mean of the distribution that ``value(at:)`` inverts.
    public var mean: Double {
        let (p, x) = (probabilities, values)
        var sum = x[0] * p[0] + x[x.count - 1] * (1 - p[p.count - 1])
        for i in 1..<p.count { sum += 0.5 * (x[i - 1] + x[i]) * (p[i] - p[i - 1]) }
        return sum
    }
}

/// Three-point estimate: least, most likely, largest.
public struct Triangular: Sendable, BitwiseCopyable, Codable {
    public var low: Double
    public var mode: Double
    public var high: Double
    public init(low: Double, mode: Double, high: Double) {
        self.low = low
        self.mode = mode
        self.high = high
    }
}

/// Shape parameters of a beta distribution on 0 ... 1.
public struct BetaShape: Sendable, BitwiseCopyable, Codable {
    public var a: Double
    public var b: Double
    public init(a: Double, b: Double) {
        self.a = a
        self.b = b
    }
}

/// Normal distribution clipped to an interval.
public struct ClippedNormal: Sendable, BitwiseCopyable, Codable {
    public var mean: Double
    public var deviation: Double
    public var low: Double
    public var high: Double
    public init(mean: Double, deviation: Double, low: Double, high: Double) {
        self.mean = mean
        self.deviation = deviation
        self.low = low
        self.high = high
    }
}

/// When a depot's vehicles come back and leave, and what they need.
public struct FleetShift: Sendable, BitwiseCopyable {
    /// Local time of return, h.
    public let returnH: ClippedNormal
    /// Local time of departure on the next day, h.
    public let departureH: ClippedNormal
    /// Energy to restore, Wh.
    public let energyWh: ClippedNormal
}

/// When drivers come to a kind of site, how long they stay and what they need.
///
/// Arrivals are a non-homogeneous Poisson process with hourly constant rates; each day is multiplied by a gamma factor
/// with mean 1 and variance `(dispersion - 1) / meanDailyCount`.
/// - Source: `reference/arrivals.json`, each profile names its own.
public struct ArrivalProfile: Sendable {
    public let id: String
    public let summary: String
    public let source: String
    /// Share of the day's arrivals by local clock hour, 24 values, sum 1.
    public let weekday: [Double]
    public let weekend: [Double]
    /// Arrivals of a weekend day over those of a weekday.
    public let weekendRatio: Double
    /// Index of dispersion of daily counts; 1 is Poisson.
    public let dispersion: Double
    /// Time at the site, h.
    public let dwellH: QuantileTable
    /// Energy taken, Wh.
    public let energyWh: QuantileTable
    /// Correlation of dwell and energy where measured.
    public let dwellEnergyCorrelation: Double?
    /// Sessions per connector and average day (planning assumptions).
    public let sessionsPerConnectorDay: Triangular
    /// State of charge on arrival where given.
    public let arrivalSoC: BetaShape?
    /// State of charge at which the driver leaves where given.
    public let targetSoC: Triangular?
    /// Return and departure of fleet vehicles where given.
    public let fleet: FleetShift?
}

/// The profiles of `reference/arrivals.json` by name.
public enum ArrivalProfiles {
    public static let all: [ArrivalProfile] = generatedProfiles
    /// The profile called `id`, `nil` when there is none.
    public static func named(_ id: String) -> ArrivalProfile? { all.first { $0.id == id } }
}
