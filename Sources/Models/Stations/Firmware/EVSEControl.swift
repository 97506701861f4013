internal import OCPP

/// What a whole OCPP client knows about one EVSE beyond the everyday: kept apart, so that a firmware without it is
/// spared the space and the look.
struct EVSEControl: Sendable, BitwiseCopyable, Codable {
    /// Of the local authorization list about the token presented; `nil` when it is not listed.
    var listed: Core.IdTokenInfo?
    /// Whether the token was presented by RequestStartTransaction.
    var isRemote = false
    /// To be told with the next event of an authorized transaction.
    var remoteStartID: Int32?
    var reservationID: Int32?

    /// Connectors whose state is to be told whatever the CSMS knows, a bit each.
    var triggeredStatus: UInt8 = 0
    var wantsTriggeredReading = false
    var wantsTriggeredEvent = false
    /// A reading taken because the CSMS asked, to be sent.
    var triggeredReading: Core.MeterValue?

    /// Register at which a transaction with a refused token gets no more energy, Wh.
    var energyEndWh: Double?
    /// When to look at the meter for ``energyEndWh``.
    var lookAt = Timestamp.distantFuture
    /// Whether the charge is being ended without the transaction.
    var endsEnergyOnly = false

    /// Drawn at the last reading, W; and the vehicle's state of charge, 0 ... 1.
    var powerW = 0.0
    var stateOfCharge: Double?
}

/// Ids that a transaction event carries besides what ``Core/TransactionEventRequest`` says.
struct EventMark: Sendable, BitwiseCopyable, Codable {
    var transactionNumber: UInt32
    var seqNo: Int32
    var remoteStartID: Int32?
    var reservationID: Int32?
}

/// Messages of the whole charging station that the CSMS has asked for.
struct TriggeredOnce: OptionSet, Sendable, BitwiseCopyable, Codable {
    let rawValue: UInt8
    static let boot = TriggeredOnce(rawValue: 1)
    static let heartbeat = TriggeredOnce(rawValue: 2)
}
