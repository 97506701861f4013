internal import OCPP
internal import OCPPMessages

/// Uploads of logs: one at a time, a new request taking the place of the one before.
///
/// - Source: OCPP 2.0.1 part 2, use case N01; OCPP 1.6 edition 2, section 5.9, and its security white paper.
struct Logs: ControllerBlock {
    /// Attempts where the CSMS leaves the choice, and wait between two, seconds.
    static let retriesDefault = 3
    static let retryIntervalDefaultS = 60
    /// What is taken of a request for more.
    static let retriesMax = 10
    static let retryIntervalMaxS = 86_400

    private struct Upload: Sendable, Codable {
        var request: V2.GetLogRequest
        /// `nil` while waiting for another attempt.
        var job: Int?
        var retriesLeft: Int
        var retryAt = Timestamp.distantFuture
    }

    private var upload: Upload?

    init() {}

    mutating func getLog(_ request: V2.GetLogRequest, context: inout ControllerContext) -> V2.GetLogResponse {
        guard FileTransfer.isSupported(request.log.remoteLocation, context) else {
            return .rejected("UnsupportedScheme")
        }
        if let oldest = request.log.oldestTimestamp, let latest = request.log.latestTimestamp, oldest > latest {
            return .rejected("InvalidTimeSpan")
        }
        let canceled = upload
        if let canceled { report(.acceptedCanceled, of: canceled.request.requestId, context: &context) }
        let retries = min(max(request.retries ?? Self.retriesDefault, 0), Self.retriesMax)
        upload = Upload(request: request, job: nil, retriesLeft: retries)
        begin(&context)
        return V2.GetLogResponse(
            status: canceled == nil ? .accepted : .acceptedCanceled, filename: Self.filename(of: request, context.now))
    }

    /// Name of the file that an upload makes.
    static func filename(of request: V2.GetLogRequest, _ now: Timestamp) -> String {
        let name = request.logType.wireText
        let stamp = now.wholeMilliseconds.text.filter { $0 != ":" && $0 != "-" }
        return "\(name)-\(stamp)-\(request.requestId).log"
    }

    private mutating func begin(_ context: inout ControllerContext) {
        guard let request = upload?.request else { return }
        report(.uploading, of: request.requestId, context: &context)
        upload?.retryAt = .distantFuture
        upload?.job = context.start(
            .upload(
                url: request.log.remoteLocation, log: request.logType, oldest: request.log.oldestTimestamp,
                latest: request.log.latestTimestamp))
    }

    var nextDeadline: Timestamp { upload?.retryAt ?? .distantFuture }

    mutating func timerDue(context: inout ControllerContext) {
        guard let upload, upload.job == nil, upload.retryAt <= context.now else { return }
        begin(&context)
    }

    mutating func jobDone(_ job: Int, _ result: StationJobResult, context: inout ControllerContext) {
        guard let current = upload, current.job == job else { return }
        let id = current.request.requestId
        guard case .failed(let reason) = result else {
            upload = nil
            return report(.uploaded, of: id, context: &context)
        }
        switch V2.UploadLogStatusEnum(wireText: reason) {
        case .permissionDenied?, .badMessage?, .notSupportedOperation?:  // the same request would fare no better
            upload = nil
            report(V2.UploadLogStatusEnum(wireText: reason) ?? .uploadFailure, of: id, context: &context)
        default:
            guard current.retriesLeft > 0 else {
                upload = nil
                return report(.uploadFailure, of: id, context: &context)
            }
            let wait = min(
                max(current.request.retryInterval ?? Self.retryIntervalDefaultS, 0), Self.retryIntervalMaxS)
            upload?.job = nil
            upload?.retriesLeft -= 1
            upload?.retryAt = context.now.adding(seconds: Int64(wait))
        }
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .triggered(.logStatusNotification, _):  // Idle, or what was told last (N01)
            if let upload {
                report(.uploading, of: upload.request.requestId, isTriggered: true, context: &context)
            } else {
                report(.idle, of: nil, isTriggered: true, context: &context)
            }
        case .booted:  // the transfer was cut off
            guard upload?.job != nil else { return }
            upload?.job = nil
            upload?.retryAt = context.now
        default: break
        }
    }

    private func report(
        _ status: V2.UploadLogStatusEnum, of requestID: Int?, isTriggered: Bool = false,
        context: inout ControllerContext
    ) {
        context.send(
            .logStatusNotification(V2.LogStatusNotificationRequest(status: status, requestId: requestID)),
            persistent: !isTriggered, triggered: isTriggered)
    }
}

/// Where files are fetched from and brought to.
enum FileTransfer {
    /// Whether `url` is of a scheme that the charging station speaks (`OCPPCommCtrlr.FileTransferProtocols`).
    static func isSupported(_ url: String, _ context: ControllerContext) -> Bool {
        guard let end = url.utf8.firstIndex(of: UInt8(ascii: ":")), url[end...].hasPrefix("://") else { return false }
        let scheme = url[..<end].uppercased()
        return context.deviceModel.list("OCPPCommCtrlr", "FileTransferProtocols").contains { $0.uppercased() == scheme }
    }
}

extension V2.GetLogResponse {
    fileprivate static func rejected(_ reason: String) -> V2.GetLogResponse {
        V2.GetLogResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: reason))
    }
}
