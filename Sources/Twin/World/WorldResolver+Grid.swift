import Models

extension WorldResolver {
    /// The site's transformer, sized by the connected load when asked to.
    mutating func resolveTransformer(_ group: NodeReader, for site: SiteSpec) -> TransformerSpec? {
        guard group.node.entries.isEmpty == false, group.text("rating_kva") != "none" else { return nil }
        let withStations = group.name(defaulted: "sized_for") != "building"
        if group.number("rating_kva") == nil, !withStations, site.building == nil {
            report(
                group.place("sized_for"), group.path("sized_for"), "there is no building to size it for",
                fix: "add building to the site, or write rating_kva")
        }
        let rating =
            group.number("rating_kva")
            ?? TransformerRule.ratingKVA(for: site, market: market, withStations: withStations)
        let series: TransformerSeries = market == .europe ? .euLiquid : .usLiquid
        let usual: TransformerSpec.Model = market == .europe ? .iec60076 : .ieeeC57
        let model = group.choice("model", as: TransformerSpec.Model.self) ?? usual
        let cooling =
            group.choice("cooling", as: TransformerSpec.Cooling.self) ?? (model == .dryType ? .an : .distributionONAN)
        checkTransformer(group, model, cooling)
        let insulation = group.choice("insulation_class", as: TransformerSpec.InsulationClass.self) ?? .f
        var constants = TransformerSpec.Constants.usual(model, cooling, insulation)
        constants.replace(from: group)
        return TransformerSpec(
            ratingKVA: rating, model: model, cooling: cooling, constants: constants,
            fans: cooling == .anAF ? fans(group, insulation) : nil,
            upgradedPaper: group.flag("upgraded_paper"), ambientOffsetK: group.number(defaulted: "ambient_offset_k"),
            lossRatio: group.number("loss_ratio") ?? TransformerTable.rating(kVA: rating, series: series).lossRatio,
            insulationLifeH: group.number(defaulted: "insulation_life_h"),
            rule: group.choice("ageing_rule", as: AgeingRule.self) ?? .integral, start: start(group))
    }

    private func start(_ group: NodeReader) -> TransformerParameters.Start {
        if let celsius = group.number("start") { return .at(celsius) }
        return group.text("start") == "cold" ? .cold : .settled
    }

    /// Fans that start when it is hot.
    private mutating func fans(_ group: NodeReader, _ insulation: TransformerSpec.InsulationClass) -> FanStage? {
        let onC = group.number(defaulted: "fans_on_c")
        let offC = group.number(defaulted: "fans_off_c")
        guard onC > offC else {
            report(
                group.place("fans_off_c"), group.path("fans_off_c"),
                "the fans stop at \(offC) °C and start at \(onC) °C",
                fix: "write fans_off_c below fans_on_c")
            return nil
        }
        let fanned = TransformerSpec.Constants.usual(.dryType, .af, insulation)
        return FanStage(
            onC: onC, offC: offC, ratingFactor: group.number(defaulted: "fans_rating"), q: fanned.windingExponent,
            minutes: fanned.windingMinutes)
    }

    /// Complains about keys that the chosen model has no use for.
    private mutating func checkTransformer(
        _ group: NodeReader, _ model: TransformerSpec.Model, _ cooling: TransformerSpec.Cooling
    ) {
        if cooling.isDry != (model == .dryType) {
            report(
                group.place("cooling"), group.path("cooling"), "\(cooling.rawValue) is no cooling of \(model.rawValue)",
                fix: model == .dryType
                    ? "write an, af or an_af" : "write distribution_onan, power_onan, power_onaf, of or od")
        }
        var unused: [String]
        switch model {
        case .iec60076: unused = ["rated_hot_spot_c", "insulation_class"]
        case .ieeeC57: unused = ["rated_hot_spot_c", "insulation_class", "k11", "k21", "k22"]
        case .dryType:
            unused = [
                "k11", "k21", "k22", "top_oil_rise_k", "surcharge_k", "oil_time_min", "oil_exponent", "loss_ratio",
                "upgraded_paper",
            ]
        }
        if cooling != .anAF { unused += ["fans_on_c", "fans_off_c", "fans_rating"] }
        for key in unused where group.has(key) {
            report(
                group.place(key), group.path(key), "\(model.rawValue) has no use for it",
                fix: "delete it, or choose another model or cooling")
        }
    }
}

