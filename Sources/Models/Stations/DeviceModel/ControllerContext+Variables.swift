internal import OCPP
internal import OCPPMessages

/// Reading and writing variables by the names of the standard.
extension ControllerContext {
    // MARK: Finding

    /// Where the names of a message lead.
    func locate(_ component: V2.Component, _ variable: V2.Variable) -> VariableLocation {
        guard let place = locate(component) else { return .unknownComponent }
        for entry in VariableCatalogue.entries(component: component.name, variable: variable.name) {
            let definition = VariableCatalogue.entries[entry].variable
            guard isKnown(definition.since),
                let instance = definition.index(ofInstance: variable.instance, vendors: deviceModel.vendors)
            else { continue }
            return .found(VariableAddress(component: place, entry: entry, instance: instance))
        }
        return .unknownVariable
    }

    /// The component that a message names; `nil` when this charging station has none such.
    func locate(_ component: V2.Component) -> ComponentAddress? {
        guard let index = VariableCatalogue.component(named: component.name) else { return nil }
        let definition = VariableCatalogue.components[index]
        guard has(definition) else { return nil }
        switch definition.tier {
        case .station:
            guard component.evse == nil, component.instance == nil else { return nil }
            return ComponentAddress(component: index)
        case .evse:
            guard let id = component.evse?.id, component.evse?.connectorId == nil, component.instance == nil,
                let evse = evse(id: id), definition.supply.suits(evses[evse])
            else { return nil }
            return ComponentAddress(component: index, evse: id)
        case .connector:
            guard let id = component.evse?.id, let connector = component.evse?.connectorId, component.instance == nil,
                let evse = evse(id: id), connector >= 1, connector <= evses[evse].connectorCount
            else { return nil }
            return ComponentAddress(component: index, evse: id, connector: connector)
        case .networkSlot:
            guard component.evse == nil, let slot = component.instance.flatMap({ Int($0) }),
                slot >= 1, slot <= VariableCatalogue.networkSlots
            else { return nil }
            return ComponentAddress(component: index, slot: slot)
        }
    }

    /// All components of this charging station, in the order of the catalogue.
    var componentAddresses: [ComponentAddress] {
        var result: [ComponentAddress] = []
        for (index, definition) in VariableCatalogue.components.enumerated() where has(definition) {
            switch definition.tier {
            case .station: result.append(ComponentAddress(component: index))
            case .evse:
                for evse in evses.indices where definition.supply.suits(evses[evse]) {
                    result.append(ComponentAddress(component: index, evse: evse + 1))
                }
            case .connector:
                for evse in evses.indices {
                    for connector in 0..<evses[evse].connectorCount {
                        result.append(ComponentAddress(component: index, evse: evse + 1, connector: connector + 1))
                    }
                }
            case .networkSlot:
                for slot in 1...VariableCatalogue.networkSlots {
                    result.append(ComponentAddress(component: index, slot: slot))
                }
            }
        }
        return result
    }

    /// The variables of a component, instance by instance.
    func variables(of component: ComponentAddress) -> [VariableAddress] {
        var result: [VariableAddress] = []
        for entry in VariableCatalogue.ranges[component.component] {
            let definition = VariableCatalogue.entries[entry].variable
            guard isKnown(definition.since) else { continue }
            for instance in definition.instanceNames(vendors: deviceModel.vendors).indices {
                result.append(VariableAddress(component: component, entry: entry, instance: instance))
            }
        }
        return result
    }

    /// How messages name a variable.
    func named(_ address: VariableAddress) -> V2.Variable {
        V2.Variable(
            name: address.definition.name,
            instance: address.definition.instanceName(address.instance, vendors: deviceModel.vendors))
    }

    private func has(_ component: ComponentDefinition) -> Bool {
        isKnown(component.since) && deviceModel.features.isSuperset(of: component.needs)
    }
    private func isKnown(_ since: OCPPVersion) -> Bool { since != .v21 || version == .v21 }

    // MARK: Reading

    /// Value of an attribute, a secret's included; `nil` when the variable has no such attribute.
    func text(_ address: VariableAddress, _ attribute: V2.AttributeEnum = .actual) -> String? {
        guard address.definition.attribute(attribute) != nil else { return nil }
        return switch address.definition.source {
        case .stored: deviceModel.storedText(address, attribute)
        case .state: stateText(address, attribute)
        case .networkProfile: deviceModel.network.text(address.definition.name, slot: address.component.slot)
        case .secret: ""
        }
    }

    /// Actual value by names, as the configuration keys of OCPP 1.6 need it; `nil` when there is no such variable or
    /// it may not be read. `evse` and `connector` count from 1.
    func value(
        component: String, variable: String, instance: String? = nil, evse: Int? = nil, connector: Int? = nil
    ) -> String? {
        guard
            case .found(let address) = locate(
                .addressed(component, evse: evse, connector: connector), V2.Variable(name: variable, instance: instance)
            ),
            address.definition.attribute(.actual)?.mutability != .writeOnly
        else { return nil }
        return text(address)
    }

    // MARK: Writing

    /// Sets the actual value by names, with all checks of SetVariables. `evse` and `connector` count from 1.
    mutating func set(
        _ value: String, component: String, variable: String, instance: String? = nil, evse: Int? = nil,
        connector: Int? = nil
    ) -> V2.SetVariableStatusEnum {
        switch locate(
            .addressed(component, evse: evse, connector: connector), V2.Variable(name: variable, instance: instance))
        {
        case .unknownComponent: .unknownComponent
        case .unknownVariable: .unknownVariable
        case .found(let address): write(value, address, .actual).status
        }
    }

    /// Shows a value that only the charging station itself changes, and tells all blocks when it is a new one.
    /// `evse` counts from 1.
    mutating func publish(
        _ value: String, component: String, variable: String, instance: String? = nil, evse: Int? = nil,
        attribute: V2.AttributeEnum = .actual
    ) {
        guard
            let address = DeviceModel.address(
                component, variable, instance: instance, evse: evse, vendors: deviceModel.vendors),
            let before = deviceModel.storedText(address, attribute), before != value
        else { return }
        deviceModel.store(value, address, attribute)
        announceChange(of: address)
    }

    func announcement(of address: VariableAddress) -> StationEvent {
        .variableChanged(
            component: address.component.definition.name,
            evse: address.component.evse == 0 ? nil : address.component.evse - 1, variable: address.definition.name)
    }
    mutating func announceChange(of address: VariableAddress) { announce(announcement(of: address)) }
}

extension V2.Component {
    /// A component by name, at an EVSE and connector counted from 1.
    static func addressed(_ name: String, evse: Int? = nil, connector: Int? = nil) -> V2.Component {
        V2.Component(name: name, evse: evse.map { V2.EVSE(id: $0, connectorId: connector) })
    }
}

extension SupplyKind {
    func suits(_ evse: EVSEView) -> Bool {
        switch self {
        case .any: true
        case .ac: !evse.isDC
        case .dc: evse.isDC
        }
    }
}
