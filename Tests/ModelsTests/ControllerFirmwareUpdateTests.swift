import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Firmware update")
struct ControllerFirmwareUpdateTests {
    private var bench = BlockBench()
    private var block = FirmwareUpdate()

    private func request(
        _ id: Int = 1, location: String = "https://host/image", isSigned: Bool = true,
        retrieve: Timestamp = BlockBench.start,
        install: Timestamp? = nil, retries: Int? = 1, interval: Int? = 10
    ) -> V2.UpdateFirmwareRequest {
        V2.UpdateFirmwareRequest(
            requestId: id,
            firmware: V2.Firmware(
                location: location, retrieveDateTime: retrieve, installDateTime: install,
                signingCertificate: isSigned ? "CERT" : nil, signature: isSigned ? "SIG" : nil), retries: retries,
            retryInterval: interval)
    }

    /// Hands in a request; the certificate is good. Returns the status answered.
    private mutating func update(_ request: V2.UpdateFirmwareRequest) -> V2.UpdateFirmwareStatusEnum? {
        if let response = block.updateFirmware(request, context: &bench.context) { return response.status }
        finish(.done)
        guard case .updateFirmware(let response)? = bench.lateAnswers().first else { return nil }
        return response.status
    }
    /// Ends the latest job; returns what it was.
    @discardableResult
    private mutating func finish(_ result: StationJobResult) -> StationJob? {
        guard let job = bench.context.jobs.last else { return nil }
        bench.context.jobs.removeLast()
        block.jobDone(job.id, result, context: &bench.context)
        return job.job
    }
    private mutating func statuses() -> [V2.FirmwareStatusEnum] {
        bench.sends().compactMap { request in
            guard case .firmwareStatusNotification(let status) = request else { return nil }
            #expect(status.status == .idle || status.requestId != nil)
            return status.status
        }
    }

