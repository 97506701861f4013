public import Sim

/// The billing meter of an EVSE: a register that only rises, with a constant relative error of its own.
///
/// Counts whole millionths of a watt-hour, so that the register does not depend on how often it is looked at.
/// - Source: accuracy class B, EN 50470-3 / IEC 62053-21: within ±1 % at reference conditions.
public struct EnergyMeter: BitwiseCopyable, Sendable, Codable {
    /// Largest relative error of the class.
    public static let classBError = 0.01

    /// Relative error of this meter, -0.01 ... 0.01.
    public let relativeError: Double
    /// What really went through, millionths of a watt-hour.
    private(set) var microWh: Int64 = 0

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
    public var registerWh: Double { Double(microWh) / 1e6 * (1 + relativeError) }
    /// Import register as shown and sent: whole Wh, cut off.
    public var displayedWh: Int64 { Int64(registerWh) }

    /// Counts energy that really went through; negative amounts (a vehicle feeding back) are not counted.
    public mutating func count(_ energy: Energy) {
        guard energy > .zero else { return }
        count(microWh: Int64((energy.wattHours * 1e6).rounded()))
    }
    /// Counts millionths of a watt-hour that really went through, 0 or more.
    @inline(__always)
    mutating func count(microWh: Int64) { self.microWh += microWh }
    /// Counts a held power.
    public mutating func count(_ power: Power, for duration: SimDuration) { count(power * duration) }
}
