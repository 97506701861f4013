internal import CSMS
internal import Models
internal import OCPP
internal import OCPPMessages
internal import OCPPWire
internal import Sim

/// How frames of the `encoded` wire travel: as messages of the `typed` one, with the same delays drawn in the same order.
extension VirtualStations {
    // MARK: the charging stations' end

    func encodedPlantOrder(_ index: Int, _ ends: EncodedStations) -> PlantOrder? {
        switch ends.outputs[index] {
        case .everyday(let order): .everyday(order)
        case .directive(.restart(let reason, let evse, let resumes)): .restart(reason, evse: evse, resumes: resumes)
        case .directive(.limitChanged(let evse)): .limitChanged(evse: evse)
        default: nil
        }
    }

    mutating func encodedCarryOut(
        _ index: Int, station s: Int, now: SimTime, plant: inout SitePlant, inbox: inout Inbox
    ) {
        guard let output = encoded?.outputs[index] else { return }
        switch output {
        case .connect: connect(s, now: now, inbox: &inbox)
        case .disconnect: hangUp(s, now: now)
        case .transmit(let bytes): transmit(bytes, station: s, now: now, inbox: &inbox)
        case .job(let id, let job):
            let result = StationWork.result(of: job, station: s, plant: plant)
            if let input = encoded?.put(.jobDone(id, result)) { inbox.append(StationInput(station: s, input: input)) }
        case .directive(.reconnect):
            hangUp(s, now: now)
            inbox.append(StationInput(station: s, input: .everyday(.linkDown)))
        case .directive, .everyday, .answered, .malformed, .unusableBootAnswer: break
        }
    }

    private mutating func transmit(_ bytes: [UInt8], station s: Int, now: SimTime, inbox: inout Inbox) {
        guard link.lines[s].isConnected, !settings.isIdeal || link.isPhysicallyUp(s) else { return }
        if settings.isIdeal { return arrive(bytes, fromStation: s, sent: now, now: now, inbox: &inbox) }
        let flight = EncodedStations.Flight(
            station: UInt16(s), connection: link.lines[s].connection, sent: now, bytes: bytes)
        guard let slot = encoded?.flights.insert(flight) else { return }
        queue.schedule(.callArrives(slot: slot), at: now + link.oneWay(s, settings.profile))
    }

    // MARK: frames that arrive

    mutating func encodedCallArrives(_ slot: UInt32, now: SimTime, inbox: inout Inbox) {
        guard let flight = encoded?.flights.remove(slot), isCarried(flight.station, flight.connection) else { return }
        arrive(flight.bytes, fromStation: Int(flight.station), sent: flight.sent, now: now, inbox: &inbox)
    }

    mutating func encodedAnswerArrives(_ slot: UInt32, now: SimTime, inbox: inout Inbox) {
        guard let flight = encoded?.flights.remove(slot), isCarried(flight.station, flight.connection),
            let input = encoded?.put(.frame(flight.bytes))
        else { return }
        inbox.append(StationInput(station: Int(flight.station), input: input))
    }

    private mutating func arrive(
        _ bytes: [UInt8], fromStation s: Int, sent: SimTime, now: SimTime, inbox: inout Inbox
    ) {
        tellSession(.frame(bytes), of: s, sent: sent, now: now, inbox: &inbox)
    }

    // MARK: the CSMS's end

