internal import OCPP
internal import OCPPMessages

extension CSMSTranslator {
    /// Instants of one MeterValues that are looked at: the last ones.
    static let valuesMax = 64

    mutating func everyday(_ request: V16.Request, now: Timestamp) -> Everyday? {
        switch request {
        case .authorize(let request):
            Everyday(
                requests: [.authorize(Core.AuthorizeRequest(idToken: V16Token.token(request.idTag)))],
                receipt: .authorize)
        case .bootNotification(let request):
            Everyday(requests: [.bootNotification(Self.boot(request))], receipt: .bootNotification)
        case .heartbeat: Everyday(requests: [.heartbeat(Core.HeartbeatRequest())], receipt: .heartbeat)
        case .statusNotification(let request):
            Everyday(requests: [.statusNotification(Self.status(request, now: now))], receipt: .statusNotification)
        case .startTransaction(let request): start(request)
        case .meterValues(let request): values(request)
        case .stopTransaction(let request): stop(request)
        default: nil
        }
    }

    private static func boot(_ request: V16.BootNotificationRequest) -> Core.BootNotificationRequest {
        Core.BootNotificationRequest(
            reason: .unknown,
            chargingStation: Core.ChargingStation(
                model: IdentifierText(cutting: request.chargePointModel),
                vendorName: IdentifierText(cutting: request.chargePointVendor),
                serialNumber: IdentifierText(
                    cutting: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber ?? ""),
                firmwareVersion: IdentifierText(cutting: request.firmwareVersion ?? "")))
    }

    /// Each connector of 1.6 counts as an EVSE with one connector; 0 is the charging station itself.
    private static func status(
        _ request: V16.StatusNotificationRequest, now: Timestamp
    ) -> Core.StatusNotificationRequest {
        let connector = Int32(nearest: request.connectorId)
        return Core.StatusNotificationRequest(
            timestamp: (request.timestamp ?? now).wholeMilliseconds, connectorStatus: V16Words.core(request.status),
            evseId: connector, connectorId: min(connector, 1))
    }

    // MARK: - Transactions

    private mutating func start(_ request: V16.StartTransactionRequest) -> Everyday {
        let number = memory.start(request)
        let event = Core.TransactionEventRequest(
            eventType: .started, timestamp: request.timestamp, triggerReason: .authorized, seqNo: 0, offline: false,
            transactionInfo: Core.Transaction(transactionId: Self.transactionID(of: number)),
            evse: Core.EVSE(id: Int32(nearest: request.connectorId), connectorId: 1),
            idToken: V16Token.token(request.idTag),
            meterValue: Core.MeterValue(
                timestamp: request.timestamp, context: .transactionBegin,
                energyActiveImportRegisterWh: Double(request.meterStart)))
        return Everyday(requests: [.transactionEvent(event)], receipt: .startTransaction(number))
    }

    private mutating func values(_ request: V16.MeterValuesRequest) -> Everyday {
        let values = request.meterValue.suffix(Self.valuesMax).compactMap { Core.MeterValue($0) }
        guard let latest = V2Everyday.latest(values) else {
            return Everyday(requests: [.heartbeat(Core.HeartbeatRequest())], receipt: .meterValues)
        }
        let connector = Int32(nearest: request.connectorId)
        guard let number = memory.transaction(of: request, context: latest.context) else {
            let idle = Core.MeterValuesRequest(evseId: connector, meterValue: latest)
            return Everyday(requests: [.meterValues(idle)], receipt: .meterValues)
        }
        let requests = values.map { value in
            StationRequest.transactionEvent(
                Core.TransactionEventRequest(
                    eventType: .updated, timestamp: value.timestamp,
                    triggerReason: value.context == .sampleClock ? .meterValueClock : .meterValuePeriodic,
                    seqNo: memory.sequence(of: number, at: value.timestamp), offline: false,
                    transactionInfo: Core.Transaction(transactionId: Self.transactionID(of: number)),
                    evse: connector > 0 ? Core.EVSE(id: connector, connectorId: 1) : nil, meterValue: value))
        }
        return Everyday(requests: requests, receipt: .meterValues)
    }

