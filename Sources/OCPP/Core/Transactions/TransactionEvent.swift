extension Core {
    /// Everything a charging station tells about one transaction, event by event. Use cases E01 to E15.
    public struct TransactionEventRequest: Hashable, Sendable, BitwiseCopyable, Codable {
        public var eventType: TransactionEventKind
        /// When it happened; for an event kept while offline, long before it is sent.
        public var timestamp: Timestamp
        public var triggerReason: TriggerReason
        /// Counts the events of the transaction from 0, one by one.
        public var seqNo: Int32
        /// Whether it happened while the charging station was offline.
        public var offline: Bool
        public var transactionInfo: Transaction
        /// Sent once, with the first event that knows it.
        public var evse: EVSE?
        /// Sent once, with the first event that knows it.
        public var idToken: IdToken?
        /// The reading at the event.
        public var meterValue: MeterValue?
        /// With Ended: the reading at the transaction's start once more, so that Ended alone can be booked.
        public var meterValueAtBegin: MeterValue?

        @inlinable public init(
            eventType: TransactionEventKind, timestamp: Timestamp, triggerReason: TriggerReason, seqNo: Int32,
            offline: Bool, transactionInfo: Transaction, evse: EVSE? = nil, idToken: IdToken? = nil,
            meterValue: MeterValue? = nil, meterValueAtBegin: MeterValue? = nil
        ) {
            self.eventType = eventType
            self.timestamp = timestamp
            self.triggerReason = triggerReason
            self.seqNo = seqNo
            self.offline = offline
            self.transactionInfo = transactionInfo
            self.evse = evse
            self.idToken = idToken
            self.meterValue = meterValue
            self.meterValueAtBegin = meterValueAtBegin
        }
    }

    public struct TransactionEventResponse: Hashable, Sendable, BitwiseCopyable, Codable {
        /// Present when the request carried a token.
        public var idTokenInfo: IdTokenInfo?

        @inlinable public init(idTokenInfo: IdTokenInfo? = nil) { self.idTokenInfo = idTokenInfo }
    }

    /// State of a transaction as sent with each of its events.
    public struct Transaction: Hashable, Sendable, BitwiseCopyable, Codable {
        /// Made by the charging station, unique for it for ever.
        public var transactionId: IdentifierText
        public var chargingState: ChargingState?
        /// With Ended; the standard's default is Local.
        public var stoppedReason: StoppedReason?

        @inlinable public init(
            transactionId: IdentifierText, chargingState: ChargingState? = nil, stoppedReason: StoppedReason? = nil
        ) {
            self.transactionId = transactionId
            self.chargingState = chargingState
            self.stoppedReason = stoppedReason
        }
    }

    /// An EVSE and, where known, its connector.
    public struct EVSE: Hashable, Sendable, BitwiseCopyable, Codable {
        /// From 1.
        public var id: Int32
        /// From 1 within the EVSE.
        public var connectorId: Int32?

        @inlinable public init(id: Int32, connectorId: Int32? = nil) {
            self.id = id
            self.connectorId = connectorId
        }
    }
}
