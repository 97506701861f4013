internal import Sim

/// How ageing is summed up over an interval of held load.
public enum AgeingRule: String, Sendable, BitwiseCopyable, Codable, CaseIterable {
    /// The integral of the rate along the exact temperatures.
    case integral
    /// The rate at the interval's end for all of it, as programs with fixed steps have it.
    case endOfStep = "end_of_step"
}

/// How fast paper insulation ages at a hot-spot temperature, relative to normal ageing.
public enum InsulationAgeing: UInt8, Sendable, BitwiseCopyable, Codable {
    /// Thermally upgraded paper: Arrhenius, 1 at 110 °C. - Source: IEEE C57.91.
    case upgradedPaper
    /// Plain kraft paper: doubles every 6 K, 1 at 98 °C. - Source: IEC 60076-7.
    case plainPaper
    /// Dry-type insulation: doubles every 6 K, 1 at its rated hot spot.
    case dryType

    /// Hot spots of normal ageing, °C. - Source: IEEE C57.91; IEC 60076-7.
    public static let upgradedPaperC = 110.0
    public static let plainPaperC = 98.0

    /// Normal insulation life (the default of `insulation_life_h`) at the reference temperature, h. - Source: IEEE C57.91.
    public static let normalLifeH: Double = 180_000

    /// Ageing rate of upgraded paper (FAA) at a hot spot in °C.
    public static func upgradedPaperRate(hotSpotC: Double) -> Double {
        Math.exp(15000 / 383 - 15000 / (hotSpotC + 273))
    }
    /// Ageing rate that doubles every 6 K and is 1 at `referenceC`.
    public static func sixKelvinRate(hotSpotC: Double, referenceC: Double) -> Double {
        Math.exp((hotSpotC - referenceC) * 0.115_524_530_093_324_21)
    }

    /// Ageing rate at a hot spot in °C; `ratedHotSpotC` counts for dry types only.
    func rate(hotSpotC: Double, ratedHotSpotC: Double) -> Double {
        switch self {
        case .upgradedPaper: Self.upgradedPaperRate(hotSpotC: hotSpotC)
        case .plainPaper: Self.sixKelvinRate(hotSpotC: hotSpotC, referenceC: Self.plainPaperC)
        case .dryType: Self.sixKelvinRate(hotSpotC: hotSpotC, referenceC: ratedHotSpotC)
        }
    }

    /// Equivalent ageing factor of a period: aged hours over hours.
    public static func equivalentFactor(agedHours: Double, hours: Double) -> Double { agedHours / hours }
    /// Share of normal life used, percent.
    public static func lossOfLifePercent(agedHours: Double, lifeH: Double = normalLifeH) -> Double {
        agedHours * 100 / lifeH
    }
}
