internal import OCPP
internal import OCPPMessages

/// The everyday messages as messages of 2.x, and back. Both ends use it; nothing is remembered.
enum V2Everyday {
    // MARK: - The charging station's end

    static func request(_ request: StationRequest, version: OCPPVersion) -> V2.Request {
        switch request {
        case .authorize(let request): .authorize(V2.AuthorizeRequest(idToken: token(request.idToken)))
        case .bootNotification(let request):
            .bootNotification(
                V2.BootNotificationRequest(
                    chargingStation: V2.ChargingStation(
                        model: request.chargingStation.model.description,
                        vendorName: request.chargingStation.vendorName.description,
                        serialNumber: text(request.chargingStation.serialNumber),
                        firmwareVersion: text(request.chargingStation.firmwareVersion)),
                    reason: V2Words.wire(request.reason)))
        case .heartbeat: .heartbeat(V2.HeartbeatRequest())
        case .meterValues(let request):
            .meterValues(
                V2.MeterValuesRequest(evseId: Int(request.evseId), meterValue: [V2.MeterValue(request.meterValue)]))
        case .statusNotification(let request):
            .statusNotification(
                V2.StatusNotificationRequest(
                    timestamp: request.timestamp, connectorStatus: V2Words.wire(request.connectorStatus),
                    evseId: Int(request.evseId), connectorId: Int(request.connectorId)))
        case .transactionEvent(let event): .transactionEvent(transactionEvent(event, version: version))
        }
    }

    private static func transactionEvent(
        _ event: Core.TransactionEventRequest, version: OCPPVersion
    ) -> V2.TransactionEventRequest {
        var values: [V2.MeterValue] = []
        if let value = event.meterValueAtBegin { values.append(V2.MeterValue(value)) }
        if let value = event.meterValue { values.append(V2.MeterValue(value)) }
        return V2.TransactionEventRequest(
            eventType: V2Words.wire(event.eventType), timestamp: event.timestamp,
            triggerReason: V2Words.wire(event.triggerReason, version: version), seqNo: Int(event.seqNo),
            transactionInfo: V2.Transaction(
                transactionId: event.transactionInfo.transactionId.description,
                chargingState: event.transactionInfo.chargingState.map { V2Words.wire($0) },
                stoppedReason: event.transactionInfo.stoppedReason.map { V2Words.wire($0) }),
            meterValue: values.isEmpty ? nil : values, offline: event.offline ? true : nil,
            evse: event.evse.map { V2.EVSE(id: Int($0.id), connectorId: $0.connectorId.map { Int($0) }) },
            idToken: event.idToken.map { token($0) })
    }

    static func response(_ response: V2.Response) -> CSMSResponse? {
        switch response {
        case .authorize(let response):
            .authorize(Core.AuthorizeResponse(idTokenInfo: info(response.idTokenInfo)))
        case .bootNotification(let response):
            .bootNotification(
                Core.BootNotificationResponse(
                    currentTime: response.currentTime, interval: max(0, Int32(nearest: response.interval)),
                    status: V2Words.core(response.status)))
        case .heartbeat(let response): .heartbeat(Core.HeartbeatResponse(currentTime: response.currentTime))
        case .meterValues: .meterValues(Core.MeterValuesResponse())
        case .statusNotification: .statusNotification(Core.StatusNotificationResponse())
        case .transactionEvent(let response):
            .transactionEvent(
                Core.TransactionEventResponse(idTokenInfo: response.idTokenInfo.map { info($0) }))
        default: nil
        }
    }

    // MARK: - The CSMS's end

    /// `nil` for a request that is no everyday one.
    static func request(_ request: V2.Request) -> StationRequest? {
        switch request {
        case .authorize(let request): .authorize(Core.AuthorizeRequest(idToken: token(request.idToken)))
        case .bootNotification(let request):
            .bootNotification(
                Core.BootNotificationRequest(
                    reason: V2Words.core(request.reason),
                    chargingStation: Core.ChargingStation(
                        model: IdentifierText(cutting: request.chargingStation.model),
                        vendorName: IdentifierText(cutting: request.chargingStation.vendorName),
                        serialNumber: IdentifierText(cutting: request.chargingStation.serialNumber ?? ""),
                        firmwareVersion: IdentifierText(cutting: request.chargingStation.firmwareVersion ?? ""))))
        case .heartbeat: .heartbeat(Core.HeartbeatRequest())
        case .meterValues(let request): meterValues(request)
        case .statusNotification(let request):
            .statusNotification(
                Core.StatusNotificationRequest(
                    timestamp: request.timestamp, connectorStatus: V2Words.core(request.connectorStatus),
                    evseId: Int32(nearest: request.evseId), connectorId: Int32(nearest: request.connectorId)))
        case .transactionEvent(let event): .transactionEvent(transactionEvent(event))
        default: nil
        }
    }

