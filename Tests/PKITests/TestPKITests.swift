import Foundation
import PKI
import TestSupport
import Testing

extension ScratchDirectory {
    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path).appending(path: name)))
    }
}

@Suite("PKI: test infrastructure")
struct TestPKITests {
    private static let now = Fixture.now

    private func make(stations: [String] = ["station-1", "b.2"]) throws -> TestPKI {
        var options = TestPKI.Options()
        options.stations = stations
        options.hosts = ["csms.example", "127.0.0.1"]
        return try TestPKI(options, now: Self.now)
    }

    @Test("every good certificate is trusted for its purpose, every bad one refused for its own reason")
    func certificates() throws {
        let pki = try make()
        func text(_ name: String) throws -> String { try #require(pki.files.first { $0.name == name }).contents }
        func chain(_ name: String) throws -> [Certificate] { try Certificate.chain(pem: try text(name)) }
        let store = CertificateStore(roots: try chain("root.pem"))
        for name in ["server-ecdsa.pem", "server-rsa.pem"] {
            let chain = try chain(name)
            try store.verify(chain[0], chain: Array(chain.dropFirst()), at: Self.now, purpose: .server)
            #expect(chain[0].isFor(host: "csms.example") && chain[0].isFor(host: "127.0.0.1"))
        }
        for station in ["station-1", "b.2"] {
            let chain = try chain("stations/\(station).pem")
            try store.verify(chain[0], chain: Array(chain.dropFirst()), at: Self.now, purpose: .client)
            #expect(chain[0].subject.commonName == station && chain[0].subject.organization == "evtwin test")
            #expect(chain[0].belongs(to: try PrivateKey(pem: try text("stations/\(station).key"))))
        }
        let maker = CertificateStore(roots: try chain("manufacturer-root.pem"))
        try maker.verify(try chain("firmware-signing.pem")[0], at: Self.now)
        #expect(try chain("v2g-root.pem")[0].subject.domainComponent == "V2G")

        let expired = try chain("bad/expired.pem")
        #expect(throws: CertificateStore.Problem.expired) {
            try store.verify(expired[0], chain: Array(expired.dropFirst()), at: Self.now, purpose: .client)
        }
        let foreign = try chain("bad/foreign.pem")
        #expect(throws: CertificateStore.Problem.untrusted) {
            try store.verify(foreign[0], chain: Array(foreign.dropFirst()), at: Self.now, purpose: .client)
        }
    }

    @Test("the files are written with their modes, and never over others unless forced")
    func files() throws {
        let scratch = try ScratchDirectory()
        let directory = scratch.path + "/pki"
        let pki = try make()
        try pki.write(to: directory)
        for file in pki.files {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/" + file.name)
            let mode = try #require(attributes[.posixPermissions] as? NSNumber).intValue
            #expect(mode & 0o077 == (file.isSecret ? 0 : 0o044), "\(file.name)")
            #expect(file.isSecret == file.name.hasSuffix(".key"))
            #expect(pki.listing.contains(file.name + "  "))
        }
        let before = try scratch.bytes("pki/root.key")
        let error = #expect(throws: PKIError.self) { try make().write(to: directory) }
        #expect(error?.reason.hasSuffix("root.pem exists") == true)
        #expect(try scratch.bytes("pki/root.key") == before)
        try make().write(to: directory, force: true)
        #expect(try scratch.bytes("pki/root.key") != before)
    }

    @Test("a directory that cannot be made is an error with the system's reason")
    func unwritable() throws {
        let scratch = try ScratchDirectory()
        let file = try scratch.file("file", "")
        let error = #expect(throws: PKIError.self) { try make().write(to: file + "/pki") }
        #expect(error?.reason == "Not a directory")
    }

    @Test("stations are counted or named")
    func stations() {
        #expect(TestPKI.Options.stations(text: "3") == ["station-1", "station-2", "station-3"])
        #expect(TestPKI.Options.stations(text: "A,B-1") == ["A", "B-1"])
        #expect(TestPKI.Options.stations(text: "0").isEmpty)
    }

    @Test(
        "identities that cannot name a file are refused",
        arguments: ["", "..", "a/b", "a\u{0}", "ä", ".hidden", String(repeating: "x", count: 49)])
    func badStation(name: String) {
        #expect(throws: PKIError.self) { try make(stations: [name]) }
    }

    @Test("the same station twice, and days that are none, are refused")
    func badOptions() {
        #expect(throws: PKIError.self) { try make(stations: ["a", "a"]) }
        var options = TestPKI.Options()
        options.days = 0
        #expect(throws: PKIError.self) { try TestPKI(options, now: Self.now) }
    }
}
