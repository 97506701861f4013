internal import OCPP
internal import OCPPMessages

/// Getting one certificate signed: from the wish for it to the signed chain, with repeats that come ever later.
///
/// - Source: OCPP 2.0.1 part 2, use cases A02 and A03.
struct CertificateSigning: Sendable, Codable {
    /// How far it has got.
    enum Phase: Equatable, Sendable, Codable {
        case idle
        /// The key pair is being made; goes to asking or, when that fails, idle.
        case makingRequest(job: Int)
        /// SignCertificate is sent, or waits to be; goes to waiting with its answer.
        case asking(csr: String)
        /// For CertificateSigned until `until`; then, as often as configured, from the start.
        case waiting(csr: String, until: Timestamp)
        /// The chain that came is being checked; goes to idle, or back to waiting.
        case checking(job: Int, ticket: Int, csr: String, until: Timestamp)
    }

    let use: CertificateUse
    private(set) var phase = Phase.idle
    /// Requests sent since the wish, less one.
    private var repeats = 0
    /// Of SignCertificate. OCPP 2.1.
    private(set) var requestID: Int?

    init(use: CertificateUse) { self.use = use }

    var nextDeadline: Timestamp {
        switch phase {
        case .waiting(_, let until): until
        case .idle, .makingRequest, .asking, .checking: .distantFuture
        }
    }

    /// Begins anew, whatever was going on, unless a chain is being checked just now.
    mutating func begin(_ context: inout ControllerContext) {
        if case .checking = phase { return }
        repeats = 0
        request(&context)
    }

    private mutating func request(_ context: inout ControllerContext) {
        let owner = use == .chargingStation ? "SecurityCtrlr" : "ISO15118Ctrlr"
        let organization = context.deviceModel.text(owner, "OrganizationName")
        phase = .makingRequest(job: context.start(.makeCSR(use: use, organization: organization)))
    }

    mutating func timerDue(_ context: inout ControllerContext) {
        guard case .waiting(_, let until) = phase, context.now >= until else { return }
        guard repeats < context.deviceModel.int("SecurityCtrlr", "CertSigningRepeatTimes") else {
            phase = .idle  // until it is asked for again
            return
        }
        repeats += 1
        request(&context)
    }

    /// The signing request was made, or could not be. Returns whether the job was this one's.
    mutating func requestMade(_ job: Int, _ result: StationJobResult, context: inout ControllerContext) -> Bool {
        guard phase == .makingRequest(job: job) else { return false }
        guard case .csr(let pem) = result else {
            phase = .idle
            return true
        }
        phase = .asking(csr: pem)
        requestID = context.version == .v21 ? context.nextID() : nil
        context.send(
            .signCertificate(
                V2.SignCertificateRequest(csr: pem, certificateType: use.signingUse, requestId: requestID)),
            persistent: true, triggered: true)
        return true
    }

    /// SignCertificate was answered. Refused or not answered, it is sent again like one without CertificateSigned.
    mutating func answered(_ request: V2.SignCertificateRequest, context: inout ControllerContext) {
        guard phase == .asking(csr: request.csr) else { return }
        phase = .waiting(csr: request.csr, until: context.now.adding(seconds: waitS(context)))
    }

    /// The minimum, doubled with each repeat; never more than ten years.
    private func waitS(_ context: ControllerContext) -> Int64 {
        let minimum = Int64(max(1, context.deviceModel.int("SecurityCtrlr", "CertSigningWaitMinimum")))
        let (wait, overflow) = minimum.multipliedReportingOverflow(by: 1 << Int64(min(repeats, 30)))
        return overflow ? 315_360_000 : min(wait, 315_360_000)
    }

    /// A chain has come. Returns `false` when none was asked for under this id, or another is being checked.
    mutating func check(
        _ chain: String, requestID: Int?, ticket: Int, context: inout ControllerContext
    ) -> Bool {
        if let requestID, let asked = self.requestID, requestID != asked { return false }
        switch phase {
        case .checking, .makingRequest, .idle: return false
        case .asking(let csr):
            let until = context.now.adding(seconds: waitS(context))
            start(chain, ticket: ticket, csr: csr, until: until, context: &context)
        case .waiting(let csr, let until):
            start(chain, ticket: ticket, csr: csr, until: until, context: &context)
        }
        return true
    }
    private mutating func start(
        _ chain: String, ticket: Int, csr: String, until: Timestamp, context: inout ControllerContext
    ) {
        let job = context.start(.adoptCertificate(chain: chain, use: use))
        phase = .checking(job: job, ticket: ticket, csr: csr, until: until)
    }

    /// The chain was checked. Returns the ticket of the answer and whether it is in use now; `nil` for another's job.
    mutating func checked(_ job: Int, isGood: Bool) -> Int? {
        guard case .checking(job, let ticket, let csr, let until) = phase else { return nil }
        phase = isGood ? .idle : .waiting(csr: csr, until: until)
        return ticket
    }

    /// Jobs do not outlive a restart; SignCertificate does, until it is answered.
    mutating func restarted(_ context: inout ControllerContext) {
        switch phase {
        case .idle, .asking, .waiting: break
        case .makingRequest: request(&context)
        case .checking(_, _, let csr, let until): phase = .waiting(csr: csr, until: until)
        }
    }
}

extension CertificateUse {
    /// The certificate in the words of SignCertificate; `nil` for one that is not signed by way of OCPP.
    var signingUse: V2.CertificateSigningUseEnum? {
        switch self {
        case .chargingStation: .chargingStationCertificate
        case .v2g: .v2GCertificate
        case .v2g20: .v2G20Certificate
        case .firmware: nil
        }
    }
}
