import Foundation
import OCPPWire
import Testing

@testable import CSMSServer

@Suite("Server: conversations")
struct ConversationTests {
    @Test("a 1.6 charging station boots, authorizes and charges, and the books have it")
    func charging16() async throws {
        try await withServer { server in
            let put = try await server.http("PUT", "/tokens/CARD", body: #"{"status":"Accepted"}"#)
            #expect(put.status == 200)
            let station = try await TestStation.connect(server, "A16", subprotocols: ["ocpp1.6"])
            #expect(try await station.boot("ocpp1.6").payload["status"] as? String == "Accepted")
            let status = try await station.call(
                "StatusNotification", #"{"connectorId":1,"errorCode":"NoError","status":"Preparing"}"#)
            #expect(!status.isError)
            let authorize = try await station.call("Authorize", #"{"idTag":"card"}"#)
            #expect((authorize.payload["idTagInfo"] as? [String: Any])?["status"] as? String == "Accepted")
            let start = try await station.call(
                "StartTransaction",
                #"{"connectorId":1,"idTag":"CARD","meterStart":1000,"timestamp":"2026-01-01T10:00:00Z"}"#)
            let transaction = try #require(start.payload["transactionId"] as? Int)
            #expect(transaction > 0)
            try await station.call(
                "MeterValues",
                #"{"connectorId":1,"transactionId":\#(transaction),"meterValue":[{"timestamp":"2026-01-01T10:10:00Z","sampledValue":[{"value":"2000"}]}]}"#
            )
            let stop = try await station.call(
                "StopTransaction",
                #"{"transactionId":\#(transaction),"meterStop":4000,"timestamp":"2026-01-01T11:00:00Z","reason":"Local"}"#
            )
            #expect(!stop.isError)
            let items = try await server.items("/transactions")
            #expect(items.count == 1)
            #expect(items.first?["energyWh"] as? Double == 3000)
            #expect(items.first?["isBooked"] as? Bool == true)
            #expect(items.first?["transactionId"] as? String == "\(transaction)")
            #expect(try await server.items("/stations/A16/connectors").first?["statusText"] as? String == "Preparing")
            await station.leave()
        }
    }

    @Test(
        "a 2.x charging station boots, authorizes and charges, and the books have it",
        arguments: ["ocpp2.0.1", "ocpp2.1"])
    func charging2(version: String) async throws {
        try await withServer { server in
            _ = try await server.http("PUT", "/tokens/CARD", body: #"{"group":"FAMILY"}"#)
            let station = try await TestStation.connect(server, "A2", subprotocols: [version])
            #expect(try await station.boot(version).payload["status"] as? String == "Accepted")
            let authorize = try await station.call("Authorize", #"{"idToken":{"idToken":"CARD","type":"ISO14443"}}"#)
            let info = authorize.payload["idTokenInfo"] as? [String: Any]
            #expect(info?["status"] as? String == "Accepted")
            #expect((info?["groupIdToken"] as? [String: Any])?["idToken"] as? String == "FAMILY")
            for event in Self.events("T1") { #expect(try await !station.call("TransactionEvent", event).isError) }
            // A repeated event is answered and changes nothing.
            #expect(try await !station.call("TransactionEvent", Self.events("T1")[1]).isError)
            let items = try await server.items("/transactions?station=A2&booked=true")
            #expect(items.count == 1)
            #expect(items.first?["energyWh"] as? Double == 2500)
            let id = try #require(items.first?["id"] as? Int)
            let detail = try await server.http("GET", "/transactions/\(id)").json
            let kept = try #require(detail["events"] as? [[String: Any]])
            #expect(kept.map { $0["seqNo"] as? Int } == [0, 1, 2])
            #expect(kept.map { $0["payload"] as? String } == Self.events("T1").map(Optional.some))
            await station.leave()
        }
    }

    /// Started, Updated, Ended of one transaction: 2.5 kWh.
    static func events(_ id: String, idToken: String = "CARD") -> [String] {
        let readings = [
            ("Started", "Authorized", 10_000), ("Updated", "MeterValuePeriodic", 11_000),
            ("Ended", "StopAuthorized", 12_500),
        ]
        return readings.enumerated().map { sequence, event in
            let token =
                sequence == 0
                ? #","idToken":{"idToken":"\#(idToken)","type":"ISO14443"},"evse":{"id":1,"connectorId":1}"# : ""
            let context = ["Transaction.Begin", "Sample.Periodic", "Transaction.End"][sequence]
            return
                #"{"eventType":"\#(event.0)","timestamp":"2026-01-01T1\#(sequence):00:00Z","triggerReason":"\#(event.1)","seqNo":\#(sequence),"transactionInfo":{"transactionId":"\#(id)"},"meterValue":[{"timestamp":"2026-01-01T1\#(sequence):00:00Z","sampledValue":[{"value":\#(event.2),"context":"\#(context)"}]}]\#(token)}"#
        }
    }

    @Test("an operator's command reaches the charging station and its answer comes back")
    func commands() async throws {
        try await withServer { server in
            let station = try await TestStation.connect(server, "CMD")
            try await station.boot()
            async let response = server.http("POST", "/stations/CMD/commands/ClearCache", body: "{}")
            _ = try await station.answer("ClearCache", with: #"{"status":"Accepted"}"#)
            let answer = try await response
            #expect(answer.status == 200)
            #expect(answer.json["status"] as? String == "Accepted")

            async let refused = server.http("POST", "/stations/CMD/commands/GetLocalListVersion")
            while true {
                let frame = try await station.frame()
                guard frame[2] as? String == "GetLocalListVersion", let id = frame[1] as? String else { continue }
                station.send("[4,\"\(id)\",\"NotSupported\",\"no list\",{}]")
                break
            }
            let refusal = try await refused
            #expect(refusal.status == 502)
            #expect(refusal.json["code"] as? String == "NotSupported")

            let wrong = try await server.http(
                "POST", "/stations/CMD/commands/Reset", body: #"{"type":"Sideways"}"#)
            #expect(wrong.status == 422)
            #expect(wrong.json["field"] as? String == "type")
            #expect(try await server.http("POST", "/stations/CMD/commands/Teleport").status == 404)
            #expect(try await server.http("POST", "/stations/CMD/commands/Heartbeat").status == 400)
            await station.leave()
            try await server.server.hub.settle()
            #expect(try await server.http("POST", "/stations/CMD/commands/ClearCache").status == 409)
        }
    }

    @Test("a command without an answer ends with 504")
    func commandTimesOut() async throws {
        try await withServer(TestSettings { $0.rpcLimits.callTimeoutMicroseconds = 1_000 }) { server in
            let station = try await TestStation.connect(server, "SLOW")
            try await station.boot()
            #expect(try await server.http("POST", "/stations/SLOW/commands/ClearCache").status == 504)
            await station.leave()
        }
    }

    @Test("before it has booted a charging station is answered SecurityError", arguments: ["ocpp1.6", "ocpp2.0.1"])
    func silentBeforeBoot(version: String) async throws {
        try await withServer { server in
            let station = try await TestStation.connect(server, "EARLY", subprotocols: [version])
            #expect(try await station.call("Heartbeat", "{}").code == "SecurityError")
            await station.leave()
        }
    }
}
