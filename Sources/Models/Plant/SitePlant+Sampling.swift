public import Sim

extension SitePlant {
    /// Closes every sampling interval that ends at or before `now`; costs one comparison when none does.
    public mutating func sample(upTo now: SimTime) {
        while series.boundary <= now { closeInterval() }
    }

    /// Brings every charge process to `now` and books the energy.
    mutating func advanceCharging(to now: SimTime) {
        var booked = EnergyFlow()
        for k in charging.indices {
            let e = Int(charging[k])
            booked += evses[e].advance(to: now, as: parameters.evses[e])
        }
        book(booked)
    }

    /// Brings one charge process to `now` and books the energy.
    mutating func advance(_ e: Int, to now: SimTime) {
        book(evses[e].advance(to: now, as: parameters.evses[e]))
    }

    /// Adds energy that went through meters of the site to everything that counts it.
    mutating func book(_ flow: EnergyFlow) {
        series.gridWh += flow.gridWh
        grid.chargingWh += flow.gridWh
        totals.energyWh += flow.meterWh
        totals.gridEnergyWh += flow.gridWh
    }

    private mutating func closeInterval() {
        let now = series.boundary
        let interval = parameters.sampleInterval
        advanceCharging(to: now)
        let lit =
            parameters.gridOutages == nil ? 1 : 1 - failures.supply.takeDarkShare(over: interval, now: now)
        let evW = series.gridWh * 3600 / interval.seconds + parameters.standbyW * lit
        series.gridWh = 0
        let means = counts.takeMeans(over: interval, now: now)
        totals.outOfServiceUS += means.outOfServiceUS
        let siteW = evW + grid.buildingW * lit
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
