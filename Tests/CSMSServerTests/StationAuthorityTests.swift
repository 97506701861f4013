import OCPP
import PKI
import TestSupport
import Testing

@testable import CSMSServer

@Suite("Server: station authority")
struct StationAuthorityTests {
    private let authorities: TestAuthorities
    private let authority: StationAuthority
    private let now: Timestamp

    init() throws {
        authorities = try TestAuthorities()
        authority = try StationAuthority(
            authorities.files("stations"), days: 90, responderURL: "http://csms.example:9001/ocsp")
        now = Timestamp(microseconds: authorities.now * 1_000_000)
    }

    private func request(_ name: String, _ key: PrivateKey) throws -> String {
        try CertificateRequest(
            subject: DistinguishedName(commonName: name, organization: "Operator", organizationalUnit: "Admins"),
            key: key
        ).pem()
    }

    @Test("a request becomes a client's certificate for its key, with the issuers but without the root")
    func signing() throws {
        let key = try PrivateKey(.ecdsaP256)
        let (pem, ends) = try authority.sign(csr: try request("CS-7", key), identity: "CS-7", serial: nil, now: now)
        let chain = try Certificate.chain(pem: pem)
        #expect(chain.count == 2)
        let certificate = try #require(chain.first)
        #expect(certificate.belongs(to: key))
        #expect(certificate.subject.commonName == "CS-7")
        #expect(!certificate.isCA)
        #expect(certificate.notAfter == ends.microseconds / 1_000_000)
        #expect(certificate.notAfter == authorities.now + 90 * 86_400)
        #expect(certificate.isIssued(by: authorities.stations.certificate))
        try CertificateStore(roots: [authorities.root.certificate]).verify(
            certificate, chain: Array(chain.dropFirst()), at: authorities.now, purpose: .client)
        #expect(throws: CertificateStore.Problem.self, "a client is no server") {
            try CertificateStore(roots: [authorities.root.certificate]).verify(
                certificate, chain: Array(chain.dropFirst()), at: authorities.now, purpose: .server)
        }
    }

    @Test("the certificate says where it can be asked about, if the server is told so")
    func responder() throws {
        let key = try PrivateKey(.ecdsaP256)
        let csr = try request("CS-7", key)
        let (named, _) = try authority.sign(csr: csr, identity: "CS-7", serial: nil, now: now)
        #expect(try Certificate(pem: named).responderURLs == ["http://csms.example:9001/ocsp"])
        let silent = try StationAuthority(authorities.files("stations"), days: 90)
        let (unnamed, _) = try silent.sign(csr: csr, identity: "CS-7", serial: nil, now: now)
        #expect(try Certificate(pem: unnamed).responderURLs.isEmpty)
    }

    @Test("a request in the name of the serial number is signed, one in any other name is not")
    func names() throws {
        let csr = try request("SERIAL-9", try PrivateKey(.rsa2048))
        let (pem, _) = try authority.sign(csr: csr, identity: "CS-7", serial: "SERIAL-9", now: now)
        #expect(try Certificate(pem: pem).subject.commonName == "SERIAL-9")
        for (identity, serial) in [("CS-7", nil), ("CS-7", "OTHER"), ("serial-9", nil), ("", "")] {
            #expect(throws: (any Error).self, "\(identity)") {
                try authority.sign(csr: csr, identity: identity, serial: serial, now: now)
            }
        }
    }

    @Test("what is no request, or was changed after it was signed, is refused")
    func badRequests() throws {
        let good = try request("CS-7", try PrivateKey(.ecdsaP256))
        var der = try CertificateRequest(pem: good).der()
        der[der.count - 1] ^= 1
        let broken = try CertificateRequest(der: der).pem()
        let header = "-----BEGIN CERTIFICATE REQUEST-----\n"
        for csr in ["", "CSR", header, header + "AAAA\n-----END CERTIFICATE REQUEST-----\n", broken] {
            #expect(throws: (any Error).self, "\(csr.prefix(60))") {
                try authority.sign(csr: csr, identity: "CS-7", serial: nil, now: now)
            }
        }
    }

    @Test("files that are no authority's are refused with place, finding and fix")
    func files() throws {
        let mixed = ServerSettings.CertificateFiles(
            certificate: authorities.path("stations.pem"), key: authorities.path("contracts.key"))
        #expect(throws: ServerError.self) { try StationAuthority(mixed, days: 1) }
        try authorities.write("leaf.pem", try authorities.station().pem())
        let leaf = ServerSettings.CertificateFiles(
            certificate: authorities.path("leaf.pem"), key: authorities.path("stations.key"))
        #expect(throws: ServerError.self) { try StationAuthority(leaf, days: 1) }
        let missing = ServerSettings.CertificateFiles(certificate: "nowhere.pem", key: "nowhere.key")
        do {
            _ = try StationAuthority(missing, days: 1)
            Issue.record("a file that is not there was read")
        } catch {
            #expect(error.place == "--station-ca-cert nowhere.pem" && !error.fix.isEmpty)
        }
    }

    @Test("a charging station's SignCertificate is answered with CertificateSigned, a foreign name with none")
    func overTheWire() async throws {
        let files = authorities.files("stations")
        try await withServer(
            TestSettings {
                $0.stationAuthority = files
                $0.ocspURL = "http://csms.example/ocsp"
            }
        ) { server in
            let station = try await TestStation.connect(server, "CS-7")
            try await station.boot()
            let foreign = try json(["csr": try request("CS-8", try PrivateKey(.ecdsaP256))])
            #expect(try await station.call("SignCertificate", foreign).payload["status"] as? String == "Accepted")
            let key = try PrivateKey(.ecdsaP256)
            let own = try json(["csr": try request("CS-7", key)])
            station.send("[2,\"own\",\"SignCertificate\",\(own)]")
            let signed = try await station.answer("CertificateSigned", with: #"{"status":"Accepted"}"#)
            let pem = try #require(signed["certificateChain"] as? String)
            #expect(try Certificate(pem: pem).belongs(to: key))
            #expect(try Certificate(pem: pem).responderURLs == ["http://csms.example/ocsp"])
            await station.leave()
        }
    }
}
