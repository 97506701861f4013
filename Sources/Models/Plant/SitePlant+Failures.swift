internal import Sim

extension SitePlant {
    /// Sets the clocks of everything that can fail; called once when the run starts.
    mutating func startFailures() {
        failures.paymentDown = ContiguousArray(repeating: 0, count: parameters.stations.count)
        failures.linkDown = failures.paymentDown
        failures.powerDown = failures.paymentDown
        failures.trips = ContiguousArray(repeating: .distantFuture, count: parameters.evses.count)
        startSupply()
        guard let policy = parameters.failures else { return }
        for s in parameters.stations.indices {
            let station = parameters.stations[s]
            for c in ReliabilityTable.components.indices {
                guard policy.rates[c].perYear(in: station.kind) > 0 else { continue }
                let isOfConnector = ReliabilityTable.components[c].scope == .connector
                let places: [UInt16] = isOfConnector ? station.evses.map { UInt16($0) } : [UInt16.max]
                for place in places { addClock(s, c, place) }
            }
        }
        startPortConditions()
    }

    private mutating func addClock(_ s: Int, _ c: Int, _ place: UInt16) {
        let offset = UInt64(c) << 16 | UInt64(place)
        let station = parameters.stations[s]
        var clock = ComponentClock(
            station: UInt16(s), evse: place, component: UInt8(c),
            stream: RandomStream(
                seed: parameters.seed, purpose: StreamPurpose.failures, entity: station.entity &+ offset),
            renewed: .zero, fails: .distantFuture)
        // The world starts somewhere in the component's life, which is no longer than the station's.
        let scaleH = scaleH(of: clock)
        let ageH = min(scaleH * clock.stream.unit(), station.ageYears * 8760)
        clock.renewed = SimTime.zero - .roundingUp(seconds: 3600 * ageH)
        failures.clocks.append(clock)
        scheduleFailure(failures.clocks.count - 1, now: .zero)
    }

    /// Rates are per station; a component of each EVSE carries its share.
    private func scaleH(of clock: ComponentClock) -> Double {
        let station = parameters.stations[Int(clock.station)]
        guard let rates = parameters.failures?.rates[Int(clock.component)] else { return .infinity }
        let share = clock.evse == .max ? 1 : 1 / Double(station.evses.count)
        return rates.weibullScaleH(perYear: rates.perYear(in: station.kind) * share)
    }

    /// Draws when a working component fails next: its one pending event, which disowns any before it.
    mutating func scheduleFailure(_ i: Int, now: SimTime) {
        guard let rates = parameters.failures?.rates[Int(failures.clocks[i].component)] else { return }
        let scaleH = scaleH(of: failures.clocks[i])
        failures.clocks[i].drawFailure(now: now, scaleH: scaleH, shape: rates.weibullShape)
        guard failures.clocks[i].fails < parameters.end else { return }
        queue.schedule(
            .componentFailure(clock: UInt32(i), generation: failures.clocks[i].generation),
            at: failures.clocks[i].fails)
    }

    mutating func componentFails(_ i: Int, generation: UInt16, now: SimTime) {
        guard failures.clocks[i].generation == generation, !failures.clocks[i].isDown,
            let policy = parameters.failures
        else { return }
        let clock = failures.clocks[i]
        let component = ReliabilityTable.components[Int(clock.component)]
        let rates = policy.rates[Int(clock.component)]
        let remote = failures.clocks[i].stream.unit() >= rates.onsiteShare
        let slot = failures.outages.insert(
            Outage(
                clock: UInt32(i), cause: clock.component, station: clock.station, evse: clock.evse, start: now,
                detected: now, reported: now, ready: now, remote: remote, effect: Self.effect(of: component)))
        failures.clocks[i].outage = slot
        apply(failures.outages[slot], now: now)
        var stream = failures.clocks[i].stream
        repair(slot, handsOnMedianH: rates.handsOnMedianH, stream: &stream, now: now)
        failures.clocks[i].stream = stream
    }

    private static func effect(of component: ReliabilityComponent) -> OutageEffect {
        switch component.name {
        case "grid_supply_breaker_spd", "ac_contactor_or_aux_supply", "controller_board", "firmware_hang_or_fault":
            .power
        case "payment_terminal": .payment
        case "modem_sim_antenna": .link
        case "screen_hmi": .cosmetic
        default: .service
        }
    }
}
