internal import CCrypto

/// What names a certificate without holding it.
/// - Source: OCPP 2.0.1 part 2, CertificateHashDataType; RFC 6960 section 4.1.1, CertID.
public struct CertificateHashData: Hashable, Sendable {
    public var algorithm: HashAlgorithm
    /// Hash of the issuer's name in DER, hexadecimal.
    public var issuerNameHash: String
    /// Hash of the issuer's public key (the bit string alone), hexadecimal.
    public var issuerKeyHash: String
    /// Hexadecimal without leading zeros.
    public var serialNumber: String

    public init(algorithm: HashAlgorithm, issuerNameHash: String, issuerKeyHash: String, serialNumber: String) {
        self.algorithm = algorithm
        self.issuerNameHash = issuerNameHash.lowercased()
        self.issuerKeyHash = issuerKeyHash.lowercased()
        self.serialNumber = serialNumber.lowercased()
    }

    /// The hash data of `certificate`, which `issuer` has signed; a root is its own issuer.
    public init(of certificate: Certificate, issuer: Certificate, algorithm: HashAlgorithm = .sha256) throws(PKIError) {
        ERR_clear_error()
        let id = OCSP_cert_to_id(algorithm.function, certificate.handle.pointer, issuer.handle.pointer)
        try self.init(try Handle(id, "hash a certificate") { OCSP_CERTID_free($0) })
    }

    /// The hash data of the certificate with that serial number (hexadecimal) that `issuer` has signed.
    public init(
        serialNumber: String, issuer: Certificate, algorithm: HashAlgorithm = .sha256
    ) throws(PKIError) {
        ERR_clear_error()
        let id = OCSP_cert_to_id(algorithm.function, nil, issuer.handle.pointer)
        try self.init(try Handle(id, "hash a certificate") { OCSP_CERTID_free($0) })
        self.serialNumber = serialNumber.lowercased()
    }

    /// Whether both are about certificates of the same issuer, hashed with the same function.
    public func hasSameIssuer(as other: CertificateHashData) -> Bool {
        algorithm == other.algorithm && issuerNameHash == other.issuerNameHash && issuerKeyHash == other.issuerKeyHash
    }

    /// Reads the id of an OCSP request or response.
    init(_ id: Handle) throws(PKIError) {
        let operation = "read a certificate id"
        var name: UnsafeMutablePointer<ASN1_OCTET_STRING>?
        var key: UnsafeMutablePointer<ASN1_OCTET_STRING>?
        var serial: UnsafeMutablePointer<ASN1_INTEGER>?
        var method: OpaquePointer?
        try PKIError.check(OCSP_id_get0_info(&name, &method, &key, &serial, id.pointer), operation)
        let kind = OBJ_obj2nid(method)
        guard let algorithm = HashAlgorithm.allCases.first(where: { EVP_MD_get_type($0.function) == kind }) else {
            throw PKIError(operation, reason: "hashed with something else than SHA-256, SHA-384 or SHA-512")
        }
        self.init(
            algorithm: algorithm, issuerNameHash: ByteText.hex(Self.bytes(name)),
            issuerKeyHash: ByteText.hex(Self.bytes(key)), serialNumber: SerialNumber.text(serial))
    }

    private static func bytes(_ string: UnsafePointer<ASN1_OCTET_STRING>?) -> [UInt8] {
        guard let data = ASN1_STRING_get0_data(string) else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: Int(ASN1_STRING_length(string))))
    }

    /// The CertID structure of OCSP.
    func id() throws(PKIError) -> Handle {
        let operation = "write a certificate id"
        guard let name = ByteText.bytes(hex: issuerNameHash), let key = ByteText.bytes(hex: issuerKeyHash),
            let serial = ByteText.bytes(hex: serialNumber.count.isMultiple(of: 2) ? serialNumber : "0" + serialNumber),
            name.count <= 64, key.count <= 64, (1...64).contains(serial.count)
        else { throw PKIError(operation, reason: "hashes and serial number must be hexadecimal") }
        let der = DER.sequence(
            DER.sequence(DER.value(6, algorithm.objectIdentifier) + DER.value(5, [])) + DER.value(4, name)
                + DER.value(4, key) + DER.value(2, DER.positive(serial)))
        return try Memory.parse(
            der, operation, release: { OCSP_CERTID_free($0) },
            read: { position, count in d2i_OCSP_CERTID(nil, position, count) })
    }
}

extension HashAlgorithm {
    /// Contents of the object identifier 2.16.840.1.101.3.4.2.n.
    fileprivate var objectIdentifier: [UInt8] {
        let last: UInt8 =
            switch self {
            case .sha256: 1
            case .sha384: 2
            case .sha512: 3
            }
        return [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last]
    }
}

/// The few structures of DER that are written by hand; contents stay below 128 bytes each, a sequence below 65,536.
private enum DER {
    static func value(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        if count < 128 { return [tag, UInt8(count)] + contents }
        if count < 256 { return [tag, 0x81, UInt8(count)] + contents }
        return [tag, 0x82, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)] + contents
    }
    static func sequence(_ contents: [UInt8]) -> [UInt8] { value(0x30, contents) }
    /// Big-endian bytes of a number that is not negative, in the shortest form.
    static func positive(_ bytes: [UInt8]) -> [UInt8] {
        let trimmed = Array(bytes.drop { $0 == 0 })
        guard let first = trimmed.first else { return [0] }
        return first >= 128 ? [0] + trimmed : trimmed
    }
}
