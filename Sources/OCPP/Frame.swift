/// A CALL from a charging station to a CSMS, decoded: what the `typed` link carries.
public struct StationCall: Hashable, Sendable, BitwiseCopyable, Codable {
    /// Unique for the charging station over all its connections and restarts, also among retries.
    public var messageID: IdentifierText
    public var request: StationRequest

    @inlinable public init(messageID: IdentifierText, request: StationRequest) {
        self.messageID = messageID
        self.request = request
    }
}

/// The station-side actions of OCPP 2.0.1 that are spoken.
public enum StationRequest: Hashable, Sendable, BitwiseCopyable, Codable {
    case authorize(Core.AuthorizeRequest)
    case bootNotification(Core.BootNotificationRequest)
    case heartbeat(Core.HeartbeatRequest)
    case meterValues(Core.MeterValuesRequest)
    case statusNotification(Core.StatusNotificationRequest)
    case transactionEvent(Core.TransactionEventRequest)

    public var action: StationAction {
        switch self {
        case .authorize: .authorize
        case .bootNotification: .bootNotification
        case .heartbeat: .heartbeat
        case .meterValues: .meterValues
        case .statusNotification: .statusNotification
        case .transactionEvent: .transactionEvent
        }
    }
}

/// Name of a station-side action.
public enum StationAction: String, WireEnumeration {
    case authorize = "Authorize"
    case bootNotification = "BootNotification"
    case heartbeat = "Heartbeat"
    case meterValues = "MeterValues"
    case statusNotification = "StatusNotification"
    case transactionEvent = "TransactionEvent"
}

/// A CSMS's CALLRESULT or CALLERROR to a ``StationCall``, decoded.
public struct CSMSAnswer: Hashable, Sendable, BitwiseCopyable, Codable {
    /// Id of the CALL answered.
    public var messageID: IdentifierText
    public var response: CSMSResponse

    @inlinable public init(messageID: IdentifierText, response: CSMSResponse) {
        self.messageID = messageID
        self.response = response
    }
}

/// What a CSMS answers to a station-side action.
public enum CSMSResponse: Hashable, Sendable, BitwiseCopyable, Codable {
    case authorize(Core.AuthorizeResponse)
    case bootNotification(Core.BootNotificationResponse)
    case heartbeat(Core.HeartbeatResponse)
    case meterValues(Core.MeterValuesResponse)
    case statusNotification(Core.StatusNotificationResponse)
    case transactionEvent(Core.TransactionEventResponse)
    case error(RPCErrorCode)
}
