import Foundation
import OCPPWire
import Sockets
import Testing

@testable import CSMSServer

@Suite("Server: bad input")
struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let frame: String
        /// Codes in 1.6 and in 2.0.1; nil where nothing is answered.
        let code16: String?
        let code2: String?
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "not JSON", frame: "hello", code16: nil, code2: "RpcFrameworkError"),
        Case(name: "an object", frame: "{}", code16: nil, code2: "RpcFrameworkError"),
        Case(
            name: "too few elements", frame: #"[2,"x","Heartbeat"]"#, code16: "FormationViolation",
            code2: "RpcFrameworkError"),
        Case(
            name: "unknown action", frame: #"[2,"x","Teleport",{}]"#, code16: "NotImplemented", code2: "NotImplemented"),
        Case(
            name: "an action of the other direction", frame: #"[2,"x","ClearCache",{}]"#, code16: "NotSupported",
            code2: "NotSupported"),
        Case(
            name: "an action of the other direction with what it cannot hold", frame: #"[2,"x","Reset",{"color":1}]"#,
            code16: "NotSupported", code2: "NotSupported"),
        Case(
            name: "a wrong type", frame: #"[2,"x","DataTransfer",{"vendorId":7}]"#, code16: "TypeConstraintViolation",
            code2: "TypeConstraintViolation"),
        Case(
            name: "too long a text",
            frame: #"[2,"x","DataTransfer",{"vendorId":"\#(String(repeating: "v", count: 300))"}]"#,
            code16: "PropertyConstraintViolation", code2: "PropertyConstraintViolation"),
        Case(
            name: "a missing field", frame: #"[2,"x","DataTransfer",{}]"#, code16: "OccurenceConstraintViolation",
            code2: "OccurrenceConstraintViolation"),
        Case(
            name: "an unknown field", frame: #"[2,"x","Heartbeat",{"pulse":1}]"#, code16: "FormationViolation",
            code2: "FormatViolation"),
        Case(
            name: "deep nesting",
            frame: #"[2,"x","Heartbeat",{"a":"# + String(repeating: "[", count: 500)
                + String(repeating: "]", count: 500)
                + "}]", code16: "FormationViolation", code2: "FormatViolation"),
    ]

    @Test(
        "every bad frame is answered with the version's own code, and the next good one is answered", arguments: cases)
    func frames(bad: Case) async throws {
        try await withServer { server in
            for (version, code) in [("ocpp1.6", bad.code16), ("ocpp2.0.1", bad.code2)] {
                let station = try await TestStation.connect(server, "BAD-\(version)", subprotocols: [version])
                try await station.boot(version)
                station.send(bad.frame)
                if let code {
                    var frame = try await station.frame()
                    while frame[0] as? Int == 2 { frame = try await station.frame() }
                    #expect(frame[0] as? Int == 4, "\(version)")
                    #expect(frame[2] as? String == code, "\(version)")
                }
                #expect(try await !station.call("Heartbeat", "{}").isError, "\(version)")
                await station.leave()
            }
        }
    }

    @Test("the path of the offending field is told")
    func pathIsTold() async throws {
        try await withServer { server in
            let station = try await TestStation.connect(server, "PATH")
            try await station.boot()
            let answer = try await station.call("Authorize", #"{"idToken":{"idToken":"X","type":"Paper"}}"#)
            #expect(answer.code == "PropertyConstraintViolation")
            #expect(answer.description.contains("idToken.type"))
            await station.leave()
        }
    }

    @Test("binary messages close the connection with 1003, invalid UTF-8 with 1007, huge ones with 1009")
    func brokenMessages() async throws {
        try await withServer(TestSettings { $0.rpcLimits.frameBytesMax = 65_536 }) { server in
            let binary = try await TestStation.connect(server, "BINARY")
            binary.socket.send(binary: [1, 2, 3])
            #expect(await binary.closure()?.code == .unsupportedData)
            let text = try await TestStation.connect(server, "TEXT")
            text.socket.send(text: [0x5B, 0xFF, 0xFE, 0x5D])
            #expect(await text.closure()?.code == .invalidPayload)
            let huge = try await TestStation.connect(server, "HUGE")
            huge.socket.send(text: Array(repeating: UInt8(ascii: "x"), count: 100_000))
            #expect(await huge.closure()?.code == .messageTooBig)
        }
    }

    @Test("malformed frames are a security event, once a minute")
    func malformedIsNoted() async throws {
        try await withServer { server in
            let station = try await TestStation.connect(server, "NOISE")
            try await station.boot()
            for _ in 0..<5 { station.send("nonsense") }
            #expect(try await !station.call("Heartbeat", "{}").isError)
            let events = try await server.items("/events?kind=securityEvent&station=NOISE")
            #expect(events.count == 1)
            #expect(events.first?["subject"] as? String == "InvalidMessages")
            await station.leave()
        }
    }

    @Test("a charging station that sends too fast is closed with 1008")
    func tooFast() async throws {
        try await withServer(
            TestSettings {
                $0.rpcLimits.framesPerSecond = 1
                $0.rpcLimits.frameBurst = 5
                $0.rpcLimits.excessFrames = 5
            }
        ) { server in
            let station = try await TestStation.connect(server, "FAST")
            for number in 0..<50 { station.send(#"[2,"\#(number)","Heartbeat",{}]"#) }
            #expect(await station.closure()?.code == .policyViolation)
        }
    }

    @Test("a charging station that does not read is closed, and the others are served meanwhile")
    func slowReader() async throws {
        try await withServer(
            TestSettings {
                $0.messagesPerSecond = 1_000_000
                $0.outboundBytesMax = 65_536
                $0.compresses = false
                $0.pingIntervalS = 0
            }
        ) { server in
            let deaf = try await TestStation.connect(server, "DEAF")
            try await deaf.boot()
            let other = try await TestStation.connect(server, "OTHER")
            try await other.boot()
            deaf.socket.setReading(false)
            let entry = try #require(server.server.hub.registry.entry(try StationIdentity("DEAF")))
            let long = String(repeating: "a", count: 200)
            // The server gives up when its buffer is full, and cuts the connection when the close frame finds no reader.
            let deadline = ContinuousClock.now.advanced(by: .seconds(300))
            var sent = 0
            while entry.isConnected, .now < deadline {
                if sent < 60_000 {
                    sent += 100
                    for _ in 0..<100 { deaf.send("[2,\"x\",\"Authorize\",{\"\(long)\":1}]") }
                }
                #expect(try await !other.call("Heartbeat", "{}").isError)
            }
            #expect(!entry.isConnected)
            deaf.socket.cut()
            await other.leave()
        }
    }
}
