public import NIOCore

/// Limits and times of a connection; the same object serves all connections of a server or client.
public struct WebSocketSettings: Sendable {
    /// Most bytes of a message, compressed or not, whole or in fragments; above it the connection is closed with 1009.
    public var messageMax = 256 * 1024
    /// Most bytes of the peer's half of the opening handshake; above it the answer is 431.
    public var handshakeMax = 8 * 1024
    /// From the TCP connection to the open WebSocket, TLS included.
    public var handshakeTimeout: TimeAmount = .seconds(20)
    /// Between two pings; zero for none.
    public var pingInterval: TimeAmount = .seconds(60)
    /// From a ping to the first sign of life behind it; zero for no deadline.
    public var pongTimeout: TimeAmount = .seconds(30)
    /// From this side's close frame to the peer's; then the TCP connection is cut.
    public var closeTimeout: TimeAmount = .seconds(5)
    /// Most bytes that wait for a peer who does not read, beside what the operating system holds; above it the connection is
    /// closed with 1008.
    public var outboundMax = 1024 * 1024
    /// Compression, offered or accepted; nil for none.
    public var deflate: DeflateSettings? = DeflateSettings()

    /// The defaults.
    public init() {}
}
