import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import CSMSServer

/// Strict in what is sent, lenient in what chargers do.
@Suite("Server: what chargers do")
struct ToleranceTests {
    private static func start(_ station: TestStation) async throws -> Int {
        try await station.boot("ocpp1.6")
        let started = try await station.call(
            "StartTransaction",
            #"{"connectorId":1,"idTag":"A1","meterStart":1000,"timestamp":"2026-11-30T10:00:00Z"}"#)
        return try #require(started.payload["transactionId"] as? Int)
    }

    private static func stop(_ id: Int, _ more: String = "") -> String {
        #"{"transactionId":\#(id),"meterStop":6000,"timestamp":"2026-11-30T12:00:00Z"\#(more)}"#
    }

    @Test(
        "a StopTransaction that breaks the schema ends the transaction, which is marked",
        arguments: [
            (#","idTag":"0123456789012345678901""#, "StopTransaction: idTag: longer than 20 characters"),
            (#","vendorField":{"a":1}"#, "StopTransaction: vendorField: unknown property"),
        ])
    func billing(more: String, mark: String) async throws {
        try await withServer(TestSettings { $0.acceptsUnknownTokens = true }) { server in
            let station = try await TestStation.connect(server, "T", subprotocols: ["ocpp1.6"])
            let id = try await Self.start(station)
            #expect(try await !station.call("StopTransaction", Self.stop(id, more)).isError)
            let shown = try #require(try await server.items("/transactions?violations=true").first)
            #expect(shown["energyWh"] as? Double == 5000 && shown["isBooked"] as? Bool == true)
            #expect(shown["idToken"] as? String == "A1")
            #expect(shown["schemaViolations"] as? [String] == [mark])
            #expect(try await server.items("/transactions?violations=false").isEmpty)
            let number = try #require(shown["id"] as? Int)
            let detail = try await server.http("GET", "/transactions/\(number)").text
            #expect(detail.contains(mark), "and the message is kept byte for byte")
            let metrics = try await server.http("GET", "/metrics", key: "").text
            #expect(metrics.contains("evtwin_messages_tolerated_total 1"))
            await station.leave()
        }
    }

    @Test("a start with a token too long opens its transaction under that token, and is no other's")
    func longStart() async throws {
        try await withServer { (server: TestServer) async throws in
            _ = try await server.http("PUT", "/tokens/01234567890123456789", body: "{}")
            let station = try await TestStation.connect(server, "T", subprotocols: ["ocpp1.6"])
            try await station.boot("ocpp1.6")
            let started = try await station.call(
                "StartTransaction",
                #"{"connectorId":1,"idTag":"0123456789012345678901","meterStart":1,"timestamp":"2026-11-30T10:00:00Z"}"#
            )
            #expect(started.payload["transactionId"] is Int)
            #expect((started.payload["idTagInfo"] as? [String: Any])?["status"] as? String == "Invalid")
            let shown = try #require(try await server.items("/transactions").first)
            #expect(shown["idToken"] as? String == "0123456789012345678901")
            #expect(shown["schemaViolations"] as? [String] == ["StartTransaction: idTag: longer than 20 characters"])
            await station.leave()
        }
    }

    @Test("with --tolerance strict such a message is refused, and other messages are refused whatever is set")
    func strict() async throws {
        for tolerance in Tolerance.allCases {
            try await withServer(TestSettings { $0.tolerance = tolerance }) { server in
                let station = try await TestStation.connect(server, "T", subprotocols: ["ocpp1.6"])
                let id = try await Self.start(station)
                let authorize = try await station.call("Authorize", #"{"idTag":"0123456789012345678901"}"#)
                #expect(authorize.code == "PropertyConstraintViolation")
                let stop = try await station.call("StopTransaction", Self.stop(id, #","x":1"#))
                #expect(stop.code == (tolerance == .strict ? "FormationViolation" : nil))
                let nothing = try await station.call("StopTransaction", #"{"transactionId":\#(id)}"#)
                #expect(nothing.isError, "what cannot be read is refused")
                #expect(try await server.items("/transactions").first?["isBooked"] as? Bool == (tolerance == .billing))
                await station.leave()
            }
        }
    }

    @Test("a TransactionEvent Ended of 2.0.1 with a field too many, and readings in between, are marked likewise")
    func ended() async throws {
        try await withServer { (server: TestServer) async throws in
            let station = try await TestStation.connect(server, "T")
            try await station.boot()
            func event(_ kind: String, _ number: Int, _ wh: Int, _ more: String = "") async throws {
                let json = #"""
                    {"eventType":"\#(kind)","timestamp":"2026-11-30T1\#(number):00:00Z","triggerReason":"Trigger","seqNo":\#(number),
                    "transactionInfo":{"transactionId":"X"}\#(more),
                    "meterValue":[{"timestamp":"2026-11-30T1\#(number):00:00Z","sampledValue":[{"value":\#(wh),"context":"\#(kind == "Started" ? "Transaction.Begin" : "Transaction.End")"}]}]}
                    """#
                #expect(try await !station.call("TransactionEvent", json).isError)
            }
            try await event("Started", 0, 1000)
            try await event("Ended", 1, 3000, #","surprise":1"#)
            let shown = try #require(try await server.items("/transactions").first)
            #expect(shown["energyWh"] as? Double == 2000)
            #expect(shown["schemaViolations"] as? [String] == ["TransactionEvent: surprise: unknown property"])
            await station.leave()
        }
    }

    @Test("point 6: a time without an offset is that of the station's zone, else of the server's")
    func zones() async throws {
        try await withServer(TestSettings { $0.timeZone = "+01:00" }) { server in
            let station = try await TestStation.connect(server, "Z", subprotocols: ["ocpp1.6"])
            try await station.boot("ocpp1.6")
            func start(_ number: Int) async throws -> String? {
                let json = #"{"connectorId":\#(number),"idTag":"A","meterStart":1,"timestamp":"2026-07-01 12:00:00"}"#
                #expect(try await !station.call("StartTransaction", json).isError)
                return try await server.items("/transactions").last?["started"] as? String
            }
            #expect(try await start(1) == "2026-07-01T11:00:00Z")
            let put = try await server.http("PUT", "/stations/Z", body: #"{"timeZone":"Europe/Berlin"}"#)
            #expect(put.json["timeZone"] as? String == "Europe/Berlin")
            #expect(try await start(2) == "2026-07-01T10:00:00Z", "at once, in summer time")
            _ = try await server.http("PUT", "/stations/Z", body: #"{"timeZone":null}"#)
            #expect(try await start(3) == "2026-07-01T11:00:00Z")
            let bad = try await server.http("PUT", "/stations/Z", body: #"{"timeZone":"Mars/Olympus"}"#)
            #expect(bad.status == 422 && bad.json["field"] as? String == "timeZone")
            await station.leave()
        }
    }

    @Test("point 5: null where a message has no fields is answered in 1.6")
    func nullPayload() async throws {
        try await withServer { (server: TestServer) async throws in
            let station = try await TestStation.connect(server, "N", subprotocols: ["ocpp1.6"])
            try await station.boot("ocpp1.6")
            #expect(try await station.call("Heartbeat", "null").payload["currentTime"] != nil)
            #expect(try await station.call("Authorize", "null").isError)
            async let cleared = server.http(
                "POST", "/stations/N/commands/UpdateFirmware",
                body: #"{"location":"http://a/b","retrieveDate":"2026-11-30T10:00:00Z"}"#)
            _ = try await station.answer("UpdateFirmware", with: "null")
            #expect(try await cleared.status == 200)
            await station.leave()
        }
    }

    @Test("point 3: an action of any length is NotImplemented, one of the other side NotSupported")
    func longAction() async throws {
        try await withServer { (server: TestServer) async throws in
            for version in ["ocpp1.6", "ocpp2.0.1"] {
                let station = try await TestStation.connect(server, "L", subprotocols: [version])
                try await station.boot(version)
                for length in [1, 60, 3000, 100_000] {
                    let action = String(repeating: "x", count: length)
                    #expect(try await station.call(action, "{}").code == "NotImplemented", "\(version) \(length)")
                }
                #expect(try await station.call("Reset", #"{"type":"Hard"}"#).code == "NotSupported")
                await station.leave()
            }
        }
    }

    @Test("the HTTP API takes a request target in absolute-form (RFC 9112, 3.2.2)")
    func absoluteForm() async throws {
        try await withServer { (server: TestServer) async throws in
            let port = server.addresses.http.port
            let answered = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            let text = try await answered.executeThenClose { inbound, outbound in
                let request =
                    "GET http://127.0.0.1:\(port)/stations?limit=1 HTTP/1.1\r\nHost: a\r\nX-API-Key: \(server.key)\r\n"
                try await outbound.write(ByteBuffer(string: request + "Connection: close\r\n\r\n"))
                var text = ""
                for try await buffer in inbound { text += String(buffer: buffer) }
                return text
            }
            #expect(text.hasPrefix("HTTP/1.1 200 ") && text.contains(#""items":[]"#), "\(text.prefix(200))")
        }
    }
}
