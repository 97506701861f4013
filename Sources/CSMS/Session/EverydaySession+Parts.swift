internal import OCPP

/// What the flat entry and a ``StationDesk`` do alike: one thing at a time, counted, without effects.
extension EverydaySession {
    /// The charging station boots and is told what was decided.
    mutating func boot(now: Timestamp) -> Core.BootNotificationResponse {
        let status = registration.boot()
        return Core.BootNotificationResponse(
            currentTime: now.wholeMilliseconds,
            interval: status == .accepted ? settings.heartbeatIntervalS : settings.retryIntervalS, status: status)
    }

    /// Says what the directory knows of a token.
    mutating func judge(_ token: Core.IdToken, now: Timestamp, directory: TokenDirectory) -> Core.IdTokenInfo {
        let info = directory.info(for: token, now: now, unknown: settings.unknownTokens)
        if info.status != .accepted { totals.tokensRefused += 1 }
        return info
    }

    /// Applies an event of a transaction; see ``TransactionBook/apply(_:now:graceS:asksStore:)``.
    mutating func apply(
        _ event: Core.TransactionEventRequest, now: Timestamp, asksStore: Bool = false
    ) -> TransactionBook.Outcome {
        let outcome = book.apply(event, now: now, graceS: settings.lateStartGraceS, asksStore: asksStore)
        count(outcome)
        return outcome
    }

    /// Applies an event of a transaction that is booked in the store.
    mutating func amend(
        _ booked: inout OpenTransaction, with event: Core.TransactionEventRequest
    ) -> TransactionBook.Outcome {
        let outcome = book.amend(&booked, with: event)
        count(outcome)
        return outcome
    }

    /// Books an open transaction of the book as it is.
    mutating func book(at index: Int) -> OpenTransaction {
        let booked = book.book(at: index)
        totals.count(booked)
        return booked
    }

    private mutating func count(_ outcome: TransactionBook.Outcome) {
        switch outcome {
        case .continued, .completed(_, isFirst: false), .needsStore, .needsRoom, .refused: break
        case .opened, .completed(_, isFirst: true): totals.transactionsOpened += 1
        case .amended(let energyWh, _):
            totals.lateEvents += 1
            totals.energyBookedWh += energyWh
        case .late: totals.lateEvents += 1
        case .repeated: totals.duplicateEvents += 1
        }
    }
}
