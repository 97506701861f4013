internal import OCPP
internal import OCPPMessages

/// What an answer to an own call, of an operator or of the desk, tells about the charging station from then on.
extension StationDesk {
    mutating func learn(_ request: AnyRequest, _ response: AnyResponse, _ turn: inout DeskTurn) {
        switch (request, response) {
        case (.v2(let request), .v2(let response)):
            learnSettings(request, response, &turn)
            learnObjects(request, response, &turn)
            learnPromises(request, response, &turn)
        case (.v16(let request), .v16(let response)): learn(request, response, &turn)
        default: break
        }
    }

    private mutating func learnSettings(_ request: V2.Request, _ response: V2.Response, _ turn: inout DeskTurn) {
        switch (request, response) {
        case (.setVariables(let request), .setVariables(let answer)):
            for result in answer.setVariableResult {
                guard result.attributeStatus == .accepted || result.attributeStatus == .rebootRequired else {
                    turn.note(
                        .provisioning,
                        "\(result.attributeStatus.wireText) \(result.component.path)/\(result.variable.path)")
                    continue
                }
                let set = request.setVariableData.first {
                    $0.component == result.component && $0.variable == result.variable
                        && ($0.attributeType ?? .actual) == (result.attributeType ?? .actual)
                }
                guard let set, set.variable.name != "BasicAuthPassword" else { continue }
                turn.keep(
                    .variable(
                        VariableValue(
                            component: set.component.path, variable: set.variable.path,
                            attribute: set.attributeType ?? .actual, value: set.attributeValue),
                        at: turn.now))
            }
        case (_, .getVariables(let answer)):
            for result in answer.getVariableResult where result.attributeStatus == .accepted {
                turn.keep(
                    .variable(
                        VariableValue(
                            component: result.component.path, variable: result.variable.path,
                            attribute: result.attributeType ?? .actual, value: result.attributeValue),
                        at: turn.now))
            }
        case (.setVariableMonitoring(let request), .setVariableMonitoring(let answer)):
            for result in answer.setMonitoringResult where result.status == .accepted {
                guard let id = result.id,
                    let set = request.setMonitoringData.first(where: {
                        $0.component == result.component && $0.variable == result.variable && $0.type == result.type
                            && $0.severity == result.severity
                    })
                else { continue }
                let monitor = V2.MonitoringData(
                    component: set.component, variable: set.variable,
                    variableMonitoring: [
                        V2.VariableMonitoring(
                            id: id, transaction: set.transaction ?? false, value: set.value, type: set.type,
                            severity: set.severity, eventNotificationType: .customMonitor)
                    ])
                turn.put(.monitor, "\(id)", monitor.json(version: wireVersion))
            }
        case (_, .clearVariableMonitoring(let answer)):
            for result in answer.clearMonitoringResult where result.status != .rejected {
                turn.keep(.forget(.monitor, pattern: "\(result.id)"))
            }
        case (.setNetworkProfile(let request), .setNetworkProfile(let answer)) where answer.status == .accepted:
            var kept = request  // secrets are for the charging station alone
            kept.connectionData.basicAuthPassword = nil
            kept.connectionData.apn = nil
            kept.connectionData.vpn = nil
            turn.put(.networkProfile, "\(request.configurationSlot)", kept.json(version: wireVersion))
        default: break
        }
    }

