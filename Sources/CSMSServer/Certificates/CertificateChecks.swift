internal import OCPP
internal import OCPPMessages
internal import PKI

/// What a certificate is worth, found out from the operator's revocations, from the issuers held and, where the operator
/// allows it, from other people's OCSP responders.
struct CertificateChecks: Sendable {
    let book: CertificateBook
    let revocations: RevocationTable
    let client: ResponderClient

    /// Seconds for which this server's own answers hold.
    static let validityS: Int64 = 86_400
    /// Seconds after which something that could not be found out is worth another question.
    static let againS: Int64 = 3600

    /// What was found out about a certificate.
    enum Standing: Equatable {
        case good(until: Int64)
        case revoked(until: Int64)
        /// The responder in charge does not know it.
        case unknown(until: Int64)
        /// Nobody who could know was to be reached; says why.
        case notFound(String)
    }

    /// Finds out about one certificate: the operator's revocations first, then issuers held, then responders.
    ///
    /// - Parameters:
    ///   - urls: of responders; those that the operator does not allow are left alone.
    ///   - chain: issuers that came with the question and have been verified.
    func standing(
        of id: CertificateHashData, urls: [String], chain: [Certificate] = [], at now: Int64
    ) async throws -> Standing {
        let issuer = book.issuer(of: id, among: chain)
        let keyHash = try issuer.map { issuer throws(PKIError) in try Self.keyHash(of: issuer) }
        if let keyHash = keyHash ?? (id.algorithm == .sha256 ? id.issuerKeyHash : nil),
            try await revocations.revoked(id.serialNumber, of: keyHash) != nil
        {
            return .revoked(until: now + Self.validityS)
        }
        if book.speaks(for: id) { return .good(until: now + Self.validityS) }
        if let address = client.address(among: urls) {
            return await ask(address, about: id, chain: chain, at: now)
        }
        // Of somebody the operator trusts, and not among the operator's revocations.
        if issuer != nil { return .good(until: now + Self.validityS) }
        return .notFound("this server does not know the issuer and may ask none of its responders")
    }

    /// SHA-256 of an issuer's public key, by which its revocations are found.
    static func keyHash(of issuer: Certificate) throws(PKIError) -> String {
        try CertificateHashData(serialNumber: "0", issuer: issuer).issuerKeyHash
    }

    /// An answer is believed when it is signed by somebody appointed under one of the contract roots.
    private func ask(
        _ address: ResponderAddress, about id: CertificateHashData, chain: [Certificate], at now: Int64
    ) async -> Standing {
        do {
            let response = try OCSPResponse(der: try await client.ask(address, try OCSPRequest([id]).der()))
            let (status, until) = try response.answer(
                about: id, trusting: CertificateStore(roots: book.contractRoots), chain: chain + book.issuers, at: now)
            let end = max(until ?? now + Self.validityS, now)
            return switch status {
            case .good: .good(until: end)
            case .revoked: .revoked(until: end)
            case .unknown: .unknown(until: end)
            }
        } catch {
            return .notFound("\(error)")
        }
    }

    // MARK: - OCSP

    /// The DER of the response to a request's DER, as the HTTP API gives it; there always is one.
    func answer(_ request: [UInt8], at now: Int64) async throws(PKIError) -> [UInt8] {
        do {
            guard let question = try book.responder.question(der: request) else {
                return try OCSPResponse(.unauthorized).der()
            }
            return try await sign(question, at: now)
        } catch let error as PKIError where error.operation == "read an OCSP request" {
            return try OCSPResponse(.malformedRequest).der()
        } catch is PKIError {
            return try OCSPResponse(.internalError).der()
        } catch {
            return try OCSPResponse(.tryLater).der()
        }
    }

    private func sign(_ question: OCSPResponder.Question, at now: Int64) async throws -> [UInt8] {
        let statuses = try await revocations.statuses(
            question.serialNumbers, of: try Self.keyHash(of: question.issuer))
        return try book.responder.answer(
            question, with: statuses, validity: Validity(from: now, to: now + Self.validityS)
        ).der()
    }

    /// The response for GetCertificateStatus (M06), in base64.
    ///
    /// - Throws: why there is none.
    func response(for data: V2.OCSPRequestData, at now: Int64) async throws -> String {
        let id = CertificateHashData(data)
        let request = try OCSPRequest([id]).der()
        if let question = try book.responder.question(der: request) {
            return ByteText.base64(try await sign(question, at: now))
        }
        guard let address = client.address(among: [data.responderURL]) else {
            throw ResponderClient.Problem(
                description: "this server does not speak for the issuer and may not ask its responder")
        }
        // Whoever asked checks the signature: only the vehicle and the charging station know whom they trust.
        let response = try await client.ask(address, request)
        guard try OCSPResponse(der: response).speaks(of: id) else {
            throw ResponderClient.Problem(description: "the responder's answer is not about the certificate")
        }
        return ByteText.base64(response)
    }

    /// State of each certificate of a chain (2.1). Revocation lists are not fetched: a certificate whose state would stand
    /// in one is judged by what the server itself knows.
    func statuses(of requests: [V2.CertificateStatusRequestInfo], at now: Int64) async -> [V2.CertificateStatus] {
        var statuses: [V2.CertificateStatus] = []
        for request in requests {
            let standing: Standing
            do {
                standing = try await self.standing(
                    of: CertificateHashData(request.certificateHashData),
                    urls: request.source == .ocsp ? request.urls : [], at: now)
            } catch {
                standing = .notFound("\(error)")
            }
            let (status, until): (V2.CertificateStatusEnum, Int64) =
                switch standing {
                case .good(let until): (.good, until)
                case .revoked(let until): (.revoked, until)
                case .unknown(let until): (.unknown, until)
                case .notFound: (.failed, now + Self.againS)
                }
            statuses.append(
                V2.CertificateStatus(
                    certificateHashData: request.certificateHashData, source: request.source, status: status,
                    nextUpdate: Timestamp(microseconds: min(until, Self.latest) * 1_000_000)))
        }
        return statuses
    }

    /// 9999-12-31: what a timestamp on the wire can still say.
    private static let latest: Int64 = 253_402_214_400
}

extension CertificateHashData {
    init(_ data: V2.OCSPRequestData) {
        self.init(
            algorithm: HashAlgorithm(data.hashAlgorithm), issuerNameHash: data.issuerNameHash,
            issuerKeyHash: data.issuerKeyHash, serialNumber: Self.withoutZeros(data.serialNumber))
    }
    init(_ data: V2.CertificateHashData) {
        self.init(
            algorithm: HashAlgorithm(data.hashAlgorithm), issuerNameHash: data.issuerNameHash,
            issuerKeyHash: data.issuerKeyHash, serialNumber: Self.withoutZeros(data.serialNumber))
    }

    /// A serial number as it is kept: without leading zeros, whatever the peer wrote.
    static func withoutZeros(_ digits: String) -> String {
        let trimmed = digits.drop { $0 == "0" }
        return trimmed.isEmpty && !digits.isEmpty ? "0" : String(trimmed)
    }
}

extension HashAlgorithm {
    fileprivate init(_ word: V2.HashAlgorithmEnum) {
        self =
            switch word {
            case .sha256: .sha256
            case .sha384: .sha384
            case .sha512: .sha512
            }
    }
}