    /// Hands something to the CSMS's session of a charging station, and sees to all that comes of it.
    /// - Parameter sent: when the message that it is about was sent.
    mutating func tellSession(
        _ input: EncodedStations.Session.Input, of s: Int, sent: SimTime, now: SimTime, inbox: inout Inbox
    ) {
        var pending = [input]
        var handled: [(AnyRequest, isError: Bool)] = []
        var next = 0
        while next < pending.count {
            var outputs: [EncodedStations.Session.Output] = []
            encoded?.sessions[s].handle(
                pending[next], now: settings.timestamp(now), directory: WorldTokens.directory, outputs: &outputs)
            next += 1
            for output in outputs {
                switch output {
                case .transmit(let frame):
                    let roundTrip = sendBack(frame, to: s, sent: sent, now: now, inbox: &inbox)
                    note(handled, station: s, now: now, roundTrip: roundTrip)
                    handled.removeAll()
                case .effect(let effect): audit(effect, station: s)
                case .job(let id, .findTransaction(let query)):
                    pending.append(.jobDone(id: id, .transaction(encoded?.find(query, of: s))))
                case .job(let id, _): pending.append(.jobDone(id: id, .failed("not in a simulated run")))
                case .needTransactionIDs: if let ids = encoded?.grantIDs() { pending.append(.granted(ids: ids)) }
                case .handled(let request, let isError):
                    mixMessage(MessageRecord.action(of: request), isError: isError, station: s, now: now)
                    handled.append((request, isError))
                case .close:
                    hangUp(s, now: now)
                    inbox.append(StationInput(station: s, input: .everyday(.linkDown)))
                case .commandDone, .rejected: break
                }
            }
        }
        note(handled, station: s, now: now, roundTrip: .zero)
        scheduleSession(s, now: now)
    }

    private mutating func sendBack(
        _ frame: [UInt8], to s: Int, sent: SimTime, now: SimTime, inbox: inout Inbox
    ) -> SimDuration {
        guard link.lines[s].isConnected else { return .zero }
        if settings.isIdeal {
            if let input = encoded?.put(.frame(frame)) { inbox.append(StationInput(station: s, input: input)) }
            return .zero
        }
        let back = EncodedStations.Flight(
            station: UInt16(s), connection: link.lines[s].connection, sent: sent, bytes: frame)
        guard let slot = encoded?.flights.insert(back) else { return .zero }
        let delay = link.oneWay(s, settings.profile)
        queue.schedule(.answerArrives(slot: slot), at: now + delay)
        return now + delay - sent
    }

    private mutating func note(
        _ handled: [(AnyRequest, isError: Bool)], station: Int, now: SimTime, roundTrip: SimDuration
    ) {
        for (request, isError) in handled {
            noteMessage(
                MessageRecord(
                    time: now, station: UInt16(station), action: MessageRecord.action(of: request), isError: isError,
                    roundTrip: roundTrip))
        }
    }

    /// Holds what is booked against the truth.
    private mutating func audit(_ effect: StoreEffect, station s: Int) {
        guard case .transaction(let stored, let change) = effect else { return }
        if stored.isBooked { encoded?.keep(stored, of: s) }
        guard let encoded else { return }
        let id = encoded.stationID(of: stored.transactionID, at: s)
        switch change {
        case .booked:
            var record = stored.record
            record.station = s
            record.transactionID = id
            audit.take(.transactionClosed(record))
        case .amended(let energyWh):
            audit.take(
                .transactionAmended(station: s, transactionID: id, energyWh: energyWh, idToken: stored.record.idToken))
        case .opened, .continued: break
        }
    }

    /// Has the session woken when it wants to be.
    private mutating func scheduleSession(_ s: Int, now: SimTime) {
        guard let deadline = encoded?.sessions[s].nextDeadline, let at = settings.simTime(deadline),
            at < link.lines[s].sessionQueued
        else { return }
        link.lines[s].sessionQueued = max(at, now)
        queue.schedule(.sessionTimer(station: UInt16(s)), at: link.lines[s].sessionQueued)
    }

    mutating func sessionTimerDue(_ s: Int, now: SimTime, inbox: inout Inbox) {
        if link.lines[s].sessionQueued <= now { link.lines[s].sessionQueued = .distantFuture }
        guard let deadline = encoded?.sessions[s].nextDeadline, deadline <= settings.timestamp(now) else {
            return scheduleSession(s, now: now)
        }
        tellSession(.timer, of: s, sent: now, now: now, inbox: &inbox)
    }
}
