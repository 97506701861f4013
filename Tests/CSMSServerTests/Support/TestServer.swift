import Foundation
import Logging
import Synchronization
import TestSupport

@testable import CSMSServer

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A whole server on free ports of the loopback interface, with a database of its own.
final class TestServer: Sendable {
    let server: CSMSServer
    let addresses: CSMSServer.Addresses
    let key: String
    private let running: Task<Void, any Error>

    /// - Parameters:
    ///   - database: path of the file.
    ///   - key: the API key where the file has one already.
    static func start(
        database: String, key: String = "", _ change: (inout ServerSettings) -> Void = { _ in }
    ) async throws -> TestServer {
        var settings = ServerSettings(database: database)
        settings.listen = ListenAddress(host: "127.0.0.1", port: 0)
        settings.http = ListenAddress(host: "127.0.0.1", port: 0)
        settings.threads = 2
        change(&settings)
        let (started, starting) = AsyncStream<CSMSServer.Addresses>.makeStream()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try CSMSServer(settings: settings, logger: logger) { addresses in
            starting.yield(addresses)
            starting.finish()
        }
        let running = Task {
            defer { starting.finish() }
            try await server.runUntilStopped()
        }
        for await addresses in started {
            return TestServer(server, addresses, server.firstAPIKey ?? key, running)
        }
        try await running.value
        throw NotStarted()
    }

    struct NotStarted: Error {}

    private init(
        _ server: CSMSServer, _ addresses: CSMSServer.Addresses, _ key: String, _ running: Task<Void, any Error>
    ) {
        self.server = server
        self.addresses = addresses
        self.key = key
        self.running = running
    }

    /// Ends the server as SIGTERM does, and waits for it.
    func stop() async throws {
        await server.stop()
        try await running.value
    }

    /// Status, headers and body of a request to the HTTP API.
    func http(
        _ method: String, _ path: String, body: String? = nil, key: String? = nil
    ) async throws -> (status: Int, text: String, json: [String: Any]) {
        guard let url = URL(string: "http://127.0.0.1:\(addresses.http.port)\(path)") else { throw NotStarted() }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        let used = key ?? self.key
        if !used.isEmpty { request.setValue("Bearer \(used)", forHTTPHeaderField: "Authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let json = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
        return (
            (response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self), json ?? [:]
        )
    }

    /// Status, type and bytes of a request that needs no key.
    func bytes(
        _ method: String, _ path: String, body: [UInt8]? = nil
    ) async throws -> (
        status: Int, type: String, bytes: [UInt8]
    ) {
        guard let url = URL(string: "http://127.0.0.1:\(addresses.http.port)\(path)") else { throw NotStarted() }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body.map { Data($0) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let http = response as? HTTPURLResponse
        return (http?.statusCode ?? 0, http?.value(forHTTPHeaderField: "Content-Type") ?? "", Array(data))
    }

    /// The items of a list.
    func items(_ path: String) async throws -> [[String: Any]] {
        try await server.hub.settle()
        return try await http("GET", path).json["items"] as? [[String: Any]] ?? []
    }
}

/// How a test's server differs from the default.
struct TestSettings {
    let apply: (inout ServerSettings) -> Void
    init(_ apply: @escaping (inout ServerSettings) -> Void) { self.apply = apply }

    static var plain: TestSettings { TestSettings { _ in } }
}

/// Runs a test's body with a server and ends the server whatever happens.
func withServer(
    _ change: TestSettings = .plain, _ body: (TestServer) async throws -> Void
) async throws {
    let directory = try ScratchDirectory()
    let server = try await TestServer.start(database: directory.path + "/csms.sqlite", change.apply)
    do {
        try await body(server)
    } catch {
        try? await server.stop()
        throw error
    }
    try await server.stop()
}
