internal import OCPP
internal import OCPPMessages

/// Whether the store was asked for the transaction of a request, and what it said.
enum LookUp {
    case notAsked
    /// What it has under this id; under the content of a start, when there is no id.
    case found(StoredTransaction?, IdentifierText)
}

/// How an event came out.
enum Booking {
    /// It is in the books, now or since before; the token's verdict where the event carried one.
    case done(Core.IdTokenInfo?)
    /// The store has to be asked first.
    case needsStore
    /// It cannot be booked.
    case refused(RPCErrorCode)
}

extension StationDesk {
    /// Takes an event into the books, once.
    ///
    /// An event of a transaction that is open, or a repeated one of a transaction booked lately, is everyday business. Any
    /// other goes to the transaction as the store has it; only when the store has none either is it the first of its
    /// transaction.
    mutating func book(
        _ event: Core.TransactionEventRequest, start: TransactionStart? = nil, lookUp: LookUp, _ turn: inout DeskTurn
    ) -> Booking {
        let id = event.transactionInfo.transactionId
        var asksStore = true
        if case .found(let stored, _) = lookUp {
            asksStore = false
            if let stored, !everyday.book.isOpen(id) {
                if stored.isBooked { return amend(stored, with: event, &turn) }
                everyday.book.reopen(stored.state)
                ledger.reopen(stored)
            }
        }
        var outcome = everyday.apply(event, now: turn.now, asksStore: asksStore)
        if case .needsStore = outcome { return .needsStore }
        if case .refused = outcome { return .refused(.propertyConstraintViolation) }
        let info = event.idToken.map { judge($0, &turn) }
        if case .needsRoom = outcome {
            book(at: 0, &turn)
            outcome = everyday.apply(event, now: turn.now)
        }
        keep(outcome, of: event, start: start, &turn)
        return .done(info.map { judgeStart($0, event, &turn) })
    }

    /// Keeps what an event has changed.
    private mutating func keep(
        _ outcome: TransactionBook.Outcome, of event: Core.TransactionEventRequest, start: TransactionStart?,
        _ turn: inout DeskTurn
    ) {
        switch outcome {
        case .amended, .late, .repeated, .needsStore, .needsRoom, .refused: return
        case .opened, .continued, .completed: break
        }
        let id = event.transactionInfo.transactionId
        if let start { ledger.open(id, start: start) }
        if case .completed(let index, _) = outcome {
            book(at: index, &turn)
        } else if let open = everyday.book.transaction(id) {
            let change: TransactionChange = if case .opened = outcome { .opened } else { .continued }
            let start = start ?? ledger.start(of: id)
            turn.keep(.transaction(StoredTransaction(state: open, isBooked: false, start: start), change))
        }
        if event.eventType != .updated { watch(event, &turn) }
    }

    /// Books a transaction as it is, and keeps it.
    private mutating func book(at index: Int, _ turn: inout DeskTurn) {
        let state = everyday.book(at: index)
        inquiries.forget(state.transactionID)
        let start = ledger.close(state.transactionID)
        turn.keep(.transaction(StoredTransaction(state: state, isBooked: true, start: start), .booked))
    }

    /// Books a transaction as it is, if it is open.
    mutating func book(_ id: IdentifierText, _ turn: inout DeskTurn) {
        if let index = everyday.book.index(of: id) { book(at: index, &turn) }
    }

    /// Books what waited long enough.
    mutating func bookOverdue(_ turn: inout DeskTurn) {
        while let overdue = everyday.book.overdue(now: turn.now) { book(at: overdue, &turn) }
    }

    /// An event of a transaction that is in the books already.
    private mutating func amend(
        _ stored: StoredTransaction, with event: Core.TransactionEventRequest, _ turn: inout DeskTurn
    ) -> Booking {
        var stored = stored
        let outcome = everyday.amend(&stored.state, with: event)
        if case .refused = outcome { return .refused(.propertyConstraintViolation) }
        let info = event.idToken.map { judge($0, &turn) }
        if case .amended(let energyWh, _) = outcome { turn.keep(.transaction(stored, .amended(byWh: energyWh))) }
        return .done(info)
    }

    // MARK: tokens

    /// What the directory says about a token, outside transactions.
    mutating func judge(_ token: Core.IdToken, _ turn: inout DeskTurn) -> Core.IdTokenInfo {
        let info = everyday.judge(token, now: turn.now, directory: turn.directory)
        if info.status != .accepted { turn.keep(.tokenRefused(token, info.status, at: turn.now)) }
        return info
    }

    /// A token that is good may still not start a transaction: a master pass never does (C16), and while one of its
    /// transactions is running it may have to wait (C01, ConcurrentTx).
    private func judgeStart(
        _ info: Core.IdTokenInfo, _ event: Core.TransactionEventRequest, _ turn: inout DeskTurn
    ) -> Core.IdTokenInfo {
        guard event.eventType == .started, info.status == .accepted, let token = event.idToken else { return info }
        var info = info
        if !settings.masterPassGroup.isEmpty, let group = info.groupIdToken,
            group.idToken.lowercased == settings.masterPassGroup.lowercased
        {
            info.status = .invalid
        } else if !settings.allowsConcurrentTransactions, token.type != .noAuthorization,
            everyday.book.open.contains(where: { other in
                other.transactionID != event.transactionInfo.transactionId && !other.hasEnded
                    && other.idToken.map { $0.matches(token) } == true
            })
        {
            info.status = .concurrentTx
        }
        if info.status != .accepted { turn.keep(.tokenRefused(token, info.status, at: turn.now)) }
        return info
    }

    /// Priority of a token's transactions, as the directory has it.
    func priority(of token: Core.IdToken?, _ turn: DeskTurn) -> Int8 {
        guard let token else { return 0 }
        let record =
            token.type == .eMAID
            ? turn.directory.record(ofContract: token.idToken) : turn.directory.record(of: token.idToken)
        return record?.chargingPriority ?? 0
    }
}
