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
    /// Draw at an EVSE offering `offeredA` on each of `evsePhases`, through a cable coded for `cableA`.
    ///
    /// The efficiency is the measured mean at that current where none is given. Below the least current nothing flows.
    public static func draw(
        offeredA: Double, evsePhases: Int, voltageV: Double, cableA: Double, rating: OnboardRating,
        efficiency given: Double? = nil
    ) -> OnboardDraw {
        let use = rating.use(evsePhases: evsePhases)
        let allowed = min(offeredA, cableA, use.amps)
        let amps = allowed < PilotDuty.minimumAmps ? 0 : allowed
        let acW = Double(use.phases) * amps * voltageV
        return OnboardDraw(
            phases: use.phases, amps: amps, acW: acW,
            batteryW: acW * (given ?? efficiency(phases: use.phases, amps: amps)))
    }

    /// Mean measured efficiency; two phases count as three.
    public static func efficiency(phases: Int, amps: Double) -> Double {
        (phases <= 1 ? PackTables.onboardOnePhase : PackTables.onboardThreePhase).value(at: amps)
    }
}