    private mutating func learnObjects(_ request: V2.Request, _ response: V2.Response, _ turn: inout DeskTurn) {
        switch (request, response) {
        case (.setChargingProfile(let request), .setChargingProfile(let answer)) where answer.status == .accepted:
            keep(request.chargingProfile, evse: request.evseId, &turn)
        case (.clearChargingProfile(let request), .clearChargingProfile(let answer)) where answer.status == .accepted:
            turn.keep(.forget(.chargingProfile, pattern: request.pattern))
        case (.updateDynamicSchedule(let request), .updateDynamicSchedule(let answer)) where answer.status == .accepted:
            memory.dynamicSchedules.removeAll { $0.profileID == request.chargingProfileId }
            if memory.dynamicSchedules.count == DeskMemory.listMax { memory.dynamicSchedules.removeFirst() }
            memory.dynamicSchedules.append(
                DynamicSchedule(
                    profileID: request.chargingProfileId, json: request.scheduleUpdate.json(version: .v21)))
        case (.reserveNow(let request), .reserveNow(let answer)) where answer.status == .accepted:
            turn.put(.reservation, "\(request.id)", request.json(version: wireVersion))
        case (.cancelReservation(let request), .cancelReservation(let answer)) where answer.status == .accepted:
            turn.keep(.forget(.reservation, pattern: "\(request.reservationId)"))
        case (.setDisplayMessage(let request), .setDisplayMessage(let answer)) where answer.status == .accepted:
            turn.put(.displayMessage, "\(request.message.id)", request.message.json(version: wireVersion))
        case (.clearDisplayMessage(let request), .clearDisplayMessage(let answer)) where answer.status != .rejected:
            turn.keep(.forget(.displayMessage, pattern: "\(request.id)"))
        case (_, .getInstalledCertificateIds(let answer)):
            for chain in answer.certificateHashDataChain ?? [] {
                turn.put(
                    .installedCertificate,
                    "\(chain.certificateType.wireText)/\(chain.certificateHashData.serialNumber)",
                    chain.json(version: wireVersion))
            }
        case (.deleteCertificate(let request), .deleteCertificate(let answer)) where answer.status != .failed:
            turn.keep(.forget(.installedCertificate, pattern: "*/\(request.certificateHashData.serialNumber)"))
        case (.installCertificate(let request), .installCertificate(let answer)):
            turn.note(.certificate, "\(request.certificateType.wireText) \(answer.status.wireText)")
        case (_, .getPeriodicEventStream(let answer)):
            for stream in answer.constantStreamData ?? [] {
                turn.put(.eventStream, "\(stream.id)", stream.json(version: wireVersion))
            }
        case (.setDERControl(let request), .setDERControl(let answer)) where answer.status == .accepted:
            for superseded in answer.supersededIds ?? [] {
                turn.keep(.forget(.derControl, pattern: "*/*/\(superseded)"))
            }
            turn.put(
                .derControl, derKey(request.controlType.wireText, request.isDefault, request.controlId),
                request.json(version: wireVersion))
        case (.clearDERControl(let request), .clearDERControl(let answer)) where answer.status == .accepted:
            let type = request.controlType?.wireText ?? "*"
            turn.keep(
                .forget(
                    .derControl,
                    pattern: "\(type)/\(request.isDefault ? "default" : "scheduled")/\(request.controlId ?? "*")"))
        default: break
        }
    }

    private mutating func learnPromises(_ request: V2.Request, _ response: V2.Response, _ turn: inout DeskTurn) {
        switch (request, response) {
        case (.requestStartTransaction(let request), .requestStartTransaction(let answer)):
            recentStarts.add(request.remoteStartId, answer)
            guard answer.status == .accepted else { break }
            noteRemoteStart(
                RemoteStart(
                    remoteStartID: request.remoteStartId, idToken: request.idToken.idToken, evse: request.evseId ?? 0,
                    expires: turn.now.adding(seconds: settings.remoteStartTimeoutS)), &turn)
        case (.reset(let request), .reset(let answer)) where answer.status != .rejected:
            promise(.reset, evse: request.evseId ?? 0, connector: 0, request.json(version: wireVersion), &turn)
        case (.changeAvailability(let request), .changeAvailability(let answer)) where answer.status == .scheduled:
            promise(
                request.operationalStatus == .operative ? .operative : .inoperative, evse: request.evse?.id ?? 0,
                connector: request.evse?.connectorId ?? 0, request.json(version: wireVersion), &turn)
        case (_, .getLocalListVersion(let answer)):
            memory.localListVersion = answer.versionNumber / LocalListOrder.versionsPerList
        default: break
        }
    }

    // MARK: OCPP 1.6

