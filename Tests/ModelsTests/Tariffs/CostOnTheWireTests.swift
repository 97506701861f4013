import Foundation
import OCPP
import OCPPMessages
import Testing

@testable import Models

/// Prices and costs between a charging station and its CSMS, in the frames of either.
@Suite("Cost on the wire")
struct CostOnTheWireTests {
    private static let tariff =
        #"{"tariffId":"own","currency":"EUR","energy":{"prices":[{"priceKwh":0.5}],"#
        + #""taxRates":[{"type":"vat","tax":20}]}}"#
    private static func authorize(_ more: String = "", info: String = "") -> String {
        #"{"idTokenInfo":{"status":"Accepted"\#(info)}\#(more)}"#
    }
    private func shown(_ bench: MeterBench) -> [String] {
        var controller = bench.client.controller
        return controller.displayedMessages(now: bench.now).map(\.message.content)
    }
    /// Cost details of a message, read under the rules of 2.1.
    private func details(_ payload: [String: Any]) throws -> V2.CostDetails? {
        let bytes = try Array(JSONSerialization.data(withJSONObject: payload))
        var reader = JSONReader(bytes, version: .v21)
        let request = try AnyRequest(action: "TransactionEvent", reading: &reader)
        try reader.finish()
        guard case .v2(.transactionEvent(let event)) = request else { return nil }
        return event.costDetails
    }

    @Test(
        "I02, I03: the total in the answer to an event is shown, and after the end for a minute",
        arguments: [OCPPVersion.v201, .v21])
    func total(version: OCPPVersion) throws {
        var bench = try MeterBench(version: version)
        bench.begin()
        bench.answers["TransactionEvent"] = #"{"totalCost":3.25}"#
        bench.answerAll()
        let id = try #require(bench.events("Started").first?["transactionInfo"] as? [String: Any])["transactionId"]
        #expect(bench.client.controller.blocks.tariffs.totalCost(ofTransaction: id as? String ?? "") == 3.25)
        #expect(shown(bench) == ["Total cost: 3.25 EUR"])
        #expect(bench.directives.contains(.displayChanged))
        bench.answers["TransactionEvent"] = #"{"totalCost":14}"#
        bench.end()
        bench.answerAll()
        #expect(shown(bench) == ["Total cost: 14.00 EUR"])
        bench.wait(61)
        #expect(shown(bench).isEmpty)
    }

