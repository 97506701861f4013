internal import PKI

/// The issuers that the server knows: those it speaks for, and those it trusts for contracts.
struct CertificateBook: Sendable {
    /// Answers OCSP requests about certificates of the issuers held.
    let responder: OCSPResponder
    /// Mobility operators' roots, and sub authorities that are trusted by themselves.
    let contractRoots: [Certificate]

    /// Certificates in all files of contract roots together.
    static let rootsMax = 256

    /// Reads the files that the settings name.
    ///
    /// - Throws: ``ServerError``: which file, what is wrong with it, what to do.
    static func open(_ settings: ServerSettings, authority: StationAuthority?) throws(ServerError) -> CertificateBook {
        var signers = authority.map { [OCSPResponder.Signer($0.authority)] } ?? []
        for files in settings.ocspSigners { signers.append(try signer(files)) }
        var roots: [Certificate] = []
        for file in settings.contractRoots { roots += try PEMFile.certificates(file, "--mo-root") }
        guard roots.count <= rootsMax else {
            throw ServerError(
                place: "--mo-root", problem: "\(roots.count) certificates",
                fix: "name files with \(rootsMax) certificates at most")
        }
        return CertificateBook(responder: OCSPResponder(signers), contractRoots: roots)
    }

    private static func signer(_ files: ServerSettings.CertificateFiles) throws(ServerError) -> OCSPResponder.Signer {
        let chain = try PEMFile.certificates(files.certificate, "--ocsp-cert")
        let keyText = try PEMFile.text(files.key, "--ocsp-key")
        do throws(PKIError) {
            let key = try PrivateKey(pem: keyText)
            if chain[0].isCA { return .init(try CertificateAuthority(certificate: chain[0], key: key)) }
            guard chain.count > 1 else {
                throw PKIError("use a signer of OCSP responses", reason: "its issuer's certificate is not in the file")
            }
            return try .init(appointed: chain[0], key: key, issuer: chain[1])
        } catch {
            throw ServerError(
                place: "--ocsp-cert \(files.certificate) --ocsp-key \(files.key)", problem: error.description,
                fix: "name an authority's certificate and key, or those of its OCSP signer with the authority's "
                    + "certificate behind it")
        }
    }

    /// Everybody known.
    var issuers: [Certificate] { responder.issuers + contractRoots }

    /// The issuer that an id speaks of, of those known and those given.
    func issuer(of id: CertificateHashData, among others: [Certificate] = []) -> Certificate? {
        (issuers + others).first { Self.names(id, $0) }
    }

    /// Whether the server speaks for the id's issuer.
    func speaks(for id: CertificateHashData) -> Bool { responder.issuers.contains { Self.names(id, $0) } }

    private static func names(_ id: CertificateHashData, _ issuer: Certificate) -> Bool {
        guard
            let own = try? CertificateHashData(
                serialNumber: id.serialNumber, issuer: issuer, algorithm: id.algorithm)
        else { return false }
        return own.hasSameIssuer(as: id)
    }
}
