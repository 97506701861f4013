internal import OCPP
internal import OCPPMessages

/// Certificates of charging stations, contracts and vehicles, and the tokens they stand for.
extension StationDesk {
    mutating func receiveCertificates(_ id: String, _ request: V2.Request, _ turn: inout DeskTurn) -> Bool {
        switch request {
        case .signCertificate(let request):
            let order = SigningOrder(csr: request.csr, use: request.certificateType, root: request.hashRootCertificate)
            let isTaken = sign(order, requestID: request.requestId, &turn)
            turn.answer(id, .signCertificate(.init(status: isTaken ? .accepted : .rejected)))
        case .get15118EVCertificate(let request):
            wait(id, .v2(.get15118EVCertificate(request)), for: .vehicleCertificate(request), &turn)
        case .getCertificateStatus(let request):
            wait(
                id, .v2(.getCertificateStatus(request)), for: .ocsp(request.ocspRequestData), &turn)
        case .getCertificateChainStatus(let request):
            wait(
                id, .v2(.getCertificateChainStatus(request)), for: .checkChain(request.certificateStatusRequests),
                &turn)
        default: return false
        }
        return true
    }

    /// C01 to C07: what the directory says, and for a contract also whether its certificate is good.
    mutating func authorize(_ id: String, _ request: V2.AuthorizeRequest, _ turn: inout DeskTurn) {
        guard request.certificate == nil, request.iso15118CertificateHashData == nil else {
            let job = Job.checkContract(
                certificate: request.certificate, hashes: request.iso15118CertificateHashData ?? [],
                eMAID: request.idToken.type == Core.IdTokenKind.eMAID.rawValue ? request.idToken.idToken : nil)
            return wait(id, .v2(.authorize(request)), for: job, &turn)
        }
        let token = Core.IdToken(request.idToken)
        let info = judge(token, &turn)
        turn.answer(
            id, .authorize(.init(idTokenInfo: V2.IdTokenInfo(info, priority: priority(of: token, turn)))))
    }

    /// The answer to an Authorize whose contract has been checked; a token is not good without its certificate (C07).
    mutating func authorize(
        _ id: String, _ request: V2.AuthorizeRequest, certificate: V2.AuthorizeCertificateStatusEnum,
        _ turn: inout DeskTurn
    ) {
        let token = Core.IdToken(request.idToken)
        var info = judge(token, &turn)
        if certificate != .accepted, info.status == .accepted { info.status = .invalid }
        turn.answer(
            id,
            .authorize(
                .init(
                    idTokenInfo: V2.IdTokenInfo(info, priority: priority(of: token, turn)),
                    certificateStatus: certificate)))
    }
}
