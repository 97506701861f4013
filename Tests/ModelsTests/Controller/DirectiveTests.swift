import OCPP
import OCPPMessages
import Testing

@testable import Models

/// What blocks want of the everyday machine, from the CSMS's request to the message or output it leads to.
@Suite("Directives")
struct DirectiveTests {
    private static func bench() throws -> MeterBench { try MeterBench(version: .v201, evses: 2) }
    private static let token = #""idToken":{"idToken":"A1B2C3D4","type":"ISO14443"}"#

    private func ask(_ action: String, _ payload: String, _ bench: inout MeterBench) -> String {
        bench.hand(.frame(Array(#"[2,"d","\#(action)",\#(payload)]"#.utf8)))
        return bench.answer["status"] as? String ?? ""
    }

    @Test(
        "a remote start asks about the token where that is configured, known or not; a stop without one takes it back")
    func startAndStop() throws {
        var bench = try Self.bench()
        bench.set("AuthCtrlr", "LocalPreAuthorize", to: "true")
        bench.set("AuthCtrlr", "AuthorizeRemoteStart", to: "true")
        #expect(ask("RequestStartTransaction", #"{"remoteStartId":4,"evseId":1,\#(Self.token)}"#, &bench) == "Accepted")
        #expect(bench.waiting.map(\.action) == ["Authorize"])
        bench.answerAll()
        #expect(bench.client.controller.firmware.evses[0].isAuthorized)
        bench.everyday(.stop(evse: 0, reason: .remote))
        #expect(!bench.client.controller.firmware.evses[0].isAuthorized)
        // Known by now, the token is asked about no more, until the cache is cleared.
        bench.everyday(.tokenPresented(evse: 1, idToken: Core.IdToken(idToken: "A1B2C3D4", type: .iso14443)))
        #expect(bench.waiting.isEmpty && bench.client.controller.firmware.evses[1].isAuthorized)
        #expect(ask("ClearCache", "{}", &bench) == "Accepted")
        bench.everyday(.tokenPresented(evse: 0, idToken: Core.IdToken(idToken: "A1B2C3D4", type: .iso14443)))
        #expect(bench.waiting.map(\.action) == ["Authorize"])
    }

    @Test("an EVSE out of service is told of once, whether it or its only connector is meant")
    func outOfService() throws {
        var bench = try Self.bench()
        #expect(
            ask("ChangeAvailability", #"{"operationalStatus":"Inoperative","evse":{"id":2}}"#, &bench) == "Accepted")
        #expect(bench.waiting.map(\.action) == ["StatusNotification"])
        bench.answerAll()
        let connector = #"{"operationalStatus":"Inoperative","evse":{"id":2,"connectorId":1}}"#
        #expect(ask("ChangeAvailability", connector, &bench) == "Accepted")
        #expect(bench.waiting.isEmpty)
    }

    @Test("what is triggered is sent; a restart and texts are left to the plant")
    func others() throws {
        var bench = try Self.bench()
        #expect(ask("TriggerMessage", #"{"requestedMessage":"Heartbeat"}"#, &bench) == "Accepted")
        #expect(bench.waiting.map(\.action) == ["Heartbeat"])
        bench.answerAll()
        bench.begin()
        bench.answerAll()
        bench.directives = []
        #expect(ask("Reset", #"{"type":"Immediate"}"#, &bench) == "Accepted")
        #expect(bench.directives == [.restart(.remoteReset, evse: nil, resumes: false)])
    }
}
