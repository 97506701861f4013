/// The plug at the end of a cable or the inlet of a vehicle.
///
/// - Source: IEC 62196-2/-3 (Type 1, Type 2, CCS), CHAdeMO 1.2, SAE J3400 (NACS).
public enum ConnectorType: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case type1
    case type2
    case ccs1
    case ccs2
    case chademo
    case nacs

    /// The name used in world files, tables and telemetry.
    public var wireName: String {
        switch self {
        case .type1: "Type1"
        case .type2: "Type2"
        case .ccs1: "CCS1"
        case .ccs2: "CCS2"
        case .chademo: "CHAdeMO"
        case .nacs: "NACS"
        }
    }

    /// The connector called `wireName`, `nil` when there is none.
    public init?(wireName: String) {
        for type in Self.allCases where type.wireName == wireName {
            self = type
            return
        }
        return nil
    }

    /// Carries direct current from a DC station (NACS carries both).
    @inlinable public var carriesDC: Bool { self == .ccs1 || self == .ccs2 || self == .chademo || self == .nacs }
    /// Carries alternating current from an AC station.
    @inlinable public var carriesAC: Bool { self == .type1 || self == .type2 || self == .nacs }
}

/// What a charging station delivers.
public enum StationKind: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case ac
    case dc

    /// The name used in world files, tables and telemetry.
    public var name: String {
        switch self {
        case .ac: "ac"
        case .dc: "dc"
        }
    }
    /// The kind called `name`, `nil` when there is none.
    public init?(name: String) {
        for kind in Self.allCases where kind.name == name {
            self = kind
            return
        }
        return nil
    }
}

/// The use that a site is built for: decides template, arrivals and drivers' habits.
public enum SiteKind: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case highway
    case urbanHub
    case retail
    case workplace
    case depot
    case residential

    /// The name used in world files, tables and telemetry.
    public var name: String {
        switch self {
        case .highway: "highway"
        case .urbanHub: "urban_hub"
        case .retail: "retail"
        case .workplace: "workplace"
        case .depot: "depot"
        case .residential: "residential"
        }
    }
    /// The kind called `name`, `nil` when there is none.
    public init?(name: String) {
        for kind in Self.allCases where kind.name == name {
            self = kind
            return
        }
        return nil
    }
}
