import OCPP
import OCPPMessages
import OCPPWire
import Testing

@Suite("Everyday messages in 1.6")
struct V16TranslatorTests {
    static let token = Core.IdToken(idToken: "04A1B2C3", type: .iso14443)
    static let start = Timestamp(microseconds: 1_736_182_989_000_000)

    static func event(
        _ kind: Core.TransactionEventKind, _ seqNo: Int32 = 0, id: IdentifierText = "t1", at seconds: Int64 = 0,
        wh: Double? = nil, token: Core.IdToken? = nil, state: Core.ChargingState? = .charging,
        reason: Core.StoppedReason? = nil, beginWh: Double? = nil, offline: Bool = false
    ) -> StationRequest {
        let context: Core.ReadingContext =
            kind == .started ? .transactionBegin : kind == .ended ? .transactionEnd : .samplePeriodic
        return .transactionEvent(
            Core.TransactionEventRequest(
                eventType: kind, timestamp: start.adding(seconds: seconds), triggerReason: .authorized, seqNo: seqNo,
                offline: offline,
                transactionInfo: Core.Transaction(transactionId: id, chargingState: state, stoppedReason: reason),
                evse: kind == .started ? Core.EVSE(id: 2, connectorId: 2) : nil, idToken: token,
                meterValue: wh.map {
                    Core.MeterValue(
                        timestamp: start.adding(seconds: seconds), context: context, energyActiveImportRegisterWh: $0,
                        powerActiveImportW: kind == .updated ? 11_000.5 : nil)
                },
                meterValueAtBegin: beginWh.map {
                    Core.MeterValue(timestamp: start, context: .transactionBegin, energyActiveImportRegisterWh: $0)
                }))
    }

    static func accept(_ request: StationRequest) -> CSMSResponse {
        switch request {
        case .authorize: .authorize(Core.AuthorizeResponse(idTokenInfo: Core.IdTokenInfo(status: .accepted)))
        case .bootNotification:
            .bootNotification(Core.BootNotificationResponse(currentTime: start, interval: 300, status: .accepted))
        case .heartbeat: .heartbeat(Core.HeartbeatResponse(currentTime: start))
        case .meterValues: .meterValues(Core.MeterValuesResponse())
        case .statusNotification: .statusNotification(Core.StatusNotificationResponse())
        case .transactionEvent(let event):
            .transactionEvent(
                Core.TransactionEventResponse(
                    idTokenInfo: event.idToken.map { _ in Core.IdTokenInfo(status: .accepted) }))
        }
    }

    @Test("point 5: registers go as integers at start and stop, as text in readings, the reason in its own words")
    func transaction() throws {
        var pair = TranslatorPair(.v16)
        let started = try pair.carry(
            Self.event(.started, wh: 1000.4, token: Self.token), answer: Self.accept)
        #expect(started?.response == .transactionEvent(.init(idTokenInfo: .init(status: .accepted))))
        _ = try pair.carry(Self.event(.updated, 1, at: 900, wh: 3750.525), answer: Self.accept)
        let stop = Self.event(.ended, 2, at: 1800, wh: 6500.6, reason: .immediateReset, beginWh: 1000.4)
        #expect(try pair.carry(stop, answer: Self.accept)?.response == .transactionEvent(.init()))
        #expect(pair.sent[0].hasPrefix(#"StartTransaction{"connectorId":3,"idTag":"04A1B2C3","meterStart":1000,"#))
        #expect(pair.sent[1].contains(#""transactionId":1"#) && pair.sent[1].contains(#""value":"3750.525""#))
        #expect(pair.sent[1].contains(#""value":"11000.5""#) && pair.sent[1].contains(#""unit":"W""#))
        #expect(pair.sent[2].contains(#""meterStop":6501"#) && pair.sent[2].contains(#""reason":"HardReset""#))
        #expect(pair.sent[2].contains(#""value":"1000.4""#) && pair.sent[2].contains(#""value":"6500.6""#))
        let events = pair.core.compactMap { request -> Core.TransactionEventRequest? in
            if case .transactionEvent(let event) = request { event } else { nil }
        }
        #expect(events.map(\.eventType) == [.started, .updated, .ended])
        #expect(events.map(\.seqNo) == [0, 1, 2])
        #expect(Set(events.map(\.transactionInfo.transactionId)).count == 1)
        #expect(events[0].evse == Core.EVSE(id: 3, connectorId: 1) && events[0].idToken == Self.token)
        #expect(events[1].meterValue?.energyActiveImportRegisterWh == 3750.525)
        #expect(events[1].meterValue?.powerActiveImportW == 11_000.5)
        #expect(events[2].meterValue?.energyActiveImportRegisterWh == 6501)
        #expect(events[2].meterValueAtBegin?.energyActiveImportRegisterWh == 1000)
        #expect(events[2].transactionInfo.stoppedReason == .immediateReset)
        #expect(pair.station.number(of: "t1") == 1 && pair.station.transactionID(of: 1) == "t1")
    }

