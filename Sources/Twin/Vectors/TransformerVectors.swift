import Models

/// Operations of the group `transformer`.
enum TransformerVectors {
    static func evaluate(_ operation: String, _ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue]? {
        switch operation {
        case "FAA_IEEE":
            ["faa": .number(InsulationAgeing.upgradedPaperRate(hotSpotC: try inputs.number("theta_hs")))]
        case "V_IEC_nonupgraded":
            ["v": .number(InsulationAgeing.sixKelvinRate(hotSpotC: try inputs.number("theta_hs"), referenceC: 98))]
        case "iec_series": try series(inputs)
        case "ieee_series": try TransformerSeriesVectors.ieee(inputs)
        case "iec_table": try TransformerSeriesVectors.iecTable(inputs)
        case "iec_steps": try steps(inputs)
        case "iec_steps_from_ss": try stepsFromSteadyState(inputs)
        case "top_oil_crossing": try crossing(inputs, hotSpot: false)
        case "hot_spot_first_crossing": try crossing(inputs, hotSpot: true)
        case "ageing_day_periodic": try ageingDay(inputs)
        case "ieee_clause7_step": try clause7(inputs)
        case "dry_type_step": try dryType(inputs)
        case "size_transformer": try size(inputs)
        default: nil
        }
    }

    /// Rises may be given in parts: a surcharge on the oil's, a factor on the gradient.
    static func parameters(_ inputs: VectorInputs) throws(VectorError) -> IECThermalParameters {
        let p = try inputs.object("params")
        return IECThermalParameters(
            topOilRiseK: try p.number("dor") + (try p.number("surcharge", or: 0)),
            hotSpotRiseK: try p.number("dhr") * (try p.number("hot_spot_factor", or: 1)),
            oilMinutes: try p.number("tau_o"),
            windingMinutes: try p.number("tau_w"), lossRatio: try p.number("R"), x: try p.number("x"),
            y: try p.number("y"), k11: try p.number("k11"), k21: try p.number("k21"), k22: try p.number("k22"))
    }

    static func row(_ t: Double, _ thermal: TransformerThermal) -> VectorValue {
        .object(["t": .number(t), "theta_o": .number(thermal.topOilC), "theta_h": .number(thermal.hotSpotC)])
    }

    private static func series(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let p = try parameters(inputs)
        let minutes = try inputs.number("dt_min")
        let load = try inputs.notNegatives("K")
        let ambient = try inputs.numbers("theta_a")
        guard load.count == ambient.count, let firstLoad = load.first, let firstAmbient = ambient.first else {
            throw .missing("theta_a", "as many numbers as K")
        }
        var rows: [VectorValue] = []
        if try inputs.text("method").hasPrefix("difference") {
            var form = IECDifferenceForm(p, loadK: firstLoad, ambientC: firstAmbient)
            for i in load.indices {
                if i > 0 { form.step(minutes: minutes, loadK: load[i], ambientC: ambient[i]) }
                rows.append(
                    .object([
                        "t": .number(Double(i) * minutes), "theta_o": .number(form.topOilC),
                        "theta_h": .number(form.hotSpotC), "V": .number(form.ageingRate),
                        "L_min": .number(form.agedMinutes),
                    ]))
            }
        } else {
            var thermal = TransformerThermal(
                iec: p, ageing: .plainPaper, loadK: firstLoad, ambientC: firstAmbient)
            for i in load.indices {
                if i > 0 { thermal.advance(seconds: 60 * minutes, loadK: load[i], ambientC: ambient[i]) }
                rows.append(row(Double(i) * minutes, thermal))
            }
        }
        return ["rows": .list(rows)]
    }

