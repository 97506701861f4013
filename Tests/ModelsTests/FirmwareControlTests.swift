import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Station firmware: what blocks ask of it")
struct FirmwareControlTests {
    private static func remoteStart(
        _ evse: Int = 0, _ token: Core.IdToken = FirmwareScript.token, asksFirst: Bool = false,
        listed: Core.IdTokenInfo? = nil
    ) -> StationFirmware.Input {
        .remoteStart(
            evse: evse, idToken: token, group: "g", remoteStartID: 77, listed: listed, asksFirst: asksFirst)
    }

    @Test("point 42: a remote start's id comes back with the event that tells the token, plugged in or not")
    func remoteStartID() {
        for isPlugged in [true, false] {
            var script = FirmwareScript.ready { $0.txStartPoint = .evConnected }
            if isPlugged { script.hand(.vehiclePlugged(evse: 0)) }
            script.answerAll()
            script.hand(Self.remoteStart())
            #expect(script.seen.contains(.authorization(evse: 0, accepted: true, offline: false)))
            if !isPlugged { script.hand(.vehiclePlugged(evse: 0)) }
            if case .statusNotification? = script.frames.first?.request { script.answer(.statusNotification(.init())) }
            guard let event = script.event else {
                Issue.record("an event waits")
                continue
            }
            #expect(event.eventType == (isPlugged ? .updated : .started))
            #expect(event.triggerReason == (isPlugged ? .remoteStart : .cablePluggedIn))
            #expect(script.firmware.remoteStartID(of: event) == 77)
            script.answerAll()
            script.hand(.chargingStarted(evse: 0, meterWh: 0))
            #expect(script.event.map { script.firmware.remoteStartID(of: $0) } == .some(nil))
            #expect(script.firmware.marks.isEmpty)
        }
    }

