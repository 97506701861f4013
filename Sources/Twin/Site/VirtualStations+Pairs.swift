internal import CSMS
internal import Models
internal import OCPP
internal import OCPPMessages
internal import OCPPWire
internal import Sim

/// How frames of station pairs travel: as messages of plain stations, with the same delays drawn in the same order.
extension VirtualStations {
    // MARK: the charging stations' end

    @inline(never)
    func pairPlantOrder(_ index: Int) -> PlantOrder? {
        switch pairs?.outputs[index] {
        case .everyday(let order): .everyday(order)
        case .directive(.restart(let reason, let evse, let resumes)): .restart(reason, evse: evse, resumes: resumes)
        case .directive(.limitChanged(let evse)): .limitChanged(evse: evse)
        case .directive(.invites(let evse, let isInviting)): .invites(evse: evse, isInviting)
        case .job(let id, .activate): .activate(job: id)
        default: nil
        }
    }

    @inline(never)
    mutating func pairCarryOut(
        _ index: Int, station s: Int, now: SimTime, plant: inout SitePlant, inbox: inout Inbox
    ) {
        guard let output = pairs?.outputs[index] else { return }
        switch output {
        case .connect: connect(s, now: now, inbox: &inbox)
        case .disconnect: hangUp(s, now: now)
        case .transmit(let frame): transmit(frame, station: s, now: now, inbox: &inbox)
        case .job(let id, let job): work(on: job, id: id, station: s, now: now, plant: plant, inbox: &inbox)
        case .directive(.swapOpened): if !surroundings.isEmpty { surroundings[s].swapOpened(now: now) }
        case .directive(.swapClosed): if !surroundings.isEmpty { surroundings[s].swapClosed() }
        case .directive(.reconnect):
            hangUp(s, now: now)
            inbox.append(StationInput(station: s, input: .linkDown))
        case .directive, .everyday, .answered, .malformed, .unusableBootAnswer: break
        }
    }

    private mutating func work(
        on job: StationJob, id: Int, station s: Int, now: SimTime, plant: SitePlant, inbox: inout Inbox
    ) {
        if let work = StationWork(job, id: id, station: s), let slot = pairs?.work.insert(work) {
            return queue.schedule(.workDone(slot: slot), at: now + StationWork.duration(of: job))
        }
        if case .deliverEXI(let local, let exi) = job, exi != nil, !surroundings.isEmpty {
            surroundings[s].contractDelivered(local, now: now)
        }
        inbox.append(jobDone(id, StationWork.result(of: job, station: s, plant: plant), station: s))
    }

    mutating func workDone(_ slot: UInt32, inbox: inout Inbox) {
        guard let work = pairs?.work.remove(slot) else { return }
        let isCut = work.needsLink && !settings.isIdeal && !link.isPhysicallyUp(work.station)
        inbox.append(jobDone(work.job, isCut ? .failed("connection lost") : work.result, station: work.station))
    }

    mutating func jobDone(_ job: Int, _ result: StationJobResult, station: Int) -> StationInput<Input> {
        put(.jobDone(job, result), station: station)
    }

    private mutating func put(_ input: StationPairs.Client.Input, station: Int) -> StationInput<Input> {
        guard let kept = pairs?.put(input, station: station) else { preconditionFailure("an input of station pairs") }
        return kept
    }

    private mutating func transmit(_ frame: InProcessWire.Frame, station s: Int, now: SimTime, inbox: inout Inbox) {
        guard link.lines[s].isConnected, !settings.isIdeal || link.isPhysicallyUp(s) else { return }
        if settings.isIdeal { return arrive(frame, fromStation: s, sent: now, now: now, inbox: &inbox) }
        let flight = StationPairs.Flight(
            station: UInt16(s), connection: link.lines[s].connection, sent: now, frame: frame)
        guard let slot = pairs?.flights.insert(flight) else { return }
        queue.schedule(.callArrives(slot: slot), at: now + link.oneWay(s, settings.profile))
    }

    // MARK: frames that arrive

    mutating func pairCallArrives(_ slot: UInt32, now: SimTime, inbox: inout Inbox) {
        guard let flight = pairs?.flights.remove(slot), isCarried(flight.station, flight.connection) else { return }
        arrive(flight.frame, fromStation: Int(flight.station), sent: flight.sent, now: now, inbox: &inbox)
    }

    mutating func pairAnswerArrives(_ slot: UInt32, now: SimTime, inbox: inout Inbox) {
        guard let flight = pairs?.flights.remove(slot), isCarried(flight.station, flight.connection),
            let input = pairs?.put(.frame(flight.frame), station: Int(flight.station))
        else { return }
        inbox.append(input)
    }

