import Sim
import Testing

@testable import Models

/// From a fault to the crew that has mended it.
@Suite("Plant scripts: repairs")
struct RepairScriptTests {
    @Test("one crew: the second order waits until the first is done, then for the drive")
    func finitePool() {
        var script = PlantScript(ScriptedSite().ac("a1").failing(onsiteShare: 1))
        script.play(
            """
            08:00 work order from 7 ready 08:30 hands on 2 h
                  work order from 8 ready 09:00 hands on 1 h
                  work order from 9 ready 08:45 hands on 1 h
            # a quarter of an hour to set up, no distance; then the one that has been ready longest
            08:29:59 expect nothing more
            12:00 expect message to 7: repaired, dispatched 08:30:00, arrived 08:45:00, at 10:45:00
                  expect message to 9: repaired, dispatched 10:45:00, arrived 11:00:00, at 12:00:00
            13:15 expect message to 8: repaired, dispatched 12:00:00, arrived 12:15:00, at 13:15:00
                  expect nothing more
            """)
    }

    @Test("two crews work side by side, the third order waits for the first of them")
    func twoCrews() {
        var script = PlantScript(ScriptedSite().ac("a1").failing(onsiteShare: 1, crews: 2))
        script.play(
            """
            08:00 work order from 7 ready 08:00 hands on 2 h
                  work order from 8 ready 08:00 hands on 1 h
                  work order from 9 ready 08:00 hands on 1 h
            10:00 expect message to 7: repaired, dispatched 08:00:00, at 10:15:00
                  expect message to 8: repaired, dispatched 08:00:00, at 09:15:00
                  expect message to 9: repaired, dispatched 09:15:00, at 10:30:00
            """)
    }

    @Test("a fault is noticed, told to the dispatcher, driven to and mended, and all of it stands in the outage")
    func wholeWay() throws {
        var script = PlantScript(ScriptedSite().ac("a1").ac("a2").failing(onsiteShare: 1))
        script.play(
            """
            08:00 outage connector_cable at a1
                  expect a1: free, out of order, state e
                  expect a2: in order
                  expect signals a1: faulted
                  outage connector_cable at a2
            08:14 expect a1: out of order
            d5 00:00 expect a1: in order, state a1
                  expect a2: in order
                  expect signals a1: repaired
            """)
        let outages = script.unclaimed[0].outages
        try #require(outages.count == 2)
        for outage in outages {
            #expect(outage.start == .zero + .hours(8) && !outage.remote && outage.effect == .service)
            #expect(outage.detectionS == 15 * 60, "ten minutes until it is noticed, five until it is told")
            #expect(outage.travelS == 15 * 60, "no distance, a quarter of an hour to set up")
            let parts = outage.detectionS + outage.preparationS + outage.crewWaitS + outage.travelS + outage.workS
            #expect(abs(Double(parts) - (outage.end - outage.start).seconds) < 0.1, "the parts are the whole")
        }
        #expect(outages[0].crewWaitS == 0)
        #expect(abs(outages[1].crewWaitS - outages[0].travelS - outages[0].workS) < 0.1, "one crew for both")
    }

    @Test("a fault at another site is mended by the crew of the first, which learns of it by message")
    func acrossSites() {
        var script = PlantScript(
            ScriptedSite().ac("a1").failing(onsiteShare: 1), ScriptedSite(index: 1).ac("b1").failing(onsiteShare: 1))
        script.play(
            """
            08:00 outage connector_cable at b1
                  expect b1: out of order
                  expect a1: in order
            d5 00:00 expect b1: in order
                  expect outage: connector_cable, start 08:00:00, service, on site, detection 15 min, travel 15 min
                  expect nothing more
            """)
    }

    @Test("what a remote action clears needs no crew, and a fault that is there cannot come again")
    func remote() {
        var script = PlantScript(ScriptedSite().ac("a1").failing(onsiteShare: 0))
        script.play(
            """
            08:00 outage controller_board at a1
                  expect a1: out of order
                  expect signals a1: powerLost, faulted
            08:01 outage controller_board at a1
                  expect signals a1:
            d1 00:00 expect a1: in order
                  expect outage: controller_board, start 08:00:00, power, remote
                  expect signals a1: repaired, powerRestored
                  expect nothing more
            """)
    }

    @Test("a broken modem takes nothing but the link, a broken screen nothing at all")
    func effects() {
        var script = PlantScript(ScriptedSite().ac("a1").failing(onsiteShare: 0))
        script.play(
            """
            08:00 charges 20 kWh at 11.04 kW on a1 until 18:00
                  expect signals a1: plugged, token, energyStarted
            08:10 outage modem_sim_antenna at a1
                  expect a1: charging, 11.04 kW, in order
                  expect signals a1: linkLost
                  outage screen_hmi at a1
                  expect signals a1:
            18:00 expect a1: free
                  expect session a1: 20.000 kWh, end battery_full
                  expect signals a1: linkRestored, energyEnded battery_full, unplugged
            """)
        #expect(Set(script.unclaimed[0].outages.map(\.effect)) == [.link, .cosmetic])
    }

    @Test("an outlet with two faults works when both are mended")
    func twoFaults() {
        var script = PlantScript(ScriptedSite().ac("a1", "a2").failing(onsiteShare: 0))
        script.play(
            """
            08:00 outage connector_cable at a1
                  outage controller_board at a1
                  expect signals a1: faulted, powerLost
                  expect a2: out of order
            d1 00:00 expect a1: in order
                  expect a2: in order
            """)
        let signals = script.unclaimed[0].signals.filter { $0.signal.evse == 0 }
        let ends = script.unclaimed[0].outages.filter { $0.evse != 1 }.map(\.end)
        #expect(signals.count == 1 && signals.first?.at == ends.max(), "mended once, with the later one")
    }
}
