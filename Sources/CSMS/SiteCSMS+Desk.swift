internal import OCPP

/// What the desk of a single charging station needs beside the everyday path.
extension SiteCSMS {
    func isAccepted(_ station: Int) -> Bool { stations[station].isAccepted }

    /// Puts back what a store kept of the only charging station.
    mutating func restore(
        isAccepted: Bool, connectors: ContiguousArray<ConnectorState>, open: [StoredTransaction],
        recent: [StoredTransaction]
    ) {
        stations[0].isAccepted = isAccepted
        stations[0].connectors = ContiguousArray(
            connectors.map {
                ConnectorRecord(evse: $0.evse, connector: $0.connector, status: $0.status, timestamp: $0.changedAt)
            })
        for transaction in open.prefix(Self.openTransactionsMax) { reopen(transaction.state) }
        for transaction in recent { remember(transaction) }
    }

    /// An open transaction of the only charging station; `nil` when it is not open.
    func openTransaction(_ id: IdentifierText) -> OpenTransaction? {
        stations[0].open.last { $0.transactionID == id }
    }

    var openTransactions: ContiguousArray<OpenTransaction> { stations[0].open }

    mutating func reopen(_ state: OpenTransaction) {
        stations[0].open.append(state)
        if state.bookAt < .distantFuture { nextDeadline = min(nextDeadline, state.bookAt) }
    }

    /// Whether the transaction is among the last booked ones, and whether the event had been received.
    func recentTransaction(_ event: Core.TransactionEventRequest) -> (isKnown: Bool, isDuplicate: Bool) {
        guard let index = stations[0].closed.index(of: event.transactionInfo.transactionId) else {
            return (false, false)
        }
        return (true, stations[0].closed.hasReceived(event, at: index))
    }

    /// Register at the end of a transaction that was booked lately and has ended, Wh; `nil` for any other.
    func recentEnd(_ id: IdentifierText) -> Double? {
        stations[0].closed.index(of: id).flatMap { stations[0].closed.end(at: $0) }
    }

    /// Whether further bookings push earlier ones out of memory.
    var forgetsTransactions: Bool { stations[0].closed.isFull }

    /// Notes a booked transaction among the last ones, or what it has become.
    mutating func remember(_ transaction: StoredTransaction) {
        stations[0].closed.remember(transaction.state, record: transaction.record)
    }

    /// Makes an open transaction due for booking.
    mutating func letBook(_ id: IdentifierText, at instant: Timestamp) {
        guard let index = stations[0].open.lastIndex(where: { $0.transactionID == id }) else { return }
        stations[0].open[index].bookAt = instant
        nextDeadline = min(nextDeadline, instant)
    }

    /// Answers an everyday message of a charging station that is not accepted but was asked for it (B02).
    mutating func handleAsked(
        _ call: StationCall, now: Timestamp, directory: TokenDirectory, effects: inout [Effect]
    ) -> CSMSAnswer {
        let isAccepted = stations[0].isAccepted
        stations[0].isAccepted = true
        let answer = handle(call, from: 0, now: now, directory: directory, effects: &effects)
        stations[0].isAccepted = isAccepted
        return answer
    }

    /// Decides what the next BootNotification is told, and leaves it at that.
    mutating func setNextRegistration(_ status: Core.RegistrationStatus) { stations[0].registration = status }
}
