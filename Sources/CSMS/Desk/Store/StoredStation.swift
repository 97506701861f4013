public import OCPP

/// Everything from which a ``StationDesk`` is rebuilt after a restart: the present values of the effects it gave.
public struct StoredStation: Sendable {
    public var profile: StationProfile?
    public var memory: DeskMemory
    /// At most ``Connectors/entriesMax``.
    public var connectors: [ConnectorState]
    /// Transactions that are not booked, in the order of their first message.
    public var open: [StoredTransaction]
    /// The last booked ones, the oldest first; ``StationDesk/recentTransactionsMax`` of them are enough.
    public var recent: [StoredTransaction]
    /// Whether the store holds booked transactions that are not in ``recent``.
    public var hasOlderTransactions: Bool

    public init(
        profile: StationProfile? = nil, memory: DeskMemory = DeskMemory(), connectors: [ConnectorState] = [],
        open: [StoredTransaction] = [], recent: [StoredTransaction] = [], hasOlderTransactions: Bool = false
    ) {
        self.profile = profile
        self.memory = memory
        self.connectors = connectors
        self.open = open
        self.recent = recent
        self.hasOlderTransactions = hasOlderTransactions
    }
}

/// What a ``StationDesk`` wants to know again after a restart, beside transactions and connectors.
///
/// Small and bounded: lists hold at most ``listMax`` entries.
public struct DeskMemory: Equatable, Sendable, Codable {
    /// Entries of each list; the oldest gives way.
    public static let listMax = 16

    /// What the next BootNotification is told; `nil` for the policy for new charging stations.
    public internal(set) var registration: Core.RegistrationStatus?
    /// Whether its last BootNotification was accepted, so that it may speak on a new connection without booting.
    public internal(set) var isAccepted = false
    /// Revision of the ``ProvisioningPlan`` it went through.
    public internal(set) var provisionedRevision = 0
    /// Firmware version whose device model was fetched.
    public internal(set) var inventoryFirmware: String?
    /// Version of its local list as last heard.
    public internal(set) var localListVersion: Int?
    /// When the certificate signed for it last ends.
    public internal(set) var certificateEnds: Timestamp?
    /// The firmware it is to have.
    public internal(set) var firmware: FirmwareProgress?
    /// Accepted remote starts whose transaction has not been heard of.
    public internal(set) var remoteStarts: [RemoteStart] = []
    /// What it has promised to do later.
    public internal(set) var promises: [Promise] = []
    /// Limits of dynamic profiles, for a charging station that pulls them.
    public internal(set) var dynamicSchedules: [DynamicSchedule] = []

    public init() {}
}

/// An accepted RequestStartTransaction or RemoteStartTransaction.
public struct RemoteStart: Hashable, Sendable, Codable {
    /// The id that comes back with the transaction; 0 in OCPP 1.6, which has none.
    public var remoteStartID: Int
    /// In OCPP 1.6 the transaction is known by it.
    public var idToken: String
    /// From 1; 0 for any.
    public var evse: Int
    /// Instant after which the charging station is taken to have given up waiting for the vehicle.
    public var expires: Timestamp
}

/// Something that a charging station has accepted to do when its transactions are over.
public struct Promise: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// Reset answered Scheduled or Accepted: kept at the next BootNotification.
        case reset
        /// ChangeAvailability to Inoperative answered Scheduled: kept when the status is Unavailable.
        case inoperative
        /// ChangeAvailability to Operative answered Scheduled: kept when the status is another one.
        case operative
    }
    public var kind: Kind
    /// From 1; 0 for the whole charging station.
    public var evse: Int
    /// From 1; 0 for the whole EVSE.
    public var connector: Int
    public var since: Timestamp
}

/// The limit of a dynamic charging profile as last decided (K28).
public struct DynamicSchedule: Hashable, Sendable, Codable {
    public var profileID: Int
    /// JSON of `ChargingScheduleUpdateType`.
    public var json: [UInt8]
}
