import CSMS
import OCPP
import OCPPMessages
import TestSupport
import Testing

/// A charging station that sends everything until it is answered, and a server that is killed whenever the dice say so.
private struct KilledServer {
    /// A small generator of its own: tests of the CSMS know nothing of the simulation's.
    struct Dice {
        var state: UInt64
        mutating func roll(_ sides: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % sides
        }
    }

    var dice: Dice
    var store = DeskStore()
    let version: OCPPVersion
    var desk: StationDesk
    var now = DeskBench.start
    var directory = TokenDirectory([TokenRecord(idToken: "A1B2")])
    var nextBlock: Int32 = 1
    var kills = 0
    private var messages = 0

    init(_ version: OCPPVersion, seed: UInt64) {
        dice = Dice(state: seed)
        self.version = version
        desk = StationDesk(identity: "CS1", settings: .bench)
        connect()
        while send(Self.boot(version)) == nil {}
    }

    static func boot(_ version: OCPPVersion) -> AnyRequest {
        version == .v16
            ? .v16(.bootNotification(.init(chargePointVendor: "V", chargePointModel: "M")))
            : .v2(.bootNotification(.init(chargingStation: .init(model: "M", vendorName: "V"), reason: .powerUp)))
    }

    /// Sends once. `nil` when the server was killed or the answer lost, so that the charging station has to repeat.
    mutating func send(_ request: AnyRequest) -> AnyResponse? {
        now = now.adding(seconds: 1)
        messages += 1
        var inputs: [StationDesk.Input] = [.request(id: "m\(messages)", request)]
        var answer: AnyResponse?
        while !inputs.isEmpty {
            var outputs: [StationDesk.Output] = []
            desk.handle(inputs.removeFirst(), now: now, directory: directory, outputs: &outputs)
            let effects = outputs.compactMap { output -> StoreEffect? in
                if case .effect(let effect) = output { effect } else { nil }
            }
            if dice.roll(8) == 0 {
                let stored = Int(dice.roll(UInt64(effects.count + 1)))
                for effect in effects.prefix(stored) { store.apply(effect) }
                kill()
                return nil
            }
            for effect in effects { store.apply(effect) }
            for output in outputs {
                switch output {
                case .answer(_, let response, _): answer = response
                case .needTransactionIDs:
                    inputs.append(.granted(ids: nextBlock..<nextBlock + 16))
                    nextBlock += 16
                case .job(let id, .findTransaction(let query)):
                    inputs.append(.jobDone(id: id, .transaction(store.find(query))))
                case .job(let id, _): inputs.append(.jobDone(id: id, .failed("none")))
                case .refuse, .effect, .call, .commandDone, .localListDone, .close: break
                }
            }
        }
        return dice.roll(10) == 0 ? nil : answer
    }

    /// Sends until there is an answer.
    mutating func deliver(_ request: AnyRequest) -> AnyResponse {
        while true { if let answer = send(request) { return answer } }
    }

    mutating func settle() {
        for _ in 0..<3 {
            now = now.adding(seconds: 100_000)
            var outputs: [StationDesk.Output] = []
            desk.handle(.timer, now: now, directory: directory, outputs: &outputs)
            for case .effect(let effect) in outputs { store.apply(effect) }
        }
    }

    private mutating func kill() {
        kills += 1
        desk = StationDesk(identity: "CS1", settings: .bench, restored: store.station)
        connect()
    }

    private mutating func connect() {
        var outputs: [StationDesk.Output] = []
        desk.handle(.connected(version: version), now: now, directory: directory, outputs: &outputs)
        for case .effect(let effect) in outputs { store.apply(effect) }
    }
}

