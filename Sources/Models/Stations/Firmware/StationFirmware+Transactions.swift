internal import OCPP

// MARK: - What happens at an EVSE

extension StationFirmware {
    mutating func plugged(_ evse: Int, connector: Int, now: Timestamp, outputs: inout OutputBuffer) {
        precondition(connector < Int(evses[evse].connectorCount), "the EVSE has connector \(connector)")
        evses[evse].isPlugged = true
        evses[evse].usedConnector = UInt8(connector)
        evses[evse].connectBy = .distantFuture
        if evses[evse].chargingState == .idle { evses[evse].chargingState = .evConnected }
        noteStatus(of: evse)
        guard isPowered else { return }
        if evses[evse].hasTransaction {
            record(.updated, at: evse, trigger: .cablePluggedIn, reading: nil, now: now)
        } else {
            startIfDue(evse, trigger: .cablePluggedIn, now: now, outputs: &outputs)
        }
    }

    mutating func unplugged(_ evse: Int, meterWh: Double, now: Timestamp, outputs: inout OutputBuffer) {
        evses[evse].isPlugged = false
        evses[evse].registerWh = meterWh
        evses[evse].chargingState = .idle
        noteStatus(of: evse)
        guard isPowered else { return }
        withdrawQuestion(at: evse)
        evses[evse].hasSignedData = false
        if evses[evse].hasTransaction {
            if !endsUnplugged(evse) {
                record(.updated, at: evse, trigger: .evDeparted, reading: .other, now: now)
            } else {
                let reason = evses[evse].stoppedReason ?? .evDisconnected
                end(evse, trigger: .evCommunicationLost, reason: reason, now: now, outputs: &outputs)
            }
        } else {
            forgetAuthorization(at: evse)
        }
    }

    mutating func chargingStarted(_ evse: Int, meterWh: Double, now: Timestamp, outputs: inout OutputBuffer) {
        guard isPowered else { return }
        if evses[evse].hasTransaction {
            changeState(of: evse, to: .charging, meterWh: meterWh, now: now)
        } else {
            evses[evse].registerWh = meterWh
            evses[evse].chargingState = .charging
            startIfDue(evse, trigger: .chargingStateChanged, now: now, outputs: &outputs)
        }
    }

    mutating func changeState(of evse: Int, to state: Core.ChargingState, meterWh: Double, now: Timestamp) {
        guard isPowered else { return }
        evses[evse].registerWh = meterWh
        guard evses[evse].chargingState != state else { return }
        evses[evse].chargingState = state
        guard evses[evse].hasTransaction else { return }
        record(.updated, at: evse, trigger: .chargingStateChanged, reading: .other, now: now)
    }

    mutating func chargingEnded(
        _ evse: Int, reason: Core.StoppedReason, meterWh: Double, now: Timestamp, outputs: inout OutputBuffer
    ) {
        guard isPowered else { return }
        evses[evse].registerWh = meterWh
        evses[evse].chargingState = evses[evse].isPlugged ? .evConnected : .idle
        guard evses[evse].hasTransaction else {
            forgetAuthorization(at: evse)
            return
        }
        if takeEndOfEnergyOnly(at: evse) {
            evses[evse].chargingState = .suspendedEVSE
            record(.updated, at: evse, trigger: .chargingStateChanged, reading: .other, now: now)
        } else if settings.txStopPoint.isSubset(of: [.evConnected, .parkingBayOccupancy]), !reason.isRestart {
            // Goes on until the vehicle leaves.
            evses[evse].stoppedReason = reason
            record(.updated, at: evse, trigger: reason.trigger, reading: .other, now: now)
        } else {
            end(evse, trigger: reason.trigger, reason: reason, now: now, outputs: &outputs)
        }
    }

