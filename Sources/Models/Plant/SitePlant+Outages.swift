public import Sim

extension SitePlant {
    // MARK: outages of components and ports

    /// The EVSEs that an outage concerns.
    private func reach(_ outage: Outage) -> Range<Int> {
        outage.evse == .max
            ? parameters.stations[Int(outage.station)].evses : Int(outage.evse)..<Int(outage.evse) + 1
    }

    mutating func apply(_ outage: Outage, now: SimTime) {
        let s = Int(outage.station)
        digest.mix(UInt64(outage.cause))
        switch outage.effect {
        case .service: for e in reach(outage) { takeOut(e, .fault, now: now) }
        case .power:
            losePower(s)
            for e in reach(outage) { takeOut(e, .fault, now: now) }
        case .payment: failures.paymentDown[s] += 1
        case .link:
            failures.linkDown[s] += 1
            if failures.linkDown[s] == 1 { signal(station: s, .linkLost) }
        case .cosmetic, .hidden: break
        }
    }

    private mutating func lift(_ outage: Outage, now: SimTime) {
        let s = Int(outage.station)
        switch outage.effect {
        case .service: for e in reach(outage) { putBack(e, now: now) }
        case .power:
            for e in reach(outage) { putBack(e, now: now) }
            regainPower(s)
        case .payment: failures.paymentDown[s] -= 1
        case .link:
            failures.linkDown[s] -= 1
            if failures.linkDown[s] == 0 { signal(station: s, .linkRestored) }
        case .cosmetic, .hidden: break
        }
    }

    /// A station loses the power of its controller.
    mutating func losePower(_ s: Int) {
        failures.powerDown[s] += 1
        guard failures.powerDown[s] == 1 else { return }
        for e in parameters.stations[s].evses { withdrawAuthorization(e) }
        signal(station: s, .powerLost)
    }

    mutating func regainPower(_ s: Int) {
        failures.powerDown[s] -= 1
        if failures.powerDown[s] == 0 { signal(station: s, .powerRestored) }
    }

    /// Whether a station has power and a modem that works.
    public func isOnline(_ s: Int) -> Bool { failures.powerDown[s] == 0 && failures.linkDown[s] == 0 }

    /// The component works again, or the port is good again.
    /// - Parameter dispatched: when the crew set off; nil for a remote fix.
    mutating func outageEnds(_ slot: UInt32, dispatched: SimTime? = nil, arrived: SimTime = .zero, now: SimTime) {
        let outage = failures.outages.remove(slot)
        lift(outage, now: now)
        var record = Self.record(of: outage, end: now)
        if let dispatched {
            record.preparationS = Float((outage.ready - outage.reported).seconds)
            record.crewWaitS = Float((dispatched - outage.ready).seconds)
            record.travelS = Float((arrived - dispatched).seconds)
            record.workS = Float((now - arrived).seconds)
        }
        append(record)
        if outage.clock == .max {
            portRepaired(Int(outage.evse), now: now)
        } else {
            let i = Int(outage.clock)
            failures.clocks[i].outage = .max
            if !outage.remote { failures.clocks[i].renewed = now }
            scheduleFailure(i, now: now)
        }
    }

    private static func record(of outage: Outage, end: SimTime) -> OutageRecord {
        var record = OutageRecord(
            start: outage.start, end: end, station: outage.station, evse: outage.evse == .max ? nil : outage.evse,
            cause: outage.cause, remote: outage.remote, effect: outage.effect)
        if outage.reported <= end { record.detectionS = Float((outage.reported - outage.start).seconds) }
        return record
    }

    /// Keeps a row of an outage that is over.
    mutating func append(_ record: OutageRecord) {
        records.outages.append(record)
        digest.mix(UInt64(record.cause) << 48 | UInt64(record.station ?? .max) << 32 | UInt64(record.evse ?? .max))
        digest.mix(record.start.microseconds)
    }

    /// Rows of everything that is out of order at `now`, the end of the run. Changes nothing.
    public func openOutages(now: SimTime) -> [OutageRecord] {
        var open: [OutageRecord] = []
        if failures.supply.isDown {
            open.append(
                OutageRecord(
                    start: failures.supply.downSince, end: now, station: nil, evse: nil,
                    cause: OutageRecord.gridOutage, remote: false, effect: .power))
        }
        for clock in failures.clocks where clock.isDown {
            open.append(Self.record(of: failures.outages[clock.outage], end: now))
        }
        for e in failures.ports.indices where failures.ports[e].condition != .good {
            let port = failures.ports[e]
            open.append(
                port.outage == .max
                    ? hiddenRecord(e, end: now) : Self.record(of: failures.outages[port.outage], end: now))
        }
        for e in failures.trips.indices where failures.trips[e] < .distantFuture {
            open.append(tripRecord(e, end: now))
        }
        for i in open.indices { open[i].isOpen = true }
        return open
    }

    // MARK: taking EVSEs out and putting them back

    mutating func takeOut(_ e: Int, _ reason: EndReason, now: SimTime) {
        evses[e].outages += 1
        guard evses[e].outages == 1 else { return }
        counts.change(now: now, outOfService: 1)
        pilot(e, .fault(reason), now: now)
        signal(e, .faulted)
        breakOff(e, reason, now: now)
    }

    mutating func putBack(_ e: Int, now: SimTime) {
        evses[e].outages -= 1
        guard evses[e].outages == 0 else { return }
        counts.change(now: now, outOfService: -1)
        pilot(e, .repaired, now: now)
        signal(e, .repaired)
        admitNext(to: e, now: now)
    }

    /// Ends whatever the driver at an EVSE was doing. Who stands at the EVSE to start a charge tries elsewhere; whose charge
    /// ends leaves soon, but a vehicle that is parked stays as long as was planned.
    private mutating func breakOff(_ e: Int, _ reason: EndReason, now: SimTime) {
        switch evses[e].phase {
        case .free, .parking, .finished, .leaving: return
        case .plugged, .starting: attemptFails(e, .outage, now: now)
        case .charging:
            endCharge(e, reason, now: now)
            let kind = evses[e].driver?.kind
            if kind == .direct || kind == .replayed { giveUp(e, now: now) }
        }
    }
}