    private mutating func arrive(
        _ frame: InProcessWire.Frame, fromStation s: Int, sent: SimTime, now: SimTime, inbox: inout Inbox
    ) {
        tellSession(.frame(frame), of: s, sent: sent, now: now, inbox: &inbox)
    }

    // MARK: the CSMS's end

    /// Hands something to the CSMS's session of a charging station, and sees to all that comes of it.
    /// - Parameter sent: when the message that it is about was sent.
    mutating func tellSession(
        _ input: StationPairs.Session.Input, of s: Int, sent: SimTime, now: SimTime, inbox: inout Inbox
    ) {
        var pending = [input]
        var handled: [(AnyRequest, isError: Bool)] = []
        var next = 0
        while next < pending.count {
            var outputs: [StationPairs.Session.Output] = []
            pairs?.sessions[s].handle(
                pending[next], now: settings.timestamp(now), directory: WorldTokens.directory, outputs: &outputs)
            next += 1
            for output in outputs {
                switch output {
                case .transmit(let frame):
                    let roundTrip = sendBack(frame, to: s, sent: sent, now: now, inbox: &inbox)
                    note(handled, station: s, now: now, roundTrip: roundTrip)
                    handled.removeAll()
                case .effect(let effect):
                    audit(effect, station: s)
                    setOffOrders(by: effect, at: s, now: now)
                case .job(let id, .findTransaction(let query)):
                    pending.append(.jobDone(id: id, .transaction(pairs?.find(query, of: s))))
                case .job(let id, _): pending.append(.jobDone(id: id, .failed("not in a simulated run")))
                case .needTransactionIDs: if let ids = pairs?.grantIDs() { pending.append(.granted(ids: ids)) }
                case .handled(let request, let isError):
                    mixMessage(MessageRecord.action(of: request), isError: isError, station: s, now: now)
                    handled.append((request, isError))
                case .close:
                    hangUp(s, now: now)
                    inbox.append(StationInput(station: s, input: .linkDown))
                case .commandDone(let ticket, let outcome):
                    orderEnded(ticket, OrderOutcome(outcome, version: settings.version), now: now)
                case .rejected: break
                }
            }
        }
        note(handled, station: s, now: now, roundTrip: .zero)
        scheduleSession(s, now: now)
    }

    private mutating func sendBack(
        _ frame: InProcessWire.Frame, to s: Int, sent: SimTime, now: SimTime, inbox: inout Inbox
    ) -> SimDuration {
        guard link.lines[s].isConnected else { return .zero }
        if settings.isIdeal {
            inbox.append(put(.frame(frame), station: s))
            return .zero
        }
        let back = StationPairs.Flight(
            station: UInt16(s), connection: link.lines[s].connection, sent: sent, frame: frame)
        guard let slot = pairs?.flights.insert(back) else { return .zero }
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
        if stored.isBooked { pairs?.keep(stored, of: s) }
        guard let pairs else { return }
        let id = pairs.stationID(of: stored.transactionID, at: s)
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
        guard let deadline = pairs?.sessions[s].nextDeadline, let at = settings.simTime(deadline),
            at < link.lines[s].sessionQueued
        else { return }
        link.lines[s].sessionQueued = max(at, now)
        queue.schedule(.sessionTimer(station: UInt16(s)), at: link.lines[s].sessionQueued)
    }

    mutating func sessionTimerDue(_ s: Int, now: SimTime, inbox: inout Inbox) {
        if link.lines[s].sessionQueued <= now { link.lines[s].sessionQueued = .distantFuture }
        guard let deadline = pairs?.sessions[s].nextDeadline, deadline <= settings.timestamp(now) else {
            return scheduleSession(s, now: now)
        }
        tellSession(.timer, of: s, sent: now, now: now, inbox: &inbox)
    }
}

extension VirtualStations {
    // MARK: what happens besides charging

    mutating func input(_ occurrence: Occurrence, station: Int) -> StationInput<Input> {
        put(StationPairs.Client.Input(occurrence), station: station)
    }
    func timestamp(_ time: SimTime) -> Timestamp { settings.timestamp(time) }
    func rating(of station: Int, evse: Int) -> EVSERating {
        guard let pairs else { preconditionFailure("plain stations have no surroundings") }
        return pairs.clients[station].controller.rating(evse: evse)
    }
    func offeredSchedule(of station: Int, evse: Int) -> Int? {
        pairs?.clients[station].controller.offeredSchedule(evse: evse)
    }
}
