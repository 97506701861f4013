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
    static func request(_ request: V2.Request, ways: Ways) -> V16.Request? {
        switch request {
        case .securityEventNotification(let r):
            return .securityEventNotification(
                .init(type: securityEvent(r.type), timestamp: r.timestamp, techInfo: r.techInfo))
        case .signCertificate(let r): return .signCertificate(.init(csr: r.csr))
        case .logStatusNotification(let r):
            if ways.isDiagnostics {
                let status: V16.DiagnosticsStatus =
                    switch r.status {
                    case .idle: .idle
                    case .uploaded: .uploaded
                    case .uploading: .uploading
                    case .badMessage, .notSupportedOperation, .permissionDenied, .uploadFailure, .acceptedCanceled:
                        .uploadFailed
                    }
                return .diagnosticsStatusNotification(.init(status: status))
            }
            return .logStatusNotification(
                .init(
                    status: V16.UploadLogStatusEnum(wireText: r.status.wireText) ?? .uploadFailure,
                    requestId: r.requestId))
        case .firmwareStatusNotification(let r):
            if ways.isUnsignedUpdate {
                return firmwareStatus(r.status).map { .firmwareStatusNotification(.init(status: $0)) }
            }
            return .signedFirmwareStatusNotification(
                .init(
                    status: V16.FirmwareStatusEnum(wireText: r.status.wireText) ?? .idle, requestId: r.requestId))
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