    private mutating func learn(_ request: V16.Request, _ response: V16.Response, _ turn: inout DeskTurn) {
        switch (request, response) {
        case (_, .getConfiguration(let answer)):
            for key in answer.configurationKey ?? [] {
                turn.keep(
                    .variable(
                        VariableValue(
                            component: "", variable: key.key, attribute: .actual, value: key.value,
                            mutability: key.readonly ? .readOnly : .readWrite),
                        at: turn.now))
            }
        case (.changeConfiguration(let request), .changeConfiguration(let answer)):
            guard answer.status == .accepted || answer.status == .rebootRequired else {
                turn.note(.provisioning, "\(answer.status.wireText) \(request.key)")
                break
            }
            guard request.key.lowercased() != "authorizationkey" else { break }
            turn.keep(
                .variable(
                    VariableValue(component: "", variable: request.key, attribute: .actual, value: request.value),
                    at: turn.now))
        case (.setChargingProfile(let request), .setChargingProfile(let answer)) where answer.status == .accepted:
            let profile = request.csChargingProfiles
            turn.keep(.forget(.chargingProfile, pattern: "*/*/*/\(profile.chargingProfileId)"))
            turn.put(
                .chargingProfile,
                "\(profile.chargingProfilePurpose.wireText)/\(request.connectorId)/\(profile.stackLevel)"
                    + "/\(profile.chargingProfileId)", profile.json(version: .v16))
        case (.clearChargingProfile(let request), .clearChargingProfile(let answer)) where answer.status == .accepted:
            turn.keep(.forget(.chargingProfile, pattern: request.pattern))
        case (.reserveNow(let request), .reserveNow(let answer)) where answer.status == .accepted:
            turn.put(.reservation, "\(request.reservationId)", request.json(version: .v16))
        case (.cancelReservation(let request), .cancelReservation(let answer)) where answer.status == .accepted:
            turn.keep(.forget(.reservation, pattern: "\(request.reservationId)"))
        case (.getInstalledCertificateIds(let request), .getInstalledCertificateIds(let answer)):
            for hash in answer.certificateHashData ?? [] {
                turn.put(
                    .installedCertificate, "\(request.certificateType.wireText)/\(hash.serialNumber)",
                    hash.json(version: .v16))
            }
        case (.deleteCertificate(let request), .deleteCertificate(let answer)) where answer.status != .failed:
            turn.keep(.forget(.installedCertificate, pattern: "*/\(request.certificateHashData.serialNumber)"))
        case (.installCertificate(let request), .installCertificate(let answer)):
            turn.note(.certificate, "\(request.certificateType.wireText) \(answer.status.wireText)")
        case (.remoteStartTransaction(let request), .remoteStartTransaction(let answer))
        where answer.status == .accepted:
            noteRemoteStart(
                RemoteStart(
                    remoteStartID: 0, idToken: request.idTag, evse: request.connectorId ?? 0,
                    expires: turn.now.adding(seconds: settings.remoteStartTimeoutS)), &turn)
        case (.reset(let request), .reset(let answer)) where answer.status == .accepted:
            promise(.reset, evse: 0, connector: 0, request.json(version: .v16), &turn)
        case (.changeAvailability(let request), .changeAvailability(let answer)) where answer.status == .scheduled:
            promise(
                request.type == .operative ? .operative : .inoperative, evse: request.connectorId, connector: 0,
                request.json(version: .v16), &turn)
        case (_, .getLocalListVersion(let answer)):
            memory.localListVersion = answer.listVersion / LocalListOrder.versionsPerList
        default: break
        }
    }
}

extension V2.ClearChargingProfileRequest {
    /// The profiles it clears, by the key of ``RecordKind/chargingProfile``: an id alone, else what the criteria name.
    fileprivate var pattern: String {
        if let chargingProfileId { return "*/*/*/\(chargingProfileId)" }
        let criteria = chargingProfileCriteria
        let purpose = criteria?.chargingProfilePurpose?.wireText ?? "*"
        let evse = criteria?.evseId.map { "\($0)" } ?? "*"
        let level = criteria?.stackLevel.map { "\($0)" } ?? "*"
        return "\(purpose)/\(evse)/\(level)/*"
    }
}

extension V16.ClearChargingProfileRequest {
    /// The profiles it clears, by the key of ``RecordKind/chargingProfile``: an id alone, else what the criteria name.
    fileprivate var pattern: String {
        if let id { return "*/*/*/\(id)" }
        let evse = connectorId.map { "\($0)" } ?? "*"
        let level = stackLevel.map { "\($0)" } ?? "*"
        return "\(chargingProfilePurpose?.wireText ?? "*")/\(evse)/\(level)/*"
    }
}
