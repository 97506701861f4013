internal import Sim

extension SitePlant {
    /// Draws every port's hidden condition at the start, in proportion to the long-run odds at its age.
    mutating func startPortConditions() {
        guard let p = parameters.failures?.conditions else { return }
        for e in evses.indices {
            let station = parameters.stations[stationOf(e)]
            failures.ports.append(
                PortState(
                    stream: RandomStream(
                        seed: parameters.seed, purpose: FailureStreamPurpose.condition,
                        entity: station.entity &+ UInt64(e - station.evses.lowerBound))))
            let years = station.ageYears
            let flaky = p.odds(.flaky, years: years)
            let dead = p.odds(.dead, years: years)
            let u = failures.ports[e].stream.unit() * (1 + flaky + dead)
            guard u > 1 else {
                scheduleOnset(e, now: .zero)
                continue
            }
            failures.ports[e].condition = u < 1 + flaky ? .flaky : .dead
            scheduleInspection(e, now: .zero)
        }
    }

    /// The condition in which a driver finds a port.
    func condition(_ e: Int) -> PortCondition { failures.ports.isEmpty ? .good : failures.ports[e].condition }

    private func ageYears(_ e: Int, now: SimTime) -> Double {
        parameters.stations[stationOf(e)].ageYears + now.seconds / Self.yearS
    }
    private static let yearS = 365 * 86_400.0

    private mutating func scheduleOnset(_ e: Int, now: SimTime) {
        guard let p = parameters.failures?.conditions, p.perYear > 0 else { return }
        failures.ports[e].generation &+= 1
        let years = ageYears(e, now: now)
        let wait = p.onsetAge(years: years, draw: failures.ports[e].stream.exponential(mean: 1)) - years
        let at = now + .roundingUp(seconds: max(1, min(wait * Self.yearS, 1e11)))
        guard at < parameters.end else { return }
        queue.schedule(.conditionOnset(evse: UInt16(e), generation: failures.ports[e].generation), at: at)
    }

    mutating func conditionBegins(_ e: Int, generation: UInt16, now: SimTime) {
        guard failures.ports[e].generation == generation, let p = parameters.failures?.conditions else { return }
        let isFlaky = failures.ports[e].stream.unit() * p.perYear < p.flakyPerYear
        failures.ports[e].condition = isFlaky ? .flaky : .dead
        failures.ports[e].since = now
        digest.mix(UInt64(e) << 8 | UInt64(failures.ports[e].condition.rawValue))
        scheduleInspection(e, now: now)
    }

    private mutating func scheduleInspection(_ e: Int, now: SimTime) {
        guard let p = parameters.failures?.conditions else { return }
        failures.ports[e].generation &+= 1
        let days = failures.ports[e].stream.exponential(mean: p.inspectionD)
        let at = now + .rounding(seconds: days * 86_400)
        guard at < parameters.end else { return }
        queue.schedule(.conditionFound(evse: UInt16(e), generation: failures.ports[e].generation), at: at)
    }

    mutating func conditionFound(_ e: Int, generation: UInt16, now: SimTime) {
        guard failures.ports[e].generation == generation else { return }
        portFound(e, now: now)
    }

    /// A driver whose attempt has failed may call; depots are looked after by the fleet's own staff.
    mutating func considerCall(_ e: Int, by driver: Driver, now: SimTime) {
        guard condition(e) != .good, failures.ports[e].outage == .max, let p = parameters.failures?.conditions
        else { return }
        let share = driver.kind == .fleet ? max(p.callShare, Self.fleetCallShare) : p.callShare
        guard unitForDriver(at: e) < share else { return }
        portFound(e, now: now)
    }
    private static let fleetCallShare = 0.5

    /// From here on the port is a fault like any other: a dead one is taken out of service, a flaky one stays in use until
    /// somebody sees to it.
    private mutating func portFound(_ e: Int, now: SimTime) {
        guard let p = parameters.failures?.conditions else { return }
        failures.ports[e].generation &+= 1
        let isDead = failures.ports[e].condition == .dead
        if isDead { append(hiddenRecord(e, end: now)) }
        let remote = failures.ports[e].stream.unit() < p.remoteShare
        let slot = failures.outages.insert(
            Outage(
                clock: .max, cause: isDead ? OutageRecord.deadPort : OutageRecord.flakyPort,
                station: UInt16(stationOf(e)), evse: UInt16(e), start: isDead ? now : failures.ports[e].since,
                detected: now, reported: now, ready: now, remote: remote, effect: isDead ? .service : .hidden))
        failures.ports[e].outage = slot
        var stream = failures.ports[e].stream
        repair(slot, handsOnMedianH: p.handsOnMedianH, stream: &stream, now: now)
        failures.ports[e].stream = stream
        apply(failures.outages[slot], now: now)
    }

    mutating func portRepaired(_ e: Int, now: SimTime) {
        failures.ports[e].condition = .good
        failures.ports[e].since = now
        failures.ports[e].outage = .max
        scheduleOnset(e, now: now)
    }

    /// The time in which nobody knew.
    func hiddenRecord(_ e: Int, end: SimTime) -> OutageRecord {
        let isDead = failures.ports[e].condition == .dead
        return OutageRecord(
            start: failures.ports[e].since, end: end, station: UInt16(stationOf(e)), evse: UInt16(e),
            cause: isDead ? OutageRecord.deadPort : OutageRecord.flakyPort, remote: false, effect: .hidden)
    }
}
