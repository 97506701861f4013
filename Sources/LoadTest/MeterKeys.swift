internal import PKI

/// The private keys in the meters of simulated stations, one for each station's.
///
/// Made when first used, so bounded by the stations there are.
struct MeterKeys {
    private var keys: [String: PrivateKey] = [:]

    private mutating func key(of identity: String) throws -> PrivateKey {
        if let key = keys[identity] { return key }
        let key = try PrivateKey(.ecdsaP256)
        keys[identity] = key
        return key
    }

    /// DER of the public key, in hexadecimal.
    mutating func publicKey(of identity: String) throws -> String {
        ByteText.hex(try key(of: identity).publicKey.der())
    }

    /// DER of the signature of a meter record's text, in hexadecimal.
    mutating func sign(_ text: String, of identity: String) throws -> String {
        ByteText.hex(try key(of: identity).sign(Array(text.utf8), scheme: .ecdsa))
    }
}
