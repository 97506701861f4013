internal import OCPP
internal import PKI

/// Passwords of one identity that were looked at lately, so that a storm of reconnections costs one fast hash each.
///
/// The hashes are salted per process and never leave its memory.
struct PasswordMemory: Sendable {
    private var right: [UInt8]?
    private var wrong: [UInt8]?
    private var guesses = GuessLimit()

    private static let salt = SecureBytes.random(32)

    enum Verdict: Hashable {
        case right
        case wrong
        /// To be found out by the slow hash.
        case unknown
        /// Too many wrong ones lately.
        case tooMany
    }

    static func fast(_ password: [UInt8]) -> [UInt8] { SecureBytes.digest(salt, password) }

    mutating func judge(_ fast: [UInt8], from source: PeerNetwork, now: Timestamp) -> Verdict {
        if let right, PasswordHash.areEqual(right, fast) { return .right }
        if let wrong, PasswordHash.areEqual(wrong, fast) { return .wrong }
        return guesses.take(from: source, now: now) ? .unknown : .tooMany
    }

    mutating func note(_ fast: [UInt8], isRight: Bool, from source: PeerNetwork) {
        if isRight {
            right = fast
            wrong = nil
            guesses.trust(source)
        } else {
            wrong = fast
        }
    }

    /// The password has been changed.
    mutating func forget() { self = PasswordMemory() }
}
