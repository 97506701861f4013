import OCPP
import OCPPMessages
import Testing

@Suite("Rules of the messages")
struct RuleTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    private func text(_ value: some OCPPObject, _ version: OCPPVersion) -> String {
        String(decoding: value.json(version: version), as: UTF8.self)
    }

    @Test("point 6: times of the field are read in 1.6 alone, in the zone of the reader")
    func times() throws {
        let zone = LocalTimeZone(offsetS: 7200)
        for (time, zoned) in [
            ("2026-11-30T20:53:09", "18"), ("2026-11-30T20:53:09+01", "19"), ("2026-11-30 20:53:09Z", "20"),
        ] {
            let json = bytes(#"{"transactionId":1,"meterStop":5,"timestamp":"\#(time)"}"#)
            var reader = JSONReader(json, version: .v16)
            reader.zone = zone
            let stop = try V16.StopTransactionRequest(reading: &reader)
            #expect(stop.timestamp.text == "2026-11-30T\(zoned):53:09Z", "\(time)")
            let status = bytes(#"{"timestamp":"\#(time)","connectorStatus":"Available","evseId":1,"connectorId":1}"#)
            for version in [OCPPVersion.v201, .v21] where time != "2026-11-30 20:53:09Z" {
                #expect(throws: SchemaViolation.self, "\(version) \(time)") {
                    try V2.StatusNotificationRequest(json: status, version: version)
                }
            }
        }
        let answer = bytes(#"{"currentTime":"2026-11-30T20:53:09","interval":60,"status":"Accepted"}"#)
        #expect(
            try V16.BootNotificationResponse(json: answer, version: .v16).currentTime.text == "2026-11-30T20:53:09Z")
    }

    @Test("point 5: null stands for a message without fields in 1.6, and for no other")
    func nullPayloads() {
        func reads(_ action: String, isRequest: Bool, _ version: OCPPVersion) -> Bool {
            var reader = JSONReader(bytes("null"), version: version)
            return isRequest
                ? (try? AnyRequest(action: action, reading: &reader)) != nil
                : (try? AnyResponse(action: action, reading: &reader)) != nil
        }
        let requests = V16.Action.allCases.map(\.wireText).filter { reads($0, isRequest: true, .v16) }
        #expect(requests == ["ClearCache", "GetLocalListVersion", "Heartbeat"])
        let responses = V16.Action.allCases.map(\.wireText).filter { reads($0, isRequest: false, .v16) }
        #expect(
            responses == [
                "DiagnosticsStatusNotification", "FirmwareStatusNotification", "LogStatusNotification", "MeterValues",
                "SecurityEventNotification", "SignedFirmwareStatusNotification", "StatusNotification", "UpdateFirmware",
            ])
        for version in [OCPPVersion.v201, .v21] {
            #expect(V2.Action.allCases.allSatisfy { !reads($0.wireText, isRequest: true, version) })
        }
    }

    @Test("limits go out with one decimal in 1.6 and 2.0.1, cut and not rounded, and whole in 2.1; more is read in 2.x")
    func oneDecimal() throws {
        let period = V2.ChargingSchedulePeriod(startPeriod: 0, limit: 16.29)
        let schedule = V2.ChargingSchedule(
            id: 1, chargingRateUnit: .a, chargingSchedulePeriod: [period], minChargingRate: 6.05)
        #expect(
            text(schedule, .v201).contains(#""limit":16.2}"#)
                && !text(schedule, .v201).contains("6.05"))
        #expect(text(schedule, .v21).contains(#""limit":16.29}"#))
        let old = V16.ChargingSchedule(
            chargingRateUnit: .w, chargingSchedulePeriod: [V16.ChargingSchedulePeriod(startPeriod: 0, limit: 7360.987)])
        #expect(text(old, .v16).contains(#""limit":7360.9}"#))
        for exact in [8.1, 0.3, 22_080.7, 16] {
            let json = text(V2.ChargingSchedulePeriod(startPeriod: 0, limit: exact), .v201)
            #expect(try V2.ChargingSchedulePeriod(json: bytes(json), version: .v201).limit == exact)
        }
        let finer = bytes(#"{"startPeriod":0,"limit":16.29}"#)
        #expect(try V2.ChargingSchedulePeriod(json: finer, version: .v201).limit == 16.29)
    }

    @Test("point 3: codes are spelt as each version spells them, and every spelling is read")
    func errorCodes() {
        #expect(RPCErrorCode.formatViolation.wireText(for: .v16) == "FormationViolation")
        #expect(RPCErrorCode.occurrenceConstraintViolation.wireText(for: .v16) == "OccurenceConstraintViolation")
        #expect(RPCErrorCode.formatViolation.wireText(for: .v201) == "FormatViolation")
        #expect(RPCErrorCode.occurrenceConstraintViolation.wireText(for: .v21) == "OccurrenceConstraintViolation")
        #expect(RPCErrorCode.rpcFrameworkError.wireText(for: .v16) == "FormationViolation")
        for code in RPCErrorCode.allCases {
            for version in OCPPVersion.allCases { #expect(RPCErrorCode(wireText: code.wireText(for: version)) != nil) }
        }
        #expect(RPCErrorCode(wireText: "OccurenceConstraintViolation") == .occurrenceConstraintViolation)
        #expect(RPCErrorCode(wireText: "FormationViolation") == .formatViolation)
        #expect(RPCErrorCode(wireText: "NoSuchCode") == nil)
    }

    @Test("point 3: an action that the version does not know is NotImplemented")
    func unknownActions() {
        for (action, version) in [("NoSuchAction", OCPPVersion.v21), ("GetTariffs", .v201), ("TransactionEvent", .v16)]
        {
            var reader = JSONReader(bytes("{}"), version: version)
            #expect(throws: SchemaViolation(code: .notImplemented, path: "", problem: "unknown action")) {
                try AnyRequest(action: action, reading: &reader)
            }
        }
    }

    @Test("point 4: what is no JSON is RpcFrameworkError in 2.x and FormationViolation in 1.6")
    func notJSON() {
        for version in OCPPVersion.allCases {
            do {
                _ = try JSONReaderProbe.read("{", version)
                Issue.record("read")
            } catch {
                #expect(
                    error.code.wireText(for: version) == (version == .v16 ? "FormationViolation" : "RpcFrameworkError"))
            }
        }
    }

    @Test("point 5: optional members that are empty are left out in 2.x")
    func emptyMembers() throws {
        let event = V2.GetReportRequest(requestId: 1, componentVariable: [], componentCriteria: nil)
        #expect(text(event, .v201) == #"{"requestId":1}"#)
        let keys = V16.GetConfigurationResponse(configurationKey: [], unknownKey: nil)
        #expect(text(keys, .v16) == #"{"configurationKey":[]}"#)
    }

    @Test("point 5: null is a value of the wrong type, in every version")
    func null() {
        for (version, path) in [(OCPPVersion.v16, "idTag"), (.v201, "idTag"), (.v21, "idTag")] {
            do {
                _ = try JSONReaderProbe.read("{\"idTag\":null}", version)
                Issue.record("read")
            } catch {
                #expect(version == .v16 ? error.code == .typeConstraintViolation : error.code == .formatViolation)
                #expect(error.path == path)
            }
        }
        #expect(throws: SchemaViolation(code: .typeConstraintViolation, path: "certificate", problem: "not a string")) {
            try V2.AuthorizeRequest(
                json: bytes(#"{"idToken":{"idToken":"a","type":"ISO14443"},"certificate":null}"#), version: .v201)
        }
    }

    @Test("point 5: Celsius is read in both spellings and written in the right one")
    func celsius() throws {
        for word in ["Celsius", "Celcius"] {
            let sample = try V16.SampledValue(json: bytes(#"{"value":"21","unit":"\#(word)"}"#), version: .v16)
            #expect(sample.unit == .celsius)
            #expect(text(sample, .v16) == #"{"value":"21","unit":"Celsius"}"#)
        }
        #expect(V16.UnitOfMeasure(wireText: "Celcius") == .celsius)
    }

    @Test("point 5: whole numbers written with a fraction are integers, others are not")
    func integralNumbers() throws {
        func meterStop(_ number: String) throws -> Int {
            try V16.StopTransactionRequest(
                json: bytes(#"{"meterStop":\#(number),"timestamp":"2025-01-06T17:03:09Z","transactionId":1}"#),
                version: .v16
            ).meterStop
        }
        #expect(try meterStop("16.0") == 16)
        #expect(try meterStop("1.6e1") == 16)
        #expect(try meterStop("16000e-3") == 16)
        #expect(throws: SchemaViolation(code: .typeConstraintViolation, path: "meterStop", problem: "not an integer")) {
            try meterStop("16.5")
        }
    }

    @Test("point 5: a 1.6 sampled value is a string, and StopTransaction needs no reason")
    func stringValues() throws {
        #expect(throws: SchemaViolation(code: .typeConstraintViolation, path: "value", problem: "not a string")) {
            try V16.SampledValue(json: bytes(#"{"value":21}"#), version: .v16)
        }
        let stop = try V16.StopTransactionRequest(
            json: bytes(#"{"meterStop":1,"timestamp":"2025-01-06T17:03:09Z","transactionId":-1}"#), version: .v16)
        #expect(stop.reason == nil)
    }

    @Test("point 6: timestamps go out with at most three fraction digits and come in with any number")
    func timestamps() throws {
        let response = try V2.HeartbeatResponse(
            json: bytes(#"{"currentTime":"2025-01-06T18:03:09.123456789+01:00"}"#), version: .v201)
        #expect(response.currentTime == Timestamp(microseconds: 1_736_182_989_123_456))
        #expect(text(response, .v201) == #"{"currentTime":"2025-01-06T17:03:09.123Z"}"#)
    }

    @Test("dates are read the same whether in the usual form or in any other")
    func dates() throws {
        for year in [0, 1, 4, 100, 400, 1600, 1900, 1970, 2000, 2024, 2025, 2100, 9999] {
            for month in 1...12 {
                for day in [1, 27, 28, 29, 30, 31] {
                    func padded(_ value: Int, _ width: Int) -> String {
                        String(repeating: "0", count: width - "\(value)".count) + "\(value)"
                    }
                    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
                    for time in ["T23:59:59Z", "T00:00:00.001Z", "T12:34:56.789Z"] {
                        let read = try? V2.HeartbeatResponse(
                            json: bytes("{\"currentTime\":\"\(date)\(time)\"}"), version: .v201)
                        #expect(read?.currentTime == Timestamp(text: date + time), "\(date)\(time)")
                    }
                }
            }
        }
    }

    @Test("what only 2.1 knows is refused and left out in 2.0.1")
    func versions() throws {
        let token = #"{"idToken":"a","type":"DirectPayment"}"#
        #expect(try V2.IdToken(json: bytes(token), version: .v21).type == "DirectPayment")
        #expect(throws: SchemaViolation.self) { try V2.IdToken(json: bytes(token), version: .v201) }
        let boot = V2.TransactionEventResponse(totalCost: 1.25, transactionLimit: V2.TransactionLimit(maxCost: 10))
        #expect(text(boot, .v201) == #"{"totalCost":1.25}"#)
        #expect(text(boot, .v21).contains("transactionLimit"))
    }

    @Test("a vendor's data is kept as it is")
    func customData() throws {
        let json = #"{"currentTime":"2025-01-06T17:03:09Z","customData":{"vendorId":"com.example","x":[1, 2.50]}}"#
        let response = try V2.HeartbeatResponse(json: bytes(json), version: .v201)
        #expect(response.customData?["x"]?.text == "[1, 2.50]")
        #expect(text(response, .v201) == json)
        #expect(
            throws: SchemaViolation(
                code: .occurrenceConstraintViolation, path: "customData.vendorId", problem: "required but missing")
        ) { try V2.HeartbeatRequest(json: bytes(#"{"customData":{}}"#), version: .v201) }
    }

    @Test("a name given twice is refused even when spelt with escapes, and a path of array items is right")
    func duplicatesAndPaths() {
        #expect(throws: SchemaViolation(code: .formatViolation, path: "idTag", problem: "property given twice")) {
            try V16.AuthorizeRequest(json: bytes(#"{"idTag":"a","idT\u0061g":"b"}"#), version: .v16)
        }
        let nested =
            #"{"connectorId":1,"meterValue":[{"timestamp":"2025-01-06T17:03:09Z","sampledValue":[{"value":"1"}]},{"#
            + #""timestamp":"2025-01-06T17:03:09Z","sampledValue":[{"value":"1"},{"value":"1","phase":"L9"}]}]}"#
        do {
            _ = try V16.MeterValuesRequest(json: bytes(nested), version: .v16)
            Issue.record("read")
        } catch {
            #expect(error.path == "meterValue[1].sampledValue[1].phase")
        }
    }

    @Test("every action has one sender, and only the notification of event streams goes unanswered")
    func senders() {
        let v16 = V16.Action.allCases
        #expect(v16.count == 39)
        #expect(v16.filter { $0.sender == .chargingStation }.count == 13)
        #expect(v16.filter { $0.sender == .both } == [.dataTransfer])
        let v201 = V2.Action.allCases.filter { $0.isIn(.v201) }
        #expect(v201.count == 64)
        #expect(v201.filter { $0.sender != .csms }.count == 25)
        let added = V2.Action.allCases.filter { !$0.isIn(.v201) }
        #expect(added.count == 27)
        #expect(added.filter { $0.sender == .chargingStation }.count == 12)
        #expect(V2.Action.allCases.filter { !$0.isAnswered } == [.notifyPeriodicEventStream])
    }
}

/// Reads text as an Authorize request of a version.
enum JSONReaderProbe {
    static func read(_ text: String, _ version: OCPPVersion) throws(SchemaViolation) -> AnyRequest {
        var reader = JSONReader(Array(text.utf8), version: version)
        return try AnyRequest(action: "Authorize", reading: &reader)
    }
}
