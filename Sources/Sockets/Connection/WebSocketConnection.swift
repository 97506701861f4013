public import NIOCore

/// One WebSocket, at the server's or at the client's end.
///
/// Everything runs on the connection's event loop. ``send(text:)``, ``send(binary:)``, ``close(code:reason:)``, ``ping()``,
/// ``setReading(_:)`` and ``resolve(_:)`` may be called from any thread and are carried over in the order of the calls;
/// called on the loop they act at once.
/// - Source: RFC 6455.
public final class WebSocketConnection: @unchecked Sendable {
    /// A number that no other connection of the process has.
    public let id: UInt64
    /// The loop that everything of this connection happens on.
    public let eventLoop: any EventLoop

    let loop: LoopState
    let shared: SharedSettings
    let role: EndpointRole
    var slot: Int32 = -1

    var phase: Phase
    var context: ChannelHandlerContext?
    var events: (any WebSocketEvents)?
    var agreedSubprotocol: String?
    var deflate: DeflateAgreement?

    var reader = FrameReader()
    /// Frames that are to leave together.
    var outbound = ByteBuffer()
    var isWritable = true
    var isInRead = false
    var isFlushScheduled = false
    var isReadWanted = true
    var isReadOwed = false

    var deadline = NIODeadline.distantFuture
    var deadlinePurpose = DeadlinePurpose.none
    var deadlineTick: Int64 = -1
    var deadlineScheduled = NIODeadline.distantFuture
    var isHeardSincePing = false

    /// What this side has said in its close frame.
    var ownClosure: WebSocketClosure?
    /// What is known of a transport that broke.
    var brokenBy: String?

    /// Where a connection stands.
    enum Phase {
        case serverOpening(ServerOpening)  // to open, or to lingering with a refusal
        case clientOpening(ClientOpening)  // to open or over
        case open  // to closing, lingering or over
        case closing  // this side's close frame is sent; to lingering with the peer's, or with the deadline
        case lingering  // reported as closed; what still comes is thrown away until the transport ends
        case over
    }

    /// What the deadline that runs is for. Only one runs at a time.
    enum DeadlinePurpose {
        case none
        case opening
        case ping  // the next ping is due
        case pong  // a sign of life is due
        case end  // the transport is cut
    }

    init(loop: LoopState, shared: SharedSettings, role: EndpointRole, phase: Phase) {
        id = loop.nextID()
        eventLoop = loop.loop
        self.loop = loop
        self.shared = shared
        self.role = role
        self.phase = phase
    }

    // MARK: what callers do

    /// Sends a text message, which must be valid UTF-8. Nothing is sent on a connection that is not open.
    public func send(text: [UInt8]) { onLoop { $0.write(.text, text) } }

    /// Sends a binary message.
    public func send(binary: [UInt8]) { onLoop { $0.write(.binary, binary) } }

    /// Sends a ping, besides those of ``WebSocketSettings/pingInterval``.
    public func ping() { onLoop { $0.writeControl(.ping, []) } }

    /// Begins to close: messages sent before still leave, nothing that comes is delivered any more.
    /// - Parameter reason: at most 123 bytes; more are cut.
    public func close(code: CloseCode = .normal, reason: String = "") { onLoop { $0.beginClose(code, reason) } }

    /// Cuts the connection without a close frame, as a broken network would.
    public func cut() {
        onLoop { connection in
            connection.finish(WebSocketClosure(cause: .local))
            connection.closeTransport()
        }
    }

    /// Stops taking bytes from the peer, or goes on: back-pressure of the receiver's. Messages that have been read already
    /// are still delivered. While nothing is read no pong is either, so that a long halt ends in
    /// ``WebSocketClosure/Cause/pingUnanswered``.
    public func setReading(_ isWanted: Bool) {
        onLoop { connection in
            connection.isReadWanted = isWanted
            connection.readIfOwed()
        }
    }

    /// Brings the decision about a request that was ``UpgradeDecision/deferred``.
    public func resolve(_ decision: UpgradeDecision) { onLoop { $0.carryOut(decision) } }

    private func onLoop(_ body: @escaping @Sendable (WebSocketConnection) -> Void) {
        if eventLoop.inEventLoop { body(self) } else { eventLoop.execute { body(self) } }
    }

    // MARK: what callers see; on the connection's loop only

    /// Whether messages can be sent.
    public var isOpen: Bool {
        eventLoop.assertInEventLoop()
        if case .open = phase { return true }
        return false
    }

    /// The subprotocol that was agreed on; nil for none.
    public var subprotocol: String? {
        eventLoop.assertInEventLoop()
        return agreedSubprotocol
    }

    /// Whether messages may go compressed.
    public var isDeflated: Bool {
        eventLoop.assertInEventLoop()
        return deflate != nil
    }

    /// Bytes that wait in this process for a slow peer, beside at most ``SharedSettings/flushedMax`` of the transport.
    public var pendingBytes: Int {
        eventLoop.assertInEventLoop()
        return outbound.readableBytes
    }

    /// Address of the peer.
    public var remoteAddress: SocketAddress? {
        eventLoop.assertInEventLoop()
        return context?.remoteAddress
    }
}

/// Settings as the connections of one server or client share them.
final class SharedSettings: Sendable {
    let settings: WebSocketSettings
    /// Bytes handed to the transport before it reports that it is full.
    static let flushedMax = 64 * 1024
    /// Bytes below which the transport reports that it takes more.
    static let flushedLow = 16 * 1024

    init(_ settings: WebSocketSettings) { self.settings = settings }
}