    mutating func read(
        _ evse: Int, meterWh: Double, powerW: Double, stateOfCharge: Double?, now: Timestamp,
        outputs: inout OutputBuffer
    ) {
        guard isPowered else { return }
        evses[evse].registerWh = meterWh
        let wanted = evses[evse].wantedReading
        evses[evse].wantedReading = nil
        if !controls.isEmpty {
            readForControl(evse, powerW: powerW, stateOfCharge: stateOfCharge, now: now, outputs: &outputs)
        }
        if evses[evse].isInterrupted {
            end(
                evse, trigger: bootReason == .remoteReset ? .resetCommand : .abnormalCondition,
                reason: bootReason == .powerUp ? .powerLoss : bootReason == .remoteReset ? .immediateReset : .reboot,
                now: now, outputs: &outputs)
        } else if let wanted, evses[evse].hasTransaction {
            var value = reading(wanted, of: evse, now: now)
            value.powerActiveImportW = powerW
            value.socPercent = stateOfCharge.map { $0 * 100 }
            let trigger: Core.TriggerReason = wanted == .sampleClock ? .meterValueClock : .meterValuePeriodic
            append(.updated, at: evse, trigger: trigger, value: value, now: now)
        } else if wanted == .sampleClock, isConnected, !evses[evse].hasIdleReading {
            evses[evse].hasIdleReading = true  // outside a transaction nothing is kept for later
            idleReadings += 1
        }
    }
}

// MARK: - Start and end

extension StationFirmware {
    mutating func startIfDue(
        _ evse: Int, trigger: Core.TriggerReason, now: Timestamp, outputs: inout OutputBuffer
    ) {
        let points = settings.txStartPoint
        let isCharging = evses[evse].chargingState == .charging
        let isDue =
            points.contains(.evConnected) && evses[evse].isPlugged
            || points.contains(.authorized) && evses[evse].isAuthorized
            || !points.isDisjoint(with: [.powerPathClosed, .energyTransfer]) && isCharging
            || points.contains(.parkingBayOccupancy) && (evses[evse].isBayOccupied || evses[evse].isPlugged)
            || points.contains(.dataSigned) && evses[evse].hasSignedData
        guard isDue else { return }
        guard queue.hasRoom(runningTransactions: runningTransactions) else {
            outputs.append(.stopCharging(evse: evse, reason: .other))
            return
        }
        transactionCount += 1
        runningTransactions += 1
        evses[evse].hasTransaction = true
        evses[evse].hasSentToken = false
        evses[evse].isInterrupted = false
        evses[evse].transactionNumber = transactionCount
        evses[evse].transactionID = transactionIdentity.text(number: transactionCount)
        evses[evse].nextSeqNo = 0
        evses[evse].stoppedReason = nil
        evses[evse].startedAt = now
        evses[evse].startWh = evses[evse].registerWh
        if settings.meterValuesIntervalS > 0 {
            evses[evse].sampleAt = now.adding(seconds: settings.meterValuesIntervalS)
            evseAt = min(evseAt, evses[evse].sampleAt)
        }
        outputs.append(.transactionStarted(evse: evse, number: transactionCount))
        record(.started, at: evse, trigger: trigger, reading: .transactionBegin, now: now)
    }

    mutating func end(
        _ evse: Int, trigger: Core.TriggerReason, reason: Core.StoppedReason, now: Timestamp,
        outputs: inout OutputBuffer
    ) {
        evses[evse].stoppedReason = reason
        outputs.append(
            .transactionEnded(
                evse: evse, number: evses[evse].transactionNumber, meterStartWh: evses[evse].startWh,
                meterStopWh: evses[evse].registerWh))
        record(.ended, at: evse, trigger: trigger, reading: .transactionEnd, now: now)
        runningTransactions -= 1
        evses[evse].hasTransaction = false
        evses[evse].isInterrupted = false
        forgetAuthorization(at: evse)
        evses[evse].hasSignedData = false
        evses[evse].wantedReading = nil
        evses[evse].sampleAt = .distantFuture
        evses[evse].connectBy = .distantFuture
        evses[evse].chargingState = evses[evse].isPlugged ? .evConnected : .idle
    }

    /// Keeps an event, with the register as it stands when `reading` says what for.
    mutating func record(
        _ kind: Core.TransactionEventKind, at evse: Int, trigger: Core.TriggerReason,
        reading context: Core.ReadingContext?, now: Timestamp
    ) {
        append(kind, at: evse, trigger: trigger, value: context.map { reading($0, of: evse, now: now) }, now: now)
    }

    func reading(_ context: Core.ReadingContext, of evse: Int, now: Timestamp) -> Core.MeterValue {
        Core.MeterValue(
            timestamp: now.wholeMilliseconds, context: context, energyActiveImportRegisterWh: evses[evse].registerWh)
    }

