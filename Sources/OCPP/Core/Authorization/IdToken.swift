extension Core {
    /// What kind of identification a token is.
    public enum IdTokenKind: String, WireEnumeration {
        case central = "Central"
        case eMAID = "eMAID"
        case iso14443 = "ISO14443"
        case iso15693 = "ISO15693"
        case keyCode = "KeyCode"
        case local = "Local"
        case macAddress = "MacAddress"
        case noAuthorization = "NoAuthorization"
    }

    /// A driver's identification.
    public struct IdToken: Hashable, Sendable, BitwiseCopyable, Codable {
        /// Case-insensitive; empty only for ``IdTokenKind/noAuthorization``.
        public var idToken: IdentifierText
        public var type: IdTokenKind

        @inlinable public init(idToken: IdentifierText, type: IdTokenKind) {
            self.idToken = idToken
            self.type = type
        }
        /// Charging without identification.
        @inlinable public static var noAuthorization: IdToken {
            IdToken(idToken: IdentifierText(), type: .noAuthorization)
        }
        /// Whether both mean the same token: kind and text, the latter in any case.
        @inlinable public func matches(_ other: IdToken) -> Bool {
            type == other.type && (idToken == other.idToken || idToken.lowercased == other.idToken.lowercased)
        }
    }

    /// What a CSMS says about a token.
    public enum AuthorizationStatus: String, WireEnumeration {
        case accepted = "Accepted"
        case blocked = "Blocked"
        case concurrentTx = "ConcurrentTx"
        case expired = "Expired"
        case invalid = "Invalid"
        case noCredit = "NoCredit"
        case notAllowedTypeEVSE = "NotAllowedTypeEVSE"
        case notAtThisLocation = "NotAtThisLocation"
        case notAtThisTime = "NotAtThisTime"
        case unknown = "Unknown"
    }

    public struct IdTokenInfo: Hashable, Sendable, BitwiseCopyable, Codable {
        public var status: AuthorizationStatus
        /// When a charging station has to forget this answer.
        public var cacheExpiryDateTime: Timestamp?
        /// Tokens of one group may stop each other's transactions.
        public var groupIdToken: IdToken?

        @inlinable public init(
            status: AuthorizationStatus, cacheExpiryDateTime: Timestamp? = nil, groupIdToken: IdToken? = nil
        ) {
            self.status = status
            self.cacheExpiryDateTime = cacheExpiryDateTime
            self.groupIdToken = groupIdToken
        }
    }
}