    private static func steps(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let ambient = try inputs.number("theta_a")
        let start = try inputs.numbers("init")
        guard start.count == 3 else { throw .missing("init", "three numbers") }
        var thermal = TransformerThermal(iec: try parameters(inputs), loadK: 0, ambientC: ambient)
        thermal.set(topOilC: start[0], gradient1K: start[1], gradient2K: start[2], ambientC: ambient)
        var rows: [VectorValue] = []
        var published: [VectorValue] = []
        var t = 0.0
        for (minutes, load) in try inputs.pairs("steps") {
            guard load >= 0 else { throw .missing("steps", "loads from 0") }
            thermal.advance(seconds: 60 * minutes, loadK: load, ambientC: ambient)
            t += minutes
            rows.append(row(t, thermal))
            published.append(.list([.number(t), .number(thermal.topOilC), .number(thermal.hotSpotC)]))
        }
        return ["rows": .list(rows), "published": .list(published)]
    }

    private static func stepsFromSteadyState(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let ambient = try inputs.number("theta_a")
        let load = try inputs.notNegative("K1")
        var thermal = TransformerThermal(
            iec: try parameters(inputs), loadK: try inputs.notNegative("K0"), ambientC: ambient)
        var rows: [VectorValue] = []
        var t = 0.0
        for time in try inputs.numbers("times") {
            thermal.advance(seconds: 60 * (time - t), loadK: load, ambientC: ambient)
            t = time
            rows.append(row(t, thermal))
        }
        return ["rows": .list(rows)]
    }

    private static func crossing(_ inputs: VectorInputs, hotSpot: Bool) throws(VectorError) -> [String: VectorValue] {
        let ambient = try inputs.number("theta_a")
        let thermal = TransformerThermal(
            iec: try parameters(inputs), loadK: try inputs.notNegative("K0"), ambientC: ambient)
        let threshold = try inputs.number("threshold")
        let load = try inputs.notNegative("K1")
        let seconds =
            hotSpot
            ? thermal.secondsToHotSpot(threshold, loadK: load, ambientC: ambient)
            : thermal.secondsToTopOil(threshold, loadK: load, ambientC: ambient)
        return ["t_min": .optional(seconds.map { $0 / 60 })]
    }

    private static func ageingDay(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let p = try parameters(inputs)
        let profile = try inputs.pairs("profile_min_K")
        let multiplier = try inputs.notNegative("load_multiplier")
        let ambient = try inputs.number("theta_a")
        guard let first = profile.first, profile.allSatisfy({ $0.1 >= 0 }) else {
            throw .missing("profile_min_K", "at least one step, and loads from 0")
        }
        var upgraded = TransformerThermal(iec: p, loadK: first.1 * multiplier, ambientC: ambient)
        var plain = TransformerThermal(
            iec: p, ageing: .plainPaper, loadK: first.1 * multiplier, ambientC: ambient)
        var aged = (upgraded: 0.0, plain: 0.0)
        var maxTopOil = -Double.infinity
        var hours = 0.0
        for _ in 0..<(try inputs.integer("repeat_days")) {
            aged = (upgraded.agedHours, plain.agedHours)
            maxTopOil = upgraded.topOilC
            _ = upgraded.takeHotSpotPeakC()
            hours = 0
            for (minutes, load) in profile {
                upgraded.advance(seconds: 60 * minutes, loadK: load * multiplier, ambientC: ambient)
                plain.advance(seconds: 60 * minutes, loadK: load * multiplier, ambientC: ambient)
                maxTopOil = max(maxTopOil, upgraded.topOilC)
                hours += minutes / 60
            }
        }
        let used = upgraded.agedHours - aged.upgraded
        return [
            "aged_hours_IEEE": .number(used),
            "FEQA": .number(InsulationAgeing.equivalentFactor(agedHours: used, hours: hours)),
            "loss_of_life_pct_per_day": .number(
                InsulationAgeing.lossOfLifePercent(
                    agedHours: used, lifeH: try inputs.positive("insulation_life_h", or: InsulationAgeing.normalLifeH))),
            "aged_hours_IEC_nonupgraded": .number(plain.agedHours - aged.plain), "max_top_oil": .number(maxTopOil),
            "max_hot_spot": .number(upgraded.hotSpotPeakC),
        ]
    }

