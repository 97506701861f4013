import Foundation
import PKI
import TestSupport

@testable import CSMSServer

/// An operator's authority for charging stations and a mobility operator's for contracts, in files.
final class TestAuthorities {
    let directory: ScratchDirectory
    let now = Int64(Date().timeIntervalSince1970)
    /// Root of the operator, and the sub authority that signs for charging stations.
    let root: CertificateAuthority
    let stations: CertificateAuthority
    /// Root of the mobility operator, and the sub authority that signs contracts.
    let contractRoot: CertificateAuthority
    let contracts: CertificateAuthority

    init() throws {
        directory = try ScratchDirectory()
        (root, stations) = try Self.pair("Operator", now)
        (contractRoot, contracts) = try Self.pair("Mobility", now)
        try write("stations.pem", try stations.certificate.pem() + root.certificate.pem())
        try write("stations.key", try stations.key.pem())
        try write("contracts.pem", try contracts.certificate.pem())
        try write("contracts.key", try contracts.key.pem())
        try write("mo-root.pem", try contractRoot.certificate.pem())
    }

    private static func pair(
        _ name: String, _ now: Int64
    ) throws -> (root: CertificateAuthority, sub: CertificateAuthority) {
        let root = try CertificateAuthority(
            root: DistinguishedName(commonName: name + " root"), key: try PrivateKey(.ecdsaP256),
            validity: Validity(days: 1000, from: now))
        let key = try PrivateKey(.ecdsaP256)
        let certificate = try root.issue(
            .authority(subAuthorities: 0), to: DistinguishedName(commonName: name + " sub"), key: key.publicKey,
            validity: Validity(days: 900, from: now))
        return (root, try CertificateAuthority(certificate: certificate, key: key))
    }

    func path(_ name: String) -> String { directory.path + "/" + name }
    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }
    func files(_ name: String) -> ServerSettings.CertificateFiles {
        .init(certificate: path(name + ".pem"), key: path(name + ".key"))
    }

    /// A certificate of a charging station.
    func station(_ name: String = "CS") throws -> Certificate {
        try stations.issue(
            .client, to: DistinguishedName(commonName: name), key: try PrivateKey(.ecdsaP256).publicKey,
            validity: Validity(days: 300, from: now))
    }

    /// A contract.
    func contract(_ validity: Validity? = nil, responderURL: String? = nil) throws -> Certificate {
        try contracts.issue(
            .client, to: DistinguishedName(commonName: "DEABCC123456789"), key: try PrivateKey(.ecdsaP256).publicKey,
            validity: validity ?? Validity(days: 300, from: now), responderURL: responderURL)
    }

    /// Hash data as OCPP writes them.
    static func hashData(
        _ certificate: Certificate, _ issuer: Certificate, url: String? = nil, algorithm: HashAlgorithm = .sha256
    ) throws -> [String: Any] {
        let id = try CertificateHashData(of: certificate, issuer: issuer, algorithm: algorithm)
        var data = [
            "hashAlgorithm": id.algorithm.rawValue, "issuerNameHash": id.issuerNameHash,
            "issuerKeyHash": id.issuerKeyHash, "serialNumber": id.serialNumber,
        ]
        if let url { data["responderURL"] = url }
        return data
    }
}

/// JSON text of an object.
func json(_ object: [String: Any]) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
}
