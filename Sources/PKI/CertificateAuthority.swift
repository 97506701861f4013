internal import CCrypto

/// What a certificate may be used for; decides its extensions.
public enum CertificateRole: Hashable, Sendable {
    /// May sign other certificates; at most so many sub authorities below it.
    case authority(subAuthorities: Int)
    /// A TLS server at these DNS names and addresses.
    case server(hosts: [String])
    /// A TLS client: a charging station.
    case client
    /// Signs firmware.
    case firmwareSigning
    /// Answers OCSP requests for its issuer.
    case ocspSigning

    fileprivate func extensions() throws(PKIError) -> [(kind: Int32, value: String)] {
        switch self {
        case .authority(let depth):
            return [
                (NID_basic_constraints, "critical,CA:TRUE,pathlen:\(max(depth, 0))"),
                (NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature"),
            ]
        case .server(let hosts):
            return [
                (NID_basic_constraints, "critical,CA:FALSE"),
                (NID_key_usage, "critical,digitalSignature,keyAgreement"), (NID_ext_key_usage, "serverAuth"),
                (NID_subject_alt_name, try Self.alternativeNames(hosts)),
            ]
        case .client:
            return [
                (NID_basic_constraints, "critical,CA:FALSE"),
                (NID_key_usage, "critical,digitalSignature,keyAgreement"), (NID_ext_key_usage, "clientAuth"),
            ]
        case .firmwareSigning:
            return [
                (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
                (NID_ext_key_usage, "codeSigning"),
            ]
        case .ocspSigning:
            return [
                (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
                (NID_ext_key_usage, "OCSPSigning"),
            ]
        }
    }

    /// The extension's text; a host that could change its meaning is refused.
    private static func alternativeNames(_ hosts: [String]) throws(PKIError) -> String {
        var names: [String] = []
        for host in hosts {
            let bytes = host.utf8
            let isAddress =
                host.contains(":") || bytes.allSatisfy { $0 == UInt8(ascii: ".") || (48...57).contains($0) }
            let isClean = bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "*"):
                    true
                case UInt8(ascii: ":"): isAddress
                default: false
                }
            }
            guard isClean, (1...253).contains(bytes.count) else {
                throw PKIError("name the hosts of a certificate", reason: "not a host name or address: \"\(host)\"")
            }
            names.append((isAddress ? "IP:" : "DNS:") + host)
        }
        guard !names.isEmpty else {
            throw PKIError("name the hosts of a certificate", reason: "a server needs at least one")
        }
        return names.joined(separator: ",")
    }
}

/// A stretch of validity, in seconds since 1970-01-01T00:00:00Z.
public struct Validity: Hashable, Sendable {
    public var from: Int64
    public var to: Int64

    public init(from: Int64, to: Int64) {
        self.from = from
        self.to = to
    }
    /// Whole days from `now`, beginning an hour earlier, for clocks that are behind.
    public init(days: Int, from now: Int64) {
        self.init(from: now - 3600, to: now + Int64(min(max(days, -100_000), 100_000)) * 86_400)
    }
}

/// A certificate that may sign others, with its key.
public struct CertificateAuthority: Sendable {
    public let certificate: Certificate
    public let key: PrivateKey

    /// - Throws: when the key is not the certificate's, or it is no authority's.
    public init(certificate: Certificate, key: PrivateKey) throws(PKIError) {
        guard certificate.belongs(to: key), certificate.isCA else {
            throw PKIError(
                "use a certificate authority", reason: "the certificate is no authority's, or not of the key")
        }
        self.certificate = certificate
        self.key = key
    }

    /// Makes a self-signed root.
    public init(
        root subject: DistinguishedName, key: PrivateKey, validity: Validity, subAuthorities: Int = 2
    ) throws(PKIError) {
        certificate = try Self.make(
            subject, key.publicKey, .authority(subAuthorities: subAuthorities), validity, issuer: nil, signer: key)
        self.key = key
    }

