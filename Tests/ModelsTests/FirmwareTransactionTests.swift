import Models
import OCPP
import Testing

@Suite("Station firmware: transactions")
struct FirmwareTransactionTests {
    @Test(
        "a charge is told as Started, Updated and Ended, each thing once, with registers that are not rebased (21, 24)")
    func wholeTransaction() {
        var script = FirmwareScript.ready(connectors: [1, 2]) { $0.meterValuesIntervalS = 600 }
        script.registersWh[1] = 5000
        script.hand(.vehiclePlugged(evse: 1, connector: 1))
        script.hand(.tokenPresented(evse: 1, idToken: FirmwareScript.token))
        script.answerAll()
        script.seen = []
        var events = script.exchange { $0.hand(.chargingStarted(evse: 1, meterWh: 5000)) }.events
        for _ in 0..<3 {
            script.wait(600)
            events += script.exchange { _ in }.events
        }
        events += script.exchange { $0.hand(.chargingSuspended(evse: 1, byVehicle: true, meterWh: 5350)) }.events
        events += script.exchange { $0.hand(.vehicleUnplugged(evse: 1, meterWh: 5350)) }.events

        #expect(events.map(\.eventType) == [.started, .updated, .updated, .updated, .updated, .ended])
        #expect(events.map(\.seqNo) == [0, 1, 2, 3, 4, 5])
        #expect(Set(events.map(\.transactionInfo.transactionId)).count == 1)
        #expect(events.map { $0.idToken != nil } == [true, false, false, false, false, false])
        #expect(events.map(\.evse) == [Core.EVSE(id: 2, connectorId: 2), nil, nil, nil, nil, nil])
        #expect(events.map { $0.meterValue?.energyActiveImportRegisterWh } == [5000, 5100, 5200, 5300, 5350, 5350])
        #expect(
            events.map(\.triggerReason) == [
                .chargingStateChanged, .meterValuePeriodic, .meterValuePeriodic, .meterValuePeriodic,
                .chargingStateChanged, .evCommunicationLost,
            ])
        #expect(events[1].meterValue?.powerActiveImportW == 7400 && events[1].meterValue?.socPercent == 25)
        #expect(events[5].meterValueAtBegin?.energyActiveImportRegisterWh == 5000)
        #expect(events[5].transactionInfo.stoppedReason == .evDisconnected)
        #expect(events.allSatisfy { !$0.offline })
        #expect(
            script.seen == [
                .transactionStarted(evse: 1, number: 1),
                .transactionEnded(evse: 1, number: 1, meterStartWh: 5000, meterStopWh: 5350),
            ])
    }

    @Test("the start point is configuration (point 22)")
    func startPoints() {
        for (points, input) in [
            (.evConnected, 0), (.authorized, 1), (.powerPathClosed, 2), ([.evConnected, .powerPathClosed], 0),
        ] as [(TransactionPoints, Int)] {
            var script = FirmwareScript.ready { $0.txStartPoint = points }
            for step in 0...2 {
                switch step {
                case 0: script.hand(.vehiclePlugged(evse: 0))
                case 1: script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
                default: script.hand(.chargingStarted(evse: 0, meterWh: 0))
                }
                script.answerAll()
                #expect((script.firmware.runningTransaction(at: 0) != nil) == (step >= input), "\(points) at \(step)")
            }
        }
    }

    @Test("a transaction started by the plug tells the token when it comes")
    func tokenLater() {
        var script = FirmwareScript.ready { $0.txStartPoint = .evConnected }
        var events = script.exchange { $0.hand(.vehiclePlugged(evse: 0)) }.events
        events += script.exchange { $0.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token)) }.events
        events += script.exchange { $0.hand(.chargingStarted(evse: 0, meterWh: 0)) }.events
        #expect(events.map(\.triggerReason) == [.cablePluggedIn, .authorized, .chargingStateChanged])
        #expect(events.map(\.idToken) == [nil, FirmwareScript.token, nil])
        #expect(events.map(\.transactionInfo.chargingState) == [.evConnected, .evConnected, .charging])
    }

    @Test("with the stop point EVConnected a transaction outlives the charge and keeps its reason")
    func stopPointEVConnected() {
        var script = FirmwareScript.ready { $0.txStopPoint = .evConnected }
        script.charge()
        script.answerAll()
        let ended = script.exchange { $0.hand(.chargingEnded(evse: 0, reason: .local, meterWh: 900)) }.events
        #expect(ended.map(\.eventType) == [.updated] && ended.first?.triggerReason == .stopAuthorized)
        let unplugged = script.exchange { $0.hand(.vehicleUnplugged(evse: 0, meterWh: 900)) }.events
        #expect(unplugged.map(\.eventType) == [.ended])
        #expect(unplugged.first?.transactionInfo.stoppedReason == .local)
    }

    @Test("every reason to end is told with a trigger that fits", arguments: Core.StoppedReason.allCases)
    func reasons(reason: Core.StoppedReason) {
        var script = FirmwareScript.ready()
        script.charge()
        script.answerAll()
        let events = script.exchange { $0.hand(.chargingEnded(evse: 0, reason: reason, meterWh: 1)) }.events
        #expect(events.map(\.eventType) == [.ended])
        #expect(events.first?.transactionInfo.stoppedReason == reason)
        #expect(events.first?.triggerReason != .meterValuePeriodic)
        #expect(script.firmware.runningTransaction(at: 0) == nil)
    }

    @Test("what happens offline is told in order afterwards, marked offline, with the time it happened")
    func offline() {
        var script = FirmwareScript.ready(connectors: [1, 1])
        script.charge(0)
        script.answerAll()
        script.linkIsUp = false
        script.hand(.linkDown)
        script.wait(100)
        script.charge(1)
        script.wait(100)
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 300))
        script.hand(.vehicleUnplugged(evse: 1, meterWh: 400))
        #expect(script.firmware.pendingTransactions == [1, 2])
        script.reconnect()
        let events = script.exchange { _ in }.events
        #expect(events.map(\.eventType) == [.started, .ended, .ended])
        #expect(events.allSatisfy { $0.offline })
        #expect(events.map(\.timestamp) == [100, 200, 200].map { FirmwareScript.start.adding(seconds: $0) })
        #expect(script.firmware.pendingTransactions.isEmpty && script.firmware.queuedMessageCount == 0)
    }

    @Test("CALLERROR is retried after MessageAttemptInterval times transmissions, then discarded (E13.FR.01-04)")
    func attempts() {
        var script = FirmwareScript.ready()
        script.charge()
        let started = script.event
        for wait: Int64 in [60, 120] {
            script.answer(.error(.internalError))
            script.wait(wait - 1)
            #expect(script.frames.isEmpty)
            script.wait(1)
            #expect(script.event == started)
        }
        script.seen = []
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 5))
        script.answer(.error(.internalError))
        #expect(script.seen.last == .transactionMessageDiscarded(number: 1, eventType: .started))
        #expect(script.exchange { _ in }.events.map(\.eventType) == [.ended], "the queue goes on")
    }

    @Test("a message without an answer is sent again for as long as it takes")
    func timeouts() {
        var script = FirmwareScript.ready()
        script.charge()
        let started = script.event
        script.frames = []
        for _ in 0..<20 {
            script.wait(8000)
            let sent = script.frames.map(\.request).events
            #expect(sent.contains { $0 == started })
            script.frames = []
        }
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 5))
        #expect(script.firmware.pendingTransactions == [1])
        script.wait(2000, answering: true)
        #expect(script.firmware.pendingTransactions.isEmpty)
    }

    @Test("a full queue drops every other reading, never a start or an end (E04.FR.07/08)")
    func thinning() {
        var script = FirmwareScript.ready {
            $0.transactionQueueCapacity = 16
            $0.meterValuesIntervalS = 10
        }
        script.linkIsUp = false
        script.hand(.linkDown)
        script.charge()
        script.wait(10_000)
        #expect(script.firmware.queuedMessageCount <= 16)
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 1e6))
        script.reconnect()
        let events = script.exchange { _ in }.events
        #expect(events.first?.eventType == .started && events.last?.eventType == .ended)
        #expect(events.count > 8 && events.count <= 17)
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.seqNo < $1.seqNo })
        #expect(events.last?.seqNo == 1001)
    }

    @Test("a token told after the start is never dropped from a full queue")
    func tokenKept() {
        var script = FirmwareScript.ready {
            $0.transactionQueueCapacity = 8
            $0.meterValuesIntervalS = 10
            $0.txStartPoint = .evConnected
        }
        script.linkIsUp = false
        script.hand(.linkDown)
        script.hand(.vehiclePlugged(evse: 0))
        script.wait(1000)
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        script.hand(.chargingStarted(evse: 0, meterWh: script.registersWh[0]))
        script.wait(1000)
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 1e6))
        #expect(script.firmware.queuedMessageCount <= 8)
        script.reconnect()
        let events = script.exchange { _ in }.events
        #expect(events.compactMap(\.idToken) == [FirmwareScript.token])
        #expect(events.first?.eventType == .started && events.last?.eventType == .ended)
    }

    @Test("a queue full of starts and ends lets no new transaction in, and lets those that run end")
    func fullQueue() {
        var script = FirmwareScript.ready(connectors: [1, 1]) {
            $0.transactionQueueCapacity = 8
            $0.meterValuesIntervalS = 0
        }
        script.linkIsUp = false
        script.hand(.linkDown)
        script.charge(1)
        var accepted = 0
        for _ in 0..<20 {
            script.seen = []
            script.hand(.vehiclePlugged(evse: 0))
            script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
            if script.seen.first == .authorization(evse: 0, accepted: true, offline: true) {
                accepted += 1
                script.hand(.chargingStarted(evse: 0, meterWh: 0))
            }
            script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
        }
        #expect(accepted == 2)
        #expect(script.seen == [.authorization(evse: 0, accepted: false, offline: true)])
        script.seen = []
        script.hand(.chargingStarted(evse: 0, meterWh: 0))  // a plant that does not listen
        #expect(script.seen == [.stopCharging(evse: 0, reason: .other)])
        script.hand(.vehicleUnplugged(evse: 1, meterWh: 7))
        #expect(script.firmware.queuedMessageCount == 6)
    }

    @Test(
        "sampled readings count from the start, aligned ones from midnight, inside and outside transactions (point 25)")
    func meterValues() {
        var script = FirmwareScript.ready(connectors: [1, 1]) {
            $0.meterValuesIntervalS = 700
            $0.alignedIntervalS = 900
        }
        script.wait(100, answering: true)
        script.charge(0)
        script.answerAll()
        var told: [(StationAction, Int64, Core.ReadingContext?)] = []
        for _ in 0..<20 {
            script.wait(100)
            for request in script.exchange({ _ in }) {
                switch request {
                case .transactionEvent(let event):
                    told.append((.transactionEvent, event.timestamp.microseconds, event.meterValue?.context))
                case .meterValues(let values):
                    #expect(values.evseId == 2)
                    told.append((.meterValues, values.meterValue.timestamp.microseconds, values.meterValue.context))
                case .authorize, .bootNotification, .heartbeat, .statusNotification: break
                }
            }
        }
        let expected: [(StationAction, Int64, Core.ReadingContext)] = [
            (.transactionEvent, 800, .samplePeriodic), (.transactionEvent, 900, .sampleClock),
            (.meterValues, 900, .sampleClock), (.transactionEvent, 1500, .samplePeriodic),
            (.transactionEvent, 1800, .sampleClock), (.meterValues, 1800, .sampleClock),
        ]
        #expect(told.count == expected.count)
        for (a, b) in zip(told, expected) {
            #expect(a.0 == b.0 && a.1 == FirmwareScript.start.adding(seconds: b.1).microseconds && a.2 == b.2)
        }
    }

    @Test("a transaction cut off by a restart ends with the register found afterwards")
    func interrupted() {
        for (reason, stopped) in [(Core.BootReason.powerUp, Core.StoppedReason.powerLoss), (.watchdog, .reboot)] {
            var script = FirmwareScript.ready()
            script.charge()
            script.answerAll()
            script.hand(.powerDown)
            script.wait(600)
            script.seen = []
            let events = script.exchange { $0.hand(.powerUp(reason: reason)) }.events
            #expect(events.map(\.eventType) == [.ended])
            #expect(events.first?.transactionInfo.stoppedReason == stopped)
            #expect(events.first?.meterValue?.energyActiveImportRegisterWh == 100)
            #expect(script.seen.contains(.transactionEnded(evse: 0, number: 1, meterStartWh: 0, meterStopWh: 100)))
        }
    }

    @Test("transaction ids are UUIDs, different for all stations and numbers, and give the number back")
    func transactionIDs() {
        var ids: Set<IdentifierText> = []
        for key: UInt64 in [0, 1, 2, 0xFFFF_FFFF_FFFF_FFFF, 0x0123_4567_89AB_CDEF] {
            var script = FirmwareScript(stationKey: key)
            script.hand(.powerUp(reason: .powerUp))
            script.answerAll()
            for number: UInt32 in 1...100 {
                script.hand(.chargingStarted(evse: 0, meterWh: 0))
                #expect(script.firmware.pendingTransactions == [number])
                script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
                for event in script.exchange({ _ in }).events { ids.insert(event.transactionInfo.transactionId) }
            }
        }
        #expect(ids.count == 500)
        for id in ids {
            let groups = id.description.split(separator: "-")
            #expect(groups.map(\.count) == [8, 4, 4, 4, 12] && groups[2].first == "8" && groups[3].first == "8")
            #expect((1...100).contains(StationFirmware.transactionNumber(of: id) ?? 0))
        }
        for foreign: IdentifierText in [
            "", "1", "550e8400-e29b-41d4-a716-446655440000", "00000000-0000-8000-8000-000000000001",
        ] {
            #expect(StationFirmware.transactionNumber(of: foreign) == nil, "\(foreign)")
        }
    }
}
