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
    /// The reason in the TLS library's words.
    public var description: String

    /// Makes a report.
    public init(kind: Kind, description: String) {
        self.kind = kind
        self.description = description
    }

    /// What the TLS library reports, by the names of its reasons.
    init(_ error: any Error) {
        description = "\(error)"
        let text = description
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
