import PKI
import TestSupport
import Testing

@Suite("PKI: certificates and chains")
struct CertificateTests {
    @Test("a certificate says what it was made with, and survives PEM and DER")
    func contents() throws {
        let fixture = try Fixture()
        let (certificate, key) = try fixture.leaf(.server(hosts: ["csms.example", "10.1.2.3", "2001:db8::1"]))
        for copy in [try Certificate(pem: try certificate.pem()), try Certificate(der: try certificate.der())] {
            #expect(copy.subject == DistinguishedName(commonName: "CS-1", organization: "Operator"))
            #expect(copy.issuer.commonName == "Sub")
            #expect(try copy.subjectText() == "CN=CS-1,O=Operator")
            #expect(copy.notBefore == Fixture.now - 3600 && copy.notAfter == Fixture.now + 365 * 86_400)
            #expect(copy.alternativeNames == ["csms.example", "10.1.2.3", "2001:db8:0:0:0:0:0:1"])
            #expect(copy.isFor(host: "csms.example") && copy.isFor(host: "10.1.2.3") && copy.isFor(host: "2001:db8::1"))
            #expect(!copy.isFor(host: "other.example") && !copy.isFor(host: "") && !copy.isFor(host: "a\0b"))
            #expect(!copy.isCA && !copy.isSelfSigned && copy.belongs(to: key))
            #expect(try copy.publicKey().isSame(as: key.publicKey))
        }
        #expect(fixture.root.certificate.isCA && fixture.root.certificate.isSelfSigned)
        #expect(!certificate.belongs(to: fixture.root.key))
        #expect(certificate.serialNumber != fixture.sub.certificate.serialNumber)
    }

