import OCPP
import OCPPMessages
import OCPPWire

/// Random everyday messages, of every kind and with every field.
struct CoreSamples {
    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    mutating func chance(_ probability: Double) -> Bool { random.unit() < probability }
    mutating func one<T: CaseIterable>(of _: T.Type) -> T where T.AllCases == [T] {
        T.allCases[Int(random.next() % UInt64(T.allCases.count))]
    }
    mutating func timestamp() -> Timestamp {
        Timestamp(microseconds: 1_736_182_989_000_000 + Int64(random.next() % 100_000_000_000) * 1000)
    }
    mutating func text(_ range: ClosedRange<Int>) -> IdentifierText {
        let length = range.lowerBound + Int(random.next() % UInt64(range.count))
        return IdentifierText(
            String((0..<length).map { _ in Character(Unicode.Scalar(33 + UInt8(random.next() % 94))) }))
            ?? "x"
    }
    mutating func token(max: Int = 36) -> Core.IdToken {
        Core.IdToken(idToken: text(1...max), type: one(of: Core.IdTokenKind.self))
    }
    mutating func number(_ max: Double) -> Double {
        chance(0.2) ? (random.unit() * max).rounded() : random.unit() * max
    }
    mutating func value(_ context: Core.ReadingContext? = nil) -> Core.MeterValue {
        Core.MeterValue(
            timestamp: timestamp(), context: context ?? one(of: Core.ReadingContext.self),
            energyActiveImportRegisterWh: number(1e8), powerActiveImportW: chance(0.5) ? number(4e5) : nil,
            socPercent: chance(0.5) ? number(100) : nil)
    }

    mutating func event() -> Core.TransactionEventRequest {
        let kind = one(of: Core.TransactionEventKind.self)
        let isEnd = kind == .ended
        return Core.TransactionEventRequest(
            eventType: kind, timestamp: timestamp(), triggerReason: one(of: Core.TriggerReason.self),
            seqNo: Int32(random.next() % 1000), offline: chance(0.3),
            transactionInfo: Core.Transaction(
                transactionId: text(1...36), chargingState: chance(0.8) ? one(of: Core.ChargingState.self) : nil,
                stoppedReason: isEnd && chance(0.9) ? one(of: Core.StoppedReason.self) : nil),
            evse: chance(0.5)
                ? Core.EVSE(
                    id: Int32(1 + random.next() % 8), connectorId: chance(0.5) ? Int32(1 + random.next() % 3) : nil)
                : nil,
            idToken: chance(0.5) ? token() : nil,
            meterValue: chance(0.8) ? value(isEnd ? .transactionEnd : nil) : nil,
            meterValueAtBegin: isEnd && chance(0.5) ? value(.transactionBegin) : nil)
    }

    mutating func request() -> StationRequest {
        switch random.next() % 6 {
        case 0: .authorize(Core.AuthorizeRequest(idToken: token()))
        case 1:
            .bootNotification(
                Core.BootNotificationRequest(
                    reason: one(of: Core.BootReason.self),
                    chargingStation: Core.ChargingStation(
                        model: text(1...20), vendorName: text(1...36), serialNumber: text(0...25),
                        firmwareVersion: text(0...36))))
        case 2: .heartbeat(Core.HeartbeatRequest())
        case 3:
            .meterValues(Core.MeterValuesRequest(evseId: Int32(random.next() % 9), meterValue: value()))
        case 4:
            .statusNotification(
                Core.StatusNotificationRequest(
                    timestamp: timestamp(), connectorStatus: one(of: Core.ConnectorStatus.self),
                    evseId: Int32(random.next() % 9), connectorId: Int32(random.next() % 3)))
        default: .transactionEvent(event())
        }
    }

    mutating func info() -> Core.IdTokenInfo {
        Core.IdTokenInfo(
            status: one(of: Core.AuthorizationStatus.self), cacheExpiryDateTime: chance(0.5) ? timestamp() : nil,
            groupIdToken: chance(0.5) ? token() : nil)
    }

