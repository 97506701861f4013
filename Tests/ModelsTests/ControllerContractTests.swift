import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Contract certificates")
struct ControllerContractTests {
    private var bench = BlockBench()
    private var block = ContractCertificates()

    private mutating func wish(_ exi: String = "EXI", evse: Int = 0) {
        block.notice(
            .contractWanted(evse: evse, schemaVersion: "urn:iso:15118:2", action: .install, exi: exi, chainsMax: 3),
            context: &bench.context)
    }

    @Test("a vehicle's wish goes to the CSMS, and the answer to the vehicle")
    mutating func contract() {
        wish()
        let request = V2.Get15118EVCertificateRequest(
            iso15118SchemaVersion: "urn:iso:15118:2", action: .install, exiRequest: "EXI")
        #expect(bench.sends() == [.get15118EVCertificate(request)])
        let response = V2.Get15118EVCertificateResponse(status: .accepted, exiResponse: "ANSWER")
        for _ in 0..<2 {  // the second time nobody waits any more
            block.answered(
                .get15118EVCertificate(request), with: .response(.get15118EVCertificate(response)),
                context: &bench.context)
        }
        #expect(bench.jobs().map(\.job) == [.deliverEXI(evse: 0, exi: "ANSWER")])
    }

    @Test("a vehicle that cannot be served is told at once")
    mutating func refused() {
        bench.context.isOnline = false
        wish()
        bench.context.isOnline = true
        bench.context.version = .v16
        wish(evse: 1)
        #expect(bench.sends().isEmpty)
        #expect(bench.jobs().map(\.job) == [.deliverEXI(evse: 0, exi: nil), .deliverEXI(evse: 1, exi: nil)])
        bench.context.version = .v21
        for number in 0...ContractCertificates.wishesMax { wish("\(number)") }
        #expect(bench.sends().count == ContractCertificates.wishesMax && bench.jobs().count == 1)
    }

    @Test(
        "no contract is asked about or installed while the setting for it is off",
        arguments: ["Enabled", "PnCEnabled", "ContractCertificateInstallationEnabled"])
    mutating func switchedOff(variable: String) {
        bench.context.version = .v21
        #expect(bench.context.set("false", component: "ISO15118Ctrlr", variable: variable) == .accepted)
        _ = bench.events()
        wish()
        #expect(bench.sends().isEmpty)
        #expect(bench.jobs().map(\.job) == [.deliverEXI(evse: 0, exi: nil)])
        let question = V2.CertificateStatusRequestInfo(
            certificateHashData: BlockBench.facts().hash, source: .ocsp, urls: ["http://o"])
        block.notice(.chainStatusWanted(evse: 1, [question]), context: &bench.context)
        #expect(bench.sends().isEmpty == (variable != "ContractCertificateInstallationEnabled"))
    }

    @Test("OCSP answers are fetched anew each week, and soon after a failure")
    mutating func ocsp() {
        let data = V2.OCSPRequestData(
            hashAlgorithm: .sha256, issuerNameHash: "a", issuerKeyHash: "b", serialNumber: "1", responderURL: "http://o"
        )
        block.notice(.ocspWanted([data]), context: &bench.context)
        let request = V2.Request.getCertificateStatus(.init(ocspRequestData: data))
        #expect(bench.sends() == [request])
        block.answered(request, with: .unanswered, context: &bench.context)
        #expect(block.nextDeadline == bench.context.now.adding(seconds: ContractCertificates.retryS))
        bench.context.now = block.nextDeadline
        block.timerDue(context: &bench.context)
        #expect(bench.sends() == [request])
        block.answered(
            request, with: .response(.getCertificateStatus(.init(status: .accepted, ocspResult: "DER"))),
            context: &bench.context)
        let jobs = bench.jobs()
        #expect(jobs.map(\.job) == [.deliverOCSP(data, result: "DER")])
        #expect(block.nextDeadline == bench.context.now.adding(seconds: 7 * 86_400))
        for job in jobs { block.jobDone(job.id, .failed("not signed by the issuer"), context: &bench.context) }
        #expect(block.nextDeadline == bench.context.now.adding(seconds: ContractCertificates.retryS))
    }

    @Test("the status of a contract chain is asked for in 2.1 only")
    mutating func chain() {
        let question = V2.CertificateStatusRequestInfo(
            certificateHashData: BlockBench.facts().hash, source: .ocsp, urls: ["http://o"])
        block.notice(.chainStatusWanted(evse: 1, [question]), context: &bench.context)
        #expect(bench.jobs().map(\.job) == [.deliverChainStatus(evse: 1, [])])
        bench.context.version = .v21
        block.notice(.chainStatusWanted(evse: 1, [question]), context: &bench.context)
        let request = V2.Request.getCertificateChainStatus(.init(certificateStatusRequests: [question]))
        #expect(bench.sends() == [request])
        let status = V2.CertificateStatus(
            certificateHashData: BlockBench.facts().hash, source: .ocsp, status: .good, nextUpdate: BlockBench.start)
        block.answered(
            request, with: .response(.getCertificateChainStatus(.init(certificateStatus: [status]))),
            context: &bench.context)
        #expect(bench.jobs().map(\.job) == [.deliverChainStatus(evse: 1, [status])])
    }
}