    @Test("point 19: StopTransaction tells the token where it is known: who stopped, else who started")
    func stopToken() throws {
        let other = Core.IdToken(idToken: "0A0B0C0D", type: .iso14443)
        for (stopped, told) in [(nil, "04A1B2C3"), (other, "0A0B0C0D")] as [(Core.IdToken?, String)] {
            var pair = TranslatorPair(.v16)
            _ = try pair.carry(Self.event(.started, wh: 7, token: Self.token), answer: Self.accept)
            let end = Self.event(.ended, 1, at: 120, wh: 207, token: stopped, reason: .local, beginWh: 7)
            _ = try pair.carry(end, answer: Self.accept)
            #expect(pair.sent.last?.contains(#""idTag":"\#(told)""#) == true)
        }
        // Charging without identification has none.
        var pair = TranslatorPair(.v16)
        _ = try pair.carry(Self.event(.started, wh: 7, token: .noAuthorization), answer: Self.accept)
        _ = try pair.carry(Self.event(.ended, 1, at: 120, wh: 207, reason: .local, beginWh: 7), answer: Self.accept)
        #expect(pair.sent.last?.hasPrefix("StopTransaction") == true && pair.sent.last?.contains("idTag") == false)
    }

    @Test("point 18: events without a reading need no message, and the firmware is answered at once")
    func nothingToSend() throws {
        var pair = TranslatorPair(.v16)
        _ = try pair.carry(Self.event(.started, wh: 0, token: Self.token), answer: Self.accept)
        pair.sent.removeAll()
        let answer = try pair.carry(Self.event(.updated, 1, state: .suspendedEV), answer: Self.accept)
        #expect(answer?.response == .transactionEvent(.init()) && pair.sent.isEmpty)
    }

    @Test("point 19: a start that is repeated because its answer was lost gets the same transaction id, above 0")
    func repeatedStart() throws {
        var pair = TranslatorPair(.v16)
        let start = Self.event(.started, wh: 7, token: Self.token)
        pair.lostAnswers = "StartTransaction"
        #expect(try pair.carry(start, answer: Self.accept) == nil)
        #expect(pair.station.number(of: "t1") == nil)
        pair.lostAnswers = nil
        _ = try pair.carry(start, answer: Self.accept)
        #expect(pair.station.number(of: "t1") == 1 && pair.core.count == 2 && pair.core[0] == pair.core[1])
        _ = try pair.carry(Self.event(.started, id: "t2", at: 1, wh: 7, token: Self.token), answer: Self.accept)
        #expect(pair.station.number(of: "t2") == 2 && pair.csms.nextTransactionID == 3)
    }

    @Test("point 19: a transaction whose start was refused for good ends under -1, and the CSMS takes it")
    func lostStart() throws {
        var pair = TranslatorPair(.v16)
        let refused = try pair.carry(Self.event(.started, wh: 7, token: Self.token)) { _ in .error(.internalError) }
        #expect(refused?.response == .error(.internalError))
        _ = try pair.carry(Self.event(.updated, 1, at: 60, wh: 100), answer: Self.accept)
        #expect(pair.sent.last?.contains(#""transactionId":-1"#) == true)
        let end = Self.event(.ended, 2, at: 120, wh: 207, reason: .local, beginWh: 7)
        #expect(try pair.carry(end, answer: Self.accept)?.response == .transactionEvent(.init()))
        #expect(pair.sent.last?.contains(#""transactionId":-1"#) == true)
        guard case .transactionEvent(let event)? = pair.core.last else {
            Issue.record("no event")
            return
        }
        #expect(event.eventType == .ended && event.transactionInfo.transactionId.description.hasPrefix("v16-lost-"))
        #expect(event.meterValue?.energyActiveImportRegisterWh == 207)
        #expect(event.meterValueAtBegin?.energyActiveImportRegisterWh == 7)
        _ = try pair.carry(end, answer: Self.accept)
        #expect(pair.core.last == .transactionEvent(event))  // the same end is the same transaction
    }

