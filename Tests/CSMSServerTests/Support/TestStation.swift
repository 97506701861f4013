import CSMSServer
import Foundation
import NIOCore
import Sockets
import Synchronization

/// A charging station made of a bare WebSocket: the test writes every frame itself.
final class TestStation: WebSocketEvents {
    enum Event: Sendable {
        case text([UInt8])
        case closed(WebSocketClosure)
    }

    private let events: AsyncStream<Event>
    private let arriving: AsyncStream<Event>.Continuation
    private let connection = Mutex<WebSocketConnection?>(nil)
    private let numbers = Atomic(0)

    private static let loops = SocketLoops(count: 1)

    private init() { (events, arriving) = AsyncStream.makeStream() }

    /// Connects, or throws `ConnectFailure`.
    @discardableResult
    static func connect(
        _ server: TestServer, _ identity: String, subprotocols: [String] = ["ocpp2.0.1"], password: [UInt8]? = nil,
        user: String? = nil, tls: ClientTLS? = nil, settings: WebSocketSettings = WebSocketSettings(),
        from source: String? = nil
    ) async throws -> TestStation {
        try await connect(
            port: server.addresses.stations.port, identity, subprotocols: subprotocols, password: password, user: user,
            tls: tls, settings: settings, from: source)
    }

    /// Connects to a server in another process.
    @discardableResult
    static func connect(
        port: Int, _ identity: String, subprotocols: [String] = ["ocpp2.0.1"], password: [UInt8]? = nil,
        user: String? = nil, tls: ClientTLS? = nil, settings: WebSocketSettings = WebSocketSettings(),
        from source: String? = nil
    ) async throws -> TestStation {
        var request = WebSocketClientRequest(
            url: WebSocketURL(isSecure: tls != nil, host: "127.0.0.1", port: port, target: "/" + identity),
            subprotocols: subprotocols)
        request.tls = tls
        request.localAddress = source
        if let password { request.credentials = .init(user: Array((user ?? identity).utf8), password: password) }
        let station = TestStation()
        let client = WebSocketClient(loops: loops, settings: settings)
        let connection = try await client.connect(request, events: station)
        station.connection.withLock { $0 = connection }
        return station
    }

    var socket: WebSocketConnection {
        guard let socket = connection.withLock({ $0 }) else { preconditionFailure("connected") }
        return socket
    }

    func received(text: [UInt8], on connection: WebSocketConnection) { arriving.yield(.text(text)) }
    func closed(_ connection: WebSocketConnection, _ closure: WebSocketClosure) {
        arriving.yield(.closed(closure))
        arriving.finish()
    }

    /// What comes next; `nil` after the end.
    func next() async -> Event? {
        var iterator = events.makeAsyncIterator()
        return await iterator.next()
    }

    /// The next frame, parsed.
    func frame() async throws -> [Any] {
        guard case .text(let bytes)? = await next() else { throw Unexpected() }
        guard let frame = try JSONSerialization.jsonObject(with: Data(bytes)) as? [Any] else { throw Unexpected() }
        return frame
    }

    /// How the connection ended, frames before that left out.
    func closure() async -> WebSocketClosure? {
        while let event = await next() {
            if case .closed(let closure) = event { return closure }
        }
        return nil
    }

    struct Unexpected: Error {}

    func send(_ text: String) { socket.send(text: Array(text.utf8)) }

    /// Sends a CALL and waits for its answer; calls of the server that come in between are refused.
    @discardableResult
    func call(_ action: String, _ payload: String, id: String? = nil) async throws -> Answer {
        let id = id ?? "m\(numbers.add(1, ordering: .relaxed).newValue)"
        send("[2,\"\(id)\",\"\(action)\",\(payload)]")
        while true {
            let frame = try await frame()
            guard frame.count >= 3, let kind = frame[0] as? Int, let name = frame[1] as? String else {
                throw Unexpected()
            }
            if kind == 2 {
                send("[4,\"\(name)\",\"NotImplemented\",\"\",{}]")
            } else if name == id {
                return Answer(frame: frame)
            }
        }
    }

    /// Answers the next CALL of that action with a payload; others are refused.
    func answer(_ action: String, with payload: String) async throws -> [String: Any] {
        while true {
            let frame = try await frame()
            guard frame.count == 4, frame[0] as? Int == 2, let id = frame[1] as? String else { continue }
            guard frame[2] as? String == action else {
                send("[4,\"\(id)\",\"NotImplemented\",\"\",{}]")
                continue
            }
            send("[3,\"\(id)\",\(payload)]")
            return frame[3] as? [String: Any] ?? [:]
        }
    }

    func close() { socket.close() }

    /// Closes and waits for the end.
    func leave() async {
        close()
        _ = await closure()
    }

    /// Boots in the words of the version.
    @discardableResult
    func boot(_ version: String = "ocpp2.0.1", serial: String = "S1") async throws -> Answer {
        version == "ocpp1.6"
            ? try await call(
                "BootNotification",
                #"{"chargePointVendor":"V","chargePointModel":"M","chargePointSerialNumber":"\#(serial)"}"#)
            : try await call(
                "BootNotification",
                #"{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M","serialNumber":"\#(serial)"}}"#)
    }
}

/// A CALLRESULT or CALLERROR.
struct Answer: @unchecked Sendable {
    let frame: [Any]

    var isError: Bool { frame.first as? Int == 4 }
    /// Of a CALLERROR.
    var code: String? { isError ? frame[2] as? String : nil }
    var description: String { isError ? frame[3] as? String ?? "" : "" }
    var payload: [String: Any] { isError ? [:] : frame[2] as? [String: Any] ?? [:] }
}
