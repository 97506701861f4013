internal import CCrypto

/// Answers OCSP requests about the certificates of the authorities it holds.
///
/// Which certificates are revoked is the caller's to know: ``question(der:)`` says which are asked about, and
/// ``answer(_:with:validity:)`` signs what the caller knows of them. Requests may name certificates by SHA-1, as most
/// programs do, and by the functions of the SHA-2 family.
/// - Source: RFC 6960 sections 2.2, 2.3 and 4.2.2.2.
public struct OCSPResponder: Sendable {
    /// Who signs answers about the certificates of one issuer.
    public struct Signer: Sendable {
        /// Whose certificates are spoken about.
        public let issuer: Certificate
        let certificate: Certificate
        let key: PrivateKey

        /// The authority answers itself.
        public init(_ authority: CertificateAuthority) {
            issuer = authority.certificate
            certificate = authority.certificate
            key = authority.key
        }

        /// Somebody answers whom the issuer has appointed.
        /// - Throws: when the key is not the certificate's, or the issuer has not appointed it.
        public init(appointed certificate: Certificate, key: PrivateKey, issuer: Certificate) throws(PKIError) {
            let operation = "use a signer of OCSP responses"
            guard certificate.belongs(to: key) else { throw PKIError(operation, reason: "the key is another one's") }
            guard certificate.isForOCSPSigning, certificate.isIssued(by: issuer) else {
                throw PKIError(
                    operation,
                    reason: "it is neither an authority nor appointed for OCSP signing by the certificate behind it")
            }
            self.issuer = issuer
            self.certificate = certificate
            self.key = key
        }
    }

    /// A request about certificates of one of the authorities held.
    public struct Question: Sendable {
        fileprivate let request: OCSPRequest
        fileprivate let ids: [Handle]
        fileprivate let signer: Signer

        /// Whose certificates they are.
        public var issuer: Certificate { signer.issuer }
        /// The certificates, in hexadecimal digits without leading zeros.
        public let serialNumbers: [String]
    }

    private let signers: [Signer]

    public init(_ signers: [Signer]) { self.signers = signers }

    /// The authorities whose certificates are spoken about.
    public var issuers: [Certificate] { signers.map(\.issuer) }

    /// Reads a request.
    /// - Returns: `nil` when it is about certificates of somebody else, or of several issuers at once.
    /// - Throws: when it cannot be read, asks about nothing, or about too many certificates.
    public func question(der: [UInt8]) throws(PKIError) -> Question? {
        let request = try OCSPRequest(der: der)
        let ids = try request.ids()
        guard let first = ids.first else {
            throw PKIError("read an OCSP request", reason: "it asks about no certificate")
        }
        guard let signer = signers.first(where: { Self.names(first, $0.issuer) }),
            ids.allSatisfy({ Self.names($0, signer.issuer) })
        else { return nil }
        return Question(
            request: request, ids: ids, signer: signer,
            serialNumbers: ids.map { id in
                var serial: UnsafeMutablePointer<ASN1_INTEGER>?
                OCSP_id_get0_info(nil, nil, nil, &serial, id.pointer)
                return SerialNumber.text(serial)
            })
    }

    /// Signs an answer.
    /// - Parameters:
    ///   - statuses: of the question's certificates, in their order; one that is missing is unknown.
    ///   - validity: from when the answer holds (also the time of making), and until when at most.
    public func answer(
        _ question: Question, with statuses: [RevocationStatus], validity: Validity
    ) throws(PKIError) -> OCSPResponse {
        let answers = question.ids.enumerated().map { index, id in
            (id: id, status: index < statuses.count ? statuses[index] : .unknown)
        }
        return try OCSPResponse(
            answers, signedBy: question.signer.key, certificate: question.signer.certificate, validity: validity,
            request: question.request)
    }

    /// Whether the id is that of a certificate of this issuer.
    private static func names(_ id: Handle, _ issuer: Certificate) -> Bool {
        var method: OpaquePointer?
        guard OCSP_id_get0_info(nil, &method, nil, nil, id.pointer) == 1 else { return false }
        let function: OpaquePointer?
        switch OBJ_obj2nid(method) {
        case NID_sha1: function = EVP_sha1()
        case NID_sha256: function = EVP_sha256()
        case NID_sha384: function = EVP_sha384()
        case NID_sha512: function = EVP_sha512()
        default: return false
        }
        defer { ERR_clear_error() }
        guard let own = OCSP_cert_to_id(function, nil, issuer.handle.pointer) else { return false }
        defer { OCSP_CERTID_free(own) }
        return OCSP_id_issuer_cmp(own, id.pointer) == 0
    }
}
