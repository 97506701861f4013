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
    private let handle: Handle

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
        let operation = "read an OCSP request"
        let count = OCSP_request_onereq_count(handle.pointer)
        guard (0...Int32(Self.mostCertificates)).contains(count) else {
            throw PKIError(operation, reason: "asks about more than \(Self.mostCertificates) certificates")
        }
        var certificates: [CertificateHashData] = []
        for index in 0..<count {
            let id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(handle.pointer, index))
            certificates.append(
                try CertificateHashData(try Handle(OCSP_CERTID_dup(id), operation) { OCSP_CERTID_free($0) }))
        }
        return certificates
    }
}

/// A responder's signed answer.
/// - Source: RFC 6960 section 4.2.
public struct OCSPResponse: Sendable {
    private let handle: Handle

    /// Answers for certificates, signed by their authority or by a responder that it has appointed.
    /// - Parameters:
    ///   - answers: each certificate and its status.
    ///   - responder: signs the response; its certificate travels in it.
    ///   - validity: from when the answers hold (also the time of making), and until when at most.
    public init(
        _ answers: [(certificate: CertificateHashData, status: RevocationStatus)], signedBy responder: PrivateKey,
        certificate: Certificate, validity: Validity
    ) throws(PKIError) {
        let operation = "make an OCSP response"
        ERR_clear_error()
        let basic = try Handle(OCSP_BASICRESP_new(), operation) { OCSP_BASICRESP_free($0) }
        let from = try Handle(Self.time(validity.from), operation) { ASN1_GENERALIZEDTIME_free(Self.typed($0)) }
        let to = try Handle(Self.time(validity.to), operation) { ASN1_GENERALIZEDTIME_free(Self.typed($0)) }
        for answer in answers {
            let id = try answer.certificate.id()
            var code = V_OCSP_CERTSTATUS_GOOD
            var since: Handle?
            switch answer.status {
            case .good: break
            case .unknown: code = V_OCSP_CERTSTATUS_UNKNOWN
            case .revoked(let seconds):
                code = V_OCSP_CERTSTATUS_REVOKED
                since = try Handle(Self.time(seconds), operation) { ASN1_GENERALIZEDTIME_free(Self.typed($0)) }
            }
            let added = OCSP_basic_add1_status(
                basic.pointer, id.pointer, code, OCSP_REVOKED_STATUS_UNSPECIFIED, Self.typed(since?.pointer),
                Self.typed(from.pointer), Self.typed(to.pointer))
            guard added != nil else { throw PKIError.openSSL(operation) }
        }
        try PKIError.check(evtwin_ocsp_set_produced_at(basic.pointer, Int(validity.from)), operation)
        let signed = OCSP_basic_sign(
            basic.pointer, certificate.handle.pointer, responder.handle.pointer, EVP_sha256(), nil, UInt(OCSP_NOTIME))
        try PKIError.check(signed, operation)
        handle = try Handle(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.pointer), operation) {
            OCSP_RESPONSE_free($0)
        }
    }

    public init(der: [UInt8]) throws(PKIError) {
        handle = try Memory.parse(
            der, "read an OCSP response", release: { OCSP_RESPONSE_free($0) },
            read: { position, count in d2i_OCSP_RESPONSE(nil, position, count) })
    }

    public func der() throws(PKIError) -> [UInt8] {
        try Memory.der("write an OCSP response") { i2d_OCSP_RESPONSE(handle.pointer, $0) }
    }

    /// What the response says of a certificate.
    /// - Parameters:
    ///   - store: roots that the responder must come from.
    ///   - chain: further certificates that may have signed the response.
    ///   - seconds: since 1970-01-01T00:00:00Z; the answer must hold then, give or take ``clockTolerance``.
    /// - Throws: when the response is no answer, is not signed by an authorised responder, does not speak of the
    ///   certificate, or is out of date.
    public func status(
        of certificate: CertificateHashData, trusting store: CertificateStore, chain: [Certificate] = [],
        at seconds: Int64
    ) throws(PKIError) -> RevocationStatus {
        let operation = "read an OCSP response"
        ERR_clear_error()
        let code = OCSP_response_status(handle.pointer)
        guard code == OCSP_RESPONSE_STATUS_SUCCESSFUL else {
            let text = OCSP_response_status_str(Int(code)).map { String(cString: $0) } ?? "\(code)"
            throw PKIError(operation, reason: "the responder says \(text)")
        }
        let basic = try Handle(OCSP_response_get1_basic(handle.pointer), operation) { OCSP_BASICRESP_free($0) }
        let trusted = try store.store(at: seconds)
        let others = try CertificateStore.stack(chain)
        try PKIError.check(OCSP_basic_verify(basic.pointer, others.pointer, trusted.pointer, 0), operation)

        let id = try certificate.id()
        var status: Int32 = 0
        var reason: Int32 = 0
        var revoked: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var from: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var to: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        guard OCSP_resp_find_status(basic.pointer, id.pointer, &status, &reason, &revoked, &from, &to) == 1 else {
            throw PKIError(operation, reason: "it does not speak of the certificate")
        }
        let begin = CalendarTime.seconds(from)
        let end = to == nil ? Int64.max - Self.clockTolerance : CalendarTime.seconds(to)
        guard seconds >= begin - Self.clockTolerance, seconds <= end + Self.clockTolerance else {
            throw PKIError(operation, reason: "it is out of date")
        }
        switch status {
        case V_OCSP_CERTSTATUS_GOOD: return .good
        case V_OCSP_CERTSTATUS_REVOKED: return .revoked(at: CalendarTime.seconds(revoked))
        default: return .unknown
        }
    }

    /// Seconds by which the clocks of responder and reader may differ.
    public static let clockTolerance: Int64 = 300

    private static func time(_ seconds: Int64) -> OpaquePointer? {
        ASN1_GENERALIZEDTIME_set(nil, Int(seconds)).map { OpaquePointer($0) }
    }
    private static func typed(_ pointer: OpaquePointer?) -> UnsafeMutablePointer<ASN1_GENERALIZEDTIME>? {
        pointer.map { UnsafeMutablePointer($0) }
    }
}
