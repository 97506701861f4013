/// What a command asks of a run beyond the world itself.
public struct RunOptions: Sendable {
    /// Replaces the world's seed.
    public var seed: UInt64?
    /// Replaces the world's length, days, positive.
    public var days: Double?
    /// Worker threads, at least 1.
    public var threads: Int
    /// Directory for the telemetry file and checkpoints; made when missing.
    public var output: String
    /// Days between checkpoints, at least 1; nil for none.
    public var checkpointEvery: Int?
    /// The `--set` arguments, for the file's header.
    public var overrides: [(key: String, value: String)]

    public init(
        seed: UInt64? = nil, days: Double? = nil, threads: Int, output: String, checkpointEvery: Int? = nil,
        overrides: [(key: String, value: String)] = []
    ) {
        self.seed = seed
        self.days = days
        self.threads = threads
        self.output = output
        self.checkpointEvery = checkpointEvery
        self.overrides = overrides
    }
}

/// How far a run is.
public struct RunProgress: Sendable {
    /// 0 ... 1.
    public var fraction: Double
    /// Simulated local time, ISO 8601.
    public var date: String
    public var events: UInt64
    public var sessions: UInt64
}

/// What a run ended with; the last line of `--json`.
public struct RunSummary: Sendable, Codable {
    public var world: String
    public var seed: UInt64
    public var sites: Int
    public var stations: Int
    public var connectors: Int
    public var sessions: UInt64
    public var lostDrivers: UInt64
    public var events: UInt64
    /// Energy at the connectors' meters and from the grid, kWh.
    public var energyKWh: Double
    public var gridEnergyKWh: Double
    /// Highest interval mean of the network's charging load, kW.
    public var peakKW: Double
    /// Sum of the sites' highest quarter-hour means, as their bills have it.
    public var billPeakKW: Double
    public var digest: String
    public var wallS: Double
    public var simDays: Double
    public var threads: Int
    public var telemetry: String
    /// The run was stopped before its end.
    public var stopped: Bool
    public var audit: AuditSummary?

    enum CodingKeys: String, CodingKey {
        case world, seed, sites, stations, connectors, sessions
        case lostDrivers = "lost_drivers"
        case events
        case energyKWh = "energy_kwh"
        case gridEnergyKWh = "grid_energy_kwh"
        case peakKW = "peak_kw"
        case billPeakKW = "bill_peak_kw"
        case digest
        case wallS = "wall_s"
        case simDays = "sim_days"
        case threads, telemetry, stopped, audit
    }
}

/// The CSMS's books against the truth, over the whole network.
public struct AuditSummary: Sendable, Codable {
    public var sessionsTrue, sessionsBooked, sessionsLost, sessionsDoubled, sessionsWrong, sessionsPending: Int64
    public var energyTrueKWh, energyBookedKWh: Double

    init(_ totals: AuditTotals) {
        sessionsTrue = totals.sessionsTrue
        sessionsBooked = totals.sessionsBooked
        sessionsLost = totals.sessionsLost
        sessionsDoubled = totals.sessionsDoubled
        sessionsWrong = totals.sessionsWrong
        sessionsPending = totals.sessionsPending
        energyTrueKWh = totals.energyTrueWh / 1000
        energyBookedKWh = totals.energyBookedWh / 1000
    }

    enum CodingKeys: String, CodingKey {
        case sessionsTrue = "sessions_true"
        case sessionsBooked = "sessions_booked"
        case sessionsLost = "sessions_lost"
        case sessionsDoubled = "sessions_doubled"
        case sessionsWrong = "sessions_wrong"
        case sessionsPending = "sessions_pending"
        case energyTrueKWh = "energy_true_kwh"
        case energyBookedKWh = "energy_booked_kwh"
    }
}

/// A run that could not be done, or not to its end.
public struct RunError: Error, CustomStringConvertible, Sendable {
    public var problem: String
    public var fix: String
    /// The fault lies in what was asked for (exit code 2), not in the run (exit code 1).
    public var isBadInput: Bool

    public init(_ problem: String, fix: String, isBadInput: Bool = false) {
        self.problem = problem
        self.fix = fix
        self.isBadInput = isBadInput
    }
    public var description: String { "\(problem)\n  fix: \(fix)" }
}
