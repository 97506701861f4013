import CSMS
import OCPP
import Testing

@Suite("StationDesk: flat messages")
struct DeskFlatTests {
    @Test("the desk answers everyday messages in their flat form as its session does, with the same effects")
    func sameSession() {
        var script = SessionScript(booted: false)
        var desk = StationDesk(identity: "CS1", settings: DeskSettings())
        var effects: [Effect] = []
        var requests: [StationRequest] = [
            .heartbeat(.init()),
            .bootNotification(.init(reason: .powerUp, chargingStation: .init(model: "M", vendorName: "V"))),
            .statusNotification(
                .init(timestamp: script.now, connectorStatus: .occupied, evseId: 2, connectorId: 1)),
            .authorize(.init(idToken: Core.IdToken(idToken: "bad", type: .iso14443))),
        ]
        for event in SessionScript.events() { requests += [.transactionEvent(event), .transactionEvent(event)] }
        for (number, request) in requests.enumerated() {
            let call = StationCall(messageID: IdentifierText(hexadecimal: UInt64(number + 1)), request: request)
            let answer = desk.handle(
                call, from: 0, now: script.now, directory: script.directory, effects: &effects)
            #expect(answer == CSMSAnswer(messageID: call.messageID, response: script.call(request)))
        }
        #expect(effects == script.effects && effects.count == 6)
        #expect(desk.totals == script.sessions.totals && desk.totals.duplicateEvents == 5)
        #expect(desk.isAccepted && desk.everyday.book.openCount == 0)
    }

    @Test("a desk that takes a charging station out tells it so at its next flat boot, and refuses what comes before")
    func registration() {
        let script = SessionScript(booted: false)
        var desk = StationDesk(identity: "CS1", settings: DeskSettings())
        var outputs: [StationDesk.Output] = []
        var effects: [Effect] = []
        func call(_ request: StationRequest) -> CSMSResponse {
            desk.handle(
                StationCall(messageID: "1", request: request), from: 0, now: script.now, directory: script.directory,
                effects: &effects
            ).response
        }
        let boot = StationRequest.bootNotification(
            .init(reason: .powerUp, chargingStation: .init(model: "M", vendorName: "V")))
        _ = call(boot)
        #expect(call(.heartbeat(.init())) == .heartbeat(.init(currentTime: script.now)))
        desk.handle(.registration(.rejected), now: script.now, directory: script.directory, outputs: &outputs)
        #expect(call(.heartbeat(.init())) == .error(.securityError))
        #expect(
            call(boot) == .bootNotification(.init(currentTime: script.now, interval: 60, status: .rejected)))
        #expect(call(.heartbeat(.init())) == .error(.securityError))
    }
}
