import OCPP
import OCPPWire
import Testing

@Suite("RPC endpoint: frames")
struct EndpointFrameTests {
    static let unreadable: [String] = [
        "", " ", "{}", "hello", "null", "[]", "[", "[2", "[2,", "[\"2\",\"a\",\"Heartbeat\",{}]", "[-2,\"a\",\"X\",{}]",
        "[2,17,\"Heartbeat\",{}]", "[2,\"\",\"Heartbeat\",{}]", "[2,null,\"Heartbeat\",{}]", "[2,\"a\\q\",\"X\",{}]",
        "[2,\"a\\ud800\",\"X\",{}]", "[2,\"\(String(repeating: "x", count: 37))\",\"Heartbeat\",{}]", "[2,\"a",
    ]

    @Test("point 2: without a readable id, 2.x answers with the id -1", arguments: unreadable)
    func unreadableID(text: String) {
        for version in [OCPPVersion.v201, .v21] {
            var script = EndpointScript(version)
            let outputs = script.frame(text)
            #expect(outputs.count == 2 && outputs[0].hasPrefix("malformed"))
            #expect(outputs[1].hasPrefix(#"> [4,"-1","RpcFrameworkError","#) && outputs[1].hasSuffix(",{}]"))
        }
    }

    @Test("point 4: without a readable id, 1.6 says nothing", arguments: unreadable)
    func unreadableIDIn16(text: String) {
        var script = EndpointScript(.v16)
        let outputs = script.frame(text)
        #expect(outputs.count == 1 && outputs[0].hasPrefix("malformed"))
    }

