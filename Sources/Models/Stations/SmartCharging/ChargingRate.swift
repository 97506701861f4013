/// Unit of the limits of a charging schedule.
///
/// - Source: OCPP 2.0.1 part 2, ChargingRateUnitEnumType: W is the total over all phases, A is per phase.
public enum RateUnit: UInt8, Hashable, Sendable, BitwiseCopyable, Codable {
    case watts
    case amperes
}

/// How an EVSE is supplied: what turns amperes per phase into watts in total and back.
public struct EVSESupply: Hashable, Sendable, BitwiseCopyable, Codable {
    /// AC: nominal voltage between a line and neutral. DC: rated output voltage. V, above 0.
    public var voltage: Double
    /// Phases wired to the EVSE, 1 ... 3; 1 for DC.
    public var phases: Int
    /// Whether the output is direct current; then profiles carry no phase count.
    public var isDC: Bool

    /// A voltage that is not positive is taken as 230 V, a phase count outside 1 ... 3 as the nearest that exists.
    public init(voltage: Double, phases: Int, isDC: Bool) {
        self.voltage = voltage > 0 && voltage.isFinite ? voltage : 230
        self.phases = isDC ? 1 : min(max(phases, 1), 3)
        self.isDC = isDC
    }

    /// Phases that a schedule period with `numberPhases` may use here; absent means all three.
    func phases(of numberPhases: Int?) -> Int {
        isDC ? 1 : min(max(numberPhases ?? 3, 1), phases)
    }

    /// The same rate in another unit, over `phases` phases.
    func convert(_ rate: Double, from: RateUnit, to: RateUnit, phases: Int) -> Double {
        switch (from, to) {
        case (.watts, .amperes): rate / (voltage * Double(phases))
        case (.amperes, .watts): rate * voltage * Double(phases)
        case (.watts, .watts), (.amperes, .amperes): rate
        }
    }
}
