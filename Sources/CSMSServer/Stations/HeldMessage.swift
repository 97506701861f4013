internal import OCPP

/// What waits for a commit to leave: an answer, or a call that must not overtake one.
struct HeldMessage: Sendable {
    enum Body: Sendable {
        case result([UInt8])
        case error(RPCErrorCode, String)
        case call(action: String, payload: [UInt8])
    }
    let id: String
    let body: Body
    /// When the request came, or the call was made.
    let received: Timestamp
}

/// A security event that the server itself has seen.
struct SecurityNote: Sendable {
    /// A type of the standard's list of security events.
    let kind: String
    let detail: String
    let at: Timestamp
}
