import Foundation
import PKI
import Sockets
import TestSupport
import Testing

@testable import CSMSServer

#if canImport(Glibc)
import Glibc
#endif

@Suite("Server: renewal of certificates")
struct RenewalTests {
    /// A server's certificate files, which can be made anew under another root.
    final class Files {
        let directory: ScratchDirectory

        init() throws { directory = try ScratchDirectory() }

        func path(_ name: String) -> String { directory.path + "/" + name }
        var server: ServerSettings.CertificateFiles {
            .init(certificate: path("server-ecdsa.pem"), key: path("server-ecdsa.key"))
        }

        /// Writes new certificates and gives the TLS of a client that trusts them alone.
        func renew() throws -> ClientTLS {
            let pki = try TestPKI(TestPKI.Options(), now: Int64(Date().timeIntervalSince1970))
            try pki.write(to: directory.path, force: true)
            return try ClientTLS(roots: .pem(.file(path("root.pem"))))
        }
    }

    private static func isLetIn(_ server: TestServer, _ tls: ClientTLS) async throws -> Bool {
        do {
            let station = try await TestStation.connect(server, "R", tls: tls)
            await station.leave()
            return true
        } catch is ConnectFailure {
            return false
        }
    }

    @Test("changed files are taken up by themselves; open connections go on, and a bad file changes nothing")
    func changedFiles() async throws {
        let files = try Files()
        let old = try files.renew()
        try await withServer(
            TestSettings {
                $0.certificates = [files.server]
                $0.certificateCheckS = 1
            }
        ) { server in
            let early = try await TestStation.connect(server, "EARLY", tls: old)
            try await early.boot()
            let good = try String(contentsOfFile: files.server.certificate, encoding: .utf8)
            try "nonsense".write(toFile: files.server.certificate, atomically: true, encoding: .utf8)
            try await Task.sleep(for: .milliseconds(1500))
            #expect(try await Self.isLetIn(server, old), "the certificate before the bad file is still shown")
            try good.write(toFile: files.server.certificate, atomically: true, encoding: .utf8)

            let new = try files.renew()
            let limit = ContinuousClock.now + .seconds(15)
            while try await !Self.isLetIn(server, new), ContinuousClock.now < limit {
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(try await Self.isLetIn(server, new))
            #expect(try await !Self.isLetIn(server, old), "the old root does not know the new certificate")
            #expect(try await !early.call("Heartbeat", "{}").isError)
            await early.leave()
        }
    }

    @Test("files are read anew when the server is asked to, whatever the time of the next look")
    func onDemand() async throws {
        let files = try Files()
        let old = try files.renew()
        try await withServer(TestSettings { $0.certificates = [files.server] }) { server in
            #expect(try await Self.isLetIn(server, old))
            let new = try files.renew()
            #expect(try await !Self.isLetIn(server, new))
            server.server.renewCertificates()
            #expect(try await Self.isLetIn(server, new))
            #expect(try await !Self.isLetIn(server, old))
            try FileManager.default.removeItem(atPath: files.server.key)
            server.server.renewCertificates()
            #expect(try await Self.isLetIn(server, new), "a key that is missing changes nothing")
        }
    }

    /// The program itself, built beside the tests.
    private static let program = Bundle.main.bundleURL.appending(path: "evtwin").path

    @Test(
        "SIGHUP renews the program's certificates", .enabled(if: FileManager.default.isExecutableFile(atPath: program)))
    func hangUp() async throws {
        let files = try Files()
        _ = try files.renew()
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = [
            "serve", "--db", files.path("csms.sqlite"), "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0",
            "--tls-cert", files.server.certificate, "--tls-key", files.server.key,
        ]
        let log = Pipe()
        process.standardError = log
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var text = ""
        func read(until word: String) {
            while !text.contains(word) {
                let data = log.fileHandleForReading.availableData
                guard !data.isEmpty else { return }
                text += String(decoding: data, as: UTF8.self)
            }
        }
        read(until: "HTTP API")
        let port = try #require(text.firstMatch(of: /wss:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) }, "\(text)")
        let new = try files.renew()
        kill(process.processIdentifier, SIGHUP)
        read(until: "renewed")
        let station = try await TestStation.connect(port: port, "R", tls: new)
        await station.leave()
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
