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
    case authorize(V201.AuthorizeRequest)
    case bootNotification(V201.BootNotificationRequest)
    case heartbeat(V201.HeartbeatRequest)
    case meterValues(V201.MeterValuesRequest)
    case statusNotification(V201.StatusNotificationRequest)
    case transactionEvent(V201.TransactionEventRequest)

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
    case authorize(V201.AuthorizeResponse)
    case bootNotification(V201.BootNotificationResponse)
    case heartbeat(V201.HeartbeatResponse)
    case meterValues(V201.MeterValuesResponse)
    case statusNotification(V201.StatusNotificationResponse)
    case transactionEvent(V201.TransactionEventResponse)
    case error(RPCErrorCode)
}
