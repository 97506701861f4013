internal import OCPP
internal import OCPPMessages

/// Firmware updates over the air, and the offering of firmware to other charging stations of the site.
///
/// An update is fetched, checked against the signature that the CSMS sent, written to the partition that does not run,
/// read back, started and tested; whatever fails, the firmware of before goes on. The signing certificate is checked
/// before the request is accepted, and the installation waits for transactions to end.
/// - Source: OCPP 2.0.1 part 2, use cases L01 to L04; OCPP 1.6 edition 2, section 5.19, and its security white paper.
struct FirmwareUpdate: ControllerBlock {
    /// How far an update has got. Jobs are gone after a restart; what they did is then done again.
    enum Phase: Equatable, Sendable, Codable {
        /// The signing certificate is being checked; the request is not answered yet.
        case checking(job: Int, ticket: Int)
        /// Until retrieveDateTime, or the next attempt; goes to downloading.
        case downloadDue(at: Timestamp)
        case downloading(job: Int)
        /// Signature over the image of `download`.
        case verifying(job: Int, download: Int, sha256: String)
        /// Until installDateTime; goes to waiting.
        case installDue(at: Timestamp, download: Int, sha256: String)
        /// For transactions to end; goes to installing.
        case waiting(download: Int, sha256: String)
        case installing(job: Int, sha256: String)
        /// The new firmware starts and tests itself.
        case activating(job: Int)
    }

    /// What is known of an update under way.
    struct Update: Sendable, Codable {
        var request: V2.UpdateFirmwareRequest
        var phase: Phase
        var retriesLeft: Int
        /// Told last.
        var status: V2.FirmwareStatusEnum?
    }

    private(set) var update: Update?
    /// A request that arrived while another was under way, whose certificate is being checked.
    private var candidate: Update?
    private(set) var partitions = FirmwarePartitions()
    /// EVSEs kept free for the installation, a bit for each of the first 64.
    private var keptFree: UInt64 = 0
    private var offers = FirmwareOffers()

    init() {}

    // MARK: Requests

    /// `nil` when the certificate has to be checked first (L01).
    mutating func updateFirmware(
        _ request: V2.UpdateFirmwareRequest, context: inout ControllerContext
    ) -> V2.UpdateFirmwareResponse? {
        let firmware = request.firmware
        guard FileTransfer.isSupported(firmware.location, context) else { return .init(.rejected, "UnsupportedScheme") }
        guard (firmware.signingCertificate == nil) == (firmware.signature == nil) else {
            return .init(.rejected, "MissingParam")
        }
        guard candidate == nil, canCancel else { return .init(.rejected, "Busy") }  // L01
        let retries = min(max(request.retries ?? Logs.retriesDefault, 0), Logs.retriesMax)
        guard let certificate = firmware.signingCertificate else {  // L02: without a signature
            let status: V2.UpdateFirmwareStatusEnum = update == nil ? .accepted : .acceptedCanceled
            accept(
                Update(request: request, phase: .downloadDue(at: firmware.retrieveDateTime), retriesLeft: retries),
                context: &context)
            return V2.UpdateFirmwareResponse(status: status)
        }
        let ticket = context.deferAnswer()
        let job = context.start(.checkCertificate(pem: certificate, use: .firmware))
        candidate = Update(request: request, phase: .checking(job: job, ticket: ticket), retriesLeft: retries)
        return nil
    }

    /// An installation that has begun is not taken back.
    private var canCancel: Bool {
        switch update?.phase {
        case nil, .checking?, .downloadDue?, .downloading?, .verifying?, .installDue?, .waiting?: true
        case .installing?, .activating?: false
        }
    }

    mutating func publishFirmware(
        _ request: V2.PublishFirmwareRequest, context: inout ControllerContext
    ) -> V2.PublishFirmwareResponse { offers.publish(request, context: &context) }

    mutating func unpublishFirmware(
        _ request: V2.UnpublishFirmwareRequest, context: inout ControllerContext
    ) -> V2.UnpublishFirmwareResponse { offers.unpublish(request, context: &context) }

    // MARK: Steps

    private mutating func accept(_ accepted: Update, context: inout ControllerContext) {
        release(&context)
        update = accepted
        guard case .downloadDue(let at) = accepted.phase else { return }
        if at > context.now { report(.downloadScheduled, context: &context) }
        timerDue(context: &context)
    }

