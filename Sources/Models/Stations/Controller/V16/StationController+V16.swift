internal import OCPP
internal import OCPPMessages

// Requests of a CSMS in OCPP 1.6, answered by the blocks, which speak 2.x.
extension StationController {
    /// Answers a request; `nil` when the answer was put off, or for an action that no CSMS sends.
    /// - Parameter transactionID: of the transaction that the request names by the CSMS's number; `nil` when that is
    ///   not known.
    mutating func answer16(_ request: V16.Request, transactionID: String?) -> V16.Response? {
        switch request {
        case .getConfiguration(let r): return .getConfiguration(getConfiguration(r))
        case .changeConfiguration(let r): return .changeConfiguration(changeConfiguration(r))
        case .changeAvailability(let r): return changeAvailability(r)
        case .remoteStopTransaction:
            guard let transactionID else { return .remoteStopTransaction(.init(status: .rejected)) }
            return ask(.requestStopTransaction(.init(transactionId: transactionID)), for: request)
        case .remoteStartTransaction(let r): return remoteStart(r)
        case .triggerMessage(let r): return trigger(r)
        case .extendedTriggerMessage(let r): return trigger(r)
        case .setChargingProfile(let r): return setChargingProfile(r, transactionID: transactionID)
        case .getCompositeSchedule(let r): return compositeSchedule(r)
        case .getInstalledCertificateIds(let r): return installedCertificates(r)
        case .updateFirmware(let r):
            ways16.isUnsignedUpdate = true
            context.deferral = nil
            let update = V2.UpdateFirmwareRequest(
                requestId: context.nextID(),
                firmware: V2.Firmware(location: r.location, retrieveDateTime: r.retrieveDate), retries: r.retries,
                retryInterval: r.retryInterval)
            _ = blocks.answer(.updateFirmware(update), context: &context)
            context.deferral = nil
            return .updateFirmware(V16.UpdateFirmwareResponse())
        case .getDiagnostics(let r):
            ways16.isDiagnostics = true
            let log = V2.GetLogRequest(
                log: V2.LogParameters(
                    remoteLocation: r.location, oldestTimestamp: r.startTime, latestTimestamp: r.stopTime),
                logType: .diagnosticsLog, requestId: context.nextID(), retries: r.retries,
                retryInterval: r.retryInterval)
            return ask(.getLog(log), for: request)
        default:
            guard let translated = V16Dialect.request(request, connectors: connectors) else { return nil }
            if case .signedUpdateFirmware = request { ways16.isUnsignedUpdate = false }
            if case .getLog = request { ways16.isDiagnostics = false }
            return ask(translated, for: request)
        }
    }

    /// The answer to a request that was put off.
    func lateAnswer16(_ response: V2.Response, to action: V16.Action) -> V16.Response? {
        V16Dialect.response(response, to: action)
    }

    /// EVSE and connector of each 1.6 connector, which counts them through from 1.
    var connectors: V16Connectors { V16Connectors(counts: context.evses.map(\.connectorCount)) }

    private mutating func ask(_ request: V2.Request, for original: V16.Request) -> V16.Response? {
        blocks.answer(request, context: &context).flatMap { V16Dialect.response($0, to: original.action) }
    }

    private mutating func changeAvailability(_ request: V16.ChangeAvailabilityRequest) -> V16.Response {
        let evse = connectors.evse(request.connectorId)
        guard request.connectorId == 0 || evse != nil else { return .changeAvailability(.init(status: .rejected)) }
        let asked = V2.Request.changeAvailability(
            .init(operationalStatus: request.type == .operative ? .operative : .inoperative, evse: evse))
        guard case .changeAvailability(let answer) = blocks.answer(asked, context: &context) else {
            return .changeAvailability(.init(status: .rejected))
        }
        return .changeAvailability(
            .init(status: V16.AvailabilityStatus(wireText: answer.status.wireText) ?? .rejected))
    }

    private mutating func remoteStart(_ request: V16.RemoteStartTransactionRequest) -> V16.Response {
        let evse = request.connectorId.map { connectors.evse($0) }
        let profile = request.chargingProfile
        // A profile of a remote start is a TxProfile without transaction (1.6, 5.11).
        let isWrong = profile.map { $0.chargingProfilePurpose != .txProfile || $0.transactionId != nil } ?? false
        guard evse.map({ $0 != nil }) ?? true, !isWrong else {
            return .remoteStartTransaction(.init(status: .rejected))
        }
        let start = V2.RequestStartTransactionRequest(
            idToken: V16Dialect.token(request.idTag), remoteStartId: context.nextID(), evseId: evse??.id,
            chargingProfile: profile.map { V16Dialect.profile($0, transactionID: nil) })
        let answer = blocks.remoteControl.requestStartTransaction(
            start, connector: evse??.connectorId, context: &context)
        return .remoteStartTransaction(.init(status: answer.status == .accepted ? .accepted : .rejected))
    }

