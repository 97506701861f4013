/// The password of the WebSocket handshake and, until the new one has worked, the one before.
/// - Source: OCPP 2.0.1 part 2, A00.FR.203 to 207 and use case A01.
public struct BasicAuthPassword: Hashable, Sendable, Codable {
    /// `nil` for none.
    public private(set) var current: String?
    /// To be tried when ``current`` is refused.
    public private(set) var fallback: String?

    public init(_ password: String? = nil) { current = password }

    /// A new password, which has to prove itself.
    mutating func change(to password: String) {
        if current != password, fallback == nil { fallback = current }
        current = password
    }
    /// A connection was made with the present password.
    mutating func confirm() { fallback = nil }
    /// The present password was refused: back to the one before. Returns whether there was one.
    mutating func revert() -> Bool {
        guard let old = fallback else { return false }
        current = old
        fallback = nil
        return true
    }
}
