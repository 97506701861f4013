internal import OCPP
internal import OCPPMessages

/// What became of a value to be set.
struct WriteResult: Equatable, Sendable {
    var status: V2.SetVariableStatusEnum
    var info: V2.StatusInfo?

    static let accepted = WriteResult(status: .accepted)
    static func rejected(_ code: String, _ words: String? = nil) -> WriteResult {
        WriteResult(status: .rejected, info: V2.StatusInfo(reasonCode: code, additionalInfo: words))
    }
}

/// Rules for setting variables, those of the type and those of the particular variable.
/// - Source: OCPP 2.0.1 part 2, use case B05; A00.FR.005, A00.FR.205, A01, A05, B09 and B10.
extension ControllerContext {
    /// Sets an attribute, if it may be.
    mutating func write(_ value: String, _ address: VariableAddress, _ attribute: V2.AttributeEnum) -> WriteResult {
        let definition = address.definition
        guard let kind = definition.attribute(attribute) else {
            return WriteResult(status: .notSupportedAttributeType)
        }
        if version == .v16, address.component.definition.name == "SecurityCtrlr", definition.name == "SecurityProfile" {
            return raiseSecurityProfile(to: value, address)
        }
        guard kind.mutability != .readOnly, !definition.isConstant else { return .rejected("ReadOnly") }
        guard value.unicodeScalars.count <= deviceModel.int("DeviceDataCtrlr", "ConfigurationValueSize") else {
            return .rejected("TooLargeElement")
        }
        if let problem = ValueRules.problem(with: value, for: definition) ?? particularProblem(value, address) {
            return .rejected(problem.code, problem.words)
        }
        let before = text(address, attribute)
        switch definition.source {
        case .stored: deviceModel.store(value, address, attribute)
        case .secret: changePassword(to: value)
        case .networkProfile:
            deviceModel.network.set(
                value, of: definition.name, slot: address.component.slot,
                securityProfile: deviceModel.int("SecurityCtrlr", "SecurityProfile"))
        case .state: return .rejected("ReadOnly")
        }
        if before != value { announceChange(of: address) }
        if definition.name == "NetworkConfigurationPriority" || address.component.slot > 0 {
            reportSecurity(.reconfigurationOfSecurityParameters, techInfo: definition.name)
        }
        return definition.needsReboot && before != value ? WriteResult(status: .rebootRequired) : .accepted
    }

    /// The connection is made anew with the new password; the old one is kept until that has worked.
    private mutating func changePassword(to password: String) {
        deviceModel.password.change(to: password)
        reportSecurity(.reconfigurationOfSecurityParameters, techInfo: "BasicAuthPassword")
        act(.reconnect)
    }

    /// In 1.6 the security profile is a configuration key of its own: it can be raised, and the charging station
    /// reconnects with it.
    /// - Source: "Improved security for OCPP 1.6-J" edition 3, section 2.2 and configuration key SecurityProfile.
    private mutating func raiseSecurityProfile(to value: String, _ address: VariableAddress) -> WriteResult {
        if let problem = ValueRules.problem(with: value, for: address.definition) {
            return .rejected(problem.code, problem.words)
        }
        let number = deviceModel.network.active
        guard let wanted = Int(value), var profile = deviceModel.network.profile(slot: number) else {
            return .rejected("InvalidNetworkConf")
        }
        guard wanted != profile.securityProfile else { return .accepted }
        profile.securityProfile = wanted
        let insecure = "ws://"
        if wanted >= 2, VariableCatalogue.fold(profile.ocppCsmsUrl).hasPrefix(insecure) {
            profile.ocppCsmsUrl = "wss://" + profile.ocppCsmsUrl.dropFirst(insecure.count)
        }
        if let problem = deviceModel.problem(with: profile) { return .rejected(problem.code, problem.words) }
        deviceModel.network.set(profile, slot: number)
        reportSecurity(.reconfigurationOfSecurityParameters, techInfo: "SecurityProfile")
        act(.reconnect)
        return .accepted
    }

    /// What the standard says about single variables beyond their type.
    private func particularProblem(_ value: String, _ address: VariableAddress) -> ValueRules.Problem? {
        switch (address.component.definition.name, address.definition.name) {
        case ("SecurityCtrlr", "BasicAuthPassword"): passwordProblem(value)
        case ("OCPPCommCtrlr", "NetworkConfigurationPriority"): priorityProblem(value)
        case ("TxCtrlr", "TxStartPoint"), ("TxCtrlr", "TxStopPoint"):
            value.isEmpty ? .init(code: "InvalidValue", words: "at least one point") : nil
        case ("ClockCtrlr", "TimeOffset"): offsetProblem(value)
        case ("TariffCostCtrlr", "Currency"):
            value.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
                ? nil : .init(code: "InvalidValue", words: "three capital letters of ISO 4217")
        case ("NetworkConfiguration", let variable): slotProblem(variable, value, slot: address.component.slot)
        case (_, let variable) where address.definition.listsMeasurands: measurandProblem(value, variable)
        default: nil
        }
    }

    /// Only what is measured here can be told.
    private func measurandProblem(_ value: String, _ variable: String) -> ValueRules.Problem? {
        let measured = measurandNames
        guard let stranger = ValueRules.members(value).first(where: { !measured.contains($0) }) else { return nil }
        return .init(code: "InvalidValue", words: "\(stranger.prefix(50)) is not measured")
    }

    private func passwordProblem(_ value: String) -> ValueRules.Problem? {
        let longest = version == .v21 ? 64 : 40
        guard value.unicodeScalars.count <= longest else {
            return .init(code: "TooLargeElement", words: "16 to \(longest) characters")
        }
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            return .init(code: "InvalidValue", words: "no control characters")
        }
        return nil
    }

    /// Each slot named must have a profile that can be used, and none may lower the security profile.
    private func priorityProblem(_ value: String) -> ValueRules.Problem? {
        let slots = ValueRules.members(value).compactMap { Int($0) }
        guard !slots.isEmpty else { return .init(code: "InvalidNetworkConf", words: "at least one slot") }
        for slot in slots {
            guard let profile = deviceModel.network.profile(slot: slot) else {
                return .init(code: "InvalidNetworkConf", words: "slot \(slot) has no profile")
            }
            if let problem = deviceModel.problem(with: profile) { return problem }
        }
        return nil
    }

    /// A slot in use must not be changed piece by piece.
    private func slotProblem(_ variable: String, _ value: String, slot: Int) -> ValueRules.Problem? {
        if deviceModel.list("OCPPCommCtrlr", "NetworkConfigurationPriority").contains(String(slot)) {
            return .init(code: "PriorityNetworkConf", words: "slot \(slot) is in NetworkConfigurationPriority")
        }
        guard variable == "SecurityProfile", let profile = Int(value) else { return nil }
        return deviceModel.downgradeProblem(to: profile)
    }

    /// `+hh:mm` or `-hh:mm`.
    private func offsetProblem(_ value: String) -> ValueRules.Problem? {
        Timestamp(text: "2000-01-01T00:00:00" + value) == nil
            ? .init(code: "InvalidValue", words: "an offset such as +01:00") : nil
    }
}
