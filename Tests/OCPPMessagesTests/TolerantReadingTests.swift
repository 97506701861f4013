import OCPP
import OCPPMessages
import Testing

@Suite("Messages that break their schema, read for the accounts")
struct TolerantReadingTests {
    private static let received = Timestamp(microseconds: 1_736_182_989_000_000)  // 2025-01-06T17:03:09Z

    private func read(_ action: String, _ json: String, _ version: OCPPVersion = .v16) -> TolerantReading? {
        let bytes = Array(json.utf8)
        return TolerantReading(
            action: action, bytes: bytes, range: 0..<bytes.count, version: version, zone: nil, received: Self.received)
    }

    private func stop(_ json: String) throws -> (V16.StopTransactionRequest, [String]) {
        let reading = try #require(read("StopTransaction", json))
        guard case .v16(.stopTransaction(let stop)) = reading.request else { throw Wrong() }
        return (stop, reading.violations.map(\.description))
    }
    private struct Wrong: Error {}

    @Test("a StopTransaction with a token of 22 characters or a field too many is read, and what was wrong is told")
    func stopTransaction() throws {
        let (long, told) = try stop(
            #"{"transactionId":7,"meterStop":5000,"timestamp":"2025-01-06T18:00:00Z","idTag":"0123456789012345678901"}"#
        )
        #expect(long.idTag == "0123456789012345678901" && long.meterStop == 5000)
        #expect(told == ["idTag: longer than 20 characters"])
        let (more, extra) = try stop(
            #"{"vendor":{"a":[1,"}"]},"transactionId":7,"meterStop":5000,"timestamp":"2025-01-06T18:00:00Z","x":1,"y":2}"#
        )
        #expect(
            more
                == .init(
                    meterStop: 5000, timestamp: try #require(Timestamp(text: "2025-01-06T18:00:00Z")), transactionId: 7)
        )
        #expect(extra == ["vendor: unknown property", "x: unknown property", "y: unknown property"])
    }

    @Test(
        "registers with a fraction or in quotes are whole, an unreadable instant is that of arrival, a strange reason is none"
    )
    func figures() throws {
        let (stop, told) = try stop(
            #"{"transactionId":"7","meterStop":5000.6,"timestamp":"just now","reason":"Bored","transactionData":7}"#)
        #expect(stop.transactionId == 7 && stop.meterStop == 5001 && stop.timestamp == Self.received)
        #expect(stop.reason == nil && stop.transactionData == nil)
        #expect(told.count == 5)
        let (bare, missing) = try self.stop(#"{ "transactionId":7,"meterStop":5000}"#)
        #expect(bare.timestamp == Self.received && missing == ["timestamp: required but missing"])
    }

    @Test("a sample that is wrong is left out whole: without its unit it would be another value")
    func samples() throws {
        let values = #"""
            {"connectorId":1,"transactionId":7,"meterValue":[{"timestamp":"2025-01-06T18:00:00Z","sampledValue":[
            {"value":"12","unit":"kilowatthours"},{"value":"12000","unit":"Wh"}]},
            {"timestamp":"2025-01-06T18:15:00Z","sampledValue":[{"value":"13","unit":"nonsense"}]}]}
            """#
        let reading = try #require(read("MeterValues", values))
        guard case .v16(.meterValues(let request)) = reading.request else { throw Wrong() }
        #expect(request.meterValue.map { $0.sampledValue.map(\.value) } == [["12000"]])
        #expect(reading.violations.count == 3)
        #expect(read("MeterValues", #"{"connectorId":1,"meterValue":[{"timestamp":"x","sampledValue":[]}]}"#) == nil)
    }

    @Test("a TransactionEvent of 2.x is read likewise", arguments: [OCPPVersion.v201, .v21])
    func transactionEvent(version: OCPPVersion) throws {
        let json = #"""
            {"eventType":"Ended","timestamp":"2025-01-06T18:00:00Z","triggerReason":"Boredom","seqNo":4,"vendor":1,
            "transactionInfo":{"transactionId":"T1","stoppedReason":"Nap"},
            "idToken":{"idToken":"A1B2","type":"Central","additionalInfo":5}}
            """#
        let reading = try #require(read("TransactionEvent", json, version))
        guard case .v2(.transactionEvent(let event)) = reading.request else { throw Wrong() }
        #expect(event.eventType == .ended && event.seqNo == 4 && event.transactionInfo.transactionId == "T1")
        #expect(event.triggerReason == .trigger && event.transactionInfo.stoppedReason == nil)
        #expect(event.idToken?.idToken == "A1B2" && event.idToken?.additionalInfo == nil)
    }

    @Test(
        "what lacks what an account needs, and what is no JSON, cannot be read",
        arguments: [
            #"{"meterStop":5000,"timestamp":"2025-01-06T18:00:00Z"}"#,
            #"{"transactionId":7,"timestamp":"2025-01-06T18:00:00Z"}"#,
            #"{"transactionId":7,"meterStop":null,"timestamp":"2025-01-06T18:00:00Z"}"#,
            #"{"transactionId":7,"meterStop":5000"#,
            "[]", "null", "7", #"{"transactionId":[[[[7]]]],"meterStop":{}}"#,
        ])
    func hopeless(json: String) { #expect(read("StopTransaction", json) == nil) }

    @Test("a message in order is none of its business, and one that is full of faults comes to an end")
    func limits() {
        #expect(
            read("StopTransaction", #"{"transactionId":7,"meterStop":5,"timestamp":"2025-01-06T18:00:00Z"}"#) == nil)
        let faults = (0..<100).map { "\"x\($0)\":1" }.joined(separator: ",")
        #expect(
            read("StopTransaction", #"{"transactionId":7,"meterStop":5,"timestamp":"2025-01-06T18:00:00Z",\#(faults)}"#)
                == nil)
        for action in ["StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent"] {
            #expect(TolerantReading.isBilling(action))
        }
        #expect(!TolerantReading.isBilling("BootNotification") && !TolerantReading.isBilling("Authorize"))
    }
}