    /// Without a register there is nothing to keep; it is a sign of life all the same.
    private static func meterValues(_ request: V2.MeterValuesRequest) -> StationRequest {
        guard let value = latest(request.meterValue.compactMap { Core.MeterValue($0) }) else {
            return .heartbeat(Core.HeartbeatRequest())
        }
        return .meterValues(Core.MeterValuesRequest(evseId: Int32(nearest: request.evseId), meterValue: value))
    }

    private static func transactionEvent(_ event: V2.TransactionEventRequest) -> Core.TransactionEventRequest {
        let kind = V2Words.core(event.eventType)
        let values = event.meterValue ?? []
        return Core.TransactionEventRequest(
            eventType: kind, timestamp: event.timestamp, triggerReason: V2Words.core(event.triggerReason),
            seqNo: Int32(nearest: event.seqNo), offline: event.offline ?? false,
            transactionInfo: Core.Transaction(
                transactionId: IdentifierText(folding: event.transactionInfo.transactionId),
                chargingState: event.transactionInfo.chargingState.map { V2Words.core($0) },
                stoppedReason: event.transactionInfo.stoppedReason.map { V2Words.core($0) }),
            evse: event.evse.map {
                Core.EVSE(id: Int32(nearest: $0.id), connectorId: $0.connectorId.map { Int32(nearest: $0) })
            },
            idToken: event.idToken.map { token($0) }, meterValue: reading(of: kind, values),
            meterValueAtBegin: kind == .ended ? reading(values, context: .transactionBegin) : nil)
    }

    /// The reading that belongs to the event itself.
    private static func reading(of kind: Core.TransactionEventKind, _ values: [V2.MeterValue]) -> Core.MeterValue? {
        switch kind {
        case .started:
            return reading(values, context: .transactionBegin) ?? values.lazy.compactMap { Core.MeterValue($0) }.first
        case .updated: return latest(values.compactMap { Core.MeterValue($0) })
        case .ended:
            if let value = reading(values, context: .transactionEnd) { return value }
            return latest(values.compactMap { Core.MeterValue($0) }.filter { $0.context != .transactionBegin })
        }
    }

    private static func reading(_ values: [V2.MeterValue], context: Core.ReadingContext) -> Core.MeterValue? {
        latest(values.compactMap { Core.MeterValue($0, context: context) })
    }

    /// The one of the latest instant; of several, the last.
    static func latest(_ values: [Core.MeterValue]) -> Core.MeterValue? {
        values.reduce(nil) { best, value in
            guard let best, best.timestamp > value.timestamp else { return value }
            return best
        }
    }

    /// `nil` for an error.
    static func response(_ response: CSMSResponse) -> V2.Response? {
        switch response {
        case .authorize(let response):
            .authorize(V2.AuthorizeResponse(idTokenInfo: info(response.idTokenInfo)))
        case .bootNotification(let response):
            .bootNotification(
                V2.BootNotificationResponse(
                    currentTime: response.currentTime, interval: Int(response.interval),
                    status: V2Words.wire(response.status)))
        case .heartbeat(let response): .heartbeat(V2.HeartbeatResponse(currentTime: response.currentTime))
        case .meterValues: .meterValues(V2.MeterValuesResponse())
        case .statusNotification: .statusNotification(V2.StatusNotificationResponse())
        case .transactionEvent(let response):
            .transactionEvent(V2.TransactionEventResponse(idTokenInfo: response.idTokenInfo.map { info($0) }))
        case .error: nil
        }
    }

    // MARK: - Tokens

    static func token(_ token: Core.IdToken) -> V2.IdToken {
        V2.IdToken(idToken: token.idToken.description, type: token.type.rawValue)
    }

    /// Kinds that 2.1 leaves to vendors count as given by the CSMS.
    static func token(_ token: V2.IdToken) -> Core.IdToken {
        Core.IdToken(
            idToken: IdentifierText(folding: token.idToken), type: Core.IdTokenKind(rawValue: token.type) ?? .central)
    }

    static func info(_ info: Core.IdTokenInfo) -> V2.IdTokenInfo {
        V2.IdTokenInfo(
            status: V2Words.wire(info.status), cacheExpiryDateTime: info.cacheExpiryDateTime,
            groupIdToken: info.groupIdToken.map { token($0) })
    }

    static func info(_ info: V2.IdTokenInfo) -> Core.IdTokenInfo {
        Core.IdTokenInfo(
            status: V2Words.core(info.status), cacheExpiryDateTime: info.cacheExpiryDateTime,
            groupIdToken: info.groupIdToken.map { token($0) })
    }

    private static func text(_ text: IdentifierText) -> String? { text.isEmpty ? nil : text.description }
}
