/// What a pilot duty cycle tells the vehicle.
public enum PilotMeaning: Hashable, Sendable, BitwiseCopyable {
    /// Draw nothing.
    case noCharging
    /// Talk ISO 15118 or the like first.
    case digitalCommunication
    /// Draw at most this many amperes per phase.
    case limit(amps: Double)
}

/// Duty cycle of the 1 kHz control pilot.
///
/// - Source: IEC 61851-1 table A.8 / SAE J1772: 3-7 % digital, 8-85 % 0.6 A per percent from 6 A, above 2.5 A per
///   percent up to 80 A.
public enum PilotDuty {
    /// Least current that AC charging allows, A per phase.
    public static let minimumAmps = 6.0
    /// Largest current that a pilot can offer, A per phase.
    public static let maximumAmps = 80.0
    /// Duty that asks for digital communication, percent.
    public static let digitalPct = 5.0

    /// Meaning of a duty cycle of `pct` percent.
    public static func meaning(pct: Double) -> PilotMeaning {
        if pct >= 3, pct <= 7 { return .digitalCommunication }
        if pct < 8 || pct > 97 { return .noCharging }
        if pct < 10 { return .limit(amps: minimumAmps) }
        if pct <= 85 { return .limit(amps: 0.6 * pct) }
        return .limit(amps: pct <= 96 ? 2.5 * (pct - 64) : maximumAmps)
    }

    /// What the pilot offers under a limit of `watts`, A per phase: the installed current, or else whole amperes, and a pause
    /// (0) below the least current. `unitW` are the watts of an ampere: phases in use times voltage.
    public static func amps(_ watts: Double, unitW: Double, installed: Double) -> Double {
        let amps = watts / unitW
        guard amps < installed * (1 - 1e-9) else { return installed }
        let whole = (amps + 1e-9).rounded(.down)
        return whole < minimumAmps ? 0 : whole
    }

    /// Duty cycle in percent that offers `amps` per phase; 100 (no oscillation) below the least current.
    public static func pct(amps: Double) -> Double {
        guard amps >= minimumAmps else { return 100 }
        return amps <= 51 ? amps / 0.6 : min(amps, maximumAmps) / 2.5 + 64
    }
}
