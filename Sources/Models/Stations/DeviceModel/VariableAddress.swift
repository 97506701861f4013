internal import OCPP
internal import OCPPMessages

/// A component of one charging station. `evse` and `connector` count from 1, 0 for none; so does `slot`.
struct ComponentAddress: Hashable, Sendable, BitwiseCopyable {
    /// Index into ``VariableCatalogue/components``.
    var component: Int
    var evse: Int = 0
    var connector: Int = 0
    var slot: Int = 0

    var definition: ComponentDefinition { VariableCatalogue.components[component] }
    /// As messages name it.
    var named: V2.Component {
        V2.Component(
            name: definition.name,
            evse: evse == 0 ? nil : V2.EVSE(id: evse, connectorId: connector == 0 ? nil : connector),
            instance: slot == 0 ? nil : String(slot))
    }
}

/// A variable of one charging station.
struct VariableAddress: Hashable, Sendable, BitwiseCopyable {
    var component: ComponentAddress
    /// Index into ``VariableCatalogue/entries``.
    var entry: Int
    /// Index into the instances of the definition; 0 where there are none.
    var instance: Int = 0

    var definition: VariableDefinition { VariableCatalogue.entries[entry].variable }

    /// Place in the order of stored values.
    func key(_ attribute: V2.AttributeEnum) -> UInt64 {
        UInt64(entry & 0xffff) << 48 | UInt64(component.evse & 0xffff) << 32
            | UInt64(component.connector & 0xff) << 24 | UInt64(component.slot & 0xff) << 16
            | UInt64(instance & 0xff) << 8 | UInt64(attribute.rawValue)
    }
}

/// Where a name leads.
enum VariableLocation: Equatable, Sendable {
    case found(VariableAddress)
    case unknownComponent
    case unknownVariable
}
