public import Sim

extension SitePlant {
    // MARK: what the vehicle can take

    /// The process that fills the driver's battery at this EVSE, limited by vehicle, EVSE and cable.
    mutating func makeProcess(_ e: Int, _ driver: Driver, now: SimTime) -> ChargeProcess {
        let evse = parameters.evses[e]
        guard driver.kind != .replayed else { return makeReplayedProcess(e, driver, now: now) }
        let vehicle = VehicleCatalogue.all[Int(driver.vehicle)]
        return isDirect(e)
            ? makeDirectProcess(e, evse, vehicle, driver, now: now)
            : makeOnboardProcess(e, evse, vehicle, driver, now: now)
    }

    private mutating func makeReplayedProcess(_ e: Int, _ driver: Driver, now: SimTime) -> ChargeProcess {
        let row = parameters.replay[Int(driver.row)]
        let limit = parameters.evses[e].ratedW
        evses[e].ownLimitW = min(limit, row.maxPowerW)
        let curve = row.isIdeal ? ChargeCurves.flat : ChargeCurves.twoStage
        return ChargeProcess(
            acceptance: Acceptance(curve: curve, scale: row.maxPowerW, limitW: limit), stateOfCharge: driver.soc,
            targetSoC: driver.targetSoC, capacityWh: driver.capacityWh, meterPerBattery: 1, now: now)
    }

    private mutating func makeDirectProcess(
        _ e: Int, _ evse: EVSEParameters, _ vehicle: VehicleModel, _ driver: Driver, now: SimTime
    ) -> ChargeProcess {
        let outdoors = ambientC(now)
        let outlet = DCOutlet(
            ratedW: evse.ratedW * DeratingTable.stationAmbient.value(at: outdoors), currentMaxA: evse.cableA,
            cableMaxA: evse.cableA, voltageMaxV: evse.voltageV)
        var acceptance = outlet.acceptance(for: vehicle) ?? Acceptance(vehicle: vehicle, limitW: 0)
        let limit = min(acceptance.limitW, vehicle.dcPeakW)
        let efficiency = vehicle.chemistry.chargeEfficiency(cRate: 0.6 * limit / vehicle.usableWh)
        let pack = arrivingPack(vehicle, outdoors: outdoors)
        evses[e].pack = pack
        evses[e].ownLimitW = acceptance.limitW / efficiency
        acceptance.factor = pack.powerFactor
        return ChargeProcess(
            acceptance: acceptance, stateOfCharge: driver.soc, targetSoC: driver.targetSoC,
            capacityWh: driver.capacityWh, meterPerBattery: 1 / efficiency, now: now)
    }

    /// Packs arrive warmed by the drive: 10 K above the outdoors, at least 5 °C, at most 35 °C. At sites that drivers
    /// navigate to, the pack has been heated to 25 °C where its heater can do that in the usual lead time. Estimates.
    private func arrivingPack(_ vehicle: VehicleModel, outdoors: Double) -> PackThermal {
        let pack = PackThermal(vehicle: vehicle, temperatureC: min(35, max(5, outdoors + 10)))
        guard parameters.isNavigatedTo,
            let seconds = pack.preconditioningSeconds(
                targetC: PackTables.preconditionTargetC, ambientC: outdoors), seconds <= Self.preconditioningLeadS
        else { return pack }
        return PackThermal(vehicle: vehicle, temperatureC: PackTables.preconditionTargetC)
    }
    private static let preconditioningLeadS = 1500.0

    private mutating func makeOnboardProcess(
        _ e: Int, _ evse: EVSEParameters, _ vehicle: VehicleModel, _ driver: Driver, now: SimTime
    ) -> ChargeProcess {
        let draw = OnboardCharger.draw(
            offeredA: evse.cableA, evsePhases: evse.phases, voltageV: evse.voltageV, cableA: evse.cableA,
            maximumW: vehicle.acMaxW, onboardPhases: vehicle.acPhases)
        let watts = min(draw.acW, evse.ratedW)
        let efficiency = draw.acW > 0 ? draw.batteryW / draw.acW : 1
        evses[e].ownLimitW = watts
        return ChargeProcess(
            acceptance: .onboard(batteryW: watts * efficiency), stateOfCharge: driver.soc,
            targetSoC: driver.targetSoC, capacityWh: driver.capacityWh, meterPerBattery: 1 / efficiency, now: now)
    }

    // MARK: what the site gives

    /// Puts the smallest limit in force at an EVSE and schedules what follows; the past must have been advanced.
    mutating func offer(_ e: Int, now: SimTime) {
        let limit = min(
            min(evses[e].ownLimitW, evses[e].profileLimitW), min(evses[e].stationLimitW, evses[e].siteLimitW))
        evses[e].process.acceptance.limitW = limit / evses[e].process.meterPerBattery
        restart(e, now: now)
    }

    /// Starts a new segment of the charge and schedules its end.
    mutating func restart(_ e: Int, now: SimTime) {
        evses[e].offer &+= 1
        guard let wait = evses[e].restart(now: now) else { return }
        queue.schedule(.segmentEnd(evse: UInt16(e), generation: evses[e].offer), at: now + wait)
    }

    /// Holds the pack's heat at what the present power makes and schedules the next change of its band.
    ///
    /// Where the coolant carries all heat away the temperature stays at its set point and nothing is scheduled; edges
    /// are told at most once in ``packHoldS``, so that heater and coolant cannot chatter about a threshold.
    mutating func scheduleBandEdge(_ e: Int, now: SimTime) {
        guard let pack = evses[e].pack else { return }
        let process = evses[e].process
        let heatW = pack.chargingHeatW(
            powerW: process.meterPowerW / process.meterPerBattery, capacityWh: process.capacityWh)
        evses[e].packHeatW = heatW
        evses[e].packAt = now
        guard let seconds = pack.secondsToBandEdge(heatW: heatW, ambientC: ambientC(now)) else { return }
        queue.schedule(
            .bandEdge(evse: UInt16(e), generation: evses[e].generation),
            at: now + .roundingUp(seconds: max(seconds, Self.packHoldS)))
    }
    private static let packHoldS = 30.0

