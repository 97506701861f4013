import Foundation
import PKI
import TestSupport
import Testing

@testable import CSMSServer

@Suite("Server: contracts")
struct ContractTests {
    private let authorities: TestAuthorities

    init() throws { authorities = try TestAuthorities() }

    private func withStation(
        _ settings: TestSettings = .plain,
        _ body: (TestServer, _ ask: ([String: Any]) async throws -> (status: String?, token: String?)) async throws ->
            Void
    ) async throws {
        let root = authorities.path("mo-root.pem")
        try await withServer(
            TestSettings {
                $0.acceptsUnknownTokens = true
                $0.contractRoots = [root]
                settings.apply(&$0)
            }
        ) { server in
            let station = try await TestStation.connect(server, "S")
            try await station.boot()
            try await body(server) { what in
                var request = what
                request["idToken"] = request["idToken"] ?? ["idToken": "DEABCC123456789", "type": "eMAID"]
                let payload = try await station.call("Authorize", try json(request)).payload
                let info = payload["idTokenInfo"] as? [String: Any]
                return (payload["certificateStatus"] as? String, info?["status"] as? String)
            }
            await station.leave()
        }
    }

    private func pem(_ contract: Certificate) throws -> String {
        try contract.pem() + authorities.contracts.certificate.pem()
    }

    @Test("a contract is judged by its chain: root, validity, signature, revocation")
    func chains() async throws {
        let contract = try authorities.contract()
        let expired = try authorities.contract(Validity(from: authorities.now - 9000, to: authorities.now - 60))
        let early = try authorities.contract(Validity(from: authorities.now + 3600, to: authorities.now + 9000))
        var der = try contract.der()
        der[der.count - 1] ^= 1
        let forged = try Certificate(der: der)
        let foreign = try authorities.station()
        try await withStation { server, ask in
            for (pem, status) in [
                (try pem(contract), "Accepted"), (try pem(expired), "CertificateExpired"),
                (try pem(early), "CertChainError"), (try pem(forged), "SignatureError"),
                (try contract.pem(), "CertChainError"), (try foreign.pem(), "CertChainError"),
                (try authorities.contracts.certificate.pem(), "CertChainError"), ("PEM", "CertChainError"),
            ] {
                let answer = try await ask(["certificate": pem])
                #expect(answer.status == status)
                #expect(answer.token == (status == "Accepted" ? "Accepted" : "Invalid"), "\(status)")
            }
            let both = try await server.http("POST", "/revocations", body: try json(["certificate": try pem(contract)]))
            #expect(both.status == 200)
            #expect(try await ask(["certificate": try pem(contract)]).status == "CertificateRevoked")
        }
    }

    @Test("a contract is good for its own account alone, however that is written")
    func account() async throws {
        let contract = try authorities.contract()
        try await withStation { _, ask in
            for (account, status) in [
                ("de-abc-c12345678-9", "Accepted"), ("DE-ABC-C12345678", "Accepted"),
                ("DE-ABC-C12345670-9", "CertChainError"), ("NLABCC123456789", "CertChainError"),
            ] {
                let token = ["idToken": account, "type": "eMAID"]
                let answer = try await ask(["certificate": try pem(contract), "idToken": token])
                #expect(answer.status == status, "\(account)")
            }
        }
    }

    @Test("a contract of a revoked sub authority is revoked with it")
    func revokedAuthority() async throws {
        try await withStation { server, ask in
            let sub = try json(["certificate": try authorities.contracts.certificate.pem()])
            #expect(try await server.http("POST", "/revocations", body: sub).status == 200)
            let answer = try await ask(["certificate": try pem(try authorities.contract())])
            #expect(answer.status == "CertificateRevoked")
        }
    }

    @Test("hash data are judged by the issuers known; of others nothing is known", arguments: HashAlgorithm.allCases)
    func hashes(algorithm: HashAlgorithm) async throws {
        let contract = try authorities.contract()
        let data = try [
            (contract, authorities.contracts.certificate),
            (authorities.contracts.certificate, authorities.contractRoot.certificate),
        ].map {
            try TestAuthorities.hashData($0.0, $0.1, url: "http://127.0.0.1:1", algorithm: algorithm)
        }
        let sub = authorities.path("contracts.pem")
        try await withStation(TestSettings { $0.contractRoots.append(sub) }) { server, ask in
            #expect(try await ask(["iso15118CertificateHashData": data]).status == "Accepted")
            let revoked = try json(["certificate": try contract.pem()])
            #expect(try await server.http("POST", "/revocations", body: revoked).status == 200)
            #expect(try await ask(["iso15118CertificateHashData": data]).status == "CertificateRevoked")
        }
        try await withStation { _, ask in
            let answer = try await ask(["iso15118CertificateHashData": data])
            #expect(answer.status == "NoCertificateAvailable" && answer.token == "Invalid")
        }
    }

    @Test("the contract's own responder is asked where the operator allows it; without an answer nothing is good")
    func responders() async throws {
        let files = authorities.files("contracts")
        try await withServer(TestSettings { $0.ocspSigners = [files] }) { other in
            let host = "127.0.0.1:\(other.addresses.http.port)"
            let contract = try authorities.contract(responderURL: "http://\(host)/ocsp")
            let silent = try authorities.contract(responderURL: "http://127.0.0.1:1/ocsp")
            try await withStation(TestSettings { $0.ocspForwards = [host, "127.0.0.1:1"] }) { _, ask in
                #expect(try await ask(["certificate": try pem(contract)]).status == "Accepted")
                #expect(try await ask(["certificate": try pem(silent)]).status == "NoCertificateAvailable")
                let body = try json(["certificate": try contract.pem()])
                #expect(try await other.http("POST", "/revocations", body: body).status == 200)
                #expect(try await ask(["certificate": try pem(contract)]).status == "CertificateRevoked")
            }
        }
    }

    @Test("without roots a chain cannot be judged, and the token is not good")
    func withoutRoots() async throws {
        try await withStation(TestSettings { $0.contractRoots = [] }) { _, ask in
            let answer = try await ask(["certificate": try pem(try authorities.contract())])
            #expect(answer.status == "NoCertificateAvailable" && answer.token == "Invalid")
        }
    }
}
