internal import OCPP
internal import OCPPMessages

extension VariableCatalogue {
    /// Least, largest and wanted value, all told by the vehicle.
    private static func told(_ kinds: V2.AttributeEnum...) -> [AttributeDefinition] {
        kinds.map { AttributeDefinition(kind: $0, mutability: .readOnly, initial: "") }
    }
    private static let states = "EVConnected,Charging,SuspendedEV,SuspendedEVSE,Idle"

    static let hardware: [ComponentDefinition] = [
        ComponentDefinition(
            "ChargingStation",
            [
                VariableDefinition("AllowNewSessionsPendingFirmwareUpdate", .boolean, .readWrite, "false"),
                VariableDefinition(
                    "AvailabilityState", .optionList, .readOnly, values: availabilityStates, source: .state,
                    monitored: true),
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Problem", .boolean, .readOnly, source: .state, monitored: true),
                VariableDefinition("PhaseRotation", .string, .readOnly, "RST", limits: 0...255),
                VariableDefinition("Model", .string, .readOnly, limits: 0...20),
                VariableDefinition("VendorName", .string, .readOnly, limits: 0...50),
                VariableDefinition("SerialNumber", .string, .readOnly, limits: 0...25),
                VariableDefinition("FirmwareVersion", .string, .readOnly, limits: 0...50),
                VariableDefinition("SupplyPhases", .integer, .readOnly, limits: 0...3, source: .state),
                VariableDefinition(
                    "Power", .decimal, .readOnly, unit: "W", source: .state, more: told(.maxSet), monitored: true),
                VariableDefinition("ActiveTransactionId", .string, .readOnly, source: .state, since: .v21),
            ]),
        ComponentDefinition(
            "EVSE", .evse,
            [
                VariableDefinition("AllowReset", .boolean, .readOnly, "true"),
                VariableDefinition(
                    "AvailabilityState", .optionList, .readOnly, values: availabilityStates, source: .state,
                    monitored: true),
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Problem", .boolean, .readOnly, source: .state, monitored: true),
                VariableDefinition("EvseId", .string, .readOnly, limits: 0...64),
                VariableDefinition("ISO15118EvseId", .string, .readWrite, "", limits: 0...37),
                VariableDefinition(
                    "Power", .decimal, .readOnly, unit: "W", source: .state, more: told(.maxSet), monitored: true),
                VariableDefinition("SupplyPhases", .integer, .readOnly, limits: 0...3, source: .state),
                VariableDefinition("DCInputPhaseControl", .boolean, .readOnly, "false"),
                VariableDefinition(
                    "ChargingState", .optionList, .readOnly, values: states, source: .state, monitored: true,
                    since: .v21),
                VariableDefinition("ActiveTransactionId", .string, .readOnly, source: .state, since: .v21),
            ]),
        ComponentDefinition(
            "Connector", .connector,
            [
                VariableDefinition(
                    "AvailabilityState", .optionList, .readOnly, values: availabilityStates, source: .state,
                    monitored: true),
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("ChargeProtocol", .string, .readOnly, "CPPWM"),
                VariableDefinition("ConnectorType", .string, .readOnly, "cType2", limits: 0...20),
                VariableDefinition("SupplyPhases", .integer, .readOnly, limits: 0...3, source: .state),
            ]),
        ComponentDefinition(
            "ConnectedEV", .evse,
            [
                VariableDefinition("Available", .boolean, .readOnly, source: .state, monitored: true),
                VariableDefinition("ProtocolAgreed", .string, .readOnly, limits: 0...255, persistent: false),
                VariableDefinition("VehicleId", .string, .readOnly, limits: 0...255, persistent: false),
                VariableDefinition(
                    "ACCurrent", .decimal, .readOnly, unit: "A", more: told(.minSet, .maxSet), actual: false,
                    persistent: false),
                VariableDefinition(
                    "DCCurrent", .decimal, .readOnly, unit: "A", more: told(.minSet, .maxSet, .target), actual: false,
                    persistent: false),
                VariableDefinition(
                    "DCVoltage", .decimal, .readOnly, unit: "V", more: told(.minSet, .maxSet, .target), actual: false,
                    persistent: false),
                VariableDefinition(
                    "Power", .decimal, .readOnly, unit: "W", more: told(.maxSet), actual: false, persistent: false),
                VariableDefinition(
                    "EnergyImport", .decimal, .readOnly, unit: "Wh", more: told(.minSet, .maxSet, .target),
                    actual: false, persistent: false),
                VariableDefinition("BatteryCapacity", .decimal, .readOnly, unit: "Wh", persistent: false),
                VariableDefinition("DepartureTime", .dateTime, .readOnly, persistent: false),
                VariableDefinition(
                    "StateOfChargeBulk", .integer, .readOnly, unit: "Percent", limits: 0...100, persistent: false),
                VariableDefinition(
                    "StateOfCharge", .integer, .readOnly, unit: "Percent", limits: 0...100, source: .state,
                    more: told(.maxSet), persistent: false, monitored: true),
            ]),
    ]
}
