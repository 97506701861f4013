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
        default: ""  // passwords, keys and PINs
        }
    }

    /// Takes over a text that fits the variable. A slot without a profile gets one that still lacks a URL.
    mutating func set(_ text: String, of variable: String, slot: Int, securityProfile: Int) {
        var profile =
            profile(slot: slot)
            ?? V2.NetworkConnectionProfile(
                ocppInterface: .any, ocppTransport: .json, messageTimeout: 30, ocppCsmsUrl: "",
                securityProfile: securityProfile, ocppVersion: .ocpp201)
        switch variable {
        case "OcppCsmsUrl": profile.ocppCsmsUrl = text
        case "OcppInterface": profile.ocppInterface = V2.OCPPInterfaceEnum(wireText: text) ?? profile.ocppInterface
        case "OcppVersion": profile.ocppVersion = V2.OCPPVersionEnum(wireText: text) ?? profile.ocppVersion
        case "MessageTimeout": profile.messageTimeout = Int(text) ?? profile.messageTimeout
        case "SecurityProfile": profile.securityProfile = Int(text) ?? profile.securityProfile
        case "Identity": profile.identity = text.isEmpty ? nil : text
        case "BasicAuthPassword": profile.basicAuthPassword = text
        case "VpnEnabled": profile.vpn = text == "true" ? profile.vpn ?? Self.emptyVPN : nil
        case "ApnEnabled": profile.apn = text == "true" ? profile.apn ?? Self.emptyAPN : nil
        case "VpnType", "VpnServer", "VpnUser", "VpnGroup", "VpnPassword", "VpnKey":
            profile.vpn = Self.changed(profile.vpn ?? Self.emptyVPN, variable, text)
        default: profile.apn = Self.changed(profile.apn ?? Self.emptyAPN, variable, text)
        }
        set(profile, slot: slot)
    }

    private static let emptyVPN = V2.VPN(server: "", user: "", password: "", key: "", type: .ipSec)
    private static let emptyAPN = V2.APN(apn: "", apnAuthentication: .auto)

    private static func changed(_ vpn: V2.VPN, _ variable: String, _ text: String) -> V2.VPN {
        var vpn = vpn
        switch variable {
        case "VpnType": vpn.type = V2.VPNEnum(wireText: text) ?? vpn.type
        case "VpnServer": vpn.server = text
        case "VpnUser": vpn.user = text
        case "VpnGroup": vpn.group = text.isEmpty ? nil : text
        case "VpnPassword": vpn.password = text
        default: vpn.key = text
        }
        return vpn
    }
    private static func changed(_ apn: V2.APN, _ variable: String, _ text: String) -> V2.APN {
        var apn = apn
        switch variable {
        case "Apn": apn.apn = text
        case "ApnUserName": apn.apnUserName = text.isEmpty ? nil : text
        case "ApnPassword": apn.apnPassword = text
        case "SimPin": apn.simPin = Int(text)
        case "PreferredNetwork": apn.preferredNetwork = text.isEmpty ? nil : text
        case "UseOnlyPreferredNetwork": apn.useOnlyPreferredNetwork = text == "true"
        default: apn.apnAuthentication = V2.APNAuthenticationEnum(wireText: text) ?? apn.apnAuthentication
        }
        return apn
    }
}
