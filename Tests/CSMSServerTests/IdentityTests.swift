import Foundation
import GRDB
import PKI
import Sockets
import TestSupport
import Testing

@testable import CSMSServer

/// A certificate or a registered password proves an identity; nothing that a peer says about itself does.
@Suite("Server: proof of identity")
struct IdentityTests {
    private static let password = "correct-horse-battery"

    /// Status of an opening handshake that is refused; `nil` where the connection opened, which is then ended.
    private static func refusal(_ body: () async throws -> TestStation) async -> Int? {
        do {
            await (try body()).leave()
            return nil
        } catch ConnectFailure.refused(let status, _) {
            return status
        } catch {
            return 0
        }
    }

    private static func settings(
        _ files: SecurityTests.Files, _ more: @escaping (inout ServerSettings) -> Void = { _ in }
    ) -> TestSettings {
        TestSettings {
            $0.profile = .tlsCertificate
            $0.certificates = files.server(["ecdsa"])
            $0.clientRoots = files.path("root.pem")
            more(&$0)
        }
    }

    @Test(
        "point 11: a certificate does not open another identity, whatever serial numbers are announced; who is there stays"
    )
    func otherIdentity() async throws {
        let files = try SecurityTests.Files(stations: ["CP201", "CP201B"])
        try await withServer(Self.settings(files)) { server in
            let own = try files.client("stations/CP201")
            let foreign = try files.client("stations/CP201B")
            // Before the station itself has ever come: the first comer gets nothing.
            _ = try await server.http("PUT", "/stations/CP201", body: "{}")
            #expect(await Self.refusal { try await TestStation.connect(server, "CP201", tls: foreign) } == 401)
            let station = try await TestStation.connect(server, "CP201", tls: own)
            // It announces the serial number that the other certificate names.
            #expect(try await station.boot(serial: "CP201B").payload["status"] as? String == "Accepted")
            #expect(await Self.refusal { try await TestStation.connect(server, "CP201", tls: foreign) } == 401)
            #expect(try await !station.call("Heartbeat", "{}").isError, "the running station is not cut")
            // Without an announced serial number the certificate opens nothing either.
            _ = try await station.call(
                "BootNotification", #"{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M"}}"#)
            #expect(await Self.refusal { try await TestStation.connect(server, "CP201", tls: foreign) } == 401)
            #expect(try await !station.call("Heartbeat", "{}").isError)
            let second = try await TestStation.connect(server, "CP201", tls: own)
            #expect(await station.closure()?.code == .policyViolation, "its own certificate replaces the connection")
            await second.leave()
        }
    }

    @Test("point 11: what is announced stands beside what is registered and changes nothing of it")
    func announced() async throws {
        try await withServer { (server: TestServer) async throws in
            _ = try await server.http(
                "PUT", "/stations/A", body: #"{"serial":"SERIAL-9","registration":"Accepted"}"#)
            let station = try await TestStation.connect(server, "A")
            for (serial, told) in [("S1", "S1" as String?), ("SERIAL-9", "SERIAL-9")] {
                try await station.boot(serial: serial)
                let shown = try #require(try await server.items("/stations").first)
                #expect(shown["serial"] as? String == "SERIAL-9")
                #expect(shown["announcedSerial"] as? String == told)
                #expect(shown["isRegistered"] as? Bool == true)
                #expect(shown["registration"] as? String == "Accepted")
                #expect(shown["bootStatus"] as? String == "Accepted")
            }
            _ = try await station.call(
                "BootNotification", #"{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M"}}"#)
            let shown = try #require(try await server.items("/stations").first)
            #expect(shown["serial"] as? String == "SERIAL-9")
            #expect(shown["announcedSerial"] == nil)
            let notes = try await server.items("/events?kind=securityEvent").filter {
                $0["subject"] as? String == "SerialNumberMismatch"
            }
            #expect(notes.count == 1, "the operator is told of the one that differed")
            await station.leave()
        }
    }

    @Test("an announced serial number gets nobody a certificate in that name")
    func signing() async throws {
        let authorities = try TestAuthorities()
        try await withServer(TestSettings { $0.stationAuthority = authorities.files("stations") }) { server in
            _ = try await server.http("PUT", "/stations/OWN", body: #"{"serial":"SN-1"}"#)
            let key = try PrivateKey(.ecdsaP256)
            let station = try await TestStation.connect(server, "OWN")
            try await station.boot(serial: "VICTIM")
            func sign(_ name: String) async throws {
                let csr = try CertificateRequest(
                    subject: DistinguishedName(commonName: name, organization: "Operator"), key: key
                ).pem()
                let text = try json(["csr": csr])
                #expect(try await station.call("SignCertificate", text).payload["status"] as? String == "Accepted")
            }
            try await sign("VICTIM")
            var notes: [[String: Any]] = []
            for _ in 0..<100 where notes.isEmpty {
                try await Task.sleep(for: .milliseconds(20))
                notes = try await server.items("/events?kind=certificate")
            }
            #expect((notes.first?["subject"] as? String)?.contains("names another charging station") == true)
            try await sign("SN-1")
            let signed = try await station.answer("CertificateSigned", with: #"{"status":"Accepted"}"#)
            let chain = try Certificate.chain(pem: try #require(signed["certificateChain"] as? String))
            #expect(chain.first?.subject.commonName == "SN-1")
            await station.leave()
        }
    }

    @Test("two charging stations never answer to one name")
    func duplicates() async throws {
        let files = try SecurityTests.Files(stations: ["SN-1"])
        try await withServer(Self.settings(files)) { server in
            func put(_ identity: String, _ body: String = "{}") async throws -> Int {
                try await server.http("PUT", "/stations/\(identity)", body: body).status
            }
            #expect(try await put("A", #"{"serial":"SN-1"}"#) == 201)
            #expect(try await put("B", #"{"serial":"SN-1"}"#) == 409, "another station's serial number")
            #expect(try await put("C", #"{"serial":"A"}"#) == 409, "another station's identity")
            #expect(try await put("D", #"{"serial":"D"}"#) == 201, "its own identity is no other's")
            #expect(try await put("SN-1") == 409)
            #expect(try await put("a") == 409, "an identity in other letters")
            let tls = try files.client("stations/SN-1")
            #expect(await Self.refusal { try await TestStation.connect(server, "SN-1", tls: tls) } == 404)
            #expect(await Self.refusal { try await TestStation.connect(server, "a", tls: tls) } == 404)
            #expect(await Self.refusal { try await TestStation.connect(server, "%41", tls: tls) } == nil)
            #expect(try await put("A", #"{"serial":null}"#) == 200)
            #expect(await Self.refusal { try await TestStation.connect(server, "A", tls: tls) } == 401)
            #expect(try await put("B", #"{"serial":"SN-1"}"#) == 200)
        }
    }

    @Test("a connection that a serial number opened ends when that is registered no more")
    func serialTakenBack() async throws {
        let files = try SecurityTests.Files(stations: ["SN-1"])
        try await withServer(Self.settings(files)) { server in
            _ = try await server.http("PUT", "/stations/A", body: #"{"serial":"SN-1"}"#)
            let station = try await TestStation.connect(server, "A", tls: try files.client("stations/SN-1"))
            try await station.boot(serial: "SN-1")
            _ = try await server.http("PUT", "/stations/A", body: #"{"serial":"SN-2"}"#)
            #expect(await station.closure()?.code == .policyViolation)
        }
    }

    @Test("a certificate of another organization is refused where the operator's is named")
    func organization() async throws {
        let files = try SecurityTests.Files(stations: ["S3"])
        for (names, expected) in [(["Other", "evtwin test"], nil), (["Other"], 401)] as [([String], Int?)] {
            try await withServer(Self.settings(files) { $0.organizations = names }) { server in
                let tls = try files.client("stations/S3")
                #expect(await Self.refusal { try await TestStation.connect(server, "S3", tls: tls) } == expected)
                _ = try await server.http("PUT", "/stations/S3", body: "{}")
                #expect(await Self.refusal { try await TestStation.connect(server, "S3", tls: tls) } == expected)
            }
        }
    }

    @Test("with passwords nobody comes in who was not registered, unless that is asked for")
    func firstComer() async throws {
        let stranger = Array("stranger-in-the-night".utf8)
        try await withServer(TestSettings { $0.profile = .basic }) { server in
            #expect(await Self.refusal { try await TestStation.connect(server, "NEW", password: stranger) } == 404)
            _ = try await server.http("PUT", "/stations/NEW", body: "{}")
            #expect(
                await Self.refusal { try await TestStation.connect(server, "NEW", password: stranger) } == 401,
                "a station without a registered password has none that is right")
        }
    }

    @Test("the password that an operator registers ends the stay of a stranger who came first")
    func strangerEnds() async throws {
        let stranger = Array("stranger-in-the-night".utf8)
        try await withServer(
            TestSettings {
                $0.profile = .basic
                $0.unknownStations = .accept
            }
        ) { server in
            let first = try await TestStation.connect(server, "REAL", password: stranger)
            try await first.boot()
            #expect(try await server.items("/stations").first?["isRegistered"] as? Bool == false)
            _ = try await server.http("PUT", "/stations/REAL", body: #"{"password":"\#(Self.password)"}"#)
            #expect(await first.closure()?.code == .policyViolation)
            #expect(await Self.refusal { try await TestStation.connect(server, "REAL", password: stranger) } == 401)
            let real = try await TestStation.connect(server, "REAL", password: Array(Self.password.utf8))
            #expect(try await real.boot().payload["status"] as? String == "Accepted")
            await real.leave()
        }
    }

    @Test("a registered password is asked for on an open server too")
    func passwordOnOpenServer() async throws {
        try await withServer { (server: TestServer) async throws in
            let put = try await server.http("PUT", "/stations/P", body: #"{"password":"\#(Self.password)"}"#)
            #expect(put.json["profile"] as? Int == 1)
            #expect(await Self.refusal { try await TestStation.connect(server, "P") } == 401)
            let good = Array(Self.password.utf8)
            #expect(await Self.refusal { try await TestStation.connect(server, "P", password: good) } == nil)
            _ = try await server.http("PUT", "/stations/P", body: #"{"profile":0}"#)
            #expect(await Self.refusal { try await TestStation.connect(server, "P") } == nil)
        }
    }

    @Test("a database of the version before: announced serial numbers are nobody's proof, an operator's stays")
    func migration() throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/old.sqlite"
        do {
            let queue = try DatabaseQueue(path: path)
            try StoreSchema.migrator.migrate(queue, upTo: "4: keys from a file")
            try queue.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO station (identity, registration, serial, booted_us, created_us) VALUES
                            ('BOOTED', 'Accepted', 'CP201B', 1, 0), ('ANNOUNCED', 'Accepted', 'SN-1', NULL, 0),
                            ('TWIN-1', 'Accepted', 'SN-2', NULL, 0), ('TWIN-2', 'Accepted', 'SN-2', NULL, 0),
                            ('THIEF', 'Accepted', 'BOOTED', NULL, 0)
                        """)
            }
            try queue.close()
        }
        let store = try Store(path: path)
        let rows = try store.pool.read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT identity, serial, registered_serial, registered, boot_status FROM station ORDER BY id")
        }
        func row(_ index: Int) -> [String?] {
            [rows[index]["serial"], rows[index]["registered_serial"], rows[index]["boot_status"]]
        }
        #expect(row(0) == ["CP201B", nil, "Accepted"])
        #expect(row(1) == [nil, "SN-1", nil])
        #expect(row(2) == [nil, nil, nil] && row(3) == [nil, nil, nil] && row(4) == [nil, nil, nil])
        #expect(rows.map { $0["registered"] as Int } == [0, 1, 1, 1, 1])
        try store.close()
    }
}
