public import Sim

/// One charging station as built: what its EVSEs share.
public struct StationParameters: Sendable {
    public var kind: StationKind
    /// Rated output at the outlets together, W.
    public var ratedW: Double
    /// Power modules shared between the EVSEs; 0 where each EVSE has its own supply.
    public var moduleCount: Int
    public var moduleW: Double
    /// Draw of the idle station, W.
    public var standbyW: Double
    /// EVSEs of the station: a range of the site's EVSE indices.
    public var evses: Range<Int>
    /// Stable name for random streams (hash of the id).
    public var entity: UInt64
    /// Weight in the site's fair share.
    public var weight: Double
    /// Age of the equipment at the start of the world, years.
    public var ageYears = 0.0

    public init(
        kind: StationKind, ratedW: Double, moduleCount: Int, moduleW: Double, standbyW: Double, evses: Range<Int>,
        entity: UInt64, weight: Double
    ) {
        self.kind = kind
        self.ratedW = ratedW
        self.moduleCount = moduleCount
        self.moduleW = moduleW
        self.standbyW = standbyW
        self.evses = evses
        self.entity = entity
        self.weight = weight
    }
}

/// One EVSE as built.
public struct EVSEParameters: Sendable {
    public var station: Int
    /// Direct current, else alternating.
    public var isDirect: Bool
    /// Rated output, W (AC: at nominal voltage on all phases).
    public var ratedW: Double
    /// Cable limit, A (per phase on AC).
    public var cableA: Double
    /// Highest output voltage of a DC EVSE; phase voltage of an AC one, V.
    public var voltageV: Double
    public var phases: Int
    /// From the connector's meter to the grid.
    public var conversion: StationConversion
    /// Row of ``SiteParameters/compatibility``.
    public var compatibilityRow: Int

    public init(
        station: Int, isDirect: Bool, ratedW: Double, cableA: Double, voltageV: Double, phases: Int,
        conversion: StationConversion,
        compatibilityRow: Int
    ) {
        self.station = station
        self.isDirect = isDirect
        self.ratedW = ratedW
        self.cableA = cableA
        self.voltageV = voltageV
        self.phases = phases
        self.conversion = conversion
        self.compatibilityRow = compatibilityRow
    }
}

/// How the site shares its import limit.
public enum LimitSharing: Sendable, Hashable {
    case none
    /// Priority-weighted fair sharing; `margin` is the share of the limit kept free, `minimumW` the least a
    /// charging EVSE may get before it is paused.
    case fairShare(margin: Double, minimumW: Double)
}

/// A neighbour that drivers may drive on to.
public struct Neighbour: Sendable {
    public var site: UInt32
    public var drive: SimDuration
    /// Running sum of choice weights, ends at 1 over the list.
    public var cumulative: Double

    public init(site: UInt32, drive: SimDuration, cumulative: Double) {
        self.site = site
        self.drive = drive
        self.cumulative = cumulative
    }
}

/// One session of a list that is replayed, with a two-stage battery (constant power to 0.8, then linear to 0 at full) or
/// an ideal one (constant power to full).
public struct ReplayedSession: Sendable, Hashable {
    public var arrival: SimTime
    public var departure: SimTime
    /// Index of the EVSE within the site.
    public var evse: UInt16
    /// The battery takes constant power to full.
    public var isIdeal: Bool
    /// Energy wanted, battery capacity and charge on arrival, Wh.
    public var energyWh: Double
    public var batteryWh: Double
    public var initialWh: Double
    /// Power limit of the vehicle, W.
    public var maxPowerW: Double

    public init(
        arrival: SimTime, departure: SimTime, evse: UInt16, energyWh: Double, batteryWh: Double, initialWh: Double,
        maxPowerW: Double, isIdeal: Bool = false
    ) {
        self.arrival = arrival
        self.departure = departure
        self.evse = evse
        self.energyWh = energyWh
        self.batteryWh = batteryWh
        self.initialWh = initialWh
        self.maxPowerW = maxPowerW
        self.isIdeal = isIdeal
    }
}

/// A fleet that comes home every evening.
public struct FleetParameters: Sendable {
    public var vehicles: Int
    public var vehicle: UInt16
    /// Return, seconds after midnight; departure, seconds after midnight (of the next day when before the return).
    public var returnS: Triangular
    public var departureS: Double
    public var energyWh: QuantileTable
    /// The fleet also works on Saturdays and Sundays.
    public var weekends: Bool

    public init(
        vehicles: Int, vehicle: UInt16, returnS: Triangular, departureS: Double, energyWh: QuantileTable,
        weekends: Bool
    ) {
        self.vehicles = vehicles
        self.vehicle = vehicle
        self.returnS = returnS
        self.departureS = departureS
        self.energyWh = energyWh
        self.weekends = weekends
    }
}

/// Probability per charging session that something goes wrong under load.
public struct IncidentParameters: Sendable {
    public var cablePulled, supplyLost, vehicleSilent, emergencyStop, groundFault: Double
    /// Probability that one step of the start sequence fails and is tried again.
    public var startFailure: Double
    /// Probability that a driver finds the bay blocked by a parked vehicle.
    public var blockedBay: Double

    public init(
        cablePulled: Double, supplyLost: Double, vehicleSilent: Double, emergencyStop: Double, groundFault: Double,
        startFailure: Double, blockedBay: Double
    ) {
        self.cablePulled = cablePulled
        self.supplyLost = supplyLost
        self.vehicleSilent = vehicleSilent
        self.emergencyStop = emergencyStop
        self.groundFault = groundFault
        self.startFailure = startFailure
        self.blockedBay = blockedBay
    }
    public var total: Double { cablePulled + supplyLost + vehicleSilent + emergencyStop + groundFault }
}