    private mutating func download(_ context: inout ControllerContext) {
        guard let location = update?.request.firmware.location else { return }
        report(.downloading, context: &context)
        update?.phase = .downloading(job: context.start(.download(url: location)))
    }

    private mutating func downloaded(_ job: Int, _ result: StationJobResult, context: inout ControllerContext) {
        guard let current = update else { return }
        guard case .downloaded(let sha256, _) = result else {
            guard current.retriesLeft > 0 else { return fail(.downloadFailed, result, context: &context) }
            let interval = current.request.retryInterval ?? Logs.retryIntervalDefaultS
            let wait = min(max(interval, 0), Logs.retryIntervalMaxS)
            update?.retriesLeft -= 1
            update?.phase = .downloadDue(at: context.now.adding(seconds: Int64(wait)))
            return
        }
        report(.downloaded, context: &context)
        let firmware = current.request.firmware
        if let certificate = firmware.signingCertificate, let signature = firmware.signature {
            let verification = context.start(
                .verifyFirmware(download: job, certificate: certificate, signature: signature))
            update?.phase = .verifying(job: verification, download: job, sha256: sha256)
        } else {
            scheduleInstallation(of: job, sha256: sha256, context: &context)
        }
    }

    private mutating func verified(
        _ download: Int, sha256: String, _ result: StationJobResult, context: inout ControllerContext
    ) {
        guard result == .done else {
            context.reportSecurity(.invalidFirmwareSignature, techInfo: result.reason)
            return fail(.invalidSignature, result, context: &context)
        }
        report(.signatureVerified, context: &context)
        scheduleInstallation(of: download, sha256: sha256, context: &context)
    }

    private mutating func scheduleInstallation(of download: Int, sha256: String, context: inout ControllerContext) {
        if let at = update?.request.firmware.installDateTime, at > context.now {
            update?.phase = .installDue(at: at, download: download, sha256: sha256)
            report(.installScheduled, context: &context)
        } else {
            update?.phase = .waiting(download: download, sha256: sha256)
            installIfIdle(&context)
        }
    }

    /// Begins when no transaction runs; until then EVSEs that are free are kept so, unless sessions may still begin
    /// (L01).
    private mutating func installIfIdle(_ context: inout ControllerContext) {
        guard case .waiting(let download, let sha256)? = update?.phase else { return }
        let isBusy = context.evses.contains { $0.transactionID != nil }
        let keepsFree = !context.deviceModel.bool("ChargingStation", "AllowNewSessionsPendingFirmwareUpdate")
        for evse in context.evses.indices where context.evses[evse].transactionID == nil && (keepsFree || !isBusy) {
            keepFree(evse, context: &context)
        }
        guard !isBusy else {
            if update?.status != .installScheduled { report(.installScheduled, context: &context) }
            return
        }
        report(.installing, context: &context)
        partitions.beginWriting()
        let job = context.start(.install(download: download, partition: partitions.inactive))
        update?.phase = .installing(job: job, sha256: sha256)
    }

    private mutating func installed(
        sha256 expected: String, _ result: StationJobResult, context: inout ControllerContext
    ) {
        guard case .written(let sha256) = result, partitions.written(sha256: sha256, expected: expected) else {
            return fail(.installationFailed, result, context: &context)
        }
        report(.installRebooting, context: &context)
        update?.phase = .activating(job: context.start(.activate(partition: partitions.inactive)))
    }

    private mutating func activated(_ result: StationJobResult, context: inout ControllerContext) {
        guard result == .done else {
            partitions.rollBack()
            return fail(.installVerificationFailed, result, context: &context)
        }
        partitions.switchOver()
        report(.installed, context: &context)
        context.reportSecurity(.firmwareUpdated)
        update = nil
        release(&context)
    }

    private mutating func fail(
        _ status: V2.FirmwareStatusEnum, _ result: StationJobResult, context: inout ControllerContext
    ) {
        report(status, words: context.version == .v21 ? result.reason : nil, context: &context)
        update = nil
        release(&context)
    }

    private mutating func report(
        _ status: V2.FirmwareStatusEnum, words: String? = nil, context: inout ControllerContext
    ) {
        update?.status = status
        context.send(
            .firmwareStatusNotification(
                V2.FirmwareStatusNotificationRequest(
                    status: status, requestId: update?.request.requestId,
                    statusInfo: words.map { V2.StatusInfo.noting($0) })), persistent: true)
    }