    mutating func append(
        _ kind: Core.TransactionEventKind, at evse: Int, trigger: Core.TriggerReason, value: Core.MeterValue?,
        now: Timestamp
    ) {
        let sendsToken = evses[evse].isAuthorized && !evses[evse].hasSentToken
        if !controls.isEmpty, sendsToken { mark(evse) }
        if let value, settings.signedReadings.contains(value.context) { awaitSignature(at: evse) }
        let isStart = kind == .started
        let isEnd = kind == .ended
        queue.append(
            Core.TransactionEventRequest(
                eventType: kind, timestamp: now.wholeMilliseconds, triggerReason: trigger,
                seqNo: evses[evse].nextSeqNo, offline: !isConnected,
                transactionInfo: Core.Transaction(
                    transactionId: evses[evse].transactionID, chargingState: evses[evse].chargingState,
                    stoppedReason: isEnd ? evses[evse].stoppedReason : nil),
                evse: isStart
                    ? Core.EVSE(id: Int32(evse + 1), connectorId: Int32(evses[evse].usedConnector) + 1) : nil,
                idToken: isEnd && evses[evse].isStoppedByToken
                    ? evses[evse].presented : sendsToken ? evses[evse].idToken : nil, meterValue: value,
                meterValueAtBegin: isEnd
                    ? Core.MeterValue(
                        timestamp: evses[evse].startedAt.wholeMilliseconds, context: .transactionBegin,
                        energyActiveImportRegisterWh: evses[evse].startWh) : nil))
        evses[evse].nextSeqNo += 1
        if sendsToken { evses[evse].hasSentToken = true }
    }
}

// MARK: - Receipts

extension StationFirmware {
    mutating func transactionMessageArrived(
        _ response: Core.TransactionEventResponse, now: Timestamp, outputs: inout OutputBuffer
    ) {
        if let info = response.idTokenInfo, let idToken = queue[0].idToken {
            cache.store(info, for: idToken, now: now)
            let transactionID = queue[0].transactionInfo.transactionId
            if info.status != .accepted,
                let evse = evses.firstIndex(where: { $0.hasTransaction && $0.transactionID == transactionID })
            {
                deauthorize(evse, now: now, outputs: &outputs)
            }
        }
        finishHead()
    }

    mutating func transactionMessageRefused(now: Timestamp, outputs: inout OutputBuffer) {
        headRefusals += 1
        guard headRefusals >= settings.messageAttempts else {
            resendAt = resendTime(now: now)
            return
        }
        let event = queue[0]
        if let number = Self.transactionNumber(of: event.transactionInfo.transactionId) {
            outputs.append(.transactionMessageDiscarded(number: number, eventType: event.eventType))
        }
        finishHead()
    }

    /// The wait grows with the transmissions, up to that before the last attempt.
    func resendTime(now: Timestamp) -> Timestamp {
        now.adding(seconds: settings.messageAttemptIntervalS * min(headTransmissions, Int64(settings.messageAttempts)))
    }

    private mutating func finishHead() {
        if !marks.isEmpty { dropMarks(of: queue[0]) }
        queue.removeFirst()
        headRefusals = 0
        headTransmissions = 0
        resendAt = .distantPast
    }
}

extension Core.StoppedReason {
    /// Whether the charging station itself starts anew, which no transaction outlives.
    fileprivate var isRestart: Bool { self == .immediateReset || self == .reboot }

    /// Why the event that ends a charge for this reason is sent.
    fileprivate var trigger: Core.TriggerReason {
        switch self {
        case .local, .masterPass: .stopAuthorized
        case .remote: .remoteStop
        case .deAuthorized, .localOutOfCredit: .deauthorized
        case .energyLimitReached, .socLimitReached: .energyLimitReached
        case .timeLimitReached: .timeLimitReached
        case .timeout: .evConnectTimeout
        case .evDisconnected: .evCommunicationLost
        case .stoppedByEV: .chargingStateChanged
        case .immediateReset, .reboot: .resetCommand
        case .emergencyStop, .groundFault, .overcurrentFault, .powerLoss, .powerQuality, .other: .abnormalCondition
        }
    }
}
