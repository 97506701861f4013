internal import OCPP

/// The last transactions of a charging station that are booked: what arrives for them again must not be booked again.
///
/// Assumption: an event is not delayed by more than ``capacity`` later transactions of the same charging station.
struct ClosedTransactions: Sendable, Codable {
    struct Entry: Sendable, BitwiseCopyable, Codable {
        var transactionID: IdentifierText
        /// Events received before it was closed.
        var received: SequenceWindow
        var hasStarted: Bool
        var hasEnded: Bool
        var hasToken: Bool
        var hasBeginReading: Bool
        var hasEndReading: Bool
        /// As booked, Wh.
        var meterStartWh: Double
        var meterStopWh: Double

        init(_ transaction: OpenTransaction, record: TransactionRecord) {
            transactionID = transaction.transactionID
            received = transaction.received
            hasStarted = transaction.hasStarted
            hasEnded = transaction.hasEnded
            hasToken = transaction.idToken != nil
            hasBeginReading = transaction.hasBeginReading
            hasEndReading = transaction.hasEndReading
            meterStartWh = record.meterStartWh
            meterStopWh = record.meterStopWh
        }
    }

    static let capacity = 32
    private var entries: ContiguousArray<Entry> = []
    /// Index of the newest entry.
    private var newest = -1

    /// Index of the entry of `transactionID`, searched from the newest on.
    func index(of transactionID: IdentifierText) -> Int? {
        var index = newest
        for _ in 0..<entries.count {
            if entries[index].transactionID == transactionID { return index }
            index = index == 0 ? entries.count - 1 : index - 1
        }
        return nil
    }

    /// Whether the next one pushes the oldest out.
    var isFull: Bool { entries.count == Self.capacity }

    mutating func insert(_ transaction: OpenTransaction, record: TransactionRecord) {
        let entry = Entry(transaction, record: record)
        newest = newest + 1 == Self.capacity ? 0 : newest + 1
        if entries.count < Self.capacity { entries.append(entry) } else { entries[newest] = entry }
    }

    /// Inserts the transaction, or replaces what is known of it.
    mutating func remember(_ transaction: OpenTransaction, record: TransactionRecord) {
        if let index = index(of: transaction.transactionID) {
            entries[index] = Entry(transaction, record: record)
        } else {
            insert(transaction, record: record)
        }
    }

    /// Whether the event was received before, so that it changes nothing.
    func hasReceived(_ event: Core.TransactionEventRequest, at index: Int) -> Bool {
        switch event.eventType {
        case .started: entries[index].hasStarted
        case .ended: entries[index].hasEnded
        case .updated: !entries[index].received.isNew(event.seqNo)
        }
    }

    /// Register at the end, Wh; `nil` where no end was told.
    func end(at index: Int) -> Double? { entries[index].hasEnded ? entries[index].meterStopWh : nil }

    /// What an event adds to a booked transaction: a better register, a token, or nothing.
    enum Late {
        case duplicate, nothingNew
        case amended(energyWh: Double, idToken: Core.IdToken?)
    }

    mutating func take(_ event: Core.TransactionEventRequest, at index: Int) -> Late {
        if hasReceived(event, at: index) { return .duplicate }
        entries[index].received.insert(event.seqNo)
        let before = entries[index].meterStopWh - entries[index].meterStartWh
        let begin = event.eventType == .started ? event.meterValue : event.meterValueAtBegin
        if !entries[index].hasBeginReading, let begin {
            entries[index].hasBeginReading = true
            entries[index].meterStartWh = begin.energyActiveImportRegisterWh
        }
        if event.eventType == .started { entries[index].hasStarted = true }
        if event.eventType == .ended { entries[index].hasEnded = true }
        if !entries[index].hasEndReading, let reading = event.meterValue {
            let register = reading.energyActiveImportRegisterWh
            entries[index].hasEndReading = event.eventType == .ended
            entries[index].meterStopWh =
                event.eventType == .ended ? register : max(entries[index].meterStopWh, register)
        }
        let token = entries[index].hasToken ? nil : event.idToken
        if token != nil { entries[index].hasToken = true }
        let energyWh = max(0, entries[index].meterStopWh - entries[index].meterStartWh) - before
        return energyWh == 0 && token == nil ? .nothingNew : .amended(energyWh: energyWh, idToken: token)
    }
}
