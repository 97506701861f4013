/// Efficiency of an inductive pad over misalignment: quadratic, nothing beyond 1.5 times the tolerance.
///
/// - Source: SAE J2954 offsets; quadratic model of domain reference 12 (estimate).
public struct WirelessPad: BitwiseCopyable, Sendable, Codable {
    /// Efficiency aligned, and at one tolerance off in one direction.
    public var alignedEfficiency: Double
    public var edgeEfficiency: Double
    /// Tolerances along and across, mm.
    public var toleranceXMm: Double
    public var toleranceYMm: Double

    public init(
        alignedEfficiency: Double = 0.93, edgeEfficiency: Double = 0.85, toleranceXMm: Double = 75,
        toleranceYMm: Double = 100
    ) {
        self.alignedEfficiency = alignedEfficiency
        self.edgeEfficiency = edgeEfficiency
        self.toleranceXMm = toleranceXMm
        self.toleranceYMm = toleranceYMm
    }

    /// Grid-to-battery efficiency at an offset in mm.
    public func efficiency(offsetXMm dx: Double, offsetYMm dy: Double) -> Double {
        let x = dx / toleranceXMm
        let y = dy / toleranceYMm
        guard abs(x) <= 1.5, abs(y) <= 1.5 else { return 0 }
        return max(0, alignedEfficiency - (alignedEfficiency - edgeEfficiency) * (x * x + y * y))
    }
}
