internal import OCPP
internal import PKI

/// Signs certificates of charging stations with the operator's authority.
/// - Source: OCPP 2.0.1 part 2, A02 and A03; OCPP 1.6 security whitepaper, 3.5.
struct StationAuthority: Sendable {
    let authority: CertificateAuthority
    /// Issuers that a charging station may lack: all of the file but a self-signed root.
    private let issuers: String
    private let days: Int
    /// Named in the certificates, so that whoever meets one can ask about it.
    private let responderURL: String?
    /// Of which a request must name one; empty for any.
    private let organizations: [String]

    /// - Parameters:
    ///   - responderURL: where this server answers OCSP requests; `nil` for nowhere.
    ///   - organizations: those of the charging station operator; empty for any.
    /// - Throws: ``ServerError`` when certificate or key cannot be read, or do not belong together.
    init(
        _ files: ServerSettings.CertificateFiles, days: Int, responderURL: String? = nil, organizations: [String] = []
    ) throws(ServerError) {
        let certificateText = try PEMFile.text(files.certificate, "--station-ca-cert")
        let keyText = try PEMFile.text(files.key, "--station-ca-key")
        do {
            let chain = try Certificate.chain(pem: certificateText)
            guard let first = chain.first else {
                throw PKIError("read a certificate", reason: "the file holds none")
            }
            authority = try CertificateAuthority(certificate: first, key: try PrivateKey(pem: keyText))
            issuers = try chain.filter { $0.subject != $0.issuer }.map { try $0.pem() }.joined()
        } catch {
            throw ServerError(
                place: "--station-ca-cert \(files.certificate)", problem: "\(error)",
                fix: "name the authority's certificate and its own key, both PEM")
        }
        self.days = days
        self.responderURL = responderURL
        self.organizations = organizations
    }

    /// The certificate for a request, after checks of its name, signature and strength.
    ///
    /// - Parameters:
    ///   - csr: PKCS #10 in PEM, as received.
    ///   - identity: whom the certificate is for; its common name must be this or the serial number.
    ///   - serial: the one that an operator registered.
    /// - Throws: the reason in words.
    func sign(csr: String, identity: String, serial: String?, now: Timestamp) throws -> (chain: String, ends: Timestamp)
    {
        let request = try CertificateRequest(pem: csr)
        let name = request.subject.commonName
        guard name == identity || (serial != nil && name == serial) else {
            throw PKIError("sign a certificate", reason: "the request names another charging station")
        }
        guard organizations.isEmpty || request.subject.organization.map(organizations.contains) == true else {
            throw PKIError("sign a certificate", reason: "the request names another organization")
        }
        let seconds = now.microseconds / 1_000_000
        let validity = Validity(days: days, from: seconds)
        let certificate = try authority.sign(
            request, as: .client, policy: RequestPolicy(commonName: name), validity: validity,
            responderURL: responderURL)
        return (try certificate.pem() + issuers, Timestamp(microseconds: validity.to * 1_000_000))
    }
}
