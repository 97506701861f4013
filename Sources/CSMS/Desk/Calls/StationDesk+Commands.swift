public import OCPP
public import OCPPMessages

/// Operators' commands: checked, queued, sent one at a time.
extension StationDesk {
    mutating func command(_ ticket: UInt64, _ request: AnyRequest, _ turn: inout DeskTurn) {
        guard let version else { return done(ticket, .offline, &turn) }
        if let problem = CommandRules.problem(with: request, in: version) {
            return done(ticket, .invalid(problem), &turn)
        }
        if let problem = registrationProblem(request) { return done(ticket, .invalid(problem), &turn) }
        switch request {
        case .v2(.requestStartTransaction(let start)):
            if let answer = recentStarts.answer(start.remoteStartId) {
                return done(ticket, .answered(.v2(.requestStartTransaction(answer))), &turn)
            }
            let isJoined = outbox.join(ticket: ticket) { other in
                guard case .v2(.requestStartTransaction(let other)) = other else { return false }
                return other.remoteStartId == start.remoteStartId
            }
            if isJoined { return }
        case .v16(.remoteStartTransaction(let start)):
            let isJoined = outbox.join(ticket: ticket) { $0 == .v16(.remoteStartTransaction(start)) }
            if isJoined { return }
        default: break
        }
        guard !outbox.isFull else { return done(ticket, .busy, &turn) }
        outbox.enqueue(command: request, ticket: ticket)
    }

    /// B02.FR.05 and B03: while it is Pending it can be set up, but starts nothing; Rejected, it is left alone.
    private func registrationProblem(_ request: AnyRequest) -> String? {
        if isAccepted { return nil }
        if profile?.registration == .rejected { return "the charging station is rejected" }
        switch request {
        case .v2(.requestStartTransaction), .v2(.requestStopTransaction), .v16(.remoteStartTransaction),
            .v16(.remoteStopTransaction):
            return "the charging station is not accepted yet"
        default: return nil
        }
    }

    func done(_ ticket: UInt64, _ outcome: CommandOutcome, _ turn: inout DeskTurn) {
        turn.outputs.append(.commandDone(ticket: ticket, outcome))
    }

    /// Sends the next call when none is under way.
    mutating func sendNext(_ turn: inout DeskTurn) {
        guard version != nil, let (id, call) = outbox.next(turn.now) else { return }
        if !isAccepted, let asked = call.request.asksFor {
            for action in asked.actions { gate.expect(action, requestID: asked.requestID, now: turn.now) }
        }
        turn.outputs.append(.call(id: id, call.request))
    }

    /// Everything that was to be sent or answered is not.
    mutating func dropCalls(_ failure: CallFailure, _ turn: inout DeskTurn) {
        for call in outbox.drop() { settle(call, failure, &turn) }
    }
}

/// What a command must be like beyond the schema.
public enum CommandRules {
    /// Why the standard does not allow the request; `nil` when it does.
    public static func problem(with request: AnyRequest, in version: OCPPVersion) -> String? {
        switch request {
        case .v16(let request):
            guard version == .v16 else { return "a message of OCPP 1.6 on a connection of \(version.rawValue)" }
            guard request.action.sender != .chargingStation else { return "only charging stations send this" }
            return schemaProblem(.v16(request), version) ?? ruleProblem(request)
        case .v2(let request):
            guard version.isV2 else { return "a message of OCPP 2.x on a connection of OCPP 1.6" }
            guard request.action.sender != .chargingStation else { return "only charging stations send this" }
            guard request.action.isIn(version) else { return "\(version.rawValue) does not know this" }
            return schemaProblem(.v2(request), version) ?? ruleProblem(request)
        }
    }

    /// Whether the peer will be able to read it.
    private static func schemaProblem(_ request: AnyRequest, _ version: OCPPVersion) -> String? {
        var writer = JSONWriter(version: version)
        request.write(to: &writer)
        var reader = JSONReader(writer.bytes, version: version)
        do throws(SchemaViolation) {
            _ = try AnyRequest(action: request.actionText, reading: &reader)
            return nil
        } catch {
            return error.description
        }
    }

