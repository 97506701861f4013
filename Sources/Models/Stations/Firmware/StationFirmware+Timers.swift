internal import OCPP

extension StationFirmware {
    /// One timer serves all deadlines: it is armed for the earliest, and armed anew whenever that moves. Drivers make
    /// moving cheap: an answer undoes what its call has armed before anybody has looked.
    mutating func arm(now: Timestamp, outputs: inout OutputBuffer) {
        var earliest = min(alignedAt, evseAt)
        if !isConnected {
            earliest = min(earliest, connectAt)
        } else if outstanding != nil {
            earliest = min(earliest, answerBy)
        } else if isLineTaken {
            // What is due is sent when the line is free again.
        } else if registration == .accepted {
            earliest = min(earliest, heartbeatAt)
            if !queue.isEmpty, !isHeadUnsigned { earliest = min(earliest, resendAt) }
        } else {
            earliest = min(earliest, bootAt)
        }
        guard earliest != armedAt else { return }
        armedAt = earliest
        generation &+= 1
        outputs.append(.startTimer(at: earliest, generation: generation))
    }

    mutating func timerFired(_ fired: UInt32, now: Timestamp, outputs: inout OutputBuffer) {
        guard isPowered, fired == generation else { return }
        armedAt = .distantFuture
        if now >= answerBy { answerIsOverdue(now: now, outputs: &outputs) }
        if !isConnected, now >= connectAt {
            connectAt = now.adding(seconds: settings.messageTimeoutS)  // should the driver never say
            outputs.append(.connect)
        }
        if now >= alignedAt { alignedReadingsDue(now: now, outputs: &outputs) }
        if now >= evseAt { evseDeadlinesDue(now: now, outputs: &outputs) }
    }

    /// The next whole interval since midnight after `now`.
    func nextAligned(after now: Timestamp) -> Timestamp {
        guard settings.alignedIntervalS > 0 else { return .distantFuture }
        let day: Int64 = 86_400_000_000
        var sinceMidnight = now.microseconds % day
        if sinceMidnight < 0 { sinceMidnight += day }
        let midnight = now.microseconds - sinceMidnight
        let interval = settings.alignedIntervalS * 1_000_000
        let next = (sinceMidnight / interval + 1) * interval
        return Timestamp(microseconds: midnight + min(next, day))  // each day starts anew
    }

    private mutating func alignedReadingsDue(now: Timestamp, outputs: inout OutputBuffer) {
        alignedAt = nextAligned(after: now)
        for evse in evses.indices where !settings.alignedOnlyIdle || !evses[evse].hasTransaction {
            evses[evse].wantedReading = .sampleClock
            outputs.append(.needMeter(evse: evse))
        }
    }

    private mutating func evseDeadlinesDue(now: Timestamp, outputs: inout OutputBuffer) {
        evseAt = .distantFuture
        for evse in evses.indices {
            if now >= evses[evse].sampleAt {
                let interval = settings.meterValuesIntervalS
                while evses[evse].sampleAt <= now {
                    evses[evse].sampleAt = evses[evse].sampleAt.adding(seconds: interval)
                }
                if evses[evse].wantedReading == nil {
                    evses[evse].wantedReading = .samplePeriodic
                    outputs.append(.needMeter(evse: evse))
                }
            }
            if now >= evses[evse].connectBy { connectionTimedOut(evse, now: now, outputs: &outputs) }
            evseAt = min(evseAt, evses[evse].sampleAt, evses[evse].connectBy)
            if !controls.isEmpty { evseAt = min(evseAt, lookAtEnergy(of: evse, now: now, outputs: &outputs)) }
        }
    }
}
