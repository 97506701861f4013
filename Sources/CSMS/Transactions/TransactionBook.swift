public import OCPP

/// The transactions of one charging station: those that run, and the last ones that are booked.
///
/// Each event is applied once, by ``apply(_:now:graceS:asksStore:)``, which says what came of it. Whatever the order, and
/// however often they come, the same events lead to one record with the same energy. Memory is bounded: at most
/// ``openMax`` open transactions and the last ``ClosedTransactions/capacity`` booked ones.
/// - Source: OCPP 2.0.1 part 2, use cases E01 to E15.
public struct TransactionBook: Sendable, Codable {
    /// Open transactions kept; the oldest is booked as it is when there would be more.
    public static let openMax = 256
    /// The greatest sequence number of a TransactionEvent that is believed.
    public static let sequenceMax: Int32 = 1_000_000_000

    /// What came of an event.
    enum Outcome: Equatable, Sendable, BitwiseCopyable {
        /// The first of its transaction.
        case opened
        /// Of an open transaction, and new.
        case continued
        /// The last that was missing: ``book(at:)`` is due. `isFirst`: it is the only one.
        case completed(at: Int, isFirst: Bool)
        /// Of a booked transaction: add `energyWh` to the record, and the event's token where it had none.
        case amended(energyWh: Double, addsToken: Bool)
        /// New, of a booked transaction, but the record stays what it is.
        case late
        /// Applied before; nothing has changed.
        case repeated
        /// Not applied: the store may have the transaction, and is to be asked.
        case needsStore
        /// Not applied: the oldest, at 0, has to be booked first.
        case needsRoom
        /// Not applied: it cannot be an event.
        case refused
    }

    /// In the order of their first event.
    private(set) var open: ContiguousArray<OpenTransaction> = []
    private var closed = ClosedTransactions()
    /// Whether a store has booked transactions that are not in memory any more.
    private(set) var hasOlder = false
    /// Nothing is overdue before; ``Timestamp/distantFuture`` for never.
    private(set) var nextDeadline = Timestamp.distantFuture

    init() {}

    /// What a store kept: open transactions in the order of their first event, booked ones from the oldest on.
    init(open: [OpenTransaction], recent: [OpenTransaction], hasOlder: Bool) {
        for transaction in open.prefix(Self.openMax) { reopen(transaction) }
        for transaction in recent { close(transaction) }
        if hasOlder { self.hasOlder = true }
    }

    // MARK: events

    /// Applies an event.
    ///
    /// - Parameters:
    ///   - graceS: how long an Ended without any reading of the start waits for its Started, seconds.
    ///   - asksStore: whether a store knows more than the book, and has not been asked about this event.
    mutating func apply(
        _ event: Core.TransactionEventRequest, now: Timestamp, graceS: Int64, asksStore: Bool = false
    ) -> Outcome {
        guard event.isPlausible else { return .refused }
        let id = event.transactionInfo.transactionId
        var index = open.count - 1
        while index >= 0, open[index].transactionID != id { index -= 1 }
        let isFirst = index < 0
        if isFirst {
            if let booked = closed.index(of: id) {
                if closed.hasReceived(event, at: booked) { return .repeated }
                return asksStore ? .needsStore : closed.apply(event, at: booked)
            }
            if asksStore, hasOlder { return .needsStore }
            guard open.count < Self.openMax else { return .needsRoom }
            index = open.count
            open.append(OpenTransaction(transactionID: id))
        }
        guard open[index].apply(event) else { return .repeated }
        if open[index].canClose { return .completed(at: index, isFirst: isFirst) }
        if event.eventType == .ended { letBook(at: index, by: now.adding(seconds: graceS)) }
        return isFirst ? .opened : .continued
    }

    /// Applies an event of a transaction that is booked in the store, as the store has it.
    mutating func amend(_ booked: inout OpenTransaction, with event: Core.TransactionEventRequest) -> Outcome {
        guard event.isPlausible else { return .refused }
        let before = booked
        guard booked.apply(event) else { return .repeated }
        closed.update(booked)
        return .amended(
            energyWh: booked.energyWh - before.energyWh, addsToken: before.idToken == nil && booked.idToken != nil)
    }

    // MARK: booking

    /// Books an open transaction as it is.
    mutating func book(at index: Int) -> OpenTransaction {
        let transaction = open.remove(at: index)
        close(transaction)
        return transaction
    }

    /// The first open transaction whose grace is over; `nil` when there is none any more.
    mutating func overdue(now: Timestamp) -> Int? {
        if let index = open.firstIndex(where: { now >= $0.bookAt }) { return index }
        nextDeadline = open.lazy.map(\.bookAt).min() ?? .distantFuture
        return nil
    }

    private mutating func letBook(at index: Int, by instant: Timestamp) {
        open[index].bookAt = instant
        nextDeadline = min(nextDeadline, instant)
    }

    // MARK: from and for the store

    /// Takes up a transaction that the store has as open.
    mutating func reopen(_ transaction: OpenTransaction) {
        open.append(transaction)
        nextDeadline = min(nextDeadline, transaction.bookAt)
    }

    private mutating func close(_ booked: OpenTransaction) {
        if closed.insert(booked) { hasOlder = true }
    }

    // MARK: what is known

    /// Number of transactions that are not booked yet.
    public var openCount: Int { open.count }

    /// Transactions that run, as far as messages told; EVSEs from 1, `nil` where none was named.
    public var running: [(transactionID: IdentifierText, evse: Int32?)] {
        open.map { ($0.transactionID, $0.evse > 0 ? $0.evse : nil) }
    }

    /// Energy of open transactions as far as it has been told, Wh.
    public var energyOpenWh: Double { open.reduce(0) { $0 + $1.energyWh } }

    /// `nil` when it is not open.
    func transaction(_ id: IdentifierText) -> OpenTransaction? { index(of: id).map { open[$0] } }

    func isOpen(_ id: IdentifierText) -> Bool { index(of: id) != nil }

    /// Whether it is among the last booked ones.
    func isRecent(_ id: IdentifierText) -> Bool { closed.index(of: id) != nil }

    /// Register at the end of a transaction that was booked lately and has ended, Wh; `nil` for any other.
    func recentEndWh(_ id: IdentifierText) -> Double? { closed.index(of: id).flatMap { closed.endWh(at: $0) } }

    func index(of id: IdentifierText) -> Int? { open.lastIndex { $0.transactionID == id } }
}

extension Core.TransactionEventRequest {
    /// Whether number, name, EVSE and registers can be such.
    fileprivate var isPlausible: Bool {
        (0...TransactionBook.sequenceMax).contains(seqNo) && !transactionInfo.transactionId.isEmpty
            && (evse?.id ?? 1) >= 1 && meterValue?.isPlausible ?? true && meterValueAtBegin?.isPlausible ?? true
    }
}
