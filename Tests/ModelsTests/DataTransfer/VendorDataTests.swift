import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Vendors' data")
struct VendorDataTests {
    @Test("what the station has to say outside the standard leaves as DataTransfer")
    func own() {
        var bench = StationBench()
        var block = VendorData()
        let data = JSONText("{\"number\":1}")
        block.notice(.vendorMessage(vendorID: "org.plain", messageID: "M", data: data), context: &bench.context)
        #expect(
            bench.sent() == [
                .dataTransfer(V2.DataTransferRequest(vendorId: "org.plain", messageId: "M", data: data))
            ])
    }

    @Test("known vendors and messages are answered, others told apart, and a vendor can be switched off")
    func dataTransfer() throws {
        let block = try StationBench.stored(
            VendorData(vendors: [
                .init(id: "com.example", messages: [.init(id: "Ping", answer: JSONText("{\"pong\":1}"))]),
                .init(id: "org.plain"),
            ]))
        var bench = StationBench(vendors: block.vendorIDs)
        func send(_ vendor: String, _ message: String?) -> V2.DataTransferResponse {
            block.dataTransfer(
                V2.DataTransferRequest(vendorId: vendor, messageId: message, data: JSONText("[1]")),
                context: &bench.context)
        }
        #expect(send("com.example", "ping").status == .accepted)
        #expect(send("COM.Example", "Ping").data?.text == "{\"pong\":1}")
        #expect(send("com.example", "Pong").status == .unknownMessageId)
        #expect(send("com.example", nil).status == .unknownMessageId)
        #expect(send("org.plain", nil).status == .accepted)
        #expect(send("com.stranger", "Ping").status == .unknownVendorId)
        #expect(send("", "").status == .unknownVendorId)
        #expect(
            bench.context.set(
                "false", component: "CustomizationCtrlr", variable: "CustomImplementationEnabled",
                instance: "com.example") == .accepted)
        #expect(send("com.example", "Ping").status == .rejected)
        #expect(send("org.plain", nil).status == .accepted)
    }
}
