internal import OCPP
internal import OCPPMessages

/// Certificates of a charging station: its own, which it has signed and renews, and the roots that it trusts.
///
/// Certificates are read, checked and used by the driver's jobs; this keeps what they are and says when.
/// - Source: OCPP 2.0.1 part 2, use cases A02, A03 and M03 to M05; OCPP 2.1; security white paper for OCPP 1.6.
struct Certificates: ControllerBlock {
    /// How long before its end a certificate is renewed, seconds: a month (A03).
    static let renewBeforeS: Int64 = 30 * 86_400
    /// Wait before another one is asked for when a new certificate did not work, seconds.
    static let retryAfterS: Int64 = 86_400
    /// Installations being checked at a time.
    static let installsMax = 4

    /// A certificate of the charging station's own, the newest of its use.
    struct Own: Sendable, Codable {
        var use: CertificateUse
        var facts: CertificateFacts
        /// When to have it renewed; `distantFuture` once that has begun.
        var renewAt: Timestamp
        /// The one before, to go back to until this one has made a connection.
        var previous: CertificateFacts?
    }
    private struct Install: Sendable, Codable {
        var job: Int
        var ticket: Int
        var use: V2.InstallCertificateUseEnum
        var pem: String
    }

    private var signings = [CertificateUse.chargingStation, .v2g, .v2g20].map { CertificateSigning(use: $0) }
    private(set) var own: [Own] = []
    private(set) var store = RootStore()
    private var installs: [Install] = []

    init() {}

    /// PEM texts of the roots for a use, newest last: what a driver gives to TLS.
    func roots(for use: V2.InstallCertificateUseEnum) -> [String] { store.roots(for: use).map(\.pem) }

    /// Roots and own certificates that a charging station comes with.
    mutating func preset(roots: [RootCertificate], own: [(use: CertificateUse, facts: CertificateFacts)] = []) {
        for root in roots { _ = store.install(root, isExclusive: false) }
        for certificate in own { keep(certificate.facts, use: certificate.use) }
    }

    // MARK: Own certificates

    var nextDeadline: Timestamp {
        let signing = signings.map(\.nextDeadline).min() ?? .distantFuture
        return own.reduce(signing) { min($0, $1.renewAt) }
    }

    mutating func timerDue(context: inout ControllerContext) {
        for index in signings.indices { signings[index].timerDue(&context) }
        for index in own.indices where own[index].renewAt <= context.now {
            own[index].renewAt = .distantFuture
            sign(own[index].use, context: &context)
        }
    }

