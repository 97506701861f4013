internal import OCPP

/// What a charging station's OCPP client knows about one EVSE.
struct EVSEFirmwareState: Sendable, BitwiseCopyable, Codable {
    static let connectorsMax = 4

    /// How far the question about a presented token has got.
    enum Question: UInt8, BitwiseCopyable, Sendable, Codable {
        case none
        /// To be sent; goes to asked.
        case open
        /// Sent; goes to none with the answer.
        case asked
    }

    let connectorCount: UInt8
    /// The connector in use, from 0.
    var usedConnector: UInt8 = 0
    var isPlugged = false
    var isFaulted = false
    var isOperative = true
    /// Connectors out of service, a bit each.
    var inoperativeConnectors: UInt8 = 0
    /// Shown as Reserved while nothing is plugged in.
    var isReserved = false
    /// As a sensor tells; see also ``isPlugged``.
    var isBayOccupied = false
    /// Whether the meter has signed a reading since the vehicle was plugged in.
    var hasSignedData = false
    /// State of each connector as last acknowledged, a byte each: 0 for never, else the state's code.
    private var acknowledged: UInt32 = 0
    /// Whether some connector's state differs from what was acknowledged.
    var hasNews = true

    var question = Question.none
    /// The token the question is about.
    var presented = Core.IdToken.noAuthorization
    var isAuthorized = false
    /// Whether ``presented`` has stopped the transaction, whose end then tells it (E07).
    var isStoppedByToken = false
    /// Who is authorized.
    var idToken = Core.IdToken.noAuthorization
    /// Group of the authorized token; empty for none.
    var group = IdentifierText()
    /// When an authorization without a vehicle ends.
    var connectBy = Timestamp.distantFuture

    var hasTransaction = false
    /// Whether the transaction has told its token.
    var hasSentToken = false
    /// Whether the controller stopped during the transaction, which therefore has to end.
    var isInterrupted = false
    /// Number of the running or last transaction.
    var transactionNumber: UInt32 = 0
    var transactionID = IdentifierText()
    var nextSeqNo: Int32 = 0
    var chargingState = Core.ChargingState.idle
    var startedAt = Timestamp.distantPast
    /// Register at the transaction's start, Wh.
    var startWh = 0.0
    /// Why charging ended, while the transaction goes on.
    var stoppedReason: Core.StoppedReason?
    /// When the next reading is due.
    var sampleAt = Timestamp.distantFuture
    /// What the reading asked for is meant for.
    var wantedReading: Core.ReadingContext?
    /// The latest register known, Wh; it does not move between charges.
    var registerWh = 0.0
    /// Whether a reading outside a transaction waits to be sent.
    var hasIdleReading = false

    init(connectorCount: Int) {
        precondition((1...Self.connectorsMax).contains(connectorCount), "an EVSE has 1 to 4 connectors")
        self.connectorCount = UInt8(connectorCount)
    }

    /// Whether any connector may be used as far as orders go.
    var isInService: Bool { isOperative && inoperativeConnectors != UInt8((1 << Int(connectorCount)) - 1) }

    func status(ofConnector connector: Int) -> Core.ConnectorStatus {
        if isFaulted { return .faulted }
        if !isOperative || inoperativeConnectors & (1 << UInt8(connector)) != 0 { return .unavailable }
        guard isPlugged else { return isReserved && !isAuthorized ? .reserved : .available }
        return connector == Int(usedConnector) ? .occupied : .unavailable  // one outlet at a time
    }

    /// Connectors that are neither faulted nor unavailable, a bit each.
    var usableConnectors: UInt8 {
        (0..<Int(connectorCount)).reduce(0) { mask, connector in
            switch status(ofConnector: connector) {
            case .faulted, .unavailable: mask
            case .available, .occupied, .reserved: mask | 1 << UInt8(connector)
            }
        }
    }

    /// The first connector whose state has to be told; `nil` when all is known.
    var connectorWithNews: Int? {
        for connector in 0..<Int(connectorCount)
        where Self.code(status(ofConnector: connector)) != acknowledgedCode(connector) { return connector }
        return nil
    }

    mutating func acknowledge(_ status: Core.ConnectorStatus, ofConnector connector: Int) {
        acknowledged &= ~(0xFF << UInt32(8 * connector))
        acknowledged |= UInt32(Self.code(status)) << UInt32(8 * connector)
    }
    /// The CSMS is to be told everything again.
    mutating func forgetAcknowledged() { acknowledged = 0 }

    private func acknowledgedCode(_ connector: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: acknowledged >> UInt32(8 * connector))
    }
    private static func code(_ status: Core.ConnectorStatus) -> UInt8 {
        switch status {
        case .available: 1
        case .occupied: 2
        case .reserved: 3
        case .unavailable: 4
        case .faulted: 5
        }
    }
}