    // MARK: EVSEs

    private mutating func keepFree(_ evse: Int, context: inout ControllerContext) {
        guard evse < 64, keptFree & (1 << UInt64(evse)) == 0 else { return }
        keptFree |= 1 << UInt64(evse)
        context.announce(.keptFree(evse: evse, true))
    }
    private mutating func release(_ context: inout ControllerContext) {
        for evse in 0..<64 where keptFree & (1 << UInt64(evse)) != 0 { context.announce(.keptFree(evse: evse, false)) }
        keptFree = 0
    }

    // MARK: Events

    var nextDeadline: Timestamp {
        switch update?.phase {
        case .downloadDue(let at)?, .installDue(let at, _, _)?: min(at, offers.nextDeadline)
        case nil, .checking?, .downloading?, .verifying?, .waiting?, .installing?, .activating?: offers.nextDeadline
        }
    }

    mutating func timerDue(context: inout ControllerContext) {
        offers.timerDue(context: &context)
        switch update?.phase {
        case .downloadDue(let at)? where at <= context.now: download(&context)
        case .installDue(let at, let download, let sha256)? where at <= context.now:
            update?.phase = .waiting(download: download, sha256: sha256)
            installIfIdle(&context)
        default: break
        }
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .transactionEnded: installIfIdle(&context)
        case .booted: restarted(&context)
        case .triggered(.firmwareStatusNotification, _):
            context.send(
                .firmwareStatusNotification(
                    V2.FirmwareStatusNotificationRequest(
                        status: update?.status ?? .idle,
                        requestId: update?.status == nil ? nil : update?.request.requestId)), triggered: true)
        case .triggered(.publishFirmwareStatusNotification, _): offers.reportOnRequest(&context)
        default: break
        }
    }

    /// A restart on the way: transfers and checks begin anew; that of the new firmware itself is a part of the update.
    private mutating func restarted(_ context: inout ControllerContext) {
        candidate = nil
        offers.restarted(&context)
        switch update?.phase {
        case .downloading?, .verifying?, .installDue?, .waiting?, .installing?:
            update?.phase = .downloadDue(at: context.now)
        case nil, .checking?, .downloadDue?, .activating?: return
        }
        release(&context)
        timerDue(context: &context)
    }

    mutating func jobDone(_ job: Int, _ result: StationJobResult, context: inout ControllerContext) {
        if case .checking(job, let ticket)? = candidate?.phase {
            return certificateChecked(ticket, result, context: &context)
        }
        switch update?.phase {
        case .downloading(job)?: downloaded(job, result, context: &context)
        case .verifying(job, let download, let sha256)?:
            verified(download, sha256: sha256, result, context: &context)
        case .installing(job, let sha256)?: installed(sha256: sha256, result, context: &context)
        case .activating(job)?: activated(result, context: &context)
        default: offers.jobDone(job, result, context: &context)
        }
    }

    private mutating func certificateChecked(
        _ ticket: Int, _ result: StationJobResult, context: inout ControllerContext
    ) {
        guard var accepted = candidate else { return }
        candidate = nil
        if case .failed(let reason) = result {
            context.reportSecurity(.invalidFirmwareSigningCertificate, techInfo: reason)
            let status: V2.UpdateFirmwareStatusEnum = reason == "Revoked" ? .revokedCertificate : .invalidCertificate
            return context.answer(ticket, with: .updateFirmware(.init(status, reason.reasonCode)))
        }
        guard canCancel else {  // the one before has come to its installation meanwhile
            return context.answer(ticket, with: .updateFirmware(.init(.rejected, "Busy")))
        }
        let status: V2.UpdateFirmwareStatusEnum = update == nil ? .accepted : .acceptedCanceled
        context.answer(ticket, with: .updateFirmware(V2.UpdateFirmwareResponse(status: status)))
        accepted.phase = .downloadDue(at: accepted.request.firmware.retrieveDateTime)
        accept(accepted, context: &context)
    }
}

extension V2.UpdateFirmwareResponse {
    fileprivate init(_ status: V2.UpdateFirmwareStatusEnum, _ reason: String) {
        self.init(status: status, statusInfo: V2.StatusInfo(reasonCode: reason))
    }
}

extension StationJobResult {
    /// Why a job failed; `nil` when it did not, or gave an answer that is none.
    var reason: String? {
        guard case .failed(let reason) = self else { return nil }
        return reason
    }
}
