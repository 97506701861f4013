public import Sim

extension SitePlant {
    /// Closes every sampling interval and every step of the site's clock that ends at or before `now`; costs one comparison
    /// when none does.
    public mutating func sample(upTo now: SimTime) {
        while series.next <= now { closeBoundary() }
    }

    /// The same, and completes the samples that wait for the transformer, since they are about to be taken away.
    public mutating func completeSamples(upTo now: SimTime) {
        sample(upTo: now)
        advanceCharging(to: now)
        fillPendingSamples(at: now)
    }

    /// Drops the rows and samples that nobody will take to a telemetry file.
    public mutating func forgetRows() {
        records.removeAll()
        series.removeTaken()
        series.pending = 0
    }

    private mutating func closeBoundary() {
        let now = series.next
        advanceCharging(to: now)
        if now == series.boundary { closeInterval(at: now) }
        if now == grid.stepEnd { closeGridStep(at: now) }
        series.next = min(series.boundary, grid.stepEnd)
    }

    /// Brings every charge process to `now` and books the energy.
    mutating func advanceCharging(to now: SimTime) {
        var booked = EnergyFlow()
        for k in charging.indices {
            let e = Int(charging[k])
            booked += evses[e].advance(to: now, through: parameters.evses[e].conversion)
        }
        book(booked)
    }

    /// Brings one charge process to `now` and books the energy.
    mutating func advance(_ e: Int, to now: SimTime) {
        book(evses[e].advance(to: now, through: parameters.evses[e].conversion))
    }

    /// Adds energy that went through meters of the site to everything that counts it.
    mutating func book(_ flow: EnergyFlow) {
        totals.meterMicroWh += flow.meterMicroWh
        totals.gridMicroWh += flow.gridMicroWh
    }

    /// Keeps the means of the interval that ends now. Only looks: nothing physical depends on it.
    private mutating func closeInterval(at now: SimTime) {
        let interval = parameters.sampleInterval
        let chargingWh = Double(totals.gridMicroWh - series.startMicroWh) / 1e6
        let deliveredW = Double(totals.meterMicroWh - series.startMeterMicroWh) * 0.0036 / interval.seconds
        let (buildingWh, standbyWh) = (grid.buildingWh(now), grid.standbyWh(now))
        let evW = (chargingWh + standbyWh - series.startStandbyWh) * 3600 / interval.seconds
        let siteW = evW + (buildingWh - series.startBuildingWh) * 3600 / interval.seconds
        series.startMicroWh = totals.gridMicroWh
        series.startMeterMicroWh = totals.meterMicroWh
        series.startBuildingWh = buildingWh
        series.startStandbyWh = standbyWh
        let means = counts.takeMeans(over: interval, now: now)
        totals.outOfServiceUS += means.outOfServiceUS
        series.samples.append(
            SiteSample(
                evPowerW: Float(evW), sitePowerW: Float(siteW), occupied: Float(means.occupied),
                charging: Float(means.charging), waiting: Float(means.waiting),
                outOfService: Float(means.outOfService), deliveredW: Float(deliveredW)))
        if parameters.transformer != nil { series.pending += 1 }
        if parameters.evseSeriesOn { sampleEVSEs(interval) }
        series.boundary = now + interval
    }

    private mutating func sampleEVSEs(_ interval: SimDuration) {
        for e in evses.indices {
            let microWh = evses[e].meter.microWh
            series.evsePowerW.append(Float(Double(microWh - evses[e].sampledMicroWh) * 0.0036 / interval.seconds))
            evses[e].sampledMicroWh = microWh
        }
    }
}
