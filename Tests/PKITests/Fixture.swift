import PKI

/// A small infrastructure that tests share: a root, a sub authority, and a moment at which all is valid.
struct Fixture {
    /// 2026-01-01T00:00:00Z.
    static let now: Int64 = 1_767_225_600
    static let year = Validity(days: 365, from: now)

    let root: CertificateAuthority
    let sub: CertificateAuthority

    init() throws {
        let rootKey = try PrivateKey(.ecdsaP256)
        root = try CertificateAuthority(
            root: DistinguishedName(commonName: "Root", organization: "Operator"), key: rootKey,
            validity: Validity(days: 3650, from: Self.now))
        let subKey = try PrivateKey(.ecdsaP256)
        let certificate = try root.issue(
            .authority(subAuthorities: 0), to: DistinguishedName(commonName: "Sub"), key: subKey.publicKey,
            validity: Validity(days: 1000, from: Self.now))
        sub = try CertificateAuthority(certificate: certificate, key: subKey)
    }

    /// A leaf of the sub authority with its key.
    func leaf(
        _ role: CertificateRole = .client, name: String = "CS-1", validity: Validity = year,
        kind: KeyKind = .ecdsaP256
    ) throws -> (certificate: Certificate, key: PrivateKey) {
        let key = try PrivateKey(kind)
        let subject = DistinguishedName(commonName: name, organization: "Operator")
        return (try sub.issue(role, to: subject, key: key.publicKey, validity: validity), key)
    }
}
