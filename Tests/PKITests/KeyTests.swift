import PKI
import TestSupport
import Testing

@Suite("PKI: keys, signatures, digests, passwords")
struct KeyTests {
    @Test(
        "a signature holds for its message and key alone",
        arguments: [(KeyKind.ecdsaP256, SignatureScheme.ecdsa), (.rsa2048, .rsaPSS), (.rsa2048, .rsaPKCS1)])
    func signatures(kind: KeyKind, scheme: SignatureScheme) throws {
        let key = try PrivateKey(kind)
        let message = Array("firmware 1.2.3".utf8)
        var signature = try key.sign(message, scheme: scheme)
        #expect(try key.publicKey.verify(signature, of: message, scheme: scheme))
        #expect(try key.publicKey.verify(signature, ofDigest: try Digest.of(message), scheme: scheme))
        #expect(try !key.publicKey.verify(signature, of: message + [0], scheme: scheme))
        #expect(try !PrivateKey(kind).publicKey.verify(signature, of: message, scheme: scheme))
        signature[signature.count / 2] ^= 1
        #expect(try !key.publicKey.verify(signature, of: message, scheme: scheme))
        #expect(try !key.publicKey.verify([], of: message, scheme: scheme))
    }

    @Test("a scheme that does not fit the key is an error, not a wrong signature")
    func wrongScheme() throws {
        let key = try PrivateKey(.ecdsaP256)
        #expect(throws: PKIError.self) { try key.sign([1], scheme: .rsaPSS) }
        #expect(throws: PKIError.self) { try key.publicKey.verify([1], of: [1], scheme: .rsaPKCS1) }
    }

    @Test("keys survive their texts; each kind has its strength", arguments: KeyKind.allCases)
    func texts(kind: KeyKind) throws {
        let key = try PrivateKey(kind)
        let again = try PrivateKey(pem: try key.pem())
        #expect(again.publicKey.isSame(as: key.publicKey))
        #expect(try PublicKey(pem: try key.publicKey.pem()).isSame(as: key.publicKey))
        #expect(try PublicKey(der: try key.publicKey.der()).isSame(as: key.publicKey))
        let expected: [KeyKind: (Int, Int)] = [.ecdsaP256: (256, 128), .rsa2048: (2048, 112), .rsa3072: (3072, 128)]
        #expect(key.publicKey.bits == expected[kind]?.0 && key.publicKey.securityBits == expected[kind]?.1)
    }

    @Test("texts that are no keys are refused with OpenSSL's reason, encrypted ones without asking for a phrase")
    func malformed() throws {
        #expect(throws: PKIError.self) { try PrivateKey(pem: "") }
        #expect(throws: PKIError.self) { try PublicKey(der: [0x30, 0x03, 1, 2, 3]) }
        let error = #expect(throws: PKIError.self) { try PublicKey(pem: "-----BEGIN PUBLIC KEY-----\nAAAA\n") }
        #expect(error?.reason.isEmpty == false)
        let key = try PrivateKey(.ecdsaP256)
        #expect(throws: PKIError.self) { try PublicKey(der: try key.publicKey.der() + [0]) }
        #expect(throws: PKIError.self) { try PublicKey(pem: String(repeating: "A", count: 1_000_000)) }
        guard OpenSSLProgram.isInstalled else { return }
        let scratch = try ScratchDirectory()
        let path = try scratch.file("key", try key.pem())
        let encrypted = try OpenSSLProgram.run(["pkcs8", "-topk8", "-in", path, "-passout", "pass:secret"])
        #expect(encrypted.text.contains("ENCRYPTED"))
        #expect(throws: PKIError.self) { try PrivateKey(pem: encrypted.text) }
    }

    @Test("digests are those of FIPS 180-4, in one piece or many")
    func digests() throws {
        let abc = Array("abc".utf8)
        #expect(
            ByteText.hex(try Digest.of(abc)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(ByteText.hex(try Digest.of(abc, .sha384)).hasPrefix("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"))
        #expect(ByteText.hex(try Digest.of(abc, .sha512)).hasPrefix("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"))
        var pieces = try Digest(.sha256)
        for byte in abc { try pieces.update([byte]) }
        #expect(try pieces.finish() == Digest.of(abc))
    }

    @Test("base64 and hexadecimal texts are read back, and nothing else is taken for them")
    func texts() throws {
        for count in 0..<70 {
            let bytes = try SecureRandom.bytes(count)
            #expect(ByteText.bytes(base64: ByteText.base64(bytes)) == bytes)
            #expect(ByteText.bytes(hex: ByteText.hex(bytes)) == bytes)
        }
        #expect(ByteText.base64(Array("foobar".utf8)) == "Zm9vYmFy" && ByteText.base64(Array("fo".utf8)) == "Zm8=")
        #expect(ByteText.bytes(base64: "Zm9v\r\n YmFy") == Array("foobar".utf8))
        for wrong in ["Zm8", "Z", "Zm8==", "Zm=8", "Zm9*", "====", "Zg="] {
            #expect(ByteText.bytes(base64: wrong) == nil, "\(wrong)")
        }
        #expect(ByteText.bytes(hex: "abc") == nil && ByteText.bytes(hex: "zz") == nil)
    }

    @Test("random bytes differ from draw to draw")
    func random() throws {
        #expect(try SecureRandom.bytes(32) != SecureRandom.bytes(32))
    }

    @Test("a password matches its hash alone, also after the hash was stored")
    func passwords() throws {
        let password = Array("0123456789abcdef".utf8)
        let hash = try PasswordHash(password: password, iterations: 1000)
        let stored = try #require(PasswordHash(text: hash.description))
        #expect(try stored == hash && stored.matches(password))
        #expect(try !stored.matches(Array("0123456789abcdeF".utf8)) && !stored.matches([]))
        #expect(try PasswordHash(password: password, iterations: 1000) != hash)
        #expect(throws: PKIError.self) { try PasswordHash(password: password, iterations: 0) }
    }

    @Test("the password hash is PBKDF2 with HMAC-SHA256")
    func passwordVector() throws {
        // Computed with Python: hashlib.pbkdf2_hmac("sha256", b"password", b"saltsalt", 4096).
        let text = "pbkdf2-sha256$4096$c2FsdHNhbHQ=$ZiMD/VuDIBLM8rT9ZlFkcm8vO44PH2jtvpsH6s4pwvU="
        let hash = try #require(PasswordHash(text: text))
        #expect(try hash.matches(Array("password".utf8)))
    }

    @Test(
        "texts that are no password hashes are refused",
        arguments: [
            "", "pbkdf2-sha256$$$", "pbkdf2-sha256$0$c2FsdHNhbHQ=$AAAA", "scrypt$1$c2FsdHNhbHQ=$AAAA",
            "pbkdf2-sha256$99999999$c2FsdHNhbHQ=$AAAA",
        ])
    func malformedHash(text: String) {
        #expect(PasswordHash(text: text) == nil)
    }

    @Test("secrets of different lengths are not equal")
    func constantTime() {
        #expect(PasswordHash.areEqual([1, 2], [1, 2]) && PasswordHash.areEqual([], []))
        #expect(!PasswordHash.areEqual([1, 2], [1, 3]) && !PasswordHash.areEqual([1], [1, 2]))
    }
}