    @Test("point 42: a remote start without a vehicle ends after EVConnectionTimeOut")
    func connectionTimeOut() {
        var script = FirmwareScript.ready()
        script.hand(Self.remoteStart())
        script.wait(120, answering: true)
        #expect(
            script.seen == [
                .authorization(evse: 0, accepted: true, offline: false), .authorizationExpired(evse: 0),
            ])
        script.charge()
        #expect(script.event.map { script.firmware.remoteStartID(of: $0) } == .some(nil))
    }

    @Test("point 35: a remote start that asks first is decided by the CSMS")
    func asksFirst() {
        for status in [Core.AuthorizationStatus.accepted, .blocked] {
            var script = FirmwareScript.ready()
            script.hand(Self.remoteStart(asksFirst: true))
            #expect(script.actions == [.authorize])
            script.answer(.authorize(.init(idTokenInfo: .init(status: status))))
            #expect(script.seen == [.authorization(evse: 0, accepted: status == .accepted, offline: false)])
        }
    }

    @Test("a remote stop ends what runs, or takes an authorization back")
    func stop() {
        var script = FirmwareScript.ready()
        script.hand(.stop(evse: 0, reason: .remote))
        #expect(script.seen.isEmpty)
        script.hand(Self.remoteStart())
        script.hand(.stop(evse: 0, reason: .remote))
        #expect(script.seen.last == .authorizationExpired(evse: 0))
        script.charge()
        script.answerAll()
        script.hand(.stop(evse: 0, reason: .remote))
        #expect(script.seen.last == .stopCharging(evse: 0, reason: .remote))
        script.hand(.chargingEnded(evse: 0, reason: .remote, meterWh: 5))
        #expect(script.event?.triggerReason == .remoteStop && script.event?.transactionInfo.stoppedReason == .remote)
    }

    @Test("point 33: the local list comes before the cache; its refusals are asked about while that is possible")
    func localList() {
        var script = FirmwareScript.ready {
            $0.localPreAuthorize = true
            $0.cachesListedTokens = false
            $0.offlineTxForUnknownIdEnabled = false
        }
        let good = Core.IdTokenInfo(status: .accepted)
        let bad = Core.IdTokenInfo(status: .blocked)
        script.hand(.listedTokenPresented(evse: 0, idToken: FirmwareScript.token, listed: good))
        #expect(script.frames.isEmpty && script.seen == [.authorization(evse: 0, accepted: true, offline: false)])
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
        script.hand(.listedTokenPresented(evse: 0, idToken: FirmwareScript.token, listed: bad))
        #expect(script.actions == [.authorize])
        script.answerAll()
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
        script.hand(.linkDown)
        script.seen = []
        for (listed, accepted, offline) in [
            (good, true, false), (bad, false, true), (nil, false, true),  // what was asked about was not cached
        ] {
            if let listed {
                script.hand(.listedTokenPresented(evse: 0, idToken: FirmwareScript.token, listed: listed))
            } else {
                script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
            }
            #expect(script.seen == [.authorization(evse: 0, accepted: accepted, offline: offline)])
            script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
            script.seen = []
        }
    }

    @Test("point 33: a token of the master pass group stops every transaction and starts none (C16)")
    func masterPass() {
        var script = FirmwareScript.ready(connectors: [1, 1, 1]) { $0.masterPassGroup = "master" }
        for (evse, text) in ["t0", "t1"].enumerated() as EnumeratedSequence<[IdentifierText]> {
            script.charge(evse, idToken: Core.IdToken(idToken: text, type: .central))
        }
        script.answerAll()
        script.seen = []
        script.hand(.tokenPresented(evse: 2, idToken: Core.IdToken(idToken: "guard", type: .iso14443)))
        let group = Core.IdToken(idToken: "MASTER", type: .central)
        script.answer(.authorize(.init(idTokenInfo: .init(status: .accepted, groupIdToken: group))))
        #expect(
            script.seen == [
                .stopCharging(evse: 0, reason: .masterPass), .stopCharging(evse: 1, reason: .masterPass),
                .authorization(evse: 2, accepted: false, offline: false),
            ])
    }

    @Test("a reserved EVSE is shown as such and starts for its token alone; the event tells the reservation")
    func reservations() {
        var script = FirmwareScript.ready(connectors: [1, 1])
        let hold = ReservationHold(id: 5, evse: 0, idToken: FirmwareScript.token, group: "g")
        let requests = script.exchange { script in
            script.firmware.setReservations([hold], shown: [0])
            script.hand(.lookAgain)
        }
        guard case .statusNotification(let status)? = requests.first else {
            Issue.record("the state is told")
            return
        }
        #expect(status.connectorStatus == .reserved && status.evseId == 1)
        script.hand(.tokenPresented(evse: 0, idToken: Core.IdToken(idToken: "other", type: .iso14443)))
        script.answerAll()
        #expect(script.seen == [.authorization(evse: 0, accepted: false, offline: false)])
        script.charge()
        #expect(script.event.flatMap { script.firmware.reservationID(of: $0) } == 5)
    }

    @Test("point 20: a refused token ends its transaction, or gets what MaxEnergyOnInvalidId leaves it")
    func invalidDuringTransaction() {
        var script = FirmwareScript.ready {
            $0.stopTxOnInvalidId = false
            $0.maxEnergyOnInvalidIdWh = 250
            $0.meterValuesIntervalS = 0
        }
        script.charge()
        script.answer(.transactionEvent(.init(idTokenInfo: .init(status: .blocked))))
        script.seen = []
        script.wait(200)  // each reading is 100 Wh more
        #expect(script.seen == [.stopCharging(evse: 0, reason: .deAuthorized)])
        #expect(script.registersWh[0] == 300)
        script.hand(.chargingEnded(evse: 0, reason: .deAuthorized, meterWh: 300))
        #expect(script.event?.eventType == .updated && script.event?.transactionInfo.chargingState == .suspendedEVSE)
        script.answerAll()
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 300))
        script.answer(.statusNotification(.init()))
        #expect(script.event?.eventType == .ended)
    }

    @Test("point 22: bay and signed data start and end transactions where they are told to")
    func points() {
        var bay = FirmwareScript.ready {
            $0.txStartPoint = .parkingBayOccupancy
            $0.txStopPoint = .parkingBayOccupancy
        }
        var events = bay.exchange { $0.hand(.bayOccupied(evse: 0)) }.events
        events += bay.exchange { $0.hand(.vehiclePlugged(evse: 0)) }.events
        events += bay.exchange { $0.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token)) }.events
        events += bay.exchange { $0.hand(.chargingStarted(evse: 0, meterWh: 0)) }.events
        events += bay.exchange { $0.hand(.chargingEnded(evse: 0, reason: .local, meterWh: 9)) }.events
        events += bay.exchange { $0.hand(.vehicleUnplugged(evse: 0, meterWh: 9)) }.events
        events += bay.exchange { $0.hand(.bayLeft(evse: 0, meterWh: 9)) }.events
        #expect(events.first?.eventType == .started && events.first?.triggerReason == .evDetected)
        #expect(events.last?.eventType == .ended && events.last?.triggerReason == .evDeparted)
        #expect(events.map(\.eventType).dropFirst().dropLast().allSatisfy { $0 == .updated })
        #expect(events.map(\.seqNo) == (0..<Int32(events.count)).map { $0 })

        var signed = FirmwareScript.ready {
            $0.txStartPoint = .dataSigned
            $0.txStopPoint = .energyTransfer
        }
        signed.charge()
        signed.answerAll()
        #expect(signed.firmware.runningTransaction(at: 0) == nil)
        events = signed.exchange { $0.hand(.dataSigned(evse: 0, meterWh: 3)) }.events
        #expect(events.map(\.triggerReason) == [.signedDataReceived])
        signed.seen = []
        signed.hand(.chargingSuspended(evse: 0, byVehicle: true, meterWh: 4))
        #expect(signed.seen == [.stopCharging(evse: 0, reason: .stoppedByEV)])
    }

    @Test("point 41: a reset's Ended is queued and sent after the boot; a resumed transaction goes on")
    func restart() {
        var script = FirmwareScript.ready()
        script.charge()
        script.answerAll()
        script.linkIsUp = false
        script.hand(.linkDown)
        script.hand(.stop(evse: nil, reason: .immediateReset))
        script.hand(.chargingEnded(evse: 0, reason: .immediateReset, meterWh: 50))
        script.hand(.powerDown)
        script.linkIsUp = true
        let events = script.exchange { $0.hand(.powerUp(reason: .remoteReset)) }.events
        #expect(events.map(\.eventType) == [.ended])
        #expect(events.first?.transactionInfo.stoppedReason == .immediateReset)

        script = FirmwareScript.ready()
        script.charge()
        script.answerAll()
        script.firmware.resumeTransactionsAtNextStart()
        script.hand(.powerDown)
        let resumed = script.exchange { $0.hand(.powerUp(reason: .remoteReset)) }.events
        #expect(resumed.map(\.triggerReason) == [.txResumed] && resumed.first?.eventType == .updated)
        #expect(script.firmware.runningTransaction(at: 0) == 1)
        script.hand(.powerDown)
        let ended = script.exchange { $0.hand(.powerUp(reason: .watchdog)) }.events
        #expect(ended.map(\.transactionInfo.stoppedReason) == [.reboot])
    }

    @Test("point 41: availability outlives a restart; an EVSE out of service lets nobody in")
    func availability() {
        var script = FirmwareScript.ready(connectors: [2])
        script.hand(.connectorOperative(evse: 0, connector: 1, false))
        script.hand(.connectorOperative(evse: 0, connector: 9, false))
        script.answerAll()
        script.hand(.powerDown)
        let statuses = script.exchange { $0.hand(.powerUp(reason: .powerUp)) }.compactMap { request in
            guard case .statusNotification(let status) = request else { return nil as Core.ConnectorStatus? }
            return status.connectorStatus
        }
        #expect(statuses == [.available, .unavailable])
        script.hand(.operative(evse: 0, false))
        script.answerAll()
        script.seen = []
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        #expect(script.seen == [.authorization(evse: 0, accepted: false, offline: true)])
    }

    @Test("point 13: in Pending what was triggered is sent, and nothing else")
    func triggeredInPending() {
        var script = FirmwareScript()
        script.hand(.powerUp(reason: .powerUp))
        script.answer(.bootNotification(.init(currentTime: FirmwareScript.start, interval: 3600, status: .pending)))
        #expect(script.frames.isEmpty)
        for (message, action) in [
            (.heartbeat, .heartbeat), (.statusNotification, .statusNotification), (.meterValues, .meterValues),
            (.bootNotification, .bootNotification),
        ] as [(TriggeredMessage, StationAction)] {
            script.hand(.trigger(message, evse: nil, connector: nil))
            #expect(script.actions == [action])
            if case .bootNotification(let request)? = script.frames.first?.request {
                #expect(request.reason == .triggered)
                script.answer(
                    .bootNotification(.init(currentTime: FirmwareScript.start, interval: 3600, status: .pending)))
            } else {
                script.answerAll()
            }
            #expect(script.frames.isEmpty)
        }
    }

    @Test("point 42: what is triggered is sent once for each EVSE and connector asked for")
    func triggers() {
        var script = FirmwareScript.ready(connectors: [2, 1])
        var requests = script.exchange { $0.hand(.trigger(.statusNotification, evse: nil, connector: nil)) }
        #expect(requests.map(\.action) == [.statusNotification, .statusNotification, .statusNotification])
        requests = script.exchange { $0.hand(.trigger(.statusNotification, evse: 0, connector: 1)) }
        #expect(requests.count == 1)
        requests = script.exchange { $0.hand(.trigger(.meterValues, evse: 1, connector: nil)) }
        guard case .meterValues(let values)? = requests.first, requests.count == 1 else {
            Issue.record("one reading")
            return
        }
        #expect(values.evseId == 2 && values.meterValue.context == .trigger)
        #expect(values.meterValue.powerActiveImportW == 7400)
        #expect(script.exchange { $0.hand(.trigger(.transactionEvent, evse: 0, connector: nil)) }.isEmpty)
        script.charge(1)
        script.answerAll()
        let events = script.exchange { $0.hand(.trigger(.transactionEvent, evse: nil, connector: nil)) }.events
        #expect(events.map(\.triggerReason) == [.trigger] && events.first?.meterValue?.context == .trigger)
    }

    @Test("point 16: a mere reconnect is no boot; after a long break all connectors are told, else what is new")
    func reconnect() {
        for (breakS, count) in [(60, 0), (3600, 2)] as [(Int64, Int)] {
            var script = FirmwareScript.ready(connectors: [1, 1]) { $0.offlineThresholdS = 600 }
            script.linkIsUp = false
            script.hand(.linkDown)
            script.wait(breakS)
            script.linkIsUp = true
            let requests = script.exchange { $0.reconnect() }
            #expect(!requests.contains { $0.action == .bootNotification })
            #expect(requests.count { $0.action == .statusNotification } == count)
        }
    }

    @Test("point 18: transaction messages wait in order over a restart, and one refused too often is left behind")
    func queue() {
        var script = FirmwareScript.ready {
            $0.messageAttempts = 2
            $0.messageAttemptIntervalS = 60
        }
        script.linkIsUp = false
        script.hand(.linkDown)
        script.charge()
        script.hand(.chargingEnded(evse: 0, reason: .local, meterWh: 8))
        script.hand(.powerDown)
        script.linkIsUp = true
        script.hand(.powerUp(reason: .powerUp))
        while let action = script.actions.first, action != .transactionEvent {
            script.answer(FirmwareScript.consent(to: script.frames[0].request))
        }
        #expect(script.event?.eventType == .started)
        script.answer(.error(.internalError))
        script.wait(60)
        #expect(script.event?.eventType == .started)
        script.answer(.error(.internalError))
        #expect(script.event?.eventType == .ended)
    }

    @Test("point 21: a full queue drops the first, third, … reading and keeps starts, tokens and ends")
    func lowMemory() {
        var script = FirmwareScript.ready {
            $0.transactionQueueCapacity = 8
            $0.meterValuesIntervalS = 60
        }
        script.linkIsUp = false
        script.hand(.linkDown)
        script.charge()
        script.wait(6 * 60 + 60)
        #expect(script.firmware.queuedTransactionIDs().count == 1)
        script.hand(.chargingEnded(evse: 0, reason: .local, meterWh: script.registersWh[0]))
        script.linkIsUp = true
        script.reconnect()
        let events = script.exchange { _ in }.events
        #expect(events.first?.eventType == .started && events.last?.eventType == .ended)
        let numbers = events.map(\.seqNo)
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count && !numbers.contains(1))
    }

    @Test("settings change while it runs; those out of range are refused")
    func settings() {
        var script = FirmwareScript.ready { $0.meterValuesIntervalS = 900 }
        script.charge()
        script.answerAll()
        var outputs = OutputBuffer()
        var settings = script.firmware.settings
        settings.meterValuesIntervalS = 60
        settings.heartbeatIntervalS = 50
        settings.authCacheCapacity = 0
        #expect(script.firmware.apply(settings, now: script.now, outputs: &outputs))
        guard case .startTimer(let at, let generation)? = (0..<outputs.count).map({ outputs[$0] }).last else {
            Issue.record("the timer is armed anew")
            return
        }
        #expect(at == script.now.adding(seconds: 50))
        script.timer = (at, generation)
        let requests = script.exchange { $0.wait(60) }
        #expect(requests.map(\.action).contains(.heartbeat))
        for change in [
            { $0.heartbeatIntervalS = 0 }, { $0.retryBackOffWaitMinimumS = .max }, { $0.alignedIntervalS = -1 },
            { $0.evConnectionTimeOutS = .max }, { $0.transactionQueueCapacity = .max }, { $0.txStopPoint = [] },
        ] as [(inout FirmwareSettings) -> Void] {
            var bad = settings
            change(&bad)
            #expect(!script.firmware.apply(bad, now: script.now, outputs: &outputs))
        }
        #expect(script.firmware.settings == settings)
    }

    @Test("while the line is taken nothing is sent, and what waits is sent when it is free")
    func lineTaken() {
        var script = FirmwareScript.ready()
        script.firmware.isLineTaken = true
        script.hand(.vehiclePlugged(evse: 0))
        script.wait(2000)
        #expect(script.frames.isEmpty)
        script.firmware.isLineTaken = false
        script.hand(.lookAgain)
        #expect(script.actions == [.statusNotification])
    }

    @Test("the CSMS's clock is noted with each answer that tells it")
    func clock() {
        var script = FirmwareScript()
        script.hand(.powerUp(reason: .powerUp))
        let time = FirmwareScript.start.adding(seconds: 5)
        script.answer(.bootNotification(.init(currentTime: time, interval: 10, status: .accepted)))
        #expect(script.firmware.clockOffset == 5_000_000)
        script.answerAll()
        script.wait(10)
        script.answer(.heartbeat(.init(currentTime: .distantPast)))
        script.hand(.trigger(.heartbeat, evse: nil, connector: nil))
        script.answer(.heartbeat(.init(currentTime: script.now)))
        #expect(script.firmware.clockOffset == 0)
    }
}