    /// Signs a certificate for a key.
    /// - Parameter responderURL: where the authority answers OCSP requests, to be named in the certificate; `nil` for none.
    public func issue(
        _ role: CertificateRole, to subject: DistinguishedName, key publicKey: PublicKey, validity: Validity,
        responderURL: String? = nil
    ) throws(PKIError) -> Certificate {
        try Self.make(
            subject, publicKey, role, validity, issuer: certificate, signer: key, responderURL: responderURL)
    }

    /// Signs what a request asks for; nothing but its subject and key is taken over.
    /// - Throws: ``RequestPolicy/Refusal`` when the request breaks the policy or the certificate cannot be made.
    public func sign(
        _ request: CertificateRequest, as role: CertificateRole, policy: RequestPolicy, validity: Validity,
        responderURL: String? = nil
    ) throws(RequestPolicy.Refusal) -> Certificate {
        try policy.check(request)
        do {
            return try issue(
                role, to: request.subject, key: try request.publicKey(), validity: validity,
                responderURL: responderURL)
        } catch {
            throw .malformed(error)
        }
    }

    private static func make(
        _ subject: DistinguishedName, _ publicKey: PublicKey, _ role: CertificateRole, _ validity: Validity,
        issuer: Certificate?, signer: PrivateKey, responderURL: String? = nil
    ) throws(PKIError) -> Certificate {
        let operation = "make a certificate"
        let name = try subject.handle()
        var extensions = try role.extensions()
        if let responderURL {
            guard isResponderURL(responderURL) else {
                throw PKIError(operation, reason: "not a responder's http or https URL: \"\(responderURL)\"")
            }
            extensions.append((NID_info_access, "OCSP;URI:" + responderURL))
        }
        ERR_clear_error()
        let handle = try Handle(X509_new(), operation) { X509_free($0) }
        let made = handle.pointer
        try PKIError.check(X509_set_version(made, 2), operation)
        try setSerialNumber(made)
        guard ASN1_TIME_set(X509_getm_notBefore(made), Int(validity.from)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(made), Int(validity.to)) != nil
        else { throw PKIError.openSSL(operation) }
        try PKIError.check(X509_set_subject_name(made, name.pointer), operation)
        let issuerName = issuer.map { X509_get_subject_name($0.handle.pointer) } ?? name.pointer
        try PKIError.check(X509_set_issuer_name(made, issuerName), operation)
        try PKIError.check(X509_set_pubkey(made, publicKey.handle.pointer), operation)

        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer?.handle.pointer ?? made, made, nil, nil, 0)
        let identifiers = [(NID_subject_key_identifier, "hash"), (NID_authority_key_identifier, "keyid:always")]
        for (kind, value) in extensions + (issuer == nil ? Array(identifiers.prefix(1)) : identifiers) {
            let item = try Handle(X509V3_EXT_nconf_nid(nil, &context, kind, value), operation) {
                X509_EXTENSION_free($0)
            }
            try PKIError.check(X509_add_ext(made, item.pointer, -1), operation)
        }
        guard X509_sign(made, signer.handle.pointer, EVP_sha256()) > 0 else { throw PKIError.openSSL(operation) }
        return Certificate(handle)
    }

    /// Whether the text can name a responder in a certificate: `http://` or `https://` and at most 512 characters of a URL,
    /// commas excepted.
    public static func isResponderURL(_ text: String) -> Bool {
        let bytes = text.utf8
        let scheme = ["http://", "https://"].first { text.hasPrefix($0) }
        guard let scheme, bytes.count > scheme.utf8.count, bytes.count <= 512 else { return false }
        return bytes.allSatisfy { (0x21...0x7E).contains($0) && !",\"\\<>;".utf8.contains($0) }
    }

    /// 126 random bits, never 0: unique without a register.
    private static func setSerialNumber(_ certificate: OpaquePointer) throws(PKIError) {
        var bytes = try SecureRandom.bytes(16)
        bytes[0] = bytes[0] & 0x3F | 0x40
        let number = try Handle(BN_bin2bn(bytes, Int32(bytes.count), nil), "number a certificate") { BN_free($0) }
        guard BN_to_ASN1_INTEGER(number.pointer, X509_get_serialNumber(certificate)) != nil else {
            throw PKIError.openSSL("number a certificate")
        }
    }
}
