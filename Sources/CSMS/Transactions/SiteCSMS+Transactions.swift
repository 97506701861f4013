internal import OCPP

extension SiteCSMS {
    /// Whether a register can be one: beyond a petawatt-hour, or below nothing, it is damaged.
    static func isPlausible(_ value: Core.MeterValue?) -> Bool {
        guard let value else { return true }
        return (0...1e15).contains(value.energyActiveImportRegisterWh)
    }

    mutating func take(
        _ event: Core.TransactionEventRequest, from station: Int, now: Timestamp, directory: TokenDirectory,
        effects: inout [Effect]
    ) -> CSMSResponse {
        guard (0...Self.sequenceMax).contains(event.seqNo), !event.transactionInfo.transactionId.isEmpty,
            (event.evse?.id ?? 1) >= 1,
            Self.isPlausible(event.meterValue), Self.isPlausible(event.meterValueAtBegin)
        else { return .error(.propertyConstraintViolation) }
        var response = Core.TransactionEventResponse()
        if let token = event.idToken {
            response.idTokenInfo = judge(token, at: station, now: now, directory: directory, effects: &effects)
        }
        let transactionID = event.transactionInfo.transactionId
        var index = stations[station].open.count - 1
        while index >= 0, stations[station].open[index].transactionID != transactionID { index -= 1 }
        if index < 0 {
            if let closed = stations[station].closed.index(of: transactionID) {
                amend(closed, with: event, station: station, effects: &effects)
                return .transactionEvent(response)
            }
            index = open(transactionID, at: station, effects: &effects)
        }
        guard stations[station].open[index].take(event) else {
            totals.duplicateEvents += 1
            return .transactionEvent(response)
        }
        if stations[station].open[index].canClose {
            book(index, of: station, effects: &effects)
        } else if event.eventType == .ended {
            let bookAt = now.adding(seconds: settings.lateStartGraceS)
            stations[station].open[index].bookAt = bookAt
            nextDeadline = min(nextDeadline, bookAt)
        }
        return .transactionEvent(response)
    }

    private mutating func open(_ transactionID: IdentifierText, at station: Int, effects: inout [Effect]) -> Int {
        if stations[station].open.count == Self.openTransactionsMax { book(0, of: station, effects: &effects) }
        stations[station].open.append(OpenTransaction(transactionID: transactionID))
        totals.transactionsOpened += 1
        effects.append(.transactionOpened(station: station, transactionID: transactionID))
        return stations[station].open.count - 1
    }

    private mutating func book(_ index: Int, of station: Int, effects: inout [Effect]) {
        let transaction = stations[station].open.remove(at: index)
        let record = transaction.record(station: station)
        stations[station].closed.insert(transaction, record: record)
        totals.transactionsClosed += 1
        if !record.complete { totals.transactionsIncomplete += 1 }
        totals.energyBookedWh += record.energyWh
        effects.append(.transactionClosed(record))
    }

    mutating func bookOverdue(_ station: Int, now: Timestamp, effects: inout [Effect]) {
        var index = 0
        while index < stations[station].open.count {
            let bookAt = stations[station].open[index].bookAt
            if now >= bookAt {
                book(index, of: station, effects: &effects)
            } else {
                nextDeadline = min(nextDeadline, bookAt)
                index += 1
            }
        }
    }

    /// Books one transaction as it is.
    mutating func bookOverdue(_ station: Int, id: IdentifierText, effects: inout [Effect]) {
        guard let index = stations[station].open.firstIndex(where: { $0.transactionID == id }) else { return }
        book(index, of: station, effects: &effects)
    }

    private mutating func amend(
        _ closed: Int, with event: Core.TransactionEventRequest, station: Int, effects: inout [Effect]
    ) {
        switch stations[station].closed.take(event, at: closed) {
        case .duplicate: totals.duplicateEvents += 1
        case .nothingNew: totals.lateEvents += 1
        case .amended(let energyWh, let idToken):
            totals.lateEvents += 1
            totals.energyBookedWh += energyWh
            effects.append(
                .transactionAmended(
                    station: station, transactionID: event.transactionInfo.transactionId, energyWh: energyWh,
                    idToken: idToken))
        }
    }
}
