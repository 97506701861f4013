public import Sim

extension SitePlant {
    /// Closes every sampling interval that ends at or before `now`; costs one comparison when none does.
    public mutating func sample(upTo now: SimTime) {
        while series.boundary <= now { closeInterval() }
    }

    /// Brings every charge process to `now` and books the energy.
    mutating func advanceCharging(to now: SimTime) {
        for k in charging.indices { advance(Int(charging[k]), to: now) }
    }

    /// Brings one charge process to `now` and books the energy.
    mutating func advance(_ e: Int, to now: SimTime) {
        guard let since = evses[e].process?.updatedAt, now > since else { return }
        let wattHours = evses[e].process?.advance(to: now) ?? 0
        book(wattHours, evse: e, over: now - since)
    }

    /// Books energy that went through the meter of an EVSE during `span`, and what it took from the grid.
    mutating func book(_ wattHours: Double, evse e: Int, over span: SimDuration) {
        guard wattHours > 0 else { return }
        let hours = span > .zero ? span.seconds / 3600 : wattHours / parameters.evses[e].ratedW
        let conversion = parameters.evses[e].conversion
        let gridWh = (conversion.inputW(outputW: wattHours / hours) - conversion.standbyW) * hours
        evses[e].meter.count(Energy(wattHours: wattHours))
        evses[e].sessionWh += wattHours
        evses[e].sessionGridWh += gridWh
        evses[e].intervalWh += wattHours
        series.gridWh += gridWh
        grid.chargingWh += gridWh
        totals.energyWh += wattHours
        totals.gridEnergyWh += gridWh
    }

    private mutating func closeInterval() {
        let now = series.boundary
        let interval = parameters.sampleInterval
        advanceCharging(to: now)
        let evW = series.gridWh * 3600 / interval.seconds + parameters.standbyW
        series.gridWh = 0
        let means = counts.takeMeans(over: interval, now: now)
        let siteW = evW + grid.buildingW
        if parameters.transformer != nil { stepTransformer(to: now) }
        let heat = grid.takeInterval()
        series.samples.append(
            SiteSample(
                evPowerW: Float(evW), sitePowerW: Float(siteW), topOilC: Float(heat.topOilC),
                hotSpotMaxC: Float(heat.hotSpotMaxC), ageingH: Float(heat.ageingH), occupied: Float(means.occupied),
                charging: Float(means.charging), waiting: Float(means.waiting),
                outOfService: Float(means.outOfService)))
        if parameters.evseSeriesOn { sampleEVSEs(interval) }
        if siteW > parameters.importLimitW * 1.0001 { raise(.importLimitExceeded, siteW, station: nil, now: now) }
        digest.mix(Int64(siteW.rounded()))
        series.boundary = now + interval
        startBuildingInterval(at: now)
    }

    private mutating func sampleEVSEs(_ interval: SimDuration) {
        for e in evses.indices {
            series.evsePowerW.append(Float(evses[e].intervalWh * 3600 / interval.seconds))
            evses[e].intervalWh = 0
        }
    }
}
