import CSMS
import OCPP
import OCPPMessages
import Testing

@Suite("StationDesk: transactions")
struct DeskTransactionTests {
    private func started(_ id: String, wh: Double = 1000, at seconds: Int64 = 0, evse: Int = 1) -> V2.Request {
        .event(.started, id, seqNo: 0, wh: wh, at: seconds, evse: evse, token: "A1B2")
    }
    private func ended(_ id: String, seqNo: Int = 1, wh: Double = 1500, at seconds: Int64 = 600) -> V2.Request {
        .event(.ended, id, seqNo: seqNo, wh: wh, at: seconds)
    }

    @Test("point 2: a retry is known by its content when the message id differs, and by both when it does not")
    func retries() throws {
        var bench = DeskBench(.v201)
        for id in ["1", "1", "2"] {
            let answer = bench.ask(.v2(started("T")), id: id)
            guard case .response(.v2(.transactionEvent(let response)), true) = answer else {
                Issue.record("\(String(describing: answer))")
                return
            }
            #expect(response.idTokenInfo?.status == .accepted)
        }
        for id in ["3", "3", "4"] { bench.ask(.v2(ended("T")), id: id) }
        #expect(bench.store.transactions.count == 1 && bench.store.bookedWh == 500)

        var old = DeskBench(.v16)
        let start = V16.StartTransactionRequest(
            connectorId: 1, idTag: "A1B2", meterStart: 1000, timestamp: DeskBench.start)
        var ids: Set<Int> = []
        for id in ["1", "1", "2"] {
            guard
                case .response(.v16(.startTransaction(let answer)), true) = old.ask(
                    .v16(.startTransaction(start)), id: id)
            else {
                Issue.record("not answered")
                return
            }
            ids.insert(answer.transactionId)
        }
        #expect(ids.count == 1 && old.store.transactions.count == 1)
    }

    @Test("point 19: transaction ids of OCPP 1.6 are above 0 and never used twice, also after a restart")
    func ids() {
        var bench = DeskBench(.v16)
        var ids: Set<Int> = []
        for number in 0..<100 {
            if number % 7 == 3 { bench.restart() }
            let start = V16.StartTransactionRequest(
                connectorId: 1 + number % 2, idTag: "A1B2", meterStart: 1000 + number,
                timestamp: DeskBench.start.adding(seconds: Int64(number)))
            guard case .startTransaction(let answer) = bench.ask16(.startTransaction(start)) else {
                Issue.record("transaction \(number) is not answered")
                return
            }
            #expect(answer.transactionId > 0 && ids.insert(answer.transactionId).inserted)
        }
    }

