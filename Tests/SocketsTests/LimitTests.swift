import NIOCore
import Testing

@testable import Sockets

@Suite("Sockets: peers who break rules or limits", .timeLimit(.minutes(2)))
struct LimitTests {
    @Test(
        "a violation is answered with its close code, reported, and the connection ends",
        arguments: [
            ("unmasked", RawPeer.frame(0x81, [65], isMasked: false), CloseCode.protocolError),
            ("reserved bit", RawPeer.frame(0xc1, [65]), .protocolError),
            ("not UTF-8", RawPeer.frame(0x81, [0x61, 0xc3, 0x28]), .invalidPayload),
            ("half a character", RawPeer.frame(0x81, [0xe2, 0x82]), .invalidPayload),
            ("surrogate", RawPeer.frame(0x81, [0xed, 0xa0, 0x80]), .invalidPayload),
            ("not UTF-8 over fragments", RawPeer.frame(0x01, [0xe2]) + RawPeer.frame(0x80, [0x82]), .invalidPayload),
            ("too big", RawPeer.frame(0x81, [UInt8](repeating: 65, count: 1001)), .messageTooBig),
            (
                "too big in fragments",
                RawPeer.frame(0x01, [UInt8](repeating: 65, count: 600))
                    + RawPeer.frame(0x80, [UInt8](repeating: 65, count: 600)), .messageTooBig
            ),
            ("bad close", RawPeer.frame(0x88, [3]), .protocolError),
            ("close 1005", RawPeer.frame(0x88, [0x03, 0xed]), .protocolError),
        ])
    func violations(name: String, frame: [UInt8], code: CloseCode) async throws {
        var settings = WebSocketSettings()
        settings.messageMax = 1000
        settings.deflate = nil
        let delegate = EchoDelegate()
        try await withServer(delegate, settings: settings) { server, _ in
            let peer = try RawPeer.opened(port: server.port)
            peer.send(frame + RawPeer.frame(0x81, bytes("not delivered")))
            let close = try #require(try peer.frame())
            #expect(close.first == 0x88)
            #expect(close.payload.prefix(2).elementsEqual([UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xff)]))
            let closure = await delegate.closures.next()
            #expect(closure.cause == .violation && closure.code == code)
            #expect(delegate.received.waitingCount == 0)
        }
    }

    @Test("UTF-8 that is split between fragments, even within a character, is valid")
    func splitCharacters() async throws {
        try await withServer { server, _ in
            let peer = try RawPeer.opened(port: server.port)
            let text = bytes("Ladesäule €")
            for cut in 1..<text.count {
                peer.send(RawPeer.frame(0x01, Array(text[..<cut])) + RawPeer.frame(0x80, Array(text[cut...])))
                #expect(try peer.frame()?.payload == text)
            }
        }
    }

    @Test("binary messages close the connection with 1003 unless somebody wants them")
    func binary() async throws {
        final class TextOnly: WebSocketEvents {
            let closures = Mailbox<WebSocketClosure>()
            func received(text: [UInt8], on connection: WebSocketConnection) {}
            func closed(_ connection: WebSocketConnection, _ closure: WebSocketClosure) { closures.put(closure) }
        }
        let events = TextOnly()
        try await withServer(EchoDelegate { _, _ in .accept(subprotocol: nil, events: events) }) { server, _ in
            let peer = try RawPeer.opened(port: server.port)
            peer.send(RawPeer.frame(0x82, [1, 2, 3]))
            let close = try #require(try peer.frame())
            #expect(close.payload.prefix(2).elementsEqual([0x03, 0xeb]))
            peer.send(RawPeer.frame(0x88, [0x03, 0xeb]))
            #expect(await events.closures.next().code == .unsupportedData)
        }
    }

    @Test("pings are answered with their bytes, in the order of the messages around them")
    func pings() async throws {
        try await withServer { server, _ in
            let peer = try RawPeer.opened(port: server.port)
            peer.send(
                RawPeer.frame(0x81, bytes("a")) + RawPeer.frame(0x89, bytes("b")) + RawPeer.frame(0x81, bytes("c")))
            #expect(try peer.frame().map { [$0.first] + $0.payload } == [0x81] + bytes("a"))
            #expect(try peer.frame().map { [$0.first] + $0.payload } == [0x8a] + bytes("b"))
            #expect(try peer.frame().map { [$0.first] + $0.payload } == [0x81] + bytes("c"))
        }
    }

