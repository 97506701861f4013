internal import OCPP

/// What OCPP 1.6 leaves to the CSMS in transactions: ids, the order of their messages, and knowing a repeated start by
/// its content.
struct Ledger16: Sendable, Codable {
    /// A transaction that is not booked.
    struct Open: Sendable, Codable {
        var id: IdentifierText
        var start: TransactionStart
        /// Of the next message; the start has 0.
        var nextSequence: Int32
        /// Fingerprint of the last readings taken, by which repeated ones are recognised.
        var lastReading: UInt64?
    }
    private struct Closed: Sendable, Codable {
        var id: IdentifierText
        var start: TransactionStart
    }

    private(set) var openOnes: [Open] = []
    /// The last booked ones, as a ring.
    private var closedOnes: ContiguousArray<Closed> = []
    private var newest = -1
    private var ids: Range<Int32> = 0..<0
    /// Whether a block was asked for and has not come.
    private var isWaitingForIDs = false

    // MARK: ids

    /// The next id; `nil` when a block has to come first.
    mutating func nextID() -> IdentifierText? {
        guard let id = ids.popFirst() else { return nil }
        return IdentifierText("\(id)")
    }

    /// Whether it is time to ask for a block; says so once.
    mutating func shallAsk() -> Bool {
        guard ids.count <= 2, !isWaitingForIDs else { return false }
        isWaitingForIDs = true
        return true
    }

    /// A block; a rest of the one before is used up first, or dropped when both cannot be kept as one.
    mutating func grant(_ block: Range<Int32>) {
        isWaitingForIDs = false
        let block = max(block.lowerBound, 1)..<max(block.upperBound, 1)
        ids = ids.upperBound == block.lowerBound && !ids.isEmpty ? ids.lowerBound..<block.upperBound : block
    }

    // MARK: starts

    /// Id of the transaction that began with this content, as far as it is in memory.
    func id(of start: TransactionStart) -> IdentifierText? {
        openOnes.last { $0.start == start }?.id ?? closedOnes.first { $0.start == start }?.id
    }

    func start(of id: IdentifierText) -> TransactionStart? {
        openOnes.last { $0.id == id }?.start ?? closedOnes.first { $0.id == id }?.start
    }

    /// Open transactions of a connector.
    func open(on connector: Int32) -> [IdentifierText] {
        openOnes.filter { $0.start.connector == connector }.map(\.id)
    }

    mutating func open(_ id: IdentifierText, start: TransactionStart) {
        guard !openOnes.contains(where: { $0.id == id }) else { return }
        openOnes.append(Open(id: id, start: start, nextSequence: 1))
    }

    /// Takes up a transaction from the store.
    mutating func reopen(_ transaction: StoredTransaction) {
        guard let start = transaction.start, !openOnes.contains(where: { $0.id == transaction.transactionID }) else {
            return
        }
        openOnes.append(
            Open(
                id: transaction.transactionID, start: start, nextSequence: max(1, transaction.state.received.end)))
    }

    /// Notes a booked transaction of the store.
    mutating func remember(_ transaction: StoredTransaction) {
        guard let start = transaction.start else { return }
        insert(Closed(id: transaction.transactionID, start: start))
    }

    /// The transaction is booked; what it began with, when it is one of OCPP 1.6.
    mutating func close(_ id: IdentifierText) -> TransactionStart? {
        guard let index = openOnes.lastIndex(where: { $0.id == id }) else { return nil }
        let start = openOnes.remove(at: index).start
        insert(Closed(id: id, start: start))
        return start
    }

    private mutating func insert(_ entry: Closed) {
        newest = newest + 1 == ClosedTransactions.capacity ? 0 : newest + 1
        if closedOnes.count < ClosedTransactions.capacity {
            closedOnes.append(entry)
        } else {
            closedOnes[newest] = entry
        }
    }

    // MARK: sequence

    /// Sequence number of a message of an open transaction; readings like the last ones are the same message. `nil` for a
    /// transaction that is not open.
    mutating func sequence(of id: IdentifierText, reading: UInt64?) -> Int32? {
        guard let index = openOnes.lastIndex(where: { $0.id == id }) else { return nil }
        if let reading {
            if reading == openOnes[index].lastReading { return openOnes[index].nextSequence - 1 }
            openOnes[index].lastReading = reading
        }
        guard openOnes[index].nextSequence < TransactionBook.sequenceMax else { return openOnes[index].nextSequence }
        defer { openOnes[index].nextSequence += 1 }
        return openOnes[index].nextSequence
    }
}