    @Test("a chain is trusted when it leads to a root of the set and all of it is valid at the time given")
    func chains() throws {
        let fixture = try Fixture()
        let (leaf, _) = try fixture.leaf()
        let store = CertificateStore(roots: [fixture.root.certificate])
        let chain = [fixture.sub.certificate]
        try store.verify(leaf, chain: chain, at: Fixture.now, purpose: .client)
        // The sub authority by itself may be trusted too.
        try CertificateStore(roots: chain).verify(leaf, at: Fixture.now)

        func problem(
            _ leaf: Certificate, _ chain: [Certificate], _ time: Int64, _ purpose: CertificateStore.Purpose
        )
            -> CertificateStore.Problem?
        {
            do throws(CertificateStore.Problem) {
                try store.verify(leaf, chain: chain, at: time, purpose: purpose)
                return nil
            } catch {
                return error
            }
        }
        #expect(problem(leaf, chain, Fixture.now, .server) == .wrongPurpose)
        #expect(problem(leaf, [], Fixture.now, .any) == .untrusted)
        #expect(problem(leaf, chain, Fixture.now + 366 * 86_400, .any) == .expired)
        #expect(problem(leaf, chain, Fixture.now - 7200, .any) == .notYetValid)
        let stranger = try Fixture()
        #expect(problem(try stranger.leaf().certificate, [stranger.sub.certificate], Fixture.now, .any) == .untrusted)
        // A leaf cannot sign: its issuer must be an authority.
        #expect(throws: PKIError.self) {
            let (leaf, key) = try fixture.leaf()
            _ = try CertificateAuthority(certificate: leaf, key: key)
        }
        // Altered in the middle of the key or names.
        var der = try leaf.der()
        der[der.count - 10] ^= 1
        if let altered = try? Certificate(der: der) {
            #expect(problem(altered, chain, Fixture.now, .any) != nil)
        }
    }

    @Test("a text may hold a chain, or nothing; what is broken is refused")
    func chainTexts() throws {
        let fixture = try Fixture()
        let text = try fixture.sub.certificate.pem() + "comment\n" + fixture.root.certificate.pem()
        #expect(try Certificate.chain(pem: text).map(\.subject.commonName) == ["Sub", "Root"])
        #expect(try Certificate.chain(pem: "").isEmpty && Certificate.chain(pem: "hello").isEmpty)
        #expect(throws: PKIError.self) { try Certificate(pem: "hello") }
        let cut = String(try fixture.root.certificate.pem().dropLast(60))
        #expect(throws: PKIError.self) { try Certificate.chain(pem: cut) }
        let wrong = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        #expect(throws: PKIError.self) { try Certificate.chain(pem: wrong) }
        let many = String(repeating: try fixture.root.certificate.pem(), count: Certificate.longestChain + 1)
        #expect(throws: PKIError.self) { try Certificate.chain(pem: many) }
    }

    @Test("random bytes and altered certificates never crash the reader")
    func hostileBytes() throws {
        let der = try Fixture().leaf().certificate.der()
        for round in 0..<2000 {
            var bytes = der
            for byte in try SecureRandom.bytes(1 + round % 4) {
                bytes[(Int(byte) * 257 + round) % bytes.count] = byte
            }
            guard
                let certificate = try? Certificate(der: Array(bytes.prefix(round % 7 == 0 ? round % der.count : 9999)))
            else { continue }
            _ = (certificate.subject, certificate.notAfter, certificate.alternativeNames, certificate.serialNumber)
            _ = (certificate.isCA, certificate.isSelfSigned, try? certificate.publicKey())
        }
    }

    @Test("hosts that would change the meaning of the certificate are refused", arguments: ["a,DNS:b", "", "a b", "ü"])
    func hosts(host: String) throws {
        let fixture = try Fixture()
        #expect(throws: PKIError.self) { try fixture.leaf(.server(hosts: [host])) }
    }

    @Test("names longer than their kind allows are refused with the reason")
    func longName() throws {
        let fixture = try Fixture()
        #expect(throws: PKIError.self) { try fixture.leaf(name: String(repeating: "x", count: 65)) }
        #expect(throws: PKIError.self) { try fixture.leaf(name: String(repeating: "x", count: 5000)) }
    }

    @Test("hash data are the issuer's name and key and the serial number", arguments: HashAlgorithm.allCases)
    func hashData(algorithm: HashAlgorithm) throws {
        let fixture = try Fixture()
        let (leaf, _) = try fixture.leaf()
        let data = try CertificateHashData(of: leaf, issuer: fixture.sub.certificate, algorithm: algorithm)
        let digits: [HashAlgorithm: Int] = [.sha256: 64, .sha384: 96, .sha512: 128]
        #expect(data.issuerNameHash.count == digits[algorithm] && data.issuerKeyHash.count == digits[algorithm])
        #expect(data.serialNumber == leaf.serialNumber)
        let root = try CertificateHashData(
            of: fixture.root.certificate, issuer: fixture.root.certificate, algorithm: algorithm)
        let sub = try CertificateHashData(
            of: fixture.sub.certificate, issuer: fixture.root.certificate, algorithm: algorithm)
        #expect(root.issuerKeyHash == sub.issuerKeyHash && root.issuerNameHash == sub.issuerNameHash)
        #expect(root.issuerKeyHash != data.issuerKeyHash)
    }

    @Test(
        "the openssl program verifies the chains and reads the same contents",
        .enabled(if: OpenSSLProgram.isInstalled), arguments: KeyKind.allCases)
    func crossCheck(kind: KeyKind) throws {
        let fixture = try Fixture()
        let (leaf, _) = try fixture.leaf(.server(hosts: ["csms.example", "::1"]), kind: kind)
        let scratch = try ScratchDirectory()
        let root = try scratch.file("root.pem", try fixture.root.certificate.pem())
        let sub = try scratch.file("sub.pem", try fixture.sub.certificate.pem())
        let server = try scratch.file("server.pem", try leaf.pem())
        let verified = try OpenSSLProgram.run([
            "verify", "-x509_strict", "-attime", "\(Fixture.now)", "-purpose", "sslserver", "-CAfile", root,
            "-untrusted", sub, server,
        ])
        #expect(verified.status == 0, "\(verified.text)")
        let text = try OpenSSLProgram.run(["x509", "-in", server, "-noout", "-text", "-serial"]).text
        #expect(text.contains("DNS:csms.example, IP Address:0:0:0:0:0:0:0:1"))
        #expect(text.contains("TLS Web Server Authentication") && text.contains("CA:FALSE"))
        #expect(text.lowercased().contains("serial=\(leaf.serialNumber)"))
    }
}

