import CSMS
import OCPP
import Testing

/// A site's CSMS at a bench, with one registered charging station unless told otherwise.
struct CSMSScript {
    static let start = Timestamp(microseconds: 1_736_150_400_000_000)
    static let token = Core.IdToken(idToken: "A1B2", type: .iso14443)

    var csms: SiteCSMS
    var directory = TokenDirectory([
        TokenRecord(idToken: "a1b2", group: "fleet"), TokenRecord(idToken: "bad", status: .blocked),
    ])
    var now = start
    var effects: [Effect] = []
    private var messages: UInt64 = 0

    init(stations: Int = 1, booted: Bool = true, settings: CSMSSettings = CSMSSettings()) {
        csms = SiteCSMS(stations: stations, settings: settings)
        guard booted else { return }
        for station in 0..<stations { _ = boot(station) }
        effects = []
    }

    mutating func call(_ request: StationRequest, from station: Int = 0) -> CSMSResponse {
        messages += 1
        let frame = StationCall(messageID: IdentifierText(hexadecimal: messages), request: request)
        let answer = csms.handle(frame, from: station, now: now, directory: directory, effects: &effects)
        #expect(answer.messageID == frame.messageID)
        return answer.response
    }
    mutating func boot(_ station: Int = 0) -> CSMSResponse {
        let identity = Core.ChargingStation(model: "M", vendorName: "V")
        return call(.bootNotification(.init(reason: .powerUp, chargingStation: identity)), from: station)
    }

    var records: [TransactionRecord] {
        effects.compactMap { effect in
            guard case .transactionClosed(let record) = effect else { return nil }
            return record
        }
    }
    var amendedWh: Double {
        effects.reduce(0) { sum, effect in
            guard case .transactionAmended(_, _, let energyWh, _) = effect else { return sum }
            return sum + energyWh
        }
    }

    /// The events of one transaction: Started at 1000 Wh, `updates` readings 100 Wh apart, Ended 100 Wh later.
    static func events(
        id: IdentifierText = "T", updates: Int = 3, endCarriesBegin: Bool = true
    )
        -> [Core.TransactionEventRequest]
    {
        (0..<updates + 2).map { index in
            let isStart = index == 0
            let isEnd = index == updates + 1
            func reading(_ index: Int, _ context: Core.ReadingContext) -> Core.MeterValue {
                Core.MeterValue(
                    timestamp: start.adding(seconds: Int64(index) * 900), context: context,
                    energyActiveImportRegisterWh: 1000 + 100 * Double(index))
            }
            return Core.TransactionEventRequest(
                eventType: isStart ? .started : isEnd ? .ended : .updated,
                timestamp: start.adding(seconds: Int64(index) * 900),
                triggerReason: isStart || isEnd ? .chargingStateChanged : .meterValuePeriodic, seqNo: Int32(index),
                offline: false,
                transactionInfo: Core.Transaction(transactionId: id, stoppedReason: isEnd ? .evDisconnected : nil),
                evse: isStart ? Core.EVSE(id: 2, connectorId: 1) : nil, idToken: isStart ? token : nil,
                meterValue: reading(index, isStart ? .transactionBegin : isEnd ? .transactionEnd : .samplePeriodic),
                meterValueAtBegin: isEnd && endCarriesBegin ? reading(0, .transactionBegin) : nil)
        }
    }
}