    /// The pack's temperature has left its band: the vehicle's own limit changes.
    mutating func bandEdge(_ e: Int, now: SimTime) {
        guard evses[e].phase == .charging, let heatW = evses[e].packHeatW else { return }
        advance(e, to: now)
        let since = evses[e].packAt
        let ambient = ambientC(since)
        evses[e].pack?.advance(seconds: (now - since).seconds, heatW: heatW, ambientC: ambient)
        if let factor = evses[e].pack?.powerFactor { evses[e].process.acceptance.factor = factor }
        offer(e, now: now)
        scheduleBandEdge(e, now: now)
    }

    // MARK: sharing

    /// Shares the stations' modules and the site's limit anew where either can bind.
    mutating func reallocate(now: SimTime) {
        for s in parameters.sharingStations { shareModules(s, now: now) }
        guard case .fairShare(let margin, let minimumW) = parameters.control, !charging.isEmpty else { return }
        advanceCharging(to: now)
        let limit = parameters.importLimitW * (1 - margin)
        let capacity = max(0, limit - grid.buildingW - parameters.standbyW)
        allocator.removeAll()
        for e in charging {
            let i = Int(e)
            let demand = demandW(i)
            allocator.items.append(
                FairShareItem(
                    weight: parameters.stations[stationOf(i)].weight, minimum: min(minimumW, demand), maximum: demand,
                    arrival: evses[i].plugIn.microseconds))
        }
        let binding = allocator.allocate(capacity: capacity) != nil || allocator.isAdmitted.contains(false)
        for k in charging.indices {
            let e = Int(charging[k])
            let limitW = binding ? deliverableW(e, gridW: allocator.grants[k]) : .infinity
            if evses[e].siteLimitW != limitW {
                evses[e].siteLimitW = limitW
                offer(e, now: now)
            }
        }
        scheduleAllocation(binding: binding, now: now)
    }

    /// Grid-side power that an EVSE would take now if the site set no limit, W.
    private func demandW(_ e: Int) -> Double {
        let process = evses[e].process
        var acceptance = process.acceptance
        acceptance.limitW =
            min(evses[e].ownLimitW, evses[e].stationLimitW, evses[e].profileLimitW) / process.meterPerBattery
        let meterW = acceptance.powerW(atSoC: process.stateOfCharge) * process.meterPerBattery
        let conversion = parameters.evses[e].conversion
        return conversion.inputW(outputW: meterW) - conversion.standbyW
    }

    /// What an EVSE may deliver when it may draw `gridW` beyond standby.
    private func deliverableW(_ e: Int, gridW: Double) -> Double {
        let conversion = parameters.evses[e].conversion
        return conversion.outputW(inputW: gridW + conversion.standbyW)
    }

    /// While the limit binds the manager runs every minute; else it looks again when the building's load changes.
    private mutating func scheduleAllocation(binding: Bool, now: SimTime) {
        guard !allocationPending else { return }
        allocationPending = true
        let tick: Int64 = 60_000_000
        let next = SimTime(microseconds: (now.microseconds / tick + 1) * tick)
        queue.schedule(.allocation, at: binding || parameters.building == nil ? next : series.boundary)
    }

    mutating func allocationDue(now: SimTime) {
        allocationPending = false
        reallocate(now: now)
    }

    /// Gives whole power modules of a station to its outlets.
    private mutating func shareModules(_ s: Int, now: SimTime) {
        let station = parameters.stations[s]
        for e in station.evses where evses[e].phase == .charging { advance(e, to: now) }
        moduleDemandW.removeAll(keepingCapacity: true)
        for e in station.evses { moduleDemandW.append(evses[e].phase == .charging ? evses[e].ownLimitW : 0) }
        matrix.allocate(
            demandW: moduleDemandW, weights: [], moduleCount: station.moduleCount, moduleW: station.moduleW)
        for (k, e) in station.evses.enumerated() where evses[e].phase == .charging {
            let limit = Double(matrix.modules[k]) * station.moduleW
            guard evses[e].stationLimitW != limit else { continue }
            evses[e].stationLimitW = limit
            offer(e, now: now)
        }
    }
}

extension SitePlant {
    /// Register, power and state of charge at an EVSE now.
    public mutating func readMeter(
        _ e: Int, now: SimTime
    ) -> (
        registerWh: Double, powerW: Double, stateOfCharge: Double?
    ) {
        advance(e, to: now)
        guard evses[e].phase == .charging else { return (evses[e].meter.registerWh, 0, nil) }
        return (evses[e].meter.registerWh, evses[e].process.meterPowerW, evses[e].process.stateOfCharge)
    }

    /// Charging profiles allow at most `watts` at the connector from now on; infinite for no limit, 0 for a pause.
    public mutating func limit(_ e: Int, watts: Double, now: SimTime) {
        guard evses[e].profileLimitW != watts else { return }
        evses[e].profileLimitW = max(0, watts)
        guard evses[e].phase == .charging else { return }
        if grid.thermal != nil {
            advanceCharging(to: now)
            stepTransformer(to: now)
        }
        advance(e, to: now)
        offer(e, now: now)
        reallocate(now: now)
    }

    /// The CSMS or the station ends the charge; the driver leaves.
    public mutating func stopCharging(_ e: Int, now: SimTime) {
        guard evses[e].phase == .charging else { return }
        endCharge(e, .driverLeft, now: now)
        giveUp(e, now: now)
    }
}
