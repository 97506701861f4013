public import Sim

/// How a visit was authorised. Raw values are the telemetry flags.
public enum Authorization: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case rfid, app, card, plugAndCharge

    public var name: String {
        switch self {
        case .rfid: "rfid"
        case .app: "app"
        case .card: "card"
        case .plugAndCharge: "plug_and_charge"
        }
    }
}

/// Why energy stopped flowing for good. Raw values are the telemetry flags.
public enum EndReason: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case targetReached, driverLeft, batteryFull, fault, cablePulled, supplyLost, vehicleSilent, emergencyStop,
        groundFault, authorizationFailed

    public var name: String {
        switch self {
        case .targetReached: "target_reached"
        case .driverLeft: "driver_left"
        case .batteryFull: "battery_full"
        case .fault: "fault"
        case .cablePulled: "cable_pulled"
        case .supplyLost: "supply_lost"
        case .vehicleSilent: "vehicle_silent"
        case .emergencyStop: "emergency_stop"
        case .groundFault: "ground_fault"
        case .authorizationFailed: "authorization_failed"
        }
    }
}

/// Why a driver left without charging. Raw values are the telemetry flags.
public enum LossReason: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case noPlace, balked, reneged, noCompatibleConnector, authorizationFailed, outOfService,
        chargingFailed

    public var name: String {
        switch self {
        case .noPlace: "no_place"
        case .balked: "balked"
        case .reneged: "reneged"
        case .noCompatibleConnector: "no_compatible_connector"
        case .authorizationFailed: "authorization_failed"
        case .outOfService: "out_of_service"
        case .chargingFailed: "charging_failed"
        }
    }
}

/// What an operator would be told of. Raw values are the telemetry flags.
public enum AlarmKind: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case cablePulled, supplyLost, vehicleSilent, emergencyStop, groundFault, startFailed, hotSpotOver120,
        hotSpotOver140,
        topOilOver105, overNameplate, importLimitExceeded
    /// Hot spot of a dry-type transformer above the temperature of its insulation class.
    case hotSpotOverClass

    public var name: String {
        switch self {
        case .cablePulled: "cable_pulled"
        case .supplyLost: "supply_lost"
        case .vehicleSilent: "vehicle_silent"
        case .emergencyStop: "emergency_stop"
        case .groundFault: "ground_fault"
        case .startFailed: "start_failed"
        case .hotSpotOver120: "hot_spot_over_120_c"
        case .hotSpotOver140: "hot_spot_over_140_c"
        case .topOilOver105: "top_oil_over_105_c"
        case .overNameplate: "over_nameplate"
        case .importLimitExceeded: "import_limit_exceeded"
        case .hotSpotOverClass: "hot_spot_over_class"
        }
    }
}

/// One finished visit: from arrival at the site to the cable's removal.
public struct SessionRecord: BitwiseCopyable, Sendable, Codable {
    public var arrival: SimTime
    public var plugIn: SimTime
    /// First energy; plug-in where none flowed.
    public var chargeStart: SimTime
    public var chargeEnd: SimTime
    public var unplug: SimTime
    /// Time in the queue, before the driver had a place.
    public var queued: SimDuration
    /// Index of the EVSE within the site.
    public var evse: UInt16
    /// Index in the vehicle catalogue; `UInt16.max` for a replayed session.
    public var vehicle: UInt16
    /// Energy at the connector's meter and at the grid side, Wh.
    public var energyWh: Double
    public var gridEnergyWh: Double
    public var startSoC: Double
    public var endSoC: Double
    public var powerMaxW: Double
    public var authorization: Authorization
    public var end: EndReason
    /// Times the driver plugged in at this site until energy flowed; 1 when the first worked.
    public var attempts: UInt8
    /// Energy wanted, at the connector's meter, Wh.
    public var wantedWh: Double
}

/// A driver who left without charging.
public struct LossRecord: BitwiseCopyable, Sendable, Codable {
    public var time: SimTime
    public var reason: LossReason
    /// Time at the site, and the part of it in the queue.
    public var waited: SimDuration
    public var queued: SimDuration
    /// Another site was tried instead.
    public var droveOn: Bool
    /// Attempts that had failed at this site.
    public var attempts: UInt8
    /// Energy wanted, at the connector, Wh.
    public var wantedWh: Double
}

/// Something worth an operator's attention at one instant.
public struct AlarmRecord: BitwiseCopyable, Sendable, Codable {
    public var time: SimTime
    public var kind: AlarmKind
    /// Station within the site, nil for the site itself.
    public var station: UInt16?
    /// °C, W or per unit as the kind says; 0 where nothing was measured.
    public var value: Double
}

/// One transition of an EVSE's control pilot (IEC 61851-1).
public struct PilotRecord: BitwiseCopyable, Sendable, Codable {
    public var time: SimTime
    public var evse: UInt16
    public var from: PilotState
    public var to: PilotState
}

/// What a site has to tell and the run has not yet written; emptied at every telemetry flush.
public struct SiteRecords: Sendable, Codable {
    public var sessions: ContiguousArray<SessionRecord> = []
    public var losses: ContiguousArray<LossRecord> = []
    public var outages: ContiguousArray<OutageRecord> = []
    public var failedAttempts: ContiguousArray<FailedAttemptRecord> = []
    public var alarms: ContiguousArray<AlarmRecord> = []
    public var pilot: ContiguousArray<PilotRecord> = []

    public init() {}
    public mutating func removeAll() {
        sessions.removeAll(keepingCapacity: true)
        losses.removeAll(keepingCapacity: true)
        outages.removeAll(keepingCapacity: true)
        failedAttempts.removeAll(keepingCapacity: true)
        alarms.removeAll(keepingCapacity: true)
        pilot.removeAll(keepingCapacity: true)
    }
}
