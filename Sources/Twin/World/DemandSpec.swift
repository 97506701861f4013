public import Models
public import Sim

/// Drivers of one kind of charger at a site: when they arrive, how long they stay, how much they want.
public struct DemandSpec: Sendable {
    /// Unique within the site; names the random streams.
    public var name: String
    public var kind: StationKind
    /// Profile of the reference tables from which every field not given was taken.
    public var profile: String
    /// Mean arrivals of an average day, without month, growth, holiday and chance.
    public var sessionsPerDay: Double
    /// Standard deviation of the logarithm of the level between sites of this kind; 0: the level as it stands.
    public var siteSpread: Double
    /// Share of a weekday's arrivals in each local hour, 24 values, sum 1.
    public var weekday: [Double]
    /// Share of a weekend day's arrivals in each local hour, 24 values, sum 1.
    public var weekend: [Double]
    /// Arrivals of a weekend day divided by those of a weekday.
    public var weekendRatio: Double
    public var variation: DayVariation
    /// Multiplies the arrivals of each calendar month, 12 values from January; season, opening, closing.
    public var monthFactor: [Double]
    /// Growth of the arrivals in a year, 0.3 for 30 %.
    public var growthPerYear: Double
    public var holidayUse: HolidayUse
    public var need: NeedSpec
    /// Energy wanted at the connector, Wh.
    public var energyWh: QuantileTable
    /// Time from plug in to plug out, hours; charging time where ``idleShare`` is above 0.
    public var dwellH: QuantileTable
    /// DC: whether ``dwellH`` is of direct charging, so that drivers are away for it at least.
    public var keepsAway: Bool
    /// Correlation of the normal pair behind energy and stay.
    public var latentCorrelation: Double
    /// Share of the plug-in time after the charge where ``dwellH`` is charging time.
    public var idleShare: Double
    /// What depends on the hour of arrival; empty where nothing does.
    public var startPeriods: [StartPeriod]
    /// Median time a vehicle stays after a direct charge, minutes.
    public var overstayMinutes: Double
    /// Median of the wait drivers put up with, minutes.
    public var patienceMinutes: Double
    public var preference: EVSEPreference

    /// Mean arrivals on a weekday without month, growth and holiday.
    public var weekdayArrivals: Double { sessionsPerDay * 7 / (5 + 2 * weekendRatio) }

    /// Mean arrivals on a day of the given kind without growth and holiday; month 1 ... 12.
    public func meanArrivals(isWeekend: Bool, month: Int) -> Double {
        weekdayArrivals * (isWeekend ? weekendRatio : 1) * monthFactor[month - 1]
    }
}

/// How the energy a driver wants is drawn.
public enum NeedSpec: Sendable, Hashable {
    /// State of charge on arrival from beta(`a`, `b`), target from triangular(`low`, `mode`, `high`): the battery
    /// decides the energy and the charge curve the time.
    case stateOfCharge(a: Double, b: Double, low: Double, mode: Double, high: Double)
    /// Energy from ``DemandSpec/energyWh``.
    case energy
}

/// What the demand of all sites has in common.
public struct CommonDemandSpec: Sendable {
    /// Coefficient of variation of the day's factor that all sites share.
    public var variation: Double
    /// Correlation of that factor's logarithm with the day before's.
    public var lag1: Double
    public var growthPerYear: Double
    public var holidays: [HolidaySpec]
}

/// A day of every year, or of one, on which more or fewer drivers come.
public struct HolidaySpec: Sendable, Hashable {
    public enum Day: Sendable, Hashable {
        case date(year: Int?, month: Int, day: Int)
        /// Days after Easter Sunday.
        case easter(Int)
        /// The `number`th weekday (0 Monday) of a month, -1 for the last, and days after it.
        case weekday(Int, number: Int, month: Int, plus: Int)
    }
    public var day: Day
    /// Arrivals over those of an ordinary day of that weekday: where people work, in town, on trunk roads.
    public var work: Double
    public var town: Double
    public var travel: Double

    /// For a population that keeps holidays like this.
    func factor(_ use: HolidayUse) -> Double {
        switch use {
        case .work: work
        case .town: town
        case .travel: travel
        case .mixed: 0.6 * town + 0.4 * travel
        case .home: 1
        }
    }
}
