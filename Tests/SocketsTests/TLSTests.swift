import NIOCore
import Sockets
import Testing

@Suite("Sockets: TLS", .timeLimit(.minutes(2)))
struct TLSTests {
    let certificates: TestCertificates

    init() throws { certificates = try TestCertificates.shared.get() }

    func serverTLS(
        _ names: [String] = ["server-ec", "server-rsa"], clients: ServerTLS.ClientCertificates = .none,
        versions: TLSVersions = .from12
    ) throws -> ServerTLS {
        try ServerTLS(
            identities: try names.map { try certificates.identity($0) }, clientCertificates: clients,
            versions: versions)
    }

    func request(_ server: WebSocketServer, _ tls: ClientTLS) -> WebSocketClientRequest {
        WebSocketClientRequest(url: url(server, isSecure: true), subprotocols: ["ocpp2.0.1"], tls: tls)
    }

    @Test(
        "point 11: messages of every size cross TLS 1.2 and 1.3, with either certificate or both",
        arguments: [TLSVersions.only12, .only13], [["server-ec"], ["server-rsa"], ["server-ec", "server-rsa"]])
    func echo(versions: TLSVersions, names: [String]) async throws {
        try await withServer(tls: try serverTLS(names)) { server, loops in
            let recorder = Recorder()
            let tls = try ClientTLS(roots: .pem(certificates.file("root")), versions: versions)
            let connection = try await WebSocketClient(loops: loops).connect(request(server, tls), events: recorder)
            for length in [1, 1000, 20_000, 200_000] {
                let text = (0..<length).map { UInt8(97 + $0 % 26) }
                connection.send(text: text)
                #expect(await recorder.texts.next() == text)
            }
        }
    }

    @Test(
        "point 11: the client's hello decides between the ECDSA and the RSA certificate",
        arguments: [
            (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"], "id-ecPublicKey"),
            (["-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384"], "rsaEncryption"),
            (["-tls1_3"], "id-ecPublicKey"), (["-tls1_3", "-sigalgs", "rsa_pss_rsae_sha256"], "rsaEncryption"),
        ])
    func twoCertificates(options: [String], key: String) async throws {
        try await withServer(tls: try serverTLS()) { server, _ in
            let seen = try certificates.openssl(
                ["s_client", "-connect", "127.0.0.1:\(server.port)", "-servername", "localhost", "-CAfile", "root.pem"]
                    + options)
            #expect(seen.contains("Verify return code: 0 (ok)"), "\(seen)")
            #expect(try certificates.keyKind(inOutput: seen).contains(key))
        }
    }

    @Test(
        "point 11: TLS below 1.2 and suites without forward secrecy are refused and reported",
        arguments: [
            (["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], TLSFailure.Kind.version),
            (["-tls1_2", "-cipher", "AES128-GCM-SHA256"], .cipherSuite),
            (["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"], .cipherSuite),
        ])
    func weak(options: [String], kind: TLSFailure.Kind) async throws {
        let delegate = EchoDelegate()
        try await withServer(delegate, tls: try serverTLS()) { server, _ in
            let seen = try certificates.openssl(["s_client", "-connect", "127.0.0.1:\(server.port)"] + options)
            #expect(seen.contains("Cipher is (NONE)"), "\(seen)")
            guard case .tls(let failure) = await delegate.failures.next() else {
                Issue.record("no TLS failure")
                return
            }
            #expect(failure.kind == kind, "\(failure)")
        }
    }

    @Test(
        "point 11: with mutual TLS the right certificate opens and is handed on",
        arguments: [TLSVersions.only12, .only13])
    func mutual(versions: TLSVersions) async throws {
        let delegate = EchoDelegate { request, delegate in
            #expect(request.certificate?.commonName == "SERIAL-1")
            #expect(request.certificate?.organization == "Operator")
            #expect(request.certificate?.serialNumber.isEmpty == false)
            #expect(request.isSecure)
            return .accept(subprotocol: "ocpp2.0.1", events: delegate)
        }
        let tls = try serverTLS(clients: .required(roots: certificates.file("root")))
        try await withServer(delegate, tls: tls) { server, loops in
            let recorder = Recorder()
            let own = try ClientTLS(
                roots: .pem(certificates.file("root")), identity: try certificates.identity("client"),
                versions: versions)
            let connection = try await WebSocketClient(loops: loops).connect(request(server, own), events: recorder)
            connection.send(text: bytes("in"))
            #expect(await recorder.texts.next() == bytes("in"))
        }
    }

    @Test(
        "point 11: with mutual TLS no, a foreign and an expired certificate are refused at both ends",
        arguments: [nil, "client-foreign", "client-expired"], [TLSVersions.only12, .only13])
    func mutualRefusals(name: String?, versions: TLSVersions) async throws {
        let delegate = EchoDelegate()
        let tls = try serverTLS(clients: .required(roots: certificates.file("root")))
        try await withServer(delegate, tls: tls) { server, loops in
            let own = try ClientTLS(
                roots: .pem(certificates.file("root")), identity: try name.map { try certificates.identity($0) },
                versions: versions)
            let failure = await #expect(throws: ConnectFailure.self) {
                _ = try await WebSocketClient(loops: loops).connect(request(server, own), events: Recorder())
            }
            guard case .tls(let atClient)? = failure, case .tls(let atServer) = await delegate.failures.next() else {
                Issue.record("\(String(describing: failure))")
                return
            }
            // TLS 1.2 has no alert of its own for a certificate that is missing.
            let isExplained = name != nil || versions == .only13
            #expect(atClient.kind == (isExplained ? .ownCertificate : .other), "\(atClient)")
            #expect(atServer.kind == .peerCertificate, "\(atServer)")
            #expect(delegate.opened.waitingCount == 0)
        }
    }

    @Test("an optional client certificate may be missing but not wrong")
    func optional() async throws {
        let delegate = EchoDelegate { request, delegate in
            .accept(subprotocol: request.certificate == nil ? nil : "ocpp2.0.1", events: delegate)
        }
        let tls = try serverTLS(clients: .optional(roots: certificates.file("root")))
        try await withServer(delegate, tls: tls) { server, loops in
            let client = WebSocketClient(loops: loops)
            for (name, subprotocol) in [(nil, nil), ("client", "ocpp2.0.1")] {
                let own = try ClientTLS(
                    roots: .pem(certificates.file("root")), identity: try name.map { try certificates.identity($0) })
                let connection = try await client.connect(request(server, own), events: Recorder())
                #expect(try await connection.eventLoop.submit { connection.subprotocol }.get() == subprotocol)
            }
            let foreign = try ClientTLS(
                roots: .pem(certificates.file("root")), identity: try certificates.identity("client-foreign"))
            await #expect(throws: ConnectFailure.self) {
                _ = try await client.connect(request(server, foreign), events: Recorder())
            }
        }
    }

    @Test("TLS at a port without it ends at once, in words and not in the library's", .timeLimit(.minutes(1)))
    func noTLS() async throws {
        try await withServer { server, loops in
            let tls = try ClientTLS(roots: .pem(certificates.file("root")))
            let failure = await #expect(throws: ConnectFailure.self) {
                _ = try await WebSocketClient(loops: loops).connect(request(server, tls), events: Recorder())
            }
            #expect(failure == .tls(TLSFailure(kind: .other, description: "the peer speaks no TLS")))
        }
    }

