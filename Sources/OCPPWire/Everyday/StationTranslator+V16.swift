public import OCPP
internal import OCPPMessages

/// Which 1.6 request waits for its answer.
enum V16Question: UInt8, Sendable, Codable {
    case nothing
    case authorize
    case boot
    case heartbeat
    case idleValues
    case status
    case start
    case transactionValues
    case stop

    var action: V16.Action {
        switch self {
        case .nothing, .heartbeat: .heartbeat
        case .authorize: .authorize
        case .boot: .bootNotification
        case .idleValues, .transactionValues: .meterValues
        case .status: .statusNotification
        case .start: .startTransaction
        case .stop: .stopTransaction
        }
    }
}

extension StationTranslator {
    mutating func beginV16(_ call: StationCall) -> Step {
        tokenInfo = nil
        switch call.request {
        case .authorize(let request):
            memory.noteChanges(at: nil)
            return ask(.authorize, .authorize(V16.AuthorizeRequest(idTag: Self.idTag(request.idToken))))
        case .bootNotification(let request): return ask(.boot, .bootNotification(Self.boot(request)))
        case .heartbeat:
            memory.noteChanges(at: nil)
            return ask(.heartbeat, .heartbeat(V16.HeartbeatRequest()))
        case .meterValues(let request):
            memory.noteChanges(at: request.meterValue.timestamp)
            return ask(
                .idleValues,
                .meterValues(
                    V16.MeterValuesRequest(
                        connectorId: memory.connectorID(evse: request.evseId, connector: 1),
                        meterValue: [V16.MeterValue(request.meterValue)])))
        case .statusNotification(let request): return ask(.status, .statusNotification(memory.status(request)))
        case .transactionEvent(let event):
            memory.note(event)
            return nextV16(event, after: .nothing)
        }
    }

    mutating func receivedV16(_ response: V16.Response, call: StationCall) -> Step {
        switch response {
        case .authorize(let response):
            return done(.authorize(Core.AuthorizeResponse(idTokenInfo: Self.info(response.idTagInfo))))
        case .bootNotification(let response):
            return done(
                .bootNotification(
                    Core.BootNotificationResponse(
                        currentTime: response.currentTime, interval: max(0, Int32(nearest: response.interval)),
                        status: V16Words.core(response.status))))
        case .heartbeat(let response):
            return done(.heartbeat(Core.HeartbeatResponse(currentTime: response.currentTime)))
        case .statusNotification: return done(.statusNotification(Core.StatusNotificationResponse()))
        case .startTransaction(let response):
            guard case .transactionEvent(let event) = call.request else { return done(.error(.protocolError)) }
            memory.started(event.transactionInfo.transactionId, number: response.transactionId)
            if event.idToken != nil { tokenInfo = Self.info(response.idTagInfo) }
            return nextV16(event, after: .start)
        case .meterValues:
            guard case .transactionEvent(let event) = call.request else {
                return done(.meterValues(Core.MeterValuesResponse()))
            }
            return nextV16(event, after: .transactionValues)
        case .stopTransaction(let response):
            guard case .transactionEvent(let event) = call.request else { return done(.error(.protocolError)) }
            if event.idToken != nil, tokenInfo == nil { tokenInfo = response.idTagInfo.map { Self.info($0) } }
            return nextV16(event, after: .stop)
        default: return done(.error(.protocolError))
        }
    }

    /// The next request that an event needs: start, then values or stop.
    private mutating func nextV16(_ event: Core.TransactionEventRequest, after last: V16Question) -> Step {
        let transaction = memory.transaction(of: event)
        if last == .nothing, let start = transaction.startRequest(for: event) {
            return ask(.start, .startTransaction(start))
        }
        let tellsValues = event.eventType == .updated || event.eventType == .started && extras.tellsBegin
        if tellsValues, last == .nothing || last == .start, transaction.number != nil || event.eventType == .updated,
            let value = event.meterValue,
            let request = extras.added(
                to: .meterValues(
                    V16.MeterValuesRequest(
                        connectorId: transaction.connectorID, meterValue: [V16.MeterValue(value)],
                        transactionId: transaction.isUnknown ? nil : transaction.number ?? -1)))
        {
            asked = .transactionValues
            return .send(.v16(request))
        }
        if event.eventType == .ended, last == .nothing || last == .start, transaction.hasBegun(by: event) {
            return ask(.stop, .stopTransaction(transaction.stopRequest(event)))
        }
        return done(.transactionEvent(Core.TransactionEventResponse(idTokenInfo: tokenInfo)))
    }

    private mutating func ask(_ question: V16Question, _ request: V16.Request) -> Step {
        asked = question
        return .send(.v16(extras.added(to: request) ?? request))
    }

    private static func boot(_ request: Core.BootNotificationRequest) -> V16.BootNotificationRequest {
        let station = request.chargingStation
        return V16.BootNotificationRequest(
            chargePointVendor: String(station.vendorName.description.prefix(20)),
            chargePointModel: String(station.model.description.prefix(20)),
            chargePointSerialNumber: station.serialNumber.isEmpty
                ? nil : String(station.serialNumber.description.prefix(25)),
            firmwareVersion: station.firmwareVersion.isEmpty ? nil : station.firmwareVersion.description)
    }

    /// Nothing stands for charging without identification.
    static func idTag(_ token: Core.IdToken) -> String { String(token.idToken.description.prefix(20)) }

    private static func info(_ info: V16.IdTagInfo) -> Core.IdTokenInfo {
        Core.IdTokenInfo(
            status: V16Words.core(info.status), cacheExpiryDateTime: info.expiryDate,
            groupIdToken: info.parentIdTag.map { V16Token.token($0) })
    }
}

/// Tokens of 1.6, which have no kind.
public enum V16Token {
    /// A text of 8, 14 or 20 hexadecimal digits is taken for the UID of a card.
    public static func kind(of idTag: String) -> Core.IdTokenKind {
        let length = idTag.utf8.count
        let isUID = (length == 8 || length == 14 || length == 20) && idTag.allSatisfy { $0.isASCII && $0.isHexDigit }
        return isUID ? .iso14443 : .central
    }

    static func token(_ idTag: String) -> Core.IdToken {
        guard !idTag.isEmpty else { return .noAuthorization }
        return Core.IdToken(idToken: IdentifierText(folding: idTag), type: kind(of: idTag))
    }
}