@Suite("SiteCSMS: registration and availability")
struct SiteCSMSRegistrationTests {
    @Test("before it is accepted a charging station is answered SecurityError (B01.FR.10, B02.FR.09, B03.FR.07)")
    func securityError() {
        for status in Core.RegistrationStatus.allCases {
            var script = CSMSScript(booted: false, settings: CSMSSettings(newStations: status, retryIntervalS: 45))
            #expect(script.call(.heartbeat(.init())) == .error(.securityError))
            let interval: Int32 = status == .accepted ? 300 : 45
            #expect(
                script.boot()
                    == .bootNotification(.init(currentTime: CSMSScript.start, interval: interval, status: status)))
            let isRefused = script.call(.heartbeat(.init())) == .error(.securityError)
            #expect(isRefused == (status != .accepted))
            #expect(script.csms.isOnline(0) == (status == .accepted))
            script.csms.setRegistration(.accepted, of: 0)
            _ = script.boot()
            #expect(script.call(.heartbeat(.init())) == .heartbeat(.init(currentTime: CSMSScript.start)))
            script.csms.setRegistration(.rejected, of: 0)
            #expect(script.call(.heartbeat(.init())) == .error(.securityError))
        }
    }

    @Test("silence makes a charging station offline, any message keeps it online (G02.FR.04)")
    func silence() {
        var script = CSMSScript(stations: 2)
        for _ in 0..<10 {
            script.now = script.now.adding(seconds: 300)
            script.csms.timerDue(now: script.now, effects: &script.effects)
            _ = script.call(.authorize(.init(idToken: CSMSScript.token)), from: 1)
        }
        #expect(!script.csms.isOnline(0) && script.csms.isOnline(1))
        #expect(script.effects.filter { $0 == .stationOffline(station: 0) }.count == 1)
        #expect(script.csms.nextDeadline > script.now)
        _ = script.call(.heartbeat(.init()), from: 0)
        #expect(script.effects.last == .stationOnline(station: 0))
        script.now = script.now.adding(seconds: 749)
        script.csms.timerDue(now: script.now, effects: &script.effects)
        #expect(script.csms.isOnline(0) && script.csms.isOnline(1))
        script.now = script.now.adding(seconds: 1)
        script.csms.timerDue(now: script.now, effects: &script.effects)
        #expect(!script.csms.isOnline(0) && !script.csms.isOnline(1))
        #expect(script.csms.nextDeadline == .distantFuture)
    }

    @Test("a connector's state is what arrived last, whatever the charging station's clock says")
    func connectors() {
        var script = CSMSScript()
        func tell(_ status: Core.ConnectorStatus, at seconds: Int64, connector: Int32 = 1) -> CSMSResponse {
            script.now = max(script.now, CSMSScript.start.adding(seconds: min(seconds, 200)))
            return script.call(
                .statusNotification(
                    .init(
                        timestamp: CSMSScript.start.adding(seconds: seconds), connectorStatus: status, evseId: 1,
                        connectorId: connector)))
        }
        _ = tell(.available, at: 0)
        _ = tell(.occupied, at: 100)
        _ = tell(.unavailable, at: 60, connector: 2)
        #expect(script.csms.status(of: 0, evse: 1, connector: 1) == .occupied)
        #expect(script.csms.status(of: 0, evse: 1, connector: 2) == .unavailable)
        #expect(script.csms.status(of: 0, evse: 2, connector: 1) == nil)
        #expect(script.effects.count == 3)
        _ = tell(.faulted, at: 50)  // a clock set back
        #expect(script.csms.status(of: 0, evse: 1, connector: 1) == .faulted)
        _ = tell(.reserved, at: 1_000_000)  // a clock far ahead, put right afterwards
        _ = tell(.available, at: 200)
        #expect(script.csms.status(of: 0, evse: 1, connector: 1) == .available)
    }

    @Test("a charging station cannot fill the memory with connectors or transactions")
    func bounds() {
        var script = CSMSScript()
        for number: Int32 in 0..<2000 {
            let response = script.call(
                .statusNotification(
                    .init(timestamp: script.now, connectorStatus: .available, evseId: number, connectorId: 1)))
            #expect((response == .error(.propertyConstraintViolation)) == (number >= 256))
        }
        for number: UInt64 in 0..<2000 {
            _ = script.call(.transactionEvent(CSMSScript.events(id: IdentifierText(hexadecimal: number))[0]))
        }
        #expect(script.csms.openTransactionCount(0) == SiteCSMS.openTransactionsMax)
        #expect(script.records.count == 2000 - SiteCSMS.openTransactionsMax)
        #expect(script.records.allSatisfy { !$0.complete && $0.energyWh == 0 })
    }

    @Test("values that cannot be are refused and change nothing")
    func damaged() {
        var script = CSMSScript()
        let good = CSMSScript.events()[0]
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
        #expect(script.csms.openTransactionCount(0) == 0 && script.effects.isEmpty)
        #expect(script.csms.totals.callErrors == 6)
        let value = Core.MeterValue(timestamp: script.now, context: .other, energyActiveImportRegisterWh: .infinity)
        #expect(
            script.call(.meterValues(.init(evseId: 1, meterValue: value))) == .error(.propertyConstraintViolation))
    }

    @Test("a reading outside a transaction is remembered with its EVSE")
    func idleReading() {
        var script = CSMSScript()
        _ = script.call(
            .statusNotification(.init(timestamp: script.now, connectorStatus: .available, evseId: 2, connectorId: 1)))
        let value = Core.MeterValue(timestamp: script.now, context: .sampleClock, energyActiveImportRegisterWh: 1234)
        #expect(script.call(.meterValues(.init(evseId: 2, meterValue: value))) == .meterValues(.init()))
        #expect(script.csms.idleRegisterWh(of: 0, evse: 2) == 1234)
        #expect(script.csms.idleRegisterWh(of: 0, evse: 1) == nil)
    }

    @Test("tokens are judged by the directory, and refusals are kept")
    func tokens() {
        var script = CSMSScript()
        func judge(_ text: IdentifierText) -> Core.IdTokenInfo? {
            let response = script.call(.authorize(.init(idToken: Core.IdToken(idToken: text, type: .iso14443))))
            guard case .authorize(let answer) = response else { return nil }
            return answer.idTokenInfo
        }
        #expect(judge("A1B2")?.status == .accepted && judge("A1B2")?.groupIdToken?.idToken == "fleet")
        #expect(judge("bad")?.status == .blocked)
        #expect(judge("whoever")?.status == .unknown)
        #expect(script.csms.totals.tokensRefused == 2 && script.effects.count == 2)
        var open = CSMSScript(settings: CSMSSettings(unknownTokens: .accepted))
        let stranger = Core.IdToken(idToken: "whoever", type: .iso14443)
        #expect(
            open.call(.authorize(.init(idToken: stranger))) == .authorize(.init(idTokenInfo: .init(status: .accepted))))
    }
}
