import Foundation
import Sockets
import TestSupport

/// Certificates made with the openssl command line, once for all tests.
final class TestCertificates: Sendable {
    static let shared: Result<TestCertificates, any Error> = Result { try TestCertificates() }

    struct Failed: Error {
        let step: String
    }

    private let directory: ScratchFolder

    private init() throws {
        directory = try ScratchFolder()
        try authority("root", "evtwin test root")
        try authority("foreign", "somebody else's root")
        try leaf("server-ec", key: "ec", subject: "/CN=localhost", from: "root", server: true)
        try leaf("server-rsa", key: "rsa", subject: "/CN=localhost", from: "root", server: true)
        try leaf("client", key: "ec", subject: "/O=Operator/CN=SERIAL-1", from: "root", server: false)
        try leaf("client-foreign", key: "ec", subject: "/O=Operator/CN=SERIAL-1", from: "foreign", server: false)
        try leaf("client-expired", key: "ec", subject: "/O=Operator/CN=SERIAL-1", from: "root", server: false, days: -1)
    }

    func file(_ name: String) -> PEMSource { .file(directory.path + "/" + name + ".pem") }

    func identity(_ name: String) throws -> TLSIdentity {
        try TLSIdentity(certificateChain: file(name), privateKey: file(name + "-key"))
    }

    private func key(_ name: String, _ kind: String) throws {
        if kind == "ec" {
            try openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "\(name)-key.pem")
        } else {
            try openssl("genrsa", "-out", "\(name)-key.pem", "2048")
        }
    }

    private func authority(_ name: String, _ commonName: String) throws {
        try key(name, "ec")
        try openssl(
            "req", "-x509", "-new", "-key", "\(name)-key.pem", "-subj", "/CN=\(commonName)", "-days", "30",
            "-out", "\(name).pem")
    }

    private func leaf(
        _ name: String, key kind: String, subject: String, from root: String, server: Bool, days: Int = 30
    )
        throws
    {
        try key(name, kind)
        try openssl("req", "-new", "-key", "\(name)-key.pem", "-subj", subject, "-out", "\(name).csr")
        let extensions =
            server
            ? "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n"
            : "extendedKeyUsage=clientAuth\n"
        try extensions.write(toFile: "\(directory.path)/\(name).ext", atomically: true, encoding: .utf8)
        try openssl(
            "x509", "-req", "-in", "\(name).csr", "-CA", "\(root).pem", "-CAkey", "\(root)-key.pem", "-CAcreateserial",
            "-extfile", "\(name).ext", "-days", "\(days)", "-out", "\(name).pem")
    }

    private func openssl(_ arguments: String...) throws {
        let (status, _) = try run(arguments, input: nil)
        guard status == 0 else { throw Failed(step: "openssl \(arguments.joined(separator: " "))") }
    }

    /// What the openssl command line says, standard error included; nothing is typed into it.
    func openssl(_ arguments: [String]) throws -> String { try run(arguments, input: "").output }

    /// How openssl names the kind of key of the first certificate in its own output.
    func keyKind(inOutput text: String) throws -> String {
        guard let start = text.range(of: "-----BEGIN CERTIFICATE-----"),
            let end = text.range(of: "-----END CERTIFICATE-----")
        else { throw Failed(step: "no certificate was shown") }
        return try run(["x509", "-noout", "-text"], input: String(text[start.lowerBound..<end.upperBound]) + "\n")
            .output
    }

    private func run(_ arguments: [String], input: String?) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(filePath: directory.path)
        let output = Pipe()
        process.standardError = output
        process.standardOutput = output
        let typed = Pipe()
        process.standardInput = typed
        try process.run()
        if let input { try typed.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
        try typed.fileHandleForWriting.close()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}

/// A folder of the test run's own, left to the system's cleaning.
struct ScratchFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "evtwin-sockets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }
}
