internal import OCPP
internal import OCPPMessages

/// Firmware offered to other charging stations of the site, as a local controller does.
/// - Source: OCPP 2.0.1 part 2, use cases L03 and L04.
struct FirmwareOffers: Sendable, Codable {
    /// Images offered at a time.
    static let publishedMax = 8

    private enum Phase: Equatable, Sendable, Codable {
        case downloadDue(at: Timestamp)
        case downloading(job: Int)
        case checking(job: Int, download: Int)
        case publishing(job: Int)
    }
    private struct Offer: Sendable, Codable {
        var request: V2.PublishFirmwareRequest
        var phase: Phase
        var retriesLeft: Int
        var status: V2.PublishFirmwareStatusEnum
    }
    private struct Published: Sendable, Codable {
        var md5: String
        var requestID: Int
        var urls: [String]
    }

    private var offer: Offer?
    private var published: [Published] = []

    init() {}

    mutating func publish(
        _ request: V2.PublishFirmwareRequest, context: inout ControllerContext
    ) -> V2.PublishFirmwareResponse {
        guard FileTransfer.isSupported(request.location, context) else { return .rejected("UnsupportedScheme") }
        guard offer == nil else { return .rejected("Busy") }
        let isKnown = published.contains { $0.md5 == request.checksum.lowercased() }
        guard isKnown || published.count < Self.publishedMax else { return .rejected("TooManyElements") }
        let retries = min(max(request.retries ?? Logs.retriesDefault, 0), Logs.retriesMax)
        offer = Offer(
            request: request, phase: .downloadDue(at: context.now), retriesLeft: retries, status: .downloadScheduled)
        download(&context)
        return V2.PublishFirmwareResponse(status: .accepted)
    }

    mutating func unpublish(
        _ request: V2.UnpublishFirmwareRequest, context: inout ControllerContext
    ) -> V2.UnpublishFirmwareResponse {
        let md5 = request.checksum.lowercased()
        if offer?.request.checksum.lowercased() == md5 {
            return V2.UnpublishFirmwareResponse(status: .downloadOngoing)
        }
        guard let index = published.firstIndex(where: { $0.md5 == md5 }) else {
            return V2.UnpublishFirmwareResponse(status: .noFirmware)
        }
        published.remove(at: index)
        _ = context.start(.unpublish(md5: md5))
        return V2.UnpublishFirmwareResponse(status: .unpublished)
    }

    private mutating func download(_ context: inout ControllerContext) {
        guard let location = offer?.request.location else { return }
        report(.downloading, context: &context)
        offer?.phase = .downloading(job: context.start(.download(url: location)))
    }

    mutating func jobDone(_ job: Int, _ result: StationJobResult, context: inout ControllerContext) {
        guard let current = offer else { return }
        let md5 = current.request.checksum.lowercased()
        switch current.phase {
        case .downloading(job):
            guard case .downloaded = result else { return downloadFailed(&context) }
            report(.downloaded, context: &context)
            offer?.phase = .checking(job: context.start(.checkMD5(download: job, md5: md5)), download: job)
        case .checking(job, let download):
            guard result == .done else { return finish(.invalidChecksum, context: &context) }
            report(.checksumVerified, context: &context)
            offer?.phase = .publishing(job: context.start(.publish(download: download, md5: md5)))
        case .publishing(job):
            guard case .published(let urls) = result, !urls.isEmpty else {
                return finish(.publishFailed, context: &context)
            }
            published.removeAll { $0.md5 == md5 }
            published.append(Published(md5: md5, requestID: current.request.requestId, urls: urls))
            finish(.published, urls: urls, context: &context)
        case .downloadDue, .downloading, .checking, .publishing: break  // another's job
        }
    }

    private mutating func downloadFailed(_ context: inout ControllerContext) {
        guard let current = offer, current.retriesLeft > 0 else { return finish(.downloadFailed, context: &context) }
        let interval = current.request.retryInterval ?? Logs.retryIntervalDefaultS
        let wait = min(max(interval, 0), Logs.retryIntervalMaxS)
        offer?.retriesLeft -= 1
        offer?.phase = .downloadDue(at: context.now.adding(seconds: Int64(wait)))
    }

    private mutating func finish(
        _ status: V2.PublishFirmwareStatusEnum, urls: [String]? = nil, context: inout ControllerContext
    ) {
        report(status, urls: urls, context: &context)
        offer = nil
    }

    private mutating func report(
        _ status: V2.PublishFirmwareStatusEnum, urls: [String]? = nil, context: inout ControllerContext
    ) {
        offer?.status = status
        context.send(
            .publishFirmwareStatusNotification(
                V2.PublishFirmwareStatusNotificationRequest(
                    status: status, location: urls, requestId: offer?.request.requestId)), persistent: true)
    }

    /// TriggerMessage: how far the offer under way has got, else Idle or what is published (L03).
    func reportOnRequest(_ context: inout ControllerContext) {
        let request =
            if let offer {
                V2.PublishFirmwareStatusNotificationRequest(
                    status: offer.status, requestId: offer.request.requestId)
            } else if let last = published.last {
                V2.PublishFirmwareStatusNotificationRequest(
                    status: .published, location: last.urls, requestId: last.requestID)
            } else {
                V2.PublishFirmwareStatusNotificationRequest(status: .idle)
            }
        context.send(.publishFirmwareStatusNotification(request), triggered: true)
    }

    var nextDeadline: Timestamp {
        guard case .downloadDue(let at)? = offer?.phase else { return .distantFuture }
        return at
    }

    mutating func timerDue(context: inout ControllerContext) {
        guard case .downloadDue(let at)? = offer?.phase, at <= context.now else { return }
        download(&context)
    }

    /// Jobs are gone; the image is fetched again.
    mutating func restarted(_ context: inout ControllerContext) {
        guard offer != nil else { return }
        download(&context)
    }
}

extension V2.PublishFirmwareResponse {
    fileprivate static func rejected(_ reason: String) -> V2.PublishFirmwareResponse {
        V2.PublishFirmwareResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: reason))
    }
}
