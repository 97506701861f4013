internal import Sim

/// What every local day of a run is to all sites: its month, its holiday and the mood of the region.
///
/// Days count from the one in which the world starts.
///
/// - Source: domain reference 6.1a: daily counts of a region share a factor with a lag-1 correlation of 0.13 to 0.36.
public struct DayCalendar: Sendable {
    /// Month 0 ... 11 of each day.
    public var month: ContiguousArray<UInt8>
    /// Row of ``DemandPopulation/holidayFactor`` of each day, 0 for a day like others.
    public var holiday: ContiguousArray<UInt8>
    /// The region's mood: a standard normal AR(1) sequence.
    public private(set) var mood: ContiguousArray<Double>
    /// Coefficient of variation of the factor that comes of the mood.
    public private(set) var commonVariation: Double

    /// - Parameters:
    ///   - lag1: correlation of the mood with that of the day before, 0 ..< 1.
    public init(
        month: ContiguousArray<UInt8>, holiday: ContiguousArray<UInt8>, commonVariation: Double, lag1: Double,
        seed: UInt64
    ) {
        precondition(month.count == holiday.count, "a day has a month and a holiday")
        self.month = month
        self.holiday = holiday
        self.commonVariation = commonVariation
        mood = []
        mood.reserveCapacity(month.count)
        let fresh = (1 - lag1 * lag1).squareRoot()
        for day in month.indices {
            var stream = RandomStream(seed: seed, purpose: StreamPurpose.mood, entity: UInt64(day))
            let shock = stream.normal()
            mood.append(mood.last.map { lag1 * $0 + fresh * shock } ?? shock)
        }
    }

    /// A calendar of equal days.
    public static func plain(days: Int) -> DayCalendar {
        let zeros = ContiguousArray<UInt8>(repeating: 0, count: max(1, days))
        return DayCalendar(month: zeros, holiday: zeros, commonVariation: 0, lag1: 0, seed: 0)
    }

    /// The last day is taken for those beyond.
    func index(_ day: Int) -> Int { min(max(0, day), month.count - 1) }
}

extension StreamPurpose {
    /// The mood of a day, the same for all sites.
    public static let mood: UInt64 = 40
    /// The level of a site among those of its kind.
    public static let siteLevel: UInt64 = 41
    /// The token a driver carries.
    public static let token: UInt64 = 42
}
