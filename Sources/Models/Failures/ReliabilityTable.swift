/// What a failing component takes out of service.
public enum ComponentScope: UInt8, Sendable, Codable, BitwiseCopyable {
    /// The whole charging station.
    case station
    /// One EVSE with its connector.
    case connector
}

/// A part that fails: rates of a dual 150 kW charging station per station year.
///
/// - Source: `reference/reliability.json` (engineering estimates calibrated to published benchmarks).
public struct ReliabilityComponent: Sendable {
    public let name: String
    public let scope: ComponentScope
    /// Faults a year that need a visit, in the whole station; components of its connectors share them.
    public let onsitePerYear: Double
    /// Faults a year that a remote action clears.
    public let remotePerYear: Double
    /// Weibull shape of the time between failures: below 1 infant mortality, above 1 wear.
    public let weibullShape: Double
    /// Γ(1 + 1/shape): mean life over Weibull scale.
    public let weibullMeanOverScale: Double
    /// Number of the ChargeX minimum required error code, 0 when none fits.
    public let mrec: Int32
    public let partLeadDays: Double
    /// Median time on site, h.
    public let handsOnMedianH: Double
    /// Why technicians come, as counted by field studies.
    public let visitBucket: String
    /// Whether an AC station has this part at all.
    public let inACStations: Bool

    /// Faults a year of both sorts in a station of the given kind, before the operator's multiplier.
    public func ratePerYear(in kind: StationKind) -> Double {
        switch kind {
        case .ac: inACStations ? (onsitePerYear + remotePerYear) * ReliabilityTable.acRateFactor : 0
        case .dc: onsitePerYear + remotePerYear
        }
    }
    /// Chance that a fault needs a visit.
    public var onsiteShare: Double {
        let total = onsitePerYear + remotePerYear
        return total > 0 ? onsitePerYear / total : 0
    }
    /// Weibull scale in hours for a rate in faults a year.
    public func weibullScaleH(ratePerYear: Double) -> Double { 8760 / ratePerYear / weibullMeanOverScale }
}

/// How well an operator looks after its stations.
public struct OperatorPreset: Sendable {
    public let name: String
    /// Multiplies every fault rate.
    public let rateMultiplier: Double
    /// Remote fix: lognormal, median in minutes.
    public let remoteFixMedianMin: Double
    public let remoteFixSigma: Double
    /// Visit: detection to restoration, lognormal, median in hours.
    public let onsiteRestoreMedianH: Double
    public let onsiteRestoreSigma: Double
    /// Long-run share of time a dual station works under this preset.
    public let availability: Double
}

/// Fault rates, operators and error codes of `reference/reliability.json`.
public enum ReliabilityTable {
    /// All components; the index is the component's number in telemetry.
    public static let components: [ReliabilityComponent] = generatedComponents
    public static let presets: [OperatorPreset] = generatedPresets
    /// ChargeX error names; the name of code CX0nn stands at nn - 1.
    public static let mrecNames: [String] = generatedMRECNames
    /// AC stations fail this often compared with the same part of a DC station.
    public static let acRateFactor: Double = 0.2

    /// The operator called `name`, `nil` when there is none.
    public static func preset(named name: String) -> OperatorPreset? { presets.first { $0.name == name } }
}
