internal import OCPP
internal import OCPPMessages

/// What a CSMS has to remember of one charging station's 1.6 transactions.
///
/// Memory: the last ``transactionsMax`` transactions; for want of room the oldest ended one goes first. A transaction
/// that is forgotten can still be ended: its id is made of its number alone.
struct V16CSMSMemory: Sendable, Codable {
    static let transactionsMax = 64
    /// Numbers of other makers are believed, and passed over when new ones are made, up to here.
    private static let foreignNumberMax = 1 << 30

    private struct Entry: Sendable, Codable {
        var number: Int
        var connector: Int
        var idTag: String
        /// `nil` when StartTransaction was not seen.
        var started: Timestamp?
        var meterStart: Int
        /// Of the next event.
        var sequence: Int32 = 1
        /// The last reading and its sequence number: said again, it is no new one.
        var lastReading: Timestamp?
        var lastSequence: Int32 = 0
        var hasEnded = false
    }

    private(set) var nextNumber: Int
    private var entries: [Entry] = []

    init(nextNumber: Int) { self.nextNumber = nextNumber }

    /// The number of the transaction that starts: a new one, unless this very start was seen before.
    mutating func start(_ request: V16.StartTransactionRequest) -> Int {
        let known = entries.last {
            $0.started == request.timestamp && $0.connector == request.connectorId && $0.idTag == request.idTag
                && $0.meterStart == request.meterStart
        }
        if let known { return known.number }
        let number = nextNumber
        nextNumber += 1
        append(
            Entry(
                number: number, connector: request.connectorId, idTag: request.idTag, started: request.timestamp,
                meterStart: request.meterStart))
        return number
    }

    /// The transaction that readings belong to; `nil` for none.
    ///
    /// Without an id, readings that are only taken within transactions belong to the one open at their connector.
    mutating func transaction(of request: V16.MeterValuesRequest, context: Core.ReadingContext) -> Int? {
        if let number = request.transactionId, number > 0 {
            _ = index(of: number, connector: request.connectorId)
            return number
        }
        switch context {
        case .samplePeriodic, .transactionBegin, .transactionEnd:
            let open = entries.filter { !$0.hasEnded && $0.connector == request.connectorId }
            return open.count == 1 ? open[0].number : nil
        case .interruptionBegin, .interruptionEnd, .other, .sampleClock, .trigger: return nil
        }
    }

    /// The sequence number of a reading taken at `timestamp`.
    mutating func sequence(of number: Int, at timestamp: Timestamp) -> Int32 {
        let index = index(of: number, connector: 0)
        if entries[index].lastReading == timestamp { return entries[index].lastSequence }
        let sequence = entries[index].sequence
        entries[index].sequence += sequence < .max ? 1 : 0
        entries[index].lastReading = timestamp
        entries[index].lastSequence = sequence
        return sequence
    }

    /// What a StopTransaction ends.
    struct Stopped {
        var transactionID: IdentifierText
        var sequence: Int32
        /// The reading at the start, where StartTransaction was seen.
        var begin: Core.MeterValue?
    }

    mutating func stop(_ request: V16.StopTransactionRequest) -> Stopped {
        guard request.transactionId > 0 else {
            return Stopped(transactionID: Self.contentID(request), sequence: 1)
        }
        let index = index(of: request.transactionId, connector: 0)
        entries[index].hasEnded = true
        let begin = entries[index].started.map {
            Core.MeterValue(
                timestamp: $0, context: .transactionBegin,
                energyActiveImportRegisterWh: Double(entries[index].meterStart))
        }
        return Stopped(
            transactionID: CSMSTranslator.transactionID(of: request.transactionId), sequence: entries[index].sequence,
            begin: begin)
    }

    /// A transaction that the CSMS never heard of is known by what its end says.
    private static func contentID(_ request: V16.StopTransactionRequest) -> IdentifierText {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for number in [request.timestamp.microseconds, Int64(request.meterStop)] {
            hash = (hash ^ UInt64(bitPattern: number)) &* 0x100_0000_01B3
            hash ^= hash >> 29
        }
        for byte in (request.idTag ?? "").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return IdentifierText(folding: "v16-lost-\(IdentifierText(hexadecimal: hash))")
    }

    /// Index of a transaction, which is taken in when it is not known.
    private mutating func index(of number: Int, connector: Int) -> Int {
        if let index = entries.lastIndex(where: { $0.number == number }) { return index }
        if number >= nextNumber, number < Self.foreignNumberMax { nextNumber = number + 1 }
        append(Entry(number: number, connector: connector, idTag: "", started: nil, meterStart: 0))
        return entries.count - 1
    }

    private mutating func append(_ entry: Entry) {
        if entries.count >= Self.transactionsMax { entries.remove(at: entries.firstIndex(where: \.hasEnded) ?? 0) }
        entries.append(entry)
    }
}
