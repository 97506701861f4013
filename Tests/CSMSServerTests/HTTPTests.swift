import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import CSMSServer

@Suite("Server: HTTP API")
struct HTTPTests {
    @Test("without a key there are health, readiness, metrics and the description, and nothing else")
    func keys() async throws {
        try await withServer { (server: TestServer) async throws in
            for path in ["/health", "/ready", "/metrics", "/openapi.json"] {
                #expect(try await server.http("GET", path, key: "").status == 200, "\(path)")
            }
            for path in ["/stations", "/transactions", "/tokens", "/events", "/stations/X"] {
                #expect(try await server.http("GET", path, key: "").status == 401, "\(path)")
                #expect(try await server.http("GET", path, key: "evtwin_wrong").status == 401, "\(path)")
            }
            #expect(server.key.hasPrefix("evtwin_"))
        }
    }

    @Test("a key with the role read changes nothing")
    func roles() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "evtwin-keys-\(UUID().uuidString)")
        try "# keys\nscreen read only-for-looking-at\nops write for-changing-things\n"
            .write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await withServer(TestSettings { $0.apiKeyFile = file.path }) { server in
            #expect(try await server.http("GET", "/tokens", key: "only-for-looking-at").status == 200)
            let refused = try await server.http("PUT", "/tokens/A", body: "{}", key: "only-for-looking-at")
            #expect(refused.status == 403)
            #expect(try await server.http("PUT", "/tokens/A", body: "{}", key: "for-changing-things").status == 200)
        }
    }

    @Test("errors are problems with the field concerned")
    func problems() async throws {
        try await withServer { server in
            let cases: [(String, String, String?, Int, String?)] = [
                ("GET", "/nowhere", nil, 404, nil), ("GET", "/stations/unknown", nil, 404, nil),
                ("GET", "/stations/a%3Ab", nil, 400, "identity"), ("GET", "/stations?limit=0", nil, 400, "limit"),
                ("GET", "/stations?color=red", nil, 400, "color"), ("GET", "/transactions/x", nil, 404, nil),
                ("GET", "/transactions?from=yesterday", nil, 400, "from"),
                ("PUT", "/tokens/A", "{", 400, nil), ("PUT", "/tokens/A", #"{"status":"Fine"}"#, 422, "status"),
                ("PUT", "/tokens/A", #"{"expires":"soon"}"#, 422, "expires"),
                ("POST", "/tokens", #"{"tokens":[{"idToken":"A"},{}]}"#, 422, "tokens[1].idToken"),
                ("PUT", "/stations/P", #"{"password":"short"}"#, 422, "password"),
                ("PUT", "/stations/P", #"{"profile":7}"#, 422, "profile"),
                ("PUT", "/stations/P", #"{"registration":"Maybe"}"#, 422, "registration"),
                ("POST", "/stations/unknown/commands/Reset", nil, 404, nil),
                ("PUT", "/stations/P", #"{"pasword":"correct-horse-battery"}"#, 422, "pasword"),
                ("PUT", "/tokens/A", #"{"expirs":"2030-01-01T00:00:00Z"}"#, 422, "expirs"),
                ("POST", "/tokens", #"{"tokens":[],"replace":true}"#, 422, "replace"),
                ("POST", "/tokens", #"{"tokens":[{"idToken":"A"},{"idToken":"B","grup":"G"}]}"#, 422, "tokens[1].grup"),
                ("POST", "/firmware", #"{"stations":[],"url":"x"}"#, 422, "url"),
                ("POST", "/local-lists", #"{"stations":[],"full":true}"#, 422, "full"),
                ("POST", "/revocations", #"{"pem":""}"#, 422, "pem"),
                ("PUT", "/companies/DE136695976", #"{"town":"B"}"#, 422, "town"),
                ("PUT", "/stations/P", #"{"serial":"\#(String(repeating: "1", count: 26))"}"#, 422, "serial"),
                ("PUT", "/stations/P", #"{"serial":""}"#, 422, "serial"),
                ("PUT", "/stations/P", #"{"serial":"a\nb"}"#, 422, "serial"),
                ("PUT", "/tokens/%20", "{}", 422, "idToken"), ("PUT", "/tokens/%00", "{}", 422, "idToken"),
                ("PUT", "/tokens/A%E2%80%8BB", "{}", 422, "idToken"),
                ("POST", "/tokens", #"{"tokens":[{"idToken":"A "}]}"#, 422, "tokens[0].idToken"),
                ("PUT", "/tokens/A", #"{"group":"\u0007"}"#, 422, "group"),
            ]
            for (method, path, body, status, field) in cases {
                let answer = try await server.http(method, path, body: body)
                #expect(answer.status == status, "\(method) \(path) \(answer.text)")
                #expect(answer.json["status"] as? Int == status, "\(method) \(path)")
                #expect(answer.json["field"] as? String == field, "\(method) \(path)")
            }
            #expect(try await server.http("GET", "/stations").json["items"] as? [String] == [])
        }
    }

    @Test("tokens are imported, listed by page, changed and forgotten")
    func tokens() async throws {
        try await withServer { server in
            let many = (0..<250).map { #"{"idToken":"T\#(1000 + $0)"}"# }.joined(separator: ",")
            let imported = try await server.http("POST", "/tokens", body: #"{"tokens":[\#(many)]}"#)
            #expect(imported.json["imported"] as? Int == 250)
            var seen: [String] = []
            var path: String? = "/tokens?limit=100"
            while let address = path {
                let page = try await server.http("GET", address).json
                seen += (page["items"] as? [[String: Any]] ?? []).compactMap { $0["idToken"] as? String }
                path = (page["nextCursor"] as? String).map { "/tokens?limit=100&cursor=\($0)" }
            }
            #expect(seen == (0..<250).map { "T\(1000 + $0)" })
            let put = try await server.http(
                "PUT", "/tokens/t1000", body: #"{"status":"Blocked","group":"G","expires":"2030-01-01T00:00:00Z"}"#)
            #expect(put.json["status"] as? String == "Blocked")
            #expect(try await server.http("DELETE", "/tokens/T1000").status == 204)
            #expect(try await server.http("GET", "/tokens/T1000").status == 404)
        }
    }

    @Test("a list of charging stations comes in pages, each of them once")
    func pages() async throws {
        try await withServer { server in
            for number in 0..<7 { _ = try await server.http("PUT", "/stations/P\(number)", body: "{}") }
            var seen: [String] = []
            var path: String? = "/stations?limit=3"
            while let address = path {
                let page = try await server.http("GET", address).json
                seen += (page["items"] as? [[String: Any]] ?? []).compactMap { $0["identity"] as? String }
                path = (page["nextCursor"] as? String).map { "/stations?limit=3&cursor=\($0)" }
            }
            #expect(seen == (0..<7).map { "P\($0)" })
        }
    }

    @Test("a registration set by an operator is what the next boot is told")
    func registration() async throws {
        try await withServer { server in
            let put = try await server.http("PUT", "/stations/REG", body: #"{"registration":"Pending"}"#)
            #expect(put.status == 201)
            let station = try await TestStation.connect(server, "REG")
            #expect(try await station.boot().payload["status"] as? String == "Pending")
            _ = try await server.http("PUT", "/stations/REG", body: #"{"registration":"Accepted"}"#)
            #expect(try await station.boot().payload["status"] as? String == "Accepted")
            await station.leave()
        }
    }

    @Test("metrics count connections, messages, commits and refusals")
    func metrics() async throws {
        try await withServer { server in
            let station = try await TestStation.connect(server, "M")
            try await station.boot()
            try await station.call("Heartbeat", "{}")
            try await station.call("Teleport", "{}")
            try await server.server.hub.settle()
            let text = try await server.http("GET", "/metrics", key: "").text
            for line in [
                "evtwin_connections 1", "evtwin_connections_opened_total 1",
                #"evtwin_messages_total{family="2.x",action="Heartbeat",outcome="answered"} 1"#,
                "evtwin_messages_unknown_total 1", "evtwin_store_healthy 1",
            ] { #expect(text.contains(line + "\n"), "\(line)") }
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(line.firstMatch(of: /^[a-z_]+(\{[^}]*\})? -?[0-9.e+-]+$/) != nil, "\(line)")
            }
            await station.leave()
        }
    }

    @Test("the description is JSON, and names every address that is served and no other")
    func description() async throws {
        try await withServer { server in
            let answer = try await server.http("GET", "/openapi.json", key: "")
            #expect(answer.json["openapi"] as? String == "3.1.0")
            let paths = try #require(answer.json["paths"] as? [String: [String: Any]])
            var described: Set<String> = []
            for (path, item) in paths {
                for method in ["get", "put", "post", "delete"] where item[method] != nil {
                    described.insert("\(method.uppercased()) \(path)")
                }
            }
            let served = ManagementAPI(hub: server.server.hub, keys: server.server.keys).router().routes
                .map { "\($0.method.rawValue) \($0.path)" }
            #expect(described == Set(served))
            for (path, item) in paths {
                for method in ["get", "put", "post", "delete"] {
                    guard let operation = item[method] as? [String: Any] else { continue }
                    let codes = try #require(operation["responses"] as? [String: Any])
                    if path.contains("{") { #expect(codes["400"] != nil, "wrong escapes: \(method) \(path)") }
                    if operation["requestBody"] != nil { #expect(codes["413"] != nil, "\(method) \(path)") }
                }
            }
        }
    }
}
