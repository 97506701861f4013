internal import CCrypto

/// The kinds of keys that OCPP and ISO 15118-2 allow.
public enum KeyKind: String, Hashable, Sendable, CaseIterable {
    case ecdsaP256
    case rsa2048
    case rsa3072
}

/// How a signature is made: always over SHA-256.
/// - Source: OCPP 2.0.1 part 2, A00.FR.5xx and L01.FR.11 (firmware: RSA-PSS or ECDSA).
public enum SignatureScheme: Hashable, Sendable {
    /// ECDSA, DER form.
    case ecdsa
    /// RSA-PSS with a salt as long as the digest; any salt length is accepted when checking.
    case rsaPSS
    /// RSA PKCS #1 version 1.5, as old peers make it.
    case rsaPKCS1
}

/// The public half of a key pair.
public struct PublicKey: Sendable {
    let handle: Handle

    init(_ handle: Handle) { self.handle = handle }

    /// Reads `BEGIN PUBLIC KEY`.
    public init(pem: String) throws(PKIError) {
        let operation = "read a public key"
        let stream = try Memory.reader(Array(pem.utf8), operation)
        handle = try Handle(PEM_read_bio_PUBKEY(stream.pointer, nil, Memory.noPassPhrase, nil), operation) {
            EVP_PKEY_free($0)
        }
    }
    /// Reads a SubjectPublicKeyInfo.
    public init(der: [UInt8]) throws(PKIError) {
        handle = try Memory.parse(
            der, "read a public key", release: { EVP_PKEY_free($0) },
            read: { position, count in d2i_PUBKEY(nil, position, count) })
    }

    /// SubjectPublicKeyInfo.
    public func der() throws(PKIError) -> [UInt8] {
        try Memory.der("write a public key") { i2d_PUBKEY(handle.pointer, $0) }
    }
    public func pem() throws(PKIError) -> String {
        let stream = try Memory.writer("write a public key")
        try PKIError.check(PEM_write_bio_PUBKEY(stream.pointer, handle.pointer), "write a public key")
        return Memory.text(stream)
    }

    /// Length of the modulus or of the curve's order.
    public var bits: Int { Int(EVP_PKEY_get_bits(handle.pointer)) }
    public var isRSA: Bool { EVP_PKEY_is_a(handle.pointer, "RSA") == 1 }
    public var isEllipticCurve: Bool { EVP_PKEY_is_a(handle.pointer, "EC") == 1 }
    /// Equivalent strength in bits: 112 for RSA 2048, 128 for P-256.
    public var securityBits: Int { Int(EVP_PKEY_get_security_bits(handle.pointer)) }

    public func isSame(as other: PublicKey) -> Bool { EVP_PKEY_eq(handle.pointer, other.handle.pointer) == 1 }

    /// Whether `signature` over `message` is right. A malformed signature is a wrong one.
    /// - Throws: when the scheme does not fit the key.
    public func verify(_ signature: [UInt8], of message: [UInt8], scheme: SignatureScheme) throws(PKIError) -> Bool {
        try verify(signature, ofDigest: try Digest.of(message), scheme: scheme)
    }

    /// The same for a message of which the SHA-256 digest is known.
    public func verify(
        _ signature: [UInt8], ofDigest digest: [UInt8], scheme: SignatureScheme
    ) throws(PKIError) -> Bool {
        let operation = "check a signature"
        let context = try Signing.context(handle, scheme, operation)
        try PKIError.check(EVP_PKEY_verify_init(context.pointer), operation)
        try Signing.configure(context, scheme, isVerifying: true, operation)
        let result = EVP_PKEY_verify(context.pointer, signature, signature.count, digest, digest.count)
        ERR_clear_error()
        return result == 1
    }
}

/// A key pair.
public struct PrivateKey: Sendable {
    let handle: Handle

