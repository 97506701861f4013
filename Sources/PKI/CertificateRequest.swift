internal import CCrypto

/// A certificate signing request (PKCS #10).
public struct CertificateRequest: Sendable {
    let handle: Handle

    /// Makes a request for `subject`, signed with the key it is about.
    public init(subject: DistinguishedName, key: PrivateKey) throws(PKIError) {
        let operation = "make a signing request"
        let name = try subject.handle()
        ERR_clear_error()
        handle = try Handle(X509_REQ_new(), operation) { X509_REQ_free($0) }
        try PKIError.check(X509_REQ_set_version(handle.pointer, 0), operation)
        try PKIError.check(X509_REQ_set_subject_name(handle.pointer, name.pointer), operation)
        try PKIError.check(X509_REQ_set_pubkey(handle.pointer, key.handle.pointer), operation)
        guard X509_REQ_sign(handle.pointer, key.handle.pointer, EVP_sha256()) > 0 else {
            throw PKIError.openSSL(operation)
        }
    }

    /// Reads `BEGIN CERTIFICATE REQUEST`.
    public init(pem: String) throws(PKIError) {
        let operation = "read a signing request"
        let stream = try Memory.reader(Array(pem.utf8), operation)
        handle = try Handle(PEM_read_bio_X509_REQ(stream.pointer, nil, Memory.noPassPhrase, nil), operation) {
            X509_REQ_free($0)
        }
    }

    public init(der: [UInt8]) throws(PKIError) {
        handle = try Memory.parse(
            der, "read a signing request", release: { X509_REQ_free($0) },
            read: { position, count in d2i_X509_REQ(nil, position, count) })
    }

    public func pem() throws(PKIError) -> String {
        let stream = try Memory.writer("write a signing request")
        try PKIError.check(PEM_write_bio_X509_REQ(stream.pointer, handle.pointer), "write a signing request")
        return Memory.text(stream)
    }
    public func der() throws(PKIError) -> [UInt8] {
        try Memory.der("write a signing request") { i2d_X509_REQ(handle.pointer, $0) }
    }

    public var subject: DistinguishedName { DistinguishedName(X509_REQ_get_subject_name(handle.pointer)) }
    public func publicKey() throws(PKIError) -> PublicKey {
        PublicKey(try Handle(X509_REQ_get_pubkey(handle.pointer), "read the key of a request") { EVP_PKEY_free($0) })
    }
    /// Whether the requester holds the key: the request is signed with it.
    public func isSignedByItsKey() throws(PKIError) -> Bool {
        let key = try publicKey()
        defer { ERR_clear_error() }
        return X509_REQ_verify(handle.pointer, key.handle.pointer) == 1
    }
}

/// What a signing request must look like before it is signed.
/// - Source: OCPP 2.0.1 part 2, A00.FR.404 to A00.FR.511 (key strength, CN and O of station certificates), A02.FR.06.
public struct RequestPolicy: Hashable, Sendable {
    /// The name that must be asked for; `nil` for any that is not empty.
    public var commonName: String?
    public var organization: String?
    /// Least strength in bits: 112 is RSA 2048 or a curve of 224 bits.
    public var securityBits = 112

    public init(commonName: String? = nil, organization: String? = nil, securityBits: Int = 112) {
        self.commonName = commonName
        self.organization = organization
        self.securityBits = securityBits
    }

    /// Why a request is not signed.
    public enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case malformed(PKIError)
        case signature
        case commonName(found: String)
        case organization(found: String?)
        case keyKind
        case keyStrength(bits: Int)

        public var description: String {
            switch self {
            case .malformed(let error): error.description
            case .signature: "the request is not signed with the key it holds"
            case .commonName(let found): "the common name is not the station's: \"\(found)\""
            case .organization(let found): "the organization is not the operator's: \"\(found ?? "")\""
            case .keyKind: "the key is neither RSA nor of an elliptic curve"
            case .keyStrength(let bits): "the key of \(bits) bits is too weak"
            }
        }
    }

    /// - Throws: the first rule that the request breaks.
    public func check(_ request: CertificateRequest) throws(Refusal) {
        let key: PublicKey
        let isSigned: Bool
        do throws(PKIError) {
            key = try request.publicKey()
            isSigned = try request.isSignedByItsKey()
        } catch {
            throw .malformed(error)
        }
        guard isSigned else { throw .signature }
        guard key.isRSA || key.isEllipticCurve else { throw .keyKind }
        guard key.securityBits >= securityBits else { throw .keyStrength(bits: key.bits) }
        let subject = request.subject
        let isNamed = commonName.map { $0 == subject.commonName } ?? !subject.commonName.isEmpty
        guard isNamed else { throw .commonName(found: subject.commonName) }
        if let organization, subject.organization != organization {
            throw .organization(found: subject.organization)
        }
    }
}
