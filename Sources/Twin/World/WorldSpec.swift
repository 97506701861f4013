public import Models
public import OCPP

/// A world, fully resolved: inheritance, defaults and tables applied, everything checked.
///
/// ``WorldFile/load(path:overrides:)`` makes one; the run is built from nothing else.
public struct WorldSpec: Sendable {
    public var name: String
    /// The world key `description`.
    public var summary: String
    /// The YAML as read, world file first, then the files it extends.
    public var sourceText: String
    /// Local wall clock at ``SimTime/zero``.
    public var start: CivilTime
    /// Length of a run unless the command says otherwise, days, positive.
    public var days: Double
    public var seed: UInt64
    /// Whose grid, plugs and vehicles: decides the defaults of stations, transformers and the vehicle mix.
    public var region: Market
    public var telemetry: TelemetrySpec
    public var network: NetworkSpec
    public var operations: OperationsSpec
    public var csms: CSMSSpec
    public var climate: ClimateSpec
    public var demand: CommonDemandSpec
    /// Who comes to charge; weights are relative, not empty.
    public var vehicles: [VehicleShare]
    public var sites: [SiteSpec]
    /// Real sessions to put beside the simulated ones.
    public var comparison: ComparisonSpec?
    /// Lines that must travel with the data the world is made of.
    public var attribution: [String]
}

/// What is recorded.
public struct TelemetrySpec: Sendable, Hashable {
    /// Length of a series interval, seconds, a divisor of a day.
    public var intervalS: Int
    /// Series per site.
    public var siteSeries: Bool
    /// Series per EVSE.
    public var evseSeries: Bool
    /// Every OCPP message as a row.
    public var messages: Bool
}

/// Drivers who go on to another site when theirs has no place.
public struct NetworkSpec: Sendable, Hashable {
    public var driveOn: Bool
    /// Straight-line distance a driver looks around, km.
    public var radiusKm: Double
    /// Mean speed on the way, km/h, over the straight-line distance.
    public var speedKmh: Double
    /// The least time a drive takes, minutes: the lookahead between sites.
    public var minimumMinutes: Double
    /// How many times a driver drives on before giving up.
    public var maximumHops: Int
}

/// How frames travel between a station and the CSMS.
public enum WireKind: String, CaseIterable, Sendable, Codable {
    /// Decoded messages, in process.
    case typed
    /// JSON text in RPC frames, checked and decoded at both ends, in process.
    case encoded
}

/// The charging station management system and the links to it.
public struct CSMSSpec: Sendable, Hashable {
    /// `false`: stations charge by themselves and no message is made.
    public var enabled: Bool
    /// Seconds.
    public var heartbeatIntervalS: Int
    /// Seconds between the meter values of a running transaction.
    public var meterValuesIntervalS: Int
    /// A profile of `reference/connectivity.json`, or `ideal`: no delay and no outage.
    public var link: String
    public var wire: WireKind
    public var version: OCPPVersion
    public var orders: [OrderSpec]
}

/// The weather at every site.
public struct ClimateSpec: Sendable, Hashable {
    /// Ambient air, °C: the rows of a year or of the run, or one constant value.
    public var ambient: [Double]
    /// Length of a row, s.
    public var rowS: Int64 = 3600
    /// The first row holds at the start of the world and they repeat; else they are the rows of a year.
    public var startsWithRun = false

    var course: TimeCourse { TimeCourse(values: ambient, rowS: rowS, startsWithRun: startsWithRun) }

    /// Ambient temperature in hour `hour` of the year (0 ..< 8,760), °C.
    public func ambientC(hourOfYear hour: Int) -> Double { ambient.count == 1 ? ambient[0] : ambient[hour] }
}

/// One kind of vehicle among those that come.
public struct VehicleShare: Sendable, Hashable {
    /// Id in `reference/vehicles.json`.
    public var vehicle: String
    /// Relative weight, positive.
    public var weight: Double
}

/// Real sessions of the places the world models, summarised by day and hour from the world's start on.
public struct ComparisonSpec: Sendable {
    /// One entry a day from the world's start.
    public var days: [ComparisonDay]
    /// Mean occupied EVSEs by hour, `day * 24 + hour`; NaN where nothing was recorded.
    public var occupancyByHour: [Double]
    /// Arrivals by hour, `day * 24 + hour`; NaN where nothing was recorded.
    public var arrivalsByHour: [Double]
}

/// What really happened on one day; NaN where nothing was recorded.
public struct ComparisonDay: Sendable, Hashable {
    public var sessions: Double
    public var energyWh: Double
}
