import CSMS
import Foundation
import Models
import OCPP
import Sim
import TestSupport
import Testing
import Twin

@Suite("OCPP under faults")
struct OCPPFaultTests {
    private static func finished(_ world: OCPPFaultWorld) -> OCPPFaultWorld {
        var world = world
        world.run()
        return world
    }

    @Test("without faults every transaction is booked once, to the milliwatt-hour")
    func noFaults() {
        for seed in Soak.seeds(20) {
            var world = Self.finished(OCPPFaultWorld(seed: seed, faults: WireFaults()))
            let totals = world.totals()
            #expect(totals.isExact && totals.sessionsPending == 0, "seed \(seed): \(totals)")
            #expect(totals.energyBookedMilliWh == totals.energyTrueMilliWh, "seed \(seed)")
            #expect(totals.sessionsTrue > 50, "seed \(seed)")
            #expect(world.sessions.totals.duplicateEvents == 0 && world.sessions.totals.callErrors == 0, "seed \(seed)")
            #expect(world.sessions.totals.transactionsIncomplete == 0, "seed \(seed)")
        }
    }

    @Test(
        "nothing is lost, doubled or wrong once the wire has healed",
        arguments: [
            WireFaults(drop: 0.2), WireFaults(duplicate: 0.3), WireFaults(delay: 0.2), WireFaults(outagesPerHour: 0.5),
            WireFaults(restartsPerHour: 0.5),
            WireFaults(drop: 0.1, duplicate: 0.1, delay: 0.1, outagesPerHour: 0.3, restartsPerHour: 0.2),
        ])
    func faults(faults: WireFaults) {
        var transactions: Int64 = 0
        for seed in Soak.seeds(100) {
            var world = Self.finished(OCPPFaultWorld(seed: seed, faults: faults))
            let totals = world.totals()
            #expect(
                totals.isExact && totals.sessionsPending == 0,
                "seed \(seed), \(faults): \(totals), \(world.sessions.totals)")
            #expect(totals.energyBookedMilliWh == totals.energyTrueMilliWh, "seed \(seed)")
            for station in 0..<world.firmwares.count {
                #expect(world.sessions[station].book.openCount == 0, "seed \(seed)")
                #expect(world.firmwares[station].queuedMessageCount == 0, "seed \(seed)")
                #expect(world.sessions[station].registration.isOnline, "seed \(seed)")
            }
            transactions += totals.sessionsTrue
        }
        #expect(transactions > 5000)
    }

    @Test("nothing is lost, doubled or wrong when every frame is JSON, in any version", arguments: OCPPVersion.allCases)
    func encoded(version: OCPPVersion) {
        let faults = [
            WireFaults(), WireFaults(drop: 0.2), WireFaults(duplicate: 0.3), WireFaults(delay: 0.2),
            WireFaults(drop: 0.1, duplicate: 0.1, delay: 0.1, outagesPerHour: 0.3, restartsPerHour: 0.2),
        ]
        for fault in faults {
            for seed in Soak.seeds(6) {
                var world = Self.finished(OCPPFaultWorld(seed: seed, faults: fault, encoded: version))
                let totals = world.totals()
                #expect(
                    totals.sessionsLost + totals.sessionsDoubled + totals.sessionsWrong + totals.sessionsPending == 0,
                    "seed \(seed), \(fault): \(totals), \(world.sessions.totals)")
                #expect(totals.sessionsTrue > 50 && totals.sessionsBooked == totals.sessionsTrue, "seed \(seed)")
                if version.isV2 { #expect(totals.isExact, "seed \(seed), \(fault): \(totals)") }
            }
        }
    }

    @Test("messages refused once too often are lost, and the audit says which and how many")
    func refusals() {
        var lost: Int64 = 0
        for seed in Soak.seeds(50) {
            var world = Self.finished(OCPPFaultWorld(seed: seed, faults: WireFaults(error: 0.4)))
            let totals = world.totals()
            #expect(totals.sessionsDoubled == 0, "seed \(seed)")
            #expect(totals.sessionsTrue == totals.sessionsBooked + totals.sessionsLost, "seed \(seed)")
            #expect(totals.sessionsLost <= world.endsDiscarded, "seed \(seed)")
            lost += totals.sessionsLost
        }
        #expect(lost > 0)
    }

    @Test("a small queue drops readings and turns drivers away, and loses nothing")
    func smallQueue() {
        var settings = FirmwareSettings()
        settings.transactionQueueCapacity = 12
        settings.meterValuesIntervalS = 60
        for seed in Soak.seeds(50) {
            var world = Self.finished(
                OCPPFaultWorld(seed: seed, faults: WireFaults(drop: 0.1, outagesPerHour: 1), settings: settings))
            let totals = world.totals()
            #expect(totals.isExact && totals.sessionsPending == 0, "seed \(seed): \(totals)")
            #expect(world.mostQueued <= 12, "seed \(seed)")
        }
    }

    @Test("all start and stop points keep the books exact under faults")
    func transactionPoints() {
        for start in [TransactionPoints.evConnected, .authorized, .powerPathClosed, .energyTransfer] {
            for stop in [TransactionPoints.evConnected, .authorized, [.evConnected, .authorized], .powerPathClosed] {
                var settings = FirmwareSettings()
                settings.txStartPoint = start
                settings.txStopPoint = stop
                for seed in Soak.seeds(5) {
                    var world = Self.finished(
                        OCPPFaultWorld(
                            seed: seed, faults: WireFaults(drop: 0.1, outagesPerHour: 0.3, restartsPerHour: 0.1),
                            settings: settings))
                    let totals = world.totals()
                    #expect(totals.isExact, "seed \(seed), \(start), \(stop): \(totals)")
                }
            }
        }
    }

    @Test("the same seed gives the same run, and a run stored in the middle goes on as if nothing had been")
    func repeatable() throws {
        let faults = WireFaults(drop: 0.1, duplicate: 0.1, delay: 0.1, outagesPerHour: 0.3, restartsPerHour: 0.2)
        for seed in Soak.seeds(5) {
            let plain = Self.finished(OCPPFaultWorld(seed: seed, faults: faults))
            var stored = OCPPFaultWorld(seed: seed, faults: faults)
            for _ in 0..<3000 {
                guard let next = stored.queue.pop() else { break }
                stored.now = Timestamp(microseconds: next.time.microseconds)
                stored.step(next.event)
            }
            stored.firmwares = try Self.restored(stored.firmwares)
            stored.sessions = try Self.restored(stored.sessions)
            stored.audit = try Self.restored(stored.audit)
            stored.run()
            #expect(stored.digest == plain.digest && stored.allEffects == plain.allEffects, "seed \(seed)")
            #expect(stored.sessions.totals == plain.sessions.totals, "seed \(seed)")
        }
    }

    private static func restored<Value: Codable>(_ value: Value) throws -> Value {
        try JSONDecoder().decode(Value.self, from: try JSONEncoder().encode(value))
    }
}