    @Test("point 12: a half-open peer is found out by its silence after a ping, and a live one is not")
    func halfOpen() async throws {
        var settings = WebSocketSettings()
        settings.pingInterval = .milliseconds(100)
        settings.pongTimeout = .milliseconds(300)
        let delegate = EchoDelegate()
        try await withServer(delegate, settings: settings) { server, loops in
            let recorder = Recorder()
            let alive = try await WebSocketClient(loops: loops).connect(
                WebSocketClientRequest(url: url(server)), events: recorder)
            _ = await delegate.opened.next()
            let silent = try RawPeer.opened(port: server.port)
            #expect(await delegate.closures.next().cause == .pingUnanswered)
            #expect(try silent.frame()?.first == 0x89)
            // By now the live one has answered several pings.
            alive.send(text: bytes("still here"))
            #expect(await recorder.texts.next() == bytes("still here"))
        }
    }

    @Test("point 12: a client's own pings are answered and reported")
    func clientPings() async throws {
        try await withServer { server, loops in
            var settings = WebSocketSettings()
            settings.pingInterval = .milliseconds(20)
            settings.pongTimeout = .milliseconds(500)
            let recorder = Recorder()
            let connection = try await WebSocketClient(loops: loops, settings: settings).connect(
                WebSocketClientRequest(url: url(server)), events: recorder)
            _ = await recorder.pongs.next()
            _ = await recorder.pongs.next()
            connection.ping()
            _ = await recorder.pongs.next()
        }
    }

    @Test("a peer who does not read is closed at the limit, and its requests are no longer read before that")
    func slowReader() async throws {
        var settings = WebSocketSettings()
        settings.outboundMax = 100_000
        settings.closeTimeout = .milliseconds(200)
        settings.deflate = nil
        let delegate = EchoDelegate()
        try await withServer(delegate, settings: settings) { server, _ in
            let peer = try RawPeer.opened(port: server.port, receiveBuffer: 4096)
            let connection = await delegate.opened.next()
            let message = [UInt8](repeating: 65, count: 10_000)
            var pendingMost = 0
            var sent = 0
            while try await connection.eventLoop.submit({ connection.isOpen }).get(), sent < 10_000 {
                connection.send(text: message)
                sent += 1
                pendingMost = max(
                    pendingMost, try await connection.eventLoop.submit { connection.pendingBytes }.get())
            }
            let closure = await delegate.closures.next()
            #expect(closure.cause == .violation && closure.code == .policyViolation)
            #expect(pendingMost <= settings.outboundMax + message.count)
            // What the operating systems hold is megabytes at most.
            #expect(sent < 5000)
            _ = peer
        }
    }

    @Test("a flood of requests by a peer who does not read answers stops at the socket, and memory is bounded")
    func floodWithoutReading() async throws {
        var settings = WebSocketSettings()
        settings.outboundMax = 1_000_000
        settings.deflate = nil
        let delegate = EchoDelegate()
        try await withServer(delegate, settings: settings) { server, _ in
            let peer = try RawPeer.opened(port: server.port, receiveBuffer: 4096)
            let connection = await delegate.opened.next()
            let pings = (0..<200).flatMap { _ in RawPeer.frame(0x81, [UInt8](repeating: 66, count: 1000)) }
            // Sending blocks once the server stops reading, so it happens on a thread of its own.
            let flood = Flood(peer: peer, chunk: pings, count: 100)
            flood.start()
            for _ in 0..<100 {
                let pending = try await connection.eventLoop.submit { connection.pendingBytes }.get()
                #expect(pending < 300_000)
            }
            connection.cut()
            _ = await delegate.closures.next()
            _ = await flood.end.next()
        }
    }

