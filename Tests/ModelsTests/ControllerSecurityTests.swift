import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Security events and certificates")
struct ControllerSecurityTests {
    private var bench = BlockBench()
    private var block = Certificates()

    // MARK: Events

    @Test("point 36: all events are logged, critical ones pushed and kept until they are answered")
    mutating func events() {
        var events = SecurityEvents()
        for kind in SecurityEventKind.allCases {
            events.notice(
                .security(kind, techInfo: String(repeating: "x", count: 400)), context: &bench.context)
        }
        #expect(SecurityEventKind.allCases.count == 20 && events.count == 20)
        #expect(events.log().map(\.kind) == SecurityEventKind.allCases)
        #expect(events.log().allSatisfy { $0.techInfo?.count == 255 })
        #expect(bench.context.sends.allSatisfy { $0.isPersistent })
        let pushed = bench.sends().compactMap { request in
            guard case .securityEventNotification(let event) = request else { return nil as String? }
            return event.type
        }
        #expect(pushed == SecurityEventKind.allCases.filter(\.isCritical).map(\.rawValue))
    }

    @Test("point 36: the security log keeps the newest events and gives those of a time span")
    mutating func ring() {
        var events = SecurityEvents()
        for number in 0..<1200 {
            events.notice(.security(.invalidMessages, techInfo: "\(number)"), context: &bench.context)
            bench.wait(1)
        }
        #expect(events.count == SecurityEvents.entriesMax)
        #expect(events.log().first?.techInfo == "700" && events.log().last?.techInfo == "1199")
        let first = BlockBench.start.adding(seconds: 1000)
        #expect(
            events.log(from: first, to: first.adding(seconds: 9)).map { $0.techInfo ?? "" }
                == (1000...1009).map { "\($0)" })
        events.notice(.booted(.watchdog), context: &bench.context)
        #expect(events.log().last?.kind == .startupOfTheDevice)
    }

    // MARK: Signing

    /// Goes on until SignCertificate is sent and answered; returns its request.
    private mutating func sign() -> V2.SignCertificateRequest? {
        guard let job = bench.jobs().last, case .makeCSR = job.job else { return nil }
        block.jobDone(job.id, .csr(pem: "CSR \(job.id)"), context: &bench.context)
        guard case .signCertificate(let request)? = bench.sends().last else { return nil }
        block.answered(
            .signCertificate(request), with: .response(.signCertificate(.init(status: .accepted))),
            context: &bench.context)
        return request
    }

    @Test("the request names the organization that the CSMS has set")
    mutating func organization() {
        #expect(bench.context.set("ACME", component: "SecurityCtrlr", variable: "OrganizationName") == .accepted)
        block.notice(.triggered(.signChargingStationCertificate, custom: nil), context: &bench.context)
        #expect(bench.jobs().map(\.job) == [.makeCSR(use: .chargingStation, organization: "ACME")])
    }

    @Test("point 37: without CertificateSigned the request is repeated, each time after double the wait, a few times")
    mutating func repeats() {
        bench.context.deviceModel.preset("SecurityCtrlr", "CertSigningWaitMinimum", to: "60")
        bench.context.deviceModel.preset("SecurityCtrlr", "CertSigningRepeatTimes", to: "3")
        block.notice(.triggered(.signChargingStationCertificate, custom: nil), context: &bench.context)
        var requests: [String] = []
        for wait in [60, 120, 240, 480] as [Int64] {
            guard let request = sign() else {
                Issue.record("a request before the wait of \(wait) s")
                return
            }
            requests.append(request.csr)
            #expect(block.nextDeadline == bench.context.now.adding(seconds: wait))
            bench.wait(wait - 1)
            block.timerDue(context: &bench.context)
            #expect(bench.context.jobs.isEmpty)
            bench.wait(1)
            block.timerDue(context: &bench.context)
        }
        #expect(Set(requests).count == 4 && bench.jobs().isEmpty && block.nextDeadline == .distantFuture)
    }

    @Test("point 37: a good chain is taken and the connection made anew; a wrong one is a security event")
    mutating func signed() {
        block.notice(.triggered(.signChargingStationCertificate, custom: nil), context: &bench.context)
        #expect(sign() != nil)
        let request = V2.CertificateSignedRequest(certificateChain: "CHAIN")
        #expect(block.certificateSigned(request, context: &bench.context) == nil)
        var job = bench.jobs().last
        #expect(job?.job == .adoptCertificate(chain: "CHAIN", use: .chargingStation))
        block.jobDone(job?.id ?? 0, .failed("wrong key"), context: &bench.context)
        #expect(
            bench.lateAnswers() == [
                .certificateSigned(.init(status: .rejected, statusInfo: .init(reasonCode: "wrong key")))
            ])
        #expect(bench.securityEvents() == [.invalidChargingStationCertificate])
        #expect(block.certificateSigned(request, context: &bench.context) == nil)
        job = bench.jobs().last
        block.jobDone(job?.id ?? 0, .certificate(BlockBench.facts()), context: &bench.context)
        #expect(bench.lateAnswers() == [.certificateSigned(.init(status: .accepted))])
        #expect(bench.directives() == [.reconnect] && block.own.map(\.facts) == [BlockBench.facts()])
        #expect(block.certificateSigned(request, context: &bench.context)?.status == .rejected)
        let long = V2.CertificateSignedRequest(certificateChain: String(repeating: "x", count: 10_001))
        #expect(block.certificateSigned(long, context: &bench.context)?.status == .rejected)
    }

    @Test("point 37: a certificate is renewed a month before its end; in 2.1 the request id has to fit")
    mutating func renewal() {
        bench.context.version = .v21
        let end = BlockBench.start.adding(seconds: 40 * 86_400)
        block.preset(roots: [], own: [(.chargingStation, BlockBench.facts(notAfter: end))])
        #expect(block.nextDeadline == BlockBench.start.adding(seconds: 10 * 86_400))
        bench.context.now = block.nextDeadline
        block.timerDue(context: &bench.context)
        guard let id = sign()?.requestId else {
            Issue.record("2.1 requests have an id")
            return
        }
        let wrong = V2.CertificateSignedRequest(certificateChain: "CHAIN", requestId: id + 1)
        #expect(block.certificateSigned(wrong, context: &bench.context)?.status == .rejected)
        let right = V2.CertificateSignedRequest(certificateChain: "CHAIN", requestId: id)
        #expect(block.certificateSigned(right, context: &bench.context) == nil)
        block.preset(roots: [], own: [(.v2g, BlockBench.facts(notAfter: .distantPast))])
        #expect(block.nextDeadline == .distantPast)
    }

    @Test("point 37: a new certificate that the CSMS does not take gives way to the one before, until it has worked")
    mutating func fallback() {
        for works in [false, true] {
            block.preset(roots: [], own: [(.chargingStation, BlockBench.facts("old"))])
            block.notice(.online, context: &bench.context)
            block.notice(.triggered(.signChargingStationCertificate, custom: nil), context: &bench.context)
            #expect(sign() != nil)
            #expect(block.certificateSigned(.init(certificateChain: "CHAIN"), context: &bench.context) == nil)
            block.jobDone(
                bench.jobs().last?.id ?? 0, .certificate(BlockBench.facts("new")), context: &bench.context)
            #expect(bench.directives() == [.reconnect])
            if works { block.notice(.online, context: &bench.context) }
            block.notice(.security(.failedToAuthenticateAtCSMS, techInfo: nil), context: &bench.context)
            #expect(block.own.map(\.facts.subject) == [works ? "CN=new" : "CN=old"])
            #expect(bench.jobs().map(\.job) == (works ? [] : [.revertCertificate(use: .chargingStation)]))
            #expect(bench.directives() == (works ? [] : [.reconnect]))
        }
    }

    // MARK: Roots

    private mutating func install(
        _ facts: CertificateFacts, _ use: V2.InstallCertificateUseEnum = .csmsRootCertificate, fails: Bool = false
    ) -> V2.InstallCertificateStatusEnum? {
        let request = V2.InstallCertificateRequest(certificateType: use, certificate: "PEM \(facts.subject)")
        #expect(block.installCertificate(request, context: &bench.context) == nil)
        let job = bench.jobs().last?.id ?? 0
        block.jobDone(job, fails ? .failed("not signed") : .certificate(facts), context: &bench.context)
        guard case .installCertificate(let response)? = bench.lateAnswers().first else { return nil }
        return response.status
    }
    private mutating func delete(_ facts: CertificateFacts) -> V2.DeleteCertificateStatusEnum {
        block.deleteCertificate(V2.DeleteCertificateRequest(certificateHashData: facts.hash), context: &bench.context)
            .status
    }

    @Test("point 38: each type of root is installed, listed and deleted; the last CSMS root stays")
    mutating func roots() {
        bench.context.version = .v21
        for (number, use) in V2.InstallCertificateUseEnum.allCases.enumerated() {
            #expect(install(BlockBench.facts("0\(number)"), use) == .accepted)
        }
        let all = block.getInstalledCertificateIds(.init(), context: &bench.context)
        #expect(all.certificateHashDataChain?.count == 5)
        let one = block.getInstalledCertificateIds(
            .init(certificateType: [.moRootCertificate]), context: &bench.context)
        #expect(one.certificateHashDataChain?.map(\.certificateHashData.serialNumber) == ["01"])
        #expect(delete(BlockBench.facts("3")) == .failed)
        #expect(install(BlockBench.facts("9")) == .accepted && delete(BlockBench.facts("03")) == .accepted)
        #expect(delete(BlockBench.facts("03")) == .notFound && delete(BlockBench.facts("01")) == .accepted)
        let none = block.getInstalledCertificateIds(
            .init(certificateType: [.moRootCertificate]), context: &bench.context)
        #expect(none.status == .notFound && none.certificateHashDataChain == nil)
    }

    @Test("point 38: roots that are unreadable, out of date or too many are refused")
    mutating func badRoots() {
        #expect(install(BlockBench.facts(), fails: true) == .rejected)
        #expect(install(BlockBench.facts(notAfter: BlockBench.start)) == .rejected)
        #expect(install(BlockBench.facts(notBefore: BlockBench.start.adding(seconds: 1))) == .rejected)
        for number in 0..<100 { #expect(install(BlockBench.facts("1\(number)"), .moRootCertificate) == .accepted) }
        #expect(install(BlockBench.facts("2"), .moRootCertificate) == .rejected)
        #expect(install(BlockBench.facts("10"), .moRootCertificate) == .accepted, "the same again")
        #expect(block.store.roots.count == 100)
    }

    @Test("point 38: with AdditionalRootCertificateCheck there is one CSMS root and one to fall back on")
    mutating func additionalCheck() {
        bench.context.deviceModel.preset("SecurityCtrlr", "AdditionalRootCertificateCheck", to: "true")
        for number in 1...3 { #expect(install(BlockBench.facts("0\(number)")) == .accepted) }
        #expect(block.roots(for: .csmsRootCertificate) == ["PEM CN=02", "PEM CN=03"])
        let request = V2.InstallCertificateRequest(certificateType: .csmsRootCertificate, certificate: "NEW")
        #expect(block.installCertificate(request, context: &bench.context) == nil)
        #expect(
            bench.jobs().map(\.job) == [.readCertificate(pem: "NEW", signedBy: ["PEM CN=02", "PEM CN=03"])])
    }

    @Test("the charging station's own certificate cannot be deleted, one for vehicles can")
    mutating func own() {
        block.preset(
            roots: [], own: [(.chargingStation, BlockBench.facts("aa")), (.v2g, BlockBench.facts("bb"))])
        #expect(delete(BlockBench.facts("AA")) == .failed && delete(BlockBench.facts("bb")) == .accepted)
    }
}
