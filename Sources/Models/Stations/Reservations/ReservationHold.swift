public import OCPP

/// A reservation as the everyday machine needs it: who alone may start where.
public struct ReservationHold: Hashable, Sendable, BitwiseCopyable, Codable {
    public var id: Int32
    /// Index of the EVSE; `nil` for any of the charging station.
    public var evse: Int32?
    public var idToken: Core.IdToken
    /// Group whose tokens may use it, in lower case; empty for none.
    public var group: IdentifierText

    public init(id: Int32, evse: Int32?, idToken: Core.IdToken, group: IdentifierText = IdentifierText()) {
        self.id = id
        self.evse = evse
        self.idToken = idToken
        self.group = group.lowercased
    }

    /// Whether a token, of a group that may be empty, may use it (H03.FR.07, FR.08).
    public func admits(_ token: Core.IdToken, group: IdentifierText) -> Bool {
        token.matches(idToken) || (!group.isEmpty && !self.group.isEmpty && group.lowercased == self.group)
    }
}
