import Foundation
import PKI
import Sockets
import TestSupport
import Testing

@testable import CSMSServer

@Suite("Server: TLS")
struct SecurityTests {
    private static let password = Array("correct-horse-battery".utf8)

    /// Certificates and keys in files.
    final class Files {
        let directory: ScratchDirectory

        init(stations: [String] = ["S3", "SERIAL-9"]) throws {
            directory = try ScratchDirectory()
            var options = TestPKI.Options()
            options.stations = stations
            let pki = try TestPKI(options, now: Int64(Date().timeIntervalSince1970))
            try pki.write(to: directory.path, force: true)
        }

        func path(_ name: String) -> String { directory.path + "/" + name }

        func server(_ kinds: [String] = ["ecdsa", "rsa"]) -> [ServerSettings.CertificateFiles] {
            kinds.map { .init(certificate: path("server-\($0).pem"), key: path("server-\($0).key")) }
        }

        func client(_ name: String?) throws -> ClientTLS {
            try ClientTLS(
                roots: .pem(.file(path("root.pem"))),
                identity: try name.map {
                    try TLSIdentity(
                        certificateChain: .file(path($0 + ".pem")), privateKey: .file(path($0 + ".key")))
                })
        }
    }

    @Test("point 11: profile 2 is a password over TLS, with an ECDSA and an RSA certificate")
    func profile2() async throws {
        let files = try Files()
        try await withServer(
            TestSettings {
                $0.profile = .tlsBasic
                $0.certificates = files.server()
            }
        ) { server in
            _ = try await server.http("PUT", "/stations/S2", body: #"{"password":"correct-horse-battery"}"#)
            let station = try await TestStation.connect(
                server, "S2", password: Self.password, tls: try files.client(nil))
            try await station.boot()
            await station.leave()
            await #expect(throws: ConnectFailure.self) {
                try await TestStation.connect(server, "S2", password: [1], tls: try files.client(nil))
            }
        }
    }

    @Test(
        "point 11: profile 3 lets in who shows a certificate of its own; missing, foreign and expired ones end in TLS")
    func profile3() async throws {
        let files = try Files()
        try await withServer(
            TestSettings {
                $0.profile = .tlsCertificate
                $0.certificates = files.server()
                $0.clientRoots = files.path("root.pem")
            }
        ) { server in
            let station = try await TestStation.connect(server, "S3", tls: try files.client("stations/S3"))
            try await station.boot()
            await station.leave()
            await #expect(throws: ConnectFailure.self, "somebody else's certificate") {
                try await TestStation.connect(server, "S4", tls: try files.client("stations/S3"))
            }
            for bad in [nil, "bad/foreign", "bad/expired"] {
                await #expect(throws: ConnectFailure.self, "\(bad ?? "none")") {
                    try await TestStation.connect(server, "S3", tls: try files.client(bad))
                }
            }
            let metrics = try await server.http("GET", "/metrics", key: "").text
            #expect(!metrics.contains(#"evtwin_connections_refused_total{reason="tls"} 0"#))
        }
    }

    @Test("point 11: a certificate may name the registered serial number, which BootNotification has to announce")
    func serialNumbers() async throws {
        let files = try Files()
        try await withServer(
            TestSettings {
                $0.profile = .tlsCertificate
                $0.certificates = files.server(["rsa"])
                $0.clientRoots = files.path("root.pem")
            }
        ) { server in
            let put = try await server.http("PUT", "/stations/NAMED", body: #"{"serial":"SERIAL-9"}"#)
            #expect(put.status == 201)
            let tls = try files.client("stations/SERIAL-9")
            let wrong = try await TestStation.connect(server, "NAMED", tls: tls)
            #expect(try await wrong.boot(serial: "OTHER").code == "SecurityError")
            #expect(await wrong.closure()?.code == .policyViolation)
            let right = try await TestStation.connect(server, "NAMED", tls: tls)
            #expect(try await right.boot(serial: "SERIAL-9").payload["status"] as? String == "Accepted")
            await right.leave()
            await #expect(throws: ConnectFailure.self) {
                try await TestStation.connect(server, "NAMED", tls: try files.client("stations/S3"))
            }
        }
    }

    @Test("point 11: a charging station held to a higher profile is not served on an open port")
    func noDowngrade() async throws {
        try await withServer { (server: TestServer) async throws in
            #expect(try await server.http("PUT", "/stations/HIGH", body: #"{"profile":2}"#).status == 201)
            await #expect(throws: ConnectFailure.refused(status: 403, headers: [])) {
                do {
                    try await TestStation.connect(server, "HIGH")
                } catch ConnectFailure.refused(let status, _) {
                    throw ConnectFailure.refused(status: status, headers: [])
                }
            }
        }
    }

    @Test("settings that contradict each other, missing files and foreign keys are refused with place, finding and fix")
    func settings() throws {
        let files = try Files()
        let directory = try ScratchDirectory()
        func problem(_ change: (inout ServerSettings) -> Void) -> String? {
            var settings = ServerSettings(database: directory.path + "/x.sqlite")
            change(&settings)
            guard let logger = CSMSServer.logger(level: "critical", format: .text) else { return nil }
            do {
                _ = try CSMSServer(settings: settings, logger: logger)
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(problem { $0.profile = .tlsBasic }?.contains("--tls-cert FILE") == true)
        #expect(
            problem {
                $0.profile = .tlsCertificate
                $0.certificates = files.server()
            }?.contains("--client-ca FILE") == true)
        #expect(
            problem { $0.certificates = [.init(certificate: "nowhere.pem", key: "nowhere.key")] }?.contains(
                "nowhere.pem") == true)
        let mixed = ServerSettings.CertificateFiles(
            certificate: files.path("server-rsa.pem"), key: files.path("server-ecdsa.key"))
        #expect(problem { $0.certificates = [mixed] }?.contains("fix:") == true)
        #expect(problem { $0.database = directory.path + "/none/x.sqlite" }?.contains("folder that exists") == true)
        #expect(problem { $0.apiKeyFile = "nowhere.keys" }?.contains("--api-key-file nowhere.keys") == true)
        for path in ["/a/../b", "/./a", "/a//b", "/a?b", "/a b", "/a#b"] {
            #expect(problem { $0.endpoint = path }?.contains("--path") == true, "\(path)")
        }
        #expect(problem { $0.endpoint = "/ocpp/v1.6/" } == nil)
        #expect(problem { _ in } == nil)
    }
}
