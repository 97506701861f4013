/// One step between plug and power, or of the driver: a triangular delay in seconds.
public struct TimingStep: Sendable {
    public let name: String
    public let delayS: Triangular
}

/// Delays of a session from plug to power, and what the driver adds.
///
/// - Source: `reference/session_timing.json` (standards' timing plus an engineering split).
public enum SessionTiming {
    /// IEC 61851-1 mode 3 in order of time.
    public static let acMode3: [TimingStep] = generatedACMode3
    /// CCS with ISO 15118-2/-20 in order of time.
    public static let ccs: [TimingStep] = generatedCCS
    /// Parking and handling the cable, s.
    public static let driverOverheadAC: Triangular = generatedDriverAC
    public static let driverOverheadDC: Triangular = generatedDriverDC
    /// Vehicle asks for power to contactor closed, at most, s.
    public static let contactorCloseMaxS: Double = generatedContactorCloseMaxS
    /// Vehicle follows a new duty cycle within, s.
    public static let pwmResponseMaxS: Double = generatedPWMResponseMaxS
    /// Vehicle gone to contactor open, at most, s.
    public static let disconnectOpenMaxS: Double = generatedDisconnectOpenMaxS
    /// Pilot fault to contactor open, at most, s.
    public static let faultOpenMaxS: Double = generatedFaultOpenMaxS

    /// The AC step called `name`, `nil` when there is none.
    public static func acStep(_ name: String) -> TimingStep? { acMode3.first { $0.name == name } }
    /// The CCS step called `name`, `nil` when there is none.
    public static func ccsStep(_ name: String) -> TimingStep? { ccs.first { $0.name == name } }
}
