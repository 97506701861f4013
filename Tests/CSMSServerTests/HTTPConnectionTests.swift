import NIOCore
import NIOPosix
import Testing

@testable import CSMSServer

@Suite("Server: connections to the HTTP API")
struct HTTPConnectionTests {
    /// A connection that sends `text` and nothing more.
    private static func connect(_ server: TestServer, sending text: String) async throws -> any Channel {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: server.addresses.http.port).get()
        try await channel.writeAndFlush(ByteBuffer(string: text))
        return channel
    }

    /// Whether the server ends the connection within nine seconds.
    private static func isCut(_ channel: any Channel) async -> Bool {
        let started = ContinuousClock.now
        let late = channel.eventLoop.scheduleTask(in: .seconds(10)) { channel.close(promise: nil) }
        try? await channel.closeFuture.get()
        late.cancel()
        return started.duration(to: .now) < .seconds(9)
    }

    @Test(
        "a client that never finishes its request is cut after a while, without a key too",
        arguments: ["", "GET /hea", "GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: "])
    func slowHead(sent: String) async throws {
        try await withServer(TestSettings { $0.httpIdleS = 1 }) { server in
            let channel = try await Self.connect(server, sending: sent)
            #expect(await Self.isCut(channel))
            #expect(try await server.http("GET", "/health", key: "").status == 200)
        }
    }

    @Test("a client whose body does not come to its end is cut, however often a byte of it comes")
    func slowBody() async throws {
        try await withServer(TestSettings { $0.httpBodyS = 2 }) { server in
            let head = "PUT /tokens/A HTTP/1.1\r\nHost: a\r\nX-API-Key: \(server.key)\r\nContent-Length: 1000\r\n\r\n"
            let channel = try await Self.connect(server, sending: head)
            let dripping = channel.eventLoop.scheduleRepeatedTask(
                initialDelay: .milliseconds(100), delay: .milliseconds(100)
            ) { _ in channel.writeAndFlush(ByteBuffer(string: " "), promise: nil) }
            #expect(await Self.isCut(channel))
            dripping.cancel()
        }
    }

    /// What `/health` answers, and when.
    private static func health(_ server: TestServer) async throws -> (status: Int, at: ContinuousClock.Instant) {
        let status = try await server.http("GET", "/health", key: "").status
        return (status, .now)
    }

    @Test("above the most connections others wait until one ends")
    func mostConnections() async throws {
        try await withServer(
            TestSettings {
                $0.httpConnectionsMax = 4
                $0.httpIdleS = 120
            }
        ) { server in
            var idle: [any Channel] = []
            for _ in 0..<4 { idle.append(try await Self.connect(server, sending: "GET /hea")) }
            async let answer = Self.health(server)
            try await Task.sleep(for: .seconds(1))
            let ended = ContinuousClock.now
            for channel in idle { channel.close(promise: nil) }
            let (status, answered) = try await answer
            #expect(status == 200 && answered > ended, "it has to wait for an idle one to end")
        }
    }

    @Test("the files that may be open are shared out so that one connection too many is turned away, not forgotten")
    func fileBudget() {
        let wanted = FileBudget.wanted(stations: 1000, loops: 2)
        let plenty = FileBudget(stations: 1000, loops: 2, files: wanted)
        #expect(plenty.stations == 1000 && plenty.http == FileBudget.httpMax)
        for files in [10, 64, 300, 1024, 4096] {
            let budget = FileBudget(stations: 100_000, loops: 2, files: files)
            #expect(budget.stations >= files / 2 && budget.http >= 1)
            if files >= 300 { #expect(budget.stations + budget.http + 40 <= files, "\(files)") }
        }
    }
}
