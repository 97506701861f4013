import CSMS
import OCPP
import OCPPMessages
import Testing

@Suite("StationDesk: readings and ends of OCPP 1.6")
struct DeskReadings16Tests {
    private func start(_ wh: Int = 1000, at seconds: Int64 = 0, connector: Int = 1) -> V16.Request {
        .startTransaction(
            .init(
                connectorId: connector, idTag: "A1B2", meterStart: wh,
                timestamp: DeskBench.start.adding(seconds: seconds)))
    }
    private func reading(
        _ transaction: Int, wh: Int? = nil, at seconds: Int64, _ context: V16.ReadingContext = .samplePeriodic
    ) -> V16.Request {
        let sample =
            wh.map { V16.SampledValue(value: "\($0)", context: context) }
            ?? V16.SampledValue(value: "7000", context: context, measurand: .powerActiveImport)
        return .meterValues(
            .init(
                connectorId: 1,
                meterValue: [.init(timestamp: DeskBench.start.adding(seconds: seconds), sampledValue: [sample])],
                transactionId: transaction))
    }
    private func stop(_ transaction: Int, wh: Int, at seconds: Int64) -> V16.Request {
        .stopTransaction(
            .init(meterStop: wh, timestamp: DeskBench.start.adding(seconds: seconds), transactionId: transaction))
    }

    @Test("readings without energy take a number as others do: none is lost after a restart, none is called missing")
    func powerOnly() throws {
        var bench = DeskBench(.v16)
        bench.ask16(start())
        for second: Int64 in 1...70 { bench.ask16(reading(1, at: second)) }
        bench.ask16(reading(1, wh: 1500, at: 100))
        bench.restart()
        bench.ask16(reading(1, wh: 2500, at: 200))
        #expect(try #require(bench.store.transactions.first).record.energyWh == 1500)
        let numbers = bench.store.payloads.map(\.sequence)
        #expect(numbers.count == 73 && Set(numbers).count == 73, "every payload is kept under a number of its own")
        bench.ask16(stop(1, wh: 3000, at: 300))
        let record = try #require(bench.store.transactions.first).record
        #expect(record.energyWh == 2000 && record.missingEvents == 0)
    }

    @Test("point 2: readings repeated after a restart of the server are the same message still")
    func repeatedAfterRestart() {
        var bench = DeskBench(.v16)
        bench.ask16(start())
        bench.ask16(reading(1, wh: 1500, at: 60))
        bench.restart()
        bench.ask16(reading(1, wh: 1500, at: 60))
        withKnownIssue("what the last readings were is not stored: they get another number and are stored twice") {
            #expect(bench.store.payloads.map(\.sequence) == [0, 1, 1])
        }
        #expect(bench.store.transactions.map(\.record.energyWh) == [500], "the energy counts once all the same")
    }

    @Test("two readings of one instant are two where they differ, and one where they do not")
    func sameInstant() {
        var bench = DeskBench(.v16)
        bench.ask16(start())
        bench.ask16(reading(1, wh: 1500, at: 60))
        bench.ask16(reading(1, wh: 1500, at: 60))
        bench.ask16(reading(1, wh: 1600, at: 60, .sampleClock))
        #expect(bench.store.transactions.map(\.record.energyWh) == [600])
        #expect(bench.store.payloads.map(\.sequence) == [0, 1, 1, 2])
    }

    @Test(
        "a late reading of a transaction that was booked without its end completes the bill", arguments: [false, true])
    func late(restarts: Bool) {
        var bench = DeskBench(.v16)
        bench.ask16(start())
        bench.ask16(reading(1, wh: 1500, at: 60))
        bench.ask16(start(3000, at: 900))
        #expect(bench.store.bookedWh == 500)
        if restarts { bench.restart() }
        bench.ask16(reading(1, wh: 2900, at: 800))
        #expect(bench.store.bookedWh == 1900)
        bench.ask16(stop(2, wh: 3100, at: 1000))
        bench.ask16(reading(2, wh: 3050, at: 950))
        #expect(bench.store.bookedWh == 2000, "after the end a reading changes nothing")
    }

    @Test("a start like an earlier one, whose clock fell back, loses no energy; the same end again adds none")
    func startAgain() {
        var bench = DeskBench(.v16)
        bench.ask16(start())
        bench.ask16(stop(1, wh: 1000, at: 10))
        bench.ask16(start())
        for _ in 0..<3 { bench.ask16(stop(1, wh: 21_000, at: 3600)) }
        #expect(bench.store.bookedWh == 20_000)
        #expect(bench.store.transactions.count == 2)
        bench.ask16(stop(1, wh: 1000, at: 10))
        #expect(bench.store.bookedWh == 20_000)
    }

    @Test("an end that comes again is kept once")
    func endAgain() {
        var bench = DeskBench(.v16)
        bench.ask16(start())
        bench.ask16(reading(1, wh: 1500, at: 60))
        for _ in 0..<3 { bench.ask16(stop(1, wh: 2000, at: 600)) }
        #expect(bench.store.bookedWh == 1000)
        #expect(bench.store.payloads.map(\.event) == [.started, .updated, .ended])
    }

    @Test("registers count whatever their number: a number far ahead hides none that comes after")
    func numbersAhead() {
        var bench = DeskBench(.v201)
        bench.ask(.event(.started, "T", seqNo: 0, wh: 1000, at: 0, evse: 1, token: "A1B2"))
        bench.ask(.event(.updated, "T", seqNo: 900_000, wh: 1500, at: 60))
        bench.ask(.event(.updated, "T", seqNo: 1, wh: 4000, at: 120))
        #expect(bench.store.transactions.map(\.record.energyWh) == [3000])
    }
}
