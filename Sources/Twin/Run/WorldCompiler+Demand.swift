internal import Models
internal import Sim

extension WorldCompiler {
    /// Months, holidays and the region's mood for every day up to the end.
    static func days(_ world: WorldSpec, end: SimTime, seed: UInt64) -> DayCalendar {
        let count = Int((end.seconds / 86_400).rounded(.up)) + 1
        let first = Int64(world.start.daysSince1970)
        let months = ContiguousArray(
            (0..<count).map { day in
                UInt8(CivilTime(secondsSince1970: (first + Int64(day)) * 86_400).month - 1)
            })
        return DayCalendar(
            month: months, holiday: Holidays.rows(world.demand.holidays, from: world.start, days: count),
            commonVariation: world.demand.variation, lag1: world.demand.lag1, seed: seed)
    }

    /// Who comes: a session list, a fleet, or populations of drivers.
    func addDemand(_ site: SiteSpec, to p: inout SiteParameters) {
        p.days = days
        if !site.fixedSessions.isEmpty {
            p.replay = site.fixedSessions
            return
        }
        if let fleet = site.fleet {
            let low = Double(fleet.returnFromS)
            let high = Double(fleet.returnToS)
            p.fleet = FleetParameters(
                vehicles: fleet.vehicles, vehicle: UInt16(VehicleCatalogue.index(of: fleet.vehicle) ?? 0),
                returnS: Triangular(low: low, mode: 0.5 * (low + high), high: high),
                departureS: Double(fleet.departureS), energyWh: fleet.energyWh, weekends: fleet.weekends)
            return
        }
        for spec in site.demand where spec.sessionsPerDay > 0 { p.demand.append(population(spec, of: site)) }
        p.usualStayS.ac = usualStayS(p, isDirect: false) ?? p.usualStayS.ac
        p.usualStayS.dc = usualStayS(p, isDirect: true) ?? p.usualStayS.dc
    }

    private func population(_ spec: DemandSpec, of site: SiteSpec) -> DemandPopulation {
        let entity = stableHash("\(site.id)/\(spec.name)")
        let level = levelFactor(spread: spec.siteSpread, entity: entity)
        var rates: [Double] = []
        for day in 0..<7 {
            let total = level * spec.weekdayArrivals * (day < 5 ? 1 : spec.weekendRatio)
            for share in day < 5 ? spec.weekday : spec.weekend { rates.append(total * share) }
        }
        return DemandPopulation(
            isDirect: spec.kind == .dc, entity: entity, rate: HourlyRate(perHour: rates),
            monthFactor: spec.monthFactor, growth: Math.log1p(spec.growthPerYear),
            holidayFactor: [1] + world.demand.holidays.map { $0.factor(spec.holidayUse) },
            variation: spec.variation, need: need(spec), preference: spec.preference,
            mixWeights: vehicleWeights(spec.kind, of: site))
    }

    /// Deviations beyond the percentiles 1 and 99 count as these, as in a table of quantiles.
    private static let levelMax = 2.326

    /// Lognormal factor with mean 1 on the level of a site. It belongs to the place: drawn by the world's own seed, so that
    /// runs with other seeds are other years of the same sites.
    private func levelFactor(spread: Double, entity: UInt64) -> Double {
        guard spread > 0 else { return 1 }
        var stream = RandomStream(seed: world.seed, purpose: StreamPurpose.siteLevel, entity: entity)
        let c = Self.levelMax
        let z = min(c, max(-c, stream.normal()))
        let inside =
            Math.normalShare(below: c - spread) - Math.normalShare(below: -c - spread)
        let mean =
            Math.exp(0.5 * spread * spread) * inside
            + (Math.exp(spread * c) + Math.exp(-spread * c)) * Math.normalShare(below: -c)
        return Math.exp(spread * z) / mean
    }

    private func need(_ spec: DemandSpec) -> NeedParameters {
        let form: NeedParameters.Form
        switch spec.need {
        case .energy: form = .energy
        case .stateOfCharge(let a, let b, let low, let mode, let high):
            form = .stateOfCharge(
                arrival: BetaShape(a: a, b: b), target: Triangular(low: low, mode: mode, high: high))
        }
        var need = NeedParameters(
            form: form, energyWh: spec.energyWh, stayH: spec.dwellH, latentCorrelation: spec.latentCorrelation,
            idleShare: spec.kind == .ac ? spec.idleShare : 0, overstayMedianMin: max(0.001, spec.overstayMinutes),
            patienceMedianMin: spec.patienceMinutes)
        need.keepsAway = spec.keepsAway
        let shares = (0..<24).map { 5 * spec.weekday[$0] + 2 * spec.weekendRatio * spec.weekend[$0] }
        need.follow(spec.startPeriods, shares: shares)
        return need
    }

    /// Drivers with an adapter for direct current mostly go to the other network; those for alternating current lie in
    /// every car. Estimate.
    private static let adapterWeight = 0.2

    /// Weights of the vehicles that can charge from some EVSE of the kind: others do not come. Where none can, all do, and
    /// the run tells why they leave.
    private func vehicleWeights(_ kind: StationKind, of site: SiteSpec) -> WeightTable {
        var connectors: [ConnectorType] = []
        for station in site.stations where station.kind == kind {
            for evse in station.evses {
                for connector in evse.connectors where !connectors.contains(connector) { connectors.append(connector) }
            }
        }
        let weights = world.vehicles.map { share in
            guard let index = VehicleCatalogue.index(of: share.vehicle) else { return 0.0 }
            let fits = connectors.map { VehicleCatalogue.all[index].fit(connector: $0, kind: kind, market: market) }
            if fits.contains(.direct) { return share.weight }
            return fits.contains(.adapter) ? share.weight * (kind == .dc ? Self.adapterWeight : 1) : 0
        }
        return WeightTable(weights: weights.contains { $0 > 0 } ? weights : world.vehicles.map(\.weight))
    }

    /// Mean stay of the drivers of a kind of charger, s; nil when there are none.
    private func usualStayS(_ p: SiteParameters, isDirect: Bool) -> Double? {
        var hours = 0.0
        var drivers = 0.0
        for population in p.demand where population.isDirect == isDirect {
            hours += population.rate.total * population.need.meanStayH
            drivers += population.rate.total
        }
        return drivers > 0 ? 3600 * hours / drivers : nil
    }
}
