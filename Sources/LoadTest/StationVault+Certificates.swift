internal import Models
internal import OCPP
internal import OCPPMessages
internal import PKI
internal import Sockets

/// What a station shows the CSMS when it connects with TLS, in PEM.
struct StationCredential: Sendable {
    var chain: String
    var key: String
}

// Certificates of the station's own, and what is known of them.
extension StationVault {
    /// For connections to the CSMS; `nil` while no certificate has come by OCPP.
    func credential() throws -> StationCredential? {
        try own[.chargingStation].map {
            StationCredential(chain: try $0.chain.map { try $0.pem() }.joined(), key: try $0.key.pem())
        }
    }

    mutating func makeCSR(_ use: CertificateUse, organization: String) throws -> StationJobResult {
        let key = try PrivateKey(.ecdsaP256)
        requested[use] = key
        let name = DistinguishedName(
            commonName: identity, organization: organization.isEmpty ? "evtwin" : organization)
        return .csr(pem: try CertificateRequest(subject: name, key: key).pem())
    }

    mutating func adopt(_ pem: String, _ use: CertificateUse, now: Int64) throws -> StationJobResult {
        let chain = try Certificate.chain(pem: pem)
        guard let first = chain.first else { return .failed("no certificate") }
        guard let key = requested[use], first.belongs(to: key) else {
            return .failed("the certificate is not for the key of the request")
        }
        guard first.isValid(at: now) else { return .failed("the certificate is not valid now") }
        var facts = try Self.facts(first, issuer: chain.dropFirst().first ?? first)
        facts.statusQuestions = try Self.statusQuestions(chain)
        requested[use] = nil
        previous[use] = own[use]
        own[use] = Own(key: key, chain: chain)
        return .certificate(facts)
    }

    static func read(_ pem: String, signedBy: [String], now: Int64) throws -> StationJobResult {
        let certificate = try Certificate(pem: pem)
        guard certificate.isValid(at: now) else { return .failed("the certificate is not valid now") }
        if !signedBy.isEmpty {
            let roots = try signedBy.map { try Certificate(pem: $0) }
            do {
                try CertificateStore(roots: roots).verify(certificate, at: now)
            } catch { return .failed("not signed by the root that is there") }
        }
        return .certificate(try facts(certificate, issuer: certificate))
    }

    /// What to ask about a chain, leaf first: of each certificate whose issuer is known and that names a responder.
    private static func statusQuestions(_ chain: [Certificate]) throws -> [V2.OCSPRequestData] {
        try zip(chain, chain.dropFirst()).compactMap { certificate, issuer in
            guard let responder = certificate.responderURLs.first else { return nil }
            let hash = try PKI.CertificateHashData(of: certificate, issuer: issuer)
            return V2.OCSPRequestData(
                hashAlgorithm: .sha256, issuerNameHash: hash.issuerNameHash, issuerKeyHash: hash.issuerKeyHash,
                serialNumber: hash.serialNumber, responderURL: responder)
        }
    }

    /// Whether an OCSP answer about a certificate of one's own chains holds and says that it is good.
    func check(
        _ result: String, about question: V2.OCSPRequestData, now: Int64
    ) throws -> StationJobResult {
        guard let der = ByteText.bytes(base64: result) else { return .failed("the OCSP answer is no base64") }
        let response = try OCSPResponse(der: der)
        let hash = PKI.CertificateHashData(
            algorithm: .sha256, issuerNameHash: question.issuerNameHash, issuerKeyHash: question.issuerKeyHash,
            serialNumber: question.serialNumber)
        for use in CertificateUse.allCases {
            guard let chain = own[use]?.chain, try Self.statusQuestions(chain).contains(question) else { continue }
            let store = CertificateStore(roots: Array(chain.dropFirst()))
            switch try response.status(of: hash, trusting: store, chain: chain, at: now) {
            case .good: return .done
            case .revoked, .unknown: return .failed("Revoked")
            }
        }
        return .failed("no such certificate is in use")
    }

    private static func facts(_ certificate: Certificate, issuer: Certificate) throws -> CertificateFacts {
        let hash = try PKI.CertificateHashData(of: certificate, issuer: issuer)
        return CertificateFacts(
            hash: V2.CertificateHashData(
                hashAlgorithm: .sha256, issuerNameHash: hash.issuerNameHash, issuerKeyHash: hash.issuerKeyHash,
                serialNumber: hash.serialNumber),
            subject: try certificate.subjectText(),
            notBefore: Timestamp(microseconds: certificate.notBefore * 1_000_000),
            notAfter: Timestamp(microseconds: certificate.notAfter * 1_000_000), isSelfSigned: certificate.isSelfSigned)
    }
}
