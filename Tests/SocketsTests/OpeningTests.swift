import NIOCore
import Sockets
import Synchronization
import Testing

@Suite("Sockets: the opening handshake", .timeLimit(.minutes(2)))
struct OpeningTests {
    @Test("a client and a server exchange messages of every size")
    func echo() async throws {
        try await withServer { server, loops in
            let recorder = Recorder()
            let client = WebSocketClient(loops: loops)
            let connection = try await client.connect(
                WebSocketClientRequest(url: url(server), subprotocols: ["ocpp1.6"]), events: recorder)
            for length in [0, 1, 125, 126, 5000, 65_536, 200_000] {
                let text = (0..<length).map { UInt8(97 + $0 % 26) }
                connection.send(text: text)
                #expect(await recorder.texts.next() == text)
                connection.send(binary: text)
                #expect(await recorder.binaries.next() == text)
            }
            connection.close(code: .normal, reason: "done")
            #expect(await recorder.closures.next() == WebSocketClosure(cause: .local, code: .normal, reason: "done"))
        }
    }

    @Test("the server learns the peer's close code and reason, the client the server's")
    func closing() async throws {
        let delegate = EchoDelegate()
        try await withServer(delegate) { server, loops in
            let client = WebSocketClient(loops: loops)
            let recorder = Recorder()
            let first = try await client.connect(WebSocketClientRequest(url: url(server)), events: recorder)
            first.close(code: 4321, reason: "tired")
            #expect(await delegate.closures.next() == WebSocketClosure(cause: .remote, code: 4321, reason: "tired"))
            _ = await delegate.opened.next()
            _ = try await client.connect(WebSocketClientRequest(url: url(server)), events: recorder)
            #expect(await recorder.closures.next().cause == .local)
            await delegate.opened.next().close(code: .serviceRestart, reason: "update")
            #expect(
                await recorder.closures.next()
                    == WebSocketClosure(cause: .remote, code: .serviceRestart, reason: "update"))
        }
    }

    @Test("what is sent before close still arrives, and in order")
    func closeComesLast() async throws {
        try await withServer { server, loops in
            let recorder = Recorder()
            let connection = try await WebSocketClient(loops: loops).connect(
                WebSocketClientRequest(url: url(server)), events: recorder)
            for number in 0..<1000 { connection.send(text: bytes("\(number)")) }
            for number in 0..<1000 { #expect(await recorder.texts.next() == bytes("\(number)")) }
        }
    }

    @Test("point 8: the server sees the offers in the client's order and picks one")
    func subprotocols() async throws {
        let delegate = EchoDelegate { request, delegate in
            #expect(request.subprotocols == ["ocpp2.1", "ocpp2.0.1", "ocpp1.6"])
            return .accept(subprotocol: "ocpp2.0.1", events: delegate)
        }
        try await withServer(delegate) { server, loops in
            let connection = try await WebSocketClient(loops: loops).connect(
                WebSocketClientRequest(url: url(server), subprotocols: ["ocpp2.1", "ocpp2.0.1", "ocpp1.6"]),
                events: Recorder())
            #expect(try await connection.eventLoop.submit { connection.subprotocol }.get() == "ocpp2.0.1")
        }
    }

    @Test("point 8: no common subprotocol: the handshake is completed without one and the connection closed at once")
    func noSubprotocol() async throws {
        let delegate = EchoDelegate { _, _ in .acceptThenClose(code: .protocolError) }
        try await withServer(delegate) { server, _ in
            let peer = try RawPeer(port: server.port)
            peer.send(RawPeer.request("/ocpp/CS1", "Sec-WebSocket-Protocol: ocpp9.9\r\n"))
            let head = try peer.head()
            #expect(head.hasPrefix("HTTP/1.1 101 "))
            #expect(!head.lowercased().contains("sec-websocket-protocol"))
            let close = try #require(try peer.frame())
            #expect(close.first == 0x88)
            #expect(close.payload == [0x03, 0xea])
            peer.send(RawPeer.frame(0x88, close.payload))
            #expect(try peer.frame() == nil)
            #expect(delegate.opened.waitingCount == 0)
        }
    }

    @Test("point 7: a request target in absolute-form names the path behind its authority (RFC 9112, 3.2.2)")
    func absoluteForm() async throws {
        let targets = Targets()
        let delegate = EchoDelegate { request, delegate in
            targets.put(String(decoding: request.target, as: UTF8.self))
            return .accept(subprotocol: nil, events: delegate)
        }
        try await withServer(delegate) { server, _ in
            for (target, path) in [
                ("http://csms.example/ocpp/CS1", "/ocpp/CS1"),
                ("WS://csms.example:9000/ocpp/CS%2D1?a=b", "/ocpp/CS%2D1?a=b"),
                ("wss://[::1]:9000/CS1", "/CS1"), ("https://csms.example", "/"), ("http://csms.example?x", "/?x"),
                ("/http://csms.example/CS1", "/http://csms.example/CS1"),
            ] {
                let peer = try RawPeer(port: server.port)
                peer.send(RawPeer.request(target))
                #expect(try peer.head().hasPrefix("HTTP/1.1 101 "), "\(target)")
                #expect(targets.last == path)
            }
            for target in [
                "http:///CS1", "http://user@csms.example/CS1", "ftp://csms.example/CS1", "csms.example/CS1", "*",
                "http:/CS1",
            ] {
                let peer = try RawPeer(port: server.port)
                peer.send(RawPeer.request(target))
                #expect(try peer.head().hasPrefix("HTTP/1.1 400 "), "\(target)")
            }
        }
    }

    /// Targets that a server was asked for.
    private final class Targets: Sendable {
        private let all = Mutex<[String]>([])
        func put(_ target: String) { all.withLock { $0.append(target) } }
        var last: String? { all.withLock { $0.last } }
    }

    @Test("point 9: an unknown identity gets 404, a wrong password 401 and a storm 503, each with its headers")
    func rejections() async throws {
        let delegate = EchoDelegate { request, _ in
            switch String(decoding: request.target, as: UTF8.self) {
            case "/ocpp/unknown": .reject(status: 404)
            case "/ocpp/wrong": .reject(status: 401, headers: [HTTPField("WWW-Authenticate", "Basic realm=\"ocpp\"")])
            default: .reject(status: 503, headers: [HTTPField("Retry-After", "120\r\nX-Evil: 1")])
            }
        }
        try await withServer(delegate) { server, loops in
            let client = WebSocketClient(loops: loops)
            for (target, status, name, value) in [
                ("/ocpp/unknown", 404, "Content-Length", "0"),
                ("/ocpp/wrong", 401, "WWW-Authenticate", "Basic realm=\"ocpp\""),
                ("/ocpp/storm", 503, "Retry-After", "120X-Evil: 1"),
            ] {
                let failure = await #expect(throws: ConnectFailure.self) {
                    _ = try await client.connect(WebSocketClientRequest(url: url(server, target)), events: Recorder())
                }
                guard case .refused(let answered, let headers)? = failure else {
                    Issue.record("\(String(describing: failure))")
                    continue
                }
                #expect(answered == status)
                #expect(headers.contains(HTTPField(name, value)), "\(headers)")
            }
        }
    }

    @Test("point 10: user and password arrive as the bytes that were sent, whatever they are")
    func credentials() async throws {
        let password: [UInt8] = [0x00, 0xff, 0x3a, 0x80, 0x0a]
        let delegate = EchoDelegate { request, delegate in
            request.authorization == .basic(user: bytes("CS1"), password: password)
                ? .accept(subprotocol: nil, events: delegate) : .reject(status: 401)
        }
        try await withServer(delegate) { server, loops in
            let client = WebSocketClient(loops: loops)
            _ = try await client.connect(
                WebSocketClientRequest(
                    url: url(server), credentials: .init(user: bytes("CS1"), password: password)),
                events: Recorder())
            let failure = await #expect(throws: ConnectFailure.self) {
                _ = try await client.connect(WebSocketClientRequest(url: url(server)), events: Recorder())
            }
            guard case .refused(401, _)? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            let peer = try RawPeer(port: server.port)
            peer.send(RawPeer.request("/", "Authorization: Basic !!!\r\n"))
            #expect(try peer.head().hasPrefix("HTTP/1.1 401 "))
        }
    }

    @Test("point 7: the path arrives as it was sent")
    func path() async throws {
        let targets = Mailbox<[UInt8]>()
        let delegate = EchoDelegate { request, delegate in
            targets.put(request.target)
            return .accept(subprotocol: nil, events: delegate)
        }
        try await withServer(delegate) { server, loops in
            let target = "/a/%2e%2E/CS%2F1%00?x=%20"
            _ = try await WebSocketClient(loops: loops).connect(
                WebSocketClientRequest(url: url(server, target)), events: Recorder())
            #expect(await targets.next() == bytes(target))
        }
    }

    @Test("a decision may come later, from any thread")
    func deferred() async throws {
        let waiting = Mailbox<WebSocketConnection>()
        let delegate = EchoDelegate { request, _ in
            waiting.put(request.connection)
            return .deferred
        }
        try await withServer(delegate) { server, loops in
            let client = WebSocketClient(loops: loops)
            let recorder = Recorder()
            async let connection = client.connect(WebSocketClientRequest(url: url(server)), events: recorder)
            await waiting.next().resolve(.accept(subprotocol: nil, events: delegate))
            try await connection.send(text: bytes("late"))
            #expect(await recorder.texts.next() == bytes("late"))
            let refusals = Mailbox<Result<WebSocketConnection, ConnectFailure>>()
            client.connect(WebSocketClientRequest(url: url(server)), events: recorder) { refusals.put($0) }
            await waiting.next().resolve(.reject(status: 403))
            guard case .failure(.refused(403, _)) = await refusals.next() else {
                Issue.record("not refused")
                return
            }
        }
    }

    @Test(
        "what is no request for a WebSocket gets the status that says why",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 426), ("POST / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
            ("GET / HTTP/1.0\r\nHost: x\r\n\r\n", 505), ("nonsense\r\n\r\n", 400), ("\r\n\r\n", 400),
            (RawPeer.request().replacing("Version: 13", with: "Version: 8"), 426),
            (RawPeer.request().replacing("dGhlIHNhbXBsZSBub25jZQ==", with: "short"), 400),
            (RawPeer.request().replacing("Host: localhost\r\n", with: ""), 400),
            (RawPeer.request("/", "Content-Length: 5\r\n"), 400),
            (RawPeer.request("/", "Transfer-Encoding: chunked\r\n"), 400),
            (RawPeer.request("/", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), 400),
            (RawPeer.request("/", "X: " + String(repeating: "x", count: 9000) + "\r\n"), 431),
            (RawPeer.request("/", String(repeating: "X: y\r\n", count: 80)), 431),
            (RawPeer.request("/" + String(repeating: "x", count: 3000)), 414),
            (RawPeer.request("ftp://x/"), 400),
        ])
    func notWebSocket(request: String, status: Int) async throws {
        let delegate = EchoDelegate()
        try await withServer(delegate) { server, _ in
            let peer = try RawPeer(port: server.port)
            peer.send(request)
            let head = try peer.head()
            #expect(head.hasPrefix("HTTP/1.1 \(status) "), "\(head)")
            #expect(try peer.rest().isEmpty)
            #expect(await delegate.failures.next() == .notWebSocket(status: status))
        }
    }

    @Test("a request that comes byte by byte is understood, with frames right behind it")
    func slowButInTime() async throws {
        try await withServer { server, _ in
            let peer = try RawPeer(port: server.port)
            let stream = bytes(RawPeer.request()) + RawPeer.frame(0x81, bytes("early"))
            for byte in stream { peer.send([byte]) }
            #expect(try peer.head().hasPrefix("HTTP/1.1 101 "))
            #expect(try peer.frame()?.payload == bytes("early"))
        }
    }

    @Test("a server cuts a handshake that does not come to its end in time")
    func slowClient() async throws {
        var settings = WebSocketSettings()
        settings.handshakeTimeout = .milliseconds(200)
        let delegate = EchoDelegate()
        try await withServer(delegate, settings: settings) { server, _ in
            let peer = try RawPeer(port: server.port)
            peer.send("GET / HTTP/1.1\r\nHost: ")
            #expect(try peer.rest().isEmpty)
            #expect(await delegate.failures.next() == .timedOut)
        }
    }

    @Test("a client gives up on a server that does not answer in time")
    func slowServer() async throws {
        var settings = WebSocketSettings()
        settings.handshakeTimeout = .milliseconds(200)
        try await withServer(EchoDelegate { _, _ in .deferred }) { server, loops in
            await #expect(throws: ConnectFailure.timedOut) {
                _ = try await WebSocketClient(loops: loops, settings: settings).connect(
                    WebSocketClientRequest(url: url(server)), events: Recorder())
            }
        }
    }

    @Test("a server that goes down does not wait for handshakes that are under way")
    func shutdownDuringHandshake() async throws {
        let delegate = EchoDelegate { _, _ in .deferred }
        let loops = SocketLoops(count: 1)
        let server = try await WebSocketServer.start(host: "127.0.0.1", port: 0, loops: loops, delegate: delegate)
        let undecided = try RawPeer(port: server.port)
        undecided.send(RawPeer.request())
        let unfinished = try RawPeer(port: server.port)
        unfinished.send("GET /")
        while await server.connectionCount() < 2 {}
        await server.shutdown()
        #expect(try unfinished.rest().isEmpty)
        _ = try undecided.rest()
        try await loops.group.shutdownGracefully()
    }

    @Test("a client says why it cannot connect")
    func unreachable() async throws {
        try await withServer { server, loops in
            let client = WebSocketClient(loops: loops)
            let nobody = WebSocketURL(isSecure: false, host: "127.0.0.1", port: 1)
            guard
                case .unreachable("connection refused")? = await #expect(
                    throws: ConnectFailure.self,
                    performing: {
                        _ = try await client.connect(WebSocketClientRequest(url: nobody), events: Recorder())
                    })
            else {
                Issue.record("something answers on port 1, or the cause is not told")
                return
            }
            await #expect(throws: ConnectFailure.badRequest("\(url(server, isSecure: true)) needs TLS settings")) {
                _ = try await client.connect(
                    WebSocketClientRequest(url: url(server, isSecure: true)), events: Recorder())
            }
        }
    }

    @Test("connections may come from any address of 127.0.0.0/8")
    func sourceAddresses() async throws {
        let delegate = EchoDelegate { request, delegate in
            request.remoteAddress?.ipAddress == "127.1.0.7"
                ? .accept(subprotocol: nil, events: delegate) : .reject(status: 403)
        }
        try await withServer(delegate) { server, loops in
            var request = WebSocketClientRequest(url: url(server))
            request.localAddress = LoopbackAddresses(connectionsEach: 1).address(of: 6)
            _ = try await WebSocketClient(loops: loops).connect(request, events: Recorder())
        }
    }
}