    private mutating func stop(_ request: V16.StopTransactionRequest) -> Everyday {
        let reason = request.reason ?? .local
        let data = request.transactionData ?? []
        let end = V2Everyday.latest(data.compactMap { Core.MeterValue($0, context: .transactionEnd) })
        let begin = V2Everyday.latest(data.compactMap { Core.MeterValue($0, context: .transactionBegin) })
        let known = memory.stop(request)
        let event = Core.TransactionEventRequest(
            eventType: .ended, timestamp: request.timestamp, triggerReason: V16Words.trigger(of: reason),
            seqNo: known.sequence, offline: false,
            transactionInfo: Core.Transaction(
                transactionId: known.transactionID, stoppedReason: V16Words.core(reason)),
            idToken: request.idTag.map { V16Token.token($0) },
            meterValue: Core.MeterValue(
                timestamp: request.timestamp, context: .transactionEnd,
                energyActiveImportRegisterWh: Double(request.meterStop), powerActiveImportW: end?.powerActiveImportW,
                socPercent: end?.socPercent),
            meterValueAtBegin: known.begin ?? begin)
        return Everyday(
            requests: [.transactionEvent(event)], receipt: .stopTransaction(hasToken: request.idTag != nil))
    }

    // MARK: - Answers

    /// A charging station repeats a transaction message until it is answered, so it is answered even when the core
    /// finds its figures implausible.
    func answerV16(_ receipt: Receipt, _ response: CSMSResponse) -> Answer {
        if case .error(let code) = response {
            switch (code, receipt) {
            case (.propertyConstraintViolation, .startTransaction(let number)):
                return .response(
                    .v16(
                        .startTransaction(
                            V16.StartTransactionResponse(
                                idTagInfo: V16.IdTagInfo(status: .invalid), transactionId: number))))
            case (.propertyConstraintViolation, .meterValues), (.propertyConstraintViolation, .stopTransaction):
                break
            default: return .error(code)
            }
        }
        switch (receipt, response) {
        case (.authorize, .authorize(let response)):
            return .response(.v16(.authorize(V16.AuthorizeResponse(idTagInfo: Self.info(response.idTokenInfo)))))
        case (.bootNotification, .bootNotification(let response)):
            return .response(
                .v16(
                    .bootNotification(
                        V16.BootNotificationResponse(
                            status: V16Words.wire(response.status), currentTime: response.currentTime,
                            interval: Int(response.interval)))))
        case (.heartbeat, .heartbeat(let response)):
            return .response(.v16(.heartbeat(V16.HeartbeatResponse(currentTime: response.currentTime))))
        case (.statusNotification, .statusNotification):
            return .response(.v16(.statusNotification(V16.StatusNotificationResponse())))
        case (.meterValues, _): return .response(.v16(.meterValues(V16.MeterValuesResponse())))
        case (.startTransaction(let number), .transactionEvent(let response)):
            let info = response.idTokenInfo ?? Core.IdTokenInfo(status: .accepted)
            return .response(
                .v16(
                    .startTransaction(
                        V16.StartTransactionResponse(idTagInfo: Self.info(info), transactionId: number))))
        case (.stopTransaction(let hasToken), .transactionEvent(let response)):
            let info = hasToken ? response.idTokenInfo.map { Self.info($0) } : nil
            return .response(.v16(.stopTransaction(V16.StopTransactionResponse(idTagInfo: info))))
        case (.stopTransaction, _): return .response(.v16(.stopTransaction(V16.StopTransactionResponse())))
        default: return .error(.internalError)
        }
    }

    private static func info(_ info: Core.IdTokenInfo) -> V16.IdTagInfo {
        V16.IdTagInfo(
            status: V16Words.wire(info.status), expiryDate: info.cacheExpiryDateTime,
            parentIdTag: info.groupIdToken.map { StationTranslator.idTag($0) })
    }
}
