import OCPP
import OCPPWire
import Testing

@Suite("RPC endpoint: calls")
struct EndpointCallTests {
    @Test("point 1: a second own CALL waits for the answer to the first", arguments: OCPPVersion.allCases)
    func oneOutstanding(version: OCPPVersion) {
        var script = EndpointScript(version)
        #expect(script.call("a", "Reset", #"{"type":"Soft"}"#) == [#"> [2,"a","Reset",{"type":"Soft"}]"#])
        #expect(script.call("b") == [])
        #expect(script.call("c") == [])
        #expect(script.endpoint.queuedCallCount == 2)
        #expect(
            script.frame(#"[3,"a",{"status":"Accepted"}]"#) == [
                #"result a {"status":"Accepted"}"#, #"> [2,"b","Reset",{}]"#,
            ])
        #expect(
            script.frame(#"[4,"b","NotSupported","no",{}]"#) == [
                "error b notSupported NotSupported no", #"> [2,"c","Reset",{}]"#,
            ])
        #expect(script.frame(#"[3,"c",{}]"#) == ["result c {}"])
        #expect(script.endpoint.nextDeadline == .distantFuture)
    }

    @Test("point 1: a pending own CALL does not keep the peer from being answered", arguments: OCPPVersion.allCases)
    func crossing(version: OCPPVersion) {
        var script = EndpointScript(version)
        _ = script.call("own")
        #expect(script.frame(#"[2,"his","Heartbeat",{}]"#) == ["call his Heartbeat {}"])
        #expect(
            script.answer("his", #"{"currentTime":"2025-01-06T17:03:09Z"}"#) == [
                #"> [3,"his",{"currentTime":"2025-01-06T17:03:09Z"}]"#
            ])
        #expect(script.frame(#"[3,"own",{}]"#) == ["result own {}"])
    }

    @Test("point 1: a timeout frees the slot, and the late answer is dropped by its id, not given to the next CALL")
    func lateAnswer() {
        var script = EndpointScript(.v16) { $0.callTimeoutMicroseconds = 10_000_000 }
        _ = script.call("a")
        _ = script.call("b")
        #expect(script.endpoint.nextDeadline == script.now.adding(seconds: 10))
        script.wait(9.9)
        #expect(script.handle(.timer) == [])
        script.wait(0.1)
        #expect(script.handle(.timer) == ["timedOut a", #"> [2,"b","Reset",{}]"#])
        #expect(script.frame(#"[3,"a",{}]"#) == [])
        #expect(script.frame(#"[4,"a","GenericError","",{}]"#) == [])
        #expect(script.frame(#"[3,"b",{}]"#) == ["result b {}"])
        #expect(script.frame(#"[3,"b",{}]"#) == [])
    }

    @Test("point 1: a peer that does not wait is answered in its order, and only so many of its CALLs are kept")
    func impatientPeer() {
        var script = EndpointScript(.v201) { $0.waitingCallsMax = 2 }
        #expect(script.frame(#"[2,"1","Heartbeat",{}]"#) == ["call 1 Heartbeat {}"])
        #expect(script.frame(#"[2,"2","Authorize",{"a":1}]"#) == [])
        #expect(script.frame(#"[2,"3","Heartbeat",{}]"#) == [])
        #expect(
            script.frame(#"[2,"4","Heartbeat",{}]"#) == [
                "malformed tooManyUnanswered", #"> [4,"4","GenericError","too many unanswered calls",{}]"#,
            ])
        #expect(script.answer("2") == [])  // not its turn
        #expect(script.answer("1") == [#"> [3,"1",{}]"#, #"call 2 Authorize {"a":1}"#])
        #expect(script.refuse("2", .internalError) == [#"> [4,"2","InternalError","",{}]"#, "call 3 Heartbeat {}"])
        #expect(script.answer("3") == [#"> [3,"3",{}]"#])
        #expect(script.answer("3") == [])
    }

    @Test("point 2: a CALL repeated with the same id is answered twice and handled once")
    func repeatedCall() {
        var script = EndpointScript(.v16)
        let start = #"[2,"s1","StartTransaction",{"connectorId":1}]"#
        #expect(script.frame(start) == [#"call s1 StartTransaction {"connectorId":1}"#])
        #expect(script.frame(start) == [])  // still at it: one answer will do
        #expect(script.answer("s1", #"{"transactionId":7}"#) == [#"> [3,"s1",{"transactionId":7}]"#])
        script.wait(60)
        #expect(script.frame(start) == [#"> [3,"s1",{"transactionId":7}]"#])
        #expect(script.frame(#"[2,"s2","StartTransaction",{"connectorId":1}]"#).count == 1)  // a new id is a new call
    }

    @Test("point 2: an old id with other content is a new CALL, and such a peer's ids are trusted no more")
    func reusedID() {
        var script = EndpointScript(.v16)
        #expect(script.frame(#"[2,"1","StatusNotification",{"a":1}]"#).first == #"call 1 StatusNotification {"a":1}"#)
        _ = script.answer("1")
        #expect(script.frame(#"[2,"1","StatusNotification",{"a":2}]"#).first == #"call 1 StatusNotification {"a":2}"#)
        _ = script.answer("1")
        #expect(script.frame(#"[2,"1","StatusNotification",{"a":2}]"#).first == #"call 1 StatusNotification {"a":2}"#)
    }

    @Test("point 2: answers that carry the clock, errors, old and long answers are not given again")
    func notRemembered() {
        var script = EndpointScript(.v201) {
            $0.rememberedMicroseconds = 60_000_000
            $0.rememberedAnswerBytesMax = 40
            $0.rememberedAnswersMax = 2
        }
        for action in ["Heartbeat", "BootNotification"] {
            for _ in 0..<2 {
                #expect(script.frame(#"[2,"\#(action)","\#(action)",{}]"#) == ["call \(action) \(action) {}"])
                _ = script.answer(action)
            }
        }
        for _ in 0..<2 {
            #expect(script.frame(#"[2,"e","Authorize",{}]"#) == ["call e Authorize {}"])
            _ = script.refuse("e", .internalError)
        }
        for _ in 0..<2 {
            #expect(script.frame(#"[2,"l","Authorize",{}]"#) == ["call l Authorize {}"])
            _ = script.answer("l", #"{"a":"0123456789012345678901234567890123456789"}"#)
        }
        for id in ["1", "2", "3"] {
            _ = script.frame(#"[2,"\#(id)","Authorize",{}]"#)
            _ = script.answer(id)
        }
        #expect(script.frame(#"[2,"2","Authorize",{}]"#) == [#"> [3,"2",{}]"#])
        #expect(script.frame(#"[2,"1","Authorize",{}]"#) == ["call 1 Authorize {}"])  // forgotten for want of room
        _ = script.answer("1")
        script.wait(60)
        #expect(script.frame(#"[2,"3","Authorize",{}]"#) == ["call 3 Authorize {}"])
    }

    @Test("own CALLs are refused when the queue is full, the id is in use or no id, or the connection closes")
    func refusals() {
        var script = EndpointScript(.v201) {
            $0.queuedCallsMax = 2
            $0.queuedBytesMax = 60
            $0.frameBytesMax = 100
        }
        _ = script.call("a")
        #expect(script.call("a") == ["refused a idInUse"])
        #expect(script.call("b") == [])
        #expect(script.call("b") == ["refused b idInUse"])
        #expect(script.call("c", "Reset", #"{"type":"0123456789012345678901234567890"}"#) == ["refused c queueFull"])
        #expect(script.call("d") == [])
        #expect(script.call("e") == ["refused e queueFull"])
        #expect(script.call("") == ["refused  badID"])
        let long = String(repeating: "x", count: 37)
        #expect(script.call(long) == ["refused \(long) badID"])
        #expect(script.frame(String(repeating: " ", count: 101)).last == "close 1009 message too long")
        #expect(script.call("f") == ["refused f closing"])
        #expect(script.frame(#"[3,"a",{}]"#) == [])
        #expect(script.handle(.closed) == ["timedOut a", "timedOut b", "timedOut d"])
        #expect(script.call("a") == [#"> [2,"a","Reset",{}]"#])
    }

    @Test("2.1 SEND goes out beside an outstanding CALL and is never answered; the other versions have none")
    func sends() {
        var script = EndpointScript(.v21)
        _ = script.call("a")
        let payload = Array(#"{"id":1}"#.utf8)
        #expect(
            script.handle(.send(id: "s", action: "NotifyPeriodicEventStream", payload: payload)) == [
                #"> [6,"s","NotifyPeriodicEventStream",{"id":1}]"#
            ])
        #expect(
            script.frame(#"[6,"p","NotifyPeriodicEventStream",{"id":2}]"#) == [
                #"send p NotifyPeriodicEventStream {"id":2}"#
            ])
        #expect(script.frame(#"[6,"p","NotifyPeriodicEventStream",[]]"#) == ["malformed wrongType"])
        var older = EndpointScript(.v201)
        #expect(older.handle(.send(id: "s", action: "X", payload: [])) == ["refused s notInThisVersion"])
    }

    @Test("2.1 CALLRESULTERROR goes both ways; an answer that cannot be read provokes one and ends the CALL")
    func resultErrors() {
        var script = EndpointScript(.v21)
        let input = RPCEndpoint.Input.resultError(
            id: "a", code: .typeConstraintViolation, description: "status", details: [])
        #expect(script.handle(input) == [#"> [5,"a","TypeConstraintViolation","status",{}]"#])
        #expect(
            script.frame(#"[5,"x","FormatViolation","bad",{}]"#) == [
                "resultError x formatViolation FormatViolation bad"
            ])
        _ = script.call("b")
        #expect(
            script.frame(#"[3,"b",[]]"#) == [
                "malformed wrongType", #"> [5,"b","FormatViolation","an element has the wrong JSON type",{}]"#,
                "error b formatViolation FormatViolation an element has the wrong JSON type",
            ])
        var older = EndpointScript(.v201)
        #expect(older.handle(input) == ["refused a notInThisVersion"])
        _ = older.call("b")
        #expect(
            older.frame(#"[3,"b"]"#) == [
                "malformed wrongArity", "error b formatViolation FormatViolation wrong number of elements",
            ])
    }

    @Test("point 1: an error that cannot be read ends its CALL all the same and is never answered")
    func unreadableError() {
        for version in OCPPVersion.allCases {
            var script = EndpointScript(version) {
                $0.frameBurst = 1
                $0.framesPerSecond = 1
            }
            _ = script.call("a")
            _ = script.frame(#"[2,"1","Heartbeat",{}]"#)
            let long = String(repeating: "x", count: 5000)
            let outputs = script.frame(#"[4,"a","InternalError","\#(long)",{}]"#)
            #expect(outputs.count == 3 && outputs[2].hasPrefix("error a formatViolation"))
            #expect(!script.endpoint.hasOutstandingCall)
        }
    }
}
