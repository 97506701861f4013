import OCPP
import OCPPMessages
import OCPPWire
import Testing

@Suite("Everyday messages in 2.0.1 and 2.1")
struct V2TranslatorTests {
    @Test(
        "every field survives the way to the CSMS and back, numbers to the last bit",
        arguments: [OCPPVersion.v201, .v21])
    func roundTrip(version: OCPPVersion) throws {
        var samples = CoreSamples(seed: 7)
        var pair = TranslatorPair(version)
        for round in 0..<20_000 {
            let request = samples.request()
            if version == .v201, case .transactionEvent(let event) = request, event.triggerReason == .txResumed {
                continue  // a word of 2.1
            }
            let response = samples.response(to: request)
            pair.core.removeAll()
            pair.sent.removeAll()
            let answer = try pair.carry(request) { _ in response }
            guard pair.core == [request], answer == CSMSAnswer(messageID: "m", response: response) else {
                Issue.record(
                    "round \(round): \(request) became \(pair.core) as \(pair.sent), \(response) \(String(describing: answer))"
                )
                return
            }
        }
    }

    @Test("what an answer says of price, cost and language is handed up once; tariffs and cost details are 2.1's")
    func answerExtras() throws {
        func extras(_ call: StationRequest, _ json: String, _ version: OCPPVersion) throws -> AnswerExtras? {
            var translator = StationTranslator(version: version, connectors: [1])
            _ = translator.begin(StationCall(messageID: "m", request: call))
            var reader = JSONReader(Array(json.utf8), version: version)
            let action = if case .authorize = call { "Authorize" } else { "TransactionEvent" }
            guard case .done = translator.received(try AnyResponse(action: action, reading: &reader)) else {
                throw Missing()
            }
            defer { #expect(translator.takeAnswerExtras() == nil) }
            return translator.takeAnswerExtras()
        }
        let event = StationRequest.transactionEvent(
            Core.TransactionEventRequest(
                eventType: .ended, timestamp: Timestamp(microseconds: 0), triggerReason: .stopAuthorized, seqNo: 2,
                offline: false, transactionInfo: Core.Transaction(transactionId: "t"), evse: nil, idToken: nil,
                meterValue: nil, meterValueAtBegin: nil))
        let authorize = StationRequest.authorize(
            Core.AuthorizeRequest(idToken: Core.IdToken(idToken: "A", type: .central)))
        #expect(try extras(event, "{}", .v21) == nil)
        let told = try extras(
            event, #"{"totalCost":2.5,"updatedPersonalMessage":{"format":"UTF8","content":"x"}}"#, .v201)
        #expect(told?.totalCost == 2.5 && told?.messages.map(\.content) == ["x"])
        let info = #"{"idTokenInfo":{"status":"Accepted","language1":"nl"}"#
        #expect(try extras(authorize, info + "}", .v201)?.language == "nl")
        #expect(
            try extras(authorize, info + #","tariff":{"tariffId":"T","currency":"EUR"}}"#, .v21)?.tariff?.tariffId
                == "T")
        for version in [OCPPVersion.v16, .v201, .v21] {
            var translator = StationTranslator(version: version, connectors: [1])
            translator.extras.costDetails = V2.CostDetails(
                totalCost: V2.TotalCost(currency: "EUR", typeOfCost: .normalCost, total: V2.TotalPrice(inclTax: 1)),
                totalUsage: V2.TotalUsage(energy: 1, chargingTime: 2, idleTime: 3))
            guard case .send(let request) = translator.begin(StationCall(messageID: "m", request: event)) else {
                #expect(version == .v16, "there is no transaction without a start")
                continue
            }
            var writer = JSONWriter(version: version)
            request.write(to: &writer)
            let text = String(decoding: writer.bytes, as: UTF8.self)
            #expect(text.contains("costDetails") == (version == .v21))
        }
    }

    private func everyday(_ action: String, _ json: String, _ version: OCPPVersion = .v201) throws -> StationRequest {
        var translator = CSMSTranslator(version: version)
        return try translator.take(action, json).requests[0]
    }

    private func register(_ samples: String) throws -> Double? {
        let request = try everyday(
            "MeterValues",
            #"{"evseId":1,"meterValue":[{"timestamp":"2025-01-06T17:03:09Z","sampledValue":[\#(samples)]}]}"#)
        guard case .meterValues(let values) = request else { return nil }
        return values.meterValue.energyActiveImportRegisterWh
    }

    @Test("point 24: registers are taken as they are, in Wh, whatever unit and multiplier they come in")
    func units() throws {
        #expect(try register(#"{"value":1234.5}"#) == 1234.5)
        #expect(try register(#"{"value":1.5,"unitOfMeasure":{"unit":"kWh"}}"#) == 1500)
        #expect(try register(#"{"value":12,"unitOfMeasure":{"unit":"Wh","multiplier":2}}"#) == 1200)
        #expect(try register(#"{"value":12,"unitOfMeasure":{"unit":"kWh","multiplier":-2}}"#) == 120)
        #expect(try register(#"{"value":12,"unitOfMeasure":{"unit":"furlong"}}"#) == nil)
        #expect(try register(#"{"value":12,"unitOfMeasure":{"multiplier":1000000}}"#) == nil)
    }

    @Test("point 26: the register is chosen by measurand, phase, location and context")
    func selection() throws {
        let export = #"{"value":9,"measurand":"Energy.Active.Export.Register"}"#
        let inlet = #"{"value":8,"location":"Inlet"}"#
        let phases =
            #"{"value":1,"phase":"L1"},{"value":2,"phase":"L2"},{"value":4,"phase":"L3-N"},{"value":7,"phase":"L1"}"#
        #expect(try register("\(export),\(inlet),{\"value\":5}") == 5)
        #expect(try register("\(export),\(inlet)") == 8)
        #expect(try register(export) == nil)
        #expect(try register(phases) == 7)
        #expect(try register("\(phases),{\"value\":6,\"location\":\"Outlet\"}") == 6)
        #expect(try register(#"{"value":3,"context":"Sample.Clock"},{"value":4,"context":"Trigger"}"#) == 3)
    }

    @Test("readings without a register count as a sign of life and are answered")
    func noRegister() throws {
        var translator = CSMSTranslator(version: .v201)
        let json =
            #"{"evseId":1,"meterValue":[{"timestamp":"2025-01-06T17:03:09Z","sampledValue":[{"value":230,"measurand":"Voltage"}]}]}"#
        let everyday = try translator.take("MeterValues", json)
        #expect(everyday.requests == [.heartbeat(Core.HeartbeatRequest())])
        let response = CSMSResponse.heartbeat(Core.HeartbeatResponse(currentTime: Timestamp(microseconds: 0)))
        #expect(translator.answer(everyday.receipt, [response]) == .response(.v2(.meterValues(.init()))))
        #expect(translator.answer(everyday.receipt, [.error(.securityError)]) == .error(.securityError))
    }

    @Test("an Ended with all its readings gives begin and end, however they are packed")
    func packedReadings() throws {
        let begin = #"{"value":1000,"context":"Transaction.Begin"}"#
        let middle = #"{"value":2000,"context":"Sample.Periodic"}"#
        let end =
            #"{"value":3000,"context":"Transaction.End"},{"value":7000,"measurand":"Power.Active.Import","context":"Transaction.End"}"#
        func event(_ values: [String]) throws -> Core.TransactionEventRequest? {
            let list = values.enumerated().map {
                #"{"timestamp":"2025-01-06T17:03:0\#($0.offset)Z","sampledValue":[\#($0.element)]}"#
            }
            let json =
                #"{"eventType":"Ended","timestamp":"2025-01-06T17:03:09Z","triggerReason":"EVDeparted","seqNo":3,"#
                + #""transactionInfo":{"transactionId":"t"},"meterValue":[\#(list.joined(separator: ","))]}"#
            guard case .transactionEvent(let event) = try everyday("TransactionEvent", json) else { return nil }
            return event
        }
        for values in [[begin, middle, end], [begin + "," + middle + "," + end]] {
            let event = try #require(try event(values))
            #expect(event.meterValueAtBegin?.energyActiveImportRegisterWh == 1000)
            #expect(event.meterValue?.energyActiveImportRegisterWh == 3000)
            #expect(event.meterValue?.powerActiveImportW == 7000)
        }
        #expect(try event([begin])?.meterValue == nil)
        #expect(try event([middle])?.meterValue?.energyActiveImportRegisterWh == 2000)
    }

    @Test("words that only 2.1 has, and long tokens, find their nearest")
    func richerWords() throws {
        let token = String(repeating: "a", count: 255)
        let json =
            #"{"eventType":"Ended","timestamp":"2025-01-06T17:03:09Z","triggerReason":"CostLimitReached","seqNo":3,"#
            + #""transactionInfo":{"transactionId":"t","stoppedReason":"ReqEnergyTransferRejected"},"#
            + #""idToken":{"idToken":"\#(token)","type":"DirectPayment"}}"#
        guard case .transactionEvent(let event) = try everyday("TransactionEvent", json, .v21) else {
            Issue.record("no event")
            return
        }
        #expect(event.triggerReason == .energyLimitReached)
        #expect(event.transactionInfo.stoppedReason == .other)
        #expect(event.idToken?.type == .central)
        #expect(event.idToken?.idToken == IdentifierText(folding: token))
        #expect(IdentifierText(folding: token) != IdentifierText(folding: token + "b"))
        #expect(IdentifierText(folding: token).count == 36)
    }

    @Test("an answer that the schema refuses is an error to the firmware, and says where")
    func unusableAnswer() {
        var station = StationTranslator(version: .v201, connectors: [1])
        let call = StationCall(messageID: "m", request: .heartbeat(Core.HeartbeatRequest()))
        guard case .send(let request) = station.begin(call) else {
            Issue.record("nothing is sent")
            return
        }
        var wire = JSONWire(version: .v201, role: .chargingStation, limits: RPCLimits())
        var outputs: [WireOutput<[UInt8]>] = []
        let now = Timestamp(microseconds: 0)
        wire.handle(.call(id: "1", request), now: now, outputs: &outputs)
        wire.handle(.frame(Array(#"[3,"1",{"currentTime":17}]"#.utf8)), now: now, outputs: &outputs)
        guard case .failed(id: "1", .unusable(let violation)) = outputs.last else {
            Issue.record("usable: \(outputs)")
            return
        }
        #expect(violation.path == "currentTime")
        #expect(
            station.unusable(violation.code)
                == .done(CSMSAnswer(messageID: "m", response: .error(.typeConstraintViolation))))
    }

    @Test("requests of other blocks are none of the everyday ones")
    func otherRequests() {
        var translator = CSMSTranslator(version: .v201)
        let request = AnyRequest.v2(.clearCache(V2.ClearCacheRequest()))
        #expect(translator.everyday(request, now: Timestamp(microseconds: 0)) == nil)
    }
}
