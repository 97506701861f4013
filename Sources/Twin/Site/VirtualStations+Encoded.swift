internal import CSMS
internal import Models
internal import OCPP
internal import Sim

/// How frames of the `encoded` wire travel: as on the `typed` one, with the same delays drawn in the same order.
extension VirtualStations {
    mutating func sendEncoded(_ call: StationCall, station s: Int, now: SimTime, inbox: inout Inbox) {
        guard let deliveries = encoded?.send(call, from: s, now: settings.timestamp(now)) else { return }
        carryOut(deliveries, station: s, now: now, inbox: &inbox)
    }

    /// A frame arrives at the CSMS.
    mutating func encodedCallArrives(_ slot: UInt32, now: SimTime) {
        guard let flight = encoded?.frames.remove(slot), isCarried(flight.station, flight.connection) else { return }
        let s = Int(flight.station)
        let (frames, handled) = askEncoded(flight.bytes, from: s, now: now)
        var roundTrip = SimDuration.zero
        for bytes in frames {
            let back = FrameSlab.Flight(
                station: flight.station, connection: flight.connection, sent: flight.sent, bytes: bytes)
            guard let slot = encoded?.frames.insert(back) else { continue }
            let delay = link.oneWay(s, settings.profile)
            roundTrip = now + delay - flight.sent
            queue.schedule(.answerArrives(slot: slot), at: now + delay)
        }
        for (call, answer) in handled {
            noteMessage(call, answer, station: flight.station, now: now, roundTrip: roundTrip)
        }
    }

    /// A frame arrives at the charging station.
    mutating func encodedAnswerArrives(_ slot: UInt32, now: SimTime, inbox: inout Inbox) {
        guard let flight = encoded?.frames.remove(slot), isCarried(flight.station, flight.connection),
            let deliveries = encoded?.arrive(
                flight.bytes, atStation: Int(flight.station), now: settings.timestamp(now))
        else { return }
        carryOut(deliveries, station: Int(flight.station), now: now, inbox: &inbox)
    }

    private mutating func carryOut(
        _ deliveries: [EncodedLink.Delivery], station s: Int, now: SimTime, inbox: inout Inbox
    ) {
        for delivery in deliveries {
            switch delivery {
            case .answer(let answer): inbox.append(StationInput(station: s, input: .answer(answer)))
            case .frame(let bytes) where settings.isIdeal:
                let (frames, handled) = askEncoded(bytes, from: s, now: now)
                for (call, answer) in handled {
                    noteMessage(call, answer, station: UInt16(s), now: now, roundTrip: .zero)
                }
                for frame in frames {
                    guard let more = encoded?.arrive(frame, atStation: s, now: settings.timestamp(now)) else {
                        continue
                    }
                    carryOut(more, station: s, now: now, inbox: &inbox)
                }
            case .frame(let bytes):
                let flight = FrameSlab.Flight(
                    station: UInt16(s), connection: link.lines[s].connection, sent: now, bytes: bytes)
                guard let slot = encoded?.frames.insert(flight) else { continue }
                queue.schedule(.callArrives(slot: slot), at: now + link.oneWay(s, settings.profile))
            }
        }
    }

    /// The CSMS reads a frame and handles what is in it.
    private mutating func askEncoded(
        _ bytes: [UInt8], from s: Int, now: SimTime
    ) -> (frames: [[UInt8]], handled: [(StationCall, CSMSAnswer)]) {
        let timestamp = settings.timestamp(now)
        guard let (opened, refusals) = encoded?.open(bytes, from: s, now: timestamp) else { return ([], []) }
        guard let opened else { return (refusals, []) }
        var handled: [(StationCall, CSMSAnswer)] = []
        for call in opened.calls { handled.append((call, ask(call, from: s, now: now))) }
        let frames = encoded?.answer(opened, handled.map(\.1.response), to: s, now: timestamp) ?? []
        return (refusals + frames, handled)
    }
}
