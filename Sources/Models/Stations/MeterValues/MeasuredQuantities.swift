internal import OCPP
internal import OCPPMessages

/// What the meters of these charging stations can measure.
///
/// An EVSE for alternating current measures all phases alike, as the vehicle's rectifier loads them, and knows reactive
/// power by the rectifier's power factor. At an output for direct current there are neither phases nor reactive power.
/// Nothing flows back, so what is exported is 0. Temperatures and fans (1.6) are not measured.
enum MeasuredQuantities {
    /// Power factor of a vehicle's rectifier at load.
    static let powerFactor = 0.99
    /// Reactive power over active power at ``powerFactor``.
    static let reactiveShare = (1 - powerFactor * powerFactor).squareRoot() / powerFactor

    private static let everywhere: [V2.MeasurandEnum] = [
        .currentExport, .currentImport, .currentOffered, .energyActiveExportRegister, .energyActiveImportRegister,
        .energyActiveExportInterval, .energyActiveImportInterval, .energyActiveNet, .powerActiveExport,
        .powerActiveImport, .powerOffered, .soC, .voltage,
    ]
    private static let alternating: [V2.MeasurandEnum] = [
        .energyReactiveExportRegister, .energyReactiveImportRegister, .energyReactiveExportInterval,
        .energyReactiveImportInterval, .energyReactiveNet, .energyApparentNet, .energyApparentImport,
        .energyApparentExport, .frequency, .powerFactor, .powerReactiveExport, .powerReactiveImport,
    ]
    /// Words that OCPP 2.1 added.
    private static let since21: [V2.MeasurandEnum] = [
        .currentExportOffered, .currentImportOffered, .powerExportOffered, .powerImportOffered,
    ]

    /// Every measurand that some charging station measures, as a list on the wire.
    static let all = (everywhere + alternating + since21).map(\.wireText).joined(separator: ",")

    /// What a charging station measures at any of its EVSEs, in words of its version.
    static func names(version: OCPPVersion, hasAlternating: Bool) -> [String] {
        let measured = everywhere + (hasAlternating ? alternating : []) + (version == .v21 ? since21 : [])
        let names = measured.map(\.wireText)
        return version == .v16 ? names.filter { V16.Measurand(wireText: $0) != nil } : names
    }

    /// Hz of the grid that has this voltage between phase and neutral.
    static func frequency(voltageV: Double) -> Double {
        let american = [100.0...130, 270.0...290]
        return american.contains { $0.contains(voltageV) } ? 60 : 50
    }
}

extension VariableDefinition {
    /// Whether the value is a list of measurands.
    var listsMeasurands: Bool { type == .memberList && name.hasSuffix("Measurands") }
}

extension ControllerContext {
    /// What this charging station measures.
    var measurandNames: [String] {
        MeasuredQuantities.names(version: version, hasAlternating: evses.contains { !$0.isDC })
    }

    /// What a variable's value, or each member of it, may be; empty for anything.
    func values(of definition: VariableDefinition) -> [String] {
        definition.listsMeasurands ? measurandNames : definition.values
    }
}
