public import Sim

/// What an outage takes away. Raw values are the telemetry flags.
public enum OutageEffect: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    /// Nothing charges; the station stays online.
    case service
    /// Nothing charges, and the station is off: it loses the CSMS as well.
    case power
    /// Cards are refused.
    case payment
    /// The station loses its CSMS and charges on.
    case link
    /// The station works on; the repair is for comfort.
    case cosmetic
    /// The port looks available and starts few charges or none; nobody knows yet.
    case hidden

    public var name: String {
        switch self {
        case .service: "service"
        case .power: "power"
        case .payment: "payment"
        case .link: "link"
        case .cosmetic: "cosmetic"
        case .hidden: "hidden"
        }
    }

    /// Whether EVSEs are out of service: the one definition of downtime in series, table and report.
    public var isDowntime: Bool { self == .service || self == .power }
}

/// Why an outage does not count against a port's uptime by 23 CFR 680.116(b). Raw values are the telemetry flags.
public enum OutageExclusion: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case none, utilityInterruption, vandalism

    public var name: String {
        switch self {
        case .none: "none"
        case .utilityInterruption: "utility_interruption"
        case .vandalism: "vandalism"
        }
    }
}

/// An outage of a site (no station), a station (no EVSE) or one EVSE.
public struct OutageRecord: BitwiseCopyable, Sendable, Codable {
    public var start: SimTime
    /// Restoration, or the end of the run.
    public var end: SimTime
    public var station: UInt16?
    public var evse: UInt16?
    /// Index in ``causes``.
    public var cause: UInt8
    public var remote: Bool
    public var effect: OutageEffect
    /// Still running when the run ended.
    public var isOpen = false
    /// Parts of its length, s; NaN where they did not occur or are not over: until it was noticed and told to the
    /// dispatcher, until parts and plan were ready, until a crew was free, the drive, the work.
    public var detectionS = Float.nan
    public var preparationS = Float.nan
    public var crewWaitS = Float.nan
    public var travelS = Float.nan
    public var workS = Float.nan

    public init(
        start: SimTime, end: SimTime, station: UInt16?, evse: UInt16?, cause: UInt8, remote: Bool,
        effect: OutageEffect
    ) {
        self.start = start
        self.end = end
        self.station = station
        self.evse = evse
        self.cause = cause
        self.remote = remote
        self.effect = effect
    }

    private static let componentCount = UInt8(ReliabilityTable.components.count)
    /// Causes that are no component.
    public static let protectionTrip = componentCount
    public static let gridOutage = componentCount + 1
    public static let flakyPort = componentCount + 2
    public static let deadPort = componentCount + 3
    /// Names of all causes: the components of the table, then the others.
    public static let causes: [String] =
        ReliabilityTable.components.map(\.name) + ["protection_trip", "grid_outage", "flaky_port", "dead_port"]

    /// ChargeX minimum required error code of a cause, 0 for none.
    public var mrec: Int32 {
        cause < Self.componentCount ? ReliabilityTable.components[Int(cause)].mrec : cause == Self.gridOutage ? 15 : 0
    }

    public var exclusion: OutageExclusion {
        if cause == Self.gridOutage { return .utilityInterruption }
        guard cause < Self.componentCount else { return .none }
        return ReliabilityTable.components[Int(cause)].name == "housing_vandalism_impact" ? .vandalism : .none
    }
}

/// Why an attempt to charge failed. Raw values are the telemetry flags.
public enum AttemptFailure: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    /// The token or the card was refused each time it was presented.
    case authorization
    /// The payment terminal was broken.
    case payment
    /// A step of the start sequence failed.
    case startSequence
    case flakyPort, deadPort
    /// The EVSE went out of service before energy flowed.
    case outage

    public var name: String {
        switch self {
        case .authorization: "authorization"
        case .payment: "payment"
        case .startSequence: "start_sequence"
        case .flakyPort: "flaky_port"
        case .deadPort: "dead_port"
        case .outage: "outage"
        }
    }
}

/// A driver plugged in, and no energy flowed.
public struct FailedAttemptRecord: BitwiseCopyable, Sendable, Codable {
    public var time: SimTime
    public var evse: UInt16
    /// 1 for the first of the visit.
    public var number: UInt8
    public var failure: AttemptFailure

    public init(time: SimTime, evse: UInt16, number: UInt8, failure: AttemptFailure) {
        self.time = time
        self.evse = evse
        self.number = number
        self.failure = failure
    }
}
