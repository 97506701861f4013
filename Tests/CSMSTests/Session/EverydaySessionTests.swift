import CSMS
import OCPP
import Testing

@Suite("EverydaySession: registration, connectors, tokens")
struct EverydaySessionTests {
    @Test("before it is accepted a charging station is answered SecurityError (B01.FR.10, B02.FR.09, B03.FR.07)")
    func securityError() {
        for status in Core.RegistrationStatus.allCases {
            var script = SessionScript(booted: false, settings: CSMSSettings(newStations: status, retryIntervalS: 45))
            #expect(script.call(.heartbeat(.init())) == .error(.securityError))
            let interval: Int32 = status == .accepted ? 300 : 45
            #expect(
                script.boot()
                    == .bootNotification(.init(currentTime: SessionScript.start, interval: interval, status: status)))
            let isRefused = script.call(.heartbeat(.init())) == .error(.securityError)
            #expect(isRefused == (status != .accepted))
            #expect(script.sessions[0].registration.isOnline == (status == .accepted))
            script.sessions[0].setRegistration(.accepted)
            _ = script.boot()
            #expect(script.call(.heartbeat(.init())) == .heartbeat(.init(currentTime: SessionScript.start)))
            script.sessions[0].setRegistration(.rejected)
            #expect(script.call(.heartbeat(.init())) == .error(.securityError))
        }
    }

    @Test("silence makes a charging station offline, any message keeps it online (G02.FR.04)")
    func silence() {
        var script = SessionScript(stations: 2)
        for _ in 0..<10 {
            script.now = script.now.adding(seconds: 300)
            script.sessions.timerDue(now: script.now, effects: &script.effects)
            _ = script.call(.authorize(.init(idToken: SessionScript.token)), from: 1)
        }
        #expect(!script.sessions[0].registration.isOnline && script.sessions[1].registration.isOnline)
        #expect(script.effects.filter { $0 == .stationOffline(station: 0) }.count == 1)
        #expect(script.sessions.nextDeadline > script.now)
        _ = script.call(.heartbeat(.init()), from: 0)
        #expect(script.effects.last == .stationOnline(station: 0))
        script.now = script.now.adding(seconds: 749)
        script.sessions.timerDue(now: script.now, effects: &script.effects)
        #expect(script.sessions[0].registration.isOnline && script.sessions[1].registration.isOnline)
        script.now = script.now.adding(seconds: 1)
        script.sessions.timerDue(now: script.now, effects: &script.effects)
        #expect(!script.sessions[0].registration.isOnline && !script.sessions[1].registration.isOnline)
        #expect(script.sessions.nextDeadline == .distantFuture)
    }

    @Test("a connector's state is what arrived last, whatever the charging station's clock says")
    func connectors() {
        var script = SessionScript()
        func tell(_ status: Core.ConnectorStatus, at seconds: Int64, connector: Int32 = 1) -> CSMSResponse {
            script.now = max(script.now, SessionScript.start.adding(seconds: min(seconds, 200)))
            return script.call(
                .statusNotification(
                    .init(
                        timestamp: SessionScript.start.adding(seconds: seconds), connectorStatus: status, evseId: 1,
                        connectorId: connector)))
        }
        _ = tell(.available, at: 0)
        _ = tell(.occupied, at: 100)
        _ = tell(.unavailable, at: 60, connector: 2)
        #expect(script.sessions[0].connectors.status(evse: 1, connector: 1) == .occupied)
        #expect(script.sessions[0].connectors.status(evse: 1, connector: 2) == .unavailable)
        #expect(script.sessions[0].connectors.status(evse: 2, connector: 1) == nil)
        #expect(script.effects.count == 3)
        _ = tell(.faulted, at: 50)  // a clock set back
        #expect(script.sessions[0].connectors.status(evse: 1, connector: 1) == .faulted)
        _ = tell(.reserved, at: 1_000_000)  // a clock far ahead, put right afterwards
        _ = tell(.available, at: 200)
        #expect(script.sessions[0].connectors.status(evse: 1, connector: 1) == .available)
    }

    @Test("a charging station cannot fill the memory with connectors or transactions")
    func bounds() {
        var script = SessionScript()
        for number: Int32 in 0..<2000 {
            let response = script.call(
                .statusNotification(
                    .init(timestamp: script.now, connectorStatus: .available, evseId: number, connectorId: 1)))
            #expect((response == .error(.propertyConstraintViolation)) == (number >= 256))
        }
        for number: UInt64 in 0..<2000 {
            _ = script.call(.transactionEvent(SessionScript.events(id: IdentifierText(hexadecimal: number))[0]))
        }
        #expect(script.sessions[0].book.openCount == TransactionBook.openMax)
        #expect(script.records.count == 2000 - TransactionBook.openMax)
        #expect(script.records.allSatisfy { !$0.complete && $0.energyWh == 0 })
    }

    @Test("values that cannot be are refused and change nothing")
    func damaged() {
        var script = SessionScript()
        let good = SessionScript.events()[0]
        var bad: [Core.TransactionEventRequest] = []
        for change in 0..<6 {
            var event = good
            switch change {
            case 0: event.seqNo = -1
            case 1: event.transactionInfo.transactionId = ""
            case 2: event.evse = Core.EVSE(id: 0)
            case 3: event.meterValue?.energyActiveImportRegisterWh = .nan
            case 4: event.meterValue?.energyActiveImportRegisterWh = -1
            default:
                event.meterValueAtBegin = Core.MeterValue(
                    timestamp: script.now, context: .other, energyActiveImportRegisterWh: 1e300)
            }
            bad.append(event)
        }
        for event in bad { #expect(script.call(.transactionEvent(event)) == .error(.propertyConstraintViolation)) }
        #expect(script.sessions[0].book.openCount == 0 && script.effects.isEmpty)
        #expect(script.sessions.totals.callErrors == 6)
        let value = Core.MeterValue(timestamp: script.now, context: .other, energyActiveImportRegisterWh: .infinity)
        #expect(
            script.call(.meterValues(.init(evseId: 1, meterValue: value))) == .error(.propertyConstraintViolation))
    }

    @Test("a reading outside a transaction is remembered with its EVSE")
    func idleReading() {
        var script = SessionScript()
        _ = script.call(
            .statusNotification(.init(timestamp: script.now, connectorStatus: .available, evseId: 2, connectorId: 1)))
        let value = Core.MeterValue(timestamp: script.now, context: .sampleClock, energyActiveImportRegisterWh: 1234)
        #expect(script.call(.meterValues(.init(evseId: 2, meterValue: value))) == .meterValues(.init()))
        #expect(script.sessions[0].connectors.idleRegisterWh(evse: 2) == 1234)
        #expect(script.sessions[0].connectors.idleRegisterWh(evse: 1) == nil)
    }

    @Test("tokens are judged by the directory, and refusals are kept")
    func tokens() {
        var script = SessionScript()
        func judge(_ text: IdentifierText) -> Core.IdTokenInfo? {
            let response = script.call(.authorize(.init(idToken: Core.IdToken(idToken: text, type: .iso14443))))
            guard case .authorize(let answer) = response else { return nil }
            return answer.idTokenInfo
        }
        #expect(judge("A1B2")?.status == .accepted && judge("A1B2")?.groupIdToken?.idToken == "fleet")
        #expect(judge("bad")?.status == .blocked)
        #expect(judge("whoever")?.status == .unknown)
        #expect(script.sessions.totals.tokensRefused == 2 && script.effects.count == 2)
        var open = SessionScript(settings: CSMSSettings(unknownTokens: .accepted))
        let stranger = Core.IdToken(idToken: "whoever", type: .iso14443)
        #expect(
            open.call(.authorize(.init(idToken: stranger))) == .authorize(.init(idTokenInfo: .init(status: .accepted))))
    }
}