    static let badCalls: [(text: String, code: String)] = [
        (#"[2,"a"]"#, "RpcFrameworkError"), (#"[2,"a","X"]"#, "RpcFrameworkError"),
        (#"[2,"a","X",{}"#, "RpcFrameworkError"), (#"[2,"a","X",{},1]"#, "RpcFrameworkError"),
        (#"[2,"a","X",{}] x"#, "RpcFrameworkError"), (#"[2,"a","X",{"b":"]"#, "RpcFrameworkError"),
        (#"[2,"a",5,{}]"#, "FormatViolation"), (#"[2,"a","X",[]]"#, "FormatViolation"),
        (#"[2,"a","X",7]"#, "FormatViolation"), (#"[2,"a","X",{"b":[}]}]"#, "FormatViolation"),
        (#"[2,"a","X","# + String(repeating: #"{"a":"#, count: 40), "FormatViolation"),
    ]

    @Test("point 3: a CALL that cannot be read is refused under its id in the version's own words", arguments: badCalls)
    func badCall(text: String, code: String) {
        var script = EndpointScript(.v201)
        #expect(script.frame(text).last?.hasPrefix(#"> [4,"a","\#(code)","#) == true)
        var old = EndpointScript(.v16)
        #expect(old.frame(text).last?.hasPrefix(#"> [4,"a","FormationViolation","#) == true)
    }

    @Test("point 5: null for a payload is taken in 1.6, where it may stand for no fields, and refused in 2.x")
    func nullPayload() {
        var old = EndpointScript(.v16)
        #expect(old.frame(#"[2,"a","Heartbeat",null]"#) == ["call a Heartbeat null"])
        _ = old.call("b", "ClearCache")
        #expect(old.frame(#"[3,"b", null ]"#) == ["result b null"])
        var new = EndpointScript(.v201)
        #expect(new.frame(#"[2,"a","Heartbeat",null]"#).last?.hasPrefix(#"> [4,"a","FormatViolation","#) == true)
    }

    @Test(
        "point 3: an action of any length is handed on, to be refused as NotImplemented",
        arguments: OCPPVersion.allCases)
    func longAction(version: OCPPVersion) {
        for length in [100, 2048, 2049, 20_000, 200_000] {
            var script = EndpointScript(version)
            let action = "Heartbeat" + String(repeating: "x", count: length)
            let outputs = script.frame("[2,\"a\",\"\(action)\",{}]")
            #expect(outputs.count == 1 && outputs[0].hasPrefix("call a Heartbeatx"), "\(length)")
            #expect(outputs.allSatisfy { $0.utf8.count < 2200 }, "no more is kept than has to be")
        }
        var script = EndpointScript(version)
        #expect(script.frame("[2,\"a\",\"" + String(repeating: "x", count: 5000)).first == "malformed badString")
    }

    @Test("point 3: refusals are spelt as the version spells them and always carry description and details")
    func spelling() {
        var old = EndpointScript(.v16)
        _ = old.frame(#"[2,"1","X",{}]"#)
        #expect(
            old.refuse("1", .occurrenceConstraintViolation) == [
                #"> [4,"1","OccurenceConstraintViolation","",{}]"#
            ])
        var new = EndpointScript(.v201)
        _ = new.frame(#"[2,"1","X",{}]"#)
        #expect(
            new.refuse("1", .occurrenceConstraintViolation, "idToken") == [
                #"> [4,"1","OccurrenceConstraintViolation","idToken",{}]"#
            ])
    }

    @Test(
        "point 3: both spellings of a code, unknown codes and errors cut short are read",
        arguments: [
            (#"[4,"a","OccurenceConstraintViolation","d",{}]"#, "occurrenceConstraintViolation"),
            (#"[4,"a","OccurrenceConstraintViolation","d",{}]"#, "occurrenceConstraintViolation"),
            (#"[4,"a","SomethingElse","d",{"x":[1,{"y":2}]}]"#, "genericError"),
            (#"[4,"a","InternalError","d",null]"#, "internalError"), (#"[4,"a","InternalError","d"]"#, "internalError"),
        ])
    func errorCodes(text: String, code: String) {
        for version in OCPPVersion.allCases {
            var script = EndpointScript(version)
            _ = script.call("a")
            let outputs = script.frame(text)
            #expect(outputs.count == 1 && outputs[0].hasPrefix("error a \(code) ") && outputs[0].hasSuffix(" d"))
        }
    }

    @Test("point 4: an unknown message type is ignored in 1.6 and answered with MessageTypeNotSupported in 2.x")
    func unknownMessageType() {
        var old = EndpointScript(.v16)
        #expect(old.frame(#"[7,"a","X",{}]"#) == ["malformed unknownMessageType(7)"])
        #expect(old.frame(#"[5,"a","X","",{}]"#) == ["malformed unknownMessageType(5)"])
        var new = EndpointScript(.v201)
        #expect(
            new.frame(#"[6,"a","X",{}]"#) == [
                "malformed unknownMessageType(6)",
                #"> [4,"a","MessageTypeNotSupported","message type not supported",{}]"#,
            ])
    }

    @Test("point 4: nothing of an unreadable text is sent back")
    func noEcho() {
        for version in OCPPVersion.allCases {
            var script = EndpointScript(version)
            for text in [#"[2,"a","<script>",5]"#, "<script>", #"[2,"<script>"#, #"["<script>"]"#] {
                #expect(!script.frame(text).contains { $0.hasPrefix(">") && $0.contains("script") })
            }
        }
    }

    @Test("point 4: errors and late answers that cannot be read are never answered")
    func noPingPong() {
        for version in OCPPVersion.allCases {
            var script = EndpointScript(version)
            for text in [#"[4,"a"]"#, #"[4]"#, #"[4,"a",{}]"#, #"[3,"a"]"#, #"[3,"a",[]]"#, #"[3]"#] {
                #expect(!script.frame(text).contains { $0.hasPrefix(">") }, "\(version) \(text)")
            }
        }
    }

    @Test("white space, escapes and other writing in envelopes are read")
    func lenientEnvelope() {
        var script = EndpointScript(.v16)
        #expect(
            script.frame(" [\n2 ,\t\"a\\u0041\\/\\\"\" , \"Heart\\u0062eat\" ,\r { \"x\" : \"]}\\\"\" } ] ") == [
                #"call aA/" Heartbeat { "x" : "]}\"" }"#
            ])
        #expect(script.answer(#"aA/""#) == [#"> [3,"aA/\"",{}]"#])
        #expect(script.frame(#"[2,"\ud83d\udd0cé","X",{}]"#) == ["call 🔌é X {}"])
        #expect(script.answer("🔌é") == [#"> [3,"🔌é",{}]"#])
        let id = String(repeating: "é", count: 36)
        #expect(script.frame(#"[2,"\#(id)","X",{}]"#) == ["call \(id) X {}"])
    }

    @Test("invalid UTF-8 in an id is no id")
    func invalidUTF8() {
        var script = EndpointScript(.v201)
        let bytes = Array(#"[2,""#.utf8) + [0xC3, 0x28] + Array(#"","X",{}]"#.utf8)
        #expect(script.handle(.frame(bytes)).last?.hasPrefix(#"> [4,"-1""#) == true)
    }

    @Test("too many messages are refused one by one, then the connection is closed; patience refills")
    func rateLimit() {
        var script = EndpointScript(.v201) {
            $0.framesPerSecond = 10
            $0.frameBurst = 3
            $0.excessFrames = 2
        }
        func heartbeat(_ id: Int) -> [String] {
            var outputs = script.frame(#"[2,"\#(id)","Heartbeat",{}]"#)
            if outputs == ["call \(id) Heartbeat {}"] { outputs += script.answer("\(id)") }
            return outputs
        }
        for id in 0..<3 { #expect(heartbeat(id).count == 2) }
        let refusal = [
            "malformed tooFrequent", #"> [4,"3","GenericError","too many messages",{}]"#,
        ]
        #expect(heartbeat(3) == refusal)
        script.wait(0.1)
        #expect(heartbeat(4).count == 2)
        #expect(heartbeat(5).first == "malformed tooFrequent")
        #expect(heartbeat(6).first == "malformed tooFrequent")
        #expect(heartbeat(7) == ["malformed tooFrequent", "close 1008 too many messages"])
        #expect(heartbeat(8) == [])
    }

    @Test("answers to own CALLs are taken however much else the peer sends")
    func answersPassTheRateLimit() {
        var script = EndpointScript(.v16) {
            $0.frameBurst = 1
            $0.framesPerSecond = 1
        }
        _ = script.call("a")
        _ = script.frame(#"[2,"1","Heartbeat",{}]"#)
        #expect(script.frame(#"[3,"a",{}]"#) == ["malformed tooFrequent", "result a {}"])
    }

    @Test("a million mutated frames neither trap nor make anything grow")
    func fuzz() {
        var random = SplitMix(seed: 20)
        let seeds = [
            #"[2,"a","Heartbeat",{}]"#, #"[3,"a",{"x":[1,2,{"y":"z\u00e9"}]}]"#,
            #"[4,"a","InternalError","d",{"x":1}]"#, #"[6,"a","X",{"b":null}]"#, #"[5,"a","X","",{}]"#,
        ].map { Array($0.utf8) }
        var endpoints = OCPPVersion.allCases.map { version in
            var limits = RPCLimits()
            limits.framesPerSecond = 1_000_000
            limits.frameBurst = 1_000_000_000
            return RPCEndpoint(version: version, role: .csms, limits: limits)
        }
        var now = Timestamp(microseconds: 0)
        var outputs: [RPCEndpoint.Output] = []
        for round in 0..<1_000_000 {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0...random.next() % 4 where !bytes.isEmpty {
                let at = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: bytes[at...].prefix(8), at: at)
                default: bytes.removeSubrange(at...)
                }
            }
            now = now.adding(microseconds: 100)
            outputs.removeAll(keepingCapacity: true)
            let index = round % endpoints.count
            endpoints[index].handle(.frame(bytes), now: now, outputs: &outputs)
            guard outputs.count <= 3 else {
                Issue.record("\(outputs.count) outputs for \(String(decoding: bytes, as: UTF8.self))")
                return
            }
            guard case .call(let call)? = outputs.last else { continue }
            guard call.payload.upperBound <= call.frame.count, call.frame[call.payload.lowerBound] == UInt8(ascii: "{")
            else {
                Issue.record("no object for \(String(decoding: bytes, as: UTF8.self))")
                return
            }
            endpoints[index].handle(.result(id: call.id, payload: []), now: now, outputs: &outputs)
        }
    }
}
