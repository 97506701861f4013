public import OCPP

// What a whole OCPP client asks of the everyday machine: remote start and stop, reservations, transactions that end
// otherwise, restarts and new settings.

extension StationFirmware {
    /// Inputs beyond the everyday.
    mutating func control(_ input: Input, now: Timestamp, outputs: inout OutputBuffer) {
        switch input {
        case .connectorOperative(let evse, let connector, let isOperative):
            guard (0..<Int(evses[evse].connectorCount)).contains(connector) else { return }
            let bit = UInt8(1) << UInt8(connector)
            if isOperative {
                evses[evse].inoperativeConnectors &= ~bit
            } else {
                evses[evse].inoperativeConnectors |= bit
            }
            noteStatus(of: evse)
        case .bayOccupied(let evse): bayOccupied(evse, now: now, outputs: &outputs)
        case .bayLeft(let evse, let meterWh): bayLeft(evse, meterWh: meterWh, now: now, outputs: &outputs)
        case .dataSigned(let evse, let meterWh): dataSigned(evse, meterWh: meterWh, now: now, outputs: &outputs)
        case .listedTokenPresented(let evse, let idToken, let listed):
            presented(idToken, at: evse, listed: listed, now: now, outputs: &outputs)
        case .remoteStart(let evse, let idToken, let group, let remoteStartID, let listed, let asksFirst):
            remoteStart(
                evse, idToken: idToken, group: group, remoteStartID: remoteStartID, listed: listed,
                asksFirst: asksFirst, now: now, outputs: &outputs)
        case .stop(let evse, let reason):
            guard isPowered else { return }
            if let evse {
                if evses[evse].hasTransaction || evses[evse].isAuthorized {
                    stopOnRequest(evse, reason: reason, outputs: &outputs)
                }
            } else {
                stopAll(reason: reason, now: now, outputs: &outputs)
            }
        case .trigger(let message, let evse, let connector):
            trigger(message, evse: evse, connector: connector, now: now, outputs: &outputs)
        case .lookAgain: break  // what waits is sent behind every input
        case .powerUp, .powerDown, .linkUp, .linkDown, .answer, .timer, .vehiclePlugged, .vehicleUnplugged,
            .tokenPresented, .chargingStarted, .chargingSuspended, .chargingResumed, .chargingEnded, .meterReading,
            .fault, .faultCleared, .operative:
            preconditionFailure("everyday inputs are handled before")
        }
    }

    /// Makes room for what is beyond the everyday.
    mutating func enableControl() {
        guard controls.isEmpty else { return }
        controls = ContiguousArray(repeating: EVSEControl(), count: evses.count)
    }

    mutating func forgetAuthorization(at evse: Int) {
        evses[evse].isAuthorized = false
        evses[evse].isStoppedByToken = false
        if evses[evse].isReserved { noteStatus(of: evse) }
        guard !controls.isEmpty else { return }
        controls[evse].remoteStartID = nil
        controls[evse].reservationID = nil
        controls[evse].isRemote = false
        controls[evse].energyEndWh = nil
        controls[evse].lookAt = .distantFuture
        controls[evse].endsEnergyOnly = false
    }

    mutating func stopAll(reason: Core.StoppedReason, now: Timestamp, outputs: inout OutputBuffer) {
        for evse in evses.indices where evses[evse].hasTransaction {
            outputs.append(.stopCharging(evse: evse, reason: reason))
        }
    }
}

// MARK: - Remote start and reservations

extension StationFirmware {
    /// Use cases F01 and F02.
    private mutating func remoteStart(
        _ evse: Int, idToken: Core.IdToken, group: IdentifierText, remoteStartID: Int32, listed: Core.IdTokenInfo?,
        asksFirst: Bool, now: Timestamp, outputs: inout OutputBuffer
    ) {
        guard isPowered, evses[evse].isInService, !evses[evse].isAuthorized,
            queue.hasRoom(runningTransactions: runningTransactions)
        else { return outputs.append(.authorization(evse: evse, accepted: false, offline: !isConnected)) }
        enableControl()
        controls[evse].listed = listed
        controls[evse].isRemote = true
        controls[evse].remoteStartID = remoteStartID
        evses[evse].presented = idToken
        if asksFirst {
            judge(evse, now: now, outputs: &outputs)
        } else {
            withdrawQuestion(at: evse)
            let groupToken = group.isEmpty ? nil : Core.IdToken(idToken: group, type: .central)
            decide(
                evse, Core.IdTokenInfo(status: .accepted, groupIdToken: groupToken), offline: false, now: now,
                outputs: &outputs)
        }
    }