    @Test("point 19: a stop with an unknown id is taken, and its number is never given to another transaction")
    func unknownStop() throws {
        var pair = TranslatorPair(.v16)
        let json = #"{"transactionId":41,"meterStop":5,"timestamp":"2025-01-06T17:03:09Z"}"#
        let everyday = try pair.csms.take("StopTransaction", json)
        guard case .transactionEvent(let event) = everyday.requests[0] else { return }
        #expect(event.transactionInfo.transactionId == CSMSTranslator.transactionID(of: 41))
        #expect(event.transactionInfo.stoppedReason == .local)
        #expect(CSMSTranslator.number(of: event.transactionInfo.transactionId) == 41)
        #expect(pair.csms.nextTransactionID == 42)
    }

    @Test("point 19: transaction messages are answered even when their figures are absurd, but not before boot")
    func alwaysAnswered() throws {
        var translator = CSMSTranslator(version: .v16)
        let messages = [
            ("StartTransaction", #"{"connectorId":-1,"idTag":"a","meterStart":-5,"timestamp":"2025-01-06T17:03:09Z"}"#),
            ("StopTransaction", #"{"transactionId":-9,"meterStop":-5,"timestamp":"2025-01-06T17:03:09Z"}"#),
            (
                "MeterValues",
                #"{"connectorId":1,"meterValue":[{"timestamp":"2025-01-06T17:03:09Z","sampledValue":[{"value":"-1"}]}]}"#
            ),
        ]
        for (action, json) in messages {
            let everyday = try translator.take(action, json)
            let answer = translator.answer(everyday.receipt, [.error(.propertyConstraintViolation)])
            guard case .response(let response) = answer else {
                Issue.record("\(action): \(answer)")
                continue
            }
            #expect(response.actionText == action)
            #expect(translator.answer(everyday.receipt, [.error(.securityError)]) == .error(.securityError))
        }
    }

    @Test("point 20: a start with a token that is refused opens a transaction and says so")
    func refusedToken() throws {
        var pair = TranslatorPair(.v16)
        let answer = try pair.carry(Self.event(.started, wh: 7, token: Self.token)) { _ in
            .transactionEvent(.init(idTokenInfo: .init(status: .noCredit)))
        }
        #expect(answer?.response == .transactionEvent(.init(idTokenInfo: .init(status: .invalid))))
        #expect(pair.station.number(of: "t1") == 1)
    }

    @Test("a transaction that is authorized late starts late, with the register of its start")
    func lateToken() throws {
        var pair = TranslatorPair(.v16)
        #expect(
            try pair.carry(Self.event(.started, wh: 7.2), answer: Self.accept)?.response == .transactionEvent(.init()))
        #expect(pair.sent.isEmpty)
        let authorized = Self.event(.updated, 1, at: 30, wh: 9, token: Self.token)
        let answer = try pair.carry(authorized, answer: Self.accept)
        #expect(answer?.response == .transactionEvent(.init(idTokenInfo: .init(status: .accepted))))
        #expect(
            pair.sent.count == 2 && pair.sent[0].contains(#""meterStart":7"#) && pair.sent[1].hasPrefix("MeterValues"))
        #expect(pair.sent[0].contains(#""timestamp":"2025-01-06T17:03:09Z""#))
    }

    @Test("plugging in and leaving without a token is no transaction; energy without a token is one")
    func noToken() throws {
        var pair = TranslatorPair(.v16)
        _ = try pair.carry(Self.event(.started, wh: 7), answer: Self.accept)
        _ = try pair.carry(Self.event(.ended, 1, at: 9, wh: 7, reason: .evDisconnected), answer: Self.accept)
        #expect(pair.sent.isEmpty)
        _ = try pair.carry(Self.event(.started, id: "t2", wh: 7), answer: Self.accept)
        _ = try pair.carry(Self.event(.ended, 1, id: "t2", at: 9, wh: 8, reason: .evDisconnected), answer: Self.accept)
        #expect(pair.sent.map { $0.prefix(9) } == ["StartTran", "StopTrans"])
    }

    @Test("point 23: five connector states and the charging state of transaction events make the nine states of 1.6")
    func states() throws {
        var pair = TranslatorPair(.v16)
        func status(_ status: Core.ConnectorStatus) throws {
            _ = try pair.carry(
                .statusNotification(
                    Core.StatusNotificationRequest(
                        timestamp: Self.start, connectorStatus: status, evseId: 2, connectorId: 2)),
                answer: Self.accept)
        }
        func told() throws -> [String] {
            pair.sent.removeAll { !$0.hasPrefix("StatusNotification") }
            try pair.notify()
            defer { pair.sent.removeAll() }
            return pair.sent.compactMap { text in
                V16.ChargePointStatus.allCases.map(\.wireText).first { text.contains(#""status":"\#($0)""#) }
            }
        }
        try status(.available)
        #expect(try told() == ["Available"])
        try status(.occupied)
        #expect(try told() == ["Preparing"])
        _ = try pair.carry(Self.event(.started, wh: 0, token: Self.token), answer: Self.accept)
        #expect(try told() == ["Charging"])
        _ = try pair.carry(Self.event(.updated, 1, state: .suspendedEV), answer: Self.accept)
        #expect(try told() == ["SuspendedEV"])
        _ = try pair.carry(Self.event(.updated, 2, state: .suspendedEVSE), answer: Self.accept)
        #expect(try told() == ["SuspendedEVSE"])
        _ = try pair.carry(Self.event(.updated, 3, wh: 2, state: .suspendedEVSE), answer: Self.accept)
        #expect(try told() == [])
        _ = try pair.carry(Self.event(.ended, 4, wh: 3, state: .evConnected, reason: .local), answer: Self.accept)
        #expect(try told() == ["Finishing"])
        try status(.available)
        #expect(try told() == ["Available"])
        for (core, text) in [
            (Core.ConnectorStatus.reserved, "Reserved"), (.unavailable, "Unavailable"), (.faulted, "Faulted"),
        ] {
            try status(core)
            #expect(try told() == [text])
        }
    }

    @Test("point 16: what happened offline is told as it stands, not as it was")
    func offlineStates() throws {
        var pair = TranslatorPair(.v16)
        _ = try pair.carry(
            .statusNotification(
                Core.StatusNotificationRequest(
                    timestamp: Self.start, connectorStatus: .occupied, evseId: 2, connectorId: 2)),
            answer: Self.accept)
        _ = try pair.carry(Self.event(.started, wh: 0, token: Self.token, offline: true), answer: Self.accept)
        _ = try pair.carry(Self.event(.updated, 1, state: .suspendedEV, offline: true), answer: Self.accept)
        #expect(pair.station.takeNotifications().isEmpty)
        _ = try pair.carry(.heartbeat(Core.HeartbeatRequest()), answer: Self.accept)
        let told = pair.station.takeNotifications()
        guard told.count == 1, case .v16(.statusNotification(let status)) = told[0] else {
            Issue.record("not one state: \(told)")
            return
        }
        #expect(status.status == .suspendedEV)
    }

    @Test("tokens longer than 20 characters are cut, and texts of cards are known as such")
    func tokens() throws {
        var pair = TranslatorPair(.v16)
        let long = Core.IdToken(idToken: "0123456789abcdef0123456789", type: .central)
        _ = try pair.carry(.authorize(Core.AuthorizeRequest(idToken: long)), answer: Self.accept)
        #expect(pair.sent == [#"Authorize{"idTag":"0123456789abcdef0123"}"#])
        let types = try ["04A1B2C3", "04A1B2C3D4E5F6", "DE-8AA-123456-7", ""].map { idTag -> Core.IdTokenKind? in
            guard
                case .authorize(let authorize) = try pair.csms.take("Authorize", #"{"idTag":"\#(idTag)"}"#).requests[0]
            else { return nil }
            return authorize.idToken.type
        }
        #expect(types == [.iso14443, .iso14443, .central, .noAuthorization])
    }

    @Test("readings of a transaction come with several instants, kWh, phases and signed data")
    func richReadings() throws {
        var pair = TranslatorPair(.v16)
        _ = try pair.carry(Self.event(.started, wh: 0, token: Self.token), answer: Self.accept)
        let json = #"""
            {"connectorId":3,"transactionId":1,"meterValue":[
            {"timestamp":"2025-01-06T17:10:00Z","sampledValue":[{"value":"1.25","unit":"kWh"},{"value":"230","measurand":"Voltage","phase":"L1"}]},
            {"timestamp":"2025-01-06T17:11:00Z","sampledValue":[{"value":"x","unit":"kWh"}]},
            {"timestamp":"2025-01-06T17:12:00Z","sampledValue":[{"value":"AP...","format":"SignedData"},{"value":"500","phase":"L1"},{"value":"900","phase":"L2"}]}]}
            """#
        let first = try pair.csms.take("MeterValues", json).requests
        let registers = first.map { request -> Double? in
            guard case .transactionEvent(let event) = request else { return nil }
            return event.meterValue?.energyActiveImportRegisterWh
        }
        #expect(registers == [1250, 1400])
    }

    @Test("readings without an id belong to the transaction at their connector, clock readings to nobody")
    func missingID() throws {
        var pair = TranslatorPair(.v16)
        _ = try pair.carry(Self.event(.started, wh: 0, token: Self.token), answer: Self.accept)
        func isEvent(_ context: String, connector: Int) throws -> Bool {
            let json =
                #"{"connectorId":\#(connector),"meterValue":[{"timestamp":"2025-01-06T17:10:00Z","sampledValue":[{"value":"9"\#(context)}]}]}"#
            if case .transactionEvent = try pair.csms.take("MeterValues", json).requests[0] { return true }
            return false
        }
        #expect(try isEvent("", connector: 3))
        #expect(try !isEvent("", connector: 1))
        #expect(try !isEvent(#","context":"Sample.Clock""#, connector: 3))
    }

    @Test("memory is bounded at both ends, and running transactions outlive ended ones")
    func bounded() throws {
        var pair = TranslatorPair(.v16)
        _ = try pair.carry(Self.event(.started, id: "keep", wh: 0, token: Self.token), answer: Self.accept)
        for number in 0..<200 {
            let id = IdentifierText(hexadecimal: UInt64(number))
            let at = Int64(10 + number)
            _ = try pair.carry(Self.event(.started, id: id, at: at, wh: 0, token: Self.token), answer: Self.accept)
            _ = try pair.carry(Self.event(.ended, 1, id: id, at: at, wh: 1, reason: .local), answer: Self.accept)
        }
        #expect(pair.station.number(of: "keep") == 1)
        #expect(pair.station.number(of: IdentifierText(hexadecimal: 0)) == nil)
        #expect(pair.station.number(of: IdentifierText(hexadecimal: 199)) == 201)
    }

    @Test("absurd figures neither trap nor go unanswered")
    func absurdFigures() throws {
        var random = SplitMix(seed: 5)
        var translator = CSMSTranslator(version: .v16)
        let extremes = [Int.min, Int.max, -1, 0, 1, 2, 3, 1 << 31, -(1 << 31), 1 << 53]
        func number() -> Int { extremes[Int(random.next() % UInt64(extremes.count))] }
        for _ in 0..<20_000 {
            let request: V16.Request =
                switch random.next() % 4 {
                case 0:
                    .startTransaction(
                        V16.StartTransactionRequest(
                            connectorId: number(), idTag: "a", meterStart: number(), timestamp: Self.start))
                case 1:
                    .stopTransaction(
                        V16.StopTransactionRequest(
                            meterStop: number(), timestamp: Self.start, transactionId: number()))
                case 2:
                    .statusNotification(
                        V16.StatusNotificationRequest(connectorId: number(), errorCode: .noError, status: .charging))
                default:
                    .meterValues(
                        V16.MeterValuesRequest(
                            connectorId: number(),
                            meterValue: [
                                V16.MeterValue(
                                    timestamp: Self.start,
                                    sampledValue: [V16.SampledValue(value: "\(number())e\(number() % 400)", unit: .kWh)]
                                )
                            ], transactionId: number()))
                }
            guard let everyday = translator.everyday(.v16(request), now: Self.start) else { throw Missing() }
            guard case .response = translator.answer(everyday.receipt, everyday.requests.map(Self.accept)) else {
                Issue.record("\(request) was not answered")
                return
            }
        }
    }
}
