internal import CCrypto

/// Whether a certificate is still good, in the words of an OCSP responder.
public enum RevocationStatus: Hashable, Sendable {
    case good
    /// Since when, in seconds since 1970-01-01T00:00:00Z.
    case revoked(at: Int64)
    /// The responder knows nothing of it.
    case unknown
}

/// A question about one or more certificates.
/// - Source: RFC 6960 section 4.1.
public struct OCSPRequest: Sendable {
    let handle: Handle

    /// Most certificates that one request may ask about.
    public static let mostCertificates = 16

    /// Asks about certificates by their hash data.
    public init(_ certificates: [CertificateHashData]) throws(PKIError) {
        let operation = "make an OCSP request"
        ERR_clear_error()
        handle = try Handle(OCSP_REQUEST_new(), operation) { OCSP_REQUEST_free($0) }
        for certificate in certificates {
            let id = try certificate.id()
            guard let copy = OCSP_CERTID_dup(id.pointer) else { throw PKIError.openSSL(operation) }
            if OCSP_request_add0_id(handle.pointer, copy) == nil {
                OCSP_CERTID_free(copy)
                throw PKIError.openSSL(operation)
            }
        }
    }

    public init(der: [UInt8]) throws(PKIError) {
        handle = try Memory.parse(
            der, "read an OCSP request", release: { OCSP_REQUEST_free($0) },
            read: { position, count in d2i_OCSP_REQUEST(nil, position, count) })
    }

    public func der() throws(PKIError) -> [UInt8] {
        try Memory.der("write an OCSP request") { i2d_OCSP_REQUEST(handle.pointer, $0) }
    }

    /// The certificates asked about.
    /// - Throws: when they are more than ``mostCertificates``, or hashed with an unknown function.
    public func certificates() throws(PKIError) -> [CertificateHashData] {
        var certificates: [CertificateHashData] = []
        for id in try ids() { certificates.append(try CertificateHashData(id)) }
        return certificates
    }

    /// The certificates asked about, as they are named in the request.
    func ids() throws(PKIError) -> [Handle] {
        let operation = "read an OCSP request"
        let count = OCSP_request_onereq_count(handle.pointer)
        guard (0...Int32(Self.mostCertificates)).contains(count) else {
            throw PKIError(operation, reason: "asks about more than \(Self.mostCertificates) certificates")
        }
        var ids: [Handle] = []
        for index in 0..<count {
            let id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(handle.pointer, index))
            ids.append(try Handle(OCSP_CERTID_dup(id), operation) { OCSP_CERTID_free($0) })
        }
        return ids
    }
}
