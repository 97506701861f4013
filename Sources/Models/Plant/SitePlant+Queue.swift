public import Sim

/// A message on its way out of the site.
public struct OutgoingMessage: BitwiseCopyable, Sendable, Codable {
    public var destination: UInt32
    public var deliverAt: SimTime
    public var message: SiteMessage
}

extension SitePlant {
    // MARK: finding a place

    /// A driver stands at the site's entrance.
    mutating func receive(_ driver: Driver, now: SimTime) {
        var driver = driver
        driver.arrival = now
        driver.queued = .zero
        guard canServe(driver) else { return leave(driver, .noCompatibleConnector, now: now) }
        var blocked = driver.kind != .fleet && driver.stream.unit() < parameters.incidents.blockedBay
        if let e = bestFree(for: driver, skippingBest: &blocked) { return occupy(e, with: driver, now: now) }
        let (operative, expectedWaitS) = expectedWait(for: driver)
        guard operative else { return leave(driver, .outOfService, now: now) }
        guard waitingCount(like: driver) < parameters.queuePlaces || driver.kind == .fleet else {
            return leave(driver, .noPlace, now: now)
        }
        guard expectedWaitS <= driver.patienceS || driver.kind == .fleet else {
            return leave(driver, .balked, now: now)
        }
        ticketCount += 1
        waiting.append(WaitingDriver(driver: driver, ticket: ticketCount, since: now))
        counts.change(now: now, waiting: 1)
        queue.schedule(.patienceOver(ticket: ticketCount), at: now + .rounding(seconds: driver.patienceS))
    }

    /// Can this driver charge at that EVSE when it works and is free?
    func fits(_ driver: Driver, evse e: Int) -> Bool {
        let evse = parameters.evses[e]
        switch driver.kind {
        case .direct: guard evse.isDirect else { return false }
        case .parked: guard !evse.isDirect else { return false }
        case .replayed: return true
        case .fleet: break
        }
        return parameters.compatibility[evse.compatibilityRow][Int(driver.vehicle)]
    }

    private func canServe(_ driver: Driver) -> Bool {
        for e in evses.indices where fits(driver, evse: e) { return true }
        return false
    }

    /// The free EVSE that the driver likes best; nil when all are taken or out of order. With `skippingBest` a parked vehicle stands in the best bay and the next one is taken.
    private func bestFree(for driver: Driver, skippingBest blocked: inout Bool) -> Int? {
        var best: Int?
        var second: Int?
        var bestW = -1.0
        for e in evses.indices where evses[e].phase == .free && evses[e].isInviting && fits(driver, evse: e) {
            let watts = driver.preference == .power ? promisedPowerW(e) : 0
            if watts > bestW {
                second = best
                best = e
                bestW = watts
            } else if second == nil {
                second = e
            }
        }
        return blocked ? second : best
    }

    /// Power an arriving driver can expect: the station's modules are shared with its busy outlets.
    func promisedPowerW(_ e: Int) -> Double {
        let own = parameters.evses[e].ratedW
        let station = parameters.stations[parameters.evses[e].station]
        guard station.moduleCount > 0 else { return own }
        var busy = 1.0
        for other in station.evses where evses[other].phase != .free { busy += 1 }
        return min(own, station.ratedW / busy)
    }

    /// Whether any fitting EVSE works, and the wait a driver would guess from the queue in sight, seconds.
    private func expectedWait(for driver: Driver) -> (operative: Bool, seconds: Double) {
        var working = 0.0
        for e in evses.indices where evses[e].isOperative && fits(driver, evse: e) { working += 1 }
        guard working > 0 else { return (false, .infinity) }
        let usualStayS = driver.kind == .direct ? parameters.usualStayS.dc : parameters.usualStayS.ac
        return (true, usualStayS * (Double(waitingCount(like: driver)) + 0.5) / working)
    }

    /// Drivers who wait for the same kind of charger.
    private func waitingCount(like driver: Driver) -> Int {
        var count = 0
        for other in waiting where (other.driver.kind == .direct) == (driver.kind == .direct) { count += 1 }
        return count
    }

    // MARK: waiting

    mutating func patienceOver(_ ticket: UInt32, now: SimTime) {
        guard let i = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
        let driver = leaveQueue(i, now: now)
        leave(driver, .reneged, now: now)
    }

    /// What an EVSE shows drivers: that they may start there, or that it is reserved or out of service. Who stands there
    /// already, or has nowhere else to go, tries all the same.
    public mutating func invite(_ e: Int, _ isInviting: Bool, now: SimTime) {
        guard evses[e].isShut == isInviting else { return }
        evses[e].isShut = !isInviting
        if isInviting { admitNext(to: e, now: now) }
    }

    /// An EVSE has become free: the first waiting driver whom it fits takes it.
    mutating func admitNext(to e: Int, now: SimTime) {
        guard evses[e].phase == .free, evses[e].isInviting else { return }
        guard let i = waiting.firstIndex(where: { fits($0.driver, evse: e) }) else { return }
        let driver = leaveQueue(i, now: now)
        occupy(e, with: driver, now: now)
    }

    /// Takes a driver out of the queue, with the time spent in it.
    private mutating func leaveQueue(_ i: Int, now: SimTime) -> Driver {
        let place = waiting.remove(at: i)
        counts.change(now: now, waiting: -1)
        var driver = place.driver
        driver.queued = now - place.since
        return driver
    }

    // MARK: leaving

    /// A driver leaves without a charge: on to a neighbour where one is left to try, else lost.
    mutating func leave(_ driver: Driver, _ reason: LossReason, now: SimTime) {
        var driver = driver
        guard driver.kind == .direct || driver.kind == .parked, driver.hops < parameters.maximumHops,
            let neighbour = chooseNeighbour(of: driver.kind, driver.stream.unit())
        else { return lose(driver, reason, now: now) }
        records.losses.append(
            LossRecord(
                time: now, reason: reason, waited: now - driver.arrival, queued: driver.queued, droveOn: true,
                attempts: driver.attempts, wantedWh: driver.wantedWh))
        driver.hops += 1
        driver.attempts = 0
        outgoing.append(
            OutgoingMessage(destination: neighbour.site, deliverAt: now + neighbour.drive, message: .driver(driver)))
    }

    private func chooseNeighbour(of kind: Driver.Kind, _ u: Double) -> Neighbour? {
        let neighbours = kind == .direct ? parameters.neighbours.dc : parameters.neighbours.ac
        for neighbour in neighbours where u <= neighbour.cumulative { return neighbour }
        return neighbours.last
    }

    mutating func lose(_ driver: Driver, _ reason: LossReason, now: SimTime) {
        totals.lostDrivers += 1
        records.losses.append(
            LossRecord(
                time: now, reason: reason, waited: now - driver.arrival, queued: driver.queued, droveOn: false,
                attempts: driver.attempts, wantedWh: driver.wantedWh))
        digest.mix(UInt64(reason.rawValue))
    }
}
