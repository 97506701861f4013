import Sockets
import Synchronization

/// Counts answers.
final class Counter: WebSocketEvents {
    let answers = Atomic(0)
    let losses = Atomic(0)

    func received(text: [UInt8], on connection: WebSocketConnection) { answers.add(1, ordering: .relaxed) }
    func closed(_ connection: WebSocketConnection, _ closure: WebSocketClosure) {
        losses.add(1, ordering: .relaxed)
    }
}

/// Opens connections, at most 500 at a time, sends one message on each, and holds them until it is killed.
func runHold(port: Int, count: Int, roots: String?) async throws {
    try FileLimit.raise(to: count + 1000)
    let client = WebSocketClient(loops: SocketLoops(count: 1))
    let counter = Counter()
    let tls = try roots.map { try ClientTLS(roots: .pem(.file($0))) }
    let spread = LoopbackAddresses()
    let clock = ContinuousClock()
    let began = clock.now
    var failures = 0
    var started = 0
    while started < count {
        let batch = started..<min(count, started + 500)
        failures += try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in batch {
                group.addTask {
                    let url = WebSocketURL(isSecure: tls != nil, host: "127.0.0.1", port: port, target: "/CS\(index)")
                    var request = WebSocketClientRequest(url: url, subprotocols: ["ocpp1.6"], tls: tls)
                    request.localAddress = spread.address(of: index)
                    do {
                        try await client.connect(request, events: counter).send(
                            text: Array("[2,\"1\",\"Heartbeat\",{}]".utf8))
                        return true
                    } catch { return false }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 0 : 1) }
        }
        started = batch.upperBound
    }
    while counter.answers.load(ordering: .relaxed) + failures < count { try await Task.sleep(for: .milliseconds(20)) }
    print("\(count - failures) connections in \(clock.now - began), \(failures) failures")
    try await Task.sleep(for: .seconds(86_400))
}
