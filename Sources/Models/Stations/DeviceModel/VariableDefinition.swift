internal import OCPP
internal import OCPPMessages

/// Parts that only some charging stations have; components of the device model exist only where their part does.
public struct StationFeatures: OptionSet, Hashable, Sendable, BitwiseCopyable, Codable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// A display that can show the CSMS's messages.
    public static let display = StationFeatures(rawValue: 1)
    /// A payment terminal.
    public static let paymentTerminal = StationFeatures(rawValue: 2)
    /// A QR code with changing contents for payments by web.
    public static let webPayments = StationFeatures(rawValue: 4)
    /// EVSEs are slots for batteries to be exchanged.
    public static let batterySwap = StationFeatures(rawValue: 8)
    /// Power can flow back from the vehicle.
    public static let bidirectional = StationFeatures(rawValue: 16)
    /// Settings of a grid code can be controlled.
    public static let derControl = StationFeatures(rawValue: 32)
    /// ISO 15118 with the vehicle.
    public static let iso15118 = StationFeatures(rawValue: 64)
    /// A battery behind the connection to the grid.
    public static let localStorage = StationFeatures(rawValue: 128)
    /// Tariffs in machine-readable form, and cost reckoned by the charging station.
    public static let tariffs = StationFeatures(rawValue: 256)
    /// What a present-day charging station has: display, ISO 15118 and tariffs.
    public static let standard: StationFeatures = [.display, .iso15118, .tariffs]
}

/// Where in the charging station a component sits, and so how it is addressed.
enum ComponentTier: UInt8, Sendable, BitwiseCopyable {
    case station
    case evse
    case connector
    /// Once per slot for a network profile, told apart by the component's instance.
    case networkSlot
}

/// Which EVSEs have a component of tier ``ComponentTier/evse``.
enum SupplyKind: UInt8, Sendable, BitwiseCopyable {
    case any
    case ac
    case dc
}

/// Instances that a variable is there in.
enum VariableInstances: Sendable {
    case none
    case named([String])
    /// One for each vendor whose DataTransfer messages are known.
    case vendors

    /// Entries that have the instance `nil` beside those named.
    static func unnamedAnd(_ names: [String]) -> VariableInstances { .named([""] + names) }
}

/// What a value is taken from.
enum VariableSource: UInt8, Sendable, BitwiseCopyable {
    /// The value set last, or else the one of the catalogue.
    case stored
    /// From the state of the charging station, its EVSEs and connectors.
    case state
    /// From the profile in the component's network slot.
    case networkProfile
    /// Kept apart and never told.
    case secret
}

/// One attribute of a variable.
struct AttributeDefinition: Sendable {
    let kind: V2.AttributeEnum
    let mutability: V2.MutabilityEnum
    let initial: String
}

/// What the standard, and this charging station, say about a variable. Shared by all charging stations.
struct VariableDefinition: Sendable {
    let name: String
    let instances: VariableInstances
    let type: V2.DataEnum
    let attributes: [AttributeDefinition]
    let unit: String?
    /// Of numbers; of texts the least and largest number of characters.
    let minimum: Double?
    let maximum: Double?
    /// What an option, or each member of a list, may be; empty for anything.
    let values: [String]
    let source: VariableSource
    /// Whether the value survives a restart.
    let isPersistent: Bool
    let isConstant: Bool
    let isMonitored: Bool
    let needsReboot: Bool
    let since: OCPPVersion

    /// - Parameters:
    ///   - initial: value of Actual until another is set.
    ///   - limits: least and largest value, or number of characters.
    ///   - more: attributes beside Actual.
    init(
        _ name: String, _ type: V2.DataEnum, _ mutability: V2.MutabilityEnum = .readWrite, _ initial: String = "",
        unit: String? = nil, limits: ClosedRange<Double>? = nil, values: String = "", constant: Bool = false,
        instances: VariableInstances = .none, source: VariableSource = .stored, more: [AttributeDefinition] = [],
        actual: Bool = true, persistent: Bool = true, monitored: Bool = false, reboot: Bool = false,
        since: OCPPVersion = .v201
    ) {
        self.name = name
        self.instances = instances
        self.type = type
        attributes =
            (actual ? [AttributeDefinition(kind: .actual, mutability: mutability, initial: initial)] : []) + more
        self.unit = unit
        minimum = limits?.lowerBound
        maximum = limits?.upperBound
        self.values = values.isEmpty ? [] : values.split(separator: ",").map(String.init)
        self.source = source
        isPersistent = persistent
        isConstant = constant
        isMonitored = monitored
        needsReboot = reboot
        self.since = since
    }

    func attribute(_ kind: V2.AttributeEnum) -> AttributeDefinition? { attributes.first { $0.kind == kind } }
}

/// A component with its variables.
struct ComponentDefinition: Sendable {
    let name: String
    let tier: ComponentTier
    let supply: SupplyKind
    let needs: StationFeatures
    let since: OCPPVersion
    let variables: [VariableDefinition]

    init(
        _ name: String, _ tier: ComponentTier, supply: SupplyKind = .any, needs: StationFeatures = [],
        since: OCPPVersion = .v201, _ variables: [VariableDefinition]
    ) {
        self.name = name
        self.tier = tier
        self.supply = supply
        self.needs = needs
        self.since = since
        self.variables = variables
    }
    /// A component of the whole charging station.
    init(
        _ name: String, needs: StationFeatures = [], since: OCPPVersion = .v201, _ variables: [VariableDefinition]
    ) {
        self.init(name, .station, needs: needs, since: since, variables)
    }
}
