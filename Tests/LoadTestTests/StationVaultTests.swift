import Models
import OCPP
import OCPPMessages
import PKI
import Testing

@testable import LoadTest

@Suite("What a simulated station holds")
struct StationVaultTests {
    private static let now: Int64 = 1_800_000_000
    private let authority: CertificateAuthority

    init() throws {
        authority = try CertificateAuthority(
            root: DistinguishedName(commonName: "Root", organization: "Test"), key: PrivateKey(.ecdsaP256),
            validity: Validity(days: 100, from: Self.now))
    }

    /// Asks for a certificate and gets it signed; leaf and root in PEM.
    private func signed(
        _ vault: inout StationVault, _ use: CertificateUse, responderURL: String? = nil
    ) throws -> String {
        guard case .csr(let pem) = try vault.compute(.makeCSR(use: use, organization: "Org"), now: Self.now) else {
            throw PKIError("test", reason: "no request")
        }
        let request = try CertificateRequest(pem: pem)
        let leaf = try authority.issue(
            .client, to: request.subject, key: request.publicKey(), validity: Validity(days: 30, from: Self.now),
            responderURL: responderURL)
        return try leaf.pem() + authority.certificate.pem()
    }

    private func adopt(_ vault: inout StationVault, _ chain: String, _ use: CertificateUse) throws -> StationJobResult {
        try vault.compute(.adoptCertificate(chain: chain, use: use), now: Self.now)
    }

    @Test("a certificate signed by the CSMS is what the station shows next, until it goes back to the one before")
    func renewal() throws {
        var vault = StationVault(identity: "CS-1")
        #expect(try vault.credential() == nil)
        let first = try signed(&vault, .chargingStation)
        guard case .certificate(let facts) = try adopt(&vault, first, .chargingStation) else {
            Issue.record("not adopted")
            return
        }
        #expect(facts.subject.contains("CS-1") && facts.subject.contains("Org"))
        let shown = try #require(try vault.credential())
        #expect(shown.chain == first)
        #expect(try Certificate(pem: shown.chain).belongs(to: PrivateKey(pem: shown.key)))
        _ = try adopt(&vault, signed(&vault, .chargingStation), .chargingStation)
        #expect(try vault.credential()?.chain != first)
        _ = try vault.compute(.revertCertificate(use: .chargingStation), now: Self.now)
        #expect(try vault.credential()?.chain == first)
        _ = try vault.compute(.revertCertificate(use: .chargingStation), now: Self.now)
        #expect(try vault.credential() == nil, "the one that it came with")
    }

    @Test("a certificate for another key, out of date, or no certificate at all is not taken")
    func refused() throws {
        var vault = StationVault(identity: "CS-1")
        var other = StationVault(identity: "CS-1")
        let foreign = try signed(&other, .v2g)
        _ = try signed(&vault, .v2g)
        guard case .failed = try adopt(&vault, foreign, .v2g) else {
            Issue.record("another's certificate was taken")
            return
        }
        let own = try signed(&vault, .v2g)
        guard case .failed = try vault.compute(.adoptCertificate(chain: own, use: .v2g), now: Self.now + 31 * 86_400)
        else {
            Issue.record("an expired certificate was taken")
            return
        }
        #expect(try adopt(&vault, "nothing", .v2g) == .failed("no certificate"))
        #expect(vault.own.isEmpty)
    }

    @Test("the status of an own certificate is asked where it names a responder, and only a good answer counts")
    func status() throws {
        var vault = StationVault(identity: "CS-1")
        let chain = try signed(&vault, .v2g, responderURL: "http://127.0.0.1:9/ocsp")
        guard case .certificate(let facts) = try adopt(&vault, chain, .v2g) else {
            Issue.record("not adopted")
            return
        }
        let question = try #require(facts.statusQuestions.first)
        #expect(facts.statusQuestions.count == 1 && question.responderURL == "http://127.0.0.1:9/ocsp")
        let leaf = try CertificateHashData(of: Certificate(pem: chain), issuer: authority.certificate)
        for (status, expected) in [
            (RevocationStatus.good, StationJobResult.done), (.revoked(at: Self.now - 5), .failed("Revoked")),
            (.unknown, .failed("Revoked")),
        ] {
            let response = try OCSPResponse(
                [(leaf, status)], signedBy: authority.key, certificate: authority.certificate,
                validity: Validity(days: 1, from: Self.now))
            let text = ByteText.base64(try response.der())
            #expect(try vault.compute(.deliverOCSP(question, result: text), now: Self.now) == expected)
            #expect(throws: PKIError.self) {
                try vault.compute(.deliverOCSP(question, result: text), now: Self.now + 3 * 86_400)
            }
        }
        guard case .failed = try vault.compute(.deliverOCSP(question, result: "%"), now: Self.now) else {
            Issue.record("garbage counts as an answer")
            return
        }
        #expect(throws: PKIError.self) { try vault.compute(.deliverOCSP(question, result: "AAAA"), now: Self.now) }
    }

    @Test("each station's meter has one key of its own, with which it signs")
    func meters() throws {
        var first = StationVault(identity: "A")
        var second = StationVault(identity: "B")
        func key(_ vault: inout StationVault) throws -> String {
            guard case .meterKey(let key) = try vault.compute(.readMeterKey, now: Self.now) else { return "" }
            return key
        }
        let own = try key(&first)
        #expect(try key(&first) == own)
        #expect(try key(&second) != own)
        let text = #"{"FV":"1.0"}"#
        guard case .signature(let hex) = try first.compute(.signMeterValue(text), now: Self.now) else {
            Issue.record("not signed")
            return
        }
        let signature = try #require(ByteText.bytes(hex: hex))
        let publicKey = try PublicKey(der: try #require(ByteText.bytes(hex: own)))
        #expect(try publicKey.verify(signature, of: Array(text.utf8), scheme: .ecdsa))
        let other = try PublicKey(der: try #require(ByteText.bytes(hex: try key(&second))))
        #expect(try !other.verify(signature, of: Array(text.utf8), scheme: .ecdsa))
    }
}
