internal import OCPP
internal import OCPPMessages

// The charging station's own requests, which blocks make in 2.x words.
extension V16Dialect {
    /// How firmware and log messages are to be said: 1.6 has one kind for each of its two ways to ask.
    struct Ways: Sendable, Codable {
        /// UpdateFirmware, else SignedUpdateFirmware.
        var isUnsignedUpdate = false
        /// GetDiagnostics, else GetLog.
        var isDiagnostics = false
    }

    /// The 1.6 form of a block's request; `nil` where 1.6 has none.
    ///
    /// A state that 1.6 has no word for is not told. Where it was asked for, the nearest word goes out: TriggerMessage
    /// was answered Accepted.
    static func request(_ request: V2.Request, ways: Ways, isTriggered: Bool = false) -> V16.Request? {
        switch request {
        case .statusNotification(let r) where r.evseId == 0: return stationStatus(r).map { .statusNotification($0) }
        case .securityEventNotification(let r):
            return .securityEventNotification(
                .init(type: securityEvent(r.type), timestamp: r.timestamp, techInfo: r.techInfo))
        case .signCertificate(let r): return .signCertificate(.init(csr: r.csr))
        case .logStatusNotification(let r):
            if ways.isDiagnostics {
                return diagnosticsStatus(r.status).map { .diagnosticsStatusNotification(.init(status: $0)) }
            }
            return V16.UploadLogStatusEnum(wireText: r.status.wireText).map {
                .logStatusNotification(.init(status: $0, requestId: r.requestId))
            }
        case .firmwareStatusNotification(let r):
            if ways.isUnsignedUpdate {
                let status = firmwareStatus(r.status) ?? (isTriggered ? nearestFirmwareStatus(r.status) : nil)
                return status.map { .firmwareStatusNotification(.init(status: $0)) }
            }
            return V16.FirmwareStatusEnum(wireText: r.status.wireText).map {
                .signedFirmwareStatusNotification(.init(status: $0, requestId: r.requestId))
            }
        case .dataTransfer(let r):
            return .dataTransfer(
                .init(
                    vendorId: r.vendorId, messageId: r.messageId.map { String($0.prefix(50)) },
                    data: r.data.map { $0.stringValue ?? $0.text }))
        default: return nil
        }
    }

    /// What a 1.6 answer means to the block that asked; `nil` when it does not belong to the request.
    static func response(_ response: V16.Response, to request: V2.Request) -> V2.Response? {
        switch (response, request) {
        case (.securityEventNotification, .securityEventNotification): .securityEventNotification(.init())
        case (.signCertificate(let r), .signCertificate):
            .signCertificate(.init(status: r.status == .accepted ? .accepted : .rejected))
        case (.logStatusNotification, .logStatusNotification), (.diagnosticsStatusNotification, .logStatusNotification):
            .logStatusNotification(.init())
        case (.firmwareStatusNotification, .firmwareStatusNotification),
            (.signedFirmwareStatusNotification, .firmwareStatusNotification):
            .firmwareStatusNotification(.init())
        case (.dataTransfer(let r), .dataTransfer):
            .dataTransfer(
                .init(
                    status: V2.DataTransferStatusEnum(wireText: r.status.wireText) ?? .rejected,
                    data: r.data.map { JSONText(string: $0) }))
        default: nil
        }
    }

    /// Security events that 1.6 calls by another name.
    /// - Source: Improved security for OCPP 1.6-J, edition 3, section 4 (security events).
    private static func securityEvent(_ type: String) -> String {
        switch SecurityEventKind(rawValue: type) {
        case .failedToAuthenticateAtCSMS?: "FailedToAuthenticateAtCentralSystem"
        case .csmsFailedToAuthenticate?: "CentralSystemFailedToAuthenticate"
        case .invalidCSMSCertificate?: "InvalidCentralSystemCertificate"
        case .invalidChargingStationCertificate?: "InvalidChargePointCertificate"
        default: type
        }
    }

    /// The state of connector 0, which stands for the charging station.
    private static func stationStatus(_ request: V2.StatusNotificationRequest) -> V16.StatusNotificationRequest? {
        guard let status = V16.ChargePointStatus(wireText: request.connectorStatus.wireText) else { return nil }
        return V16.StatusNotificationRequest(
            connectorId: 0, errorCode: status == .faulted ? .otherError : .noError, status: status,
            timestamp: request.timestamp)
    }

    /// A request that was taken back for another one is not told: GetDiagnostics has no id by which to tell them apart.
    private static func diagnosticsStatus(_ status: V2.UploadLogStatusEnum) -> V16.DiagnosticsStatus? {
        switch status {
        case .idle: .idle
        case .uploaded: .uploaded
        case .uploading: .uploading
        case .badMessage, .notSupportedOperation, .permissionDenied, .uploadFailure: .uploadFailed
        case .acceptedCanceled: nil
        }
    }

    /// The word that is asked for, where 1.6 lacks the right one: how far it has got.
    private static func nearestFirmwareStatus(_ status: V2.FirmwareStatusEnum) -> V16.FirmwareStatus {
        switch status {
        case .downloadScheduled, .idle: .idle
        case .downloadPaused, .downloading: .downloading
        case .downloaded, .signatureVerified, .installScheduled: .downloaded
        case .installRebooting, .installing: .installing
        case .installed: .installed
        case .downloadFailed: .downloadFailed
        case .installationFailed, .installVerificationFailed, .invalidSignature: .installationFailed
        }
    }

    /// The unsigned update of 1.6 knows fewer states; `nil` for one that it says nothing about.
    private static func firmwareStatus(_ status: V2.FirmwareStatusEnum) -> V16.FirmwareStatus? {
        switch status {
        case .downloaded: .downloaded
        case .downloadFailed: .downloadFailed
        case .downloading: .downloading
        case .idle: .idle
        case .installationFailed, .installVerificationFailed, .invalidSignature: .installationFailed
        case .installing: .installing
        case .installed: .installed
        case .downloadScheduled, .downloadPaused, .installRebooting, .installScheduled, .signatureVerified: nil
        }
    }
}
