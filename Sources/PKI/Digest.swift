internal import CCrypto

/// Hash functions of the SHA-2 family.
public enum HashAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// The raw values are the words of OCPP's HashAlgorithmEnumType.
    case sha256 = "SHA256"
    case sha384 = "SHA384"
    case sha512 = "SHA512"

    var function: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}

/// MD5, which says nothing about authenticity: the checksum of PublishFirmware alone is one.
/// - Source: OCPP 2.0.1 part 2, L03.FR.06.
public enum MD5 {
    /// 16 bytes.
    public static func of(_ bytes: [UInt8]) throws(PKIError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 16)
        var length: UInt32 = 0
        ERR_clear_error()
        try PKIError.check(
            EVP_Digest(bytes, bytes.count, &digest, &length, EVP_md5(), nil), "compute an MD5 checksum")
        return digest
    }
}

/// A digest in the making, for what does not fit into memory at once.
public struct Digest: ~Copyable {
    private let state: Handle

    public init(_ algorithm: HashAlgorithm) throws(PKIError) {
        ERR_clear_error()
        let state = try Handle(EVP_MD_CTX_new(), "begin a digest") { EVP_MD_CTX_free($0) }
        try PKIError.check(EVP_DigestInit_ex(state.pointer, algorithm.function, nil), "begin a digest")
        self.state = state
    }

    public mutating func update(_ bytes: [UInt8]) throws(PKIError) {
        let result = bytes.withUnsafeBytes { EVP_DigestUpdate(state.pointer, $0.baseAddress, $0.count) }
        try PKIError.check(result, "continue a digest")
    }

    /// The digest of all bytes so far.
    public consuming func finish() throws(PKIError) -> [UInt8] {
        var length: UInt32 = 0
        var result: Int32 = 0
        let digest = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            result = EVP_DigestFinal_ex(state.pointer, buffer.baseAddress, &length)
            count = result == 1 ? Int(length) : 0
        }
        try PKIError.check(result, "finish a digest")
        return digest
    }

    /// The digest of `bytes`.
    public static func of(_ bytes: [UInt8], _ algorithm: HashAlgorithm = .sha256) throws(PKIError) -> [UInt8] {
        var digest = try Digest(algorithm)
        try digest.update(bytes)
        return try digest.finish()
    }
}

/// Bytes that nobody can foresee.
public enum SecureRandom {
    /// - Throws: when the operating system has no randomness to give.
    public static func bytes(_ count: Int) throws(PKIError) -> [UInt8] {
        var result: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            result = RAND_bytes(buffer.baseAddress, Int32(count))
            length = result == 1 ? count : 0
        }
        try PKIError.check(result, "draw random bytes")
        return bytes
    }
}

/// Hexadecimal and base64 text of bytes.
public enum ByteText {
    /// Two lower-case digits a byte.
    public static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// `nil` for an odd number of digits or another character.
    public static func bytes(hex: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in hex.utf8 {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// RFC 4648 section 4, with padding, on one line.
    public static func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for offset in 0..<3 { bits = bits << 8 | (offset < group.count ? UInt32(group[start + offset]) : 0) }
            for digit in 0..<4 {
                let isPadding = digit > group.count
                text.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(bits >> (18 - 6 * UInt32(digit)) & 63)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads base64; white space is skipped. `nil` for anything else that is not of the alphabet or wrongly padded.
    public static func bytes(base64: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var digits = 0
        var padding = 0
        for character in base64.utf8 where ![9, 10, 13, 32].contains(character) {
            if character == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let value = value(of: character) else { return nil }
            bits = bits << 6 | value
            digits += 1
            if digits % 4 == 0 {
                bytes += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
                bits = 0
            }
        }
        switch (digits % 4, padding) {
        case (0, 0): return bytes
        case (2, 2): return bytes + [UInt8(bits >> 4 & 255)]
        case (3, 1): return bytes + [UInt8(bits >> 10 & 255), UInt8(bits >> 2 & 255)]
        default: return nil
        }
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
