internal import OCPP
internal import OCPPMessages

/// What a charging station of OCPP 2.x sends, and who sees to it.
extension StationDesk {
    mutating func receive(_ id: String, _ request: V2.Request, _ turn: inout DeskTurn) {
        if case .bootNotification(let request) = request { return boot(id, request, &turn) }
        guard admit(request.action.wireText, requestID: request.requestID, &turn) else {
            // B01.FR.10, B02.FR.09, B03.FR.07
            if request.action.isAnswered { turn.refuse(id, .securityError, "not accepted by the CSMS") }
            return
        }
        if !receiveEveryday(id, request, &turn), !receiveReport(id, request, &turn),
            !receiveStatus(id, request, &turn), !receiveCertificates(id, request, &turn),
            !receiveCharging(id, request, &turn), !receiveEnergyResources(id, request, &turn)
        {
            turn.refuse(id, .notSupported, "only a CSMS sends this")
        }
    }

    /// Whether a message may come now: the charging station is accepted, or was asked for it. If so it is a sign of life.
    mutating func admit(_ action: String, requestID: Int?, _ turn: inout DeskTurn) -> Bool {
        guard isAccepted || gate.takes(action, requestID: requestID, now: turn.now) else {
            askForBoot(&turn)
            return false
        }
        hear(&turn)
        return true
    }

    /// Any message counts as a sign of life (G02.FR.04).
    mutating func hear(_ turn: inout DeskTurn) {
        if everyday.registration.hear(now: turn.now, settings: settings.everyday) {
            turn.keep(.presence(.heard, at: turn.now))
        }
    }

    private mutating func receiveEveryday(
        _ id: String, _ request: V2.Request, _ turn: inout DeskTurn
    ) -> Bool {
        switch request {
        case .heartbeat: turn.answer(id, .heartbeat(.init(currentTime: turn.now.wholeMilliseconds)))
        case .statusNotification(let request): statusNotification(id, request, &turn)
        case .meterValues(let request):
            noteIdleReading(evse: request.evseId, EnergyReadings(request.meterValue), &turn)
            turn.keep(
                .payload(
                    KeptPayload(
                        action: "MeterValues", transactionID: nil, sequence: 0, event: nil,
                        evse: Int32(clamping: request.evseId), receivedAt: turn.now)))
            turn.answer(id, .meterValues(.init()))
        case .authorize(let request): authorize(id, request, &turn)
        case .transactionEvent(let request):
            transactionEvent(id, request, lookUp: .notAsked, &turn)
        case .dataTransfer(let request): dataTransfer(id, request, &turn)
        default: return false
        }
        return true
    }

    // MARK: everyday messages

    mutating func transactionEvent(
        _ id: String, _ request: V2.TransactionEventRequest, lookUp: LookUp, _ turn: inout DeskTurn
    ) {
        guard let event = Core.TransactionEventRequest(request) else {
            return turn.refuse(id, .propertyConstraintViolation, "transactionId or seqNo cannot be used")
        }
        switch book(event, lookUp: lookUp, &turn) {
        case .refused(let code): turn.refuse(id, code, "the event cannot be booked")
        case .needsStore:
            wait(
                id, .v2(.transactionEvent(request)), for: .findTransaction(.id(event.transactionInfo.transactionId)),
                &turn)
        case .done(let info):
            turn.keep(
                .payload(
                    KeptPayload(
                        action: "TransactionEvent", transactionID: event.transactionInfo.transactionId,
                        sequence: event.seqNo, event: event.eventType, evse: event.evse?.id ?? 0,
                        receivedAt: turn.now)))
            if let remote = request.transactionInfo.remoteStartId { remoteStarted(remote, &turn) }
            if let reservation = request.reservationId { reservationUsed(reservation, &turn) }
            let priority = priority(of: info == nil ? nil : event.idToken, turn)
            turn.answer(
                id, .transactionEvent(.init(idTokenInfo: info.map { V2.IdTokenInfo($0, priority: priority) })))
        }
    }

    /// The register outside a transaction; implausible ones are left out and answered all the same.
    mutating func noteIdleReading(
        evse: Int, _ readings: EnergyReadings, _ turn: inout DeskTurn
    ) {
        guard let evse = Int32(exactly: evse), evse >= 0, let value = readings.latest else { return }
        _ = everyday.connectors.apply(Core.MeterValuesRequest(evseId: evse, meterValue: value))
    }

    private mutating func statusNotification(
        _ id: String, _ request: V2.StatusNotificationRequest, _ turn: inout DeskTurn
    ) {
        guard let evse = Int32(exactly: request.evseId), let connector = Int32(exactly: request.connectorId) else {
            return turn.refuse(id, .propertyConstraintViolation, "evseId or connectorId out of range")
        }
        let state = ConnectorState(
            evse: evse, connector: connector,
            status: Words.connectorStates[Int(request.connectorStatus.rawValue)],
            statusText: request.connectorStatus.wireText, changedAt: request.timestamp)
        guard note(state, &turn) else {
            return turn.refuse(id, .propertyConstraintViolation, "no such connector, or too many")
        }
        turn.answer(id, .statusNotification(.init()))
    }

    private mutating func dataTransfer(_ id: String, _ request: V2.DataTransferRequest, _ turn: inout DeskTurn) {
        let status = vendorStatus(vendor: request.vendorId, message: request.messageId)
        if status == .accepted {
            turn.note(.dataTransfer, request.vendorId, request.json(version: wireVersion))
        }
        turn.answer(id, .dataTransfer(.init(status: status)))
    }

    /// P02: a vendor nobody knows, a message of a known one that is not taken, or a message that is.
    func vendorStatus(vendor: String, message: String?) -> V2.DataTransferStatusEnum {
        guard let known = settings.vendors.first(where: { $0.vendorID.lowercased() == vendor.lowercased() }) else {
            return .unknownVendorId
        }
        guard !known.messageIDs.isEmpty else { return .accepted }
        return message.map(known.messageIDs.contains) == true ? .accepted : .unknownMessageId
    }

    /// The version of the connection, for JSON that is kept.
    var wireVersion: OCPPVersion { version ?? profile?.version ?? .v21 }
}

extension V2.Request {
    /// Of the report that the message is a part of, or of the request it tells the progress of.
    var requestID: Int? {
        switch self {
        case .notifyReport(let request): request.requestId
        case .notifyMonitoringReport(let request): request.requestId
        case .notifyCustomerInformation(let request): request.requestId
        case .notifyDisplayMessages(let request): request.requestId
        case .reportChargingProfiles(let request): request.requestId
        case .reportDERControl(let request): request.requestId
        default: nil
        }
    }
}
