/// Losses of a transformer size.
public struct TransformerRating: Sendable {
    /// Rated apparent power, kVA (the unit of name plates).
    public let kVA: Double
    /// No-load loss, W.
    public let noLoadW: Double
    /// Load loss at rated load, W.
    public let loadW: Double
    /// Short-circuit impedance, percent.
    public let impedancePct: Double

    /// Load loss over no-load loss: R of the thermal models.
    public var lossRatio: Double { loadW / noLoadW }

    /// Share of the input that leaves at load `k` (per unit) and power factor `pf`; 0 when nothing is delivered.
    public func efficiency(loadK k: Double, powerFactor pf: Double) -> Double {
        let out = k * kVA * 1000 * pf
        guard out > 0 else { return 0 }
        return 1 - (noLoadW + k * k * loadW) / (out + noLoadW + k * k * loadW)
    }
}

/// Which series of sizes and losses applies.
public enum TransformerSeries: UInt8, Sendable, CaseIterable, BitwiseCopyable, Codable {
    /// EU ecodesign tier 2, liquid-immersed.
    case euLiquid
    /// US 10 CFR 431.196, liquid-immersed, three phases.
    case usLiquid
    /// US pole and pad-mount, single phase.
    case usLiquidSinglePhase
    /// US low-voltage dry type, three phases.
    case usDry
}

/// Losses by size, and thermal constants by type.
///
/// - Source: `reference/transformers.json`: EU 2019/1783, 10 CFR 431.196, IEC 60076-7, IEEE C57.91.
public enum TransformerTable {
    /// The sizes of a series, rising.
    public static func ratings(_ series: TransformerSeries) -> [TransformerRating] {
        switch series {
        case .euLiquid: generatedEULiquid
        case .usLiquid: generatedUSLiquid
        case .usLiquidSinglePhase: generatedUSLiquidSinglePhase
        case .usDry: generatedUSDry
        }
    }

    /// Losses for a rating; between sizes interpolated per kVA, beyond the ends scaled with the end's.
    public static func rating(kVA: Double, series: TransformerSeries) -> TransformerRating {
        let sizes = ratings(series)
        if let exact = sizes.first(where: { $0.kVA == kVA }) { return exact }
        guard let upper = sizes.firstIndex(where: { $0.kVA > kVA }), upper > 0 else {
            let end = kVA < sizes[0].kVA ? sizes[0] : sizes[sizes.count - 1]
            let r = kVA / end.kVA
            return TransformerRating(
                kVA: kVA, noLoadW: end.noLoadW * r, loadW: end.loadW * r, impedancePct: end.impedancePct)
        }
        let a = sizes[upper - 1]
        let b = sizes[upper]
        let t = (kVA - a.kVA) / (b.kVA - a.kVA)
        return TransformerRating(
            kVA: kVA, noLoadW: a.noLoadW + t * (b.noLoadW - a.noLoadW), loadW: a.loadW + t * (b.loadW - a.loadW),
            impedancePct: a.impedancePct + t * (b.impedancePct - a.impedancePct))
    }
}