@Suite("StationDesk: killed and restarted")
struct DeskRestartTests {
    @Test("killed at any point, OCPP 2.x: no watt-hour is lost or doubled, in whatever order the events come")
    func killed2() {
        var kills = 0
        for seed in Soak.seeds(60) {
            var server = KilledServer(seed % 2 == 0 ? .v201 : .v21, seed: seed)
            var dice = KilledServer.Dice(state: seed &+ 1000)
            var events: [V2.Request] = []
            var truthWh = 0.0
            let count = 60
            for number in 0..<count {
                let id = "tx-\(number)"
                let start = Double(1000 * number)
                let energy = Double(dice.roll(900))
                truthWh += energy
                let at = Int64(number) * 100
                let updates = Int(dice.roll(4))
                events.append(.event(.started, id, seqNo: 0, wh: start, at: at, evse: 1 + number % 2, token: "A1B2"))
                for update in 0..<updates {
                    let wh = start + energy * Double(update + 1) / 5
                    events.append(.event(.updated, id, seqNo: update + 1, wh: wh, at: at + 10 + Int64(update)))
                }
                events.append(
                    .event(
                        .ended, id, seqNo: updates + 1, wh: start + energy, at: at + 90,
                        beginWh: dice.roll(2) == 0 ? start : nil))
            }
            // Some events come much later than those around them, and some come again when all is over.
            for _ in 0..<40 {
                let from = Int(dice.roll(UInt64(events.count)))
                let event = events.remove(at: from)
                events.insert(event, at: from + Int(dice.roll(UInt64(events.count - from + 1))))
            }
            events += (0..<30).map { _ in events[Int(dice.roll(UInt64(events.count)))] }
            for event in events { _ = server.deliver(.v2(event)) }
            server.settle()
            kills += server.kills
            #expect(server.store.transactions.count == count, "seed \(seed)")
            #expect(server.store.transactions.allSatisfy { $0.isBooked }, "seed \(seed)")
            #expect(abs(server.store.bookedWh - truthWh) < 1e-6, "seed \(seed): \(server.store.bookedWh) of \(truthWh)")
        }
        #expect(kills > 1000)
    }

    @Test("killed at any point, OCPP 1.6: no watt-hour is lost or doubled, and no transaction id is given twice")
    func killed16() {
        var kills = 0
        for seed in Soak.seeds(60) {
            var server = KilledServer(.v16, seed: seed)
            var dice = KilledServer.Dice(state: seed &+ 2000)
            var truthWh = 0.0
            var history: [AnyRequest] = []
            var ids: Set<Int> = []
            for number in 0..<60 {
                let connector = 1 + number % 2
                let at = DeskBench.start.adding(seconds: Int64(number) * 100)
                let meterStart = 1000 * number
                let energy = Int(dice.roll(900))
                truthWh += Double(energy)
                let start = V16.StartTransactionRequest(
                    connectorId: connector, idTag: "A1B2", meterStart: meterStart, timestamp: at)
                guard case .v16(.startTransaction(let answer)) = server.deliver(.v16(.startTransaction(start))) else {
                    Issue.record("seed \(seed): StartTransaction \(number) has another answer")
                    return
                }
                #expect(ids.insert(answer.transactionId).inserted, "seed \(seed)")
                history.append(.v16(.startTransaction(start)))
                for value in 0..<dice.roll(3) {
                    let values = V16.MeterValuesRequest(
                        connectorId: connector,
                        meterValue: [
                            .init(
                                timestamp: at.adding(seconds: 10 + Int64(value)),
                                sampledValue: [.init(value: "\(meterStart + energy * Int(value) / 5)")])
                        ], transactionId: answer.transactionId)
                    history.append(.v16(.meterValues(values)))
                    _ = server.deliver(.v16(.meterValues(values)))
                }
                let stop = V16.StopTransactionRequest(
                    meterStop: meterStart + energy, timestamp: at.adding(seconds: 90),
                    transactionId: answer.transactionId)
                history.append(.v16(.stopTransaction(stop)))
                _ = server.deliver(.v16(.stopTransaction(stop)))
                // What was answered long ago comes again.
                if dice.roll(3) == 0 { _ = server.deliver(history[Int(dice.roll(UInt64(history.count)))]) }
            }
            server.settle()
            kills += server.kills
            #expect(server.store.transactions.count == 60, "seed \(seed)")
            #expect(server.store.transactions.allSatisfy { $0.isBooked }, "seed \(seed)")
            #expect(server.store.bookedWh == truthWh, "seed \(seed)")
        }
        #expect(kills > 1000)
    }

    @Test("a row of the store reads back what was written, and damaged rows are refused")
    func rows() {
        var bench = DeskBench(.v16)
        bench.ask16(
            .startTransaction(.init(connectorId: 2, idTag: "A1B2", meterStart: 7, timestamp: DeskBench.start)))
        let row = bench.store.transactions[0]
        #expect(row.start?.key == "2|1736150400000000|7|a1b2" && !row.isBooked && row.record.evse == 2)
        let bytes = row.bytes
        #expect(bytes.count <= 220 && StoredTransaction(bytes: bytes) == row)
        for length in 0..<bytes.count { #expect(StoredTransaction(bytes: Array(bytes.prefix(length))) == nil) }
        #expect(StoredTransaction(bytes: bytes + [0]) == nil)
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << UInt8(bit)
                _ = StoredTransaction(bytes: damaged)?.record  // anything but a trap
            }
        }
    }
}
