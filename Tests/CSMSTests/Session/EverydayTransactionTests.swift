import CSMS
import OCPP
import Testing

@Suite("EverydaySession: transactions")
struct EverydayTransactionTests {
    /// All orders of 0 ..< `count`.
    private static func permutations(_ count: Int) -> [[Int]] {
        guard count > 0 else { return [[]] }
        return permutations(count - 1).flatMap { shorter in
            (0...shorter.count).map { position in
                var longer = shorter
                longer.insert(count - 1, at: position)
                return longer
            }
        }
    }

    @Test("a transaction told in order is booked with everything that is known")
    func inOrder() {
        var script = SessionScript()
        for event in SessionScript.events() {
            #expect(script.records.isEmpty)
            let response = script.call(.transactionEvent(event))
            guard case .transactionEvent(let answer) = response else {
                Issue.record("\(response)")
                return
            }
            #expect((answer.idTokenInfo?.status == .accepted) == (event.idToken != nil))
        }
        #expect(
            script.records == [
                TransactionRecord(
                    station: 0, transactionID: "T", evse: 2, idToken: SessionScript.token, started: SessionScript.start,
                    ended: SessionScript.start.adding(seconds: 3600), meterStartWh: 1000, meterStopWh: 1400,
                    stoppedReason: .evDisconnected, complete: true, missingEvents: 0)
            ])
        #expect(script.sessions.totals.energyBookedWh == 400 && script.sessions.totals.transactionsClosed == 1)
        #expect(script.sessions[0].book.openCount == 0)
    }

    @Test("in any order, and with each event twice, a transaction is booked once with the same energy")
    func anyOrder() {
        let events = SessionScript.events()
        for order in Self.permutations(events.count) {
            for twice in [false, true] {
                var script = SessionScript()
                for index in order {
                    _ = script.call(.transactionEvent(events[index]))
                    if twice { _ = script.call(.transactionEvent(events[index])) }
                }
                #expect(script.records.count == 1, "\(order)")
                #expect((script.records.first?.energyWh ?? 0) + script.amendedWh == 400, "\(order)")
                #expect(script.sessions.totals.energyBookedWh == 400, "\(order)")
                #expect(script.sessions.totals.duplicateEvents == (twice ? 5 : 0), "\(order)")
                #expect(script.sessions[0].book.openCount == 0, "\(order)")
            }
        }
    }

    @Test("the same holds where Ended does not repeat the reading of the start, whatever else is lost")
    func anyOrderWithoutBegin() {
        let events = SessionScript.events(endCarriesBegin: false)
        for order in Self.permutations(events.count) {
            for lost in 0...3 where lost == 0 || lost < 4 {
                var script = SessionScript()
                for index in order where index != lost || lost == 0 {
                    _ = script.call(.transactionEvent(events[index]))
                }
                #expect(script.records.count == 1, "\(order) without \(lost)")
                #expect(script.sessions.totals.energyBookedWh == 400, "\(order) without \(lost)")
            }
        }
    }

    @Test("Ended alone is booked from its own readings; a late Started adds the token and no energy")
    func startedLost() {
        var script = SessionScript()
        let events = SessionScript.events()
        _ = script.call(.transactionEvent(events[4]))
        #expect(script.records.map(\.energyWh) == [400])
        #expect(script.records.first?.complete == false && script.records.first?.missingEvents == 4)
        #expect(script.records.first?.started == SessionScript.start)
        _ = script.call(.transactionEvent(events[0]))
        #expect(
            script.effects.last
                == .transactionAmended(station: 0, transactionID: "T", energyWh: 0, idToken: SessionScript.token))
        #expect(script.sessions.totals.energyBookedWh == 400)
    }

    @Test("an end whose start is not known waits for it, at most the grace, and is put right when it comes later still")
    func grace() {
        let events = SessionScript.events(endCarriesBegin: false)
        var script = SessionScript(settings: CSMSSettings(lateStartGraceS: 1000))
        _ = script.call(.transactionEvent(events[2]))
        _ = script.call(.transactionEvent(events[4]))
        #expect(script.records.isEmpty)
        script.now = script.now.adding(seconds: 999)
        script.sessions.timerDue(now: script.now, effects: &script.effects)
        #expect(script.records.isEmpty)
        script.now = script.now.adding(seconds: 1)
        #expect(script.sessions.nextDeadline <= script.now)
        script.sessions.timerDue(now: script.now, effects: &script.effects)
        #expect(script.records.map(\.energyWh) == [200])
        _ = script.call(.transactionEvent(events[0]))
        #expect(script.amendedWh == 200 && script.sessions.totals.energyBookedWh == 400)
        _ = script.call(.transactionEvent(events[0]))
        #expect(script.sessions.totals.energyBookedWh == 400 && script.sessions.totals.duplicateEvents == 1)
    }

    @Test("nothing that comes late opens a booked transaction again")
    func lateUpdate() {
        var script = SessionScript()
        let events = SessionScript.events()
        for index in [0, 1, 3, 4] { _ = script.call(.transactionEvent(events[index])) }
        #expect(script.records.first?.missingEvents == 1 && script.records.first?.complete == true)
        for event in events { _ = script.call(.transactionEvent(event)) }
        #expect(script.records.count == 1 && script.sessions[0].book.openCount == 0)
        #expect(script.sessions.totals.lateEvents == 1 && script.sessions.totals.duplicateEvents == 4)
        #expect(script.sessions.totals.energyBookedWh == 400)
    }

    @Test("the same id at two charging stations means two transactions")
    func twoStations() {
        var script = SessionScript(stations: 2)
        for event in SessionScript.events() {
            for station in 0..<2 { _ = script.call(.transactionEvent(event), from: station) }
        }
        #expect(script.records.map(\.station) == [0, 1])
        #expect(script.sessions.totals.energyBookedWh == 800)
    }

    @Test("a duplicate is known as one for the next 31 transactions of its charging station")
    func ring() {
        var script = SessionScript()
        for number: UInt64 in 0..<100 {
            for event in SessionScript.events(id: IdentifierText(hexadecimal: number), updates: 0) {
                _ = script.call(.transactionEvent(event))
            }
            for back: UInt64 in 0...min(number, 31) {
                let events = SessionScript.events(id: IdentifierText(hexadecimal: number - back), updates: 0)
                _ = script.call(.transactionEvent(events[1]))
            }
        }
        #expect(script.records.count == 100)
        #expect(script.sessions.totals.energyBookedWh == 10_000)
    }

    @Test("a token refused with the transaction is told so, and the energy is booked all the same")
    func refusedToken() {
        var script = SessionScript()
        var events = SessionScript.events()
        events[0].idToken = Core.IdToken(idToken: "bad", type: .iso14443)
        #expect(
            script.call(.transactionEvent(events[0]))
                == .transactionEvent(.init(idTokenInfo: .init(status: .blocked))))
        #expect(script.sessions.totals.tokensRefused == 1)
        _ = script.call(.transactionEvent(events[4]))
        #expect(script.records.map(\.energyWh) == [400])
    }

    @Test("energy under way is known before it is booked")
    func energyOpen() {
        var script = SessionScript()
        let events = SessionScript.events()
        for event in events.prefix(3) { _ = script.call(.transactionEvent(event)) }
        #expect(script.sessions[0].book.energyOpenWh == 200 && script.sessions.totals.energyBookedWh == 0)
    }
}
