import Foundation
import GRDB
import NIOCore
import OCPP
import PKI
import Sockets
import Testing

@testable import CSMSServer

@Suite("Server: letting in")
struct AdmissionTests {
    private static let password = "correct-horse-battery"

    private static func status(_ body: () async throws -> TestStation) async -> Int? {
        do {
            let station = try await body()
            await station.leave()
            return 101
        } catch ConnectFailure.refused(let status, _) {
            return status
        } catch {
            return nil
        }
    }

    @Test(
        "point 7: the identity is the percent-encoded last part of the URL, and what cannot be one is answered 404",
        arguments: [
            ("CS-7", 101), ("CS%2D7", 101), ("%C3%A9toile", 101), ("a%20b", 101), ("", 404), ("..", 404),
            ("%2E%2E", 404),
            ("a/b", 404), ("a%2Fb", 404), ("a%00b", 404), ("a%0Ab", 404), ("a:b", 404), ("a%3Ab", 404), ("%zz", 404),
            (String(repeating: "x", count: 48), 101), (String(repeating: "x", count: 49), 404),
            (String(repeating: "x", count: 500), 404), ("%FF", 404),
        ])
    func identities(path: String, expected: Int) async throws {
        try await withServer { server in
            #expect(await Self.status { try await TestStation.connect(server, path) } == expected)
        }
    }

    @Test("point 8: the first subprotocol of the client's list that is spoken is taken")
    func subprotocols() async throws {
        try await withServer { server in
            let station = try await TestStation.connect(
                server, "SUB", subprotocols: ["ocpp9", "ocpp2.0.1", "ocpp1.6"])
            #expect(try await station.socket.eventLoop.submit { station.socket.subprotocol }.get() == "ocpp2.0.1")
            await station.leave()
        }
    }

    @Test("point 8: without a common subprotocol the handshake is completed and the connection closed at once")
    func noCommonSubprotocol() async throws {
        try await withServer { server in
            for offered in [["ocpp9"], []] {
                let station = try await TestStation.connect(server, "NONE", subprotocols: offered)
                #expect(await station.closure()?.code == .protocolError)
            }
        }
    }

    @Test("point 8: a default version serves charging stations that name no subprotocol")
    func defaultVersion() async throws {
        try await withServer(TestSettings { $0.defaultVersion = .v16 }) { server in
            let station = try await TestStation.connect(server, "OLD", subprotocols: [])
            #expect(try await station.boot("ocpp1.6").payload["status"] as? String == "Accepted")
            await station.leave()
        }
    }

    @Test("point 9: an unknown identity is answered 404, a wrong password 401")
    func unknownAndWrong() async throws {
        try await withServer(
            TestSettings {
                $0.profile = .basic
                $0.unknownStations = .reject
            }
        ) { server in
            let put = try await server.http(
                "PUT", "/stations/KNOWN", body: #"{"password":"\#(Self.password)"}"#)
            #expect(put.status == 201)
            let good = Array(Self.password.utf8)
            #expect(await Self.status { try await TestStation.connect(server, "OTHER", password: good) } == 404)
            #expect(await Self.status { try await TestStation.connect(server, "KNOWN") } == 401)
            #expect(await Self.status { try await TestStation.connect(server, "KNOWN", password: [1, 2, 3]) } == 401)
            #expect(
                await Self.status { try await TestStation.connect(server, "KNOWN", password: good, user: "X") } == 401)
            #expect(await Self.status { try await TestStation.connect(server, "KNOWN", password: good) } == 101)
        }
    }

    private static func guess(_ server: TestServer, _ identity: String, _ number: UInt8) async -> Int? {
        await status { try await TestStation.connect(server, identity, password: [number]) }
    }

