internal import NIOSSL

/// Why TLS did not come about, as far as logs and security events have to tell it apart.
/// - Source: OCPP 2.0.1 part 2 appendix 1: InvalidTLSVersion, InvalidTLSCipherSuite, InvalidChargingStationCertificate,
///   InvalidCsmsCertificate.
public struct TLSFailure: Hashable, Sendable, CustomStringConvertible {
    /// Kinds of reasons.
    public enum Kind: Hashable, Sendable {
        /// No common version of TLS.
        case version
        /// No common cipher suite.
        case cipherSuite
        /// The peer's certificate is missing, foreign, expired or made out to somebody else.
        case peerCertificate
        /// The peer did not accept this side's certificate, or wanted one.
        case ownCertificate
        /// Anything else: bytes that are no TLS, or a refusal that the peer does not explain.
        case other
    }

    /// The kind of reason.
    public var kind: Kind
    /// The reason in words.
    public var description: String

    /// Makes a report.
    public init(kind: Kind, description: String) {
        self.kind = kind
        self.description = description
    }

    /// What the TLS library reports, by the names of its reasons.
    init(_ error: any Error) {
        let text = "\(error)"
        description = Self.words(for: text)
        func says(_ names: String...) -> Bool { names.contains { text.contains($0) } }
        kind =
            if says("ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION") {
                .version
            } else if says("NO_SHARED_CIPHER", "NO_COMMON_SIGNATURE") {
                .cipherSuite
            } else if says("ALERT_") {
                says("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED") ? .ownCertificate : .other
            } else if says("CERTIFICATE_VERIFY_FAILED", "DID_NOT_RETURN_A_CERTIFICATE", "failedToValidateHostname")
                || (error as? NIOSSLExtraError) == .failedToValidateHostname
            {
                .peerCertificate
            } else {
                .other
            }
    }

    /// What the library's names of reasons mean; the first that is found counts.
    private static let meanings: [(name: String, words: String)] = [
        ("failedToValidateHostname", "the certificate is not made out to the host that was asked for"),
        ("CERTIFICATE_VERIFY_FAILED", "the peer's certificate does not lead to a trusted root, or is not valid now"),
        ("DID_NOT_RETURN_A_CERTIFICATE", "the peer sent no certificate"),
        ("WRONG_VERSION_NUMBER", "the peer speaks no TLS"), ("HTTP_REQUEST", "the peer speaks HTTP without TLS"),
        ("ALERT_UNKNOWN_CA", "the peer does not know the authority of this side's certificate"),
        ("ALERT_CERTIFICATE_EXPIRED", "the peer finds this side's certificate expired"),
        ("ALERT_CERTIFICATE_REVOKED", "the peer finds this side's certificate revoked"),
        ("ALERT_CERTIFICATE_REQUIRED", "the peer asks for a client certificate"),
        ("ALERT_NO_CERTIFICATE", "the peer asks for a client certificate"),
        ("ALERT_CERTIFICATE_UNKNOWN", "the peer did not accept this side's certificate"),
        ("ALERT_UNSUPPORTED_CERTIFICATE", "the peer does not take this kind of certificate"),
        ("ALERT_BAD_CERTIFICATE", "the peer did not accept this side's certificate"),
        ("ALERT_ACCESS_DENIED", "the peer denies access to this side's certificate"),
        ("ALERT_PROTOCOL_VERSION", "no version of TLS in common"),
        ("UNSUPPORTED_PROTOCOL", "no version of TLS in common"),
        ("WRONG_SSL_VERSION", "no version of TLS in common"), ("NO_SHARED_CIPHER", "no cipher suite in common"),
        ("NO_COMMON_SIGNATURE", "no signature algorithm in common"),
        ("ALERT_HANDSHAKE_FAILURE", "the peer found no cipher suite or certificate in common"),
    ]

    /// A library's report without its numbers, file names and addresses.
    private static func words(for text: String) -> String {
        if let known = meanings.first(where: { text.contains($0.name) }) { return known.words }
        // "… error:1000007d:SSL routines:OPENSSL_internal:NAME_OF_THE_REASON at …"
        guard let start = text.firstRange(of: "OPENSSL_internal:")?.upperBound else { return text }
        let name = text[start...].prefix { $0.isUppercase || $0.isNumber || $0 == "_" }
        return name.isEmpty ? text : name.lowercased().replacing("_", with: " ")
    }

    /// Nil where the error is none of TLS, or only says that the TCP connection ended first.
    init?(caught error: any Error) {
        if Self.isUncleanShutdown(error) { return nil }
        guard error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError else { return nil }
        self.init(error)
    }

    /// Whether the peer ended the TCP connection without ending TLS first, as many do.
    static func isUncleanShutdown(_ error: any Error) -> Bool {
        if case NIOSSLError.uncleanShutdown = error { return true }
        return false
    }
}
