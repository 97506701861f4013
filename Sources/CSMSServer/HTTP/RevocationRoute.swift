internal import HTTPTypes
internal import Hummingbird
internal import OCPP
internal import PKI

/// `/revocations`: the certificates that the operator has revoked.
struct RevocationRoute: Sendable {
    let hub: Hub

    private var checks: CertificateChecks { hub.jobs.certificates }

    /// Longest remark, bytes.
    static let noteMax = 500

    private struct Body: APIBody {
        /// PEM; the issuer's may follow where the server does not know it.
        var certificate: String?
        var issuerKeyHash: String?
        var serialNumber: String?
        var revoked: String?
        var note: String?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case certificate, issuerKeyHash, serialNumber, revoked, note
        }
    }

    private struct Resource: Encodable {
        let issuerKeyHash: String
        let serialNumber: String
        let revoked: String
        let note: String?

        init(_ entry: RevocationTable.Entry) {
            issuerKeyHash = entry.issuerKeyHash
            serialNumber = entry.serialNumber
            revoked = entry.revoked.text
            note = entry.note
        }
    }

    func list(_ request: Request) async throws -> Response {
        try Query.allow(["cursor", "limit"], of: request)
        let page = try PageRequest(request)
        let rows = try await checks.revocations.list(page)
        return try APIJSON.response(
            Page(rows.map { (position: $0.position, item: Resource($0.entry)) }, limit: page.limit))
    }

    /// Revokes a certificate, given itself or by its issuer's key and its number.
    func add(_ request: Request) async throws -> Response {
        let body = try await APIJSON.decode(Body.self, from: request)
        let (issuerKeyHash, serialNumber) = try name(of: body)
        var revoked = WallClock.now
        if let text = body.revoked {
            guard let instant = Timestamp(text: text), instant <= revoked else {
                throw Problem.invalid("an instant that is over, such as 2026-01-31T12:00:00Z", field: "revoked")
            }
            revoked = instant
        }
        if let note = body.note, note.utf8.count > Self.noteMax {
            throw Problem.invalid("at most \(Self.noteMax) bytes", field: "note")
        }
        let entry = RevocationTable.Entry(
            issuerKeyHash: issuerKeyHash, serialNumber: serialNumber, revoked: revoked, note: body.note)
        guard try await checks.revocations.add(entry, writer: hub.writer) else {
            throw Problem.conflict("there are \(RevocationTable.entriesMax) revocations, and no room for more")
        }
        return try APIJSON.response(Resource(entry))
    }

    /// Takes a revocation back that was a mistake.
    func remove(_ issuerKeyHash: String, _ serialNumber: String) async throws -> Response {
        let serial = CertificateHashData.withoutZeros(serialNumber.lowercased())
        guard try await checks.revocations.remove(serial, of: issuerKeyHash.lowercased(), writer: hub.writer) else {
            throw Problem.notFound("no such certificate is revoked")
        }
        return Response(status: .noContent)
    }

    private func name(of body: Body) throws -> (issuerKeyHash: String, serialNumber: String) {
        guard let pem = body.certificate else {
            guard let hash = body.issuerKeyHash, ByteText.bytes(hex: hash)?.count == 32 else {
                throw Problem.invalid(
                    "64 hexadecimal digits: the SHA-256 of the issuer's public key", field: "issuerKeyHash")
            }
            let isHexadecimal = body.serialNumber?.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit } ?? false
            guard let serial = body.serialNumber, isHexadecimal, (1...64).contains(serial.utf8.count) else {
                throw Problem.invalid("1 to 64 hexadecimal digits", field: "serialNumber")
            }
            return (hash.lowercased(), CertificateHashData.withoutZeros(serial.lowercased()))
        }
        guard let chain = try? Certificate.chain(pem: pem), let certificate = chain.first else {
            throw Problem.invalid("a certificate in PEM", field: "certificate")
        }
        let known = chain.dropFirst() + checks.book.issuers
        guard let issuer = known.first(where: { certificate.isIssued(by: $0) }) else {
            throw Problem.invalid(
                "its issuer is not known; put the issuer's certificate behind it", field: "certificate")
        }
        return (try CertificateChecks.keyHash(of: issuer), certificate.serialNumber)
    }
}