    @Test("point 39: the whole way: fetched, verified, written to the other partition, started, tested")
    mutating func wholeWay() {
        #expect(update(request()) == .accepted)
        #expect(finish(.downloaded(sha256: "AB", bytes: 10)) == .download(url: "https://host/image"))
        guard case .verifyFirmware(_, "CERT", "SIG")? = finish(.done) else {
            Issue.record("the signature is verified")
            return
        }
        guard case .install(_, partition: 1)? = finish(.written(sha256: "ab")) else {
            Issue.record("the image goes to the partition that does not run")
            return
        }
        #expect(finish(.done) == .activate(partition: 1))
        #expect(
            statuses() == [.downloading, .downloaded, .signatureVerified, .installing, .installRebooting, .installed])
        #expect(bench.securityEvents().contains(.firmwareUpdated))
        #expect(block.partitions.active == 1 && block.partitions.contents[1] == .proven(sha256: "ab"))
        #expect(update(request(2)) == .accepted)
        finish(.downloaded(sha256: "cd", bytes: 1))
        finish(.done)
        guard case .install(_, partition: 0)? = finish(.written(sha256: "cd")) else {
            Issue.record("partitions take turns")
            return
        }
    }

    @Test("point 39: a signing certificate is checked before the request is accepted")
    mutating func certificate() {
        for (reason, status) in [
            ("expired", V2.UpdateFirmwareStatusEnum.invalidCertificate), ("Revoked", .revokedCertificate),
        ] {
            #expect(block.updateFirmware(request(), context: &bench.context) == nil)
            #expect(finish(.failed(reason)) == .checkCertificate(pem: "CERT", use: .firmware))
            guard case .updateFirmware(let response)? = bench.lateAnswers().first else {
                Issue.record("an answer")
                continue
            }
            #expect(response.status == status)
            #expect(bench.securityEvents() == [.invalidFirmwareSigningCertificate])
        }
        #expect(block.update == nil && statuses() == [])
        var half = request()
        half.firmware.signature = nil
        #expect(block.updateFirmware(half, context: &bench.context)?.status == .rejected)
        for location in ["", "host/image", "gopher://host", "://", ":", "HTTPS"] {
            #expect(update(request(location: location)) == .rejected, "\(location)")
        }
    }

    @Test("point 39: a wrong signature ends the update and is a security event")
    mutating func signature() {
        #expect(update(request()) == .accepted)
        finish(.downloaded(sha256: "ab", bytes: 1))
        finish(.failed("no match"))
        #expect(statuses() == [.downloading, .downloaded, .invalidSignature])
        #expect(bench.securityEvents() == [.invalidFirmwareSignature])
        #expect(block.update == nil)
    }

    @Test("point 39: a download is retried as often as asked, after the interval asked")
    mutating func retries() {
        #expect(update(request(retries: 2, interval: 10)) == .accepted)
        for _ in 0..<2 {
            finish(.failed("timeout"))
            #expect(block.nextDeadline == bench.context.now.adding(seconds: 10))
            bench.wait(10)
            block.timerDue(context: &bench.context)
        }
        finish(.failed("timeout"))
        #expect(statuses() == [.downloading, .downloading, .downloading, .downloadFailed])
        #expect(block.nextDeadline == .distantFuture && block.update == nil)
        #expect(update(request(retries: .max, interval: .min)) == .accepted)
        for _ in 0...Logs.retriesMax {
            finish(.failed("timeout"))
            block.timerDue(context: &bench.context)
        }
        #expect(block.update == nil)
    }

    @Test("point 39: downloading and installing wait for their times")
    mutating func times() {
        let retrieve = BlockBench.start.adding(seconds: 100)
        let install = BlockBench.start.adding(seconds: 1000)
        #expect(update(request(retrieve: retrieve, install: install)) == .accepted)
        #expect(statuses() == [.downloadScheduled] && block.nextDeadline == retrieve)
        bench.context.now = retrieve
        block.timerDue(context: &bench.context)
        finish(.downloaded(sha256: "ab", bytes: 1))
        finish(.done)
        #expect(statuses() == [.downloading, .downloaded, .signatureVerified, .installScheduled])
        #expect(block.nextDeadline == install)
        bench.context.now = install
        block.timerDue(context: &bench.context)
        #expect(statuses() == [.installing])
    }

    @Test(
        "point 39: the installation waits for transactions, and keeps free EVSEs free if told to",
        arguments: [true, false])
    mutating func transactions(mayBegin: Bool) {
        bench.context.deviceModel.preset(
            "ChargingStation", "AllowNewSessionsPendingFirmwareUpdate", to: mayBegin ? "true" : "false")
        bench.occupy(0)
        #expect(update(request(isSigned: false)) == .accepted)
        finish(.downloaded(sha256: "ab", bytes: 1))
        #expect(statuses() == [.downloading, .downloaded, .installScheduled])
        #expect(bench.events() == (mayBegin ? [] : [.keptFree(evse: 1, true)]))
        bench.free(0)
        block.notice(.transactionEnded(evse: 0, transactionID: "T1", .local), context: &bench.context)
        #expect(statuses() == [.installing])
        #expect(bench.events().count == (mayBegin ? 2 : 1))
        finish(.failed("flash"))
        #expect(statuses() == [.installationFailed])
        #expect(bench.events() == [.keptFree(evse: 0, false), .keptFree(evse: 1, false)])
    }

    @Test("point 39: an image that cannot be read back, or does not pass its test, leaves the old firmware running")
    mutating func rollback() {
        for (written, tested, status) in [
            ("00", StationJobResult.done, V2.FirmwareStatusEnum.installationFailed),
            ("ab", .failed("self-test"), .installVerificationFailed),
        ] {
            #expect(update(request(isSigned: false)) == .accepted)
            finish(.downloaded(sha256: "ab", bytes: 1))
            finish(.written(sha256: written))
            finish(tested)
            #expect(statuses().last == status)
            #expect(block.partitions.active == 0 && block.update == nil)
        }
        #expect(block.partitions.contents[1] == .failed(sha256: "ab"))
    }

    @Test("point 39: a new request cancels one that has not begun to install, and no other")
    mutating func canceled() {
        #expect(update(request(1)) == .accepted)
        let old = bench.context.jobs.removeLast()
        #expect(update(request(2)) == .acceptedCanceled)
        block.jobDone(old.id, .downloaded(sha256: "old", bytes: 1), context: &bench.context)
        #expect(block.update?.request.requestId == 2)
        finish(.downloaded(sha256: "ab", bytes: 1))
        finish(.done)
        #expect(update(request(3)) == .rejected)
        #expect(block.update?.request.requestId == 2)
    }

    @Test("point 39: a restart on the way begins with the download again; that of the new firmware does not")
    mutating func restarted() {
        #expect(update(request(isSigned: false)) == .accepted)
        bench.context.jobs = []
        block.notice(.booted(.watchdog), context: &bench.context)
        #expect(finish(.downloaded(sha256: "ab", bytes: 1)) == .download(url: "https://host/image"))
        finish(.written(sha256: "ab"))
        block.notice(.booted(.firmwareUpdate), context: &bench.context)
        #expect(finish(.done) == .activate(partition: 1))
        #expect(statuses().last == .installed)
    }

    @Test("a trigger tells the status last told, or Idle without a request id")
    mutating func triggered() {
        block.notice(.triggered(.firmwareStatusNotification, custom: nil), context: &bench.context)
        #expect(bench.sends() == [.firmwareStatusNotification(.init(status: .idle))])
        #expect(update(request(5)) == .accepted)
        _ = bench.sends()
        block.notice(.triggered(.firmwareStatusNotification, custom: nil), context: &bench.context)
        #expect(bench.sends() == [.firmwareStatusNotification(.init(status: .downloading, requestId: 5))])
    }

    // MARK: Offers

    private mutating func publish(_ id: Int, _ checksum: String) -> V2.GenericStatusEnum {
        block.publishFirmware(
            V2.PublishFirmwareRequest(location: "ftp://h/f", checksum: checksum, requestId: id, retries: 0),
            context: &bench.context
        ).status
    }
    private mutating func unpublish(_ checksum: String) -> V2.UnpublishFirmwareStatusEnum {
        block.unpublishFirmware(V2.UnpublishFirmwareRequest(checksum: checksum), context: &bench.context).status
    }
    private mutating func offers() -> [V2.PublishFirmwareStatusEnum] {
        bench.sends().compactMap { request in
            guard case .publishFirmwareStatusNotification(let status) = request else { return nil }
            #expect((status.location != nil) == (status.status == .published))
            return status.status
        }
    }

    @Test("firmware is offered after its checksum was compared, and taken back by it")
    mutating func publishing() {
        #expect(publish(1, "AA") == .accepted && publish(2, "BB") == .rejected)
        #expect(unpublish("aa") == .downloadOngoing)
        finish(.downloaded(sha256: "x", bytes: 1))
        guard case .checkMD5(_, "aa")? = finish(.done) else {
            Issue.record("the checksum is compared")
            return
        }
        finish(.published(urls: ["http://lc/aa"]))
        #expect(offers() == [.downloading, .downloaded, .checksumVerified, .published])
        block.notice(.triggered(.publishFirmwareStatusNotification, custom: nil), context: &bench.context)
        #expect(offers() == [.published])
        #expect(unpublish("bb") == .noFirmware && unpublish("AA") == .unpublished && unpublish("aa") == .noFirmware)
        #expect(bench.jobs().map(\.job) == [.unpublish(md5: "aa")])
        #expect(publish(3, "cc") == .accepted)
        finish(.failed("gone"))
        #expect(publish(4, "dd") == .accepted)
        finish(.downloaded(sha256: "x", bytes: 1))
        finish(.failed("differs"))
        #expect(offers() == [.downloading, .downloadFailed, .downloading, .downloaded, .invalidChecksum])
    }
}
