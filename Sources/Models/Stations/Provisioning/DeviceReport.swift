internal import OCPP
internal import OCPPMessages

/// Reports of the device model.
/// - Source: OCPP 2.0.1 part 2, use cases B07 and B08.
extension ControllerContext {
    /// Variables in a part of a report, at most; and bytes of their texts, about.
    static var reportItemsMax: Int { 40 }
    static var reportBytesMax: Int { 24_000 }

    /// Report entries of all variables that `isWanted` picks.
    func report(where isWanted: (VariableAddress, ControllerContext) -> Bool) -> [V2.ReportData] {
        var result: [V2.ReportData] = []
        for component in componentAddresses {
            for address in variables(of: component) where isWanted(address, self) {
                result.append(reportData(of: address))
            }
        }
        return result
    }

    private func reportData(of address: VariableAddress) -> V2.ReportData {
        let definition = address.definition
        let values = values(of: definition)
        return V2.ReportData(
            component: address.component.named, variable: named(address),
            variableAttribute: definition.attributes.map { attribute in
                var value = attribute.mutability == .writeOnly ? nil : text(address, attribute.kind)
                // An empty text is a value of texts and lists alone.
                if value == "", !definition.type.canBeEmpty { value = nil }
                return V2.VariableAttribute(
                    type: attribute.kind, value: value.map { String($0.unicodeScalars.prefix(2500)) },
                    mutability: attribute.mutability, persistent: definition.isPersistent,
                    constant: definition.isConstant)
            },
            variableCharacteristics: V2.VariableCharacteristics(
                dataType: definition.type, supportsMonitoring: definition.isMonitored || definition.type.canBeMonitored,
                unit: definition.unit, minLimit: definition.minimum, maxLimit: maximum(of: address),
                valuesList: values.isEmpty ? nil : values.joined(separator: ",")))
    }

    /// The most that the charging station or EVSE can provide is the upper limit of its power.
    private func maximum(of address: VariableAddress) -> Double? {
        guard address.definition.name == "Power", address.definition.source == .state else {
            return address.definition.maximum
        }
        return text(address, .maxSet).flatMap { ValueRules.decimal($0) }
    }

    /// Sends a report in parts, numbered from 0 and all but the last with `tbc`.
    mutating func sendReport(_ report: [V2.ReportData], requestID: Int) {
        let parts = ReportParts.split(report, items: Self.reportItemsMax, bytes: Self.reportBytesMax) { data in
            data.component.name.utf8.count + data.variable.name.utf8.count + 200
                + data.variableAttribute.reduce(0) { $0 + ($1.value?.utf8.count ?? 0) + 100 }
                + (data.variableCharacteristics?.valuesList?.utf8.count ?? 0)
        }
        for (number, part) in parts.enumerated() {
            send(
                .notifyReport(
                    V2.NotifyReportRequest(
                        requestId: requestID, generatedAt: now.wholeMilliseconds, seqNo: number, reportData: part,
                        tbc: number < parts.count - 1)), triggered: true)
        }
    }

    // MARK: Filters

    /// Whether a component fits a criterion. One that lacks the variable counts as active, available and enabled, but
    /// not as having a problem.
    func meets(_ criterion: V2.ComponentCriterionEnum, _ component: ComponentAddress) -> Bool {
        let name = criterion.wireText
        for address in variables(of: component) where address.definition.name == name {
            return text(address) == "true"
        }
        return criterion != .problem
    }

    /// Whether a variable is meant by a filter: a filter without EVSE, connector or instance means all.
    /// - Source: OCPP 2.0.1 part 2, B08.FR.20 to B08.FR.23.
    func matches(_ filter: V2.ComponentVariable, _ address: VariableAddress) -> Bool {
        let component = address.component.named
        guard VariableCatalogue.isSame(filter.component.name, component.name),
            filter.component.instance == nil || filter.component.instance == component.instance
        else { return false }
        if let evse = filter.component.evse {
            guard evse.id == component.evse?.id,
                evse.connectorId == nil || evse.connectorId == component.evse?.connectorId
            else { return false }
        }
        guard let wanted = filter.variable else { return true }
        guard VariableCatalogue.isSame(wanted.name, address.definition.name) else { return false }
        guard let instance = wanted.instance else { return true }
        return named(address).instance.map { VariableCatalogue.isSame($0, instance) } ?? false
    }
}

extension V2.DataEnum {
    /// Numbers and switches can be watched, whatever they are about.
    var canBeMonitored: Bool { self == .integer || self == .decimal || self == .boolean }
    var canBeEmpty: Bool { self == .string || self == .sequenceList || self == .memberList }
}

/// A long list cut into the parts of a report.
enum ReportParts {
    /// - Parameters:
    ///   - items: entries in a part, at most, at least 1.
    ///   - bytes: of a part, at most, but for a single entry that is longer.
    ///   - size: bytes of an entry, about.
    /// - Returns: never empty; one empty part for an empty list.
    static func split<Item>(_ list: [Item], items: Int, bytes: Int, size: (Item) -> Int) -> [[Item]] {
        var parts: [[Item]] = [[]]
        var used = 0
        for item in list {
            let more = size(item)
            if let last = parts.last, !last.isEmpty, last.count >= items || used + more > bytes {
                parts.append([])
                used = 0
            }
            parts[parts.count - 1].append(item)
            used += more
        }
        return parts
    }
}
