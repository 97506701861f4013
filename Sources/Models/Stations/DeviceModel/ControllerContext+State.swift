internal import OCPP
internal import OCPPMessages

/// Variables that are computed from the state of the charging station.
extension ControllerContext {
    /// Text of a variable whose source is the state.
    func stateText(_ address: VariableAddress, _ attribute: V2.AttributeEnum) -> String {
        let name = address.definition.name
        guard address.component.evse > 0 else { return stationText(name, attribute) }
        guard let evse = evse(id: address.component.evse) else { return "" }
        return evseText(evses[evse], name, attribute)
    }

    private func stationText(_ name: String, _ attribute: V2.AttributeEnum) -> String {
        switch name {
        case "DateTime": now.wholeMilliseconds.text
        case "MessageTimeout": String(deviceModel.messageTimeoutS)
        case "AvailabilityState": stationState
        case "Problem": evses.contains { $0.isFaulted } ? "true" : "false"
        case "SupplyPhases": String(evses.map(\.supplyPhases).max() ?? 0)
        case "Power":
            ValueRules.text(evses.reduce(0) { $0 + (attribute == .maxSet ? $1.powerMaxW : $1.powerW) })
        case "ActiveTransactionId": evses.compactMap(\.transactionID).joined(separator: ",")
        default: ""
        }
    }

    private func evseText(_ evse: EVSEView, _ name: String, _ attribute: V2.AttributeEnum) -> String {
        switch name {
        case "AvailabilityState": evse.availabilityState
        case "Available": evse.isPlugged ? "true" : "false"  // of ConnectedEV: a vehicle is there
        case "Problem": evse.isFaulted ? "true" : "false"
        case "SupplyPhases": String(evse.supplyPhases)
        case "Power": ValueRules.text(attribute == .maxSet ? evse.powerMaxW : evse.powerW)
        case "ChargingState": evse.transactionID == nil ? "" : evse.chargingState.rawValue
        case "ActiveTransactionId": evse.transactionID ?? ""
        case "EnergyImportRegister": ValueRules.text(evse.registerWh)
        case "StateOfCharge", "SoC": attribute == .actual ? percent(evse.stateOfCharge) : ""
        case "MaxW", "MaxVA", "MaxChargeRateW", "MaxChargeRateVA": ValueRules.text(evse.powerMaxW)
        case "OverExcitedW", "UnderExcitedW": ValueRules.text(evse.powerMaxW * Self.powerFactor)
        case "MaxVar", "MaxVarNeg":
            ValueRules.text(evse.powerMaxW * (1 - Self.powerFactor * Self.powerFactor).squareRoot())
        default: ""
        }
    }

    /// Least power factor of the inverter, as the catalogue has it.
    private static var powerFactor: Double { 0.95 }

    private func percent(_ share: Double?) -> String {
        guard let share, share.isFinite else { return "" }
        return String(Int((min(max(share, 0), 1) * 100).rounded()))
    }

    /// Available while any EVSE is; else the state that most likely ends by itself.
    private var stationState: String {
        let states = evses.map(\.availabilityState)
        return ["Available", "Occupied", "Reserved", "Unavailable"].first { states.contains($0) }
            ?? states.first ?? "Unavailable"
    }
}

extension EVSEView {
    /// - Source: OCPP 2.0.1 part 2, ConnectorStatusEnumType.
    var availabilityState: String {
        if isFaulted { return "Faulted" }
        if !isOperative { return "Unavailable" }
        if isPlugged { return "Occupied" }
        return isReserved ? "Reserved" : "Available"
    }
    /// A DC output is supplied by three phases.
    var supplyPhases: Int { phases == 0 ? 3 : phases }
    var isDC: Bool { phases == 0 }
}