    @Test("wrong passwords of one identity are looked at a few times, then told to wait; the right one still opens")
    func guessing() async throws {
        try await withServer(TestSettings { $0.profile = .basic }) { server in
            _ = try await server.http("PUT", "/stations/G", body: #"{"password":"\#(Self.password)"}"#)
            #expect(
                await Self.status { try await TestStation.connect(server, "G", password: Array(Self.password.utf8)) }
                    == 101)
            #expect(await Self.guess(server, "G", 0) == 401)
            for number in 1..<7 { _ = await Self.guess(server, "G", UInt8(number)) }
            #expect(await Self.guess(server, "G", 7) == 429)
            #expect(
                await Self.status { try await TestStation.connect(server, "G", password: Array(Self.password.utf8)) }
                    == 101)
        }
    }

    @Test("point 10: a 1.6 AuthorizationKey comes decoded to bytes, a 2.0.1 password as text")
    func hexadecimalKeys() async throws {
        try await withServer(TestSettings { $0.profile = .basic }) { server in
            let key = "0123456789abcdef0123456789ABCDEF01234567".lowercased()
            _ = try await server.http("PUT", "/stations/HEX", body: #"{"password":"\#(key)"}"#)
            let bytes = try #require(ByteText.bytes(hex: key))
            #expect(
                await Self.status {
                    try await TestStation.connect(server, "HEX", subprotocols: ["ocpp1.6"], password: bytes)
                } == 101)
            #expect(
                await Self.status { try await TestStation.connect(server, "HEX", password: Array(key.utf8)) } == 101)
        }
    }

    @Test("point 10: a password changed by command counts beside the old one until it has been used")
    func passwordChange() async throws {
        try await withServer(TestSettings { $0.profile = .basic }) { server in
            _ = try await server.http("PUT", "/stations/PW", body: #"{"password":"\#(Self.password)"}"#)
            let old = Array(Self.password.utf8)
            let new = "another-horse-battery"
            let station = try await TestStation.connect(server, "PW", password: old)
            try await station.boot()
            async let response = server.http(
                "POST", "/stations/PW/commands/SetVariables",
                body:
                    #"{"setVariableData":[{"attributeValue":"\#(new)","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}"#
            )
            _ = try await station.answer(
                "SetVariables",
                with:
                    #"{"setVariableResult":[{"attributeStatus":"Accepted","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}"#
            )
            #expect(try await response.status == 200)
            let kept = try await server.server.hub.store.pool.read { db in
                try String.fetchAll(db, sql: "SELECT request FROM command")
            }
            #expect(kept.count == 1 && !kept.contains { $0.contains(new) })
            await station.leave()
            #expect(await Self.status { try await TestStation.connect(server, "PW", password: old) } == 101)
            #expect(await Self.status { try await TestStation.connect(server, "PW", password: Array(new.utf8)) } == 101)
            try await server.server.hub.settle()
            #expect(await Self.status { try await TestStation.connect(server, "PW", password: old) } == 401)
        }
    }

    @Test("point 12: a second connection of an identity replaces the first, after its password was checked")
    func replacement() async throws {
        try await withServer(TestSettings { $0.profile = .basic }) { server in
            _ = try await server.http("PUT", "/stations/TWICE", body: #"{"password":"\#(Self.password)"}"#)
            let good = Array(Self.password.utf8)
            let first = try await TestStation.connect(server, "TWICE", password: good)
            try await first.boot()
            #expect(await Self.status { try await TestStation.connect(server, "TWICE", password: [0]) } == 401)
            #expect(try await !first.call("Heartbeat", "{}").isError)
            let second = try await TestStation.connect(server, "TWICE", password: good)
            #expect(await first.closure()?.code == .policyViolation)
            #expect(try await !second.call("Heartbeat", "{}").isError)
            #expect(try await server.items("/stations").first?["isConnected"] as? Bool == true)
            await second.leave()
        }
    }

    @Test("above the rate of connections the answer is 503 with Retry-After")
    func storm() async throws {
        try await withServer(
            TestSettings {
                // One at once and the next after a day and more: however slow the machine, nothing is refilled meanwhile.
                $0.arrivalsPerSecond = 1e-5
                $0.threads = 1
            }
        ) { server in
            var statuses: [Int] = []
            for number in 0..<10 {
                do {
                    await (try TestStation.connect(server, "S\(number)")).leave()
                    statuses.append(101)
                } catch ConnectFailure.refused(let status, let headers) {
                    statuses.append(status)
                    let wait = headers.first { $0.name.lowercased() == "retry-after" }.flatMap { Int($0.value) }
                    #expect(wait.map { (99_000...100_000).contains($0) } == true, "\(headers)")
                }
            }
            #expect(statuses == [101] + [Int](repeating: 503, count: 9))
        }
    }

    @Test("unknown charging stations are accepted, kept pending or turned away, as the policy says")
    func policies() async throws {
        for (policy, word) in [(UnknownStations.accept, "Accepted"), (.pending, "Pending")] {
            try await withServer(TestSettings { $0.unknownStations = policy }) { server in
                let station = try await TestStation.connect(server, "NEW")
                #expect(try await station.boot().payload["status"] as? String == word)
                await station.leave()
            }
        }
        try await withServer(TestSettings { $0.unknownStations = .reject }) { server in
            #expect(await Self.status { try await TestStation.connect(server, "NEW") } == 404)
        }
    }
}