    private mutating func trigger(_ request: V16.TriggerMessageRequest) -> V16.Response {
        let (evse, isKnown) = triggerTarget(request.connectorId)
        guard isKnown else { return .triggerMessage(.init(status: .rejected)) }
        if request.requestedMessage == .statusNotification, triggerStationStatus(request.connectorId) {
            return .triggerMessage(.init(status: .accepted))
        }
        let message: V2.MessageTriggerEnum
        switch request.requestedMessage {
        case .bootNotification: message = .bootNotification
        case .heartbeat: message = .heartbeat
        case .meterValues: message = .meterValues
        case .statusNotification: message = .statusNotification
        case .firmwareStatusNotification:
            ways16.isUnsignedUpdate = true
            message = .firmwareStatusNotification
        case .diagnosticsStatusNotification:
            ways16.isDiagnostics = true
            message = .logStatusNotification
        }
        return ask(
            .triggerMessage(.init(requestedMessage: message, evse: evse)), for: .triggerMessage(request))
            ?? .triggerMessage(.init(status: .rejected))
    }

    private mutating func trigger(_ request: V16.ExtendedTriggerMessageRequest) -> V16.Response {
        let (evse, isKnown) = triggerTarget(request.connectorId)
        guard isKnown else { return .extendedTriggerMessage(.init(status: .rejected)) }
        if request.requestedMessage == .statusNotification, triggerStationStatus(request.connectorId) {
            return .extendedTriggerMessage(.init(status: .accepted))
        }
        let message: V2.MessageTriggerEnum
        switch request.requestedMessage {
        case .bootNotification: message = .bootNotification
        case .heartbeat: message = .heartbeat
        case .meterValues: message = .meterValues
        case .statusNotification: message = .statusNotification
        case .firmwareStatusNotification:
            ways16.isUnsignedUpdate = false
            message = .firmwareStatusNotification
        case .logStatusNotification:
            ways16.isDiagnostics = false
            message = .logStatusNotification
        case .signChargePointCertificate: message = .signChargingStationCertificate
        }
        return ask(
            .triggerMessage(.init(requestedMessage: message, evse: evse)), for: .extendedTriggerMessage(request))
            ?? .extendedTriggerMessage(.init(status: .rejected))
    }

    /// Connector 0 has a state of its own, told when it or all are asked for. Returns whether that is all.
    private mutating func triggerStationStatus(_ connectorID: Int?) -> Bool {
        guard (connectorID ?? 0) == 0 else { return false }
        context.announce(.triggered(.statusNotification, custom: nil))
        return connectorID == 0
    }

    /// Connector 0 and none mean the whole charging station.
    private func triggerTarget(_ connectorID: Int?) -> (evse: V2.EVSE?, isKnown: Bool) {
        guard let connectorID, connectorID != 0 else { return (nil, true) }
        let evse = connectors.evse(connectorID)
        return (evse, evse != nil)
    }

    private mutating func setChargingProfile(
        _ request: V16.SetChargingProfileRequest, transactionID: String?
    ) -> V16.Response {
        let profile = request.csChargingProfiles
        let evse = request.connectorId == 0 ? 0 : connectors.evse(request.connectorId)?.id
        guard let evse else { return .setChargingProfile(.init(status: .rejected)) }
        if profile.transactionId != nil, transactionID == nil { return .setChargingProfile(.init(status: .rejected)) }
        let asked = V2.SetChargingProfileRequest(
            evseId: evse, chargingProfile: V16Dialect.profile(profile, transactionID: transactionID))
        return ask(.setChargingProfile(asked), for: .setChargingProfile(request))
            ?? .setChargingProfile(.init(status: .notSupported))
    }

    private mutating func compositeSchedule(_ request: V16.GetCompositeScheduleRequest) -> V16.Response {
        let rejected = V16.Response.getCompositeSchedule(.init(status: .rejected))
        guard let evse = request.connectorId == 0 ? 0 : connectors.evse(request.connectorId)?.id else {
            return rejected
        }
        let asked = V2.GetCompositeScheduleRequest(
            duration: request.duration, evseId: evse,
            chargingRateUnit: request.chargingRateUnit.map { $0 == .a ? .a : .w })
        guard case .getCompositeSchedule(let answer) = blocks.answer(.getCompositeSchedule(asked), context: &context),
            answer.status == .accepted, let schedule = answer.schedule
        else { return rejected }
        return .getCompositeSchedule(
            .init(
                status: .accepted, connectorId: request.connectorId, scheduleStart: schedule.scheduleStart,
                chargingSchedule: V16Dialect.schedule(schedule)))
    }

    private mutating func installedCertificates(_ request: V16.GetInstalledCertificateIdsRequest) -> V16.Response {
        let type: V2.GetCertificateIdUseEnum =
            request.certificateType == .manufacturerRootCertificate
            ? .manufacturerRootCertificate : .csmsRootCertificate
        guard
            case .getInstalledCertificateIds(let answer) = blocks.answer(
                .getInstalledCertificateIds(.init(certificateType: [type])), context: &context),
            answer.status == .accepted, let chains = answer.certificateHashDataChain, !chains.isEmpty
        else { return .getInstalledCertificateIds(.init(status: .notFound)) }
        return .getInstalledCertificateIds(
            .init(
                status: .accepted,
                certificateHashData: chains.map { V16Dialect.hashData($0.certificateHashData) }))
    }
}
