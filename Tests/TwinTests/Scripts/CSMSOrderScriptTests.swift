import OCPP
import Sim
import TestSupport
import Testing

@testable import Models
@testable import Twin

/// What a CSMS orders moves the plant, and the books say what happened.
@Suite("Site scripts: orders of the CSMS in real time")
struct CSMSOrderScriptTests {
    private func play(
        _ version: OCPPVersion, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var script = SiteScript(try RealTimeScriptSite(version: version))
        script.play(text, sourceLocation: sourceLocation)
    }

    @Test("a profile's limit of nothing pauses a charge, and another lets it go on", arguments: OCPPVersion.allCases)
    func pause(version: OCPPVersion) throws {
        try play(
            version,
            """
            08:00 charges 5.5 kWh at 11 kW on one until 18:00
                  charges 5.5 kWh at 11 kW on two until 18:00
            08:15 limit one to 0 W
                  expect one: charging, 0 kW, contactor open, metered 2.750 kWh
                  expect two: charging, 11.0 kW
                  expect books: open 2, suspended true
            09:15 expect one: metered 2.750 kWh
                  limit one to 11000 W
                  expect one: charging, at least 10.3 kW, contactor closed
            09:32 expect one: finished, metered 5.500 kWh
            18:01 expect books: true 2, closed 2, open 0, doubled 0, wrong 0, energy 11.000 kWh
            """)
    }

    @Test("a limit that comes before its vehicle holds for it", arguments: OCPPVersion.allCases)
    func limitAhead(version: OCPPVersion) throws {
        try play(
            version,
            """
            08:00 limit one to 4200 W
            08:10 charges 11 kWh at 11 kW on one until 18:00
            # 6 A on three phases of 230 V
                  expect one: charging, 4.14 kW
            """)
    }

    @Test(
        "a remote stop ends the transaction in every phase, reason Remote, and the vehicle stays until it leaves",
        arguments: [OCPPVersion.v201, .v21], ["plugged", "starting", "charging"])
    func stop(version: OCPPVersion, phase: String) throws {
        try play(
            version,
            """
            08:00 start one at EVConnected
                  parks for 4 h with 10 kWh
                  awaits one \(phase)
                  expect books: true 0, open 1
                  stop one
                  expect one: finished, 0 kW, contactor open
                  expect books: true 1, closed 1, open 0, last Remote, energy 0.000 kWh
            08:30 expect one: free, metered 0.000 kWh
                  expect books: closed 1, open 0, doubled 0
            """)
    }

    @Test("in 1.6 a remote stop ends the transaction that energy has begun")
    func stop16() throws {
        try play(
            .v16,
            """
            08:00 charges 11 kWh at 11 kW on one until 18:00
            08:30 stop one
                  expect one: finished, 0 kW, contactor open
                  expect books: true 1, closed 1, open 0, last Remote, energy 5.500 kWh, wrong 0
            08:41 expect one: free
            """)
    }

    @Test(
        "a restart ends a running transaction once, with what had flowed, and the station serves again",
        arguments: [(OCPPVersion.v16, "HardReset"), (.v201, "ImmediateReset"), (.v21, "ImmediateReset")])
    func restart(version: OCPPVersion, reason: String) throws {
        try play(
            version,
            """
            08:00 charges 11 kWh at 11 kW on one until 18:00
            08:30 reset one Immediate
                  expect one: finished, 0 kW, contactor open
                  expect two: on
            08:30:29 expect one: off
            08:30:31 expect one: on
            08:45 expect one: free
                  expect books: true 1, closed 1, open 0, doubled 0, wrong 0, energy 5.500 kWh, last \(reason)
                  charges 5.5 kWh at 11 kW on one until 12:00
                  expect one: charging, 11.0 kW
            12:01 expect books: true 2, closed 2, doubled 0, wrong 0, energy 11.000 kWh
            """)
    }

    @Test("a restart that resumes (2.1) leaves the charge alone: one transaction, all its energy")
    func resume() throws {
        try play(
            .v21,
            """
            08:00 charges 11 kWh at 11 kW on one until 18:00
            08:30 reset one ImmediateAndResume
                  expect one: charging, 11.0 kW, contactor closed
            08:30:10 expect one: charging, off
            08:30:31 expect one: charging, on
                  expect books: open 1, closed 0
            18:01 expect books: true 1, closed 1, open 0, doubled 0, wrong 0, energy 11.000 kWh
            """)
    }

    @Test(
        "a restart breaks a start sequence off: no energy flows that no transaction counts",
        arguments: [(OCPPVersion.v16, "Immediate"), (.v201, "Immediate"), (.v21, "ImmediateAndResume")])
    func restartWhileStarting(version: OCPPVersion, kind: String) throws {
        try play(
            version,
            """
            08:00 parks for 4 h with 10 kWh
                  awaits one starting
                  reset one \(kind)
                  expect one: finished, contactor open
            08:30 expect one: free, on, metered 0.000 kWh
                  expect books: true 0, open 0
            """)
    }

    @Test(
        "who finds no place at one site in real time drives on to the other and charges there",
        arguments: OCPPVersion.allCases)
    func driveOn(version: OCPPVersion) throws {
        var first = SiteScript(try RealTimeScriptSite(version: version))
        var second = SiteScript(try RealTimeScriptSite(version: version, index: 1))
        first.site.runtime.plant.parameters.neighbours.ac = [
            Neighbour(site: 1, drive: .minutes(7), cumulative: 1)
        ]
        first.site.runtime.plant.parameters.maximumHops = 1
        first.site.runtime.plant.parameters.queuePlaces = 0
        first.play(
            """
            08:00 charges 30 kWh at 11 kW on one until 18:00
                  charges 30 kWh at 11 kW on two until 18:00
            08:10 parks for 1 h with 5 kWh
            """)
        let messages = first.site.site.takeMessages()
        let message = try #require(messages.first)
        #expect(messages.count == 1 && message.destination == 1)
        #expect(message.deliverAt == .zero + .hours(8) + .minutes(17))
        second.play("08:10 expect one: free")
        second.site.site.deliver(message, now: second.now)
        second.play(
            """
            08:16:59 expect one: free
            08:17:00 expect one: parking
            08:30 expect one: charging
                  expect books: open 1
            09:30 expect one: free
                  expect books: true 1, closed 1, open 0, doubled 0, wrong 0
            """)
        first.play("19:00 expect books: true 2, closed 2, wrong 0, energy 60.000 kWh")
    }
}
