internal import OCPP

/// Walks the boundaries of a set of profiles in order of time, and says at each what is allowed.
///
/// Each profile has a cursor that is moved when its segment ends, so a step costs one pass over the cursors.
struct LimitSweep {
    /// Indices of profiles by purpose, leaders first.
    struct Stacks {
        var priority: [Int] = []
        var tx: [Int] = []
        var txDefault: [Int] = []
        var external: [Int] = []
        var generation: [Int] = []
    }

    /// A profile as seen from one EVSE: relative schedules start with its charging.
    private struct Cursor {
        let plan: Int
        let origin: Timestamp
        var segment = ProfilePlan.Segment(period: nil, end: .distantPast)
    }
    /// An EVSE that takes part, with the cursors of its purposes.
    private struct Participant {
        let evse: Int
        let charging: EVSECharging
        let priority: Range<Int>
        let tx: Range<Int>
        let txDefault: Range<Int>
        let external: Range<Int>
        let generation: Range<Int>
    }
    /// A period that leads its purpose now, with its unit.
    private struct Leader {
        let period: ProfilePlan.Period
        let unit: RateUnit
        let minChargingRate: Double
        let limitAtStateOfCharge: ProfilePlan.LimitAtStateOfCharge?
    }

    private let plans: [ProfilePlan]
    private let unit: RateUnit
    /// What the grid operator signals, for periods that follow it.
    private let signal: Int?
    private var cursors: [Cursor] = []
    private var participants: [Participant] = []
    private var stationMaximum = 0..<0
    private var stationExternal = 0..<0
    private var stationGeneration = 0..<0
    private var rates: [ChargingRate] = []
    private var minima: [Double] = []
    private var pool = WeightedFairShare()

    /// First instant after the present one at which a profile may say something else.
    private(set) var nextBoundary = Timestamp.distantFuture

    init(plans: [ProfilePlan], unit: RateUnit, signal: Int?) {
        self.plans = plans
        self.unit = unit
        self.signal = signal
    }

    /// Profiles whose limits are totals for the station. It does not begin to charge at some instant: a schedule of
    /// theirs that would start then has always run.
    mutating func addStation(maximum: [Int], external: [Int], generation: [Int]) {
        let origin = Timestamp(microseconds: -ProfilePlan.longest)
        stationMaximum = add(maximum, origin)
        stationExternal = add(external, origin)
        stationGeneration = add(generation, origin)
    }

    /// An EVSE that shares the station's totals; `origin` is when its charging starts.
    mutating func addEVSE(_ stacks: Stacks, evse: Int, charging: EVSECharging, origin: Timestamp) {
        participants.append(
            Participant(
                evse: evse, charging: charging, priority: add(stacks.priority, origin), tx: add(stacks.tx, origin),
                txDefault: add(stacks.txDefault, origin), external: add(stacks.external, origin),
                generation: add(stacks.generation, origin)))
    }

    private mutating func add(_ indices: [Int], _ origin: Timestamp) -> Range<Int> {
        let first = cursors.count
        for index in indices { cursors.append(Cursor(plan: index, origin: origin)) }
        return first..<cursors.count
    }

    /// Goes on to `now`, which must not lie before the last instant.
    mutating func move(to now: Timestamp) {
        nextBoundary = .distantFuture
        for index in cursors.indices {
            if cursors[index].segment.end <= now {
                cursors[index].segment = plans[cursors[index].plan].segment(
                    at: now, chargingStart: cursors[index].origin)
            }
            nextBoundary = min(nextBoundary, cursors[index].segment.end)
        }
    }

    /// What is allowed now to an EVSE that takes part, or for 0 to all of them together.
    mutating func rate(of evse: Int) -> ChargingRate {
        share()
        if evse == 0 { return total }
        for (index, participant) in participants.enumerated() where participant.evse == evse { return rates[index] }
        preconditionFailure("the EVSE asked for takes part")
    }

    /// What is allowed now to each EVSE that takes part, in the order in which they were added.
    mutating func allRates() -> [ChargingRate] {
        share()
        return rates
    }

    private mutating func share() {
        rates.removeAll(keepingCapacity: true)
        minima.removeAll(keepingCapacity: true)
        let caps = [leader(stationMaximum), leader(stationExternal)].compactMap { $0 }
        for participant in participants { claim(participant, caps: caps) }
        for cap in caps { apply(cap) }
        if let generation = leader(stationGeneration) {
            for index in rates.indices { add(generation, parts: rates.count, to: index) }
        }
        for index in rates.indices {
            if let own = leader(participants[index].generation) { add(own, parts: 1, to: index) }
            finish(index)
        }
    }

    private func leader(_ range: Range<Int>) -> Leader? {
        for index in range {
            guard let period = cursors[index].segment.period else { continue }
            let plan = plans[cursors[index].plan]
            return Leader(
                period: plan.periods[period], unit: plan.unit, minChargingRate: plan.minChargingRate,
                limitAtStateOfCharge: plan.limitAtStateOfCharge)
        }
        return nil
    }
}

// MARK: - Rates at one instant