    @Test("reading can be halted and goes on without loss")
    func pausedReading() async throws {
        let delegate = EchoDelegate()
        try await withServer(delegate) { server, loops in
            let recorder = Recorder()
            let connection = try await WebSocketClient(loops: loops).connect(
                WebSocketClientRequest(url: url(server)), events: recorder)
            let atServer = await delegate.opened.next()
            atServer.setReading(false)
            _ = try await atServer.eventLoop.submit {}.get()
            for number in 0..<100 { connection.send(text: bytes("\(number)")) }
            atServer.setReading(true)
            for number in 0..<100 { #expect(await recorder.texts.next() == bytes("\(number)")) }
        }
    }

    @Test("a peer who only stops is reported as broken")
    func disconnection() async throws {
        let delegate = EchoDelegate()
        try await withServer(delegate) { server, _ in
            var peer: RawPeer? = try RawPeer.opened(port: server.port)
            _ = peer
            _ = await delegate.opened.next()
            peer = nil
            guard case .broken = await delegate.closures.next().cause else {
                Issue.record("not broken")
                return
            }
        }
    }

    @Test("point 11: messages go compressed where that is agreed on and shorter")
    func deflate() async throws {
        let delegate = EchoDelegate()
        var settings = WebSocketSettings()
        settings.messageMax = 100_000
        try await withServer(delegate, settings: settings) { server, loops in
            let recorder = Recorder()
            let connection = try await WebSocketClient(loops: loops).connect(
                WebSocketClientRequest(url: url(server)), events: recorder)
            #expect(try await connection.eventLoop.submit { connection.isDeflated }.get())
            for length in [10, 300, 100_000] {
                let text = (0..<length).map { UInt8(97 + $0 % 26) }
                connection.send(text: text)
                #expect(await recorder.texts.next() == text)
            }
            let offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
            let peer = try RawPeer.opened(port: server.port, further: offer)
            peer.send(RawPeer.frame(0xc1, [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]))
            #expect(try peer.frame()?.payload == bytes("Hello"))
            let bomb = try #require(
                Deflater(level: 9, windowBits: 15)?.compress([UInt8](repeating: 65, count: 50_000_000)))
            peer.send(RawPeer.frame(0xc1, bomb))
            let close = try #require(try peer.frame())
            #expect(close.first == 0x88 && close.payload.prefix(2).elementsEqual([0x03, 0xf1]))
        }
    }

    @Test("one connection more than the limit is cut")
    func connectionLimit() async throws {
        let delegate = EchoDelegate()
        let loops = SocketLoops(count: 1)
        var settings = WebSocketSettings()
        settings.closeTimeout = .milliseconds(200)
        let server = try await WebSocketServer.start(
            host: "127.0.0.1", port: 0, loops: loops, settings: settings, connectionsMax: 2, delegate: delegate)
        let first = try RawPeer.opened(port: server.port)
        let second = try RawPeer.opened(port: server.port)
        let third = try RawPeer(port: server.port)
        third.send(RawPeer.request())
        #expect(try third.rest().isEmpty)
        #expect(await server.connectionCount() == 2)
        second.send(RawPeer.frame(0x81, bytes("x")))
        #expect(try second.frame()?.payload == bytes("x"))
        _ = first
        await server.shutdown(code: .goingAway, reason: "bye")
        #expect(try second.frame()?.payload == [0x03, 0xe9] + bytes("bye"))
        #expect(await server.connectionCount() == 0)
        try await loops.group.shutdownGracefully()
    }

    @Test("2,000 connections at once all get their answers")
    func manyConnections() async throws {
        try FileLimit.raise(to: 8192)
        let delegate = EchoDelegate()
        try await withServer(delegate) { server, loops in
            let client = WebSocketClient(loops: loops)
            let recorder = Recorder()
            let connections = Mailbox<Result<WebSocketConnection, ConnectFailure>>()
            let spread = LoopbackAddresses(connectionsEach: 500)
            for index in 0..<2000 {
                var request = WebSocketClientRequest(url: url(server, "/ocpp/CS\(index)"))
                request.localAddress = spread.address(of: index)
                client.connect(request, events: recorder) { connections.put($0) }
            }
            for index in 0..<2000 {
                let connection = try await connections.next().get()
                connection.send(text: bytes("\(index)"))
            }
            var seen: Set<[UInt8]> = []
            for _ in 0..<2000 { seen.insert(await recorder.texts.next()) }
            #expect(seen.count == 2000)
            #expect(await server.connectionCount() == 2000)
        }
    }
}
