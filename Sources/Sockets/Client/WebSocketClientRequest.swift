/// A connection to be made.
public struct WebSocketClientRequest: Sendable {
    /// User name and password of basic authentication, as bytes: a password need not be text.
    public struct Credentials: Hashable, Sendable {
        /// Without ":", which separates it from the password.
        public var user: [UInt8]
        /// Any bytes.
        public var password: [UInt8]

        /// Makes credentials.
        public init(user: [UInt8], password: [UInt8]) {
            self.user = user
            self.password = password
        }
    }

    /// Where to.
    public var url: WebSocketURL
    /// Subprotocols, the preferred one first.
    public var subprotocols: [String]
    /// For basic authentication; nil for none.
    public var credentials: Credentials?
    /// TLS for `wss:` URLs; needed there.
    public var tls: ClientTLS?
    /// Further header fields.
    public var headers: [HTTPField] = []
    /// Address to connect from, for spreading over many; nil leaves it to the operating system.
    public var localAddress: String?

    /// Makes a request.
    public init(
        url: WebSocketURL, subprotocols: [String] = [], credentials: Credentials? = nil, tls: ClientTLS? = nil
    ) {
        self.url = url
        self.subprotocols = subprotocols
        self.credentials = credentials
        self.tls = tls
    }
}

/// Why a client's connection did not open.
public enum ConnectFailure: Error, Hashable, Sendable {
    /// No TCP connection: refused, unreachable, no such host, no free port. The text says which.
    case unreachable(String)
    /// TLS did not come about: the server's certificate was not accepted, or the server did not accept the client's.
    case tls(String)
    /// The server answered with another HTTP status than 101.
    case refused(status: Int, headers: [HTTPField])
    /// What the server answered opens no WebSocket.
    case badHandshake(String)
    /// ``WebSocketSettings/handshakeTimeout`` is over.
    case timedOut
    /// The server went away before it answered.
    case disconnected
    /// The request cannot be carried out: `wss:` without TLS, an address that is none.
    case badRequest(String)
}
