internal import OCPP
internal import OCPPMessages

/// Reports that come in parts, and events.
extension StationDesk {
    mutating func receiveReport(_ id: String, _ request: V2.Request, _ turn: inout DeskTurn) -> Bool {
        switch request {
        case .notifyReport(let request):
            take(.variables, request.requestId, request.seqNo, request.tbc, &turn)
            for data in request.reportData ?? [] { keep(data, &turn) }
            turn.answer(id, .notifyReport(.init()))
        case .notifyMonitoringReport(let request):
            take(.monitors, request.requestId, request.seqNo, request.tbc, &turn)
            for data in request.monitor ?? [] { keep(data, &turn) }
            turn.answer(id, .notifyMonitoringReport(.init()))
        case .notifyCustomerInformation(let request):
            let text = reports.append(request.data, requestID: request.requestId, seqNo: request.seqNo)
            if take(.customerInformation, request.requestId, request.seqNo, request.tbc, &turn) {
                turn.note(.customerInformation, "\(request.requestId)", JSONText(string: text).bytes)
            }
            turn.answer(id, .notifyCustomerInformation(.init()))
        case .notifyDisplayMessages(let request):
            for message in request.messageInfo ?? [] {
                turn.put(.displayMessage, "\(message.id)", message.json(version: wireVersion))
            }
            takeUncounted(.displayMessages, request.requestId, request.tbc, &turn)
            turn.answer(id, .notifyDisplayMessages(.init()))
        case .reportChargingProfiles(let request):
            for profile in request.chargingProfile { keep(profile, evse: request.evseId, &turn) }
            takeUncounted(.chargingProfiles, request.requestId, request.tbc, &turn)
            turn.answer(id, .reportChargingProfiles(.init()))
        case .notifyEvent(let request):
            for event in request.eventData { keep(event, &turn) }
            turn.answer(id, .notifyEvent(.init()))
        case .openPeriodicEventStream(let request):
            let stream = request.constantStreamData
            turn.put(.eventStream, "\(stream.id)", stream.json(version: wireVersion))
            turn.answer(id, .openPeriodicEventStream(.init(status: .accepted)))
        case .closePeriodicEventStream(let request):
            turn.keep(.forget(.eventStream, pattern: "\(request.id)"))
            turn.answer(id, .closePeriodicEventStream(.init()))
        case .notifyPeriodicEventStream(let request):  // a SEND: nobody waits for an answer
            turn.note(.streamData, "\(request.id)", request.json(version: wireVersion))
        default: return false
        }
        return true
    }

    /// Notes one part of a report whose parts are numbered; `true` when the report has come completely with it.
    @discardableResult
    private mutating func take(
        _ kind: Reports.Kind, _ requestID: Int, _ seqNo: Int, _ tbc: Bool?, _ turn: inout DeskTurn
    ) -> Bool {
        let end = reports.take(kind, requestID: requestID, seqNo: seqNo, isLast: tbc != true)
        return reportEnd(end, kind, requestID, &turn)
    }

    private mutating func takeUncounted(
        _ kind: Reports.Kind, _ requestID: Int, _ tbc: Bool?, _ turn: inout DeskTurn
    ) {
        reportEnd(tbc == true ? .open : .complete, kind, requestID, &turn)
    }

    @discardableResult
    private mutating func reportEnd(
        _ end: Reports.State, _ kind: Reports.Kind, _ requestID: Int, _ turn: inout DeskTurn
    ) -> Bool {
        switch end {
        case .open: return false
        case .complete:
            gate.ends(requestID: requestID)
            turn.note(.reportComplete, "\(kind.rawValue) \(requestID)")
            return true
        case .lacksParts:
            turn.note(.reportIncomplete, "\(kind.rawValue) \(requestID)")
            return false
        }
    }

    // MARK: what the parts say

    private func keep(_ data: V2.ReportData, _ turn: inout DeskTurn) {
        let characteristics = data.variableCharacteristics?.json(version: wireVersion)
        for attribute in data.variableAttribute {
            turn.keep(
                .variable(
                    VariableValue(
                        component: data.component.path, variable: data.variable.path,
                        attribute: attribute.type ?? .actual, value: attribute.value,
                        mutability: attribute.mutability ?? .readWrite, characteristics: characteristics),
                    at: turn.now))
        }
    }

    private func keep(_ data: V2.MonitoringData, _ turn: inout DeskTurn) {
        for monitor in data.variableMonitoring {
            var one = data
            one.variableMonitoring = [monitor]
            turn.put(.monitor, "\(monitor.id)", one.json(version: wireVersion))
        }
    }

    /// One row per id, whatever it applied to before.
    func keep(_ profile: V2.ChargingProfile, evse: Int, _ turn: inout DeskTurn) {
        turn.keep(.forget(.chargingProfile, pattern: "*/*/*/\(profile.id)"))
        let purpose = profile.chargingProfilePurpose.wireText
        turn.put(
            .chargingProfile, "\(purpose)/\(evse)/\(profile.stackLevel)/\(profile.id)",
            profile.json(version: wireVersion))
    }

    private func keep(_ event: V2.EventData, _ turn: inout DeskTurn) {
        turn.note(
            .event, event.component.path, event.json(version: wireVersion), happened: event.timestamp,
            isCritical: event.trigger == .alerting && (event.severity ?? 9) <= 3)
        turn.keep(
            .variable(
                VariableValue(
                    component: event.component.path, variable: event.variable.path, attribute: .actual,
                    value: event.actualValue),
                at: turn.now))
    }
}

extension V2.Component {
    /// See ``VariableValue/component``.
    var path: String {
        var text = name
        if let instance { text += "[\(instance)]" }
        if let evse {
            text += "@\(evse.id)"
            if let connector = evse.connectorId { text += ".\(connector)" }
        }
        return text
    }
}

extension V2.Variable {
    /// See ``VariableValue/variable``.
    var path: String { instance.map { "\(name)[\($0)]" } ?? name }
}