@Suite("PKI: signing requests")
struct CertificateRequestTests {
    private let subject = DistinguishedName(commonName: "CS-1", organization: "Operator")

    @Test("a request becomes a certificate for its key and subject")
    func signed() throws {
        let fixture = try Fixture()
        let key = try PrivateKey(.ecdsaP256)
        let request = try CertificateRequest(pem: try CertificateRequest(subject: subject, key: key).pem())
        let policy = RequestPolicy(commonName: "CS-1", organization: "Operator")
        let certificate = try fixture.sub.sign(request, as: .client, policy: policy, validity: Fixture.year)
        #expect(certificate.subject == subject && certificate.belongs(to: key))
        try CertificateStore(roots: [fixture.root.certificate]).verify(
            certificate, chain: [fixture.sub.certificate], at: Fixture.now, purpose: .client)
        #expect(try CertificateRequest(der: try request.der()).subject == subject)
    }

    private func refusal(_ request: CertificateRequest, _ policy: RequestPolicy) -> RequestPolicy.Refusal? {
        do throws(RequestPolicy.Refusal) {
            try policy.check(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("each rule of the policy refuses by name")
    func refusals() throws {
        let request = try CertificateRequest(subject: subject, key: try PrivateKey(.rsa2048))
        #expect(refusal(request, RequestPolicy()) == nil)
        #expect(refusal(request, RequestPolicy(commonName: "CS-2")) == .commonName(found: "CS-1"))
        #expect(refusal(request, RequestPolicy(organization: "Other")) == .organization(found: "Operator"))
        #expect(refusal(request, RequestPolicy(securityBits: 128)) == .keyStrength(bits: 2048))
        let nobody = try CertificateRequest(
            subject: DistinguishedName(commonName: ""), key: try PrivateKey(.ecdsaP256))
        #expect(refusal(nobody, RequestPolicy()) == .commonName(found: ""))
    }

    @Test("a request that was altered after it was signed is refused")
    func altered() throws {
        var der = try CertificateRequest(subject: subject, key: try PrivateKey(.ecdsaP256)).der()
        let name = Array("CS-1".utf8)
        let at = try #require(der.indices.first { der[$0...].starts(with: name) })
        der[at + 3] = UInt8(ascii: "2")
        let request = try CertificateRequest(der: der)
        #expect(request.subject.commonName == "CS-2")
        #expect(refusal(request, RequestPolicy()) == .signature)
    }

    @Test("texts that are no requests are refused", arguments: ["", "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n"])
    func malformed(text: String) {
        #expect(throws: PKIError.self) { try CertificateRequest(pem: text) }
    }

    @Test("weak keys made elsewhere are refused", .enabled(if: OpenSSLProgram.isInstalled))
    func weakKey() throws {
        let scratch = try ScratchDirectory()
        let made = try OpenSSLProgram.run([
            "req", "-new", "-newkey", "rsa:1024", "-nodes", "-keyout", scratch.path + "/key", "-subj", "/CN=CS-1",
            "-outform", "PEM", "-out", scratch.path + "/csr",
        ])
        #expect(made.status == 0, "\(made.text)")
        let text = try OpenSSLProgram.run(["req", "-in", scratch.path + "/csr"]).text
        #expect(refusal(try CertificateRequest(pem: text), RequestPolicy()) == .keyStrength(bits: 1024))
    }

    @Test("the openssl program accepts the requests", .enabled(if: OpenSSLProgram.isInstalled))
    func crossCheck() throws {
        let scratch = try ScratchDirectory()
        let request = try CertificateRequest(subject: subject, key: try PrivateKey(.ecdsaP256))
        let path = try scratch.file("csr", try request.pem())
        let result = try OpenSSLProgram.run(["req", "-in", path, "-verify", "-noout", "-subject"])
        #expect(result.status == 0 && result.text.contains("CN = CS-1"), "\(result.text)")
    }
}
