internal import Sim

/// One harmonic of a charger's current: order and share of the fundamental.
public struct HarmonicShare: BitwiseCopyable, Sendable {
    public var order: Double
    public var share: Double
    public init(order: Double, share: Double) {
        self.order = order
        self.share = share
    }
}

/// Total harmonic distortion of one charger and of many together.
///
/// - Source: IEC 61000-3-6 general summation law: exponent 1 below the 5th order, 1.4 from the 5th to the 10th, 2 above.
public enum Harmonics {
    /// Exponent of the summation law for an order.
    public static func summationExponent(order: Double) -> Double { order < 5 ? 1 : order <= 10 ? 1.4 : 2 }

    /// Distortion of `count` equal chargers over the sum of their fundamentals, per unit.
    public static func distortion(_ harmonics: [HarmonicShare], count: Int) -> Double {
        var squares = 0.0
        for harmonic in harmonics {
            let exponent = summationExponent(order: harmonic.order)
            let share = harmonic.share * Math.pow(Double(count), 1 / exponent - 1)
            squares += share * share
        }
        return squares.squareRoot()
    }
}
