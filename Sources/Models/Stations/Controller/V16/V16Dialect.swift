internal import OCPP
internal import OCPPMessages
internal import OCPPWire

/// Words of OCPP 1.6 put into those of 2.x and back, where one request is one request.
enum V16Dialect {
    /// The 2.x form of a CSMS's request; `nil` for those that the controller answers itself and for what is not a CSMS's.
    static func request(_ request: V16.Request, connectors: V16Connectors) -> V2.Request? {
        switch request {
        case .clearCache: return .clearCache(.init())
        case .reset(let r): return .reset(.init(type: r.type == .hard ? .immediate : .onIdle))
        case .unlockConnector(let r):
            let evse = connectors.evse(r.connectorId)
            return .unlockConnector(.init(evseId: evse?.id ?? Int(Int32.max), connectorId: evse?.connectorId ?? 1))
        case .getLocalListVersion: return .getLocalListVersion(.init())
        case .sendLocalList(let r):
            return .sendLocalList(
                .init(
                    versionNumber: r.listVersion, updateType: r.updateType == .full ? .full : .differential,
                    localAuthorizationList: r.localAuthorizationList?.map {
                        V2.AuthorizationData(idToken: token($0.idTag), idTokenInfo: $0.idTagInfo.map(info))
                    }))
        case .reserveNow(let r):
            return .reserveNow(
                .init(
                    id: r.reservationId, expiryDateTime: r.expiryDate, idToken: token(r.idTag),
                    evseId: r.connectorId == 0 ? nil : connectors.evse(r.connectorId)?.id ?? Int(Int32.max),
                    groupIdToken: r.parentIdTag.map { V2.IdToken(idToken: $0, type: "Central") }))
        case .cancelReservation(let r): return .cancelReservation(.init(reservationId: r.reservationId))
        case .clearChargingProfile(let r):
            let criteria = V2.ClearChargingProfile(
                evseId: r.connectorId.map { $0 == 0 ? 0 : connectors.evse($0)?.id ?? Int(Int32.max) },
                chargingProfilePurpose: r.chargingProfilePurpose.map(purpose), stackLevel: r.stackLevel)
            let isEmpty = r.connectorId == nil && r.chargingProfilePurpose == nil && r.stackLevel == nil
            return .clearChargingProfile(
                .init(chargingProfileId: r.id, chargingProfileCriteria: isEmpty ? nil : criteria))
        case .dataTransfer(let r):
            return .dataTransfer(
                .init(vendorId: r.vendorId, messageId: r.messageId, data: r.data.map { JSONText(string: $0) }))
        case .getLog(let r):
            return .getLog(
                .init(
                    log: V2.LogParameters(
                        remoteLocation: r.log.remoteLocation, oldestTimestamp: r.log.oldestTimestamp,
                        latestTimestamp: r.log.latestTimestamp),
                    logType: r.logType == .securityLog ? .securityLog : .diagnosticsLog, requestId: r.requestId,
                    retries: r.retries, retryInterval: r.retryInterval))
        case .signedUpdateFirmware(let r):
            return .updateFirmware(
                .init(
                    requestId: r.requestId,
                    firmware: V2.Firmware(
                        location: r.firmware.location, retrieveDateTime: r.firmware.retrieveDateTime,
                        installDateTime: r.firmware.installDateTime,
                        signingCertificate: r.firmware.signingCertificate, signature: r.firmware.signature),
                    retries: r.retries, retryInterval: r.retryInterval))
        case .certificateSigned(let r):
            return .certificateSigned(
                .init(certificateChain: r.certificateChain, certificateType: .chargingStationCertificate))
        case .installCertificate(let r):
            return .installCertificate(
                .init(
                    certificateType: r.certificateType == .manufacturerRootCertificate
                        ? .manufacturerRootCertificate : .csmsRootCertificate, certificate: r.certificate))
        case .deleteCertificate(let r):
            return .deleteCertificate(.init(certificateHashData: hashData(r.certificateHashData)))
        case .getConfiguration, .changeConfiguration, .changeAvailability, .remoteStartTransaction,
            .remoteStopTransaction, .triggerMessage, .extendedTriggerMessage, .setChargingProfile,
            .getCompositeSchedule, .getInstalledCertificateIds, .updateFirmware, .getDiagnostics:
            return nil
        case .authorize, .bootNotification, .diagnosticsStatusNotification, .firmwareStatusNotification, .heartbeat,
            .logStatusNotification, .meterValues, .securityEventNotification, .signCertificate,
            .signedFirmwareStatusNotification, .startTransaction, .statusNotification, .stopTransaction:
            return nil
        }
    }

