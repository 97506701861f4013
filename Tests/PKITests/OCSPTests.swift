import PKI
import TestSupport
import Testing

@Suite("PKI: OCSP")
struct OCSPTests {
    private let fixture: Fixture
    private let leaf: Certificate
    private let id: CertificateHashData
    private let responder: (certificate: Certificate, key: PrivateKey)
    private let store: CertificateStore
    private let hour = Validity(from: Fixture.now, to: Fixture.now + 3600)

    init() throws {
        fixture = try Fixture()
        leaf = try fixture.leaf().certificate
        id = try CertificateHashData(of: leaf, issuer: fixture.sub.certificate)
        responder = try fixture.leaf(.ocspSigning, name: "OCSP")
        store = CertificateStore(roots: [fixture.root.certificate])
    }

    private func response(_ status: RevocationStatus) throws -> OCSPResponse {
        let made = try OCSPResponse(
            [(id, status)], signedBy: responder.key, certificate: responder.certificate, validity: hour)
        return try OCSPResponse(der: try made.der())
    }
    private func status(_ response: OCSPResponse, at time: Int64 = Fixture.now) throws -> RevocationStatus {
        try response.status(of: id, trusting: store, chain: [fixture.sub.certificate], at: time)
    }

    @Test(
        "a certificate's status is answered and read",
        arguments: [RevocationStatus.good, .unknown, .revoked(at: Fixture.now - 86_400)])
    func statuses(expected: RevocationStatus) throws {
        #expect(try status(try response(expected)) == expected)
    }

    @Test("the authority itself may answer")
    func authority() throws {
        let made = try OCSPResponse(
            [(id, .good)], signedBy: fixture.sub.key, certificate: fixture.sub.certificate, validity: hour)
        #expect(try status(made) == .good)
    }

    @Test("an answer by somebody who was not appointed, out of date, or about another certificate is refused")
    func refused() throws {
        let (client, key) = try fixture.leaf()
        let byClient = try OCSPResponse([(id, .good)], signedBy: key, certificate: client, validity: hour)
        #expect(throws: PKIError.self) { try status(byClient) }
        let good = try response(.good)
        let late = Fixture.now + 3600 + OCSPResponse.clockTolerance
        #expect(try status(good, at: late) == .good)
        #expect(throws: PKIError.self) { try status(good, at: late + 1) }
        #expect(throws: PKIError.self) { try status(good, at: Fixture.now - OCSPResponse.clockTolerance - 1) }
        let other = try CertificateHashData(of: try fixture.leaf().certificate, issuer: fixture.sub.certificate)
        #expect(throws: PKIError.self) {
            try good.status(of: other, trusting: store, chain: [fixture.sub.certificate], at: Fixture.now)
        }
        let stranger = CertificateStore(roots: [try Fixture().root.certificate])
        #expect(throws: PKIError.self) {
            try good.status(of: id, trusting: stranger, chain: [fixture.sub.certificate], at: Fixture.now)
        }
    }

    @Test("a request asks about certificates by their hash data", arguments: HashAlgorithm.allCases)
    func requests(algorithm: HashAlgorithm) throws {
        let ids = [
            try CertificateHashData(of: leaf, issuer: fixture.sub.certificate, algorithm: algorithm),
            CertificateHashData(algorithm: algorithm, issuerNameHash: "00ff", issuerKeyHash: "80", serialNumber: "f"),
        ]
        let request = try OCSPRequest(der: try OCSPRequest(ids).der())
        #expect(try request.certificates() == ids)
    }

    @Test("hash data that are not hexadecimal, and too many questions, are refused")
    func malformed() throws {
        var wrong = id
        wrong.issuerKeyHash = "xyz"
        #expect(throws: PKIError.self) { try OCSPRequest([wrong]) }
        wrong = id
        wrong.serialNumber = ""
        #expect(throws: PKIError.self) { try OCSPRequest([wrong]) }
        let many = try OCSPRequest(Array(repeating: id, count: OCSPRequest.mostCertificates + 1))
        #expect(throws: PKIError.self) { try many.certificates() }
        #expect(throws: PKIError.self) { try OCSPRequest(der: [1, 2, 3]) }
        #expect(throws: PKIError.self) { try OCSPResponse(der: []) }
    }

    @Test(
        "the openssl program asks what we read, and reads what we answer", .enabled(if: OpenSSLProgram.isInstalled))
    func crossCheck() throws {
        let scratch = try ScratchDirectory()
        let root = try scratch.file("root.pem", try fixture.root.certificate.pem())
        let issuer = try scratch.file("sub.pem", try fixture.sub.certificate.pem())
        let certificate = try scratch.file("leaf.pem", try leaf.pem())
        let made = try OpenSSLProgram.run([
            "ocsp", "-sha256", "-no_nonce", "-issuer", issuer, "-cert", certificate, "-reqout",
            scratch.path + "/request",
        ])
        #expect(made.status == 0, "\(made.text)")
        let bytes = try scratch.bytes("request")
        #expect(try OCSPRequest(der: bytes).certificates() == [id])
        // Our own request for it is the same, byte for byte.
        #expect(try OCSPRequest([id]).der() == bytes)

        let answer = try scratch.file("response", try response(.revoked(at: Fixture.now - 60)).der())
        let read = try OpenSSLProgram.run([
            "ocsp", "-respin", answer, "-sha256", "-issuer", issuer, "-cert", certificate, "-CAfile", root,
            "-verify_other", issuer, "-attime", "\(Fixture.now)", "-no_nonce",
        ])
        #expect(read.text.contains("Response verify OK") && read.text.contains("revoked"), "\(read.text)")
        #expect(read.text.contains("Dec 31 23:59:00 2025 GMT"), "\(read.text)")
    }
}