extension LimitSweep {
    /// What the EVSE's own profiles allow it, before the station's totals are shared.
    private mutating func claim(_ participant: Participant, caps: [Leader]) {
        let charging = participant.charging
        let supply = charging.supply
        let leading = leader(participant.priority) ?? leader(participant.tx) ?? leader(participant.txDefault)
        let external = leader(participant.external)
        let own = [leading, external].compactMap { $0 }
        var phases = supply.phases
        for leader in own + caps { phases = min(phases, supply.phases(of: leader.period.numberPhases)) }
        func converted(_ value: Double, _ from: RateUnit) -> Double {
            supply.convert(value, from: from, to: unit, phases: phases)
        }

        let maximum = converted(max(charging.maximumW, 0), .watts)
        var limit = charging.unlimited.map { converted($0, charging.unlimitedUnit) } ?? maximum
        var discharge: Double?
        var limits = own.compactMap { leader in leader.period.limit.map { converted($0, leader.unit) } }
        for leader in own {
            guard let full = leader.limitAtStateOfCharge, let state = charging.stateOfCharge else { continue }
            if state >= full.stateOfCharge { limits.append(converted(full.limit, leader.unit)) }
        }
        if let lowest = limits.min() { limit = lowest }
        for leader in own {
            guard let value = leader.period.dischargeLimit else { continue }
            discharge = max(discharge ?? -.infinity, min(converted(value, leader.unit), 0))
        }
        let setpoint = own.compactMap { leader in
            if let signal, let response = leader.period.response { return converted(response.watts(signal), .watts) }
            return leader.period.setpoint.map { converted($0, leader.unit) }
        }.first
        let isSinglePhase = phases == 1 && !supply.isDC
        rates.append(
            ChargingRate(
                limit: max(min(limit, maximum), 0), dischargeLimit: discharge, setpoint: setpoint,
                phases: supply.isDC ? nil : phases,
                phaseToUse: isSinglePhase ? leading?.period.phaseToUse : nil))
        minima.append(max(converted(leading?.minChargingRate ?? 0, leading?.unit ?? unit), 0))
    }

    /// Shares one of the station's totals among the claims.
    private mutating func apply(_ cap: Leader) {
        if let discharge = cap.period.dischargeLimit {
            for index in rates.indices {
                let part = converted(min(discharge, 0) / Double(rates.count), of: index, from: cap.unit, to: unit)
                rates[index].dischargeLimit = max(rates[index].dischargeLimit ?? -.infinity, part)
            }
        }
        guard let limit = cap.period.limit else { return }
        let capacity = max(limit, 0)
        pool.removeAll()
        for (index, participant) in participants.enumerated() {
            let wish = converted(rates[index].limit, of: index, from: unit, to: cap.unit)
            let arrival = participant.charging.transaction?.chargingStart ?? .distantFuture
            // Nobody can get more than everything, and a finite claim can be shared.
            pool.items.append(
                FairShareItem(
                    weight: 1, minimum: converted(minima[index], of: index, from: unit, to: cap.unit),
                    maximum: min(wish, capacity), arrival: arrival.microseconds))
        }
        pool.allocate(capacity: capacity)
        for index in rates.indices {
            let wish = converted(rates[index].limit, of: index, from: unit, to: cap.unit)
            if pool.grants[index] < wish {
                rates[index].limit = converted(pool.grants[index], of: index, from: cap.unit, to: unit)
            }
        }
    }

    /// Adds the EVSE's part of what is generated on the spot, up to what its hardware can deliver.
    private mutating func add(_ generation: Leader, parts: Int, to index: Int) {
        guard let limit = generation.period.limit, limit > 0 else { return }
        let part = converted(limit / Double(parts), of: index, from: generation.unit, to: unit)
        let maximum = converted(max(participants[index].charging.maximumW, 0), of: index, from: .watts, to: unit)
        rates[index].limit = min(rates[index].limit + part, maximum)
    }

    /// Keeps the setpoint within the limits.
    private mutating func finish(_ index: Int) {
        guard let setpoint = rates[index].setpoint else { return }
        rates[index].setpoint = max(min(setpoint, rates[index].limit), rates[index].dischargeLimit ?? -.infinity)
    }

    private func converted(_ value: Double, of index: Int, from: RateUnit, to: RateUnit) -> Double {
        participants[index].charging.supply.convert(
            value, from: from, to: to, phases: max(rates[index].phases ?? 1, 1))
    }

    /// The station's total; the phase count is the lowest, as the errata ask for a composite.
    private var total: ChargingRate {
        var sum = ChargingRate(limit: 0)
        for rate in rates {
            sum.limit += rate.limit
            if let discharge = rate.dischargeLimit { sum.dischargeLimit = (sum.dischargeLimit ?? 0) + discharge }
            if let phases = rate.phases { sum.phases = min(sum.phases ?? 3, phases) }
        }
        if rates.contains(where: { $0.setpoint != nil }) {
            sum.setpoint = rates.reduce(0) { $0 + ($1.setpoint ?? $1.limit) }
        }
        return sum
    }
}
