import Models

/// Operations of the group `charge_curve`.
enum ChargeCurveVectors {
    static func evaluate(_ operation: String, _ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue]? {
        switch operation {
        case "time_to_soc": try timeToSoC(inputs)
        case "soc_after": try socAfter(inputs)
        case "segment": try segment(inputs)
        case "cccv": try cccv(inputs)
        case "cp_duty_to_current": try pilotDuty(inputs)
        case "ac_power": try acPower(inputs)
        case "ac_vehicle": try acVehicle(inputs)
        default: nil
        }
    }

    static func vehicle(_ inputs: VectorInputs) throws(VectorError) -> VehicleModel {
        let id = try inputs.text("vehicle")
        guard let index = VehicleCatalogue.index(of: id) else {
            throw VectorError(description: "inputs.vehicle: \"\(id)\" is not in the catalogue")
        }
        return VehicleCatalogue.all[index]
    }

    private static func acceptance(_ inputs: VectorInputs) throws(VectorError) -> (Acceptance, VehicleModel) {
        let vehicle = try vehicle(inputs)
        return (
            Acceptance(vehicle: vehicle, limitW: 1000 * (try inputs.number("limit_kW", or: .infinity))), vehicle
        )
    }

    private static func timeToSoC(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let (acceptance, vehicle) = try acceptance(inputs)
        let from = try inputs.number("soc0")
        let to = try inputs.number("soc1")
        let seconds = acceptance.seconds(fromSoC: from, toSoC: to, capacityWh: vehicle.usableWh)
        return ["minutes": .number(seconds / 60), "energy_kWh": .number((to - from) * vehicle.usableWh / 1000)]
    }

    private static func socAfter(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let (acceptance, vehicle) = try acceptance(inputs)
        let soc = acceptance.soc(
            fromSoC: try inputs.number("soc0"), afterSeconds: 60 * (try inputs.number("minutes")),
            capacityWh: vehicle.usableWh)
        return ["soc": .number(soc), "power_kW": .number(acceptance.powerW(atSoC: soc) / 1000)]
    }

    private static func segment(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let soc0 = try inputs.number("soc0")
        let soc1 = try inputs.number("soc1")
        let power0 = 1000 * (try inputs.number("P0_kW"))
        let power1 = 1000 * (try inputs.number("P1_kW"))
        let capacity = 1000 * (try inputs.number("E_kWh")) / (try inputs.number("eff", or: 1))
        let segment = ChargeSegment(
            soc0: soc0, soc1: soc1, powerW: power0, slopeWPerSoC: (power1 - power0) / (soc1 - soc0))
        let later = segment.soc(afterSeconds: 600, capacityWh: capacity)
        return [
            "minutes": .number(segment.seconds(toSoC: soc1, capacityWh: capacity) / 60),
            "soc_at_10min": .number(later), "P_at_10min": .number(segment.power(atSoC: later) / 1000),
        ]
    }

    private static func cccv(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let battery = CCCVBattery(
            capacityAh: try inputs.number("Q_Ah"), resistanceOhm: try inputs.number("R_ohm"),
            openCircuitV0: try inputs.number("ocv0_V"), openCircuitSlopeV: try inputs.number("ocv_slope_V_per_soc"),
            maximumV: try inputs.number("V_max"))
        let charge = battery.charge(
            fromSoC: try inputs.number("soc0"), currentA: try inputs.number("I_cc_A"),
            endA: try inputs.number("I_end_A"))
        return [
            "soc_cc_end": .number(charge.kneeSoC), "t_cc_s": .number(charge.constantCurrentS),
            "tau_cv_s": .number(charge.tauS), "t_cv_s": .number(charge.constantVoltageS),
            "soc_end": .number(charge.endSoC),
        ]
    }

    private static func pilotDuty(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        switch PilotDuty.meaning(pct: try inputs.number("duty_pct")) {
        case .noCharging: ["amps": .number(0), "meaning": .text("no charging")]
        case .digitalCommunication: ["amps": .number(-1), "meaning": .text("digital communication required")]
        case .limit(let amps): ["amps": .number(amps), "meaning": .text("limit")]
        }
    }

    private static func acPower(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let voltage = try inputs.positive("V_phase")
        let watts = 1000 * (try inputs.number("obc_kW"))
        // A charger of three phases takes up to 32 A on one, where the case does not say otherwise.
        let isThreePhase = try inputs.integer("obc_phases") == 3
        let single = isThreePhase ? 1000 * (try inputs.number("obc_single_phase_kW", or: 0.032 * voltage)) : watts
        let draw = OnboardCharger.draw(
            offeredA: try inputs.number("evse_A"), evsePhases: try inputs.integer("evse_phases"), voltageV: voltage,
            cableA: try inputs.number("cable_A"),
            rating: OnboardRating(onePhaseW: single, threePhaseW: isThreePhase ? watts : 0, nominalV: voltage),
            efficiency: try inputs.number("obc_eff"))
        return result(draw)
    }

    /// A vehicle of the catalogue at an EVSE whose pilot offers what a limit leaves of the installed current.
    private static func acVehicle(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let name = try inputs.text("market")
        guard let market = Market(worldName: name) else { throw .missing("market", "europe or north_america") }
        let rating = try vehicle(inputs).onboard(in: market)
        let installed = try inputs.positive("evse_A")
        let phases = try inputs.integer("evse_phases")
        let voltage = try inputs.positive("V_phase")
        let unit = Double(rating.use(evsePhases: phases).phases) * voltage
        let limit = 1000 * (try inputs.number("limit_kW", or: .infinity))
        let offered = unit > 0 ? PilotDuty.amps(limit, unitW: unit, installed: installed) : 0
        var results = result(
            OnboardCharger.draw(
                offeredA: offered, evsePhases: phases, voltageV: voltage, cableA: installed, rating: rating))
        results["duty_pct"] = .number(PilotDuty.pct(amps: offered))
        return results
    }

    private static func result(_ draw: OnboardDraw) -> [String: VectorValue] {
        [
            "phases": .integer(draw.phases), "amps": .number(draw.amps), "ac_kW": .number(draw.acW / 1000),
            "dc_kW": .number(draw.batteryW / 1000),
        ]
    }
}
