internal import OCPPMessages

/// Fields of a network profile as variables of the component NetworkConfiguration.
/// - Source: OCPP 2.1 part 2 appendices, component NetworkConfiguration.
extension NetworkProfiles {
    /// Text of a field; empty where nothing is set or the field is a secret.
    func text(_ variable: String, slot: Int) -> String {
        guard let profile = profile(slot: slot) else { return "" }
        return switch variable {
        case "OcppCsmsUrl": profile.ocppCsmsUrl
        case "OcppInterface": profile.ocppInterface.wireText
        case "OcppTransport": profile.ocppTransport.wireText
        case "OcppVersion": profile.ocppVersion?.wireText ?? ""
        case "MessageTimeout": String(profile.messageTimeout)
        case "SecurityProfile": String(profile.securityProfile)
        case "Identity": profile.identity ?? ""
        case "VpnEnabled": profile.vpn == nil ? "false" : "true"
        case "VpnType": profile.vpn?.type.wireText ?? ""
        case "VpnServer": profile.vpn?.server ?? ""
        case "VpnUser": profile.vpn?.user ?? ""
        case "VpnGroup": profile.vpn?.group ?? ""
        case "ApnEnabled": profile.apn == nil ? "false" : "true"
        case "Apn": profile.apn?.apn ?? ""
        case "ApnUserName": profile.apn?.apnUserName ?? ""
        case "PreferredNetwork": profile.apn?.preferredNetwork ?? ""
        case "UseOnlyPreferredNetwork": profile.apn?.useOnlyPreferredNetwork == true ? "true" : "false"
        case "ApnAuthentication": profile.apn?.apnAuthentication.wireText ?? ""
        default: ""  // the password
        }
    }

    /// Takes over a text that fits the variable, where it can be written. A slot without a profile gets one that still lacks a URL.
    mutating func set(_ text: String, of variable: String, slot: Int, securityProfile: Int) {
        var profile =
            profile(slot: slot)
            ?? V2.NetworkConnectionProfile(
                ocppInterface: .any, ocppTransport: .json, messageTimeout: 30, ocppCsmsUrl: "",
                securityProfile: securityProfile, ocppVersion: .ocpp201)
        switch variable {
        case "OcppCsmsUrl": profile.ocppCsmsUrl = text
        case "OcppVersion": profile.ocppVersion = V2.OCPPVersionEnum(wireText: text) ?? profile.ocppVersion
        case "MessageTimeout": profile.messageTimeout = Int(text) ?? profile.messageTimeout
        case "SecurityProfile": profile.securityProfile = Int(text) ?? profile.securityProfile
        case "BasicAuthPassword": profile.basicAuthPassword = text
        default: return  // cannot be written
        }
        set(profile, slot: slot)
    }
}
