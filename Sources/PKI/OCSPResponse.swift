internal import CCrypto

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
        var ids: [(id: Handle, status: RevocationStatus)] = []
        for answer in answers { ids.append((try answer.certificate.id(), answer.status)) }
        try self.init(ids, signedBy: responder, certificate: certificate, validity: validity, request: nil)
    }

    /// - Parameter request: what is answered; its nonce goes back with the answer.
    init(
        _ answers: [(id: Handle, status: RevocationStatus)], signedBy responder: PrivateKey, certificate: Certificate,
        validity: Validity, request: OCSPRequest?
    ) throws(PKIError) {
        let operation = "make an OCSP response"
        ERR_clear_error()
        let basic = try Handle(OCSP_BASICRESP_new(), operation) { OCSP_BASICRESP_free($0) }
        let from = try Handle(Self.time(validity.from), operation) { ASN1_GENERALIZEDTIME_free(Self.typed($0)) }
        let to = try Handle(Self.time(validity.to), operation) { ASN1_GENERALIZEDTIME_free(Self.typed($0)) }
        for answer in answers {
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
                basic.pointer, answer.id.pointer, code, OCSP_REVOKED_STATUS_UNSPECIFIED, Self.typed(since?.pointer),
                Self.typed(from.pointer), Self.typed(to.pointer))
            guard added != nil else { throw PKIError.openSSL(operation) }
        }
        if let request, OCSP_copy_nonce(basic.pointer, request.handle.pointer) == 0 {
            throw PKIError.openSSL(operation)
        }
        try PKIError.check(evtwin_ocsp_set_produced_at(basic.pointer, Int(validity.from)), operation)
        let signed = OCSP_basic_sign(
            basic.pointer, certificate.handle.pointer, responder.handle.pointer, EVP_sha256(), nil, UInt(OCSP_NOTIME))
        try PKIError.check(signed, operation)
        handle = try Handle(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.pointer), operation) {
            OCSP_RESPONSE_free($0)
        }
    }

    /// Why a responder gives no answer.
    public enum Failure: Sendable {
        case malformedRequest
        case internalError
        case tryLater
        /// The responder does not speak for the issuer.
        case unauthorized

        fileprivate var code: Int32 {
            switch self {
            case .malformedRequest: OCSP_RESPONSE_STATUS_MALFORMEDREQUEST
            case .internalError: OCSP_RESPONSE_STATUS_INTERNALERROR
            case .tryLater: OCSP_RESPONSE_STATUS_TRYLATER
            case .unauthorized: OCSP_RESPONSE_STATUS_UNAUTHORIZED
            }
        }
    }

    /// Says that there is no answer; such a response is not signed.
    public init(_ failure: Failure) throws(PKIError) {
        ERR_clear_error()
        handle = try Handle(OCSP_response_create(failure.code, nil), "make an OCSP response") {
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
        try answer(about: certificate, trusting: store, chain: chain, at: seconds).status
    }

    /// The same, and until when the answer holds at most; `nil` for no end.
    public func answer(
        about certificate: CertificateHashData, trusting store: CertificateStore, chain: [Certificate] = [],
        at seconds: Int64
    ) throws(PKIError) -> (status: RevocationStatus, until: Int64?) {
        let operation = "read an OCSP response"
        let basic = try basic(operation)
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
        case V_OCSP_CERTSTATUS_GOOD: return (.good, to == nil ? nil : end)
        case V_OCSP_CERTSTATUS_REVOKED: return (.revoked(at: CalendarTime.seconds(revoked)), to == nil ? nil : end)
        default: return (.unknown, to == nil ? nil : end)
        }
    }

    /// Whether it is an answer that speaks of the certificate; by whom it is signed is not looked at.
    public func speaks(of certificate: CertificateHashData) -> Bool {
        defer { ERR_clear_error() }
        guard let basic = try? basic("read an OCSP response"), let id = try? certificate.id() else { return false }
        return OCSP_resp_find(basic.pointer, id.pointer, -1) >= 0
    }

    /// The answer inside.
    private func basic(_ operation: String) throws(PKIError) -> Handle {
        ERR_clear_error()
        let code = OCSP_response_status(handle.pointer)
        guard code == OCSP_RESPONSE_STATUS_SUCCESSFUL else {
            let text = OCSP_response_status_str(Int(code)).map { String(cString: $0) } ?? "\(code)"
            throw PKIError(operation, reason: "the responder says \(text)")
        }
        return try Handle(OCSP_response_get1_basic(handle.pointer), operation) { OCSP_BASICRESP_free($0) }
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
