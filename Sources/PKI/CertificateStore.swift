internal import CCrypto

/// A set of trusted certificates, against which chains are checked.
public struct CertificateStore: Sendable {
    /// Roots, or sub authorities that are trusted by themselves.
    public var roots: [Certificate]

    public init(roots: [Certificate]) { self.roots = roots }

    /// What a leaf is about to be used for.
    public enum Purpose: Hashable, Sendable {
        case server
        case client
        /// Anything; the caller looks at the usage itself.
        case any
    }

    /// Why a chain is not trusted.
    public enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
        case expired
        case notYetValid
        /// No way from the leaf to a root of the set.
        case untrusted
        case badSignature
        case wrongPurpose
        case other(String)

        public var description: String {
            switch self {
            case .expired: "a certificate of the chain has expired"
            case .notYetValid: "a certificate of the chain is not valid yet"
            case .untrusted: "the chain does not lead to a trusted root"
            case .badSignature: "a signature of the chain is wrong"
            case .wrongPurpose: "the certificate is for another purpose"
            case .other(let text): text
            }
        }
    }

    /// Checks the way from `leaf` to one of the roots.
    /// - Parameters:
    ///   - chain: sub authorities that the peer sent, in any order.
    ///   - seconds: since 1970-01-01T00:00:00Z, the time at which all must be valid.
    public func verify(
        _ leaf: Certificate, chain: [Certificate] = [], at seconds: Int64, purpose: Purpose = .any
    ) throws(Problem) {
        let result: Int32
        do {
            result = try run(leaf, chain, seconds, purpose)
        } catch {
            throw .other(error.reason)
        }
        switch result {
        case X509_V_OK: return
        case X509_V_ERR_CERT_HAS_EXPIRED: throw .expired
        case X509_V_ERR_CERT_NOT_YET_VALID: throw .notYetValid
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED:
            throw .untrusted
        case X509_V_ERR_CERT_SIGNATURE_FAILURE: throw .badSignature
        case X509_V_ERR_INVALID_PURPOSE: throw .wrongPurpose
        default: throw .other(X509_verify_cert_error_string(Int(result)).map { String(cString: $0) } ?? "\(result)")
        }
    }

    private func run(
        _ leaf: Certificate, _ chain: [Certificate], _ seconds: Int64, _ purpose: Purpose
    ) throws(PKIError) -> Int32 {
        let operation = "check a chain"
        ERR_clear_error()
        let trusted = try store(at: seconds)
        let others = try Self.stack(chain)
        let context = try Handle(X509_STORE_CTX_new(), operation) { X509_STORE_CTX_free($0) }
        try PKIError.check(
            X509_STORE_CTX_init(context.pointer, trusted.pointer, leaf.handle.pointer, others.pointer), operation)
        switch purpose {
        case .server: X509_STORE_CTX_set_purpose(context.pointer, X509_PURPOSE_SSL_SERVER)
        case .client: X509_STORE_CTX_set_purpose(context.pointer, X509_PURPOSE_SSL_CLIENT)
        case .any: break
        }
        let isGood = X509_verify_cert(context.pointer) == 1
        let error = X509_STORE_CTX_get_error(context.pointer)
        ERR_clear_error()
        return isGood ? X509_V_OK : (error == X509_V_OK ? X509_V_ERR_UNSPECIFIED : error)
    }

    /// OpenSSL's form of the set, looking at validity as of `seconds`.
    func store(at seconds: Int64) throws(PKIError) -> Handle {
        let operation = "collect trusted certificates"
        let store = try Handle(X509_STORE_new(), operation) { X509_STORE_free($0) }
        for root in roots { try PKIError.check(X509_STORE_add_cert(store.pointer, root.handle.pointer), operation) }
        let parameters = X509_STORE_get0_param(store.pointer)
        X509_VERIFY_PARAM_set_time(parameters, Int(seconds))
        try PKIError.check(
            X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT)),
            operation)
        return store
    }

    static func stack(_ certificates: [Certificate]) throws(PKIError) -> Handle {
        let stack = try Handle(evtwin_certificates_new(), "collect certificates") { evtwin_certificates_free($0) }
        for certificate in certificates {
            try PKIError.check(
                evtwin_certificates_add(stack.pointer, certificate.handle.pointer), "collect certificates")
        }
        return stack
    }
}
