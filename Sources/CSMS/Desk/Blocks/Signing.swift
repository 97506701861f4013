internal import OCPP
internal import OCPPMessages

/// Requests for certificates on their way to a signature and back.
struct Signing: Sendable, Codable {
    /// A certificate made, to be brought to the charging station.
    struct Signed: Equatable, Sendable, Codable {
        var order: SigningOrder
        var requestID: Int?
        var chain: String
        var ends: Timestamp
    }
    private struct UnderWay: Sendable, Codable {
        var job: UInt64
        var order: SigningOrder
        var requestID: Int?
    }

    /// The longest chain a CertificateSigned can carry, in characters.
    static let chainMax = 10_000

    /// One per use at most: the newest request counts.
    private var underWay: [UnderWay] = []
    /// Certificates that could not be delivered yet, one per use.
    private(set) var undelivered: [Signed] = []

    func holds(job: UInt64) -> Bool { underWay.contains { $0.job == job } }
    func isUnderWay(_ order: SigningOrder) -> Bool { underWay.contains { $0.order == order } }

    mutating func begin(_ order: SigningOrder, requestID: Int?, job: UInt64) {
        underWay.removeAll { $0.order.use == order.use }
        undelivered.removeAll { $0.order.use == order.use }
        underWay.append(UnderWay(job: job, order: order, requestID: requestID))
    }

    mutating func finish(job: UInt64) -> (order: SigningOrder, requestID: Int?)? {
        guard let index = underWay.firstIndex(where: { $0.job == job }) else { return nil }
        let entry = underWay.remove(at: index)
        return (entry.order, entry.requestID)
    }

    /// A certificate that has to wait for the next connection, unless a newer one is on its way.
    mutating func put(_ signed: Signed) {
        guard !underWay.contains(where: { $0.order.use == signed.order.use }),
            !undelivered.contains(where: { $0.order.use == signed.order.use })
        else { return }
        undelivered.append(signed)
    }

    mutating func takeUndelivered() -> [Signed] {
        defer { undelivered.removeAll() }
        return undelivered
    }
}

/// Certificate signing and renewal.
/// - Source: OCPP 2.0.1 part 2, A02 and A03; "Improved security for OCPP 1.6-J", A02, A03.
extension StationDesk {
    /// Takes a request for a certificate; `false` when none is made. The same request repeated while it is being signed is
    /// taken once.
    mutating func sign(_ order: SigningOrder, requestID: Int?, _ turn: inout DeskTurn) -> Bool {
        guard settings.signsCertificates, !order.csr.isEmpty else { return false }
        guard !signing.isUnderWay(order) else { return true }
        let job = waiting.nextJobID()
        signing.begin(order, requestID: requestID, job: job)
        turn.outputs.append(.job(id: job, .sign(order)))
        return true
    }

    mutating func signed(_ job: UInt64, _ result: JobResult, _ turn: inout DeskTurn) {
        guard let (order, requestID) = signing.finish(job: job) else { return }
        switch result {
        case .certificate(let chain, let ends) where (1...Signing.chainMax).contains(chain.utf8.count):
            signing.put(Signing.Signed(order: order, requestID: requestID, chain: chain, ends: ends))
            sendSignedCertificates(&turn)
        case .certificate: turn.note(.certificate, "the chain is too long")
        case .failed(let reason): turn.note(.certificate, "not signed: \(reason.prefix(200))")
        default: turn.note(.certificate, "not signed")
        }
    }

    /// CertificateSigned, as soon as there is a connection.
    mutating func sendSignedCertificates(_ turn: inout DeskTurn) {
        guard version != nil else { return }
        for signed in signing.takeUndelivered() {
            let request: AnyRequest =
                wireVersion == .v16
                ? .v16(.certificateSigned(.init(certificateChain: signed.chain)))
                : .v2(
                    .certificateSigned(
                        .init(
                            certificateChain: signed.chain, certificateType: signed.order.use,
                            requestId: signed.requestID)))
            outbox.enqueue(request, for: .certificate(signed))
        }
    }

    /// The charging station's word on a certificate; `nil` when it did not come.
    mutating func certificateDelivered(_ signed: Signing.Signed, isAccepted: Bool?, _ turn: inout DeskTurn) {
        guard let isAccepted else { return signing.put(signed) }
        let use = signed.order.use ?? .chargingStationCertificate
        turn.note(.certificate, isAccepted ? "Accepted" : "Rejected")
        guard isAccepted else { return }
        let request = V2.CertificateSignedRequest(
            certificateChain: signed.chain, certificateType: signed.order.use, requestId: signed.requestID)
        turn.put(.stationCertificate, use.wireText, request.json(version: .v21))
        if use == .chargingStationCertificate { memory.certificateEnds = signed.ends }
    }

    /// When to ask for a renewal; `nil` for no certificate.
    var renewalDue: Timestamp? {
        guard settings.signsCertificates, let ends = memory.certificateEnds else { return nil }
        let due = ends.adding(seconds: -settings.certificateRenewalS)
        return max(due, renewalAskedAt?.adding(seconds: 86_400) ?? due)
    }

    /// Asks for a new request before the certificate ends (A02), once a day.
    mutating func askForRenewal(_ turn: inout DeskTurn) {
        guard let due = renewalDue, turn.now >= due else { return }
        renewalAskedAt = turn.now
        let request: AnyRequest =
            wireVersion == .v16
            ? .v16(.extendedTriggerMessage(.init(requestedMessage: .signChargePointCertificate)))
            : .v2(.triggerMessage(.init(requestedMessage: .signChargingStationCertificate)))
        outbox.enqueue(request, for: .followUp)
    }
}
