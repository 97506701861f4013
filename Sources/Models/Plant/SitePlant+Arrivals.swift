internal import Sim

extension SitePlant {
    // MARK: the process of arrivals

    /// Schedules the first arrivals of every kind; called once when the run starts.
    mutating func startArrivals() {
        for population in parameters.demand.indices { scheduleArrival(population, after: .zero) }
        scheduleReplay()
        guard let fleet = parameters.fleet else { return }
        for vehicle in 0..<fleet.vehicles { scheduleReturn(UInt16(vehicle), onDay: 0) }
    }

    private mutating func scheduleArrival(_ population: Int, after now: SimTime) {
        let next = arrivalProcesses[population].next(
            parameters.demand[population], after: now, end: parameters.end, clock: parameters.calendar,
            days: parameters.days, seed: parameters.seed)
        guard let next else { return }
        queue.schedule(.arrival(population: UInt8(population)), at: next)
    }

    mutating func arrive(_ population: Int, now: SimTime) {
        scheduleArrival(population, after: now)
        let number = arrivalProcesses[population].count
        arrivalProcesses[population].count += 1
        totals.arrivals += 1
        receive(drawDriver(number, of: parameters.demand[population], now: now), now: now)
    }

    // MARK: who comes

    /// Share of what the connector gives that reaches the battery, for turning wanted energy into a state of charge.
    ///
    /// - Source: on-board chargers 0.86 to 0.90 at 16 A and more (domain reference 2.3), direct charging at half the
    ///   capacity an hour 0.988 (2.4).
    private static let batteryShare = (ac: 0.885, dc: 0.988)
    /// What a battery can take at most of its capacity.
    private static let roomMax = 0.95
    /// How often another vehicle is drawn when the energy does not fit into the battery.
    private static let vehicleDraws = 8

    func drawDriver(_ number: UInt64, of population: DemandPopulation, now: SimTime) -> Driver {
        let identity = population.entity &+ number &* 0x9E37_79B9_7F4A_7C15
        var stream = RandomStream(seed: parameters.seed, purpose: StreamPurpose.driver, entity: identity)
        let authorization = Self.drawAuthorization(stream.unit())
        let need = population.need.draw(&stream, hour: parameters.calendar.hourOfDay(now))
        let share = population.isDirect ? Self.batteryShare.dc : Self.batteryShare.ac
        // Large needs come with large batteries: a vehicle that cannot hold the energy is drawn anew.
        var vehicle = parameters.mix[stream.draw(from: population.mixWeights)]
        if population.need.form == .energy {
            for _ in 1..<Self.vehicleDraws
            where need.energyWh * share > Self.roomMax * VehicleCatalogue.all[Int(vehicle)].usableWh {
                vehicle = parameters.mix[stream.draw(from: population.mixWeights)]
            }
        }
        let capacityWh = VehicleCatalogue.all[Int(vehicle)].usableWh
        var driver = Driver(
            kind: population.isDirect ? .direct : .parked, preference: population.preference, stream: stream,
            identity: identity, vehicle: vehicle,
            authorization: authorization, hops: 0, row: 0, arrival: now, departure: .distantFuture,
            stayS: need.stayS, awayS: 0, wantedWh: min(need.energyWh, Self.roomMax * capacityWh / share), soc: 0,
            targetSoC: 1,
            capacityWh: capacityWh, patienceS: 0)
        if population.isDirect {
            drawDirectCharge(&driver, population.need, batteryShare: share)
        } else {
            let part = min(1, driver.wantedWh * share / capacityWh)
            driver.soc = (1 - part) * driver.stream.unit()
            driver.targetSoC = min(1, driver.soc + part)
        }
        driver.patienceS = driver.stream.lognormal(
            mu: Math.log(population.need.patienceMedianS), sigma: NeedParameters.patienceSigma)
        return driver
    }

    /// Mix of domain.md section 6.2: app 40 %, card 25 %, RFID 15 %, plug and charge 20 %.
    private static func drawAuthorization(_ u: Double) -> Authorization {
        u < 0.40 ? .app : u < 0.65 ? .card : u < 0.80 ? .rfid : .plugAndCharge
    }

    /// Target of drivers who want an energy: 6.1's for direct charging. What they arrive with is that much less.
    private static let usualTarget = Triangular(low: 0.6, mode: 0.8, high: 1)
    /// Nobody arrives with less.
    private static let socMin = 0.03

