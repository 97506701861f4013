/// Piecewise-linear power over state of charge, for every vehicle and for the built-in battery models.
///
/// Curve `c` owns the breakpoints `starts[c] ..< starts[c + 1]`; state of charge rises within a curve, and two
/// breakpoints at the same state of charge are a vertical step. The vehicles' curves are in watts; the built-in ones
/// have a peak of 1 and are scaled by ``Acceptance/scale``.
public enum ChargeCurves {
    /// First breakpoint of each curve, and one past the last.
    public static let starts: [Int32] = generatedStarts
    /// State of charge of the breakpoints, 0 ... 1.
    public static let soc: [Double] = generatedSoC
    /// Accepted power at the breakpoints, W (vehicles) or per unit of the peak (built-in).
    public static let power: [Double] = generatedPower

    /// Two-stage battery: full power up to 80 %, then linear to nothing at full.
    ///
    /// - Source: Lee et al., "ACN-Sim", 2021, linear two-stage model with a transition at 0.8.
    public static let twoStage: Int32 = generatedTwoStage
    /// On-board charging: full power up to 97 %, then linear to 10 % at full (estimate, domain reference 2.3).
    public static let onboard: Int32 = generatedOnboard
    /// Constant power to full.
    public static let flat: Int32 = generatedFlat
}
