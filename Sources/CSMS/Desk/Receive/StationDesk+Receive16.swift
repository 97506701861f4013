internal import OCPP
internal import OCPPMessages

/// What a charging station of OCPP 1.6 sends, and who sees to it.
extension StationDesk {
    mutating func receive(_ id: String, _ request: V16.Request, _ turn: inout DeskTurn) {
        if case .bootNotification(let request) = request { return boot(id, request, &turn) }
        guard admit(request.action.wireText, requestID: nil, &turn) else {
            return turn.refuse(id, .securityError, "not accepted by the CSMS")
        }
        switch request {
        case .heartbeat: turn.answer16(id, .heartbeat(.init(currentTime: turn.now.wholeMilliseconds)))
        case .authorize(let request):
            turn.answer16(
                id, .authorize(.init(idTagInfo: V16.IdTagInfo(judge(Core.IdToken(idTag: request.idTag), &turn)))))
        case .statusNotification(let request): statusNotification(id, request, &turn)
        case .startTransaction, .stopTransaction, .meterValues:
            resume(id, request, .notAsked, &turn)
        default:
            if !receiveStatus(id, request, &turn) { turn.refuse(id, .notSupported, "only a central system sends this") }
        }
    }

    /// Handles a message of a transaction, for the first time or with the store's answer.
    mutating func resume(
        _ id: String, _ request: V16.Request, _ lookUp: LookUp, _ turn: inout DeskTurn
    ) {
        switch request {
        case .startTransaction(let request):
            startTransaction(id, request, lookUp: lookUp, &turn)
        case .stopTransaction(let request): stopTransaction(id, request, lookUp: lookUp, &turn)
        case .meterValues(let request): meterValues(id, request, lookUp: lookUp, &turn)
        default: turn.refuse(id, .internalError, "not a message of a transaction")
        }
    }

    private mutating func receiveStatus(_ id: String, _ request: V16.Request, _ turn: inout DeskTurn) -> Bool {
        switch request {
        case .firmwareStatusNotification(let request):
            noteFirmware(request.status.wireText, requestID: nil, request.json(version: .v16), &turn)
            turn.answer16(id, .firmwareStatusNotification(.init()))
        case .signedFirmwareStatusNotification(let request):
            noteFirmware(request.status.wireText, requestID: request.requestId, request.json(version: .v16), &turn)
            turn.answer16(id, .signedFirmwareStatusNotification(.init()))
        case .diagnosticsStatusNotification(let request):
            noteUpload(request.status.wireText, requestID: nil, request.json(version: .v16), &turn)
            turn.answer16(id, .diagnosticsStatusNotification(.init()))
        case .logStatusNotification(let request):
            noteUpload(request.status.wireText, requestID: request.requestId, request.json(version: .v16), &turn)
            turn.answer16(id, .logStatusNotification(.init()))
        case .securityEventNotification(let request):
            turn.note(
                .securityEvent, request.type, request.json(version: .v16), happened: request.timestamp,
                isCritical: SecurityEvents.isCritical(request.type))
            turn.answer16(id, .securityEventNotification(.init()))
        case .signCertificate(let request):
            let isTaken = sign(SigningOrder(csr: request.csr), requestID: nil, &turn)
            turn.answer16(id, .signCertificate(.init(status: isTaken ? .accepted : .rejected)))
        case .dataTransfer(let request):
            let status = vendorStatus(vendor: request.vendorId, message: request.messageId)
            if status == .accepted { turn.note(.dataTransfer, request.vendorId, request.json(version: .v16)) }
            let old: V16.DataTransferStatus =
                switch status {
                case .accepted: .accepted
                case .rejected: .rejected
                case .unknownMessageId: .unknownMessageId
                case .unknownVendorId: .unknownVendorId
                }
            turn.answer16(id, .dataTransfer(.init(status: old)))
        default: return false
        }
        return true
    }

    private mutating func statusNotification(
        _ id: String, _ request: V16.StatusNotificationRequest, _ turn: inout DeskTurn
    ) {
        guard let connector = Int32(exactly: request.connectorId), connector >= 0 else {
            return turn.refuse(id, .propertyConstraintViolation, "connectorId out of range")
        }
        let words = [request.vendorErrorCode, request.info].compactMap { $0 }.filter { !$0.isEmpty }
        let state = ConnectorState(
            evse: connector, connector: connector == 0 ? 0 : 1, status: Words.connectorStatus(request.status),
            statusText: request.status.wireText,
            errorCode: request.errorCode == .noError ? nil : request.errorCode.wireText,
            errorInfo: words.isEmpty ? nil : words.joined(separator: ": "), changedAt: request.timestamp ?? turn.now)
        guard note(state, &turn) else {
            return turn.refuse(id, .propertyConstraintViolation, "too many connectors")
        }
        turn.answer16(id, .statusNotification(.init()))
    }
}
