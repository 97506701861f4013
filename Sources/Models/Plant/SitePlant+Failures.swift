internal import Sim

extension SitePlant {
    // MARK: components

    /// Sets every component's clock; called once when the run starts.
    mutating func startFailures() {
        failures.paymentDown = ContiguousArray(repeating: 0, count: parameters.stations.count)
        failures.linkDown = ContiguousArray(repeating: 0, count: parameters.stations.count)
        guard let policy = parameters.failures, policy.rateMultiplier > 0 else { return }
        for s in parameters.stations.indices {
            let station = parameters.stations[s]
            for c in ReliabilityTable.components.indices {
                let component = ReliabilityTable.components[c]
                guard component.ratePerYear(in: station.kind) > 0 else { continue }
                let places: [UInt16] =
                    component.scope == .connector ? station.evses.map { UInt16($0) } : [UInt16.max]
                for place in places { addClock(s, c, place, share: 1 / Double(places.count)) }
            }
        }
        scheduleFailure(now: .zero)
    }

    /// Rates of the table are per station; a component of each EVSE carries its share.
    private mutating func addClock(_ s: Int, _ c: Int, _ place: UInt16, share: Double) {
        let offset = UInt64(c) << 16 | UInt64(place)
        var clock = ComponentClock(
            station: UInt16(s), evse: place, component: UInt8(c),
            stream: RandomStream(
                seed: parameters.seed, purpose: StreamPurpose.failures,
                entity: parameters.stations[s].entity &+ offset),
            renewed: .zero, fails: .distantFuture)
        // Equipment of all ages: the world starts somewhere in the first component's life.
        let (scaleH, shape) = weibull(clock, share: share)
        clock.renewed = SimTime.zero - .roundingUp(seconds: 3600 * scaleH * clock.stream.unit())
        clock.drawFailure(now: .zero, scaleH: scaleH, shape: shape)
        failures.clocks.append(clock)
    }

    private func weibull(_ clock: ComponentClock, share: Double) -> (scaleH: Double, shape: Double) {
        let component = ReliabilityTable.components[Int(clock.component)]
        let kind = parameters.stations[Int(clock.station)].kind
        let rate = component.ratePerYear(in: kind) * share * (parameters.failures?.rateMultiplier ?? 0)
        return (component.weibullScaleH(ratePerYear: rate), component.weibullShape)
    }

    private func share(of clock: ComponentClock) -> Double {
        clock.evse == .max ? 1 : 1 / Double(parameters.stations[Int(clock.station)].evses.count)
    }

    /// One pending event for the whole site: the earliest failure.
    private mutating func scheduleFailure(now: SimTime) {
        var earliest = SimTime.distantFuture
        for clock in failures.clocks where !clock.isDown { earliest = min(earliest, clock.fails) }
        if earliest < parameters.end { queue.schedule(.componentFailure, at: max(earliest, now)) }
    }

    mutating func componentFails(now: SimTime) {
        for i in failures.clocks.indices where !failures.clocks[i].isDown && failures.clocks[i].fails <= now {
            beginOutage(i, now: now)
        }
        scheduleFailure(now: now)
    }

    private mutating func beginOutage(_ i: Int, now: SimTime) {
        guard let policy = parameters.failures else { return }
        let component = ReliabilityTable.components[Int(failures.clocks[i].component)]
        failures.clocks[i].isDown = true
        let remote = failures.clocks[i].stream.unit() >= component.onsiteShare
        let slot = failures.outages.insert(
            Outage(clock: UInt32(i), start: now, remote: remote, effect: Self.effect(of: component)))
        apply(failures.clocks[i], Self.effect(of: component), now: now)
        if remote {
            let minutes = failures.clocks[i].stream.lognormal(
                mu: Math.log(policy.remoteMedianMin), sigma: policy.remoteSigma)
            queue.schedule(.outageEnd(slot: slot), at: now + .rounding(seconds: minutes * 60))
        } else {
            callCrew(i, slot, component, policy, now: now)
        }
    }

    /// Detection takes 10 minutes and triage 5 to 30; then the desk knows, and a crew comes when parts and people are ready.
    private mutating func callCrew(
        _ i: Int, _ slot: UInt32, _ component: ReliabilityComponent, _ policy: FailureParameters, now: SimTime
    ) {
        let triage = SimDuration.rounding(seconds: 60 * (15 + 25 * failures.clocks[i].stream.unit()))
        let hands = failures.clocks[i].stream.lognormal(mu: Math.log(max(0.1, component.handsOnMedianH)), sigma: 0.5)
        let restoreH = failures.clocks[i].stream.lognormal(
            mu: Math.log(policy.onsiteMedianH), sigma: policy.onsiteSigma)
        let leadH = max(0.5, restoreH - hands - 0.5)
        let ticket = RepairTicket(
            site: parameters.index, outage: slot, readyAt: now + .rounding(seconds: leadH * 3600),
            handsOn: .rounding(seconds: hands * 3600), latitude: Float(parameters.position.latitude),
            longitude: Float(parameters.position.longitude))
        outgoing.append(
            OutgoingMessage(destination: policy.deskSite, deliverAt: now + triage, message: .ticket(ticket)))
    }

    private static func effect(of component: ReliabilityComponent) -> Outage.Effect {
        switch component.name {
        case "payment_terminal": .payment
        case "modem_sim_antenna": .link
        case "screen_hmi": .cosmetic
        default: .service
        }
    }

    /// The EVSEs that a component takes out.
    private func reach(_ clock: ComponentClock) -> Range<Int> {
        clock.evse == .max
            ? parameters.stations[Int(clock.station)].evses : Int(clock.evse)..<Int(clock.evse) + 1
    }

