internal import PKI

/// Fast digests and random bytes for secrets that live in memory or are random themselves.
enum SecureBytes {
    /// `count` bytes nobody can guess.
    static func random(_ count: Int) -> [UInt8] {
        guard let bytes = try? SecureRandom.bytes(count) else {
            preconditionFailure("the operating system has randomness")
        }
        return bytes
    }

    /// SHA-256 of `first` followed by `second`.
    static func digest(_ first: [UInt8], _ second: [UInt8] = []) -> [UInt8] {
        guard let digest = try? Digest.of(first + second) else { preconditionFailure("libcrypto has SHA-256") }
        return digest
    }
}
