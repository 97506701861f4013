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
public struct Triangular: Hashable, Sendable, BitwiseCopyable, Codable {
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
public struct BetaShape: Hashable, Sendable, BitwiseCopyable, Codable {
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

/// How the days of a site differ beyond what month and weekday explain.
public enum DayVariation: Sendable, Hashable {
    /// Index of dispersion of daily counts (variance / mean), 1 is Poisson: the factor of a day with mean count N has the
    /// variance (I - 1) / N.
    case dispersion(Double)
    /// Coefficient of variation of the day's factor, whatever the count.
    case variation(Double)
}

/// Whose holidays a population of drivers keeps.
public enum HolidayUse: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    /// Staff car parks and fleets: nearly empty.
    case work
    /// Shops, town centres, hubs.
    case town
    /// Trunk roads, busier on days of travel.
    case travel
    /// Part town, part travel.
    case mixed
    /// Where people live or sleep: as on any other day.
    case home
}

/// What drivers who arrive from an hour of the day on want and how long they stay, in the median.
public struct StartPeriod: Sendable, Hashable {
    /// Local hour from which this holds, 0 ... 23, until the next period's.
    public var fromH: Int
    public var energyMedianWh: Double
    public var stayMedianH: Double

    public init(fromH: Int, energyMedianWh: Double, stayMedianH: Double) {
        self.fromH = fromH
        self.energyMedianWh = energyMedianWh
        self.stayMedianH = stayMedianH
    }
}

/// When drivers come to a kind of site, how long they stay and what they need.
///
/// - Source: `reference/arrivals.json` and `reference/arrivals_by_market.json`, each profile names its own.
public struct ArrivalProfile: Sendable {
    public let id: String
    /// The market whose profile this is; `nil` for a log that stands for itself.
    public let market: Market?
    /// A profile of direct charging.
    public let isDirect: Bool
    public let summary: String
    public let source: String
    /// Share of the day's arrivals by local clock hour, 24 values, sum 1.
    public let weekday: [Double]
    public let weekend: [Double]
    /// Arrivals of a weekend day over those of a weekday.
    public let weekendRatio: Double
    public let days: DayVariation
    /// Time at the site, h: charging time for direct current and where `idleShare` is not 0, else plug in to plug out.
    public let dwellH: QuantileTable
    /// Energy taken at the connector, Wh.
    public let energyWh: QuantileTable
    /// Correlation of the normal pair behind energy and dwell.
    public let latentCorrelation: Double
    /// Share of the plug-in time after the charge, where `dwellH` is charging time alone.
    public let idleShare: Double
    /// What depends on the hour of arrival; empty where nothing does.
    public let startPeriods: [StartPeriod]
    /// Median of the time a vehicle stays after a direct charge, min.
    public let overstayMedianMin: Double
    /// Sessions per connector and average day: P10 between sites, mean, P90.
    public let sessionsPerConnectorDay: Triangular
    public let holidayUse: HolidayUse
    /// State of charge on arrival where given.
    public let arrivalSoC: BetaShape?
    /// State of charge at which the driver leaves where given.
    public let targetSoC: Triangular?
    /// Return and departure of fleet vehicles where given.
    public let fleet: FleetShift?

    /// Standard deviation of the logarithm of the level between sites.
    ///
    /// - Source: 2.563 normal deviations lie between P10 and P90.
    public var spread: Double {
        sessionsPerConnectorDay.low > 0
            ? Math.log(sessionsPerConnectorDay.high / sessionsPerConnectorDay.low) / 2.563 : 0
    }
}

/// The profiles of the reference tables by name.
public enum ArrivalProfiles {
    /// Logs that stand for themselves, then the profiles by market.
    public static let all: [ArrivalProfile] = generatedProfiles + generatedMarketProfiles

    /// Names, each once.
    public static let ids: [String] = {
        var ids: [String] = []
        for profile in all where !ids.contains(profile.id) { ids.append(profile.id) }
        return ids
    }()

    /// The profile called `id`, that of `market` where several markets have one; `nil` when there is none.
    public static func named(_ id: String, in market: Market = .europe) -> ArrivalProfile? {
        all.first { $0.id == id && ($0.market ?? market) == market } ?? all.first { $0.id == id }
    }
}