    private mutating func apply(_ clock: ComponentClock, _ effect: Outage.Effect, now: SimTime) {
        digest.mix(UInt64(clock.component))
        switch effect {
        case .service: for e in reach(clock) { takeOut(e, .fault, now: now) }
        case .payment: failures.paymentDown[Int(clock.station)] += 1
        case .link:
            failures.linkDown[Int(clock.station)] += 1
            if failures.linkDown[Int(clock.station)] == 1 { signal(station: Int(clock.station), .linkLost) }
        case .cosmetic: break
        }
    }

    mutating func outageEnds(_ slot: UInt32, now: SimTime) {
        let outage = failures.outages.remove(slot)
        let i = Int(outage.clock)
        failures.clocks[i].isDown = false
        if !outage.remote { failures.clocks[i].renewed = now }
        let (scaleH, shape) = weibull(failures.clocks[i], share: share(of: failures.clocks[i]))
        failures.clocks[i].drawFailure(now: now, scaleH: scaleH, shape: shape)
        let clock = failures.clocks[i]
        switch outage.effect {
        case .service: for e in reach(clock) { putBack(e, now: now) }
        case .payment: failures.paymentDown[Int(clock.station)] -= 1
        case .link:
            failures.linkDown[Int(clock.station)] -= 1
            if failures.linkDown[Int(clock.station)] == 0 { signal(station: Int(clock.station), .linkRestored) }
        case .cosmetic: break
        }
        records.outages.append(
            OutageRecord(
                start: outage.start, end: now, station: clock.station, evse: clock.evse == .max ? nil : clock.evse,
                component: clock.component, remote: outage.remote))
        scheduleFailure(now: now)
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

    /// Ends whatever the driver at an EVSE was doing.
    mutating func breakOff(_ e: Int, _ reason: EndReason, now: SimTime) {
        switch evses[e].phase {
        case .free, .parking, .finished, .leaving: return
        case .plugged, .starting:
            evses[e].end = reason
            evses[e].phase = .finished
        case .charging: endCharge(e, reason, now: now)
        }
        giveUp(e, now: now)
    }

    // MARK: incidents under load

    /// Decides whether, and when, something goes wrong in this charge.
    mutating func scheduleIncident(_ e: Int, now: SimTime) {
        let total = parameters.incidents.total
        guard total > 0, unitForDriver(at: e) < total else { return }
        let seconds = unitForDriver(at: e) * (isDirect(e) ? 1200 : 3600)
        queue.schedule(
            .incident(evse: UInt16(e), generation: evses[e].generation), at: now + .rounding(seconds: seconds))
    }

    mutating func incident(_ e: Int, now: SimTime) {
        guard evses[e].phase == .charging else { return }
        let p = parameters.incidents
        let u = unitForDriver(at: e) * p.total
        let station = stationOf(e)
        if u < p.cablePulled {
            raise(.cablePulled, evses[e].process.meterPowerW, station: station, now: now)
            pilot(e, .fault(.cablePulled), now: now)
            endCharge(e, .cablePulled, now: now)
            depart(e, now: now)
        } else if u < p.cablePulled + p.supplyLost {
            raise(.supplyLost, 0, station: station, now: now)
            trip(e, .supplyLost, medianMin: 20, now: now)
        } else if u < p.cablePulled + p.supplyLost + p.vehicleSilent {
            raise(.vehicleSilent, 0, station: station, now: now)
            pilot(e, .fault(.vehicleSilent), now: now)
            endCharge(e, .vehicleSilent, now: now)
            giveUp(e, now: now)
        } else if u < p.total - p.groundFault {
            raise(.emergencyStop, 0, station: station, now: now)
            trip(e, .emergencyStop, medianMin: 30, now: now)
        } else {
            raise(.groundFault, 0, station: station, now: now)
            trip(e, .groundFault, medianMin: 15, now: now)
        }
    }

    /// Protection has opened: out until somebody, or the automatic reset, closes it again.
    private mutating func trip(_ e: Int, _ reason: EndReason, medianMin: Double, now: SimTime) {
        takeOut(e, reason, now: now)
        let minutes = evses[e].driver?.stream.lognormal(mu: Math.log(medianMin), sigma: 0.5) ?? medianMin
        let slot = failures.trips.insert(FailureState.Trip(evse: UInt16(e), start: now))
        queue.schedule(.tripReset(slot: slot), at: now + .rounding(seconds: minutes * 60))
    }

    mutating func tripResets(_ slot: UInt32, now: SimTime) {
        let trip = failures.trips.remove(slot)
        records.outages.append(
            OutageRecord(
                start: trip.start, end: now, station: UInt16(stationOf(Int(trip.evse))), evse: trip.evse,
                component: OutageRecord.protectionTrip, remote: true))
        putBack(Int(trip.evse), now: now)
    }

    // MARK: the desk

    mutating func deliver(_ message: SiteMessage, now: SimTime) {
        switch message {
        case .driver(let driver): receive(driver, now: now)
        case .ticket(let ticket):
            desk?.file(ticket)
            wakeDesk(now: now)
        case .repaired(let outage): outageEnds(outage, now: now)
        }
    }

    mutating func wakeDesk(now: SimTime) {
        guard let round = desk?.dispatch(now: now) else { return }
        for job in round.jobs {
            outgoing.append(
                OutgoingMessage(
                    destination: job.ticket.site, deliverAt: job.done, message: .repaired(outage: job.ticket.outage)))
        }
        if let wake = round.wake { queue.schedule(.deskWakes, at: wake) }
    }
}