    @Test("files that cannot be used are named, with the system's reason")
    func unusableFiles() {
        for (path, words) in [
            ("/no/such.pem", "(no such file or directory)"), (#filePath, "no PEM certificates in it"),
        ] {
            let problem = #expect(throws: TLSProblem.self) { try ClientTLS(roots: .pem(.file(path))) }
            #expect(problem?.description.hasPrefix(path) == true && problem?.description.hasSuffix(words) == true)
        }
    }

    @Test("a client refuses a server of a foreign root and one of another name")
    func serverIsChecked() async throws {
        try await withServer(tls: try serverTLS()) { server, loops in
            let client = WebSocketClient(loops: loops)
            for tls in [
                try ClientTLS(roots: .pem(certificates.file("foreign"))),
                try ClientTLS(roots: .pem(certificates.file("root")), serverName: "other.example"),
            ] {
                let failure = await #expect(throws: ConnectFailure.self) {
                    _ = try await client.connect(request(server, tls), events: Recorder())
                }
                guard case .tls(let problem)? = failure else {
                    Issue.record("\(String(describing: failure))")
                    return
                }
                #expect(problem.kind == .peerCertificate, "\(problem)")
                #expect(
                    problem.description.hasSuffix("lead to a trusted root, or is not valid now")
                        || problem.description == "the certificate is not made out to the host that was asked for")
            }
            for tls in [
                try ClientTLS(
                    roots: .pem(certificates.file("root")), verification: .chainOnly, serverName: "other.example"),
                try ClientTLS(roots: .pem(certificates.file("foreign")), verification: .nothing),
            ] {
                _ = try await client.connect(request(server, tls), events: Recorder())
            }
        }
    }

    @Test("plain HTTP on a TLS port, and a hello that never ends, are cut and reported")
    func notTLS() async throws {
        var settings = WebSocketSettings()
        settings.handshakeTimeout = .milliseconds(300)
        let delegate = EchoDelegate()
        try await withServer(delegate, settings: settings, tls: try serverTLS()) { server, _ in
            let plain = try RawPeer(port: server.port)
            plain.send(RawPeer.request())
            _ = try plain.rest()
            guard case .tls = await delegate.failures.next() else {
                Issue.record("no TLS failure")
                return
            }
            let slow = try RawPeer(port: server.port)
            slow.send([22, 3, 1])
            _ = try slow.rest()
            #expect(await delegate.failures.next() == .timedOut)
        }
    }

    @Test("certificates can be replaced while the server runs")
    func renewal() async throws {
        try await withServer(tls: try serverTLS(["server-rsa"])) { server, loops in
            let client = WebSocketClient(loops: loops)
            let tls = try ClientTLS(roots: .pem(certificates.file("root")))
            let recorder = Recorder()
            let before = try await client.connect(request(server, tls), events: recorder)
            server.replace(tls: try serverTLS(["server-ec"], clients: .required(roots: certificates.file("root"))))
            await #expect(throws: ConnectFailure.self) {
                _ = try await client.connect(request(server, tls), events: Recorder())
            }
            before.send(text: bytes("still open"))
            #expect(await recorder.texts.next() == bytes("still open"))
        }
    }

    @Test("material that does not fit is refused with the file's name")
    func badMaterial() throws {
        #expect(throws: TLSProblem.self) {
            try TLSIdentity(certificateChain: certificates.file("root"), privateKey: certificates.file("client-key"))
        }
        let missing = #expect(throws: TLSProblem.self) {
            try TLSIdentity(certificateChain: .file("missing.pem"), privateKey: certificates.file("client-key"))
        }
        #expect(missing?.description.contains("missing.pem") == true)
        #expect(throws: TLSProblem.self) { try serverTLS(["server-ec", "server-ec"]) }
        #expect(throws: TLSProblem.self) { try serverTLS([]) }
        #expect(try certificates.identity("server-rsa").keyKind == .rsa)
        #expect(try certificates.identity("server-ec").keyKind == .ecdsa)
    }
}