    private mutating func sign(_ use: CertificateUse, context: inout ControllerContext) {
        guard let index = signings.firstIndex(where: { $0.use == use }) else { return }
        signings[index].begin(&context)
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .booted:
            installs = []
            for index in signings.indices { signings[index].restarted(&context) }
        case .online:
            for index in own.indices { own[index].previous = nil }
        case .security(.failedToAuthenticateAtCSMS, _): revert(&context)
        case .triggered(.signChargingStationCertificate, _): sign(.chargingStation, context: &context)
        case .triggered(.signV2GCertificate, _): sign(.v2g, context: &context)
        case .triggered(.signV2G20Certificate, _): sign(.v2g20, context: &context)
        case .triggered(.signCombinedCertificate, _):  // one certificate for both ends
            sign(.chargingStation, context: &context)
        default: break
        }
    }

    mutating func answered(_ request: V2.Request, with outcome: CallOutcome, context: inout ControllerContext) {
        guard case .signCertificate(let request) = request else { return }
        for index in signings.indices { signings[index].answered(request, context: &context) }
    }

    /// `nil` when the chain has to be checked first.
    mutating func certificateSigned(
        _ request: V2.CertificateSignedRequest, context: inout ControllerContext
    ) -> V2.CertificateSignedResponse? {
        let longest = context.deviceModel.int("SecurityCtrlr", "MaxCertificateChainSize")
        guard request.certificateChain.unicodeScalars.count <= longest else {
            return refused("TooLargeElement", context: &context)
        }
        let type = request.certificateType ?? .chargingStationCertificate
        guard let index = signings.firstIndex(where: { $0.use.signingUse == type }) else {
            return refused("NotSupported", context: &context)
        }
        let ticket = context.deferAnswer()
        guard
            signings[index].check(
                request.certificateChain, requestID: request.requestId, ticket: ticket, context: &context)
        else {
            context.answerNow()
            return refused("NotRequested", context: &context)
        }
        return nil
    }

    private func refused(_ reason: String, context: inout ControllerContext) -> V2.CertificateSignedResponse {
        context.reportSecurity(.invalidChargingStationCertificate, techInfo: reason)
        return V2.CertificateSignedResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: reason))
    }

    /// The newest certificate is the one that counts.
    private mutating func keep(_ facts: CertificateFacts, use: CertificateUse) {
        let previous = own.first { $0.use == use }?.facts
        own.removeAll { $0.use == use }
        let earliest = Timestamp(microseconds: .min + Self.renewBeforeS * 1_000_000)
        let renewAt = facts.notAfter > earliest ? facts.notAfter.adding(seconds: -Self.renewBeforeS) : facts.notAfter
        own.append(Own(use: use, facts: facts, renewAt: renewAt, previous: previous))
    }

    /// The CSMS does not take the new certificate: back to the one before (A02). Another is asked for a day
    /// later.
    private mutating func revert(_ context: inout ControllerContext) {
        guard let index = own.firstIndex(where: { $0.use == .chargingStation }), let previous = own[index].previous
        else { return }
        own[index] = Own(
            use: .chargingStation, facts: previous, renewAt: context.now.adding(seconds: Self.retryAfterS))
        _ = context.start(.revertCertificate(use: .chargingStation))
        context.act(.reconnect)
    }

    private mutating func chainChecked(_ job: Int, _ result: StationJobResult, context: inout ControllerContext) {
        var good: CertificateFacts?
        var problem = "InvalidCertificate"
        if case .certificate(let facts) = result {
            if facts.notAfter > context.now { good = facts } else { problem = "CertificateExpired" }
        }
        if case .failed(let reason) = result { problem = reason }
        for index in signings.indices {
            guard let ticket = signings[index].checked(job, isGood: good != nil) else { continue }
            guard let good else {
                context.answer(ticket, with: .certificateSigned(refused(problem.reasonCode, context: &context)))
                return
            }
            context.answer(ticket, with: .certificateSigned(V2.CertificateSignedResponse(status: .accepted)))
            keep(good, use: signings[index].use)
            if signings[index].use != .chargingStation, !good.statusQuestions.isEmpty {
                context.announce(.ocspWanted(good.statusQuestions))
            }
            if signings[index].use == .chargingStation { context.act(.reconnect) }
            return
        }
    }

    // MARK: Roots

    /// `nil` when the certificate has to be read first.
    mutating func installCertificate(
        _ request: V2.InstallCertificateRequest, context: inout ControllerContext
    ) -> V2.InstallCertificateResponse? {
        guard installs.count < Self.installsMax else { return .init(.rejected, "Busy") }
        let isChecked = isExclusive(request.certificateType, context)
        let ticket = context.deferAnswer()
        let job = context.start(
            .readCertificate(
                pem: request.certificate, signedBy: isChecked ? roots(for: request.certificateType) : []))
        installs.append(
            Install(job: job, ticket: ticket, use: request.certificateType, pem: request.certificate))
        return nil
    }

    /// With AdditionalRootCertificateCheck a new CSMS root is signed by the old one, which stays only to fall back on.
    private func isExclusive(_ use: V2.InstallCertificateUseEnum, _ context: ControllerContext) -> Bool {
        use == .csmsRootCertificate && context.deviceModel.bool("SecurityCtrlr", "AdditionalRootCertificateCheck")
    }

    private mutating func certificateRead(
        _ install: Install, _ result: StationJobResult, context: inout ControllerContext
    ) {
        context.answer(install.ticket, with: .installCertificate(outcome(of: install, result, context: &context)))
        context.publish(
            String(store.roots.count), component: "SecurityCtrlr", variable: "CertificateEntries")
    }

    private mutating func outcome(
        of install: Install, _ result: StationJobResult, context: inout ControllerContext
    ) -> V2.InstallCertificateResponse {
        guard case .certificate(let facts) = result else {
            if case .failed(let reason) = result { return .init(.rejected, reason.reasonCode) }
            return .init(.rejected, "InvalidCertificate")
        }
        guard facts.notBefore <= context.now, facts.notAfter > context.now else {
            return .init(.rejected, "CertificateExpired")
        }
        let root = RootCertificate(use: install.use, pem: install.pem, facts: facts)
        guard store.install(root, isExclusive: isExclusive(install.use, context)) else {
            return .init(.rejected, "TooManyElements")
        }
        return V2.InstallCertificateResponse(status: .accepted)
    }

    mutating func deleteCertificate(
        _ request: V2.DeleteCertificateRequest, context: inout ControllerContext
    ) -> V2.DeleteCertificateResponse {
        let hash = request.certificateHashData
        if let index = own.firstIndex(where: { $0.facts.hash.names(hash) }) {
            // Its own certificate it cannot do without (M04); one for vehicles may go.
            guard own[index].use != .chargingStation else { return V2.DeleteCertificateResponse(status: .failed) }
            own.remove(at: index)
            return V2.DeleteCertificateResponse(status: .accepted)
        }
        let status = store.delete(hash)
        if status == .accepted {
            context.reportSecurity(.reconfigurationOfSecurityParameters, techInfo: "DeleteCertificate")
            context.publish(
                String(store.roots.count), component: "SecurityCtrlr", variable: "CertificateEntries")
        }
        return V2.DeleteCertificateResponse(status: status)
    }

    func getInstalledCertificateIds(
        _ request: V2.GetInstalledCertificateIdsRequest, context: inout ControllerContext
    ) -> V2.GetInstalledCertificateIdsResponse {
        var chains: [V2.CertificateHashDataChain] = []
        func isWanted(_ type: V2.GetCertificateIdUseEnum) -> Bool {
            type.isIn(context.version) && request.certificateType?.contains(type) != false
        }
        for root in store.roots where isWanted(root.use.installed) {
            chains.append(
                V2.CertificateHashDataChain(
                    certificateHashData: root.facts.hash, certificateType: root.use.installed))
        }
        for certificate in own where certificate.use != .chargingStation && isWanted(.v2GCertificateChain) {
            let children = Array(certificate.facts.children.prefix(4))
            chains.append(
                V2.CertificateHashDataChain(
                    certificateHashData: certificate.facts.hash, certificateType: .v2GCertificateChain,
                    childCertificateHashData: children.isEmpty ? nil : children))
        }
        guard !chains.isEmpty else { return V2.GetInstalledCertificateIdsResponse(status: .notFound) }
        return V2.GetInstalledCertificateIdsResponse(status: .accepted, certificateHashDataChain: chains)
    }

    mutating func jobDone(_ job: Int, _ result: StationJobResult, context: inout ControllerContext) {
        if let index = installs.firstIndex(where: { $0.job == job }) {
            return certificateRead(installs.remove(at: index), result, context: &context)
        }
        for index in signings.indices where signings[index].requestMade(job, result, context: &context) { return }
        chainChecked(job, result, context: &context)
    }
}

extension V2.InstallCertificateResponse {
    fileprivate init(_ status: V2.InstallCertificateStatusEnum, _ reason: String) {
        self.init(status: status, statusInfo: V2.StatusInfo(reasonCode: reason))
    }
}

extension String {
    /// The first words of a job's reason as a reasonCode, which holds 20 characters; never empty.
    var reasonCode: String { isEmpty ? "InternalError" : String(unicodeScalars.prefix(20)) }
}
