extension Core {
    /// State of a connector; the state of charging is in ``ChargingState``.
    public enum ConnectorStatus: String, WireEnumeration {
        case available = "Available"
        case occupied = "Occupied"
        case reserved = "Reserved"
        case unavailable = "Unavailable"
        case faulted = "Faulted"
    }

    /// Tells the state of one connector. Use case G01.
    public struct StatusNotificationRequest: Hashable, Sendable, BitwiseCopyable, Codable {
        public var timestamp: Timestamp
        public var connectorStatus: ConnectorStatus
        /// From 1.
        public var evseId: Int32
        /// From 1 within the EVSE.
        public var connectorId: Int32

        @inlinable public init(
            timestamp: Timestamp, connectorStatus: ConnectorStatus, evseId: Int32, connectorId: Int32
        ) {
            self.timestamp = timestamp
            self.connectorStatus = connectorStatus
            self.evseId = evseId
            self.connectorId = connectorId
        }
    }

    /// Receipt; has no fields.
    public struct StatusNotificationResponse: Hashable, Sendable, BitwiseCopyable, Codable {
        @inlinable public init() {}
    }
}
