internal import OCPP
internal import OCPPMessages

/// What a charging station of OCPP 2.x sends, and who sees to it.
extension StationDesk {
    mutating func receive(_ id: String, _ request: V2.Request, _ turn: inout DeskTurn) {
        let isAsked: Bool
        switch request {
        case .bootNotification(let request): return boot(id, request, &turn)
        case .transactionEvent(let request) where isAccepted:
            return transactionEvent(id, request, lookUp: .notAsked, isAsked: false, &turn)
        default:
            switch admit(request.action.wireText, requestID: request.requestID, &turn) {
            case .accepted: isAsked = false
            case .asked: isAsked = true
            case .refused:
                // B01.FR.10, B02.FR.09, B03.FR.07
                if request.action.isAnswered { turn.refuse(id, .securityError, "not accepted by the CSMS") }
                return
            }
        }
        if !receiveEveryday(id, request, isAsked: isAsked, &turn), !receiveReport(id, request, &turn),
            !receiveStatus(id, request, &turn), !receiveCertificates(id, request, &turn),
            !receiveCharging(id, request, &turn), !receiveEnergyResources(id, request, &turn)
        {
            turn.refuse(id, .notSupported, "only a CSMS sends this")
        }
    }

    /// Whether a message may come now, and a sign of life if so.
    mutating func admit(_ action: String, requestID: Int?, _ turn: inout DeskTurn) -> Admission {
        if isAccepted {
            csms.hear(from: 0, now: turn.now, effects: &everyday)
            keepEveryday(&turn)
            return .accepted
        }
        if gate.takes(action, requestID: requestID, now: turn.now) { return .asked }
        askForBoot(&turn)
        return .refused
    }

    /// The CSMS's answer to an everyday message that the core knows.
    mutating func ask(_ request: StationRequest, isAsked: Bool, _ turn: inout DeskTurn) -> CSMSResponse {
        let call = StationCall(messageID: IdentifierText(), request: request)
        let answer =
            isAsked
            ? csms.handleAsked(call, now: turn.now, directory: turn.directory, effects: &everyday)
            : csms.handle(call, from: 0, now: turn.now, directory: turn.directory, effects: &everyday)
        keepEveryday(&turn)
        return answer.response
    }

    private mutating func receiveEveryday(
        _ id: String, _ request: V2.Request, isAsked: Bool, _ turn: inout DeskTurn
    ) -> Bool {
        switch request {
        case .heartbeat:
            _ = ask(.heartbeat(.init()), isAsked: isAsked, &turn)
            turn.answer(id, .heartbeat(.init(currentTime: turn.now.wholeMilliseconds)))
        case .statusNotification(let request): statusNotification(id, request, isAsked: isAsked, &turn)
        case .meterValues(let request):
            noteIdleReading(evse: request.evseId, EnergyReadings(request.meterValue), isAsked: isAsked, &turn)
            turn.keep(
                .payload(
                    KeptPayload(
                        action: "MeterValues", transactionID: nil, sequence: 0, event: nil,
                        evse: Int32(clamping: request.evseId), receivedAt: turn.now)))
            turn.answer(id, .meterValues(.init()))
        case .authorize(let request): authorize(id, request, &turn)
        case .transactionEvent(let request):
            transactionEvent(id, request, lookUp: .notAsked, isAsked: isAsked, &turn)
        case .dataTransfer(let request): dataTransfer(id, request, &turn)
        default: return false
        }
        return true
    }

    // MARK: everyday messages

    mutating func transactionEvent(
        _ id: String, _ request: V2.TransactionEventRequest, lookUp: LookUp, isAsked: Bool, _ turn: inout DeskTurn
    ) {
        guard let event = Core.TransactionEventRequest(request) else {
            return turn.refuse(id, .propertyConstraintViolation, "transactionId or seqNo cannot be used")
        }
        switch book(event, lookUp: lookUp, isAsked: isAsked, &turn) {
        case .refused(let code): turn.refuse(id, code, "the event cannot be booked")
        case .needsStore:
            wait(
                id, .v2(.transactionEvent(request)), for: .findTransaction(.id(event.transactionInfo.transactionId)),
                isAsked: isAsked, &turn)
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
        evse: Int, _ readings: EnergyReadings, isAsked: Bool, _ turn: inout DeskTurn
    ) {
        guard let evse = Int32(exactly: evse), evse >= 0, let value = readings.latest else { return }
        _ = ask(.meterValues(.init(evseId: evse, meterValue: value)), isAsked: isAsked, &turn)
    }

    private mutating func statusNotification(
        _ id: String, _ request: V2.StatusNotificationRequest, isAsked: Bool, _ turn: inout DeskTurn
    ) {
        guard let evse = Int32(exactly: request.evseId), let connector = Int32(exactly: request.connectorId) else {
            return turn.refuse(id, .propertyConstraintViolation, "evseId or connectorId out of range")
        }
        let state = ConnectorState(
            evse: evse, connector: connector,
            status: Words.connectorStates[Int(request.connectorStatus.rawValue)],
            statusText: request.connectorStatus.wireText, changedAt: request.timestamp)
        guard note(state, isAsked: isAsked, &turn) else {
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

/// Whether a message may come.
enum Admission {
    /// The charging station is accepted.
    case accepted
    /// It is not, but was asked for the message.
    case asked
    case refused
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
