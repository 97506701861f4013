internal import Sim

/// Constant current, then constant voltage: a battery of linear open-circuit voltage behind a resistance.
///
/// - Source: Rint model, domain reference 2.2: CV current decays with `tau = R Q / k`.
public struct CCCVBattery: BitwiseCopyable, Sendable, Codable {
    /// Charge, Ah.
    public var capacityAh: Double
    public var resistanceOhm: Double
    /// Open-circuit voltage `v0 + slope * SoC`, V.
    public var openCircuitV0: Double
    public var openCircuitSlopeV: Double
    /// Voltage limit, V.
    public var maximumV: Double

    public init(
        capacityAh: Double, resistanceOhm: Double, openCircuitV0: Double, openCircuitSlopeV: Double, maximumV: Double
    ) {
        self.capacityAh = capacityAh
        self.resistanceOhm = resistanceOhm
        self.openCircuitV0 = openCircuitV0
        self.openCircuitSlopeV = openCircuitSlopeV
        self.maximumV = maximumV
    }

    /// A charge from `soc` at `currentA` until the current has fallen to `endA`.
    public func charge(fromSoC soc: Double, currentA: Double, endA: Double) -> CCCVCharge {
        let knee = (maximumV - currentA * resistanceOhm - openCircuitV0) / openCircuitSlopeV
        let start = max(soc, knee)
        let tau = 3600 * resistanceOhm * capacityAh / openCircuitSlopeV
        // Above the knee the voltage limit already holds the current down.
        let first = min(currentA, (maximumV - openCircuitV0 - openCircuitSlopeV * start) / resistanceOhm)
        let constantVoltageS = first > endA ? tau * Math.log(first / endA) : 0
        return CCCVCharge(
            kneeSoC: knee, constantCurrentS: max(0, (knee - soc) * 3600 * capacityAh / currentA), tauS: tau,
            constantVoltageS: constantVoltageS,
            endSoC: start + max(0, first - endA) * tau / (3600 * capacityAh))
    }
}

/// Times and states of a CC-CV charge.
public struct CCCVCharge: BitwiseCopyable, Sendable {
    /// State of charge at which the voltage limit is met.
    public var kneeSoC: Double
    public var constantCurrentS: Double
    /// Time constant of the current in the second phase, s.
    public var tauS: Double
    public var constantVoltageS: Double
    public var endSoC: Double
}
