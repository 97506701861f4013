public import NIOCore
internal import NIOPosix
internal import Synchronization

/// Decides about connections to a server. Calls come on the connections' event loops and must not wait for anything.
public protocol WebSocketServerDelegate: AnyObject, Sendable {
    /// A client asks to be let in. Under a storm this is the path that counts.
    func decide(on request: UpgradeRequest) -> UpgradeDecision
    /// A connection ended before it was decided about.
    func handshakeFailed(_ failure: HandshakeFailure, from address: SocketAddress?)
}

/// A listening socket and the connections that came through it.
public final class WebSocketServer: Sendable {
    private let listener: any Channel
    private let loops: SocketLoops
    private let shared: SharedSettings
    private let tls: CurrentTLS

    /// Connections that wait to be accepted; the operating system may hold fewer (net.core.somaxconn).
    public static let backlog: Int32 = 8192
    /// Connections that are accepted in one go.
    private static let acceptsPerRead: UInt = 64

    /// The port that is listened on, also where 0 was asked for.
    public var port: Int { listener.localAddress?.port ?? 0 }

    private init(listener: any Channel, loops: SocketLoops, shared: SharedSettings, tls: CurrentTLS) {
        self.listener = listener
        self.loops = loops
        self.shared = shared
        self.tls = tls
    }

    /// Listens on an address.
    /// - Parameters:
    ///   - host: address or name of a local interface, such as "127.0.0.1" or "::".
    ///   - port: 0 takes a free one.
    ///   - connectionsMax: most connections, those in their handshake included; one more is cut at once. Each loop has its
    ///     share of them, which connections of clients on the same loops count against.
    /// - Throws: NIO's error where the address cannot be listened on.
    public static func start(
        host: String, port: Int, loops: SocketLoops, settings: WebSocketSettings = WebSocketSettings(),
        tls: ServerTLS? = nil, connectionsMax: Int = 100_000, delegate: any WebSocketServerDelegate
    ) async throws -> WebSocketServer {
        let shared = SharedSettings(settings)
        let current = CurrentTLS(tls)
        let shareMax = max(1, connectionsMax / max(1, loops.allStates.count))
        let listener = try await ServerBootstrap(group: loops.group)
            .serverChannelOption(.backlog, value: backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: acceptsPerRead)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: ChannelBuffers.receiving)
            .childChannelOption(.writeBufferWaterMark, value: ChannelBuffers.waterMark)
            .childChannelInitializer { channel in
                let loop = loops.state(of: channel.eventLoop)
                return channel.eventLoop.makeCompletedFuture {
                    guard loop.connectionCount < shareMax else { throw ChannelError.operationUnsupported }
                    let pipeline = channel.pipeline.syncOperations
                    let tls = current.tls
                    try tls?.install(in: pipeline)
                    let opening = ServerOpening(delegate: delegate, isSecure: tls != nil)
                    let connection = WebSocketConnection(
                        loop: loop, shared: shared, role: .server, phase: .serverOpening(opening))
                    try pipeline.addHandler(ConnectionHandler(connection))
                }
            }
            .bind(host: host, port: port).get()
        return WebSocketServer(listener: listener, loops: loops, shared: shared, tls: current)
    }

    /// Takes other certificates or roots for the connections that come from now on: how certificates are renewed without a
    /// restart. A server that was started without TLS stays without.
    public func replace(tls: ServerTLS) { self.tls.replace(tls) }

    /// Open connections and those in their handshake, at about this moment.
    public func connectionCount() async -> Int {
        var count = 0
        for state in loops.allStates { count += (try? await state.loop.submit { self.own(state).count }.get()) ?? 0 }
        return count
    }

    /// Stops listening, closes every connection with that code and returns when all are gone, which
    /// ``WebSocketSettings/closeTimeout`` and two seconds for TLS bound.
    public func shutdown(code: CloseCode = .goingAway, reason: String = "") async {
        try? await listener.close().get()
        for state in loops.allStates {
            let ends = try? await state.loop.submit {
                self.own(state).compactMap { connection -> EventLoopFuture<Void>? in
                    let end = connection.context?.channel.closeFuture
                    connection.close(code: code, reason: reason)
                    return end
                }
            }.get()
            for end in ends ?? [] { try? await end.get() }
        }
    }

    private func own(_ state: LoopState) -> [WebSocketConnection] {
        state.allConnections.filter { $0.shared === shared }
    }
}

/// The TLS of new connections.
private final class CurrentTLS: Sendable {
    private let current: Mutex<ServerTLS?>

    init(_ tls: ServerTLS?) { current = Mutex(tls) }

    var tls: ServerTLS? { current.withLock { $0 } }

    func replace(_ tls: ServerTLS) { current.withLock { if $0 != nil { $0 = tls } } }
}

/// Buffers of a channel. Small: most connections are idle most of the time, and each keeps the largest it ever read into.
enum ChannelBuffers {
    static let receiving = AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: 4096)
    static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
        low: SharedSettings.flushedLow, high: SharedSettings.flushedMax)
}
