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
    /// Takes an event into the books.
    ///
    /// An event of a transaction that is open, or a repeated one of a transaction booked lately, is everyday business. Any
    /// other goes to the transaction as the store has it; only when the store has none either is it the first of its
    /// transaction.
    mutating func book(
        _ event: Core.TransactionEventRequest, start: TransactionStart? = nil, lookUp: LookUp, isAsked: Bool = false,
        _ turn: inout DeskTurn
    ) -> Booking {
        let id = event.transactionInfo.transactionId
        if csms.openTransaction(id) == nil {
            switch lookUp {
            case .found(let stored?, _) where stored.isBooked: return amend(stored, with: event, &turn)
            case .found(let stored?, _):
                csms.reopen(stored.state)
                ledger.reopen(stored)
            case .found(nil, _): break
            case .notAsked:
                let recent = csms.recentTransaction(event)
                if recent.isKnown ? !recent.isDuplicate : hasOlderTransactions { return .needsStore }
            }
        }
        return bookEveryday(event, start: start, isAsked: isAsked, &turn)
    }

    private mutating func bookEveryday(
        _ event: Core.TransactionEventRequest, start: TransactionStart?, isAsked: Bool, _ turn: inout DeskTurn
    ) -> Booking {
        let id = event.transactionInfo.transactionId
        let before = csms.openTransaction(id)
        let isRecent = before == nil && csms.recentTransaction(event).isKnown
        let oldest = before == nil && !isRecent ? csms.openTransactions.first : nil
        let forgets = csms.forgetsTransactions
        let openCount = csms.openTransactionCount(0)
        var state = before ?? OpenTransaction(transactionID: id)
        let isNew = state.take(event) && !isRecent

        let call = StationCall(messageID: IdentifierText(), request: .transactionEvent(event))
        let answer =
            isAsked
            ? csms.handleAsked(call, now: turn.now, directory: turn.directory, effects: &everyday)
            : csms.handle(call, from: 0, now: turn.now, directory: turn.directory, effects: &everyday)
        keepEveryday(&turn)
        guard case .transactionEvent(let response) = answer.response else {
            if case .error(let code) = answer.response { return .refused(code) }
            return .refused(.internalError)
        }
        if let oldest, openCount == SiteCSMS.openTransactionsMax {
            keepBooked(oldest, forgets: forgets, &turn)
        }
        if isNew {
            if let start { ledger.open(id, start: start) }
            let known = start ?? ledger.start(of: id)
            if let open = csms.openTransaction(id) {
                turn.keep(
                    .transaction(
                        StoredTransaction(state: open, isBooked: false, start: known),
                        before == nil ? .opened : .continued))
            } else {
                keepBooked(state, forgets: forgets, &turn)
            }
            if event.eventType == .started || event.eventType == .ended { watch(event, &turn) }
        }
        return .done(response.idTokenInfo.map { judgeStart($0, event, &turn) })
    }

    /// Notes a transaction that has just been booked.
    private mutating func keepBooked(_ state: OpenTransaction, forgets: Bool, _ turn: inout DeskTurn) {
        if forgets { hasOlderTransactions = true }
        inquiries.forget(state.transactionID)
        let start = ledger.close(state.transactionID)
        turn.keep(.transaction(StoredTransaction(state: state, isBooked: true, start: start), .booked))
    }

    /// Books what waited long enough.
    mutating func bookOverdue(_ turn: inout DeskTurn) {
        let due = csms.openTransactions.filter { turn.now >= $0.bookAt }
        guard !due.isEmpty else { return }
        for state in due {
            keepBooked(state, forgets: csms.forgetsTransactions, &turn)
            csms.bookOverdue(0, id: state.transactionID, effects: &everyday)
        }
        keepEveryday(&turn)
    }

    /// An event of a transaction that is in the books already.
    private mutating func amend(
        _ stored: StoredTransaction, with event: Core.TransactionEventRequest, _ turn: inout DeskTurn
    ) -> Booking {
        var stored = stored
        csms.hear(from: 0, now: turn.now, effects: &everyday)
        var info: Core.IdTokenInfo?
        if let token = event.idToken {
            info = csms.judge(token, at: 0, now: turn.now, directory: turn.directory, effects: &everyday)
        }
        keepEveryday(&turn)
        if stored.state.take(event) {
            if csms.recentTransaction(event).isKnown { csms.remember(stored) }
            turn.keep(.transaction(stored, .amended))
        }
        return .done(info)
    }

    /// What the everyday core wants kept, in the desk's effects; transactions and connectors are kept in full by their
    /// own handlers.
    mutating func keepEveryday(_ turn: inout DeskTurn) {
        guard !everyday.isEmpty else { return }
        for effect in everyday {
            switch effect {
            case .stationOnline: turn.keep(.presence(.heard, at: turn.now))
            case .stationOffline: turn.keep(.presence(.silent, at: turn.now))
            case .tokenRefused(_, let token, let status): turn.keep(.tokenRefused(token, status, at: turn.now))
            case .stationBooted, .connectorStatus, .transactionOpened, .transactionClosed, .transactionAmended: break
            }
        }
        everyday.removeAll(keepingCapacity: true)
    }

    // MARK: tokens

    /// What the directory says about a token, outside transactions.
    mutating func judge(_ token: Core.IdToken, _ turn: inout DeskTurn) -> Core.IdTokenInfo {
        let info = csms.judge(token, at: 0, now: turn.now, directory: turn.directory, effects: &everyday)
        keepEveryday(&turn)
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
            csms.openTransactions.contains(where: { other in
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
