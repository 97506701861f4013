internal import Sim

/// The site's load manager.
extension SitePlant {
    /// Shares the stations' modules and the site's limit anew where either can bind.
    mutating func reallocate(now: SimTime) {
        for s in parameters.sharingStations { shareModules(s, now: now) }
        guard case .fairShare(let margin, let minimumW) = parameters.control, !charging.isEmpty else { return }
        advanceCharging(to: now)
        let limit = parameters.importLimitW * (1 - margin)
        let capacity = max(0, limit - baseLoadW)
        allocator.removeAll()
        var wish = 0.0
        for e in charging {
            let item = claim(Int(e), minimumW: minimumW)
            wish += item.maximum
            allocator.items.append(item)
        }
        allocator.allocate(capacity: capacity)
        // Near the limit its shares are held too: what rises then waits for the manager's next look.
        isLimitBinding = wish > capacity * Self.nearLimit
        if isLimitBinding {
            unitW.removeAll(keepingCapacity: true)
            for e in charging { unitW.append(evses[Int(e)].wattsPerAmp) }
            quantiseGrants()
        }
        for k in charging.indices {
            let e = Int(charging[k])
            let limitW = isLimitBinding ? deliverableW(e, gridW: allocator.grants[k]) : .infinity
            if evses[e].siteLimitW != limitW {
                evses[e].siteLimitW = limitW
                offer(e, now: now)
            }
        }
        scheduleAllocation(capacity: capacity, now: now)
    }
    /// Share of the capacity from which the limit counts as binding.
    private static let nearLimit = 0.999

    /// What a vehicle could take has changed outside the load manager's looks: only a limit that is not being held can be
    /// passed by that.
    mutating func demandChanged(now: SimTime) {
        if case .fairShare = parameters.control, !isLimitBinding { reallocate(now: now) }
    }

    /// An EVSE's claim on the site's capacity, at the grid.
    private func claim(_ e: Int, minimumW: Double) -> FairShareItem {
        let demand = demandW(e)
        let least = max(minimumW, PilotDuty.minimumAmps * evses[e].wattsPerAmp)
        return FairShareItem(
            weight: parameters.stations[stationOf(e)].weight, minimum: min(least, demand), maximum: demand,
            arrival: evses[e].plugIn.microseconds)
    }

    /// Grid-side power that an EVSE would take now if the site set no limit, W.
    private func demandW(_ e: Int) -> Double {
        let process = evses[e].process
        var acceptance = process.acceptance
        var given = min(evses[e].stationLimitW, evses[e].profileLimitW)
        let unit = evses[e].wattsPerAmp
        if unit > 0 {
            let installed = parameters.evses[e].cableA
            let amps = PilotDuty.amps(given, unitW: unit, installed: installed)
            given = amps == installed ? .infinity : amps * unit
        }
        let limit = min(evses[e].ownLimitW, given)
        let heaterW = evses[e].pack.map { min($0.wantedHeaterW, limit) } ?? 0
        acceptance.limitW = (limit - heaterW) / process.meterPerBattery
        return gridW(e, meterW: acceptance.powerW(atSoC: process.stateOfCharge) * process.meterPerBattery + heaterW)
    }

    /// What a power at the connector draws from the grid beyond standby, W.
    private func gridW(_ e: Int, meterW: Double) -> Double {
        let conversion = parameters.evses[e].conversion
        return conversion.inputW(outputW: meterW) - conversion.standbyW
    }

    /// What an EVSE may deliver when it may draw `gridW` beyond standby.
    private func deliverableW(_ e: Int, gridW: Double) -> Double {
        let conversion = parameters.evses[e].conversion
        return conversion.outputW(inputW: gridW + conversion.standbyW)
    }

