import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Measurands")
struct MeasurandTests {
    private static func names(_ version: OCPPVersion, dc: Bool) -> [String] {
        MeasuredQuantities.names(version: version, hasAlternating: !dc)
    }
    /// Samples of the fourth reading, an hour after the start, at 11 kW.
    private func updated(_ version: OCPPVersion, dc: Bool, measurands: [String]) throws -> [[String: Any]] {
        var bench = try MeterBench(version: version, dc: dc)
        let list = measurands.joined(separator: ",")
        let status =
            version == .v16
            ? bench.set("MeterValuesSampledData", to: list)
            : bench.set("SampledDataCtrlr", "TxUpdatedMeasurands", to: list)
        #expect(status == "Accepted")
        bench.begin()
        bench.answerAll()
        for _ in 0..<4 {
            bench.registersWh[0] += 2750
            bench.wait(900)
            bench.answerAll()
        }
        let last =
            version == .v16
            ? bench.calls.last { $0.action == "MeterValues" }?.payload : bench.events("Updated").last
        return MeterBench.samples(try #require(last))
    }

    @Test(
        "every measurand that the values list names is produced, and nothing that is not configured",
        arguments: [OCPPVersion.v16, .v201, .v21], [false, true])
    func everyMeasurand(version: OCPPVersion, dc: Bool) throws {
        let names = Self.names(version, dc: dc)
        let samples = try updated(version, dc: dc, measurands: names)
        for name in names { #expect(samples.contains { $0["measurand"] as? String == name }, "\(name)") }
        #expect(samples.allSatisfy { names.contains($0["measurand"] as? String ?? "") })
        #expect(samples.allSatisfy { $0["context"] as? String == "Sample.Periodic" })
        for name in ["Voltage", "SoC"] {
            let single = try updated(version, dc: dc, measurands: [name])
            #expect(!single.isEmpty && single.allSatisfy { $0["measurand"] as? String == name })
        }
    }

    @Test("figures follow from power, register and rating")
    func figures() throws {
        let samples = try updated(.v21, dc: false, measurands: Self.names(.v21, dc: false))
        func values(_ name: String, phase: String? = nil) -> [Double] {
            samples.filter { $0["measurand"] as? String == name && $0["phase"] as? String == phase }
                .compactMap { $0["value"] as? Double }
        }
        #expect(values("Energy.Active.Import.Register") == [12_000])
        #expect(values("Energy.Active.Import.Interval") == [2750])
        #expect(values("Power.Active.Import") == [11_000])
        #expect(values("Power.Active.Import", phase: "L2") == [3666.667])
        #expect(values("Current.Import", phase: "L3") == [15.942])  // 11,000 / (3 · 230)
        #expect(values("Voltage", phase: "L1-N") == [230])
        #expect(values("Power.Factor") == [0.99])
        #expect(values("Power.Reactive.Import") == [1567.415])  // 11,000 · tan(acos 0.99)
        #expect(values("Energy.Apparent.Import") == [12_121.212])
        #expect(values("Frequency") == [50])
        #expect(values("Power.Offered") == [22_080])
        #expect(values("Current.Offered") == [32])
        #expect(values("Power.Active.Export") == [0] && values("Energy.Active.Export.Register") == [0])
        #expect(values("SoC") == [50])
        #expect(MeasuredQuantities.frequency(voltageV: 120) == 60 && MeasuredQuantities.frequency(voltageV: 277) == 60)
    }

    @Test("at begin and end no power flows, and registers can be split over the phases")
    func edges() throws {
        var bench = try MeterBench(version: .v201)
        let wanted = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage"
        #expect(bench.set("SampledDataCtrlr", "TxStartedMeasurands", to: wanted) == "Accepted")
        #expect(bench.set("SampledDataCtrlr", "TxEndedMeasurands", to: wanted) == "Accepted")
        #expect(bench.set("SampledDataCtrlr", "RegisterValuesWithoutPhases", to: "false") == "Accepted")
        bench.begin()
        bench.answerAll()
        bench.end()
        bench.answerAll()
        for event in [bench.events("Started").first, bench.events("Ended").first] {
            let values = try #require(event?["meterValue"] as? [[String: Any]])
            let own = try #require(values.last?["sampledValue"] as? [[String: Any]])
            let power = own.filter { ($0["measurand"] as? String ?? "").hasSuffix("Import") }
            #expect(power.count == 7 && power.allSatisfy { $0["value"] as? Double == 0 }, "\(power)")
            #expect(own.filter { $0["measurand"] as? String == "Energy.Active.Import.Register" }.count == 4)
        }
        let ended = try #require(bench.events("Ended").first?["meterValue"] as? [[String: Any]])
        #expect(ended.count == 2, "the reading of the begin stays as it was")
        #expect((ended[0]["sampledValue"] as? [[String: Any]])?.count == 1)
    }

    @Test("intervals add up to the register, and one told again is the same")
    func intervals() {
        var history = ReadingHistory(evses: 1)
        history.note(transaction: 3, evse: 0, startWh: 1000)
        var sum = 0.0
        for (number, registerWh) in [1200.0, 1200, 1950.5].enumerated() {
            let event = EventReference(transactionNumber: 3, seqNo: Int32(number))
            let first = history.interval(of: event, evse: 0, stream: .sampled, registerWh: registerWh)
            #expect(history.interval(of: event, evse: 0, stream: .sampled, registerWh: registerWh) == first)
            sum += first
        }
        #expect(sum == 950.5)
        let aligned = EventReference(transactionNumber: 3, seqNo: 9)
        #expect(history.interval(of: aligned, evse: 0, stream: .aligned, registerWh: 1950.5) == 950.5)
        for number in 4..<200 as Range<UInt32> { history.note(transaction: number, evse: 0, startWh: 0) }
        #expect(history.evse(ofTransaction: 3) == nil && history.evse(ofTransaction: 199) == 0)
    }

    @Test("a measurand that is not measured here is refused, and the report names those that are")
    func refusals() throws {
        for (version, dc, wrong) in [
            (OCPPVersion.v201, false, "Current.Import.Offered"), (.v21, false, "Display.PresentSOC"),
            (.v201, true, "Power.Factor"), (.v21, true, "Frequency"),
        ] {
            var bench = try MeterBench(version: version, dc: dc)
            for variable in ["TxStartedMeasurands", "TxUpdatedMeasurands", "TxEndedMeasurands"] {
                #expect(
                    bench.set("SampledDataCtrlr", variable, to: "Voltage,\(wrong)") == "Rejected", "\(wrong)")
            }
            #expect(bench.set("AlignedDataCtrlr", "Measurands", to: wrong) == "Rejected")
        }
        for wrong in ["Temperature", "RPM", "Energy.Active.Net", "Voltage,Voltage"] {
            var bench = try MeterBench(version: .v16)
            #expect(bench.set("MeterValuesSampledData", to: wrong) == "Rejected", "\(wrong)")
        }
        for dc in [false, true] {
            let bench = StationBench(dc: dc)
            let report = bench.context.report { address, _ in address.definition.listsMeasurands }
            #expect(!report.isEmpty)
            for entry in report {
                #expect(
                    entry.variableCharacteristics?.valuesList == Self.names(.v21, dc: dc).joined(separator: ","))
            }
        }
    }

    @Test("an empty list of measurands sends no readings in between")
    func nothingWanted() throws {
        for version in [OCPPVersion.v16, .v201] {
            var bench = try MeterBench(version: version)
            if version == .v16 {
                bench.set("MeterValuesSampledData", to: "")
            } else {
                bench.set("SampledDataCtrlr", "TxUpdatedMeasurands", to: "")
            }
            bench.begin()
            bench.answerAll()
            bench.wait(1900)
            bench.answerAll()
            #expect(!bench.calls.contains { $0.action == "MeterValues" })
            #expect(bench.events("Updated").allSatisfy { $0["meterValue"] == nil })
        }
    }
}
