import Models
import OCPP
import Sim
import Testing

@Suite("Station firmware: registration and connection")
struct FirmwareLinkTests {
    @Test("nothing but BootNotification is sent before its answer (B01, point 13)")
    func bootFirst() {
        var script = FirmwareScript(connectors: [2, 1])
        script.hand(.powerUp(reason: .watchdog))
        script.hand(.vehiclePlugged(evse: 0, connector: 1))
        script.hand(.chargingStarted(evse: 0, meterWh: 10))
        #expect(script.actions == [.bootNotification])
        guard case .bootNotification(let request) = script.frames[0].request else { return }
        #expect(request.reason == .watchdog)
        let requests = script.exchange { _ in }
        #expect(
            requests.map(\.action) == [
                .bootNotification, .statusNotification, .statusNotification, .statusNotification, .transactionEvent,
            ])
        let states = requests.compactMap { request in
            guard case .statusNotification(let status) = request else { return String?.none }
            return "\(status.evseId).\(status.connectorId) \(status.connectorStatus.rawValue)"
        }
        #expect(states == ["1.1 Unavailable", "1.2 Occupied", "2.1 Available"])
    }

    @Test("Pending and Rejected mean silence until the interval is over", arguments: Core.RegistrationStatus.allCases)
    func retry(status: Core.RegistrationStatus) {
        var script = FirmwareScript()
        script.hand(.powerUp(reason: .powerUp))
        script.answer(.bootNotification(.init(currentTime: script.now, interval: 77, status: status)))
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        #expect(script.firmware.registration == status)
        guard status != .accepted else {
            #expect(script.actions == [.statusNotification])
            return
        }
        script.wait(76)
        #expect(script.frames.isEmpty)
        script.wait(1)
        #expect(script.actions == [.bootNotification])
    }

    @Test("an interval of 0 leaves the choice to the charging station, which does not flood")
    func intervalZero() {
        var script = FirmwareScript()
        script.hand(.powerUp(reason: .powerUp))
        script.answer(.bootNotification(.init(currentTime: script.now, interval: 0, status: .pending)))
        script.wait(299)
        #expect(script.frames.isEmpty)
        script.wait(1)
        #expect(script.actions == [.bootNotification])
    }

    @Test("heartbeats come at the CSMS's interval, and any other message puts them off (G02.FR.05)")
    func heartbeats() {
        var script = FirmwareScript.ready()
        script.wait(299)
        #expect(script.frames.isEmpty)
        script.wait(1)
        #expect(script.actions == [.heartbeat])
        script.answerAll()
        script.wait(200)
        script.hand(.vehiclePlugged(evse: 0))
        script.answerAll()
        script.wait(299)
        #expect(script.frames.isEmpty)
        script.wait(1)
        #expect(script.actions == [.heartbeat])
    }

    @Test("a busy charging station still sends a heartbeat a day, for its clock (point 14)")
    func dailyHeartbeat() {
        var script = FirmwareScript.ready { $0.meterValuesIntervalS = 60 }
        script.charge()
        script.answerAll()
        var heartbeats = 0
        for _ in 0..<2 * 1440 + 2 {
            script.wait(60)
            heartbeats += script.exchange { _ in }.filter { $0.action == .heartbeat }.count
        }
        #expect(heartbeats == 2)
    }

    @Test("one call is outstanding, and an answer to anything else is dropped (points 1 and 4)")
    func oneCall() {
        var script = FirmwareScript.ready()
        script.hand(.vehiclePlugged(evse: 0))
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        #expect(script.actions == [.statusNotification])
        script.hand(.answer(CSMSAnswer(messageID: "no such call", response: .statusNotification(.init()))))
        #expect(script.frames.count == 1)
        let late = script.frames.removeFirst()
        script.wait(31)  // time-out: the next one may go, and the late answer is nobody's
        #expect(script.actions == [.authorize])
        script.hand(.answer(CSMSAnswer(messageID: late.messageID, response: .statusNotification(.init()))))
        #expect(script.actions == [.authorize])
        let requests = script.exchange { _ in }
        #expect(requests.map(\.action) == [.authorize, .statusNotification], "what was not acknowledged is told again")
    }

    @Test("every call has a message id of its own, retries too")
    func messageIDs() {
        var script = FirmwareScript.ready()
        var ids: Set<IdentifierText> = []
        for _ in 0..<50 {
            script.hand(.vehiclePlugged(evse: 0))
            if let frame = script.frames.first { #expect(ids.insert(frame.messageID).inserted) }
            script.frames = []
            script.wait(31)
            if let frame = script.frames.first { #expect(ids.insert(frame.messageID).inserted) }
            script.hand(.powerDown)
            script.hand(.powerUp(reason: .localReset))
            if let frame = script.frames.last { #expect(ids.insert(frame.messageID).inserted) }
            script.answerAll()
        }
        #expect(ids.count > 50)
    }

    @Test(
        "no BootNotification on a mere reconnect; only news after a short break, all connectors after a long one (B04)")
    func reconnect() {
        var script = FirmwareScript.ready(connectors: [1, 1, 1])
        script.hand(.linkDown)
        script.hand(.vehiclePlugged(evse: 1))
        script.hand(.linkUp)
        #expect(script.exchange { _ in }.map(\.action) == [.statusNotification])
        script.linkIsUp = false
        script.hand(.linkDown)
        script.wait(601)
        script.reconnect()
        #expect(
            script.exchange { _ in }.map(\.action) == [.statusNotification, .statusNotification, .statusNotification])
    }

    @Test("connector states that came and went while offline are not told")
    func noHistory() {
        var script = FirmwareScript.ready()
        script.hand(.linkDown)
        script.hand(.vehiclePlugged(evse: 0))
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
        script.hand(.linkUp)
        #expect(script.frames.isEmpty)
    }

    @Test("the wait before a new connection doubles up to a limit, with a new random part each time (point 15)")
    func backOff() {
        var different: Set<Int64> = []
        for seed: UInt64 in 0..<50 {
            var script = FirmwareScript(seed: seed)
            script.linkIsUp = false
            script.hand(.powerUp(reason: .powerUp))
            script.wait(6000)
            let waits = zip(script.connects, script.connects.dropFirst()).map { $1.microseconds - $0.microseconds }
            #expect(waits.count >= 8)
            for (wait, doublings) in zip(waits, [0, 1, 2, 3, 4, 5, 5, 5]) {
                let least = Int64(30_000_000) << doublings
                #expect((least..<least + 10_000_000).contains(wait), "seed \(seed), \(waits)")
                different.insert(wait - least)
            }
        }
        #expect(different.count > 300)
    }

    @Test("the first wait after a break is the shortest, and success starts over")
    func backOffStartsOver() {
        var script = FirmwareScript.ready()
        for _ in 0..<3 {
            script.linkIsUp = false
            script.hand(.linkDown)
            let brokenAt = script.now
            script.connects = []
            script.wait(200)
            let first = (script.connects.first ?? brokenAt).microseconds - brokenAt.microseconds
            #expect((30_000_000..<40_000_000).contains(first))
            script.reconnect()
            script.answerAll()
        }
    }

    @Test("calls that stay without an answer make the connection anew: it is half-open (point 12)")
    func halfOpen() {
        var script = FirmwareScript.ready()
        script.hand(.vehiclePlugged(evse: 0))
        script.wait(89)
        #expect(script.firmware.isConnected)
        script.wait(1)
        #expect(!script.firmware.isConnected)
        #expect(script.seen == [.disconnect])
        script.frames = []
        script.reconnect()
        #expect(script.actions == [.statusNotification])
    }

    @Test("a CSMS that does not know the charging station any more is introduced to it again, without a flood")
    func securityError() {
        var script = FirmwareScript.ready()
        script.hand(.vehiclePlugged(evse: 0))
        script.answer(.error(.securityError))
        #expect(script.frames.isEmpty)
        script.wait(30)
        #expect(script.exchange { _ in }.map(\.action) == [.bootNotification, .statusNotification])
    }

    @Test("a restart keeps what is in flash and tells every connector again")
    func restart() {
        var script = FirmwareScript.ready(connectors: [1, 1])
        script.linkIsUp = false
        script.hand(.linkDown)
        script.charge(1)
        #expect(script.firmware.queuedMessageCount == 1)
        script.hand(.powerDown)
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))  // nobody is listening
        #expect(script.frames.isEmpty)
        script.linkIsUp = true
        let requests = script.exchange { $0.hand(.powerUp(reason: .powerUp)) }
        #expect(
            requests.map(\.action) == [
                .bootNotification, .statusNotification, .statusNotification, .transactionEvent, .transactionEvent,
            ])
        #expect(requests.events.map(\.eventType) == [.started, .ended])
        #expect(requests.events.last?.transactionInfo.stoppedReason == .powerLoss)
    }

    @Test("faults and operators change what is told of the connectors, faults first")
    func availability() {
        var script = FirmwareScript.ready(connectors: [1, 1])
        func states(_ input: StationFirmware.Input) -> [Core.ConnectorStatus] {
            script.exchange { $0.hand(input) }.compactMap { request in
                guard case .statusNotification(let status) = request else { return nil }
                return status.connectorStatus
            }
        }
        #expect(states(.operative(evse: nil, false)) == [.unavailable, .unavailable])
        #expect(states(.fault(evse: 1)) == [.faulted])
        #expect(states(.operative(evse: nil, true)) == [.available])
        #expect(states(.vehiclePlugged(evse: 1)).isEmpty)
        #expect(states(.faultCleared(evse: nil)) == [.occupied])
    }
}
