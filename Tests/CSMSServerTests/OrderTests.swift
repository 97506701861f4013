import Foundation
import PKI
import TestSupport
import Testing

@testable import CSMSServer

@Suite("Server: orders")
struct OrderTests {
    private static let image = #""version":"2.0","location":"https://firmware.example/2.0.bin""#

    /// Boots in 1.6, where an order waits: its answer comes before the order all the same.
    private func boot16(_ station: TestStation) async throws {
        station.send(Self.boot16)
        let first = try await station.frame()
        #expect(first.first as? Int == 3 && first[1] as? String == "boot", "\(first)")
    }
    private static let boot16 =
        #"[2,"boot","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","chargePointSerialNumber":"S1"}]"#

    @Test("a firmware is rolled out to charging stations that are connected, and to others when they come")
    func firmware() async throws {
        try await withServer { server in
            for identity in ["F1", "F2"] { _ = try await server.http("PUT", "/stations/\(identity)", body: "{}") }
            #expect(try await server.http("GET", "/stations/F1/firmware").status == 404)
            let first = try await TestStation.connect(server, "F1")
            try await first.boot()
            let ordered = try await server.http(
                "POST", "/firmware",
                body: #"{"stations":["F1","F2"],\#(Self.image),"retrieveAt":"2026-01-01T00:00:00Z"}"#)
            #expect(ordered.json["stations"] as? Int == 2, "\(ordered.text)")
            let asked = try await first.answer("UpdateFirmware", with: #"{"status":"Accepted"}"#)
            let firmware = asked["firmware"] as? [String: Any]
            #expect(firmware?["location"] as? String == "https://firmware.example/2.0.bin")
            let requestID = try #require(asked["requestId"] as? Int)
            try await first.call("FirmwareStatusNotification", #"{"status":"Installed","requestId":\#(requestID)}"#)
            try await server.server.hub.settle()
            let done = try await server.http("GET", "/stations/F1/firmware").json
            #expect(done["state"] as? String == "done" && done["status"] as? String == "Installed")
            #expect(done["id"] as? String == ordered.json["id"] as? String)
            #expect(try await server.http("GET", "/stations/F2/firmware").json["state"] as? String == "waiting")
            let second = try await TestStation.connect(server, "F2", subprotocols: ["ocpp1.6"])
            try await boot16(second)
            let old = try await second.answer("UpdateFirmware", with: "{}")
            #expect(old["location"] as? String == "https://firmware.example/2.0.bin")
            await first.leave()
            await second.leave()
        }
    }

    @Test("orders that nobody could carry out are refused with the field, and nobody is given them")
    func badOrders() async throws {
        try await withServer { server in
            _ = try await server.http("PUT", "/stations/A", body: "{}")
            let cases: [(String, String, String)] = [
                ("/firmware", #"{"stations":[],\#(Self.image)}"#, "stations"),
                ("/firmware", #"{"stations":["A","B"],\#(Self.image)}"#, "stations[1]"),
                ("/firmware", #"{"stations":["A"],"version":"","location":"https://x"}"#, "version"),
                ("/firmware", #"{"stations":["A"],"version":"2","location":"file:///etc"}"#, "location"),
                ("/firmware", #"{"stations":["A"],\#(Self.image),"retrieveAt":"soon"}"#, "retrieveAt"),
                ("/firmware", #"{"stations":["A"],\#(Self.image),"signature":"AAAA"}"#, "signingCertificate"),
                (
                    "/firmware", #"{"stations":["A"],\#(Self.image),"signature":"AAAA","signingCertificate":"x"}"#,
                    "signingCertificate"
                ), ("/local-lists", #"{"stations":["A"],"tokens":["NOBODY"]}"#, "tokens[0]"),
                ("/local-lists", #"{"stations":["A"],"type":"Stone"}"#, "type"),
                ("/local-lists", #"{"stations":["Z"]}"#, "stations[0]"),
            ]
            for (path, body, field) in cases {
                let answer = try await server.http("POST", path, body: body)
                #expect(answer.status == 422 && answer.json["field"] as? String == field, "\(body) \(answer.text)")
            }
            #expect(try await server.http("GET", "/stations/A/firmware").status == 404)
            #expect(try await server.http("GET", "/stations/A/local-list").json.isEmpty)
        }
    }

    private static func tokens(_ list: [String: Any]) -> [String] {
        (list["localAuthorizationList"] as? [[String: Any]] ?? []).compactMap {
            ($0["idToken"] as? [String: Any])?["idToken"] as? String
        }
    }

    private func bring(
        _ server: TestServer, _ station: TestStation, has version: Int, order: String = #"{"stations":["L"]}"#
    ) async throws -> [String: Any] {
        let ordered = try await server.http("POST", "/local-lists", body: order)
        #expect(ordered.status == 200, "\(ordered.text)")
        _ = try await station.answer("GetLocalListVersion", with: #"{"versionNumber":\#(version)}"#)
        return try await station.answer("SendLocalList", with: #"{"status":"Accepted"}"#)
    }

    @Test("the first list goes whole, the next as the changes from it, and an unchanged one not at all")
    func localLists() async throws {
        try await withServer { server in
            _ = try await server.http(
                "POST", "/tokens", body: #"{"tokens":[{"idToken":"A","group":"G"},{"idToken":"B"}]}"#)
            let station = try await TestStation.connect(server, "L")
            try await station.boot()
            let whole = try await bring(server, station, has: 0)
            #expect(whole["updateType"] as? String == "Full" && whole["versionNumber"] as? Int == 64)
            #expect(Self.tokens(whole) == ["A", "B"])

            _ = try await server.http("DELETE", "/tokens/A")
            _ = try await server.http("PUT", "/tokens/C", body: #"{"status":"Blocked"}"#)
            try await server.server.hub.settle()
            let changes = try await bring(server, station, has: 64)
            #expect(changes["updateType"] as? String == "Differential" && changes["versionNumber"] as? Int == 128)
            #expect(Self.tokens(changes) == ["A", "C"])
            let entries = changes["localAuthorizationList"] as? [[String: Any]] ?? []
            #expect(entries.first?["idTokenInfo"] == nil, "without idTokenInfo it is taken out")

            let again = try await server.http("POST", "/local-lists", body: #"{"stations":["L"]}"#)
            #expect(again.json["version"] as? Int == 2, "nothing has changed")
            _ = try await station.answer("GetLocalListVersion", with: #"{"versionNumber":128}"#)
            try await station.call("Heartbeat", "{}")
            try await server.server.hub.settle()
            let state = try await server.http("GET", "/stations/L/local-list").json
            #expect(state["version"] as? Int == 2 && state["outcome"] as? String == "synchronised")

            let forced = try await bring(
                server, station, has: 64, order: #"{"stations":["L"],"tokens":["c"],"whole":true}"#)
            #expect(forced["updateType"] as? String == "Full" && Self.tokens(forced) == ["C"])
            await station.leave()
        }
    }

    @Test("a list ordered before the server went down is brought after it is up again")
    func restart() async throws {
        let directory = try ScratchDirectory()
        let database = directory.path + "/csms.sqlite"
        let before = try await TestServer.start(database: database)
        _ = try await before.http("PUT", "/tokens/A", body: "{}")
        _ = try await before.http("PUT", "/stations/L", body: "{}")
        let ordered = try await before.http("POST", "/local-lists", body: #"{"stations":["L"],"type":"Central"}"#)
        #expect(ordered.json["entries"] as? Int == 1)
        try await before.stop()
        let after = try await TestServer.start(database: database, key: before.key)
        #expect(try await after.http("GET", "/stations/L/local-list").json["outcome"] as? String == "pending")
        let station = try await TestStation.connect(after, "L", subprotocols: ["ocpp1.6"])
        try await boot16(station)
        _ = try await station.answer("GetLocalListVersion", with: #"{"listVersion":0}"#)
        let list = try await station.answer("SendLocalList", with: #"{"status":"Accepted"}"#)
        let entries = list["localAuthorizationList"] as? [[String: Any]] ?? []
        #expect(entries.compactMap { $0["idTag"] as? String } == ["A"])
        await station.leave()
        try await after.stop()
    }
}