    /// Direct charging: from a state of charge to a target. Where these are drawn, 15 % of drivers leave before the target,
    /// anywhere on the way; energies from a log are what was taken, and with the energy comes the time that a charge
    /// usually takes there: the driver is away for it, also where vehicle and charger are quicker.
    private func drawDirectCharge(_ driver: inout Driver, _ need: NeedParameters, batteryShare: Double) {
        switch need.form {
        case .energy:
            let part = driver.wantedWh * batteryShare / driver.capacityWh
            let target = driver.stream.draw(Self.usualTarget)
            driver.soc = max(min(Self.socMin, 1 - part), target - part)
            driver.targetSoC = min(1, driver.soc + part)
            if need.keepsAway { driver.awayS = driver.stayS }
        case .stateOfCharge(let arrival, let target):
            driver.soc = driver.stream.beta(arrival.a, arrival.b)
            driver.targetSoC = max(driver.stream.draw(target), min(1, driver.soc + 0.1))
            if driver.stream.unit() < 0.15 {
                driver.targetSoC = driver.soc + driver.stream.unit() * (driver.targetSoC - driver.soc)
            }
            driver.wantedWh = (driver.targetSoC - driver.soc) * driver.capacityWh / batteryShare
        }
        driver.stayS = driver.stream.lognormal(
            mu: Math.log(need.overstayMedianS), sigma: NeedParameters.overstaySigma)
    }

    // MARK: replayed sessions

    mutating func scheduleReplay() {
        guard replayNext < parameters.replay.count else { return }
        queue.schedule(.replayedArrival, at: parameters.replay[replayNext].arrival)
    }

    mutating func arriveReplayed(now: SimTime) {
        let row = parameters.replay[replayNext]
        let driver = Driver(
            kind: .replayed, preference: .order,
            stream: RandomStream(
                seed: parameters.seed, purpose: StreamPurpose.driver, entity: parameters.entity &+ UInt64(replayNext)),
            identity: parameters.entity &+ UInt64(replayNext), vehicle: .max, authorization: .rfid, hops: 0,
            row: UInt32(replayNext), arrival: now,
            departure: row.departure, stayS: 0, awayS: 0, wantedWh: row.energyWh, soc: row.initialWh / row.batteryWh,
            targetSoC: min(1, (row.initialWh + row.energyWh) / row.batteryWh), capacityWh: row.batteryWh, patienceS: 0)
        replayNext += 1
        totals.arrivals += 1
        scheduleReplay()
        let e = Int(row.evse)
        guard evses[e].phase == .free else { return lose(driver, .noPlace, now: now) }
        guard evses[e].isOperative else { return lose(driver, .outOfService, now: now) }
        occupy(e, with: driver, now: now)
    }

    // MARK: fleet

    /// Schedules a fleet vehicle's return on the first working day from `day` on.
    mutating func scheduleReturn(_ vehicle: UInt16, onDay day: Int) {
        guard let fleet = parameters.fleet else { return }
        var day = day
        let firstDay = parameters.calendar.dayNumber(.zero)
        if !fleet.weekends { while (firstDay + day) % 7 >= 5 { day += 1 } }
        var stream = RandomStream(
            seed: parameters.seed, purpose: StreamPurpose.arrivals,
            entity: parameters.entity &+ (UInt64(vehicle) << 32 | UInt64(day)))
        let clock = stream.draw(fleet.returnS)
        let at = parameters.calendar.midnight(day) + .rounding(seconds: clock)
        guard at < parameters.end else { return }
        guard at > .zero else { return scheduleReturn(vehicle, onDay: day + 1) }
        queue.schedule(.fleetReturn(vehicle: vehicle), at: at)
    }

    mutating func returnHome(_ vehicle: UInt16, now: SimTime) {
        guard let fleet = parameters.fleet else { return }
        var stream = RandomStream(
            seed: parameters.seed, purpose: StreamPurpose.driver,
            entity: parameters.entity &+ returnCount &* 0x9E37_79B9_7F4A_7C15)
        let model = VehicleCatalogue.all[Int(fleet.vehicle)]
        let used = min(0.95, fleet.energyWh.value(at: stream.unit()) / model.usableWh)
        let today = parameters.calendar.dayNumber(now) - parameters.calendar.dayNumber(.zero)
        var departure = parameters.calendar.midnight(today) + .rounding(seconds: fleet.departureS)
        if departure <= now { departure = departure + .days(1) }
        let driver = Driver(
            kind: .fleet, preference: .power, stream: stream, identity: parameters.entity &+ UInt64(vehicle),
            vehicle: fleet.vehicle,
            authorization: .rfid, hops: 0, row: UInt32(vehicle), arrival: now, departure: departure,
            stayS: (departure - now).seconds, awayS: 0, wantedWh: used * model.usableWh / Self.batteryShare.ac,
            soc: 1 - used,
            targetSoC: 1, capacityWh: model.usableWh, patienceS: 12 * 3600)
        returnCount += 1
        totals.arrivals += 1
        scheduleReturn(vehicle, onDay: today + 1)
        receive(driver, now: now)
    }
}
