/// States of IEC 61851-1; 1 is pilot without oscillation, 2 with.
public enum PilotState: UInt8, Sendable, BitwiseCopyable, Codable, CaseIterable {
    case a1
    case a2
    case b1
    case b2
    case c1
    case c2
    case d1
    case d2
    /// Pilot shorted or no supply.
    case e
    /// EVSE fault or not available.
    case f
}

/// What the vehicle's side of the pilot shows, by the positive voltage it leaves.
public enum VehiclePilot: UInt8, Sendable, BitwiseCopyable, Codable, CaseIterable {
    /// 12 V: nothing plugged.
    case absent
    /// 9 V: plugged, not ready.
    case connected
    /// 6 V: ready.
    case ready
    /// 3 V: ready, needs ventilation.
    case readyVentilated
    /// 0 V: pilot shorted to earth.
    case shorted
}

/// Reasons that keep the contactor open; any number at once.
public struct PilotFaults: OptionSet, Hashable, Sendable, BitwiseCopyable, Codable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Button pressed; latched until it is reset.
    public static let emergencyStop = PilotFaults(rawValue: 1)
    /// Residual current tripped; latched until service, or reclosed where that is allowed.
    public static let groundFault = PilotFaults(rawValue: 2)
    /// The vehicle's diode is missing; until it is unplugged.
    public static let diodeMissing = PilotFaults(rawValue: 4)
    /// Pilot shorted; until it is unplugged.
    public static let pilotShort = PilotFaults(rawValue: 8)
    /// Contactor does not open; latched until service.
    public static let contactorWelded = PilotFaults(rawValue: 16)
    /// Mains gone; until it is back.
    public static let supplyLost = PilotFaults(rawValue: 32)
    /// The application processor is silent; until it is heard.
    public static let applicationSilent = PilotFaults(rawValue: 64)
    /// The vehicle stopped talking while charging; until it is unplugged.
    public static let vehicleSilent = PilotFaults(rawValue: 128)
    /// Residual-current self-test failed; latched until service.
    public static let selfTestFailed = PilotFaults(rawValue: 256)

    /// Faults that an unplugged vehicle takes with it.
    static let goneWithVehicle: PilotFaults = [.diodeMissing, .pilotShort, .vehicleSilent]
    /// Faults that only service clears.
    static let needsService: PilotFaults = [.groundFault, .contactorWelded, .selfTestFailed]
    /// Faults that show as state E; all others as F.
    static let showsE: PilotFaults = [.pilotShort, .supplyLost]
}

/// What happens to a pilot circuit.
public enum PilotInput: Hashable, Sendable, BitwiseCopyable {
    /// The vehicle's side changed (after debouncing).
    case vehicle(VehiclePilot)
    /// The application offers a current, A per phase; below 6 A it withdraws.
    case offer(amps: Double)
    /// The application offers digital communication (5 % duty).
    case offerDigital
    /// The application wants the session to end: the vehicle gets time to ramp down.
    case withdraw
    /// Result of the checks asked for by ``PilotEffects/checksDue``.
    case checks(diodePresent: Bool, selfTestPassed: Bool)
    /// The vehicle draws nothing any more.
    case currentStopped
    /// The vehicle stopped answering.
    case vehicleSilent
    case emergencyStopPressed
    case emergencyStopReset
    /// The residual-current device tripped.
    case groundFault
    case supplyLost
    case supplyRestored
    /// Sign of life of the application processor.
    case applicationAlive
    /// Result of the measurement asked for by ``PilotEffects/weldCheckDue``.
    case weldCheck(welded: Bool)
    /// A technician cleared latched faults.
    case serviceReset
    /// The time of ``ControlPilot/nextDeadline`` has come.
    case timer
}

/// What a handled input did; the caller acts on it and logs it.
public struct PilotEffects: OptionSet, Hashable, Sendable, BitwiseCopyable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let stateChanged = PilotEffects(rawValue: 1)
    public static let contactorClosed = PilotEffects(rawValue: 2)
    public static let contactorOpened = PilotEffects(rawValue: 4)
    /// Diode and residual-current checks must run and be reported before the contactor closes.
    public static let checksDue = PilotEffects(rawValue: 8)
    /// The opened contactor must be measured for welding.
    public static let weldCheckDue = PilotEffects(rawValue: 16)
    /// A fault appeared, or the last one went.
    public static let faultRaised = PilotEffects(rawValue: 32)
    public static let faultCleared = PilotEffects(rawValue: 64)
    /// The contactor opened under load: a cable was pulled or power was cut without ramping down.
    public static let openedUnderLoad = PilotEffects(rawValue: 128)
    public static let cablePulledUnderLoad = PilotEffects(rawValue: 256)
    public static let plugged = PilotEffects(rawValue: 512)
    public static let unplugged = PilotEffects(rawValue: 1024)
    /// ``ControlPilot/nextDeadline`` moved.
    public static let deadlineChanged = PilotEffects(rawValue: 2048)
}

/// How a pilot circuit is built.
public struct PilotSettings: Hashable, Sendable, BitwiseCopyable, Codable {
    /// The place is ventilated: state D may charge.
    public var hasVentilation = false
    /// Ground faults reclose by themselves after ``recloseS``, at most ``recloseTries`` times a session (US CCID).
    public var reclosesGroundFault = false
    public var recloseS: Int64 = 900
    public var recloseTries: UInt8 = 4
    /// A silent application processor takes the pilot to F after ``watchdogS``.
    public var hasWatchdog = false
    public var watchdogS: Int64 = 10
    /// A vehicle that does not ramp down is cut off after this, s.
    public var rampDownS: Int64 = 6
    public init() {}
}
