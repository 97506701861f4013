public import OCPP

/// A transaction as a store keeps it: one row per charging station and ``transactionID``, always replaced as a whole.
///
/// The row carries everything that was heard, not what the last message changed. So storing it twice changes nothing, and
/// whatever arrives late, after a restart or after any number of later transactions, is taken up where it was left.
public struct StoredTransaction: Hashable, Sendable, Codable {
    var state: OpenTransaction
    /// Whether it is in the books; what arrives later amends the row and leaves it booked.
    public internal(set) var isBooked: Bool
    /// What an OCPP 1.6 charging station said at the start; by it a repeated StartTransaction is recognised.
    public internal(set) var start: TransactionStart?

    init(state: OpenTransaction, isBooked: Bool, start: TransactionStart?) {
        self.state = state
        self.isBooked = isBooked
        self.start = start
    }

    /// Unique for the charging station. For OCPP 1.6 the decimal transactionId; a StopTransaction that no
    /// StartTransaction belongs to has one made of its content.
    public var transactionID: IdentifierText { state.transactionID }

    /// The transaction as far as it is known; its `station` is 0.
    public var record: TransactionRecord {
        var record = state.record(station: 0)
        // Instants nobody told are those of the other end.
        if record.started == .distantFuture { record.started = record.ended }
        if record.ended == .distantPast { record.ended = record.started }
        return record
    }
}

/// What makes a StartTransaction of OCPP 1.6 the same as an earlier one: its content, since the message id may differ.
/// - Source: OCPP-J 1.6 errata sheet, 3.1 and 3.7.
public struct TransactionStart: Hashable, Sendable, BitwiseCopyable, Codable {
    /// From 1.
    public var connector: Int32
    public var idTag: IdentifierText
    public var timestamp: Timestamp
    /// Register at the start, Wh.
    public var meterStartWh: Int64

    init(connector: Int32, idTag: IdentifierText, timestamp: Timestamp, meterStartWh: Int64) {
        self.connector = connector
        self.idTag = idTag.lowercased
        self.timestamp = timestamp
        self.meterStartWh = meterStartWh
    }

    /// The content as one text, to be kept in an indexed column.
    public var key: String { "\(connector)|\(timestamp.microseconds)|\(meterStartWh)|\(idTag)" }
}

/// What a stored transaction went through in one turn.
public enum TransactionChange: Hashable, Sendable, BitwiseCopyable {
    /// Its first message arrived.
    case opened
    /// Another message arrived.
    case continued
    /// It is booked.
    case booked
    /// It was booked before, and something that had been missing arrived.
    /// - Parameter byWh: what it adds to the energy booked, Wh.
    case amended(byWh: Double)
}
