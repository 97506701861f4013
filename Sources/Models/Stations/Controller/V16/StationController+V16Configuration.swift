internal import OCPP
internal import OCPPMessages

// GetConfiguration and ChangeConfiguration of OCPP 1.6 over the device model.
extension StationController {
    /// Keys told at most, as `GetConfigurationMaxKeys` says.
    private static var keysMax: Int { 100 }

    func getConfiguration(_ request: V16.GetConfigurationRequest) -> V16.GetConfigurationResponse {
        guard let names = request.key, !names.isEmpty else {
            return V16.GetConfigurationResponse(configurationKey: (ConfigurationKey.all + meterKeys).map(told))
        }
        var known: [V16.KeyValue] = []
        var unknown: [String] = []
        for name in names.prefix(Self.keysMax) {
            if let key = key(named: name) { known.append(told(key)) } else { unknown.append(name) }
        }
        return V16.GetConfigurationResponse(
            configurationKey: known.isEmpty ? nil : known, unknownKey: unknown.isEmpty ? nil : unknown)
    }

    /// What a station of 1.6 starts with, where that is something else than in 2.x: nothing is told of the meter when a
    /// transaction starts besides `meterStart`.
    mutating func adoptConfiguration16() {
        context.deviceModel.preset("SampledDataCtrlr", "TxStartedMeasurands", to: "")
    }

    /// The public key of each connector's meter, under a key of its own.
    private var meterKeys: [ConfigurationKey] {
        let evses = context.evses.indices.flatMap { evse in
            Array(repeating: evse + 1, count: context.evses[evse].connectorCount)
        }
        return evses.enumerated().map { index, evse in
            .constant("MeterPublicKey\(index + 1)") {
                $0.deviceModel.text("FiscalMetering", "PublicKey", evse: evse)
            }
        }
    }

    private func key(named name: String) -> ConfigurationKey? {
        ConfigurationKey.named(name) ?? meterKeys.first { VariableCatalogue.isSame($0.name, name) }
    }

    private func told(_ key: ConfigurationKey) -> V16.KeyValue {
        let value: String? =
            switch key.backing {
            case .variable(let component, let variable, let instance):
                context.value(component: component, variable: variable, instance: instance)
            case .constant(let text): text(context)
            case .authorizationKey: nil  // may be written, never read
            }
        return V16.KeyValue(
            key: key.name, readonly: key.isReadOnly, value: value.map { String($0.prefix(500)) })
    }

    mutating func changeConfiguration(
        _ request: V16.ChangeConfigurationRequest
    ) -> V16.ChangeConfigurationResponse {
        guard let key = key(named: request.key) else {
            return V16.ChangeConfigurationResponse(status: .notSupported)
        }
        guard !key.isReadOnly else { return V16.ChangeConfigurationResponse(status: .rejected) }
        switch key.backing {
        case .constant: return V16.ChangeConfigurationResponse(status: .rejected)
        case .authorizationKey: return V16.ChangeConfigurationResponse(status: setAuthorizationKey(request.value))
        case .variable(let component, let variable, let instance):
            // Booleans of 1.6 may come in any case.
            let lower = request.value.lowercased()
            let value = lower == "true" || lower == "false" ? lower : request.value
            switch context.set(value, component: component, variable: variable, instance: instance) {
            case .accepted: return V16.ChangeConfigurationResponse(status: .accepted)
            case .rebootRequired: return V16.ChangeConfigurationResponse(status: .rebootRequired)
            case .rejected, .unknownComponent, .unknownVariable, .notSupportedAttributeType:
                return V16.ChangeConfigurationResponse(status: .rejected)
            }
        }
    }

    /// The key is up to 40 hexadecimal digits, which are sent decoded; the old one is kept until the new one works.
    /// - Source: "Improved security for OCPP 1.6-J", A00.FR.205; OCPP-J 1.6 errata 3.10.
    private mutating func setAuthorizationKey(_ hexadecimal: String) -> V16.ConfigurationStatus {
        let digits = hexadecimal.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
            default: nil
            }
        }
        guard digits.count == hexadecimal.utf8.count, digits.count.isMultiple(of: 2), (32...40).contains(digits.count)
        else { return .rejected }
        var bytes = String.UnicodeScalarView()
        for index in stride(from: 0, to: digits.count, by: 2) {
            bytes.append(Unicode.Scalar(digits[index] * 16 + digits[index + 1]))
        }
        // A byte a scalar: `ConnectionSettings` turns them back.
        context.deviceModel.password.change(to: String(bytes))
        context.act(.reconnect)
        return .accepted
    }
}
