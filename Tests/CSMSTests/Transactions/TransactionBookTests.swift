import OCPP
import Testing

@testable import CSMS

@Suite("TransactionBook")
struct TransactionBookTests {
    /// A small generator of its own: tests of the CSMS know nothing of the simulation's.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    private static func apply(
        _ event: Core.TransactionEventRequest, _ book: inout TransactionBook, asksStore: Bool = false
    ) -> TransactionBook.Outcome {
        book.apply(event, now: SessionScript.start, graceS: 1000, asksStore: asksStore)
    }

    @Test("an event heard twice is applied once: the second time it is called repeated, and nothing has changed")
    func appliedOnce() {
        var once = EverydaySession(settings: CSMSSettings())
        var twice = once
        for event in SessionScript.events(updates: 20) {
            if case .completed(let index, _) = once.apply(event, now: SessionScript.start) { _ = once.book(at: index) }
            if case .completed(let index, _) = twice.apply(event, now: SessionScript.start) {
                _ = twice.book(at: index)
            }
            #expect(twice.apply(event, now: SessionScript.start) == .repeated, "\(event.seqNo)")
            #expect(once.book.open == twice.book.open, "\(event.seqNo)")
        }
        #expect(twice.totals.duplicateEvents == 22 && twice.totals.lateEvents == 0)
        twice.totals.duplicateEvents = 0
        #expect(once.totals == twice.totals && once.totals.energyBookedWh == 2100)
    }

    @Test("in any order and with any repeats, events are booked once, and record and amendments have all the energy")
    func randomOrders() {
        for seed: UInt64 in 0..<500 {
            var dice = Dice(state: seed)
            let events = SessionScript.events(
                updates: .random(in: 0...40, using: &dice), endCarriesBegin: .random(using: &dice))
            var told = events
            for event in events where dice.next() % 3 == 0 { told.append(event) }
            told.shuffle(using: &dice)
            var session = EverydaySession(settings: CSMSSettings())
            var records: [TransactionRecord] = []
            var amendedWh = 0.0
            var repeats = 0
            for event in told {
                switch session.apply(event, now: SessionScript.start) {
                case .completed(let index, _): records.append(session.book(at: index).record(station: 0))
                case .amended(let energyWh, _): amendedWh += energyWh
                case .repeated: repeats += 1
                case .opened, .continued, .late: break
                case .needsStore, .needsRoom, .refused: Issue.record("seed \(seed): \(event)")
                }
            }
            let energyWh = 100 * Double(events.count - 1)
            #expect(records.count == 1 && session.book.openCount == 0, "seed \(seed)")
            #expect((records.first?.energyWh ?? 0) + amendedWh == energyWh, "seed \(seed)")
            #expect(session.totals.energyBookedWh == energyWh, "seed \(seed)")
            #expect(repeats == told.count - events.count, "seed \(seed)")
        }
    }

    @Test("what only a store can know is not applied: an unknown transaction, or news of one booked lately")
    func needsStore() {
        let events = SessionScript.events()
        var book = TransactionBook()
        #expect(Self.apply(events[1], &book, asksStore: true) == .opened, "there is nothing in the store yet")
        book = TransactionBook(open: [], recent: [], hasOlder: true)
        #expect(Self.apply(events[1], &book, asksStore: true) == .needsStore && book.openCount == 0)
        for index in [0, 1] { _ = Self.apply(events[index], &book) }
        #expect(Self.apply(events[4], &book) == .completed(at: 0, isFirst: false))
        _ = book.book(at: 0)
        #expect(book.isRecent("T") && book.recentEndWh("T") == 1400)
        for _ in 0..<2 { #expect(Self.apply(events[2], &book, asksStore: true) == .needsStore) }
        #expect(Self.apply(events[1], &book, asksStore: true) == .repeated)
        #expect(Self.apply(events[2], &book) == .late, "not applied before")
    }

    @Test("a full book applies nothing new until the oldest is booked, and says when it forgets one")
    func full() {
        var book = TransactionBook()
        func first(_ number: UInt64) -> Core.TransactionEventRequest {
            SessionScript.events(id: IdentifierText(hexadecimal: number))[0]
        }
        for number in 0..<UInt64(TransactionBook.openMax) { _ = Self.apply(first(number), &book) }
        #expect(Self.apply(first(256), &book) == .needsRoom)
        #expect(book.openCount == TransactionBook.openMax && !book.isOpen(IdentifierText(hexadecimal: 256)))
        for number: UInt64 in 0..<32 {
            #expect(book.book(at: 0).transactionID == IdentifierText(hexadecimal: number) && !book.hasOlder)
        }
        _ = book.book(at: 0)
        #expect(book.hasOlder && !book.isRecent(IdentifierText(hexadecimal: 0)))
        #expect(Self.apply(first(256), &book) == .opened)
    }

    @Test("a transaction of the store is amended as the store has it, once")
    func amend() {
        let events = SessionScript.events(endCarriesBegin: false)
        var session = EverydaySession(settings: CSMSSettings(lateStartGraceS: 0))
        for index in [2, 4] { _ = session.apply(events[index], now: SessionScript.start) }
        guard let overdue = session.book.overdue(now: SessionScript.start) else {
            Issue.record("the grace is over")
            return
        }
        var stored = session.book(at: overdue)
        #expect(session.book.overdue(now: SessionScript.start) == nil)
        #expect(stored.energyWh == 200 && session.totals.energyBookedWh == 200)
        #expect(session.amend(&stored, with: events[0]) == .amended(energyWh: 200, addsToken: true))
        #expect(session.amend(&stored, with: events[0]) == .repeated)
        #expect(stored.energyWh == 400 && stored.isComplete && session.totals.energyBookedWh == 400)
        #expect(session.book.recentEndWh("T") == 1400)
    }

    @Test("a session takes 200 bytes, and with all the booked transactions it remembers less than 3 kB")
    func memory() {
        let remembered = ClosedTransactions.capacity * MemoryLayout<ClosedTransactions.Entry>.stride
        #expect(MemoryLayout<EverydaySession>.size <= 200)
        #expect(MemoryLayout<EverydaySession>.size + remembered < 3000)
    }
}