    /// Makes a new key pair.
    public init(_ kind: KeyKind) throws(PKIError) {
        ERR_clear_error()
        let operation = "make a key"
        let name = kind == .ecdsaP256 ? "EC" : "RSA"
        let context = try Handle(EVP_PKEY_CTX_new_from_name(nil, name, nil), operation) { EVP_PKEY_CTX_free($0) }
        try PKIError.check(EVP_PKEY_keygen_init(context.pointer), operation)
        switch kind {
        case .ecdsaP256: try PKIError.check(EVP_PKEY_CTX_set_group_name(context.pointer, "P-256"), operation)
        case .rsa2048: try PKIError.check(EVP_PKEY_CTX_set_rsa_keygen_bits(context.pointer, 2048), operation)
        case .rsa3072: try PKIError.check(EVP_PKEY_CTX_set_rsa_keygen_bits(context.pointer, 3072), operation)
        }
        var key: OpaquePointer?
        try PKIError.check(EVP_PKEY_generate(context.pointer, &key), operation)
        handle = try Handle(key, operation) { EVP_PKEY_free($0) }
    }

    /// Reads `BEGIN PRIVATE KEY` (or the older forms). Encrypted keys are refused.
    public init(pem: String) throws(PKIError) {
        let operation = "read a private key"
        let stream = try Memory.reader(Array(pem.utf8), operation)
        handle = try Handle(PEM_read_bio_PrivateKey(stream.pointer, nil, Memory.noPassPhrase, nil), operation) {
            EVP_PKEY_free($0)
        }
    }

    /// PKCS #8, not encrypted.
    public func pem() throws(PKIError) -> String {
        let stream = try Memory.writer("write a private key")
        try PKIError.check(
            PEM_write_bio_PKCS8PrivateKey(stream.pointer, handle.pointer, nil, nil, 0, nil, nil), "write a private key")
        return Memory.text(stream)
    }

    /// The public half.
    public var publicKey: PublicKey { PublicKey(handle) }

    /// The scheme this project uses with such a key.
    public var scheme: SignatureScheme { publicKey.isRSA ? .rsaPSS : .ecdsa }

    /// Signs `message`.
    /// - Throws: when the scheme does not fit the key.
    public func sign(_ message: [UInt8], scheme: SignatureScheme) throws(PKIError) -> [UInt8] {
        let operation = "sign"
        let digest = try Digest.of(message)
        let context = try Signing.context(handle, scheme, operation)
        try PKIError.check(EVP_PKEY_sign_init(context.pointer), operation)
        try Signing.configure(context, scheme, isVerifying: false, operation)
        var length = 0
        try PKIError.check(EVP_PKEY_sign(context.pointer, nil, &length, digest, digest.count), operation)
        var result: Int32 = 0
        let signature = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            result = EVP_PKEY_sign(context.pointer, buffer.baseAddress, &length, digest, digest.count)
            count = result == 1 ? length : 0
        }
        try PKIError.check(result, operation)
        return signature
    }
}

/// What signing and checking have in common.
private enum Signing {
    static func context(
        _ key: Handle, _ scheme: SignatureScheme, _ operation: String
    ) throws(PKIError) -> Handle {
        ERR_clear_error()
        guard EVP_PKEY_is_a(key.pointer, scheme == .ecdsa ? "EC" : "RSA") == 1 else {
            throw PKIError(operation, reason: "the key is not of the kind that the scheme needs")
        }
        return try Handle(EVP_PKEY_CTX_new(key.pointer, nil), operation) { EVP_PKEY_CTX_free($0) }
    }

    static func configure(
        _ context: Handle, _ scheme: SignatureScheme, isVerifying: Bool, _ operation: String
    ) throws(PKIError) {
        switch scheme {
        case .ecdsa: break
        case .rsaPKCS1: try PKIError.check(EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_PKCS1_PADDING), operation)
        case .rsaPSS:
            try PKIError.check(EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_PKCS1_PSS_PADDING), operation)
            let salt = isVerifying ? RSA_PSS_SALTLEN_AUTO : RSA_PSS_SALTLEN_DIGEST
            try PKIError.check(EVP_PKEY_CTX_set_rsa_pss_saltlen(context.pointer, salt), operation)
        }
        try PKIError.check(EVP_PKEY_CTX_set_signature_md(context.pointer, EVP_sha256()), operation)
    }
}
