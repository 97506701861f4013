import Models

/// Operations of the group `charger`.
enum ChargerVectors {
    static func evaluate(_ operation: String, _ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue]? {
        switch operation {
        case "module_loss": try moduleLoss(inputs)
        case "optimal_module_count": try moduleCount(inputs)
        case "module_matrix": try moduleMatrix(inputs)
        case "derate_factor": try derating(inputs)
        case "cable_temperature": try cable(inputs)
        case "foster": try foster(inputs)
        case "dc_power_limit": try dcLimit(inputs)
        case "harmonic_sum": try harmonics(inputs)
        case "wpt_efficiency": try wireless(inputs)
        default: nil
        }
    }

    private static func loss(_ inputs: VectorInputs) throws(VectorError) -> ModuleLoss {
        ModuleLoss(a: try inputs.number("a"), b: try inputs.number("b"), c: try inputs.number("c"))
    }

    private static func moduleLoss(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let output = 1000 * (try inputs.number("P_out_kW"))
        let lossW = try loss(inputs).lossW(outputW: output, ratedW: 1000 * (try inputs.positive("P_nom_kW")))
        return ["loss_kW": .number(lossW / 1000), "efficiency": .number(output / (output + lossW))]
    }

    private static func moduleCount(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let constants = try loss(inputs)
        let output = 1000 * (try inputs.number("P_kW"))
        let rated = 1000 * (try inputs.positive("module_kW"))
        let count = constants.bestCount(outputW: output, ratedW: rated, installed: try inputs.integer("installed"))
        let lossW = constants.lossW(outputW: output, ratedW: rated, count: count)
        return [
            "modules_on": .integer(count), "loss_kW": .number(lossW / 1000),
            "efficiency": .number(output / (output + lossW)),
        ]
    }

    private static func moduleMatrix(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let demand = try inputs.numbers("demand_kW").map { $0 * 1000 }
        let weights = inputs.has("weights") ? try inputs.numbers("weights") : []
        guard weights.isEmpty || weights.count == demand.count else { throw .missing("weights", "one for each demand") }
        var matrix = ModuleMatrix()
        matrix.allocate(
            demandW: ContiguousArray(demand), weights: ContiguousArray(weights),
            moduleCount: try inputs.integer("modules"), moduleW: 1000 * (try inputs.positive("module_kW")))
        return [
            "modules": .list(matrix.modules.map { .integer(Int($0)) }),
            "power_kW": .list(matrix.powerW.map { .number($0 / 1000) }),
        ]
    }

    private static func derating(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let points = try inputs.pairs("table")
        guard !points.isEmpty else { throw .missing("table", "at least one point") }
        let table = DeratingTable(x: points.map(\.0), factor: points.map(\.1))
        return ["factor": .number(table.value(at: try inputs.number("ambient_C")))]
    }

    private static func cable(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let cable = CableThermal(
            resistance20Ohm: try inputs.number("R20_ohm"), thermalKPerW: try inputs.number("Rth_K_per_W"),
            heatCapacityJPerK: try inputs.number("C_J_per_K"), alphaPerK: try inputs.number("alpha"))
        let current = try inputs.number("I_A")
        let ambient = try inputs.number("T_amb")
        let start = try inputs.number("T0")
        let limit = try inputs.number("T_limit")
        let rows: [VectorValue] = [60, 300, 900, 1800].map { t in
            let celsius = cable.temperatureC(after: t, startC: start, currentA: current, ambientC: ambient)
            return .object(["t_s": .number(t), "T": .number(celsius)])
        }
        return [
            "T_inf": .number(cable.finalC(currentA: current, ambientC: ambient)),
            "tau_s": .number(cable.timeConstantS(currentA: current)), "rows": .list(rows),
            "t_cross_s": .optional(cable.secondsTo(limit, startC: start, currentA: current, ambientC: ambient)),
            "I_max_at_limit": .number(cable.sustainableA(limitC: limit, ambientC: ambient)),
        ]
    }

    private static func foster(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let stages = try inputs.pairs("network_R_tau")
        guard !stages.isEmpty, stages.allSatisfy({ $0.1 > 0 }) else {
            throw .missing("network_R_tau", "stages of a resistance and a time constant above 0")
        }
        var module = FosterThermal(stages: stages.map { FosterStage(resistance: $0.0, tau: $0.1) })
        let ambient = try inputs.number("T_amb")
        let loss = try inputs.number("P_W")
        var rows: [VectorValue] = []
        var now = 0.0
        for t in try inputs.numbers("times") {
            module.advance(seconds: t - now, lossW: loss)
            now = t
            rows.append(.object(["t_s": .number(t), "T": .number(ambient + module.riseK)]))
        }
        var results: [String: VectorValue] = ["rows": .list(rows)]
        if inputs.has("T_limit") {
            let cold = FosterThermal(stages: module.stages)
            let limit = try inputs.number("T_limit") - ambient
            results["t_limit_s"] = .optional(cold.secondsTo(riseK: limit, lossW: loss))
        }
        return results
    }

    private static func dcLimit(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let outlet = DCOutlet(
            ratedW: 1000 * (try inputs.number("charger_kW")), currentMaxA: try inputs.number("charger_A"),
            cableMaxA: try inputs.number("cable_A"), voltageMinV: try inputs.number("Vmin"),
            voltageMaxV: try inputs.number("Vmax"))
        let battery = Acceptance(
            curve: ChargeCurves.flat, scale: 1000 * (try inputs.number("car_kW")),
            packV0: try inputs.number("V_batt"))
        let power = outlet.limiting(battery, boosterW: nil)?.powerW(atSoC: 0) ?? 0
        return ["kW": .number(power / 1000)]
    }

    private static func harmonics(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let shares = try inputs.pairs("harmonics").map { HarmonicShare(order: $0.0, share: $0.1) }
        return [
            "thd_single_pct": .number(100 * Harmonics.distortion(shares, count: 1)),
            "thd_aggregate_pct": .number(100 * Harmonics.distortion(shares, count: try inputs.integer("n"))),
        ]
    }

    private static func wireless(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let pad = WirelessPad(
            alignedEfficiency: try inputs.number("eta_aligned"), edgeEfficiency: try inputs.number("eta_edge"),
            toleranceXMm: try inputs.number("x_tol"), toleranceYMm: try inputs.number("y_tol"))
        let efficiency = pad.efficiency(
            offsetXMm: try inputs.number("dx_mm"), offsetYMm: try inputs.number("dy_mm"))
        return [
            "efficiency": .number(efficiency), "battery_kW": .number(efficiency * (try inputs.number("grid_kW"))),
        ]
    }
}
