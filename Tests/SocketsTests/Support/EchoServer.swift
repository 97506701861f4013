import NIOCore
import Sockets
import Synchronization

/// A server's delegate that decides with a closure and sends every message back.
final class EchoDelegate: WebSocketServerDelegate, WebSocketEvents {
    let decideOn: @Sendable (UpgradeRequest, EchoDelegate) -> UpgradeDecision
    let failures = Mailbox<HandshakeFailure>()
    let closures = Mailbox<WebSocketClosure>()
    let opened = Mailbox<WebSocketConnection>()
    let received = Mailbox<[UInt8]>()

    init(
        _ decideOn: @escaping @Sendable (UpgradeRequest, EchoDelegate) -> UpgradeDecision = {
            .accept(subprotocol: $0.subprotocols.first, events: $1)
        }
    ) {
        self.decideOn = decideOn
    }

    func decide(on request: UpgradeRequest) -> UpgradeDecision { decideOn(request, self) }
    func handshakeFailed(_ failure: HandshakeFailure, from address: SocketAddress?) { failures.put(failure) }
    func opened(_ connection: WebSocketConnection) { opened.put(connection) }
    func received(text: [UInt8], on connection: WebSocketConnection) {
        received.put(text)
        connection.send(text: text)
    }
    func received(binary: [UInt8], on connection: WebSocketConnection) { connection.send(binary: binary) }
    func closed(_ connection: WebSocketConnection, _ closure: WebSocketClosure) { closures.put(closure) }
}

/// What happens on a client's connection, for tests to wait for.
final class Recorder: WebSocketEvents {
    let texts = Mailbox<[UInt8]>()
    let binaries = Mailbox<[UInt8]>()
    let pongs = Mailbox<Int>()
    let closures = Mailbox<WebSocketClosure>()

    func received(text: [UInt8], on connection: WebSocketConnection) { texts.put(text) }
    func received(binary: [UInt8], on connection: WebSocketConnection) { binaries.put(binary) }
    func receivedPong(on connection: WebSocketConnection) { pongs.put(1) }
    func closed(_ connection: WebSocketConnection, _ closure: WebSocketClosure) { closures.put(closure) }
}

/// Things that arrive on one thread and are waited for on another.
final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var arrived: [Element] = []
        var waiting: [CheckedContinuation<Element, Never>] = []
    }
    private let state = Mutex(State())

    func put(_ element: Element) {
        let waiter: CheckedContinuation<Element, Never>? = state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.arrived.append(element)
            return nil
        }
        waiter?.resume(returning: element)
    }

    /// The next one, in the order of arrival.
    func next() async -> Element {
        await withCheckedContinuation { continuation in
            let element: Element? = state.withLock { state in
                guard state.arrived.isEmpty else { return state.arrived.removeFirst() }
                state.waiting.append(continuation)
                return nil
            }
            if let element { continuation.resume(returning: element) }
        }
    }

    /// Those that have arrived and were not waited for.
    var waitingCount: Int { state.withLock { $0.arrived.count } }
}

/// A server with its threads and a client, gone at the end of the body.
func withServer(
    _ delegate: EchoDelegate = EchoDelegate(), settings: WebSocketSettings = WebSocketSettings(),
    tls: ServerTLS? = nil, _ body: (WebSocketServer, SocketLoops) async throws -> Void
) async throws {
    let loops = SocketLoops(count: 2)
    let server = try await WebSocketServer.start(
        host: "127.0.0.1", port: 0, loops: loops, settings: settings, tls: tls, delegate: delegate)
    var problem: (any Error)?
    do { try await body(server, loops) } catch { problem = error }
    await server.shutdown()
    try await loops.group.shutdownGracefully()
    if let problem { throw problem }
}

/// The URL of a server of this machine.
func url(_ server: WebSocketServer, _ target: String = "/ocpp/CS1", isSecure: Bool = false) -> WebSocketURL {
    WebSocketURL(isSecure: isSecure, host: isSecure ? "localhost" : "127.0.0.1", port: server.port, target: target)
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
