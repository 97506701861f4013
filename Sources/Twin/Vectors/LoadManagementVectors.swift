import Models

/// Operations of the group `load_management`.
enum LoadManagementVectors {
    static func evaluate(_ operation: String, _ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue]? {
        switch operation {
        case "waterfill": try waterfill(inputs)
        case "progressive_filling": try progressive(inputs)
        case "depot_peak_lower_bound": try uniformDepot(inputs)
        case "depot_min_peak": try depotPeak(inputs)
        case "v2g_potential": try vehicleToGrid(inputs)
        default: nil
        }
    }

    private static func item(_ inputs: VectorInputs) throws(VectorError) -> FairShareItem {
        FairShareItem(
            weight: try inputs.positive("w"), minimum: try inputs.number("min"), maximum: try inputs.notNegative("max"),
            arrival: Int64(try inputs.number("arrival", or: 0) * 1_000_000))
    }

    private static func waterfill(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let items = try inputs.objects("items")
        var share = WeightedFairShare()
        var ids: [String] = []
        for entry in items {
            ids.append(try entry.text("id"))
            share.items.append(try item(entry))
        }
        share.allocate(capacity: try inputs.number("capacity"))
        var grants: [String: VectorValue] = [:]
        var paused: [String] = []
        for (i, id) in ids.enumerated() {
            grants[id] = .number(share.grants[i])
            if !share.isAdmitted[i] { paused.append(id) }
        }
        return [
            "x": .object(grants), "paused": .list(paused.sorted().map { .text($0) }),
            "total": .number(share.grants.reduce(0, +)),
        ]
    }

    private static func progressive(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let resources = try inputs.object("resources")
        let names = resources.values.keys.sorted()
        var filling = ProgressiveFilling()
        for name in names { filling.capacities.append(try resources.number(name)) }
        var ids: [String] = []
        for (index, entry) in try inputs.objects("items").enumerated() {
            ids.append(try entry.text("id"))
            filling.items.append(try item(entry))
            let uses = try entry.object("uses")
            for name in uses.values.keys.sorted() {
                guard let resource = names.firstIndex(of: name) else { throw .missing("resources.\(name)", "a number") }
                filling.uses.append(
                    ProgressiveFilling.Use(item: index, resource: resource, factor: try uses.positive(name)))
            }
        }
        filling.allocate()
        var grants: [String: VectorValue] = [:]
        var loads: [String: VectorValue] = [:]
        for (i, id) in ids.enumerated() { grants[id] = .number(filling.grants[i]) }
        for (i, name) in names.enumerated() { loads[name] = .number(filling.loads[i]) }
        return ["x": .object(grants), "loads": .object(loads)]
    }

    private static func uniformDepot(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let fleet = DepotPlan.UniformFleet(
            vehicles: try inputs.integer("vehicles"), energyWh: 1000 * (try inputs.number("energy_kWh_each")),
            windowH: try inputs.number("window_h"), efficiency: try inputs.number("efficiency"),
            chargerW: 1000 * (try inputs.number("charger_kW")))
        return [
            "lower_bound_grid_kW": .number(fleet.lowerBoundW / 1000),
            "unmanaged_peak_grid_kW": .number(fleet.unmanagedPeakW / 1000),
            "unmanaged_duration_h": .number(fleet.unmanagedH), "feasible": .bool(fleet.isFeasible),
            "peak_reduction_pct": .number(100 * fleet.peakReduction),
        ]
    }

    private static func depotPeak(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        var jobs: [DepotJob] = []
        for job in try inputs.objects("jobs") {
            jobs.append(
                DepotJob(
                    arrivalH: try job.number("a"), departureH: try job.number("d"),
                    energyWh: 1000 * (try job.number("e")), maximumW: 1000 * (try job.number("p"))))
        }
        let bound = DepotPlan.criticalInterval(jobs)
        return [
            "critical_interval_bound_kW": .number(bound.powerW / 1000),
            "interval": .list([.number(bound.fromH), .number(bound.toH)]),
            "optimal_peak_kW": .optional(DepotPlan.minimumPeakW(jobs).map { $0 / 1000 }),
        ]
    }

    private static func vehicleToGrid(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let fleet = V2GPotential(
            vehicles: try inputs.integer("vehicles"), batteryWh: 1000 * (try inputs.number("battery_kWh")),
            socNow: try inputs.number("soc_now"), socMinimum: try inputs.number("soc_min"),
            dischargeW: 1000 * (try inputs.number("discharge_kW_grid_side")),
            efficiency: try inputs.number("discharge_eff"))
        return [
            "energy_available_kWh_grid": .number(fleet.energyWh / 1000),
            "sustained_kW": .number(fleet.sustainedW(hours: try inputs.number("duration_h")) / 1000),
            "hours_at_full_power": .number(fleet.hoursAtFullPower),
        ]
    }
}