    /// The 1.6 form of a block's answer to an action; `nil` when they do not belong together.
    static func response(_ response: V2.Response, to action: V16.Action) -> V16.Response? {
        switch response {
        case .clearCache(let r): return .clearCache(.init(status: r.status == .accepted ? .accepted : .rejected))
        case .reset(let r): return .reset(.init(status: r.status == .rejected ? .rejected : .accepted))
        case .unlockConnector(let r):
            let status: V16.UnlockStatus =
                switch r.status {
                case .unlocked: .unlocked
                case .unlockFailed, .ongoingAuthorizedTransaction: .unlockFailed
                case .unknownConnector: .notSupported
                }
            return .unlockConnector(.init(status: status))
        case .requestStartTransaction(let r):
            return .remoteStartTransaction(.init(status: r.status == .accepted ? .accepted : .rejected))
        case .requestStopTransaction(let r):
            return .remoteStopTransaction(.init(status: r.status == .accepted ? .accepted : .rejected))
        case .getLocalListVersion(let r): return .getLocalListVersion(.init(listVersion: r.versionNumber))
        case .sendLocalList(let r):
            let status: V16.UpdateStatus =
                switch r.status {
                case .accepted: .accepted
                case .failed: .failed
                case .versionMismatch: .versionMismatch
                }
            return .sendLocalList(.init(status: status))
        case .reserveNow(let r):
            return .reserveNow(.init(status: V16.ReservationStatus(wireText: r.status.wireText) ?? .rejected))
        case .cancelReservation(let r):
            return .cancelReservation(.init(status: r.status == .accepted ? .accepted : .rejected))
        case .setChargingProfile(let r):
            return .setChargingProfile(.init(status: r.status == .accepted ? .accepted : .rejected))
        case .clearChargingProfile(let r):
            return .clearChargingProfile(.init(status: r.status == .accepted ? .accepted : .unknown))
        case .triggerMessage(let r):
            let isExtended = action == .extendedTriggerMessage
            switch r.status {
            case .accepted:
                return isExtended
                    ? .extendedTriggerMessage(.init(status: .accepted)) : .triggerMessage(.init(status: .accepted))
            case .rejected:
                return isExtended
                    ? .extendedTriggerMessage(.init(status: .rejected)) : .triggerMessage(.init(status: .rejected))
            case .notImplemented:
                return isExtended
                    ? .extendedTriggerMessage(.init(status: .notImplemented))
                    : .triggerMessage(.init(status: .notImplemented))
            }
        case .dataTransfer(let r):
            return .dataTransfer(
                .init(
                    status: V16.DataTransferStatus(wireText: r.status.wireText) ?? .rejected,
                    data: r.data.map { $0.stringValue ?? $0.text }))
        case .getLog(let r):
            if action == .getDiagnostics {
                return .getDiagnostics(.init(fileName: r.status == .rejected ? nil : r.filename))
            }
            return .getLog(
                .init(status: V16.LogStatusEnum(wireText: r.status.wireText) ?? .rejected, filename: r.filename))
        case .updateFirmware(let r):
            return .signedUpdateFirmware(
                .init(status: V16.UpdateFirmwareStatusEnum(wireText: r.status.wireText) ?? .rejected))
        case .certificateSigned(let r):
            return .certificateSigned(.init(status: r.status == .accepted ? .accepted : .rejected))
        case .installCertificate(let r):
            return .installCertificate(
                .init(status: V16.InstallCertificateStatusEnum(wireText: r.status.wireText) ?? .rejected))
        case .deleteCertificate(let r):
            return .deleteCertificate(
                .init(status: V16.DeleteCertificateStatusEnum(wireText: r.status.wireText) ?? .failed))
        default: return nil
        }
    }

