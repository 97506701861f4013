public import Models

/// How the network is looked after, and what goes wrong in it.
public struct OperationsSpec: Sendable, Hashable {
    /// Failure and repair rates: a preset of `reference/reliability.json`, or `none` for equipment that never fails.
    public var preset: String
    /// Repair crews of the whole network.
    public var crews: Int
    /// `nil` for equipment that never fails.
    public var failures: FailureSpec?
    public var gridOutages: GridOutageSpec
    /// Mean of the ages drawn for sites that give none, years.
    public var equipmentAgeY: Double
    public var incidents: IncidentSpec
}

/// How often equipment fails and how long repairs take; preset and what a world writes over it.
public struct FailureSpec: Sendable, Hashable {
    /// By component, in the order of ``Models/ReliabilityTable/components``.
    public var rates: [ComponentRates]
    public var remoteMedianMin: Double
    public var remoteSigma: Double
    public var onsiteMedianH: Double
    public var onsiteSigma: Double
    public var repairLaw: RepairLaw
    /// In a straight line, positive.
    public var crewSpeedKmh: Double
    /// `nil` where ports are what they seem.
    public var conditions: PortConditionParameters?
}

/// Interruptions of a site's supply.
public struct GridOutageSpec: Sendable, Hashable {
    /// A year, for each site (SAIFI).
    public var perYear: Double
    /// Mean length, h (CAIDI).
    public var meanH: Double
}

/// Probability per session of what may interrupt it, 0 ... 1 each.
public struct IncidentSpec: Sendable, Hashable {
    public var cablePulled: Double
    public var supplyLost: Double
    public var vehicleSilent: Double
    public var emergencyStop: Double
    public var groundFault: Double
    /// That a start sequence fails at a port with nothing wrong.
    public var startFailed: Double
    /// That the best free bay is blocked by a parked vehicle.
    public var blockedBay: Double
}