    /// Grants on alternating current (a unit above 0) in whole amperes of the pilot: who has all he can take is offered the
    /// next ampere above, who has no share is paused, and the amperes that rounding leaves go by largest remainder.
    private mutating func quantiseGrants() {
        shareA.removeAll(keepingCapacity: true)
        maximumA.removeAll(keepingCapacity: true)
        for k in unitW.indices {
            // Who has all he can take has no part in it, nor has direct current: shares of 0 stay 0.
            let most = allocator.items[k].maximum
            let isShort = unitW[k] > 0 && allocator.grants[k] < most * (1 - 1e-12)
            shareA.append(isShort ? allocator.grants[k] / unitW[k] : 0)
            maximumA.append(isShort ? (most / unitW[k]).rounded(.up) : 0)
        }
        quantiser.quantise(shareA, maximum: maximumA, units: unitW)
        for k in unitW.indices where unitW[k] > 0 {
            let most = allocator.items[k].maximum
            if allocator.grants[k] < most * (1 - 1e-12) {
                allocator.grants[k] = quantiser.amps[k] * unitW[k]
            } else if most > 0 {
                allocator.grants[k] = max(PilotDuty.minimumAmps, (most / unitW[k] - 1e-9).rounded(.up)) * unitW[k]
            }
        }
    }

    /// An AC station whose outlets together could take more than it is rated for shares its rating.
    mutating func shareCurrent(_ s: Int, now: SimTime) {
        let station = parameters.stations[s]
        allocator.removeAll()
        unitW.removeAll(keepingCapacity: true)
        var wish = 0.0
        for e in station.evses where evses[e].phase == .charging {
            advance(e, to: now)
            let most = evses[e].ownLimitW
            wish += most
            allocator.items.append(
                FairShareItem(
                    weight: 1, minimum: min(PilotDuty.minimumAmps * evses[e].wattsPerAmp, most), maximum: most,
                    arrival: evses[e].plugIn.microseconds))
            unitW.append(evses[e].wattsPerAmp)
        }
        allocator.allocate(capacity: station.ratedW)
        let binds = wish > station.ratedW
        if binds { quantiseGrants() }
        var next = 0
        for e in station.evses where evses[e].phase == .charging {
            let limit = binds ? allocator.grants[next] : .infinity
            next += 1
            guard evses[e].stationLimitW != limit else { continue }
            evses[e].stationLimitW = limit
            offer(e, now: now)
        }
    }

    // MARK: when to look again

    /// While the limit binds the manager runs every minute; else it looks again when the building's load changes, and when
    /// what is charging could reach the limit by itself.
    private mutating func scheduleAllocation(capacity: Double, now: SimTime) {
        var at = SimTime.distantFuture
        if isLimitBinding {
            let tick: Int64 = 60_000_000
            at = SimTime(microseconds: (now.microseconds / tick + 1) * tick)
        } else if let seconds = secondsToLimit(capacity * Self.nearLimit) {
            at = now + .roundingUp(seconds: seconds)
        }
        if parameters.building != nil { at = min(at, grid.stepEnd) }
        guard at != allocationAt else { return }
        allocationAt = at
        if at != .distantFuture { queue.schedule(.allocation, at: at) }
    }

    mutating func allocationDue(now: SimTime) {
        guard now == allocationAt else { return }
        allocationAt = .distantFuture
        reallocate(now: now)
    }

    /// Seconds until charges whose power rises along their curves bring the site to `limitW`, taken as if no other fell;
    /// `nil` when the present segments end before that, for each end asks anew.
    private func secondsToLimit(_ limitW: Double) -> Double? {
        var horizon = Double.infinity
        var steady = 0.0
        for e in charging {
            let process = evses[Int(e)].process
            guard process.segment.slopeWPerSoC > 0, !process.isDone else {
                steady += gridW(Int(e), meterW: process.meterPowerW)
                continue
            }
            horizon = min(
                horizon,
                process.segment.from(soc: process.stateOfCharge)
                    .seconds(toSoC: process.segmentStop, capacityWh: process.capacityWh))
        }
        guard horizon < .infinity, steady + risingW(after: horizon) > limitW else { return nil }
        var low = 0.0
        var high = horizon
        while high - low > 1e-3 {
            let middle = 0.5 * (low + high)
            if steady + risingW(after: middle) > limitW { high = middle } else { low = middle }
        }
        return max(high, 1e-2)
    }

    /// Grid power of the charges that rise, `seconds` from now, W.
    private func risingW(after seconds: Double) -> Double {
        var sum = 0.0
        for e in charging {
            let process = evses[Int(e)].process
            guard process.segment.slopeWPerSoC > 0, !process.isDone else { continue }
            let soc = process.segment.from(soc: process.stateOfCharge)
                .soc(afterSeconds: seconds, capacityWh: process.capacityWh)
            sum += gridW(Int(e), meterW: process.powerW(atSoC: min(soc, process.segmentStop)))
        }
        return sum
    }
}
