internal import OCPP
internal import OCPPMessages

/// Variables read, set and reported at the CSMS's request, and network profiles.
/// - Source: OCPP 2.0.1 part 2, use cases B05 to B09.
struct Provisioning: ControllerBlock {
    // MARK: B05, B06

    /// Each item gets its own status; one that cannot be read leaves the others alone.
    func getVariables(
        _ request: V2.GetVariablesRequest, context: inout ControllerContext
    ) -> V2.GetVariablesResponse {
        V2.GetVariablesResponse(getVariableResult: request.getVariableData.map { read($0, context: context) })
    }

    private func read(_ item: V2.GetVariableData, context: ControllerContext) -> V2.GetVariableResult {
        var result = V2.GetVariableResult(
            attributeStatus: .accepted, component: item.component, variable: item.variable,
            attributeType: item.attributeType)
        switch context.locate(item.component, item.variable) {
        case .unknownComponent: result.attributeStatus = .unknownComponent
        case .unknownVariable: result.attributeStatus = .unknownVariable
        case .found(let address):
            let attribute = item.attributeType ?? .actual
            guard let definition = address.definition.attribute(attribute),
                let text = context.text(address, attribute)
            else {
                result.attributeStatus = .notSupportedAttributeType
                break
            }
            guard definition.mutability != .writeOnly else {
                result.attributeStatus = .rejected
                result.attributeStatusInfo = V2.StatusInfo(reasonCode: "WriteOnly")
                break
            }
            result.attributeValue = String(
                text.unicodeScalars.prefix(context.deviceModel.int("DeviceDataCtrlr", "ReportingValueSize")))
        }
        return result
    }

    /// Items are set one after the other, each with its own status.
    func setVariables(
        _ request: V2.SetVariablesRequest, context: inout ControllerContext
    ) -> V2.SetVariablesResponse {
        var results: [V2.SetVariableResult] = []
        results.reserveCapacity(request.setVariableData.count)
        for item in request.setVariableData {
            let outcome =
                switch context.locate(item.component, item.variable) {
                case .unknownComponent: WriteResult(status: .unknownComponent)
                case .unknownVariable: WriteResult(status: .unknownVariable)
                case .found(let address):
                    context.write(item.attributeValue, address, item.attributeType ?? .actual)
                }
            results.append(
                V2.SetVariableResult(
                    attributeStatus: outcome.status, component: item.component, variable: item.variable,
                    attributeType: item.attributeType, attributeStatusInfo: outcome.info))
        }
        return V2.SetVariablesResponse(setVariableResult: results)
    }

    // MARK: B07, B08

    func getBaseReport(
        _ request: V2.GetBaseReportRequest, context: inout ControllerContext
    ) -> V2.GetBaseReportResponse {
        let report = context.report { address, context in
            switch request.reportBase {
            case .configurationInventory:
                address.definition.attributes.contains { $0.mutability != .readOnly } && !address.definition.isConstant
            case .fullInventory: true
            case .summaryInventory: Self.belongsToSummary(address, context)
            }
        }
        guard !report.isEmpty else { return V2.GetBaseReportResponse(status: .emptyResultSet) }
        context.sendReport(report, requestID: request.requestId)
        return V2.GetBaseReportResponse(status: .accepted)
    }

    /// Availability of the charging station, its EVSEs and connectors, and whatever is wrong.
    /// - Source: OCPP 2.0.1 part 2, B07.FR.09.
    private static func belongsToSummary(_ address: VariableAddress, _ context: ControllerContext) -> Bool {
        switch address.definition.name {
        case "AvailabilityState": true
        case "Problem": context.text(address) == "true"
        default: false
        }
    }

    func getReport(_ request: V2.GetReportRequest, context: inout ControllerContext) -> V2.GetReportResponse {
        let criteria = request.componentCriteria ?? []
        let wanted = request.componentVariable ?? []
        let report = context.report { address, context in
            (criteria.isEmpty || criteria.contains { context.meets($0, address.component) })
                && (wanted.isEmpty || wanted.contains { context.matches($0, address) })
        }
        guard !report.isEmpty else {
            return V2.GetReportResponse(
                status: .emptyResultSet, statusInfo: V2.StatusInfo(reasonCode: "NotFound"))
        }
        context.sendReport(report, requestID: request.requestId)
        return V2.GetReportResponse(status: .accepted)
    }

    // MARK: B09

    /// Keeps a profile in its slot. It is used once its slot is in NetworkConfigurationPriority and the charging station
    /// has restarted.
    func setNetworkProfile(
        _ request: V2.SetNetworkProfileRequest, context: inout ControllerContext
    ) -> V2.SetNetworkProfileResponse {
        guard (1...VariableCatalogue.networkSlots).contains(request.configurationSlot) else {
            return V2.SetNetworkProfileResponse(
                status: .rejected, statusInfo: V2.StatusInfo(reasonCode: "InvalidConfSlot"))
        }
        if let problem = context.deviceModel.problem(with: request.connectionData) {
            return V2.SetNetworkProfileResponse(
                status: .rejected,
                statusInfo: V2.StatusInfo(reasonCode: problem.code, additionalInfo: problem.words))
        }
        context.deviceModel.network.set(request.connectionData, slot: request.configurationSlot)
        context.reportSecurity(
            .reconfigurationOfSecurityParameters, techInfo: "network profile \(request.configurationSlot)")
        return V2.SetNetworkProfileResponse(status: .accepted)
    }

    // MARK: What happens

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .booted: context.deviceModel.restarted()
        case .evChargingNeeds(let evse, let needs): show(needs, evse: evse, context: &context)
        case .unplugged(let evse): context.deviceModel.forget(component: "ConnectedEV", evse: evse + 1)
        default: break
        }
    }

    /// What a vehicle has told, as variables of ConnectedEV.
    private func show(_ needs: V2.ChargingNeeds, evse: Int, context: inout ControllerContext) {
        func publish(_ value: Double?, _ variable: String, _ attribute: V2.AttributeEnum = .actual) {
            guard let value else { return }
            context.publish(
                ValueRules.text(value), component: "ConnectedEV", variable: variable, evse: evse + 1,
                attribute: attribute)
        }
        if let ac = needs.acChargingParameters {
            publish(ac.evMinCurrent, "ACCurrent", .minSet)
            publish(ac.evMaxCurrent, "ACCurrent", .maxSet)
            publish(ac.energyAmount, "EnergyImport", .target)
        }
        if let dc = needs.dcChargingParameters {
            publish(dc.evMaxCurrent, "DCCurrent", .maxSet)
            publish(dc.evMaxVoltage, "DCVoltage", .maxSet)
            publish(dc.evMaxPower, "Power", .maxSet)
            publish(dc.energyAmount, "EnergyImport", .target)
            publish(dc.evEnergyCapacity, "BatteryCapacity")
            publish(dc.fullSoC.map { Double($0) }, "StateOfCharge", .maxSet)
            publish(dc.bulkSoC.map { Double($0) }, "StateOfChargeBulk")
        }
        if let departure = needs.departureTime {
            context.publish(
                departure.wholeMilliseconds.text, component: "ConnectedEV", variable: "DepartureTime", evse: evse + 1)
        }
    }
}
