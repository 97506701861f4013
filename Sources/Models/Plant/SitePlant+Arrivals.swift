internal import Sim

extension SitePlant {
    // MARK: the process of arrivals

    /// Schedules the first arrivals of every kind; called once when the run starts.
    mutating func startArrivals() {
        scheduleArrival(after: .zero)
        scheduleReplay()
        guard let fleet = parameters.fleet else { return }
        for vehicle in 0..<fleet.vehicles { scheduleReturn(UInt16(vehicle), onDay: 0) }
    }

    /// Draws the next arrival by walking the hourly rates until the area under them is spent (one draw an arrival).
    mutating func scheduleArrival(after now: SimTime) {
        guard let arrivals = parameters.arrivals else { return }
        var area = arrivalStream.exponential(mean: 1)
        var t = now
        while t < parameters.end {
            let next = parameters.calendar.nextHour(t)
            let perHour =
                arrivals.ratePerHour[parameters.calendar.hourOfWeek(t)] * dayFactor(parameters.calendar.dayNumber(t))
                * arrivals.monthFactor[parameters.calendar.month(t)]
            let available = perHour * (next - t).seconds / 3600
            if area <= available {
                queue.schedule(.arrival, at: t + .roundingUp(seconds: area / perHour * 3600))
                return
            }
            area -= available
            t = next
        }
    }

    /// Real daily counts are over-dispersed: each day's rate is multiplied by a gamma draw with mean 1.
    private func dayFactor(_ day: Int) -> Double {
        guard let variance = parameters.arrivals?.dayFactorVariance, variance > 0 else { return 1 }
        var stream = RandomStream(
            seed: parameters.seed, purpose: StreamPurpose.dayFactor, entity: parameters.entity &+ UInt64(day))
        return stream.gamma(shape: 1 / variance, scale: variance)
    }

    mutating func arrive(now: SimTime) {
        scheduleArrival(after: now)
        let driver = drawDriver(now: now)
        arrivalCount += 1
        totals.arrivals += 1
        receive(driver, now: now)
    }

    // MARK: who comes

    private func drawDriver(now: SimTime) -> Driver {
        var stream = RandomStream(
            seed: parameters.seed, purpose: StreamPurpose.driver,
            entity: parameters.entity &+ arrivalCount &* 0x9E37_79B9_7F4A_7C15)
        let vehicle = parameters.mix[stream.draw(from: parameters.mixWeights)]
        let model = VehicleCatalogue.all[Int(vehicle)]
        let direct = stream.unit() < parameters.directShare
        let authorization = Self.drawAuthorization(stream.unit())
        var driver = Driver(
            kind: direct ? .direct : .parked, stream: stream, vehicle: vehicle, authorization: authorization, hops: 0,
            row: 0, firstArrival: now, arrival: now, departure: .distantFuture, stayS: 0, soc: 0, targetSoC: 1,
            capacityWh: model.usableWh, patienceS: 0)
        if direct { drawDirectNeed(&driver) } else { drawParkedNeed(&driver) }
        return driver
    }

    /// Mix of domain.md section 6.2: app 40 %, card 25 %, RFID 15 %, plug and charge 20 %.
    private static func drawAuthorization(_ u: Double) -> Authorization {
        u < 0.40 ? .app : u < 0.65 ? .card : u < 0.80 ? .rfid : .plugAndCharge
    }

    /// Direct charging: from a state of charge to a target; 15 % of drivers leave before it, anywhere on the way.
    private func drawDirectNeed(_ driver: inout Driver) {
        guard let need = parameters.need else { return }
        if let energy = need.directEnergyWh {
            let wanted = min(energy.value(at: driver.stream.unit()), 0.95 * driver.capacityWh)
            let room = 1 - wanted / driver.capacityWh
            driver.soc = room * driver.stream.beta(need.arrivalSoC.a, need.arrivalSoC.b)
            driver.targetSoC = driver.soc + wanted / driver.capacityWh
        } else {
            driver.soc = driver.stream.beta(need.arrivalSoC.a, need.arrivalSoC.b)
            let target = driver.stream.draw(need.targetSoC)
            driver.targetSoC = max(target, min(1, driver.soc + 0.1))
        }
        if need.directEnergyWh == nil, driver.stream.unit() < 0.15 {
            driver.targetSoC = driver.soc + driver.stream.unit() * (driver.targetSoC - driver.soc)
        }
        driver.patienceS = 60 * driver.stream.lognormal(mu: Math.log(need.patienceMin ?? 12), sigma: 0.7)
    }

    /// Parked charging: an energy and a stay; the state of charge is whatever leaves room for the energy.
    private func drawParkedNeed(_ driver: inout Driver) {
        guard let need = parameters.need else { return }
        let wanted = min(need.energyWh.value(at: driver.stream.unit()), 0.95 * driver.capacityWh)
        let share = wanted / driver.capacityWh
        driver.soc = (1 - share) * driver.stream.unit()
        driver.targetSoC = min(1, driver.soc + share)
        driver.stayS = max(180, 3600 * need.stayH.value(at: driver.stream.unit()))
        driver.patienceS = 60 * driver.stream.lognormal(mu: Math.log(need.patienceMin ?? 3), sigma: 0.7)
    }

    // MARK: replayed sessions

    mutating func scheduleReplay() {
        guard replayNext < parameters.replay.count else { return }
        queue.schedule(.replayedArrival, at: parameters.replay[replayNext].arrival)
    }

    mutating func arriveReplayed(now: SimTime) {
        let row = parameters.replay[replayNext]
        let driver = Driver(
            kind: .replayed,
            stream: RandomStream(
                seed: parameters.seed, purpose: StreamPurpose.driver, entity: parameters.entity &+ UInt64(replayNext)),
            vehicle: .max, authorization: .rfid, hops: 0, row: UInt32(replayNext), firstArrival: now, arrival: now,
            departure: row.departure, stayS: 0, soc: row.initialWh / row.batteryWh,
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
            entity: parameters.entity &+ arrivalCount &* 0x9E37_79B9_7F4A_7C15)
        let model = VehicleCatalogue.all[Int(fleet.vehicle)]
        let used = min(0.95, fleet.energyWh.value(at: stream.unit()) / model.usableWh)
        let today = parameters.calendar.dayNumber(now) - parameters.calendar.dayNumber(.zero)
        var departure = parameters.calendar.midnight(today) + .rounding(seconds: fleet.departureS)
        if departure <= now { departure = departure + .days(1) }
        let driver = Driver(
            kind: .fleet, stream: stream, vehicle: fleet.vehicle, authorization: .rfid, hops: 0, row: UInt32(vehicle),
            firstArrival: now, arrival: now, departure: departure, stayS: (departure - now).seconds, soc: 1 - used,
            targetSoC: 1, capacityWh: model.usableWh, patienceS: 12 * 3600)
        arrivalCount += 1
        totals.arrivals += 1
        scheduleReturn(vehicle, onDay: today + 1)
        receive(driver, now: now)
    }
}
