internal import CCrypto

/// A salted, slow hash of a password, as it is stored: `pbkdf2-sha256$iterations$salt$hash`, salt and hash in base64.
///
/// The passwords of charging stations are random, 16 to 40 characters long, so that guessing is hopeless at any speed;
/// the standard number of iterations is chosen so that thousands of stations can reconnect at once.
/// - Source: RFC 8018 section 5.2; OCPP 2.0.1 part 2, A00.FR.204 and A00.FR.205.
public struct PasswordHash: Hashable, Sendable, CustomStringConvertible {
    private let iterations: Int32
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// About 2 ms of a processor.
    public static let standardIterations = 10_000
    private static let mostIterations = 10_000_000

    /// Hashes a password with a new random salt.
    /// - Throws: for iterations outside 1 ... 10,000,000, or when there is no randomness.
    public init(password: [UInt8], iterations: Int = Self.standardIterations) throws(PKIError) {
        guard (1...Self.mostIterations).contains(iterations) else {
            throw PKIError("hash a password", reason: "iterations outside 1 ... \(Self.mostIterations)")
        }
        self.iterations = Int32(iterations)
        salt = try SecureRandom.bytes(16)
        hash = try Self.derive(password, salt: salt, iterations: Int32(iterations))
    }

    /// Reads what ``description`` wrote; `nil` for anything else.
    public init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "pbkdf2-sha256", let iterations = Int32(parts[1]),
            (1...Int32(Self.mostIterations)).contains(iterations), let salt = ByteText.bytes(base64: String(parts[2])),
            let hash = ByteText.bytes(base64: String(parts[3])), salt.count >= 8, hash.count == 32
        else { return nil }
        self.iterations = iterations
        self.salt = salt
        self.hash = hash
    }

    /// Whether `password` is the one that was hashed; takes the same time whatever differs.
    public func matches(_ password: [UInt8]) throws(PKIError) -> Bool {
        Self.areEqual(try Self.derive(password, salt: salt, iterations: iterations), hash)
    }

    public var description: String {
        "pbkdf2-sha256$\(iterations)$\(ByteText.base64(salt))$\(ByteText.base64(hash))"
    }

    /// Compares secrets in a time that depends on their lengths alone.
    public static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
    }

    private static func derive(_ password: [UInt8], salt: [UInt8], iterations: Int32) throws(PKIError) -> [UInt8] {
        var result: Int32 = 0
        let derived = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            result = password.withUnsafeBytes { bytes in
                PKCS5_PBKDF2_HMAC(
                    bytes.assumingMemoryBound(to: CChar.self).baseAddress, Int32(bytes.count), salt, Int32(salt.count),
                    iterations, EVP_sha256(), 32, buffer.baseAddress)
            }
            count = result == 1 ? 32 : 0
        }
        try PKIError.check(result, "hash a password")
        return derived
    }
}
