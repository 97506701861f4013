import PKI
import TestSupport
import Testing

@Suite("PKI: OCSP responder")
struct OCSPResponderTests {
    private let fixture: Fixture
    private let leaf: Certificate
    private let responder: OCSPResponder
    private let hour = Validity(from: Fixture.now, to: Fixture.now + 3600)

    init() throws {
        fixture = try Fixture()
        leaf = try fixture.leaf().certificate
        responder = OCSPResponder([.init(fixture.root), .init(fixture.sub)])
    }

    private func status(_ response: OCSPResponse, _ id: CertificateHashData) throws -> RevocationStatus {
        try response.status(
            of: id, trusting: CertificateStore(roots: [fixture.root.certificate]), chain: [fixture.sub.certificate],
            at: Fixture.now)
    }

    @Test("a question is answered by the issuer it is about", arguments: HashAlgorithm.allCases)
    func issuers(algorithm: HashAlgorithm) throws {
        for (certificate, issuer) in [(leaf, fixture.sub), (fixture.sub.certificate, fixture.root)] {
            let id = try CertificateHashData(of: certificate, issuer: issuer.certificate, algorithm: algorithm)
            let question = try #require(try responder.question(der: try OCSPRequest([id]).der()))
            #expect(try question.issuer.der() == issuer.certificate.der())
            #expect(question.serialNumbers == [certificate.serialNumber])
            let good = try responder.answer(question, with: [.good], validity: hour)
            #expect(try status(good, id) == .good)
            let silent = try responder.answer(question, with: [], validity: hour)
            #expect(try status(silent, id) == .unknown)
            let told = try good.answer(
                about: id, trusting: CertificateStore(roots: [fixture.root.certificate]),
                chain: [fixture.sub.certificate], at: Fixture.now)
            #expect(told.until == Fixture.now + 3600)
        }
    }

    @Test("certificates of strangers, and of two issuers at once, are not spoken about")
    func strangers() throws {
        let own = try CertificateHashData(of: leaf, issuer: fixture.sub.certificate)
        let sub = try CertificateHashData(of: fixture.sub.certificate, issuer: fixture.root.certificate)
        #expect(try responder.question(der: try OCSPRequest([own, sub]).der()) == nil)
        let other = try Fixture()
        let foreign = try CertificateHashData(of: try other.leaf().certificate, issuer: other.sub.certificate)
        #expect(try responder.question(der: try OCSPRequest([foreign]).der()) == nil)
        #expect(throws: PKIError.self) { try responder.question(der: try OCSPRequest([]).der()) }
        #expect(throws: PKIError.self) { try responder.question(der: [0x30, 0x80]) }
        let many = Array(repeating: own, count: OCSPRequest.mostCertificates + 1)
        #expect(throws: PKIError.self) { try responder.question(der: try OCSPRequest(many).der()) }
    }

    @Test("only whom the issuer has appointed signs for it")
    func appointed() throws {
        let signer = try fixture.leaf(.ocspSigning, name: "OCSP", kind: .rsa2048)
        let held = OCSPResponder([
            try .init(appointed: signer.certificate, key: signer.key, issuer: fixture.sub.certificate)
        ])
        let id = try CertificateHashData(of: leaf, issuer: fixture.sub.certificate)
        let question = try #require(try held.question(der: try OCSPRequest([id]).der()))
        let response = try held.answer(question, with: [.revoked(at: Fixture.now - 5)], validity: hour)
        #expect(try status(response, id) == .revoked(at: Fixture.now - 5))
        let client = try fixture.leaf()
        #expect(throws: PKIError.self) {
            try OCSPResponder.Signer(appointed: client.certificate, key: client.key, issuer: fixture.sub.certificate)
        }
        #expect(throws: PKIError.self) {
            try OCSPResponder.Signer(appointed: signer.certificate, key: signer.key, issuer: fixture.root.certificate)
        }
        #expect(throws: PKIError.self) {
            try OCSPResponder.Signer(appointed: signer.certificate, key: client.key, issuer: fixture.sub.certificate)
        }
    }

    @Test("a certificate names its responder, and an URL that could change its meaning is refused")
    func responderURLs() throws {
        func issue(_ url: String?) throws -> Certificate {
            try fixture.sub.issue(
                .client, to: DistinguishedName(commonName: "CS"), key: try PrivateKey(.ecdsaP256).publicKey,
                validity: Fixture.year, responderURL: url)
        }
        #expect(try issue("http://ocsp.example:81/a?b=c").responderURLs == ["http://ocsp.example:81/a?b=c"])
        #expect(try issue(nil).responderURLs.isEmpty)
        for url in ["", "http://", "ldap://x", "http://x,caIssuers;URI:http://y", "http://a b", "http://ä"] {
            #expect(throws: PKIError.self, "\(url)") { try issue(url) }
        }
    }

    @Test("whether a certificate was issued by another is a matter of names and signature")
    func issuedBy() throws {
        #expect(leaf.isIssued(by: fixture.sub.certificate))
        #expect(!leaf.isIssued(by: fixture.root.certificate))
        #expect(!leaf.isIssued(by: try Fixture().sub.certificate), "the same name and another key")
        #expect(fixture.root.certificate.isIssued(by: fixture.root.certificate))
    }

    @Test(
        "the openssl program's question by SHA-1 and with a nonce is answered to its satisfaction",
        .enabled(if: OpenSSLProgram.isInstalled))
    func crossCheck() throws {
        let scratch = try ScratchDirectory()
        let root = try scratch.file("root.pem", try fixture.root.certificate.pem())
        let issuer = try scratch.file("sub.pem", try fixture.sub.certificate.pem())
        let certificate = try scratch.file("leaf.pem", try leaf.pem())
        let request = scratch.path + "/request"
        let made = try OpenSSLProgram.run([
            "ocsp", "-sha1", "-nonce", "-issuer", issuer, "-cert", certificate, "-reqout", request,
        ])
        #expect(made.status == 0, "\(made.text)")
        let question = try #require(try responder.question(der: try scratch.bytes("request")))
        let response = try responder.answer(question, with: [.good], validity: hour)
        let answer = try scratch.file("response", try response.der())
        let read = try OpenSSLProgram.run([
            "ocsp", "-reqin", request, "-respin", answer, "-issuer", issuer, "-CAfile", root, "-verify_other", issuer,
            "-attime", "\(Fixture.now)",
        ])
        #expect(read.text.contains("Response verify OK"), "\(read.text)")
        #expect(!read.text.contains("nonce"), "\(read.text)")
    }
}
