import Foundation
import PKI
import TestSupport
import Testing

@testable import CSMSServer

@Suite("Server: certificate status")
struct CertificateStatusTests {
    private let authorities: TestAuthorities
    private let certificate: Certificate

    init() throws {
        authorities = try TestAuthorities()
        certificate = try authorities.station()
    }

    private func settings(_ change: @escaping (inout ServerSettings) -> Void = { _ in }) -> TestSettings {
        let files = authorities.files("stations")
        return TestSettings {
            $0.stationAuthority = files
            change(&$0)
        }
    }

    private func status(
        _ response: [UInt8], of certificate: Certificate? = nil, issuer: CertificateAuthority? = nil
    ) throws -> RevocationStatus {
        let issuer = (issuer ?? authorities.stations).certificate
        let store = CertificateStore(roots: [authorities.root.certificate, authorities.contractRoot.certificate])
        return try OCSPResponse(der: response).status(
            of: try CertificateHashData(of: certificate ?? self.certificate, issuer: issuer), trusting: store,
            chain: [issuer], at: authorities.now)
    }

    private func revoke(_ server: TestServer, _ certificate: Certificate) async throws {
        let answer = try await server.http(
            "POST", "/revocations", body: try json(["certificate": try certificate.pem()]))
        #expect(answer.status == 200, "\(answer.text)")
    }