extension TransformerSpec.Constants {
    /// The constants of a type: `reference/transformers.json`.
    static func usual(
        _ model: TransformerSpec.Model, _ cooling: TransformerSpec.Cooling,
        _ insulation: TransformerSpec.InsulationClass
    ) -> Self {
        switch model {
        case .iec60076:
            let p = TransformerSpec.iec(cooling)
            return Self(
                topOilRiseK: p.topOilRiseK, hotSpotRiseK: p.hotSpotRiseK, oilMinutes: p.oilMinutes,
                windingMinutes: p.windingMinutes, oilExponent: p.x, windingExponent: p.y, k11: p.k11, k21: p.k21,
                k22: p.k22, ratedHotSpotC: 0)
        case .ieeeC57:
            let p = TransformerSpec.ieee(cooling)
            return Self(
                topOilRiseK: p.topOilRiseK, hotSpotRiseK: p.hotSpotRiseK, oilMinutes: p.oilMinutes,
                windingMinutes: p.windingMinutes, oilExponent: p.n, windingExponent: p.m, k11: 1, k21: 1, k22: 1,
                ratedHotSpotC: 0)
        case .dryType:
            let p = insulation == .h ? DryTypeParameters.h180AN : .f155AN
            // Fans shorten the time constant by the same share in both classes: only class F has a row with fans.
            let (an, af) = (DryTypeParameters.f155AN, DryTypeParameters.f155AF)
            return Self(
                topOilRiseK: 0, hotSpotRiseK: p.hotSpotRiseK, oilMinutes: 1,
                windingMinutes: cooling == .af ? p.minutes * af.minutes / an.minutes : p.minutes, oilExponent: 1,
                windingExponent: cooling == .af ? af.q : p.q, k11: 1, k21: 1, k22: 1, ratedHotSpotC: p.ratedHotSpotC)
        }
    }

    /// Takes over what the world gives.
    mutating func replace(from group: NodeReader) {
        topOilRiseK = (group.number("top_oil_rise_k") ?? topOilRiseK) + group.number(defaulted: "surcharge_k")
        hotSpotRiseK =
            (group.number("hot_spot_gradient_k") ?? hotSpotRiseK) * group.number(defaulted: "hot_spot_factor")
        oilMinutes = group.number("oil_time_min") ?? oilMinutes
        windingMinutes = group.number("winding_time_min") ?? windingMinutes
        oilExponent = group.number("oil_exponent") ?? oilExponent
        windingExponent = group.number("winding_exponent") ?? windingExponent
        k11 = group.number("k11") ?? k11
        k21 = group.number("k21") ?? k21
        k22 = group.number("k22") ?? k22
        ratedHotSpotC = group.number("rated_hot_spot_c") ?? ratedHotSpotC
    }
}

/// The planner's rule for a transformer: what is connected, a quarter more, the next standard size.
enum TransformerRule {
    /// Oversize of the rule, in the middle of its 20 to 30 %.
    static let oversize = 1.25
    /// Power factor of buildings and of import limits (estimate).
    static let buildingPowerFactor = 0.95

    /// Standard rating for a site, kVA.
    ///
    /// Σ(output / efficiency) / power factor + building peak, not above what the import limit lets through, times
    /// ``oversize``; above the largest size a whole number of the largest.
    /// Without stations: what stood there before they came.
    static func ratingKVA(for site: SiteSpec, market: Market, withStations: Bool = true) -> Double {
        var connectedVA = site.building.map { $0.peakW / $0.powerFactor } ?? 0
        for station in site.stations where withStations {
            connectedVA += station.ratedW / efficiency(of: station) / station.powerFactor
        }
        if let limitW = site.importLimitW { connectedVA = min(connectedVA, limitW / buildingPowerFactor) }
        return nextSize(atLeast: connectedVA * oversize / 1000, market: market)
    }

    /// Efficiency at full load: of the station's class for DC; an AC station passes power through.
    private static func efficiency(of station: StationSpec) -> Double {
        guard station.kind == .dc, station.efficiency == .table else { return 1 }
        let index = ChargerEfficiency.classIndex(kind: .dc, ratedW: station.ratedW)
        return ChargerEfficiency.classes[index].efficiency.last ?? 1
    }

    private static func nextSize(atLeast kva: Double, market: Market) -> Double {
        let sizes = market == .europe ? TransformerSizing.iecSizesKVA : TransformerSizing.usSizesKVA
        if let size = TransformerSizing.nextSize(atLeast: kva, in: sizes) { return size }
        let largest = sizes[sizes.count - 1]
        return (kva / largest).rounded(.up) * largest
    }
}
