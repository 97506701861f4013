/// Sums over what an ``EverydaySession`` has handled.
public struct CSMSTotals: Hashable, Sendable, BitwiseCopyable, Codable {
    public var calls: Int64 = 0
    /// Calls answered with CALLERROR.
    public var callErrors: Int64 = 0
    public var tokensRefused: Int64 = 0
    public var transactionsOpened: Int64 = 0
    public var transactionsClosed: Int64 = 0
    /// Booked without a Started or an Ended.
    public var transactionsIncomplete: Int64 = 0
    /// Energy of closed transactions with later amendments, Wh.
    public var energyBookedWh: Double = 0
    /// TransactionEvents that had been received before.
    public var duplicateEvents: Int64 = 0
    /// New TransactionEvents of transactions already closed.
    public var lateEvents: Int64 = 0

    public init() {}
}

extension CSMSTotals {
    /// Counts a booked transaction.
    mutating func count(_ booked: OpenTransaction) {
        transactionsClosed += 1
        if !booked.isComplete { transactionsIncomplete += 1 }
        energyBookedWh += booked.energyWh
    }

    public static func += (sum: inout CSMSTotals, part: CSMSTotals) {
        sum.calls += part.calls
        sum.callErrors += part.callErrors
        sum.tokensRefused += part.tokensRefused
        sum.transactionsOpened += part.transactionsOpened
        sum.transactionsClosed += part.transactionsClosed
        sum.transactionsIncomplete += part.transactionsIncomplete
        sum.energyBookedWh += part.energyBookedWh
        sum.duplicateEvents += part.duplicateEvents
        sum.lateEvents += part.lateEvents
    }
}
