public import Sim

/// A driver with a vehicle, on the way to or at a site.
///
/// Everything a driver decides is drawn from the driver's own stream, so that one driver's fate moves nobody else's.
/// What a driver carries, like a token, has a stream of its own, named by ``identity``.
public struct Driver: BitwiseCopyable, Sendable, Codable {
    /// What the driver came to do, in the order of ``SiteParameters`` needs.
    public enum Kind: UInt8, BitwiseCopyable, Sendable, Codable {
        /// Fast charging from a state of charge to a target.
        case direct
        /// Parking for a while with the cable in.
        case parked
        /// A row of a replayed session list: fixed EVSE, energy and times, no delays.
        case replayed
        /// A fleet vehicle at its depot.
        case fleet
    }

    public var kind: Kind
    /// Attempts that have failed at this site. Small fields stand together: a driver of more than 128 bytes is copied by a call.
    public var attempts: UInt8 = 0
    public var preference: EVSEPreference
    public var stream: RandomStream
    /// Names the driver among all.
    public var identity: UInt64
    /// Index in the vehicle catalogue.
    public var vehicle: UInt16
    public var authorization: Authorization
    /// Sites tried before this one.
    public var hops: UInt8
    /// A replayed or fleet visit's row.
    public var row: UInt32
    /// Arrival at this site.
    public var arrival: SimTime
    /// Departure planned by the driver; `distantFuture` when the charge decides.
    public var departure: SimTime
    /// Length of the stay once plugged in, for direct charging that after the charge, seconds.
    public var stayS: Double
    /// Direct charging: how long the driver is away from the plugged-in vehicle at least, seconds.
    public var awayS: Double
    /// Energy wanted, at the connector, Wh.
    public var wantedWh: Double
    public var soc: Double
    public var targetSoC: Double
    public var capacityWh: Double
    /// Longest wait the driver accepts, seconds.
    public var patienceS: Double
    /// Time in this site's queue.
    public var queued = SimDuration.zero
}

/// A driver in the queue of a site.
public struct WaitingDriver: BitwiseCopyable, Sendable, Codable {
    public var driver: Driver
    /// Number on the ticket that the patience event carries.
    public var ticket: UInt32
    public var since: SimTime
}

/// Purposes of the random streams of a site; see ``RandomStream``.
public enum StreamPurpose {
    public static let arrivals: UInt64 = 1
    public static let dayFactor: UInt64 = 2
    public static let driver: UInt64 = 3
    public static let building: UInt64 = 4
    public static let failures: UInt64 = 5
    public static let repairs: UInt64 = 6
    public static let link: UInt64 = 7
    public static let latency: UInt64 = 8
    public static let meter: UInt64 = 9
    public static let firmware: UInt64 = 10
    public static let desk: UInt64 = 11
    public static let surroundings: UInt64 = 12
}
