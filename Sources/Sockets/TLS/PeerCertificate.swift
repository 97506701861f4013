internal import NIOSSL

/// What a verified client certificate says of its holder.
/// - Source: OCPP 2.0.1 part 2, A00.FR.4xx: the common name is the charging station's serial number, the organization its
///   operator.
public struct PeerCertificate: Hashable, Sendable {
    /// Common name of the subject; nil where there is none, or more than one.
    public var commonName: String?
    /// Organization of the subject; nil where there is none, or more than one.
    public var organization: String?
    /// Serial number, most significant byte first.
    public var serialNumber: [UInt8]
    /// End of validity, seconds since 1970.
    public var notAfter: Int
    /// The certificate itself, DER.
    public var der: [UInt8]

    init(_ certificate: NIOSSLCertificate) {
        let names = certificate.subjectName
        let commonNames = names.filter { $0.type == .commonName }
        let organizations = names.filter { $0.type == .organization }
        commonName = commonNames.count == 1 ? commonNames.first?.value : nil
        organization = organizations.count == 1 ? organizations.first?.value : nil
        serialNumber = certificate.serialNumber
        notAfter = Int(certificate.notValidAfter)
        der = (try? certificate.toDERBytes()) ?? []
    }
}
