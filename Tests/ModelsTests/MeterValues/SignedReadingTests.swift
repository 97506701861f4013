import Foundation
import OCPP
import Testing

@testable import Models

@Suite("Readings signed by the meter")
struct SignedReadingTests {
    /// A station that signs what its meter says.
    private func bench(
        _ version: OCPPVersion, evses: Int = 1, policy: String = "OncePerTransaction"
    ) throws -> MeterBench {
        var bench = try MeterBench(version: version, evses: evses)
        if version == .v16 {
            #expect(bench.set("StartTxnSampledData", to: "Energy.Active.Import.Register") == "Accepted")
            #expect(bench.set("SampledDataSignStartedReadings", to: "true") == "Accepted")
            #expect(bench.set("PublicKeyWithSignedMeterValue", to: policy) == "Accepted")
            #expect(bench.set("SampledDataSignReadings", to: "true") == "Accepted")
        } else {
            #expect(bench.set("SampledDataCtrlr", "SignStartedReadings", to: "true") == "Accepted")
            #expect(bench.set("OCPPCommCtrlr", "PublicKeyWithSignedMeterValue", to: policy) == "Accepted")
            #expect(bench.set("SampledDataCtrlr", "SignReadings", to: "true") == "Accepted")
        }
        try bench.doJobs()  // the public key
        bench.answerAll()
        return bench
    }
    /// Drives until nothing is left to do.
    private func finish(_ bench: inout MeterBench) throws {
        while !bench.waiting.isEmpty || !bench.jobs.isEmpty {
            try bench.doJobs()
            bench.answerAll()
        }
    }
    private func signed(_ event: [String: Any]) -> [[String: Any]] {
        MeterBench.samples(event).compactMap { $0["signedMeterValue"] as? [String: Any] }
    }

