/// What an AC session draws and what reaches the battery.
public struct OnboardDraw: BitwiseCopyable, Sendable, Equatable {
    /// Phases in use, 0 ... 3.
    public var phases: Int
    /// Current per phase, A; 0 when the least current is not offered.
    public var amps: Double
    /// Power at the AC inlet and into the battery, W.
    public var acW: Double
    public var batteryW: Double
}

/// The AC side of a vehicle: phases, current and efficiency of its on-board charger.
///
/// - Source: domain reference 2.3; efficiencies averaged from ElaadNL measurements (`reference/vehicle_thermal.json`).
public enum OnboardCharger {
    /// Draw at an EVSE offering `offeredA` on `evsePhases`, through a cable coded for `cableA`; efficiency given.
    public static func draw(
        offeredA: Double, evsePhases: Int, voltageV: Double, cableA: Double, maximumW: Double, onboardPhases: Int,
        efficiency: Double
    ) -> OnboardDraw {
        let (phases, amps) = current(
            offeredA: offeredA, evsePhases: evsePhases, voltageV: voltageV, cableA: cableA, maximumW: maximumW,
            onboardPhases: onboardPhases)
        let acW = Double(phases) * amps * voltageV
        return OnboardDraw(phases: phases, amps: amps, acW: acW, batteryW: acW * efficiency)
    }

    /// The same with the measured mean efficiency at that current.
    public static func draw(
        offeredA: Double, evsePhases: Int, voltageV: Double, cableA: Double, maximumW: Double, onboardPhases: Int
    ) -> OnboardDraw {
        let (phases, amps) = current(
            offeredA: offeredA, evsePhases: evsePhases, voltageV: voltageV, cableA: cableA, maximumW: maximumW,
            onboardPhases: onboardPhases)
        let acW = Double(phases) * amps * voltageV
        return OnboardDraw(
            phases: phases, amps: amps, acW: acW, batteryW: acW * efficiency(phases: phases, amps: amps))
    }

    /// Mean measured efficiency; two phases count as three.
    public static func efficiency(phases: Int, amps: Double) -> Double {
        (phases <= 1 ? PackTables.onboardOnePhase : PackTables.onboardThreePhase).value(at: amps)
    }

    private static func current(
        offeredA: Double, evsePhases: Int, voltageV: Double, cableA: Double, maximumW: Double, onboardPhases: Int
    ) -> (phases: Int, amps: Double) {
        guard onboardPhases > 0, maximumW > 0 else { return (0, 0) }
        let amps = min(offeredA, cableA, maximumW / (voltageV * Double(onboardPhases)))
        return (min(evsePhases, onboardPhases), amps < PilotDuty.minimumAmps ? 0 : amps)
    }
}
