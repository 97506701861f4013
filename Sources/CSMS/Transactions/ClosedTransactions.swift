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

        init(_ transaction: OpenTransaction) {
            transactionID = transaction.transactionID
            received = transaction.received
            hasStarted = transaction.hasStarted
            hasEnded = transaction.hasEnded
            hasToken = transaction.idToken != nil
            hasBeginReading = transaction.hasBeginReading
            hasEndReading = transaction.hasEndReading
            (meterStartWh, meterStopWh) = transaction.registersWh
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

    /// Notes a transaction that has just been booked; `true` when that pushes the oldest one out.
    mutating func insert(_ transaction: OpenTransaction) -> Bool {
        newest = newest + 1 == Self.capacity ? 0 : newest + 1
        guard entries.count == Self.capacity else {
            entries.append(Entry(transaction))
            return false
        }
        entries[newest] = Entry(transaction)
        return true
    }

    /// Notes what a booked transaction has become, if it is still here.
    mutating func update(_ transaction: OpenTransaction) {
        if let index = index(of: transaction.transactionID) { entries[index] = Entry(transaction) }
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
    func endWh(at index: Int) -> Double? { entries[index].hasEnded ? entries[index].meterStopWh : nil }

    /// Applies an event that was not received before: a better register, a token, or nothing new.
    mutating func apply(_ event: Core.TransactionEventRequest, at index: Int) -> TransactionBook.Outcome {
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
        let addsToken = !entries[index].hasToken && event.idToken != nil
        if addsToken { entries[index].hasToken = true }
        let energyWh = max(0, entries[index].meterStopWh - entries[index].meterStartWh) - before
        return energyWh == 0 && !addsToken ? .late : .amended(energyWh: energyWh, addsToken: addsToken)
    }
}
