internal import OCPP
internal import OCPPMessages

/// A root certificate of the store.
struct RootCertificate: Sendable, Codable, Equatable {
    var use: V2.InstallCertificateUseEnum
    var pem: String
    var facts: CertificateFacts
}

/// Root certificates that a charging station trusts, newest last.
/// - Source: OCPP 2.0.1 part 2, use cases M03 to M05.
struct RootStore: Sendable, Codable {
    /// Most certificates kept (`SecurityCtrlr.CertificateEntries`, maxLimit).
    static let rootsMax = 100

    private(set) var roots: [RootCertificate] = []

    func roots(for use: V2.InstallCertificateUseEnum) -> [RootCertificate] { roots.filter { $0.use == use } }

    /// With `isExclusive`, only the newest earlier certificate of the same use stays, to fall back on.
    /// Returns whether there was room.
    mutating func install(_ root: RootCertificate, isExclusive: Bool) -> Bool {
        roots.removeAll { $0.use == root.use && $0.facts.hash.names(root.facts.hash) }
        if isExclusive, let newest = roots.lastIndex(where: { $0.use == root.use }) {
            let kept = roots[newest]
            roots.removeAll { $0.use == root.use && $0 != kept }
        }
        guard roots.count < Self.rootsMax else { return false }
        roots.append(root)
        return true
    }

    /// Removes what the CSMS names. The last CSMS root stays: without it no CSMS could be trusted again.
    mutating func delete(_ hash: V2.CertificateHashData) -> V2.DeleteCertificateStatusEnum {
        let named = roots.filter { $0.facts.hash.names(hash) }
        guard !named.isEmpty else { return .notFound }
        let csmsRoots = roots(for: .csmsRootCertificate)
        if named.contains(where: { $0.use == .csmsRootCertificate }), csmsRoots.count == 1 { return .failed }
        roots.removeAll { $0.facts.hash.names(hash) }
        return .accepted
    }
}

extension V2.CertificateHashData {
    /// Whether both name the same certificate; hexadecimal digits compare in any case, leading zeros of the serial
    /// number do not count.
    func names(_ other: V2.CertificateHashData) -> Bool {
        func number(_ text: String) -> Substring {
            let digits = text.lowercased().drop { $0 == "0" }
            return digits
        }
        return hashAlgorithm == other.hashAlgorithm
            && issuerNameHash.lowercased() == other.issuerNameHash.lowercased()
            && issuerKeyHash.lowercased() == other.issuerKeyHash.lowercased()
            && number(serialNumber) == number(other.serialNumber)
    }
}

extension V2.InstallCertificateUseEnum {
    /// The same in the words of GetInstalledCertificateIds.
    var installed: V2.GetCertificateIdUseEnum {
        switch self {
        case .v2GRootCertificate: .v2GRootCertificate
        case .moRootCertificate: .moRootCertificate
        case .manufacturerRootCertificate: .manufacturerRootCertificate
        case .csmsRootCertificate: .csmsRootCertificate
        case .oemRootCertificate: .oemRootCertificate
        }
    }
}
