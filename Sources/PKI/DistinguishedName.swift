internal import CCrypto

/// The name of a certificate's subject or issuer, as far as this project writes it.
public struct DistinguishedName: Hashable, Sendable {
    /// At most 64 characters each, country two letters; empty or `nil` parts are left out.
    public var commonName: String
    public var organization: String?
    public var organizationalUnit: String?
    public var country: String?
    /// Domain component: the role of a certificate in ISO 15118, such as `V2G` or `CPO`.
    public var domainComponent: String?

    public init(
        commonName: String, organization: String? = nil, organizationalUnit: String? = nil, country: String? = nil,
        domainComponent: String? = nil
    ) {
        self.commonName = commonName
        self.organization = organization
        self.organizationalUnit = organizationalUnit
        self.country = country
        self.domainComponent = domainComponent
    }

    init(_ name: OpaquePointer?) {
        commonName = Self.entry(name, NID_commonName) ?? ""
        organization = Self.entry(name, NID_organizationName)
        organizationalUnit = Self.entry(name, NID_organizationalUnitName)
        country = Self.entry(name, NID_countryName)
        domainComponent = Self.entry(name, NID_domainComponent)
    }

    /// - Throws: for a part that is longer than its kind allows.
    func handle() throws(PKIError) -> Handle {
        let operation = "write a name"
        ERR_clear_error()
        let name = try Handle(X509_NAME_new(), operation) { X509_NAME_free($0) }
        for (key, value) in [
            ("C", country), ("O", organization), ("OU", organizationalUnit), ("CN", commonName),
            ("DC", domainComponent),
        ] {
            guard let value, !value.isEmpty else { continue }
            let bytes = Array(value.utf8)
            guard bytes.count <= 1024 else { throw PKIError(operation, reason: "\(key) is too long") }
            let result = X509_NAME_add_entry_by_txt(name.pointer, key, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0)
            try PKIError.check(result, operation)
        }
        return name
    }

    private static func entry(_ name: OpaquePointer?, _ kind: Int32) -> String? {
        let index = X509_NAME_get_index_by_NID(name, kind, -1)
        guard index >= 0, let data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)) else { return nil }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&bytes, data)
        defer { evtwin_free(bytes) }
        guard count >= 0, let bytes else { return nil }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }

    /// The whole name as RFC 2253 writes it: `CN=station,O=operator`.
    static func text(_ name: OpaquePointer?) throws(PKIError) -> String {
        let stream = try Memory.writer("read a name")
        guard X509_NAME_print_ex(stream.pointer, name, 0, evtwin_rfc2253()) >= 0 else {
            throw PKIError.openSSL("read a name")
        }
        return Memory.text(stream)
    }
}
