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
        let outlet = parameters.evses[e]
        let limit = outlet.ratedW
        evses[e].ownLimitW = min(limit, row.maxPowerW)
        setPilot(e, wattsPerAmp: outlet.isDirect ? 0 : Double(outlet.phases) * outlet.voltageV)
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
        // Ratings and currents hold at the connector; what the pack stores is less by the one-way efficiency.
        evses[e].ownLimitW = acceptance.limitW
        acceptance.currentLimitA *= efficiency
        acceptance.factor = pack.powerFactor
        setPilot(e, wattsPerAmp: 0)
        return ChargeProcess(
            acceptance: acceptance, stateOfCharge: driver.soc, targetSoC: driver.targetSoC,
            capacityWh: driver.capacityWh, meterPerBattery: 1 / efficiency, now: now)
    }

    /// Packs have stood outdoors and come warmed by the losses of the drive: 10 K above the outdoors, at most 35 °C, and
    /// well below 0 °C in a hard winter. At sites that drivers navigate to, the pack has been heated towards 25 °C for the
    /// usual lead time, as far as its heater gets. Estimates.
    private func arrivingPack(_ vehicle: VehicleModel, outdoors: Double) -> PackThermal {
        var pack = PackThermal(vehicle: vehicle, temperatureC: min(35, outdoors + Self.driveWarmsK))
        if parameters.isNavigatedTo {
            pack.precondition(
                to: PackTables.preconditionTargetC, within: Self.preconditioningLeadS, ambientC: outdoors)
        }
        return pack
    }
    /// A drive of half an hour: about a twentieth of 20 kWh stays as heat in a pack of 75 kWh (142 Wh/K).
    private static let driveWarmsK = 10.0
    private static let preconditioningLeadS = 1500.0

    private mutating func makeOnboardProcess(
        _ e: Int, _ evse: EVSEParameters, _ vehicle: VehicleModel, _ driver: Driver, now: SimTime
    ) -> ChargeProcess {
        let draw = OnboardCharger.draw(
            offeredA: min(evse.cableA, PilotDuty.maximumAmps), evsePhases: evse.phases, voltageV: evse.voltageV,
            cableA: evse.cableA, rating: vehicle.onboard(in: parameters.market))
        let watts = min(draw.acW, evse.ratedW)
        let efficiency = draw.acW > 0 ? draw.batteryW / draw.acW : 1
        evses[e].ownLimitW = watts
        setPilot(e, wattsPerAmp: Double(draw.phases) * evse.voltageV)
        return ChargeProcess(
            acceptance: .onboard(batteryW: watts * efficiency), stateOfCharge: driver.soc,
            targetSoC: driver.targetSoC, capacityWh: driver.capacityWh, meterPerBattery: 1 / efficiency, now: now)
    }

    /// The pilot of a new charge offers what is installed.
    private mutating func setPilot(_ e: Int, wattsPerAmp: Double) {
        evses[e].wattsPerAmp = wattsPerAmp
        evses[e].pilotA = parameters.evses[e].cableA
    }

    // MARK: what the site gives

    /// Puts the smallest limit in force at an EVSE and schedules what follows; the past must have been advanced.
    mutating func offer(_ e: Int, now: SimTime) {
        var given = min(evses[e].profileLimitW, min(evses[e].stationLimitW, evses[e].siteLimitW))
        if evses[e].wattsPerAmp > 0 { given = followPilot(e, givenW: given, now: now) }
        let limit = min(evses[e].ownLimitW, given)
        if let pack = evses[e].pack { evses[e].process.setAuxiliary(min(pack.wantedHeaterW, limit), now: now) }
        let process = evses[e].process
        evses[e].process.acceptance.limitW = (limit - process.auxiliaryW) / process.meterPerBattery
        restart(e, now: now)
    }

    /// A vehicle on alternating current knows of a limit through the pilot alone: whole amperes, and a pause below 6 A.
    /// Returns what the pilot then allows, W.
    private mutating func followPilot(_ e: Int, givenW: Double, now: SimTime) -> Double {
        let installed = parameters.evses[e].cableA
        let amps = PilotDuty.amps(givenW, unitW: evses[e].wattsPerAmp, installed: installed)
        if amps != evses[e].pilotA {
            evses[e].pilotA = amps
            if evses[e].phase == .charging { pilot(e, .limited(amps: amps), now: now) }
        }
        return amps == installed ? .infinity : amps * evses[e].wattsPerAmp
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
            powerW: (process.meterPowerW - process.auxiliaryW) / process.meterPerBattery,
            capacityWh: process.capacityWh, heaterW: process.auxiliaryW)
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
        demandChanged(now: now)
    }
}

extension SitePlant {
    /// Gives whole power modules of a station to its outlets.
    mutating func shareModules(_ s: Int, now: SimTime) {
        let station = parameters.stations[s]
        guard station.moduleCount > 0 else { return shareCurrent(s, now: now) }
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

    /// A profile leaves nothing to charge with: no power at all, or on alternating current less than the pilot can offer.
    public func isPaused(_ e: Int) -> Bool {
        let unit = evses[e].wattsPerAmp
        guard unit > 0 else { return evses[e].profileLimitW <= 0 }
        return PilotDuty.amps(evses[e].profileLimitW, unitW: unit, installed: parameters.evses[e].cableA) == 0
    }

    /// The CSMS or the station ends what goes on at an EVSE, whether or not energy flows yet. A vehicle that is there gets
    /// no more and stays until its driver, who leaves soon, unplugs it; one that has still to come needs a token again.
    ///
    /// The station is always told ``StationSignal/Kind/energyEnded(_:)``: its transaction may be older than the charge, or
    /// outlive it.
    public mutating func stopCharging(_ e: Int, now: SimTime) {
        switch evses[e].phase {
        case .charging:
            endCharge(e, .driverLeft, now: now)
            giveUp(e, now: now)
        case .plugged, .starting:
            evses[e].phase = .finished
            evses[e].end = .driverLeft
            pilot(e, .vehicleSatisfied, now: now)
            signal(e, .energyEnded(.driverLeft))
            giveUp(e, now: now)
        case .free, .parking, .leaving:
            withdrawAuthorization(e)
            signal(e, .energyEnded(.driverLeft))
        case .finished: signal(e, .energyEnded(.driverLeft))
        }
    }
}
