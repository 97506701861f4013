internal import OCPP
internal import OCPPMessages

extension V2.IdToken {
    /// The token in the everyday machine's form; `nil` when its text is longer than 36 bytes or its type is none of
    /// OCPP 2.0.1.
    var everyday: Core.IdToken? {
        guard let text = IdentifierText(idToken), let kind = Core.IdTokenKind(rawValue: type) else { return nil }
        return Core.IdToken(idToken: text, type: kind)
    }
    /// Whether both mean the same token: type and text, the latter in any case.
    func matches(_ other: V2.IdToken) -> Bool {
        type == other.type && idToken.lowercased() == other.idToken.lowercased()
    }
}

extension Core.IdToken {
    /// The token as messages carry it.
    var message: V2.IdToken { V2.IdToken(idToken: idToken.description, type: type.rawValue) }
}

extension V2.IdTokenInfo {
    /// What the everyday machine uses of it; a group whose id is longer than 36 bytes is none.
    var everyday: Core.IdTokenInfo {
        Core.IdTokenInfo(
            status: Core.AuthorizationStatus(rawValue: status.wireText) ?? .unknown,
            cacheExpiryDateTime: cacheExpiryDateTime, groupIdToken: groupIdToken?.everyday)
    }
}