    private static func ruleProblem(_ request: V16.Request) -> String? {
        switch request {
        case .remoteStartTransaction(let start):
            guard let profile = start.chargingProfile else { return nil }
            return profile.chargingProfilePurpose == .txProfile && profile.transactionId == nil
                ? nil : "a remote start carries a TxProfile without a transactionId"
        case .sendLocalList(let list):
            return list.listVersion > 0 ? nil : "a list's version is above 0"
        case .setChargingProfile(let set):
            return set.csChargingProfiles.chargingProfilePurpose == .txProfile && set.connectorId < 1
                ? "a TxProfile is for one connector" : nil
        default: return nil
        }
    }

    private static func ruleProblem(_ request: V2.Request) -> String? {
        switch request {
        case .requestStartTransaction(let start):
            guard let profile = start.chargingProfile else { return nil }
            return profile.chargingProfilePurpose == .txProfile && profile.transactionId == nil
                ? nil : "a remote start carries a TxProfile without a transactionId"  // F01.FR.08, FR.11
        case .sendLocalList(let list):
            return list.versionNumber > 0 ? nil : "a list's version is above 0"
        case .setChargingProfile(let set):
            switch set.chargingProfile.chargingProfilePurpose {
            case .chargingStationExternalConstraints: return "a CSMS sets no external constraints"  // K01.FR.05
            case .txProfile:
                if set.chargingProfile.transactionId == nil { return "a TxProfile names its transaction" }  // K01.FR.03
                return set.evseId < 1 ? "a TxProfile is for one EVSE" : nil  // K01.FR.16
            default: return nil
            }
        default: return nil
        }
    }
}

extension AnyRequest {
    /// Actions that the charging station sends because it was asked for them, and the requestId they carry.
    var asksFor: (actions: [String], requestID: Int?)? {
        switch self {
        case .v2(let request):
            switch request {
            case .triggerMessage(let trigger): (trigger.requestedMessage.actions, nil)
            case .getBaseReport(let get): (["NotifyReport"], get.requestId)
            case .getReport(let get): (["NotifyReport"], get.requestId)
            case .getMonitoringReport(let get): (["NotifyMonitoringReport"], get.requestId)
            case .customerInformation(let get): (["NotifyCustomerInformation"], get.requestId)
            case .getDisplayMessages(let get): (["NotifyDisplayMessages"], get.requestId)
            case .getChargingProfiles(let get): (["ReportChargingProfiles"], get.requestId)
            case .getDERControl(let get): (["ReportDERControl"], get.requestId)
            case .getLog: (["LogStatusNotification"], nil)
            case .updateFirmware: (["FirmwareStatusNotification"], nil)
            case .publishFirmware: (["PublishFirmwareStatusNotification"], nil)
            default: nil
            }
        case .v16(let request):
            switch request {
            case .triggerMessage(let trigger): ([trigger.requestedMessage.wireText], nil)
            case .extendedTriggerMessage(let trigger):
                (
                    trigger.requestedMessage == .signChargePointCertificate
                        ? ["SignCertificate"]
                        : trigger.requestedMessage == .firmwareStatusNotification
                            ? ["FirmwareStatusNotification", "SignedFirmwareStatusNotification"]
                            : [trigger.requestedMessage.wireText], nil
                )
            case .getDiagnostics: (["DiagnosticsStatusNotification"], nil)
            case .getLog: (["LogStatusNotification"], nil)
            case .updateFirmware: (["FirmwareStatusNotification"], nil)
            case .signedUpdateFirmware: (["SignedFirmwareStatusNotification"], nil)
            default: nil
            }
        }
    }
}

extension V2.MessageTriggerEnum {
    /// The actions it makes the charging station send.
    var actions: [String] {
        switch self {
        case .signChargingStationCertificate, .signV2GCertificate, .signV2G20Certificate, .signCombinedCertificate:
            ["SignCertificate"]
        case .customTrigger: []
        default: [wireText]
        }
    }
}
