public import OCPP

/// What the core decided to keep: an append-only record for storage, dashboards and audits.
///
/// `station` is the dense index within the site.
public enum Effect: Hashable, Sendable, BitwiseCopyable, Codable {
    /// A BootNotification was answered with `status`.
    case stationBooted(
        station: Int, status: Core.RegistrationStatus, reason: Core.BootReason, identity: Core.ChargingStation)
    /// Heard of again after silence, or for the first time.
    case stationOnline(station: Int)
    /// Silent for longer than the settings allow.
    case stationOffline(station: Int)
    /// A connector's state changed. `evse` and `connector` count from 1.
    case connectorStatus(station: Int, evse: Int32, connector: Int32, status: Core.ConnectorStatus)
    /// A token was refused, at Authorize or with a transaction.
    case tokenRefused(station: Int, idToken: Core.IdToken, status: Core.AuthorizationStatus)
    /// The first event of a transaction arrived.
    case transactionOpened(station: Int, transactionID: IdentifierText)
    /// A transaction is booked; it will not be booked again.
    case transactionClosed(TransactionRecord)
    /// What was missing in a booked transaction arrived late: add `energyWh` to it and fill in the token.
    case transactionAmended(station: Int, transactionID: IdentifierText, energyWh: Double, idToken: Core.IdToken?)
}

/// A transaction as booked.
public struct TransactionRecord: Hashable, Sendable, BitwiseCopyable, Codable {
    /// Dense index within the site.
    public var station: Int
    public var transactionID: IdentifierText
    /// From 1; 0 when no event said it.
    public var evse: Int32
    /// `nil` when no event carried a token.
    public var idToken: Core.IdToken?
    public var started: Timestamp
    public var ended: Timestamp
    /// Energy registers of the meter, Wh.
    public var meterStartWh: Double
    public var meterStopWh: Double
    public var stoppedReason: Core.StoppedReason
    /// Whether Started and Ended arrived, so that the registers are those of the charging station's own account.
    public var complete: Bool
    /// Events between the first and Ended that never arrived; a charging station short of memory may drop some.
    public var missingEvents: Int32

    public init(
        station: Int, transactionID: IdentifierText, evse: Int32, idToken: Core.IdToken?, started: Timestamp,
        ended: Timestamp, meterStartWh: Double, meterStopWh: Double, stoppedReason: Core.StoppedReason, complete: Bool,
        missingEvents: Int32
    ) {
        self.station = station
        self.transactionID = transactionID
        self.evse = evse
        self.idToken = idToken
        self.started = started
        self.ended = ended
        self.meterStartWh = meterStartWh
        self.meterStopWh = meterStopWh
        self.stoppedReason = stoppedReason
        self.complete = complete
        self.missingEvents = missingEvents
    }

    /// Energy booked, Wh.
    public var energyWh: Double { meterStopWh - meterStartWh }
}
