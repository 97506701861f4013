/// Which transformer a set of outputs needs.
///
/// - Source: planning rule, domain reference 1.5: sum of inputs over power factor, then 20 to 30 % on top.
public struct TransformerSizing: BitwiseCopyable, Sendable {
    /// Input power, W, and apparent power that must be carried, kVA.
    public let inputW: Double
    public let requiredKVA: Double
    /// The requirement rounded up to the next 100 kVA.
    public var planningFloorKVA: Double { (requiredKVA / 100).rounded(.up) * 100 }
    /// The requirement with 20 % and 30 % in reserve.
    public var oversize20KVA: Double { 1.2 * requiredKVA }
    public var oversize30KVA: Double { 1.3 * requiredKVA }

    /// - Parameters:
    ///   - outputW: sum of the rated outputs.
    ///   - efficiency: output over input, above 0.
    ///   - powerFactor: above 0.
    public init(outputW: Double, efficiency: Double, powerFactor: Double) {
        inputW = outputW / efficiency
        requiredKVA = inputW / powerFactor / 1000
    }

    /// Standard sizes, kVA.
    public static let iecSizesKVA: [Double] = [
        25, 50, 100, 160, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500,
    ]
    public static let usSizesKVA: [Double] = [45, 75, 112.5, 150, 225, 300, 500, 750, 1000, 1500, 2000, 2500]

    /// Smallest size of the series that is not below `kVA`, `nil` when it needs more than one unit.
    public static func nextSize(atLeast kVA: Double, in sizes: [Double]) -> Double? {
        sizes.first { $0 >= kVA * (1 - 1e-9) }
    }
}
