internal import CSMS
internal import Models
internal import OCPP
internal import Sim

/// Everyday messages of plain stations, and what is kept of all messages.
extension VirtualStations {
    mutating func send(_ call: StationCall, station s: Int, now: SimTime, inbox: inout Inbox) {
        guard link.lines[s].isConnected, !settings.isIdeal || link.isPhysicallyUp(s) else { return }
        if settings.isIdeal {
            let answer = ask(call, from: s, now: now)
            noteMessage(call, answer, station: UInt16(s), now: now, roundTrip: .zero)
            return inbox.append(StationInput(station: s, input: .answer(answer)))
        }
        let slot = link.calls.insert(
            VirtualLink.Flight(station: UInt16(s), connection: link.lines[s].connection, sent: now, frame: call))
        queue.schedule(.callArrives(slot: slot), at: now + link.oneWay(s, settings.profile))
    }

    /// The CSMS handles a call.
    mutating func ask(_ call: StationCall, from s: Int, now: SimTime) -> CSMSAnswer {
        let answer = sessions.handle(
            call, from: s, now: settings.timestamp(now), directory: WorldTokens.directory, effects: &effects)
        // The answer, which is small, says the kind as well; to look at the call would copy it.
        let action: UInt8
        var isError = false
        switch answer.response {
        case .authorize: action = 0
        case .bootNotification: action = 1
        case .heartbeat: action = 2
        case .meterValues: action = 3
        case .statusNotification: action = 4
        case .transactionEvent: action = 5
        case .error:
            action = MessageRecord.action(of: call.request)
            isError = true
        }
        mixMessage(action, isError: isError, station: s, now: now)
        takeEffects()
        scheduleCSMSTimer(now: now)
        return answer
    }

    /// Adds a message that the CSMS has answered to the digest.
    mutating func mixMessage(_ action: UInt8, isError: Bool, station: Int, now: SimTime) {
        digest.mix(now.microseconds)
        digest.mix(UInt64(station) << 8 | UInt64(action) | (isError ? 0x80 : 0))
    }

    /// Keeps a row of a call where rows of messages are asked for.
    mutating func noteMessage(
        _ call: StationCall, _ answer: CSMSAnswer, station: UInt16, now: SimTime, roundTrip: SimDuration
    ) {
        guard settings.logsMessages else { return }
        messages.append(MessageRecord(time: now, station: station, call, answer, roundTrip: roundTrip))
    }
    mutating func noteMessage(_ record: @autoclosure () -> MessageRecord) {
        if settings.logsMessages { messages.append(record()) }
    }

    mutating func takeEffects() {
        guard !effects.isEmpty else { return }
        for effect in effects { audit.take(effect) }
        effects.removeAll(keepingCapacity: true)
    }

    mutating func scheduleCSMSTimer(now: SimTime) {
        guard let at = settings.simTime(sessions.nextDeadline), at < csmsTimerAt else { return }
        csmsTimerAt = max(at, now)
        queue.schedule(.csmsTimer, at: csmsTimerAt)
    }
}
