public import OCPP
internal import OCPPMessages

/// Configuration and state of a charging station under the names of the standard.
///
/// What all charging stations have in common lies in ``VariableCatalogue``; this keeps the values that differ from it,
/// so that thousands of charging stations stay small. State of EVSEs and connectors is not kept but computed when it
/// is read (``ControllerContext/text(_:_:)``).
/// - Source: OCPP 2.0.1 part 1, chapter 4 (device model); part 2, use cases B05 to B10.
public struct DeviceModel: Sendable {
    /// Vendors whose DataTransfer messages can be known.
    public static let vendorsMax = 16

    let features: StationFeatures
    /// Vendor ids whose DataTransfer messages are known; at most ``vendorsMax``.
    let vendors: [String]
    /// Values unlike the catalogue's, by key.
    private var values: [StoredValue] = []
    var network = NetworkProfiles()
    var password = BasicAuthPassword()

    struct StoredValue: Sendable, Hashable {
        let key: UInt64
        let address: VariableAddress
        let attribute: V2.AttributeEnum
        var value: String
    }

    /// - Parameter settings: what the everyday machine starts with; its variables say so.
    public init(
        features: StationFeatures = .standard, vendors: [String] = [], settings: FirmwareSettings = FirmwareSettings()
    ) {
        self.features = features
        self.vendors = Array(vendors.prefix(Self.vendorsMax))
        adopt(settings)
    }

    // MARK: Values

    /// The value that was set, or else the one of the catalogue; `nil` for an attribute that is not there.
    func storedText(_ address: VariableAddress, _ attribute: V2.AttributeEnum) -> String? {
        guard let definition = address.definition.attribute(attribute) else { return nil }
        let key = address.key(attribute)
        let index = values.partitioningIndex { $0.key >= key }
        return index < values.count && values[index].key == key ? values[index].value : definition.initial
    }

    /// Keeps `value`, whatever the mutability is.
    mutating func store(_ value: String, _ address: VariableAddress, _ attribute: V2.AttributeEnum) {
        guard let definition = address.definition.attribute(attribute) else { return }
        let key = address.key(attribute)
        let index = values.partitioningIndex { $0.key >= key }
        let isThere = index < values.count && values[index].key == key
        if value == definition.initial {
            if isThere { values.remove(at: index) }
        } else if isThere {
            values[index].value = value
        } else {
            values.insert(StoredValue(key: key, address: address, attribute: attribute, value: value), at: index)
        }
    }

    /// A restart of the charging station: what is not persistent is forgotten, what waited for a reboot counts now.
    mutating func restarted() {
        values.removeAll { !$0.address.definition.isPersistent }
        network.adoptPriority(list("OCPPCommCtrlr", "NetworkConfigurationPriority").compactMap { Int($0) })
    }

    /// Forgets what is not persistent of an EVSE's component: the vehicle has left.
    mutating func forget(component: String, evse: Int) {
        guard let index = VariableCatalogue.component(named: component) else { return }
        values.removeAll {
            $0.address.component.component == index && $0.address.component.evse == evse
                && !$0.address.definition.isPersistent
        }
    }

    /// Number of values that differ from the catalogue.
    var storedCount: Int { values.count }

    // MARK: Typed reads

    /// Address of a variable that the catalogue has for certain. `evse` and `connector` count from 1.
    static func address(
        _ component: String, _ variable: String, instance: String? = nil, evse: Int? = nil, connector: Int? = nil,
        vendors: [String] = []
    ) -> VariableAddress? {
        for entry in VariableCatalogue.entries(component: component, variable: variable) {
            let definition = VariableCatalogue.entries[entry].variable
            guard let instance = definition.index(ofInstance: instance, vendors: vendors) else { continue }
            let component = VariableCatalogue.entries[entry].component
            return VariableAddress(
                component: ComponentAddress(component: component, evse: evse ?? 0, connector: connector ?? 0),
                entry: entry, instance: instance)
        }
        return nil
    }

    /// Actual value of a configuration variable. Computed variables are read through the context.
    func text(_ component: String, _ variable: String, instance: String? = nil, evse: Int? = nil) -> String {
        guard
            let address = Self.address(component, variable, instance: instance, evse: evse, vendors: vendors),
            let value = storedText(address, .actual)
        else { preconditionFailure("\(component).\(variable) is a variable of the catalogue") }
        return value
    }
    /// 0 when no number is set.
    func int(_ component: String, _ variable: String, instance: String? = nil, evse: Int? = nil) -> Int {
        Int(text(component, variable, instance: instance, evse: evse)) ?? 0
    }
    func bool(_ component: String, _ variable: String, instance: String? = nil, evse: Int? = nil) -> Bool {
        text(component, variable, instance: instance, evse: evse) == "true"
    }
    /// 0 when no number is set.
    func double(_ component: String, _ variable: String, instance: String? = nil, evse: Int? = nil) -> Double {
        ValueRules.decimal(text(component, variable, instance: instance, evse: evse)) ?? 0
    }
    /// Members in their order.
    func list(_ component: String, _ variable: String, instance: String? = nil, evse: Int? = nil) -> [String] {
        ValueRules.members(text(component, variable, instance: instance, evse: evse))
    }

