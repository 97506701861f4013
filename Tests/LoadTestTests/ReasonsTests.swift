import Foundation
import Models
import NIOCore
import NIOPosix
import Sockets
import TestSupport
import Testing
import Twin

@testable import LoadTest

@Suite("Why connections were not made")
struct ReasonsTests {
    @Test("closures are told in words, without what a terminal would obey")
    func closures() {
        let cases: [(WebSocketClosure, String)] = [
            (.init(cause: .remote, code: 1008, reason: "replaced"), "closed by the CSMS with 1008: replaced"),
            (.init(cause: .remote), "closed by the CSMS without a code"),
            (.init(cause: .remote, code: 1000, reason: "\u{1B}[2J"), "closed by the CSMS with 1000: ?[2J"),
            (.init(cause: .violation, code: 1002), "closed, since the CSMS broke the protocol with 1002"),
            (.init(cause: .pingUnanswered, reason: "no answer to a ping"), "the CSMS answered no ping"),
            (.init(cause: .broken("connection reset")), "the connection broke off: connection reset"),
        ]
        for (closure, words) in cases { #expect(Reasons.words(for: closure) == words) }
    }

    @Test("every reason has something to do about it, and one without a subprotocol says so")
    func advice() {
        let url = "ws://127.0.0.1:1"
        for (failure, fix) in [
            (ConnectFailure.unreachable("connection refused"), "start the CSMS"),
            (.refused(status: 404, headers: []), "check the path"), (.disconnected, "write wss://"),
            (.tls(TLSFailure(kind: .other, description: "the peer speaks no TLS")), "write the URL with ws://"),
            (.badHandshake("the server chose a subprotocol that was not offered"), "--ocpp"),
            (.badHandshake("the answer is no HTTP"), "something else than a CSMS"), (.badRequest("odd"), "the log"),
        ] {
            #expect(Reasons.fix(for: Reasons.words(for: failure), url: url).contains(fix), "\(failure)")
        }
        let closed = WebSocketClosure(cause: .remote, code: 1002)
        #expect(Reasons.words(for: closed, subprotocol: "ocpp1.6") == "closed by the CSMS with 1002")
        #expect(Reasons.words(for: closed, subprotocol: nil).contains("no subprotocol agreed on"))
        let long = Reasons.words(for: .unreachable(String(repeating: "x", count: 400)))
        #expect(long.hasSuffix("x…") && long.count < 330)
    }

    @Test("JSON has sorted keys at every depth")
    func json() throws {
        var summary = LoadSummary()
        summary.measurements.note(reason: "z")
        summary.measurements.note(reason: "a \"b\"")
        summary.measurements.note("StatusNotification", .result, microseconds: 5)
        summary.measurements.note("BootNotification", .timedOut, microseconds: 5)
        let text = LoadReport.json(summary, stations: 3)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let again = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        func keys(_ text: String) -> [Substring] { text.matches(of: /"([^"]*)":/).map(\.1) }
        #expect(keys(text) == keys(String(decoding: again, as: UTF8.self)))
    }

    /// Tries to connect for a second and a half at a thousand simulated seconds a second.
    private static func run(_ url: String) throws -> LoadSummary {
        let world = try WorldFile.load(path: Repository.path("worlds/tiny.yaml"), overrides: [])
        let options = ConnectOptions(url: url, stationsMax: 3, speed: 1000, durationS: 1.5, threads: 1)
        let test = try LoadTest(world: world, options: options)
        defer { test.shutdown() }
        return test.run()
    }

    @Test(
        "the cause is told where there is no connection",
        arguments: [
            ("ws://127.0.0.1:1", "cannot connect: connection refused"),
            ("ws://no.such.host.invalid:1", "cannot connect: host not found"),
        ])
    func causes(url: String, reason: String) throws {
        let reasons = try Self.run(url).measurements.reasons
        #expect(reasons.contains { $0.text == reason }, "\(reasons)")
    }

    @Test("every attempt that led to nothing has its reason, also one that a silent CSMS lets run out")
    func silence() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let silent = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(silent.localAddress?.port)
        let found = try Self.run("ws://127.0.0.1:\(port)").measurements
        #expect(found.connectsOpened == 0 && found.connectsTried > 3)
        #expect(found.reasons.contains { $0.text == Reasons.givenUp }, "\(found.reasons)")
        #expect(found.reasons.reduce(0) { $0 + $1.count } == found.connectsTried)
        try await silent.close()
    }
}