    /// An answer that fits.
    mutating func response(to request: StationRequest) -> CSMSResponse {
        if chance(0.1) { return .error(one(of: RPCErrorCode.self)) }
        return switch request {
        case .authorize: .authorize(Core.AuthorizeResponse(idTokenInfo: info()))
        case .bootNotification:
            .bootNotification(
                Core.BootNotificationResponse(
                    currentTime: timestamp(), interval: Int32(random.next() % 100_000),
                    status: one(of: Core.RegistrationStatus.self)))
        case .heartbeat: .heartbeat(Core.HeartbeatResponse(currentTime: timestamp()))
        case .meterValues: .meterValues(Core.MeterValuesResponse())
        case .statusNotification: .statusNotification(Core.StatusNotificationResponse())
        case .transactionEvent:
            .transactionEvent(Core.TransactionEventResponse(idTokenInfo: chance(0.5) ? info() : nil))
        }
    }
}

/// Both translators with JSON between them and a CSMS that is a function.
struct TranslatorPair {
    var station: StationTranslator
    var csms: CSMSTranslator
    let version: OCPPVersion
    /// The JSON that went to the CSMS, action in front.
    var sent: [String] = []
    var core: [StationRequest] = []
    let now = Timestamp(microseconds: 1_736_182_989_000_000)
    /// Drops every answer to a 1.6 request of this action.
    var lostAnswers: String?

    init(_ version: OCPPVersion, connectors: [Int] = [1, 2]) {
        self.version = version
        station = StationTranslator(version: version, connectors: connectors)
        csms = CSMSTranslator(version: version)
    }

    /// Carries a call through; `nil` when an answer was lost.
    mutating func carry(
        _ request: StationRequest, answer: (StationRequest) -> CSMSResponse
    ) throws -> CSMSAnswer? {
        var step = station.begin(StationCall(messageID: "m", request: request))
        while true {
            switch step {
            case .done(let answer): return answer
            case .send(let request):
                switch try ask(request, answer: answer) {
                case .response where lostAnswers == request.actionText: return nil
                case .response(let response):
                    var writer = JSONWriter(version: version)
                    response.write(to: &writer)
                    var reader = JSONReader(writer.bytes, version: version)
                    step = station.received(try AnyResponse(action: request.actionText, reading: &reader))
                    try reader.finish()
                case .error(let code): step = station.failed(code)
                }
            }
        }
    }

    mutating func ask(
        _ request: AnyRequest, answer: (StationRequest) -> CSMSResponse
    ) throws -> CSMSTranslator.Answer {
        var writer = JSONWriter(version: version)
        request.write(to: &writer)
        sent.append(request.actionText + String(decoding: writer.bytes, as: UTF8.self))
        var reader = JSONReader(writer.bytes, version: version)
        let any = try AnyRequest(action: request.actionText, reading: &reader)
        try reader.finish()
        guard let everyday = csms.everyday(any, now: now) else { return .error(.notSupported) }
        core += everyday.requests
        return csms.answer(everyday.receipt, everyday.requests.map(answer))
    }

    /// Sends what the station says on its own.
    mutating func notify() throws {
        for message in station.takeNotifications() {
            _ = try ask(message) { _ in .statusNotification(Core.StatusNotificationResponse()) }
        }
    }
}

/// A test's own premise does not hold.
struct Missing: Error {}

extension CSMSTranslator {
    /// Reads and takes a request that must be an everyday one.
    mutating func take(_ action: String, _ json: String) throws -> Everyday {
        var reader = JSONReader(Array(json.utf8), version: version)
        let request = try AnyRequest(action: action, reading: &reader)
        guard let everyday = everyday(request, now: Timestamp(microseconds: 0)) else { throw Missing() }
        return everyday
    }
}
