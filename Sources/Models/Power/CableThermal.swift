internal import Sim

/// Temperature of a charging cable or contact: copper loss rises with temperature, so the model is linear and exact.
///
/// - Source: domain reference 3.4; C T' = I² R20 (1 + α (T - 20)) - (T - Ta) / Rth.
public struct CableThermal: BitwiseCopyable, Sendable, Codable {
    /// Resistance at 20 °C of both conductors, Ω.
    public var resistance20Ohm: Double
    /// Thermal resistance to the surroundings (or coolant), K/W.
    public var thermalKPerW: Double
    /// Heat capacity, J/K.
    public var heatCapacityJPerK: Double
    /// Temperature coefficient of the conductor, 1/K.
    public var alphaPerK: Double

    public init(
        resistance20Ohm: Double, thermalKPerW: Double, heatCapacityJPerK: Double, alphaPerK: Double = 0.00393
    ) {
        self.resistance20Ohm = resistance20Ohm
        self.thermalKPerW = thermalKPerW
        self.heatCapacityJPerK = heatCapacityJPerK
        self.alphaPerK = alphaPerK
    }

    /// Air-cooled 70 mm² cable for 200 A.
    public static let airCooled200A = CableThermal(
        resistance20Ohm: 0.00126, thermalKPerW: 0.55, heatCapacityJPerK: 5200)
    /// Liquid-cooled cable for 500 A.
    public static let liquidCooled500A = CableThermal(
        resistance20Ohm: 0.0022, thermalKPerW: 0.085, heatCapacityJPerK: 2600)

    /// Contact temperature at which current is reduced, and at which charging stops, °C.
    public static let derateC = 80.0
    public static let stopC = 90.0

    /// Conductance to the surroundings less the growth of loss with temperature, W/K; not positive: it runs away.
    private func netWPerK(_ currentA: Double) -> Double {
        1 / thermalKPerW - currentA * currentA * resistance20Ohm * alphaPerK
    }

    /// Temperature approached under a held current, °C (of a run-away: the point it moves away from).
    public func finalC(currentA: Double, ambientC: Double) -> Double {
        let heat = currentA * currentA * resistance20Ohm * (1 - 20 * alphaPerK)
        return (ambientC / thermalKPerW + heat) / netWPerK(currentA)
    }
    /// Time constant under a held current, s; negative when it runs away.
    public func timeConstantS(currentA: Double) -> Double { heatCapacityJPerK / netWPerK(currentA) }

    /// Temperature after `seconds` from `startC`, °C.
    public func temperatureC(
        after seconds: Double, startC: Double, currentA: Double, ambientC: Double
    ) -> Double {
        let final = finalC(currentA: currentA, ambientC: ambientC)
        return final + (startC - final) * Math.exp(-seconds / timeConstantS(currentA: currentA))
    }

    /// Seconds until `limitC` is reached from below, `nil` when it is not.
    public func secondsTo(_ limitC: Double, startC: Double, currentA: Double, ambientC: Double) -> Double? {
        guard startC < limitC else { return 0 }
        let final = finalC(currentA: currentA, ambientC: ambientC)
        let ratio = (limitC - final) / (startC - final)
        guard ratio > 0 else { return nil }
        let seconds = -timeConstantS(currentA: currentA) * Math.log(ratio)
        return seconds > 0 ? seconds : nil
    }

    /// Current that holds `limitC` for ever, A.
    public func sustainableA(limitC: Double, ambientC: Double) -> Double {
        ((limitC - ambientC) / (thermalKPerW * resistance20Ohm * (1 + alphaPerK * (limitC - 20)))).squareRoot()
    }

    /// Contact resistance after `matings` cycles over that of a new contact: grows by 1 at 10,000 rated cycles.
    public static func wearFactor(matings: Double) -> Double { 1 + matings / 10_000 }
}
