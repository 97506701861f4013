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
        /// Whether an operator has announced it; else it has come by itself.
        var isRegistered = false
        /// Serial number that an operator registered, which a client certificate may name. Never the announced one.
        var registeredSerial: String?
        /// Zone of the times that come without an offset (1.6), by its IANA name; `nil` for the server's.
        var timeZone: String?
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
