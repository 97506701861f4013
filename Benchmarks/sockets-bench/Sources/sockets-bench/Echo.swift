import NIOCore
import Sockets

/// Sends every text message back, or lets nobody in.
final class Echo: WebSocketServerDelegate, WebSocketEvents {
    private let refuses: Bool

    init(refuses: Bool) { self.refuses = refuses }

    func decide(on request: UpgradeRequest) -> UpgradeDecision {
        refuses
            ? .reject(status: 503, headers: [HTTPField("Retry-After", "60")])
            : .accept(subprotocol: request.subprotocols.first, events: self)
    }
    func handshakeFailed(_ failure: HandshakeFailure, from address: SocketAddress?) {}
    func received(text: [UInt8], on connection: WebSocketConnection) { connection.send(text: text) }
    func closed(_ connection: WebSocketConnection, _ closure: WebSocketClosure) {}
}

/// Serves until it is killed.
func runEcho(port: Int, threads: Int, chain: String?, key: String?, refuses: Bool = false) async throws {
    try FileLimit.raise(to: 20_000)
    var tls: ServerTLS?
    if let chain, let key {
        let identity = try TLSIdentity(certificateChain: .file(chain), privateKey: .file(key))
        tls = try ServerTLS(identities: [identity])
    }
    let server = try await WebSocketServer.start(
        host: "127.0.0.1", port: port, loops: SocketLoops(count: threads), tls: tls, delegate: Echo(refuses: refuses))
    print("listening on \(server.port)")
    try await Task.sleep(for: .seconds(86_400))
}