    private static func clause7(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let p = try inputs.object("params")
        let load = try inputs.notNegative("K1")
        var results: [String: VectorValue] = [:]
        for corrects in [true, false] {
            let parameters = IEEEThermalParameters(
                topOilRiseK: try p.number("dTO_R"), hotSpotRiseK: try p.number("dH_R"), lossRatio: try p.number("R"),
                m: try p.number("m"), n: try p.number("n"), oilMinutes: try p.number("tau_TO_R"),
                windingMinutes: try p.number("tau_w"), correctsTimeConstant: corrects)
            var thermal = TransformerThermal(ieee: parameters, loadK: try inputs.notNegative("K0"), ambientC: 0)
            var rows: [VectorValue] = []
            var t = 0.0
            for time in try inputs.numbers("times") {
                thermal.advance(seconds: 60 * (time - t), loadK: load, ambientC: 0)
                t = time
                rows.append(
                    .object([
                        "t": .number(t), "dTO": .number(thermal.risesK.topOil), "dH": .number(thermal.risesK.hotSpot),
                    ]))
            }
            results[corrects ? "rows_with_tau_correction" : "rows_constant_tau"] = .list(rows)
            if corrects {
                let ultimate = thermal.ultimateRisesK
                results["ultimate"] = .list([.number(ultimate.topOil), .number(ultimate.hotSpot)])
                results["tau_TO_corrected_min"] = .number(thermal.oilTimeConstantS / 60)
            }
        }
        return results
    }

    private static func dryType(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let parameters = DryTypeParameters(
            hotSpotRiseK: try inputs.number("d_hs_rated"), ratedHotSpotC: try inputs.number("theta_hs_rated"),
            q: try inputs.number("q"), minutes: try inputs.number("tau_min"))
        let ambient = try inputs.number("theta_a")
        let load = try inputs.notNegative("K1")
        var thermal = TransformerThermal(dry: parameters, loadK: try inputs.notNegative("K0"), ambientC: ambient)
        var rows: [VectorValue] = []
        var t = 0.0
        for time in try inputs.numbers("times") {
            thermal.advance(seconds: 60 * (time - t), loadK: load, ambientC: ambient)
            t = time
            let rate = InsulationAgeing.sixKelvinRate(
                hotSpotC: thermal.hotSpotC, referenceC: parameters.ratedHotSpotC)
            rows.append(
                .object(["t": .number(t), "theta_hs": .number(thermal.hotSpotC), "ageing_rate_6K": .number(rate)]))
        }
        return ["rows": .list(rows)]
    }

    private static func size(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let sizing = TransformerSizing(
            outputW: try inputs.number("n") * (try inputs.number("kW")) * 1000,
            efficiency: try inputs.positive("efficiency"), powerFactor: try inputs.positive("pf"))
        func next(_ kVA: Double, _ sizes: [Double]) -> VectorValue {
            .optional(TransformerSizing.nextSize(atLeast: kVA, in: sizes))
        }
        let required = sizing.requiredKVA
        return [
            "input_kW": .number(sizing.inputW / 1000), "required_kVA": .number(required),
            "planning_floor_kVA": .number(sizing.planningFloorKVA), "oversize20_kVA": .number(sizing.oversize20KVA),
            "oversize30_kVA": .number(sizing.oversize30KVA),
            "next_IEC_size": next(required, TransformerSizing.iecSizesKVA),
            "next_IEC_size_with_20pct": next(sizing.oversize20KVA, TransformerSizing.iecSizesKVA),
            "next_US_size": next(required, TransformerSizing.usSizesKVA),
            "next_US_size_with_20pct": next(sizing.oversize20KVA, TransformerSizing.usSizesKVA),
        ]
    }
}