    @Test("I01, I06: the driver is shown personal messages, the newer instead of the older")
    func personalMessages() throws {
        var bench = try MeterBench(version: .v201)
        bench.answers["Authorize"] = Self.authorize(
            info: #","personalMessage":{"format":"UTF8","content":"0.40 a kWh"}"#)
        bench.begin()
        bench.answerAll()
        #expect(shown(bench) == ["0.40 a kWh"])
        bench.answers["TransactionEvent"] = #"{"updatedPersonalMessage":{"format":"UTF8","content":"0.30 from now"}}"#
        bench.everyday(.chargingSuspended(evse: 0, byVehicle: true, meterWh: 1500))
        bench.answerAll()
        #expect(shown(bench) == ["0.30 from now"])
        bench.answers["TransactionEvent"] = #"{"updatedPersonalMessage":{"format":"HTML","content":"<b>"}}"#
        bench.everyday(.chargingResumed(evse: 0, meterWh: 1500))
        bench.answerAll()
        #expect(shown(bench) == ["0.30 from now"], "what the display cannot show it does not take")
        // Somebody else's next visit begins with nothing.
        bench.answers = [:]
        bench.end()
        bench.everyday(.vehicleUnplugged(evse: 0, meterWh: 8000))
        bench.answerAll()
        bench.wait(61)
        bench.everyday(.vehiclePlugged(evse: 0))
        bench.everyday(.tokenPresented(evse: 0, idToken: Core.IdToken(idToken: "0A0B0C0D", type: .iso14443)))
        bench.answerAll()
        #expect(shown(bench).isEmpty)
    }

    @Test("I04, I05: the configured messages stand in for prices and costs that nobody tells, in the driver's language")
    func fallbacks() throws {
        var bench = try MeterBench(version: .v21)
        bench.set("TariffCostCtrlr", "TariffFallbackMessage", to: "see the board")
        bench.set("TariffCostCtrlr", "TotalCostFallbackMessage", to: "see the bill")
        bench.set("TariffCostCtrlr", "OfflineTariffFallbackMessage", to: "offline: 0.60")
        let german =
            #"{"attributeValue":"siehe Tafel","component":{"name":"TariffCostCtrlr"},"#
            + #""variable":{"name":"TariffFallbackMessage","instance":"de"}}"#
        bench.hand(.frame(Array(#"[2,"l","SetVariables",{"setVariableData":[\#(german)]}]"#.utf8)))
        bench.answers["Authorize"] = Self.authorize(info: #","language1":"de-AT""#)
        bench.begin()
        bench.answerAll()
        #expect(shown(bench) == ["siehe Tafel"])
        bench.end()
        bench.answerAll()
        #expect(shown(bench) == ["see the bill"])
        bench.everyday(.vehicleUnplugged(evse: 0, meterWh: 8000))
        bench.answerAll()
        bench.hand(.closed)
        bench.plugIn()
        #expect(shown(bench) == ["offline: 0.60"])
    }

    @Test("I08, I12: cost is reckoned by the tariff that came with the authorization, and told with the end")
    func driverTariff() throws {
        var bench = try MeterBench(version: .v21)
        bench.answers["Authorize"] = Self.authorize(#","tariff":\#(Self.tariff)"#)
        bench.begin()
        bench.answerAll()
        bench.now = bench.now.adding(seconds: 1800)
        bench.end(energyWh: 8000)
        bench.answerAll()
        #expect(try details(bench.events("Started")[0]) == nil)
        let told = try #require(try details(bench.events("Ended")[0]))
        #expect(told.totalCost.total == V2.TotalPrice(exclTax: 4, inclTax: 4.8))
        #expect(told.totalCost.currency == "EUR")
        #expect(told.totalUsage == V2.TotalUsage(energy: 8000, chargingTime: 1800, idleTime: 0))
        #expect(told.chargingPeriods?.map(\.tariffId) == ["own"])
        #expect(shown(bench).last == "Total cost: 4.80 EUR")
        #expect(bench.client.controller.blocks.tariffs.drivers.isEmpty, "the tariff was for this transaction")
    }

    @Test("I12: the running cost is told with readings, no more often than Interval[Cost], and not when it is off")
    func runningCost() throws {
        for (enabled, count) in [("true", 2), ("false", 0)] {
            var bench = try MeterBench(version: .v21)
            for (variable, instance, value) in [("Interval", "Cost", "100"), ("Enabled", "RunningCost", enabled)] {
                let data =
                    #"{"attributeValue":"\#(value)","component":{"name":"TariffCostCtrlr"},"#
                    + #""variable":{"name":"\#(variable)","instance":"\#(instance)"}}"#
                bench.hand(.frame(Array(#"[2,"i","SetVariables",{"setVariableData":[\#(data)]}]"#.utf8)))
            }
            bench.set("SampledDataCtrlr", "TxUpdatedInterval", to: "60")
            bench.answers["Authorize"] = Self.authorize(#","tariff":\#(Self.tariff)"#)
            bench.begin()
            bench.answerAll()
            bench.wait(181)
            let periodic = bench.events("Updated").filter { $0["triggerReason"] as? String == "MeterValuePeriodic" }
            #expect(periodic.count == 3)
            #expect(try periodic.filter { try details($0) != nil }.count == count)
        }
    }

    @Test("an end that waits while the next driver charges keeps the cost of its own transaction")
    func endThatWaits() throws {
        var bench = try MeterBench(version: .v21)
        bench.answers["Authorize"] = Self.authorize(#","tariff":\#(Self.tariff)"#)
        bench.begin()
        bench.answerAll()
        bench.end(energyWh: 2000)  // sent, and not answered
        bench.everyday(.vehicleUnplugged(evse: 0, meterWh: 3000))
        bench.hand(.closed)
        bench.waiting = []
        bench.begin()
        bench.end(energyWh: 1000)
        bench.now = max(bench.now, bench.client.nextDeadline)
        bench.hand(.timer)
        bench.hand(.opened)
        bench.answerAll()
        let ends = bench.events("Ended")
        #expect(try ends.compactMap { try details($0)?.totalUsage.energy }.prefix(2) == [2000, 2000])
    }

    @Test("a tariff that cannot be used turns the driver away where that is configured, and only there")
    func failedTariff() throws {
        for (handling, starts) in [("Deauthorize", 0), ("UseDefaultTariff", 1)] {
            var bench = try MeterBench(version: .v21)
            let data =
                #"{"attributeValue":"\#(handling)","component":{"name":"TariffCostCtrlr"},"#
                + #""variable":{"name":"HandleFailedTariff","instance":"Tariff"}}"#
            bench.hand(.frame(Array(#"[2,"h","SetVariables",{"setVariableData":[\#(data)]}]"#.utf8)))
            let dollars = Self.tariff.replacingOccurrences(of: "EUR", with: "USD")
            bench.answers["Authorize"] = Self.authorize(#","tariff":\#(dollars)"#)
            bench.plugIn()
            bench.answerAll()
            #expect(bench.client.controller.firmware.evses[0].isAuthorized == (starts == 1))
        }
    }

    @Test("1.6 and 2.0.1 tell no cost details", arguments: [OCPPVersion.v16, .v201])
    func earlierVersions(version: OCPPVersion) throws {
        var bench = try MeterBench(version: version)
        bench.begin()
        bench.answerAll()
        bench.end()
        bench.answerAll()
        #expect(bench.calls.contains { $0.action == (version == .v16 ? "StopTransaction" : "TransactionEvent") })
        #expect(!bench.calls.contains { $0.payload["costDetails"] != nil })
        #expect(shown(bench).isEmpty)
    }

    @Test(
        "amounts have two places, however large they are",
        arguments: [
            (0, "0.00"), (-1.25, "-1.25"), (0.05, "0.05"), (12.346, "12.35"), (1e300, "1e+300"),
        ] as [(Double, String)])
    func amounts(value: Double, text: String) {
        #expect(DriverDisplay.amount(value) == text)
    }
}