    @Test("GetCertificateStatus gets a signed response, which says so once the certificate is revoked")
    func overTheWire() async throws {
        try await withServer(settings()) { server in
            let station = try await TestStation.connect(server, "S")
            try await station.boot()
            let data = try TestAuthorities.hashData(
                certificate, authorities.stations.certificate, url: "http://nowhere.example")
            let question = try json(["ocspRequestData": data])
            func ask() async throws -> RevocationStatus {
                let payload = try await station.call("GetCertificateStatus", question).payload
                #expect(payload["status"] as? String == "Accepted")
                return try status(try #require(ByteText.bytes(base64: payload["ocspResult"] as? String ?? "")))
            }
            #expect(try await ask() == .good)
            let before = Int64(Date().timeIntervalSince1970)
            try await revoke(server, certificate)
            guard case .revoked(let since) = try await ask() else {
                Issue.record("still good")
                return
            }
            #expect((before...Int64(Date().timeIntervalSince1970)).contains(since))
            let foreign = try TestAuthorities.hashData(
                try authorities.contract(), authorities.contracts.certificate, url: "http://127.0.0.1:1/ocsp")
            let refused = try await station.call("GetCertificateStatus", try json(["ocspRequestData": foreign]))
            #expect(refused.payload["status"] as? String == "Failed", "nobody may be asked about foreign certificates")
            await station.leave()
        }
    }

    @Test("the responder answers POST and GET without a key, by SHA-1 too, and says what it cannot answer")
    func responder() async throws {
        try await withServer(settings()) { server in
            let id = try CertificateHashData(of: certificate, issuer: authorities.stations.certificate)
            let request = try OCSPRequest([id]).der()
            let posted = try await server.bytes("POST", "/ocsp", body: request)
            #expect(posted.status == 200 && posted.type == "application/ocsp-response")
            #expect(try status(posted.bytes) == .good)
            let base64 = try #require(
                ByteText.base64(request).addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            #expect(try status(try await server.bytes("GET", "/ocsp/\(base64)").bytes) == .good)
            try await revoke(server, certificate)
            #expect(try status(try await server.bytes("POST", "/ocsp", body: request).bytes) != .good)
            // OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED }: 1 malformedRequest, 6 unauthorized.
            #expect(try await server.bytes("POST", "/ocsp", body: [1, 2, 3]).bytes == [0x30, 3, 0x0A, 1, 1])
            #expect(try await server.bytes("GET", "/ocsp/%25%25").bytes == [0x30, 3, 0x0A, 1, 1])
            let foreign = try CertificateHashData(
                of: try authorities.contract(), issuer: authorities.contracts.certificate)
            let unknown = try await server.bytes("POST", "/ocsp", body: try OCSPRequest([foreign]).der())
            #expect(unknown.bytes == [0x30, 3, 0x0A, 1, 6])
            let long = [UInt8](repeating: 0x30, count: ResponderRoute.requestMax + 1)
            #expect(try await server.bytes("POST", "/ocsp", body: long).status == 413)
        }
    }

    @Test("an authority beside the station authority is held by its own key, or by a signer that it has appointed")
    func furtherAuthorities() async throws {
        let key = try PrivateKey(.rsa2048)
        let appointed = try authorities.contracts.issue(
            .ocspSigning, to: DistinguishedName(commonName: "OCSP"), key: key.publicKey,
            validity: Validity(days: 30, from: authorities.now))
        try authorities.write("signer.pem", try appointed.pem() + authorities.contracts.certificate.pem())
        try authorities.write("signer.key", try key.pem())
        let contract = try authorities.contract()
        let id = try CertificateHashData(of: contract, issuer: authorities.contracts.certificate, algorithm: .sha384)
        let request = try OCSPRequest([id]).der()
        for name in ["contracts", "signer"] {
            let files = authorities.files(name)
            try await withServer(settings { $0.ocspSigners = [files] }) { server in
                let response = try OCSPResponse(der: try await server.bytes("POST", "/ocsp", body: request).bytes)
                let status = try response.status(
                    of: id, trusting: CertificateStore(roots: [authorities.contractRoot.certificate]),
                    chain: [authorities.contracts.certificate], at: authorities.now)
                #expect(status == .good, "\(name)")
            }
        }
        try authorities.write("client.pem", try certificate.pem() + authorities.stations.certificate.pem())
        try authorities.write("client.key", try key.pem())
        var wrong = ServerSettings(database: authorities.path("x.sqlite"))
        wrong.ocspSigners = [authorities.files("client")]
        #expect(throws: ServerError.self) { try CertificateBook.open(wrong, authority: nil) }
    }

    @Test("another responder is asked where the operator allows it, and nowhere else")
    func forwarding() async throws {
        let contract = try authorities.contract()
        let files = authorities.files("contracts")
        try await withServer(TestSettings { $0.ocspSigners = [files] }) { other in
            try await revoke(other, contract)
            let url = "http://127.0.0.1:\(other.addresses.http.port)/ocsp"
            let data = try TestAuthorities.hashData(contract, authorities.contracts.certificate, url: url)
            let question = try json(["ocspRequestData": data])
            for isAllowed in [true, false] {
                let host = isAllowed ? "127.0.0.1:\(other.addresses.http.port)" : "127.0.0.1:1"
                try await withServer(settings { $0.ocspForwards = [host] }) { server in
                    let station = try await TestStation.connect(server, "S")
                    try await station.boot()
                    let payload = try await station.call("GetCertificateStatus", question).payload
                    #expect(payload["status"] as? String == (isAllowed ? "Accepted" : "Failed"))
                    if isAllowed {
                        let bytes = try #require(ByteText.bytes(base64: payload["ocspResult"] as? String ?? ""))
                        #expect(try status(bytes, of: contract, issuer: authorities.contracts) != .good)
                    }
                    await station.leave()
                }
            }
        }
    }

    @Test("the state of a chain is told certificate by certificate, with the time of the next question (2.1)")
    func chains() async throws {
        let good = try authorities.station("G")
        try await withServer(settings()) { server in
            try await revoke(server, certificate)
            let station = try await TestStation.connect(server, "S", subprotocols: ["ocpp2.1"])
            try await station.boot("ocpp2.1")
            let contract = try authorities.contract()
            let requests = try [
                (good, authorities.stations), (certificate, authorities.stations), (contract, authorities.contracts),
            ].map { certificate, issuer -> [String: Any] in
                [
                    "certificateHashData": try TestAuthorities.hashData(certificate, issuer.certificate),
                    "source": "OCSP", "urls": ["http://127.0.0.1:1/"],
                ]
            }
            let answer = try await station.call(
                "GetCertificateChainStatus", try json(["certificateStatusRequests": requests]))
            let statuses = answer.payload["certificateStatus"] as? [[String: Any]] ?? []
            #expect(statuses.compactMap { $0["status"] as? String } == ["Good", "Revoked", "Failed"], "\(answer)")
            #expect(statuses.allSatisfy { $0["nextUpdate"] is String })
            await station.leave()
        }
    }

    @Test("revocations are listed, taken back, and refused where they name no certificate")
    func revocations() async throws {
        try await withServer(settings()) { server in
            try await revoke(server, certificate)
            let hash = try CertificateHashData(of: certificate, issuer: authorities.stations.certificate).issuerKeyHash
            let second = try await server.http(
                "POST", "/revocations",
                body:
                    #"{"issuerKeyHash":"\#(hash.uppercased())","serialNumber":"00AB","note":"stolen","revoked":"2026-01-01T00:00:00Z"}"#
            )
            #expect(second.json["serialNumber"] as? String == "ab")
            let items = try await server.items("/revocations")
            #expect(items.compactMap { $0["serialNumber"] as? String } == [certificate.serialNumber, "ab"])
            #expect(items.last?["note"] as? String == "stolen")
            #expect(try await server.http("DELETE", "/revocations/\(hash)/AB").status == 204)
            #expect(try await server.http("DELETE", "/revocations/\(hash)/AB").status == 404)
            let unknownIssuer = try json(["certificate": try authorities.contract().pem()])
            for (body, field) in [
                ("{}", "issuerKeyHash"), (#"{"certificate":"none"}"#, "certificate"), (unknownIssuer, "certificate"),
                (#"{"issuerKeyHash":"\#(hash)","serialNumber":"xyz"}"#, "serialNumber"),
                (#"{"issuerKeyHash":"\#(hash)","serialNumber":"1","revoked":"2999-01-01T00:00:00Z"}"#, "revoked"),
            ] {
                let answer = try await server.http("POST", "/revocations", body: body)
                #expect(answer.status == 422 && answer.json["field"] as? String == field, "\(answer.text)")
            }
            let withIssuer = try authorities.contract().pem() + authorities.contracts.certificate.pem()
            let added = try await server.http("POST", "/revocations", body: try json(["certificate": withIssuer]))
            #expect(added.status == 200)
        }
    }

    @Test(
        "addresses of responders are read as far as they may be asked",
        arguments: [
            ("http://a.example/ocsp", "a.example:80/ocsp"), ("HTTP://A.Example:8080", "a.example:8080/"),
            ("http://[::1]:9/x?y=z#f", "::1:9/x?y=z"), ("http://a.example?x", "a.example:80/?x"), ("https://a/", nil),
            ("http://user@a/", nil), ("http://a:0/", nil), ("http://a:99999/", nil), ("http:///x", nil),
            ("http://a b/", nil), ("http://a/\r\nHost: b", nil),
        ] as [(String, String?)])
    func addresses(url: String, expected: String?) {
        let address = ResponderAddress(url: url)
        #expect(address.map { "\($0.host):\($0.port)\($0.target)" } == expected)
    }
}