    // MARK: What the maker sets

    /// Sets a value that the CSMS may not, such as the model or a connector's type. `evse` and `connector` count from
    /// 1. Returns whether there is such a variable.
    @discardableResult
    public mutating func preset(
        _ component: String, _ variable: String, instance: String? = nil, evse: Int? = nil, connector: Int? = nil,
        to value: String
    ) -> Bool {
        guard
            let address = Self.address(
                component, variable, instance: instance, evse: evse, connector: connector, vendors: vendors),
            address.definition.attribute(.actual) != nil
        else { return false }
        store(value, address, .actual)
        return true
    }

    /// Identity and make, as the boot notification has them.
    public mutating func describe(identity: String, as station: Core.ChargingStation) {
        preset("SecurityCtrlr", "Identity", to: identity)
        preset("ChargingStation", "Model", to: station.model.description)
        preset("ChargingStation", "VendorName", to: station.vendorName.description)
        preset("ChargingStation", "SerialNumber", to: station.serialNumber.description)
        preset("ChargingStation", "FirmwareVersion", to: station.firmwareVersion.description)
    }
}

extension VariableDefinition {
    /// Names of the instances, `nil` for the one without; in order.
    func instanceNames(vendors: [String]) -> [String?] {
        switch instances {
        case .none: [nil]
        case .named(let names): names.map { $0.isEmpty ? nil : $0 }
        case .vendors: vendors
        }
    }
    func index(ofInstance name: String?, vendors: [String]) -> Int? {
        instanceNames(vendors: vendors).firstIndex { candidate in
            switch (candidate, name) {
            case (nil, nil): true
            case (let candidate?, let name?): VariableCatalogue.isSame(candidate, name)
            default: false
            }
        }
    }
    func instanceName(_ index: Int, vendors: [String]) -> String? {
        let names = instanceNames(vendors: vendors)
        return names.indices.contains(index) ? names[index] : nil
    }
}

extension RandomAccessCollection {
    /// First index whose element satisfies `isSecond`, in a collection where all that do come last.
    func partitioningIndex(where isSecond: (Element) -> Bool) -> Index {
        var first = startIndex
        var count = self.count
        while count > 0 {
            let half = count / 2
            let middle = index(first, offsetBy: half)
            if isSecond(self[middle]) {
                count = half
            } else {
                first = index(after: middle)
                count -= half + 1
            }
        }
        return first
    }
}

// MARK: - Storage

extension DeviceModel: Codable {
    private enum CodingKeys: String, CodingKey {
        case features
        case vendors
        case values
        case network
        case password
    }

    /// A value under its names, which unlike keys stay the same from release to release.
    private struct Named: Codable {
        var component: String
        var evse: Int
        var connector: Int
        var slot: Int
        var variable: String
        var instance: String?
        var attribute: V2.AttributeEnum
        var value: String
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        features = try container.decode(StationFeatures.self, forKey: .features)
        vendors = try container.decode([String].self, forKey: .vendors)
        network = try container.decode(NetworkProfiles.self, forKey: .network)
        password = try container.decode(BasicAuthPassword.self, forKey: .password)
        for named in try container.decode([Named].self, forKey: .values) {
            guard
                var address = Self.address(
                    named.component, named.variable, instance: named.instance, evse: named.evse,
                    connector: named.connector, vendors: vendors)
            else { continue }
            address.component.slot = named.slot
            store(named.value, address, named.attribute)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(features, forKey: .features)
        try container.encode(vendors, forKey: .vendors)
        try container.encode(network, forKey: .network)
        try container.encode(password, forKey: .password)
        try container.encode(
            values.map { stored in
                Named(
                    component: stored.address.component.definition.name, evse: stored.address.component.evse,
                    connector: stored.address.component.connector, slot: stored.address.component.slot,
                    variable: stored.address.definition.name,
                    instance: stored.address.definition.instanceName(stored.address.instance, vendors: vendors),
                    attribute: stored.attribute, value: stored.value)
            }, forKey: .values)
    }
}
