public import NIOCore
internal import NIOPosix

/// Makes connections to servers.
public final class WebSocketClient: Sendable {
    private let loops: SocketLoops
    private let shared: SharedSettings

    /// - Parameters:
    ///   - loops: threads that the connections are spread over, in turn.
    ///   - settings: limits and times of all connections.
    public init(loops: SocketLoops, settings: WebSocketSettings = WebSocketSettings()) {
        self.loops = loops
        shared = SharedSettings(settings)
    }

    /// Makes a connection.
    /// - Parameters:
    ///   - eventLoop: one of the loops, to live on; nil for the next in turn.
    ///   - events: what happens on it, once it is open.
    ///   - completion: how it went, once, on the connection's event loop; a success before ``WebSocketEvents/opened(_:)``.
    public func connect(
        _ request: WebSocketClientRequest, on eventLoop: (any EventLoop)? = nil, events: any WebSocketEvents,
        completion: @escaping @Sendable (Result<WebSocketConnection, ConnectFailure>) -> Void
    ) {
        let eventLoop = eventLoop ?? loops.group.next()
        eventLoop.execute { self.connect(request, on: self.loops.state(of: eventLoop), events, completion) }
    }

    /// Makes a connection and waits until it is open.
    public func connect(
        _ request: WebSocketClientRequest, events: any WebSocketEvents
    ) async throws(ConnectFailure) -> WebSocketConnection {
        let result = await withCheckedContinuation { continuation in
            connect(request, events: events) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    private func connect(
        _ request: WebSocketClientRequest, on loop: LoopState, _ events: any WebSocketEvents,
        _ completion: @escaping @Sendable (Result<WebSocketConnection, ConnectFailure>) -> Void
    ) {
        if request.url.isSecure, request.tls == nil {
            return completion(.failure(.badRequest("\(request.url) needs TLS settings")))
        }
        var nonce = ByteBuffer()
        for _ in 0..<4 { nonce.writeInteger(loop.nextMask()) }
        let handshake = ClientHandshake(
            nonce: Array(nonce.readableBytesView), subprotocols: request.subprotocols, deflate: shared.settings.deflate)
        let opening = NIOLoopBound(
            ClientOpening(request: request, handshake: handshake, events: events, completion: completion),
            eventLoop: loop.loop)
        let shared = self.shared
        var bootstrap = ClientBootstrap(group: loop.loop)
            .connectTimeout(shared.settings.handshakeTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: ChannelBuffers.receiving)
            .channelOption(.writeBufferWaterMark, value: ChannelBuffers.waterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if request.url.isSecure { try request.tls?.install(in: pipeline, host: request.url.host) }
                    let connection = WebSocketConnection(
                        loop: loop, shared: shared, role: .client, phase: .clientOpening(opening.value))
                    try pipeline.addHandler(ConnectionHandler(connection))
                }
            }
        if let local = request.localAddress {
            guard let address = try? SocketAddress(ipAddress: local, port: 0) else {
                return opening.value.fail(.badRequest("\(local) is no address to connect from"))
            }
            bootstrap = bootstrap.bind(to: address)
        }
        let connected =
            if let address = try? SocketAddress(ipAddress: request.url.host, port: request.url.port) {
                bootstrap.connect(to: address)
            } else {
                bootstrap.connect(host: request.url.host, port: request.url.port)
            }
        connected.whenFailure { error in
            if case ChannelError.connectTimeout = error { return opening.value.fail(.timedOut) }
            opening.value.fail(.unreachable(UnreachableCause.words(for: error)))
        }
    }
}
