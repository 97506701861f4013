internal import OCPP
internal import PKI
internal import Synchronization

/// What the server knows of one identity without asking the database: enough to let it in or turn it away.
final class StationEntry: Sendable {
    /// Number in the database.
    let station: Int64
    let identity: StationIdentity
    private let content: Mutex<Content>

    struct Content: Sendable {
        var password: PasswordHash?
        /// Good until ``password`` has been used once (a new password may not have reached the charging station yet).
        var previousPassword: PasswordHash?
        /// Security profile that it has to use at least; `nil` for the server's.
        var profile: SecurityProfile?
        /// Serial number as told at boot or by an operator.
        var serial: String?
        /// Passwords that were right and wrong the last time, as salted fast hashes.
        var memory = PasswordMemory()
        var slot: StationSlot?
        /// The connection that may speak for the identity.
        var connection: StationConnection?
    }

    init(station: Int64, identity: StationIdentity, content: Content = Content()) {
        self.station = station
        self.identity = identity
        self.content = Mutex(content)
    }

    func with<T>(_ body: (inout Content) -> T) -> T { content.withLock { body(&$0) } }

    var isConnected: Bool { with { $0.connection?.isOpen ?? false } }
}

/// Passwords of one identity that were looked at lately, so that a storm of reconnections costs one fast hash each.
///
/// The hashes are salted per process and never leave its memory.
struct PasswordMemory: Sendable {
    private var right: [UInt8]?
    private var wrong: [UInt8]?
    /// Slow hashes that failed, and when they are forgiven.
    private var attempts: TokenBucket?

    private static let salt = SecureBytes.random(32)
    /// Wrong passwords of one identity that are looked at: at once, and per second in the long run.
    private static let burst = 5.0
    private static let rate = 0.2

    enum Verdict: Hashable {
        case right
        case wrong
        /// To be found out by the slow hash.
        case unknown
        /// Too many wrong ones lately.
        case tooMany
    }

    static func fast(_ password: [UInt8]) -> [UInt8] { SecureBytes.digest(salt, password) }

    mutating func judge(_ fast: [UInt8], now: Timestamp) -> Verdict {
        if let right, PasswordHash.areEqual(right, fast) { return .right }
        if let wrong, PasswordHash.areEqual(wrong, fast) { return .wrong }
        var bucket = attempts ?? TokenBucket(rate: Self.rate, burst: Self.burst, now: now)
        let isAllowed = bucket.take(now: now)
        attempts = bucket
        return isAllowed ? .unknown : .tooMany
    }

    mutating func note(_ fast: [UInt8], isRight: Bool) {
        if isRight {
            right = fast
            wrong = nil
            attempts = nil
        } else {
            wrong = fast
        }
    }

    /// The password has been changed.
    mutating func forget() { self = PasswordMemory() }
}

/// The standard's security profiles.
/// - Source: OCPP 2.0.1 part 2, A00; OCPP 1.6 security whitepaper, 3.
public enum SecurityProfile: Int, Sendable, CaseIterable, Comparable {
    /// Neither TLS nor a password: a trusted network only.
    case none = 0
    /// A password, no TLS.
    case basic = 1
    /// TLS and a password.
    case tlsBasic = 2
    /// TLS with a client certificate.
    case tlsCertificate = 3

    public static func < (a: SecurityProfile, b: SecurityProfile) -> Bool { a.rawValue < b.rawValue }
}
