internal import OCPPMessages
internal import PKI

/// Contracts of ISO 15118: whether the certificate that a vehicle has shown is good.
/// - Source: OCPP 2.0.1 part 2, C07.
extension CertificateChecks {
    /// Certificates in one chain.
    static let chainMax = 8

    /// Why nothing can be said about a contract; the charging station is then told NoCertificateAvailable.
    struct NothingKnown: Error, CustomStringConvertible {
        let description: String
    }

    /// Judges a contract by its chain, by hashes of its parts, or by both.
    ///
    /// - Parameters:
    ///   - pem: the contract's certificate and those that signed it, without the root.
    ///   - hashes: what the charging station, which has verified the chain itself, wants to know of each part.
    ///   - eMAID: presented with it; the contract has to be this one's. `nil` where another token was.
    /// - Throws: ``NothingKnown``, or the database's error.
    func contract(
        pem: String?, hashes: [V2.OCSPRequestData], of eMAID: String?, at now: Int64
    ) async throws -> V2.AuthorizeCertificateStatusEnum {
        guard pem != nil || !hashes.isEmpty else { throw NothingKnown(description: "no certificate was shown") }
        var issuers: [Certificate] = []
        if let pem {
            guard !book.contractRoots.isEmpty else {
                throw NothingKnown(description: "this server has no roots of contracts (--mo-root)")
            }
            guard let chain = try? Certificate.chain(pem: pem), let contract = chain.first,
                chain.count <= Self.chainMax, !contract.isCA
            else { return .certChainError }
            if let eMAID, Self.account(eMAID) != Self.account(contract.subject.commonName) { return .certChainError }
            if let flaw = flaw(of: contract, chain: Array(chain.dropFirst()), at: now) { return flaw }
            let path = path(of: contract, among: Array(chain.dropFirst()))
            issuers = path.compactMap { $0.issuer.isSelfSigned ? nil : $0.issuer }
            for (certificate, issuer) in path {
                let id = try CertificateHashData(of: certificate, issuer: issuer)
                let standing = try await standing(of: id, urls: certificate.responderURLs, chain: issuers, at: now)
                if let verdict = try Self.verdict(standing) { return verdict }
            }
        }
        for data in hashes {
            let standing = try await standing(
                of: CertificateHashData(data), urls: [data.responderURL], chain: issuers, at: now)
            if let verdict = try Self.verdict(standing) { return verdict }
        }
        return .accepted
    }

    /// What tells contracts apart: without dashes, in upper case, without the check digit that may follow 14 characters.
    /// - Source: ISO 15118-2, annex H (e-mobility account identifier).
    private static func account(_ eMAID: String) -> String {
        String(eMAID.filter { $0 != "-" }.uppercased().prefix(14))
    }

    /// `nil` for a certificate against which nothing is to be said.
    private static func verdict(_ standing: Standing) throws(NothingKnown) -> V2.AuthorizeCertificateStatusEnum? {
        switch standing {
        case .good: return nil
        case .revoked: return .certificateRevoked
        case .unknown: throw NothingKnown(description: "the responder does not know the certificate")
        case .notFound(let reason): throw NothingKnown(description: reason)
        }
    }

    /// What is wrong with the way from the contract to a root; `nil` for nothing.
    private func flaw(
        of contract: Certificate, chain: [Certificate], at now: Int64
    ) -> V2.AuthorizeCertificateStatusEnum? {
        do throws(CertificateStore.Problem) {
            try CertificateStore(roots: book.contractRoots).verify(contract, chain: chain, at: now)
            return nil
        } catch {
            switch error {
            case .expired: return .certificateExpired
            case .badSignature: return .signatureError
            case .notYetValid, .untrusted, .wrongPurpose, .other: return .certChainError
            }
        }
    }

    /// Each certificate with its issuer, from the contract to one that is trusted by itself.
    private func path(
        of contract: Certificate, among others: [Certificate]
    ) -> [(certificate: Certificate, issuer: Certificate)] {
        var path: [(certificate: Certificate, issuer: Certificate)] = []
        var present = contract
        while path.count < Self.chainMax {
            if let root = book.contractRoots.first(where: { present.isIssued(by: $0) }) {
                path.append((present, root))
                break
            }
            guard let issuer = others.first(where: { present.isIssued(by: $0) }) else { break }
            path.append((present, issuer))
            present = issuer
        }
        return path
    }
}