    /// Takes the place of all reservations known; `shown` are the EVSEs to show as Reserved (H01).
    mutating func setReservations(_ holds: [ReservationHold], shown: [Int]) {
        enableControl()
        reservations = ContiguousArray(holds)
        for evse in evses.indices {
            evses[evse].isReserved = shown.contains(evse)
            noteStatus(of: evse)
        }
    }

    /// Whether an EVSE shows drivers that they may start there.
    func invites(_ evse: Int) -> Bool { !evses[evse].isReserved && evses[evse].isInService }

    /// Whether the presented token may start at the EVSE as far as reservations go; notes the one that it uses.
    mutating func isAdmitted(at evse: Int, group: IdentifierText) -> Bool {
        guard !reservations.isEmpty else { return true }
        let presented = evses[evse].presented
        let own = reservations.first { $0.evse == Int32(evse) && $0.admits(presented, group: group) }
        let hold = own ?? reservations.first { $0.evse == nil && $0.admits(presented, group: group) }
        if let hold { controls[evse].reservationID = hold.id }
        return hold != nil || !evses[evse].isReserved
    }
}

// MARK: - Ids beside the events

extension StationFirmware {
    /// Notes the ids that go with the event about to be queued, which tells the token.
    mutating func mark(_ evse: Int) {
        let control = controls[evse]
        guard control.remoteStartID != nil || control.reservationID != nil else { return }
        marks.append(
            EventMark(
                transactionNumber: evses[evse].transactionNumber, seqNo: evses[evse].nextSeqNo,
                remoteStartID: control.remoteStartID, reservationID: control.reservationID))
        controls[evse].remoteStartID = nil
        controls[evse].reservationID = nil
    }

    mutating func dropMarks(of event: Core.TransactionEventRequest) {
        guard let number = Self.transactionNumber(of: event.transactionInfo.transactionId) else { return }
        marks.removeAll { $0.transactionNumber == number && $0.seqNo <= event.seqNo }
    }

    private func mark(of event: Core.TransactionEventRequest) -> EventMark? {
        guard !marks.isEmpty, let number = Self.transactionNumber(of: event.transactionInfo.transactionId) else {
            return nil
        }
        return marks.first { $0.transactionNumber == number && $0.seqNo == event.seqNo }
    }
    /// The remoteStartId that a queued event has to carry besides what it says; `nil` for none (F01, F02).
    public func remoteStartID(of event: Core.TransactionEventRequest) -> Int32? { mark(of: event)?.remoteStartID }
    /// The id of the reservation that a queued event has to carry; `nil` for none (H03).
    public func reservationID(of event: Core.TransactionEventRequest) -> Int32? { mark(of: event)?.reservationID }
}

// MARK: - Restarts and settings

extension StationFirmware {
    /// Transactions go on after the next start instead of being ended (Reset, ImmediateAndResume of OCPP 2.1).
    public mutating func resumeTransactionsAtNextStart() { resumesTransactions = true }

    mutating func resume(_ evse: Int, now: Timestamp, outputs: inout OutputBuffer) {
        if settings.meterValuesIntervalS > 0 {
            evses[evse].sampleAt = now.adding(seconds: settings.meterValuesIntervalS)
            evseAt = min(evseAt, evses[evse].sampleAt)
        }
        record(.updated, at: evse, trigger: .txResumed, reading: .other, now: now)
    }

    mutating func clearCache() { cache.removeAll() }

    /// Other settings from now on. `false`, and nothing changed, when one of them is out of its range.
    public mutating func apply(_ new: FirmwareSettings, now: Timestamp, outputs: inout OutputBuffer) -> Bool {
        guard new.isValid else { return false }
        let old = settings
        settings = new
        queue.resize(capacity: new.transactionQueueCapacity)
        cache.resize(capacity: new.authCacheCapacity, lifeTimeS: new.authCacheLifeTimeS)
        guard isPowered else { return true }
        if new.heartbeatIntervalS != old.heartbeatIntervalS {
            heartbeatIntervalS = new.heartbeatIntervalS
            if registration == .accepted { heartbeatAt = now.adding(seconds: heartbeatIntervalS) }
        }
        if new.alignedIntervalS != old.alignedIntervalS { alignedAt = nextAligned(after: now) }
        if new.meterValuesIntervalS != old.meterValuesIntervalS {
            for evse in evses.indices where evses[evse].hasTransaction {
                evses[evse].sampleAt =
                    new.meterValuesIntervalS > 0 ? now.adding(seconds: new.meterValuesIntervalS) : .distantFuture
                evseAt = min(evseAt, evses[evse].sampleAt)
            }
        }
        sendNext(now: now, outputs: &outputs)
        arm(now: now, outputs: &outputs)
        return true
    }
}
