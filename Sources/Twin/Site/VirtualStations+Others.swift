internal import CSMS
internal import Models
internal import OCPP
internal import Sim

/// Word of a security event on its way to the CSMS, or its answer on the way back.
struct OtherFlight: BitwiseCopyable, Sendable, Codable {
    var station: UInt16
    var connection: UInt32
    /// When the station sent it.
    var sent: SimTime
    var isAnswer = false
}

/// How the one message that is no everyday one travels from plain stations: that a charging station has started.
extension VirtualStations {
    mutating func sendOther(station s: Int, now: SimTime, inbox: inout Inbox) {
        isTelling = false
        guard link.lines[s].isConnected else { return }
        if settings.isIdeal {
            hear(from: s, now: now, roundTrip: .zero)
            return inbox.append(StationInput(station: s, kept: Self.told, input: .lookAgain))
        }
        let flight = OtherFlight(station: UInt16(s), connection: link.lines[s].connection, sent: now)
        queue.schedule(.otherArrives(slot: others.insert(flight)), at: now + link.oneWay(s, settings.profile))
    }

    mutating func otherArrives(_ slot: UInt32, now: SimTime, inbox: inout Inbox) {
        var flight = others.remove(slot)
        guard isCarried(flight.station, flight.connection) else { return }
        let s = Int(flight.station)
        if flight.isAnswer { return inbox.append(StationInput(station: s, kept: Self.told, input: .lookAgain)) }
        flight.isAnswer = true
        let delay = link.oneWay(s, settings.profile)
        hear(from: s, now: now, roundTrip: now + delay - flight.sent)
        queue.schedule(.otherArrives(slot: others.insert(flight)), at: now + delay)
    }

    private mutating func hear(from s: Int, now: SimTime, roundTrip: SimDuration) {
        let action = MessageRecord.securityEvent
        sessions.hear(from: s, now: settings.timestamp(now), effects: &effects)
        takeEffects()
        mixMessage(action, isError: false, station: s, now: now)
        scheduleCSMSTimer(now: now)
        noteMessage(
            MessageRecord(time: now, station: UInt16(s), action: action, isError: false, roundTrip: roundTrip))
    }
}
