internal import Sim

extension SitePlant {
    /// The site's supply is there at the start; draws when it first fails.
    mutating func startSupply() {
        failures.supply.stream = RandomStream(
            seed: parameters.seed, purpose: FailureStreamPurpose.gridOutage, entity: parameters.entity)
        scheduleSupplyLoss(now: .zero)
    }

    private mutating func scheduleSupplyLoss(now: SimTime) {
        guard let outages = parameters.gridOutages, outages.perYear > 0 else { return }
        let hours = failures.supply.stream.exponential(mean: 8760 / outages.perYear)
        let at = now + .roundingUp(seconds: min(hours * 3600, 1e11))
        if at < parameters.end { queue.schedule(.supplyLost, at: at) }
    }

    /// The grid fails: building and stations are off, contactors open, controllers go down.
    mutating func supplyFails(now: SimTime) {
        guard let outages = parameters.gridOutages, !failures.supply.isDown else { return }
        advanceCharging(to: now)
        stepTransformer(to: now)
        failures.supply.fail(now: now)
        for s in parameters.stations.indices { losePower(s) }
        for e in evses.indices { takeOut(e, .supplyLost, now: now) }
        let sigma = GridOutageParameters.sigma
        let mu = Math.log(max(outages.meanH, 1e-3)) - 0.5 * sigma * sigma
        let hours = failures.supply.stream.lognormal(mu: mu, sigma: sigma)
        queue.schedule(.supplyRestored, at: now + .roundingUp(seconds: max(1, hours * 3600)))
    }

    /// Everything is live again; stations boot.
    mutating func supplyReturns(now: SimTime) {
        guard failures.supply.isDown else { return }
        stepTransformer(to: now)
        append(
            OutageRecord(
                start: failures.supply.downSince, end: now, station: nil, evse: nil, cause: OutageRecord.gridOutage,
                remote: false, effect: .power))
        failures.supply.restore(now: now)
        for e in evses.indices { putBack(e, now: now) }
        for s in parameters.stations.indices { regainPower(s) }
        reallocate(now: now)
        scheduleSupplyLoss(now: now)
    }

    public var isSupplyDown: Bool { failures.supply.isDown }

    /// What the site draws now besides charging, W.
    public var baseLoadW: Double { failures.supply.isDown ? 0 : parameters.standbyW + grid.buildingW }
}