/// Everything about a site that does not change while it runs. Not part of a checkpoint: it is compiled from the world.
public struct SiteParameters: Sendable {
    public var index: UInt32 = 0
    public var seed: UInt64 = 0
    /// Where vehicles were sold.
    public var market = Market.europe
    /// Stable name of the site for random streams (hash of its id).
    public var entity: UInt64 = 0
    public var calendar = WorldCalendar(startHourOfWeek: 0, startHourOfYear: 0)
    public var end: SimTime = .zero
    public var sampleInterval: SimDuration = .minutes(15)
    public var evseSeriesOn = false
    /// Every transition of a control pilot becomes a row.
    public var pilotLogOn = false
    public var stations: ContiguousArray<StationParameters> = []
    /// Standby draw of all stations together, W.
    public var standbyW = 0.0
    /// Stations whose EVSEs share power modules.
    public var sharingStations: ContiguousArray<Int> = []
    public var evses: ContiguousArray<EVSEParameters> = []
    /// Vehicle catalogue indices in the mix; each population has its own weights.
    public var mix: ContiguousArray<UInt16> = []
    /// `[compatibilityRow][catalogue index]`: can this vehicle charge here at all?
    public var compatibility: ContiguousArray<ContiguousArray<Bool>> = []
    /// Drivers plan their stop here: packs arrive preconditioned.
    public var isNavigatedTo = false
    /// Who comes of their own accord, one population for each kind of charger or more.
    public var demand: ContiguousArray<DemandPopulation> = []
    public var days = DayCalendar.plain(days: 1)
    /// Mean stay that drivers expect of others on alternating and on direct current, s.
    public var usualStayS = (ac: 7200.0, dc: 1500.0)
    public var replay: ContiguousArray<ReplayedSession> = []
    public var fleet: FleetParameters?
    /// Places for drivers who wait, for each kind of charger.
    public var queuePlaces = 0
    /// Where drivers of each kind of charger may drive on to.
    public var neighbours: (ac: ContiguousArray<Neighbour>, dc: ContiguousArray<Neighbour>) = ([], [])
    public var maximumHops: UInt8 = 0
    public var importLimitW = Double.infinity
    public var control: LimitSharing = .none
    public var transformer: TransformerParameters?
    public var building: BuildingParameters?
    /// Outdoor temperature, °C.
    public var ambientC = TimeCourse.constant(20)
    public var incidents = IncidentParameters(
        cablePulled: 0, supplyLost: 0, vehicleSilent: 0, emergencyStop: 0, groundFault: 0, startFailure: 0,
        blockedBay: 0)
    public var failures: FailureParameters?
    public var gridOutages: GridOutageParameters?
    /// Transactions are told to, and authorised by, a CSMS.
    public var csmsOn = false
    /// Tokens registered in the world.
    public var tokenCount: UInt32 = 1
    public var position: (latitude: Double, longitude: Double) = (.nan, .nan)

    public init() {}

    /// The site's own clock: building load, transformer and meter are looked at once in a quarter of an hour, or with every
    /// row of a finer table.
    var gridStep: SimDuration {
        let fine = [building?.course, ambientC].compactMap { $0 }.filter(\.isFine).map(\.rowS)
        return .seconds(fine.reduce(900, Self.divisor))
    }
    private static func divisor(_ a: Int64, _ b: Int64) -> Int64 { b == 0 ? a : divisor(b, a % b) }
}

/// Local civil time of the world reduced to what models ask for.
public struct WorldCalendar: Sendable, Hashable {
    /// Hours since Monday 00:00 at the start of the world, and since 1 January 00:00.
    public var startHourOfWeek: Double
    public var startHourOfYear: Double

    public init(startHourOfWeek: Double, startHourOfYear: Double) {
        self.startHourOfWeek = startHourOfWeek
        self.startHourOfYear = startHourOfYear
        startSecondOfYear = Int64((startHourOfYear * 3600).rounded())
    }
    /// Seconds since 1 January 00:00 at the start of the world.
    let startSecondOfYear: Int64
    /// Hours since the Monday before the start.
    func localHours(_ t: SimTime) -> Double {
        (startHourOfWeek * 3600e6 + Double(t.microseconds)) / 3600e6
    }
    /// The instant so many hours after the Monday before the start, rounded up to the clock.
    func instant(localHours hours: Double) -> SimTime {
        SimTime(microseconds: -Int64((startHourOfWeek * 3600e6).rounded())) + .roundingUp(seconds: hours * 3600)
    }
    /// Whole hours since the Monday before the start.
    func hoursSinceMonday(_ t: SimTime) -> Int {
        Int((startHourOfWeek * 3600e6 + Double(t.microseconds)) / 3600e6)
    }
    public func hourOfWeek(_ t: SimTime) -> Int { hoursSinceMonday(t) % 168 }
    public func hourOfDay(_ t: SimTime) -> Int { hoursSinceMonday(t) % 24 }
    public func dayNumber(_ t: SimTime) -> Int { hoursSinceMonday(t) / 24 }
    public func hourOfYear(_ t: SimTime) -> Int {
        Int((startHourOfYear * 3600e6 + Double(t.microseconds)) / 3600e6) % 8760
    }
    /// Local midnight at the start of day `day`, counted from the day the world starts in.
    func midnight(_ day: Int) -> SimTime {
        let sinceMidnight = startHourOfWeek.truncatingRemainder(dividingBy: 24)
        return SimTime.zero + .days(Int64(day)) - .rounding(seconds: sinceMidnight * 3600)
    }
}
