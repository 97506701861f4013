/// The difference equations of IEC 60076-7 annex: explicit steps with the load and ambient at the end of the step.
///
/// For comparison with the standard's worked examples; ``TransformerThermal`` is exact and what the twin uses.
public struct IECDifferenceForm: BitwiseCopyable, Sendable {
    private let parameters: IECThermalParameters
    public private(set) var topOilC: Double
    private var gradient1: Double
    private var gradient2: Double
    /// Minutes of normal life used, thermally upgraded paper as in the annex.
    public private(set) var agedMinutes = 0.0

    /// Starts in the steady state of `loadK` and `ambientC`.
    public init(_ parameters: IECThermalParameters, loadK: Double, ambientC: Double) {
        self.parameters = parameters
        let steady = TransformerThermal(iec: parameters, loadK: loadK, ambientC: ambientC)
        let ultimate = steady.ultimateRisesK
        topOilC = steady.topOilC
        gradient1 = parameters.k21 * ultimate.hotSpot
        gradient2 = (parameters.k21 - 1) * ultimate.hotSpot
    }

    public var hotSpotC: Double { topOilC + gradient1 - gradient2 }
    /// Ageing rate at the present hot spot.
    public var ageingRate: Double { InsulationAgeing.upgradedPaperRate(hotSpotC: hotSpotC) }

    /// One step of `minutes`.
    public mutating func step(minutes: Double, loadK: Double, ambientC: Double) {
        let p = parameters
        let rises = TransformerThermal(iec: p, loadK: loadK, ambientC: ambientC).ultimateRisesK
        topOilC += minutes / (p.k11 * p.oilMinutes) * (rises.topOil - (topOilC - ambientC))
        gradient1 += minutes / (p.k22 * p.windingMinutes) * (p.k21 * rises.hotSpot - gradient1)
        gradient2 += minutes / (p.oilMinutes / p.k22) * ((p.k21 - 1) * rises.hotSpot - gradient2)
        agedMinutes += minutes * ageingRate
    }
}
