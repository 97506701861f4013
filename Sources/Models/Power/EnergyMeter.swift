public import Sim

/// The billing meter of an EVSE: a register that only rises, with a constant relative error of its own.
///
/// - Source: accuracy class B, EN 50470-3 / IEC 62053-21: within ±1 % at reference conditions.
public struct EnergyMeter: BitwiseCopyable, Sendable, Codable {
    /// Largest relative error of the class.
    public static let classBError = 0.01

    /// Relative error of this meter, -0.01 ... 0.01.
    public let relativeError: Double
    private var total = Energy.zero

    /// A meter with the given error; 0 measures true.
    public init(relativeError: Double = 0) {
        precondition(abs(relativeError) <= Self.classBError, "a class B meter errs by at most 1 %")
        self.relativeError = relativeError
    }

    /// A meter whose error is drawn once: `unit` is uniform in 0 ... 1; errors are triangular about 0, as of a
    /// batch that was adjusted in the factory.
    public init(unit: Double) {
        let spread = unit < 0.5 ? (2 * unit).squareRoot() - 1 : 1 - (2 - 2 * unit).squareRoot()
        self.init(relativeError: Self.classBError * min(max(spread, -1), 1))
    }

    /// Import register, Wh, with every fraction that the meter keeps inside.
    public var registerWh: Double { total.wattHours }
    /// Import register as shown and sent: whole Wh, cut off.
    public var displayedWh: Int64 { Int64(total.wattHours) }

    /// Counts energy that really went through; negative amounts (a vehicle feeding back) are not counted.
    public mutating func count(_ energy: Energy) {
        guard energy > .zero else { return }
        total += Energy(joules: energy.joules * (1 + relativeError))
    }
    /// Counts a held power.
    public mutating func count(_ power: Power, for duration: SimDuration) { count(power * duration) }
}