    @Test(
        "point 27: begin and end carry OCMF whose signature fits the public key that comes with the first",
        arguments: [OCPPVersion.v201, .v21])
    func session(version: OCPPVersion) throws {
        var bench = try bench(version)
        bench.begin()
        try finish(&bench)
        bench.wait(1800)
        try finish(&bench)
        bench.end()
        try finish(&bench)

        let started = try #require(bench.events("Started").first)
        let first = try #require(signed(started).first)
        #expect(first["encodingMethod"] as? String == "OCMF")
        let publicKey = try #require(first["publicKey"] as? String)
        let begin = try bench.payload(
            ofRecord: try #require(first["signedMeterData"] as? String), key: publicKey)
        let beginText = try #require(begin)
        #expect(beginText.contains(#""PG":"T1""#) && beginText.contains(#""TX":"B","RV":1.000"#))
        #expect(beginText.contains(#""ID":"A1B2C3D4""#) && beginText.contains(#""IT":"ISO14443""#))

        #expect(bench.events("Updated").allSatisfy { signed($0).isEmpty }, "only begin and end are configured")

        let ended = try #require(bench.events("Ended").first)
        #expect(signed(ended).count == 1, "one record holds both readings")
        let last = try #require(signed(ended).last)
        #expect((last["publicKey"] as? String ?? "").isEmpty, "the key has come before")
        let end = try bench.payload(ofRecord: try #require(last["signedMeterData"] as? String), key: publicKey)
        let endText = try #require(end)
        #expect(endText.contains(#""PG":"T2""#) && endText.contains(#""TX":"B","RV":1.000"#))
        #expect(endText.contains(#""TX":"L","RV":8.000"#))
        #expect(bench.client.controller.signing.isEmpty && bench.client.controller.firmware.unsigned.isEmpty)
    }

    @Test(
        "point 27: the public key goes along as configured",
        arguments: [
            ("Never", [false, false]), ("OncePerTransaction", [true, false]), ("EveryMeterValue", [true, true]),
        ])
    func publicKeyPolicy(policy: String, expected: [Bool]) throws {
        var bench = try bench(.v201, policy: policy)
        for _ in 0..<2 {
            let before = bench.calls.count
            bench.begin()
            try finish(&bench)
            bench.end()
            bench.everyday(.vehicleUnplugged(evse: 0, meterWh: bench.registersWh[0]))
            try finish(&bench)
            let keys = bench.calls[before...].flatMap { signed($0.payload) }.map { $0["publicKey"] as? String }
            #expect(keys.count == 2 && keys.allSatisfy { $0 != nil }, "2.0.1 always has the field")
            #expect(keys.map { $0 != "" } == expected)
        }
        let told = bench.client.controller.context.value(component: "FiscalMetering", variable: "PublicKey", evse: 1)
        #expect(told?.isEmpty == false, "the device model says it in any case")
    }

    @Test("where the begin is not signed, the end brings the public key")
    func keyAtTheEnd() throws {
        var bench = try bench(.v21)
        #expect(bench.set("SampledDataCtrlr", "SignStartedReadings", to: "false") == "Accepted")
        bench.begin()
        try finish(&bench)
        bench.end()
        try finish(&bench)
        #expect(bench.events("Started").allSatisfy { signed($0).isEmpty })
        #expect((signed(try #require(bench.events("Ended").first)).first?["publicKey"] as? String)?.isEmpty == false)
    }

    @Test("readings in between are signed where that is configured, clock-aligned ones by themselves")
    func updates() throws {
        var bench = try bench(.v201)
        #expect(bench.set("AlignedDataCtrlr", "Interval", to: "700") == "Accepted")
        #expect(bench.set("AlignedDataCtrlr", "SignReadings", to: "true") == "Accepted")
        #expect(bench.set("AlignedDataCtrlr", "SignUpdatedReadings", to: "true") == "Accepted")
        bench.begin()
        try finish(&bench)
        for seconds in [601, 300] as [Int64] {  // clock-aligned at 08:10, then a sample
            bench.wait(seconds)
            try finish(&bench)
        }
        func contexts() -> [(String, Bool)] {
            bench.events("Updated").flatMap { MeterBench.samples($0) }
                .filter { $0["measurand"] as? String == "Energy.Active.Import.Register" }
                .map { ($0["context"] as? String ?? "", $0["signedMeterValue"] != nil) }
        }
        #expect(contexts().contains { $0 == ("Sample.Clock", true) })
        #expect(contexts().contains { $0 == ("Sample.Periodic", false) })
        #expect(bench.set("SampledDataCtrlr", "SignUpdatedReadings", to: "true") == "Accepted")
        for seconds in [400, 500] as [Int64] {
            bench.wait(seconds)
            try finish(&bench)
        }
        #expect(contexts().contains { $0 == ("Sample.Periodic", true) })
    }

    @Test("point 18: a message waits for its signature, those behind it wait in order, and everything else goes on")
    func order() throws {
        var bench = try bench(.v201, evses: 2)
        bench.begin(0)
        #expect(bench.waiting.isEmpty && bench.jobs.count == 1, "Started waits")
        bench.begin(1)  // its Authorize is answered
        #expect(bench.calls.filter { $0.action == "Authorize" }.count == 2)
        #expect(bench.events("Started").isEmpty)
        // The second is signed first.
        bench.jobs.reverse()
        let later = bench.jobs.removeLast()
        try bench.doJobs()
        #expect(bench.events("Started").isEmpty, "it stays behind the first")
        bench.jobs.append(later)
        try finish(&bench)
        let evses = bench.events("Started").map { ($0["evse"] as? [String: Any])?["id"] as? Int }
        #expect(evses == [1, 2])
        #expect(bench.events("Started").allSatisfy { signed($0).count == 1 })
    }

    @Test("a signature that fails or does not come lets the reading go unsigned, and the meter has a problem")
    func failure() throws {
        func problem(_ bench: MeterBench) -> String? {
            bench.client.controller.context.value(component: "FiscalMetering", variable: "Problem", evse: 1)
        }
        var bench = try bench(.v201)
        bench.begin()
        let jobTaken = bench.takeJob()
        let job = try #require(jobTaken)
        bench.hand(.jobDone(job.id, .failed("no meter")))
        bench.answerAll()
        #expect(bench.events("Started").count == 1 && bench.events("Started").allSatisfy { signed($0).isEmpty })
        #expect(problem(bench) == "true")
        bench.end()
        #expect(bench.events("Ended").isEmpty)
        let lateTaken = bench.takeJob()
        let late = try #require(lateTaken)
        bench.wait(MeterSigning.patienceS - 1)
        #expect(bench.events("Ended").isEmpty)
        bench.wait(2)
        bench.answerAll()
        #expect(bench.events("Ended").count == 1 && bench.events("Ended").allSatisfy { signed($0).isEmpty })
        bench.hand(.jobDone(late.id, .signature("00")))  // nobody's any more
        bench.everyday(.vehicleUnplugged(evse: 0, meterWh: bench.registersWh[0]))
        bench.begin()
        try finish(&bench)
        #expect(signed(try #require(bench.events("Started").last)).count == 1 && problem(bench) == "false")
        bench.end()
        let wrongTaken = bench.takeJob()
        let wrong = try #require(wrongTaken)
        bench.hand(.jobDone(wrong.id, .signature("not hexadecimal")))
        bench.answerAll()
        #expect(signed(try #require(bench.events("Ended").last)).isEmpty)
    }

    @Test("after a restart what was at the meter is signed again, and the controller is stored whole")
    func restart() throws {
        var bench = try bench(.v201)
        bench.begin()
        let lostTaken = bench.takeJob()
        let lost = try #require(lostTaken)
        let stored = try JSONDecoder().decode(
            StationController.self, from: JSONEncoder().encode(bench.client.controller))
        #expect(stored.firmware.unsigned == bench.client.controller.firmware.unsigned)
        #expect(stored.signing.records.count == 1)
        bench.everyday(.powerDown)
        bench.everyday(.powerUp(reason: .powerUp))
        let again = try #require(bench.jobs.first { if case .signMeterValue = $0.job { true } else { false } })
        #expect(again.id != lost.id && again.job == lost.job)
        bench.hand(.jobDone(lost.id, .failed("too late")))
        bench.hand(.opened)
        bench.answerAll()
        #expect(bench.events("Started").isEmpty)
        try finish(&bench)
        #expect(bench.events("Started").map { signed($0).count } == [1])
        #expect(bench.events("Ended").map { signed($0).count } == [1], "the power failure ended the transaction")
    }

    @Test("point 27: in 1.6 the record is a value of its own, and the begin follows StartTransaction")
    func version16() throws {
        var bench = try bench(.v16)
        bench.begin()
        try finish(&bench)
        bench.end()
        try finish(&bench)
        let actions = bench.calls.map(\.action).filter { $0.hasSuffix("Transaction") || $0 == "MeterValues" }
        #expect(actions == ["StartTransaction", "MeterValues", "StopTransaction"])
        let begin = try #require(bench.calls.first { $0.action == "MeterValues" }?.payload)
        let stop = try #require(bench.calls.first { $0.action == "StopTransaction" }?.payload)
        #expect(begin["transactionId"] as? Int == 77)
        var keys: [String] = []
        for (samples, context) in [
            (MeterBench.samples(begin), "Transaction.Begin"),
            (MeterBench.samples(stop, in: "transactionData"), "Transaction.End"),
        ] {
            let values = samples.filter { $0["format"] as? String == "SignedData" }
            #expect(values.count == 1 && values.first?["context"] as? String == context)
            let text = try #require(values.first?["value"] as? String)
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String]
            let fields = try #require(object)
            #expect(fields["encodingMethod"] == "OCMF" && fields["signingMethod"] == "")
            keys.append(fields["publicKey"] ?? "")
            #expect(try bench.payload(ofRecord: fields["signedMeterData"] ?? "", key: keys[0]) != nil)
        }
        #expect(!keys[0].isEmpty && keys[1].isEmpty)
        bench.hand(.frame(Array(#"[2,"g","GetConfiguration",{"key":["MeterPublicKey1"]}]"#.utf8)))
        let told = bench.answer["configurationKey"] as? [[String: Any]]
        #expect(told?.first?["value"] as? String == keys[0] && told?.first?["readonly"] as? Bool == true)
        #expect(bench.set("MeterPublicKey1", to: "x") == "Rejected")
        #expect(bench.set("MeterPublicKey2", to: "x") == "NotSupported")
    }

    @Test("without the setting nothing is signed and nothing waits", arguments: [OCPPVersion.v16, .v201, .v21])
    func off(version: OCPPVersion) throws {
        var bench = try MeterBench(version: version)
        bench.begin()
        bench.answerAll()
        bench.end()
        bench.answerAll()
        #expect(bench.jobs.isEmpty && bench.client.controller.firmware.queuedMessageCount == 0)
        #expect(!bench.calls.contains { $0.action == "MeterValues" })
    }
}