    // MARK: - Datatypes

    static func token(_ idTag: String) -> V2.IdToken {
        V2.IdToken(idToken: idTag, type: V16Token.kind(of: idTag).rawValue)
    }

    static func info(_ info: V16.IdTagInfo) -> V2.IdTokenInfo {
        V2.IdTokenInfo(
            status: V2.AuthorizationStatusEnum(wireText: info.status.wireText) ?? .unknown,
            cacheExpiryDateTime: info.expiryDate,
            groupIdToken: info.parentIdTag.map { V2.IdToken(idToken: $0, type: "Central") })
    }

    static func purpose(_ purpose: V16.ChargingProfilePurposeType) -> V2.ChargingProfilePurposeEnum {
        switch purpose {
        case .chargePointMaxProfile: .chargingStationMaxProfile
        case .txDefaultProfile: .txDefaultProfile
        case .txProfile: .txProfile
        }
    }

    static func profile(_ profile: V16.ChargingProfile, transactionID: String?) -> V2.ChargingProfile {
        let schedule = profile.chargingSchedule
        let kind: V2.ChargingProfileKindEnum =
            switch profile.chargingProfileKind {
            case .absolute: .absolute
            case .recurring: .recurring
            case .relative: .relative
            }
        return V2.ChargingProfile(
            id: profile.chargingProfileId, stackLevel: profile.stackLevel,
            chargingProfilePurpose: purpose(profile.chargingProfilePurpose), chargingProfileKind: kind,
            chargingSchedule: [
                V2.ChargingSchedule(
                    id: 1, chargingRateUnit: schedule.chargingRateUnit == .a ? .a : .w,
                    chargingSchedulePeriod: schedule.chargingSchedulePeriod.map {
                        V2.ChargingSchedulePeriod(
                            startPeriod: $0.startPeriod, limit: $0.limit, numberPhases: $0.numberPhases)
                    }, startSchedule: schedule.startSchedule, duration: schedule.duration,
                    minChargingRate: schedule.minChargingRate)
            ],
            recurrencyKind: profile.recurrencyKind.map { $0 == .daily ? .daily : .weekly },
            validFrom: profile.validFrom, validTo: profile.validTo, transactionId: transactionID)
    }

    static func schedule(_ schedule: V2.CompositeSchedule) -> V16.ChargingSchedule {
        V16.ChargingSchedule(
            chargingRateUnit: schedule.chargingRateUnit == .a ? .a : .w,
            chargingSchedulePeriod: schedule.chargingSchedulePeriod.map {
                // 1.6 knows one digit behind the point.
                V16.ChargingSchedulePeriod(
                    startPeriod: $0.startPeriod, limit: (($0.limit ?? 0) * 10).rounded(.down) / 10,
                    numberPhases: $0.numberPhases)
            }, duration: schedule.duration, startSchedule: schedule.scheduleStart)
    }

    static func hashData(_ data: V16.CertificateHashData) -> V2.CertificateHashData {
        V2.CertificateHashData(
            hashAlgorithm: V2.HashAlgorithmEnum(wireText: data.hashAlgorithm.wireText) ?? .sha256,
            issuerNameHash: data.issuerNameHash, issuerKeyHash: data.issuerKeyHash, serialNumber: data.serialNumber)
    }

    static func hashData(_ data: V2.CertificateHashData) -> V16.CertificateHashData {
        V16.CertificateHashData(
            hashAlgorithm: V16.HashAlgorithmEnum(wireText: data.hashAlgorithm.wireText) ?? .sha256,
            issuerNameHash: data.issuerNameHash, issuerKeyHash: data.issuerKeyHash, serialNumber: data.serialNumber)
    }
}
