public import NIOCore

/// What a client asked for with its opening handshake, before anything is decided.
public struct UpgradeRequest: Sendable {
    /// Path and query exactly as they came, still percent-encoded: see ``percentDecodedLastSegment(path:prefix:lengthMax:)``.
    public var target: [UInt8]
    /// Subprotocols in the client's order of preference; at most ``subprotocolsMax`` of them.
    public var subprotocols: [String]
    /// What the Authorization header says.
    public var authorization: Authorization
    /// The verified client certificate, where the server asked for one and the client has shown one.
    public var certificate: PeerCertificate?
    /// Address of the peer.
    public var remoteAddress: SocketAddress?
    /// Whether the connection runs over TLS.
    public var isSecure: Bool
    /// The connection that waits for the decision; for ``UpgradeDecision/deferred`` keep it and call
    /// ``WebSocketConnection/resolve(_:)``.
    public let connection: WebSocketConnection

    /// Most subprotocols that are looked at; a client that offers more is refused.
    public static let subprotocolsMax = 16
}

/// What an Authorization header says.
/// - Source: RFC 7617, 2. The user name of OCPP is the identity, the password may be any bytes (OCPP-J 1.6, 6.2.2).
public enum Authorization: Hashable, Sendable {
    /// There is no such header.
    case none
    /// Basic authentication: the bytes before the first ":" and behind it.
    case basic(user: [UInt8], password: [UInt8])
    /// A header that cannot be read, one of another scheme, or more than one.
    case unreadable

    init(_ head: HTTPHead) {
        let values = head.values(of: "authorization")
        guard let value = values.first else {
            self = .none
            return
        }
        let scheme = value.prefix { $0 != 0x20 }
        guard values.count == 1, ASCII.equal(scheme, lowercase: "basic"),
            let credentials = Base64.decode(value.dropFirst(scheme.count).drop { $0 == 0x20 }),
            let colon = credentials.firstIndex(of: UInt8(ascii: ":"))
        else {
            self = .unreadable
            return
        }
        self = .basic(user: Array(credentials[..<colon]), password: Array(credentials[(colon + 1)...]))
    }
}

/// The answer to an ``UpgradeRequest``.
public enum UpgradeDecision: Sendable {
    /// The connection opens. A subprotocol must be one of those offered; nil sends none.
    case accept(subprotocol: String?, events: any WebSocketEvents)
    /// The handshake is completed without a subprotocol and the connection closed at once with that code: the answer to a
    /// client none of whose subprotocols are known (OCPP 2.0.1 part 4, 3.1.2).
    case acceptThenClose(code: CloseCode)
    /// An HTTP status, 400 ... 599, and header fields such as WWW-Authenticate or Retry-After. The connection ends with it.
    case reject(status: Int, headers: [HTTPField] = [])
    /// Not known yet: ``WebSocketConnection/resolve(_:)`` brings the decision. The handshake's timeout goes on.
    case deferred
}

/// A header field of an answer.
public struct HTTPField: Hashable, Sendable {
    /// Name, a token.
    public var name: String
    /// Value; line breaks and other control characters are left out when it is sent.
    public var value: String

    /// Makes a header field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Why a connection to the server ended before it was open: for logs, counters and security events.
public enum HandshakeFailure: Hashable, Sendable {
    /// TLS did not come about: no certificate, a foreign or expired one, no common version or cipher suite. The text says which.
    case tls(String)
    /// No complete handshake within ``WebSocketSettings/handshakeTimeout``.
    case timedOut
    /// What came is no handshake of a WebSocket; it was answered with that HTTP status.
    case notWebSocket(status: Int)
    /// The peer went away first.
    case disconnected
}
