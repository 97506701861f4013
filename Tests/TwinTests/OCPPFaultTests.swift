import CSMS
import Foundation
import Models
import OCPP
import Sim
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
        for seed: UInt64 in 0..<20 {
            var world = Self.finished(OCPPFaultWorld(seed: seed, faults: WireFaults()))
            let totals = world.totals()
            #expect(totals.isExact && totals.sessionsPending == 0, "seed \(seed): \(totals)")
            #expect(totals.energyBookedMilliWh == totals.energyTrueMilliWh, "seed \(seed)")
            #expect(totals.sessionsTrue > 50, "seed \(seed)")
            #expect(world.csms.totals.duplicateEvents == 0 && world.csms.totals.callErrors == 0, "seed \(seed)")
            #expect(world.csms.totals.transactionsIncomplete == 0, "seed \(seed)")
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
        for seed: UInt64 in 0..<100 {
            var world = Self.finished(OCPPFaultWorld(seed: seed, faults: faults))
            let totals = world.totals()
            #expect(
                totals.isExact && totals.sessionsPending == 0,
                "seed \(seed), \(faults): \(totals), \(world.csms.totals)")
            #expect(totals.energyBookedMilliWh == totals.energyTrueMilliWh, "seed \(seed)")
            for station in 0..<world.csms.stationCount {
                #expect(world.csms.openTransactionCount(station) == 0, "seed \(seed)")
                #expect(world.firmwares[station].queuedMessageCount == 0, "seed \(seed)")
                #expect(world.csms.isOnline(station), "seed \(seed)")
            }
            transactions += totals.sessionsTrue
        }
        #expect(transactions > 5000)
    }
}