    @Test("point 19: starts, stops and meter values that cannot be right are answered all the same")
    func alwaysAnswered() {
        var bench = DeskBench(.v16)
        func stop(_ id: Int, wh: Int, begin: Int? = nil) -> V16.Request {
            .stopTransaction(
                .init(
                    meterStop: wh, timestamp: DeskBench.start.adding(seconds: 900), transactionId: id, idTag: "A1B2",
                    reason: .powerLoss,
                    transactionData: begin.map {
                        [
                            .init(
                                timestamp: DeskBench.start,
                                sampledValue: [.init(value: "\($0)", context: .transactionBegin)])
                        ]
                    }))
        }
        // Its StartTransaction was lost; the end brings the reading of the start along.
        for _ in 0..<3 { #expect(bench.ask16(stop(-1, wh: 700, begin: 200)) != nil) }
        #expect(bench.store.bookedWh == 500 && bench.store.transactions.count == 1)
        #expect(bench.ask16(stop(0, wh: -5)) != nil)
        #expect(bench.ask16(stop(4711, wh: 900)) != nil)
        #expect(
            bench.ask16(
                .startTransaction(
                    .init(connectorId: -3, idTag: "nobody", meterStart: -1, timestamp: DeskBench.start))) != nil)
        let values = ["nonsense", "", "1e400", "-7", "NaN"].map { V16.SampledValue(value: $0) }
        #expect(
            bench.ask16(
                .meterValues(
                    .init(
                        connectorId: 1, meterValue: [.init(timestamp: DeskBench.start, sampledValue: values)],
                        transactionId: 99))) != nil)
        bench.wait(seconds: 90_000)
        #expect(bench.store.transactions.allSatisfy { $0.record.energyWh >= 0 })
        #expect(bench.store.bookedWh == 500)
    }

    @Test("point 20: a StartTransaction with an invalid idTag is told so and opens a transaction all the same")
    func invalidToken() {
        for (tag, status) in [("bad", V16.AuthorizationStatus.blocked), ("over", .expired), ("nobody", .invalid)] {
            var bench = DeskBench(.v16)
            let start = V16.StartTransactionRequest(
                connectorId: 1, idTag: tag, meterStart: 10, timestamp: DeskBench.start)
            guard case .startTransaction(let answer) = bench.ask16(.startTransaction(start)) else {
                Issue.record("not answered")
                return
            }
            #expect(answer.idTagInfo.status == status && answer.transactionId > 0)
            bench.ask16(
                .stopTransaction(
                    .init(meterStop: 30, timestamp: DeskBench.start, transactionId: answer.transactionId)))
            #expect(bench.store.bookedWh == 20)
        }
    }

    @Test("point 21: a late Updated never opens an ended transaction again, and the keys are transactionId and seqNo")
    func lateUpdate() {
        var bench = DeskBench(.v201)
        bench.ask(started("T"))
        bench.ask(ended("T", seqNo: 3))
        let before = bench.store.transactions
        #expect(before.map(\.isBooked) == [true] && before[0].record.missingEvents == 2)
        bench.ask(.event(.updated, "T", seqNo: 1, wh: 1200, at: 300))
        bench.ask(.event(.updated, "T", seqNo: 1, wh: 1200, at: 300))
        #expect(bench.store.transactions.map(\.isBooked) == [true] && bench.store.bookedWh == 500)
        #expect(bench.store.transactions[0].record.missingEvents == 1)
    }

    @Test(
        "point 21: what arrives after more than 32 later transactions, or a restart, is booked once and amends its own")
    func longAfter() {
        for restarts in [false, true] {
            var bench = DeskBench(.v201)
            // The end of T comes first, without its start.
            bench.ask(.event(.updated, "T", seqNo: 1, wh: 1100, at: 60))
            bench.ask(.event(.ended, "T", seqNo: 2, wh: 1500, at: 600))
            bench.wait(seconds: 90_000)
            #expect(bench.store.bookedWh == 400)
            for number in 0..<50 {
                bench.ask(started("N\(number)", at: Int64(1000 + number)))
                bench.ask(ended("N\(number)", at: Int64(2000 + number)))
            }
            if restarts { bench.restart() }
            #expect(bench.store.bookedWh == 400 + 50 * 500)
            bench.ask(started("T"))
            bench.ask(started("T"))
            bench.ask(ended("N1", at: 2001))
            bench.ask(started("N2", at: 1002))
            #expect(bench.store.bookedWh == 500 + 50 * 500 && bench.store.transactions.count == 51)
            #expect(bench.store.find(.id("T"))?.record.idToken?.idToken == "A1B2")
        }
    }

    @Test("point 21: an end without its start is asked about, and booked when no messages are waiting")
    func transactionStatus() {
        var bench = DeskBench(.v201)
        bench.ask(.event(.updated, "T", seqNo: 1, wh: 1100, at: 60))
        bench.ask(.event(.ended, "T", seqNo: 2, wh: 1500, at: 600))
        #expect(bench.store.transactions.map(\.isBooked) == [false] && bench.calls.isEmpty)
        bench.wait(seconds: 60)
        #expect(bench.calls.map(\.request) == [.v2(.getTransactionStatus(.init(transactionId: "T")))])
        bench.answer(.getTransactionStatus(.init(messagesInQueue: true)))
        bench.wait(seconds: 30)
        #expect(bench.calls.isEmpty && bench.store.transactions.map(\.isBooked) == [false])
        bench.wait(seconds: 90)
        bench.answer(.getTransactionStatus(.init(messagesInQueue: false)))
        #expect(bench.store.transactions.map(\.isBooked) == [true] && bench.store.bookedWh == 400)
        bench.ask(started("T"))
        #expect(bench.store.bookedWh == 500 && bench.store.transactions.count == 1)
    }

    @Test("a transaction whose end was lost is booked: in 1.6 at the connector's next start, in 2.x after a question")
    func endLost() {
        var old = DeskBench(.v16)
        for number in 0..<2 {
            old.ask16(
                .startTransaction(
                    .init(
                        connectorId: 1, idTag: "A1B2", meterStart: 1000 * (number + 1),
                        timestamp: DeskBench.start.adding(seconds: Int64(number) * 900))))
            if number == 0 {
                old.ask16(
                    .meterValues(
                        .init(
                            connectorId: 1,
                            meterValue: [
                                .init(
                                    timestamp: DeskBench.start.adding(seconds: 600),
                                    sampledValue: [.init(value: "1.8", unit: .kWh)])
                            ], transactionId: 1)))
            }
        }
        #expect(old.store.transactions.map(\.isBooked) == [true, false] && old.store.bookedWh == 800)

        var bench = DeskBench(.v21)
        bench.ask(started("T"))
        bench.ask(.event(.updated, "T", seqNo: 1, wh: 1300, at: 60))
        bench.ask(started("U", at: 900))
        bench.wait(seconds: 60)
        #expect(bench.calls.map(\.request) == [.v2(.getTransactionStatus(.init(transactionId: "T")))])
        bench.answer(.getTransactionStatus(.init(messagesInQueue: false, ongoingIndicator: false)))
        #expect(bench.store.bookedWh == 300)
    }

    @Test("point 24: registers are absolute, in Wh or kWh with a multiplier, and never counted from the start")
    func units() {
        var bench = DeskBench(.v21)
        func event(
            _ kind: V2.TransactionEventEnum, _ seqNo: Int, _ value: Double, _ unit: V2.UnitOfMeasure?
        ) -> V2.Request {
            .transactionEvent(
                .init(
                    eventType: kind, timestamp: DeskBench.start, triggerReason: .chargingStateChanged, seqNo: seqNo,
                    transactionInfo: .init(transactionId: "T"),
                    meterValue: [
                        .init(
                            sampledValue: [.init(value: value, unitOfMeasure: unit)], timestamp: DeskBench.start)
                    ]))
        }
        bench.ask(event(.started, 0, 1_000_000, nil))
        bench.ask(event(.updated, 1, 1000.5, .init(unit: "kWh")))
        bench.ask(event(.updated, 2, 10_008, .init(unit: "Wh", multiplier: 2)))
        bench.ask(event(.ended, 3, 1_001_200_000, .init(unit: "Wh", multiplier: -3)))
        let record = bench.store.transactions[0].record
        #expect(record.meterStartWh == 1_000_000 && record.meterStopWh == 1_001_200 && bench.store.bookedWh == 1200)
    }

    @Test("point 26: among contexts, phases, locations and measurands the register of the whole outlet counts")
    func selection() {
        var bench = DeskBench(.v201)
        let samples: [V2.SampledValue] = [
            .init(value: 5, measurand: .powerActiveImport), .init(value: 50_000, location: .ev),
            .init(value: 333, phase: .l1), .init(value: 333, phase: .l2), .init(value: 60_000, location: .inlet),
            .init(value: 1000, context: .transactionBegin), .init(value: 1750, context: .transactionEnd),
            .init(value: 1700, context: .samplePeriodic), .init(value: 9, measurand: .energyActiveExportRegister),
        ]
        bench.ask(
            .transactionEvent(
                .init(
                    eventType: .ended, timestamp: DeskBench.start, triggerReason: .stopAuthorized, seqNo: 1,
                    transactionInfo: .init(transactionId: "T"),
                    meterValue: [.init(sampledValue: samples, timestamp: DeskBench.start)])))
        #expect(bench.store.bookedWh == 750)

        var phases = DeskBench(.v201)
        for (index, wh) in [100.0, 400.0].enumerated() {
            phases.ask(
                .transactionEvent(
                    .init(
                        eventType: index == 0 ? .started : .ended, timestamp: DeskBench.start,
                        triggerReason: .chargingStateChanged, seqNo: index,
                        transactionInfo: .init(transactionId: "P"),
                        meterValue: [
                            .init(
                                sampledValue: [
                                    .init(value: wh, phase: .l1), .init(value: wh * 2, phase: .l2N),
                                    .init(value: wh * 3, phase: .l3), .init(value: 7, phase: .l1L2),
                                ], timestamp: DeskBench.start)
                        ])))
        }
        #expect(phases.store.bookedWh == 1800)
    }

    @Test("the payload of each transaction message and meter value is kept under its transaction")
    func payloads() {
        var bench = DeskBench(.v201)
        bench.ask(started("T"))
        bench.ask(ended("T"))
        bench.ask(
            .meterValues(
                .init(evseId: 2, meterValue: [.init(sampledValue: [.init(value: 3)], timestamp: DeskBench.start)])))
        #expect(bench.store.payloads.map(\.action) == ["TransactionEvent", "TransactionEvent", "MeterValues"])
        #expect(bench.store.payloads.map(\.transactionID) == ["T", "T", nil])
        #expect(bench.store.payloads.map(\.event) == [.started, .ended, nil])
        #expect(bench.store.payloads.map(\.evse) == [1, 0, 2])
    }

    @Test("a token already charging is told ConcurrentTx where that is not allowed; a master pass never starts")
    func startRules() {
        var settings = DeskSettings.bench
        settings.allowsConcurrentTransactions = false
        settings.masterPassGroup = "masters"
        var bench = DeskBench(.v201, settings: settings)
        func status(_ request: V2.Request) -> V2.AuthorizationStatusEnum? {
            guard case .transactionEvent(let answer) = bench.ask(request) as V2.Response? else { return nil }
            return answer.idTokenInfo?.status
        }
        #expect(status(started("T")) == .accepted)
        #expect(status(started("T")) == .accepted, "its own repetition is not another transaction")
        #expect(status(started("U", evse: 2)) == .concurrentTx)
        #expect(status(.event(.started, "V", seqNo: 0, wh: 1, evse: 3, token: "C3D4")) == .accepted)
        #expect(status(.event(.started, "W", seqNo: 0, wh: 1, evse: 4, token: "MASTER")) == .invalid)
        #expect(bench.store.transactions.count == 4)
    }
}
