internal import Sim

/// Temperature of a power module over its surroundings: two parallel stages of a Foster network, exact.
///
/// - Source: domain reference 3.3; default constants per 30 kW module (estimates).
public struct FosterThermal: BitwiseCopyable, Sendable, Codable {
    /// Thermal resistance, K/W, and time constant, s, of the stages.
    public let resistance0: Double
    public let tau0: Double
    public let resistance1: Double
    public let tau1: Double
    private var rise0 = 0.0
    private var rise1 = 0.0

    public init(resistance0: Double, tau0: Double, resistance1: Double, tau1: Double) {
        self.resistance0 = resistance0
        self.tau0 = tau0
        self.resistance1 = resistance1
        self.tau1 = tau1
    }
    public static let module30kW = FosterThermal(resistance0: 0.02, tau0: 2, resistance1: 0.03, tau1: 240)

    /// Rise over the surroundings, K.
    public var riseK: Double { rise0 + rise1 }

    /// Moves on by `seconds` under a held loss of `lossW`.
    public mutating func advance(seconds: Double, lossW: Double) {
        rise0 = lossW * resistance0 + (rise0 - lossW * resistance0) * Math.exp(-seconds / tau0)
        rise1 = lossW * resistance1 + (rise1 - lossW * resistance1) * Math.exp(-seconds / tau1)
    }

    /// Seconds until the rise reaches `limitK` under a held loss, `nil` when it does not.
    public func secondsTo(riseK limitK: Double, lossW: Double) -> Double? {
        let final0 = lossW * resistance0
        let final1 = lossW * resistance1
        let curve = RelaxationSum(
            base: final0 + final1, a0: rise1 - final1, tau0: tau1, a1: rise0 - final0, tau1: tau0, a2: 0, tau2: tau0)
        return curve.firstTime(at: limitK)
    }

    /// Share of the rating that a heat sink at `temperatureC` allows: full to 90 °C, nothing from 105 °C.
    public static let derating = DeratingTable(x: [90, 105], factor: [1, 0])
    /// Heat-sink temperatures that stop a module and let it start again, °C.
    public static let tripC = 110.0
    public static let restartC = 80.0
}
