internal import OCPP
internal import OCPPMessages

/// Transactions that may never be completed, and when the charging station is asked about them.
/// - Source: OCPP 2.0.1 part 2, E14.
struct Inquiries: Sendable, Codable {
    private struct Entry: Sendable, Codable {
        var id: IdentifierText
        var askAt: Timestamp
        var isAsked = false
    }

    /// Transactions under inquiry at once; the oldest gives way, and is booked when its grace is over.
    static let inquiriesMax = 32
    private var entries: ContiguousArray<Entry> = []

    var nextDeadline: Timestamp { entries.lazy.filter { !$0.isAsked }.map(\.askAt).min() ?? .distantFuture }

    mutating func add(_ id: IdentifierText, askAt: Timestamp) {
        guard !entries.contains(where: { $0.id == id }) else { return }
        if entries.count == Self.inquiriesMax { entries.removeFirst() }
        entries.append(Entry(id: id, askAt: askAt))
    }

    mutating func forget(_ id: IdentifierText) { entries.removeAll { $0.id == id } }

    /// Those to ask about now.
    mutating func due(_ now: Timestamp) -> [IdentifierText] {
        var due: [IdentifierText] = []
        for index in entries.indices where !entries[index].isAsked && entries[index].askAt <= now {
            entries[index].isAsked = true
            due.append(entries[index].id)
        }
        return due
    }

    /// To be asked about again.
    mutating func postpone(_ id: IdentifierText, to instant: Timestamp) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        entries[index].askAt = instant
        entries[index].isAsked = false
    }
}

extension StationDesk {
    /// Looks after what an event leaves incomplete: an end without its start, or a transaction on an EVSE where another one
    /// has begun.
    mutating func watch(_ event: Core.TransactionEventRequest, _ turn: inout DeskTurn) {
        let id = event.transactionInfo.transactionId
        let askAt = turn.now.adding(seconds: settings.transactionStatusDelayS)
        switch event.eventType {
        case .ended:
            if version != .v16, everyday.book.isOpen(id) { inquiries.add(id, askAt: askAt) }
        case .started:
            if version == .v16 {
                // Messages come in the order they were queued: what has not ended by now has lost its end.
                guard let connector = ledger.start(of: id)?.connector else { return }
                for other in ledger.open(on: connector) where other != id { book(other, &turn) }
            } else if let evse = event.evse {
                for other in everyday.book.open where other.transactionID != id && other.evse == evse.id {
                    inquiries.add(other.transactionID, askAt: askAt)
                }
            }
        case .updated: break
        }
    }

    mutating func askAboutTransactions(_ turn: inout DeskTurn) {
        guard wireVersion != .v16, inquiries.nextDeadline <= turn.now else { return }
        for id in inquiries.due(turn.now) {
            outbox.enqueue(
                .v2(.getTransactionStatus(.init(transactionId: id.description))), for: .transactionStatus(id))
        }
    }

    /// A transaction that is over and has no messages waiting is booked as it is known; what comes later all the same
    /// amends it. `nil` when the charging station did not answer; then the grace decides.
    mutating func transactionStatus(
        of id: IdentifierText, _ status: V2.GetTransactionStatusResponse?, _ turn: inout DeskTurn
    ) {
        guard let open = everyday.book.transaction(id) else { return inquiries.forget(id) }
        let again = turn.now.adding(seconds: max(60, settings.transactionStatusDelayS) * 2)
        guard let status else { return inquiries.postpone(id, to: again) }
        if status.ongoingIndicator == true, !open.hasEnded {
            inquiries.postpone(id, to: turn.now.adding(seconds: 3600))
        } else if status.messagesInQueue {
            inquiries.postpone(id, to: again)
        } else {
            book(id, &turn)
        }
    }
}
