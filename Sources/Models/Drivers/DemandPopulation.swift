public import Sim

/// Which of the free EVSEs a driver takes.
public enum EVSEPreference: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    /// The one that promises most power, the first of equals.
    case power
    /// The first in the order of the site.
    case order
}

/// Drivers of one kind of charger who come to one site: when, with what, for what.
///
/// Arrivals are a non-homogeneous Poisson process. Its rate is constant within an hour and repeats every week; each day is
/// multiplied by month, growth, holiday, and a random factor with mean 1. The random factor has two parts: the mood that
/// all sites of the region share (lognormal) and the site's own (gamma). Together they have the variance that
/// ``DayVariation`` asks for on that very day.
///
/// - Source: domain reference 6.1 and 6.1a.
public struct DemandPopulation: Sendable {
    /// Comes for direct current, else parks on alternating current.
    public var isDirect: Bool
    /// Stable name for random streams (hash of the site's id and the population's name).
    public var entity: UInt64
    /// Mean arrivals per hour of the week from Monday 00:00, 168 values, on days without any factor.
    public var rate: HourlyRate
    /// Multiplies the rates of each calendar month, 12 values from January.
    public var monthFactor: [Double]
    /// Logarithm of the yearly growth.
    public var growth: Double
    /// Multiplies the rates of a holiday, by ``DayCalendar/holiday``; row 0 is an ordinary day's.
    public var holidayFactor: [Double]
    public var variation: DayVariation
    public var need: NeedParameters
    public var preference: EVSEPreference
    /// Weights of ``SiteParameters/mix``.
    public var mixWeights: WeightTable

    public init(
        isDirect: Bool, entity: UInt64, rate: HourlyRate, monthFactor: [Double] = Array(repeating: 1, count: 12),
        growth: Double = 0, holidayFactor: [Double] = [1], variation: DayVariation = .dispersion(1),
        need: NeedParameters, preference: EVSEPreference = .power, mixWeights: WeightTable
    ) {
        precondition(rate.perHour.count == 168 && monthFactor.count == 12, "a week has 168 hours, a year 12 months")
        self.isDirect = isDirect
        self.entity = entity
        self.rate = rate
        self.monthFactor = monthFactor
        self.growth = growth
        self.holidayFactor = holidayFactor
        self.variation = variation
        self.need = need
        self.preference = preference
        self.mixWeights = mixWeights
    }

    /// What multiplies the rate on day `day` of the run, apart from chance.
    func plannedFactor(day: Int, in calendar: DayCalendar) -> Double {
        let index = calendar.index(day)
        let holiday = Int(calendar.holiday[index])
        var factor = monthFactor[Int(calendar.month[index])]
        if holiday < holidayFactor.count { factor *= holidayFactor[holiday] }
        if growth != 0 { factor *= Math.exp(growth * Double(day) / 365.25) }
        return factor
    }

    /// What multiplies the rate on day `day` of the run, of the given day of the week (0 Monday).
    func dayFactor(day: Int, weekday: Int, in calendar: DayCalendar, seed: UInt64) -> Double {
        let planned = plannedFactor(day: day, in: calendar)
        let count = planned * (rate.before[24 * weekday + 24] - rate.before[24 * weekday])
        guard count > 0 else { return 0 }
        let variance: Double
        switch variation {
        case .dispersion(let index): variance = (index - 1) / count
        case .variation(let cv): variance = cv * cv
        }
        guard variance > 0 else { return planned }
        let common = min(calendar.commonVariation * calendar.commonVariation, variance)
        var factor = planned
        if common > 0 {
            let logVariance = Math.log1p(common)
            let mood = calendar.mood[calendar.index(day)]
            factor *= Math.exp(logVariance.squareRoot() * mood - 0.5 * logVariance)
        }
        let own = (1 + variance) / (1 + common) - 1
        guard own > 1e-9 else { return factor }
        var stream = RandomStream(seed: seed, purpose: StreamPurpose.dayFactor, entity: entity &+ UInt64(day))
        return factor * stream.gamma(shape: 1 / own, scale: own)
    }
}

/// Where a population's process of arrivals stands.
struct ArrivalProcess: BitwiseCopyable, Sendable, Codable {
    var stream: RandomStream
    /// Drivers drawn so far.
    var count: UInt64 = 0
    /// The day whose factor is known, -1 for none, and that factor.
    private var day = -1
    private var factor = 0.0

    init(_ population: DemandPopulation, seed: UInt64) {
        stream = RandomStream(seed: seed, purpose: StreamPurpose.arrivals, entity: population.entity)
    }

    /// Draws the next arrival after `now`; nil when none comes before `end`. One draw an arrival, and one or two a day.
    mutating func next(
        _ population: DemandPopulation, after now: SimTime, end: SimTime, clock: WorldCalendar, days: DayCalendar,
        seed: UInt64
    ) -> SimTime? {
        var draw = stream.exponential(mean: 1)
        let lastH = clock.localHours(end)
        let firstDay = clock.dayNumber(.zero)
        var fromH = clock.localHours(now)
        while fromH < lastH {
            let dayNumber = Int(fromH / 24)
            if dayNumber != day {
                day = dayNumber
                factor = population.dayFactor(
                    day: dayNumber - firstDay, weekday: dayNumber % 7, in: days, seed: seed)
            }
            let midnightH = Double(24 * (dayNumber + 1))
            if let at = population.rate.spend(&draw, fromH: fromH, toH: midnightH, factor: factor) {
                let time = max(now, clock.instant(localHours: at))
                return time < end ? time : nil
            }
            fromH = midnightH
        }
        return nil
    }
}
