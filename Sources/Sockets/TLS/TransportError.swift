internal import NIOSSL

/// Kinds of errors that the transport reports.
enum TransportError {
    /// Whether TLS refused something.
    static func isTLS(_ error: any Error) -> Bool {
        if case NIOSSLError.uncleanShutdown = error { return false }
        return error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError
    }

    /// Whether the peer ended the TCP connection without ending TLS first, as many do.
    static func isUncleanShutdown(_ error: any Error) -> Bool {
        if case NIOSSLError.uncleanShutdown = error { return true }
        return false
    }
}
