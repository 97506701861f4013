import Models

extension WorldResolver {
    /// The site's transformer, sized by the connected load when asked to.
    func resolveTransformer(_ group: NodeReader, for site: SiteSpec) -> TransformerSpec? {
        guard group.node.entries.isEmpty == false, group.text("rating_kva") != "none" else { return nil }
        let rating = group.number("rating_kva") ?? TransformerRule.ratingKVA(for: site, market: market)
        let series: TransformerSeries = market == .europe ? .euLiquid : .usLiquid
        let usual: TransformerSpec.Model = market == .europe ? .iec60076 : .ieeeC57
        return TransformerSpec(
            ratingKVA: rating, model: group.choice("model", as: TransformerSpec.Model.self) ?? usual,
            cooling: TransformerSpec.Cooling(rawValue: group.name(defaulted: "cooling")) ?? .distributionONAN,
            upgradedPaper: group.flag("upgraded_paper"), ambientOffsetK: group.number(defaulted: "ambient_offset_k"),
            lossRatio: group.number("loss_ratio") ?? TransformerTable.rating(kVA: rating, series: series).lossRatio)
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
    static func ratingKVA(for site: SiteSpec, market: Market) -> Double {
        var connectedVA = (site.building?.peakW ?? 0) / buildingPowerFactor
        for station in site.stations { connectedVA += station.ratedW / efficiency(of: station) / station.powerFactor }
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
