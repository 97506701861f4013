import OCPP
import Sim
import TestSupport
import Testing

@testable import Models
@testable import Twin

/// What carries the messages of a scripted site.
enum ScriptedCarrier: String, CaseIterable, CustomTestStringConvertible {
    case typed, encoded16, encoded201, encoded21, realTime16, realTime201, realTime21

    var testDescription: String { rawValue }

    /// Plays one script over this carrier.
    func play(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        func simulated(_ version: OCPPVersion?) throws {
            var script = SiteScript(try VirtualSite(encoded: version))
            script.play(text, sourceLocation: sourceLocation)
        }
        func realTime(_ version: OCPPVersion) throws {
            var script = SiteScript(try RealTimeScriptSite(version: version))
            script.play(text, sourceLocation: sourceLocation)
        }
        switch self {
        case .typed: try simulated(nil)
        case .encoded16: try simulated(.v16)
        case .encoded201: try simulated(.v201)
        case .encoded21: try simulated(.v21)
        case .realTime16: try realTime(.v16)
        case .realTime201: try realTime(.v201)
        case .realTime21: try realTime(.v21)
        }
    }
}

@Suite("Site scripts: the same over every carrier")
struct SiteScriptTests {
    @Test(
        "a charge becomes one transaction with the energy that went through the meter",
        arguments: ScriptedCarrier.allCases)
    func oneCharge(carrier: ScriptedCarrier) throws {
        try carrier.play(
            """
            08:00 charges 5.5 kWh at 11 kW on one until 12:00
                  expect one: charging, 11.0 kW, contactor closed, on
                  expect two: free
            08:29:59 expect one: charging
            08:30:01 expect one: finished, contactor open, metered 5.500 kWh
            12:01 expect one: free
                  expect books: true 1, closed 1, pending 0, doubled 0, wrong 0, energy 5.500 kWh
            # the register goes on, the next transaction counts its own part
            13:00 charges 11 kWh at 11 kW on one until 13:15
            13:16 expect one: free, metered 8.250 kWh
                  expect books: true 2, closed 2, doubled 0, wrong 0, energy 8.250 kWh
            """)
    }

    @Test("a token shown while the station is off is refused, and nothing hangs", arguments: ScriptedCarrier.allCases)
    func offWhileShown(carrier: ScriptedCarrier) throws {
        try carrier.play(
            """
            08:00 controller of one fails
                  expect one: off
                  expect two: on
            08:05 charges 11 kWh at 11 kW on one until 18:00
                  expect one: finished, contactor open, 0 kW
            08:06 expect one: free
            08:10 controller of one returns
                  expect one: on, free
            08:40 charges 5.5 kWh at 11 kW on one until 10:00
                  expect one: charging, 11.0 kW
            10:30 expect one: free
                  expect books: true 1, closed 1, pending 0, doubled 0, wrong 0, energy 5.500 kWh
            """)
    }

    @Test(
        "a broken link stops no charge; what was to be told is told when it works", arguments: ScriptedCarrier.allCases)
    func linkFault(carrier: ScriptedCarrier) throws {
        try carrier.play(
            """
            08:00 charges 11 kWh at 11 kW on one until 09:30
            08:10 link of one breaks
                  expect one: charging, 11.0 kW, on
            09:31 expect one: free
                  expect books: true 1, closed 0, pending 1
            # offline the station decides alone
            10:00 charges 5.5 kWh at 11 kW on one until 12:00
                  expect one: charging
                  charges 2.75 kWh at 11 kW on two until 12:00
            12:01 expect books: true 3, closed 1, pending 2, energy 2.750 kWh
            12:30 link of one works
            13:30 expect books: true 3, closed 3, pending 0, doubled 0, wrong 0, energy 19.250 kWh
            """)
    }

    @Test(
        "a link that breaks and works again within one charge changes nothing in the books",
        arguments: ScriptedCarrier.allCases)
    func linkWithinCharge(carrier: ScriptedCarrier) throws {
        try carrier.play(
            """
            08:00 charges 22 kWh at 11 kW on one until 12:00
            08:10 link of one breaks
            08:20 link of one works
            09:10 link of one breaks
            09:11 link of one works
            10:01 expect one: finished
            12:01 expect books: true 1, closed 1, pending 0, doubled 0, wrong 0, energy 22.000 kWh
            """)
    }

    @Test(
        "when the grid fails under load the transaction ends once, with what had flowed",
        arguments: ScriptedCarrier.allCases)
    func gridFails(carrier: ScriptedCarrier) throws {
        try carrier.play(
            """
            08:00 charges 11 kWh at 11 kW on one until 18:00
            08:15 charges 11 kWh at 11 kW on two until 18:00
            08:30 grid fails
                  expect one: finished, off, contactor open, metered 5.500 kWh
                  expect two: finished, off, contactor open, metered 2.750 kWh
            09:29 expect one: free, off
            09:30 grid returns
                  expect one: on
            10:00 expect books: true 2, closed 2, pending 0, doubled 0, wrong 0, energy 8.250 kWh
                  charges 5.5 kWh at 11 kW on one until 12:00
                  expect one: charging, 11.0 kW
            12:01 expect books: true 3, closed 3, doubled 0, wrong 0, energy 13.750 kWh
            """)
    }
}
