import Foundation
import GRDB
import TestSupport
import Testing

@testable import CSMSServer

#if canImport(Glibc)
import Glibc
#endif

@Suite("Server: killed", .serialized)
struct KilledServerTests {
    /// The program itself, built beside the tests.
    private static let program = Bundle.main.bundleURL.appending(path: "evtwin").path

    private static func startProgram(_ database: String) throws -> (process: Process, port: Int) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = [
            "serve", "--db", database, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--message-rate", "100000",
            "--log-level", "error",
        ]
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains("HTTP API") {
            let data = errors.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            text += String(decoding: data, as: UTF8.self)
        }
        let port = text.firstMatch(of: /ws:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) }
        return (process, try #require(port, "\(text)"))
    }

    /// The next answer, the server's own calls left out; `nil` at the end of the connection.
    private static func answer(_ station: TestStation) async -> String? {
        while case .text(let bytes)? = await station.next() {
            let text = String(decoding: bytes, as: UTF8.self)
            if !text.hasPrefix("[2,") { return text }
        }
        return nil
    }

    @Test(
        "killed at any moment the server loses no answered message and doubles none",
        .enabled(if: FileManager.default.isExecutableFile(atPath: program)))
    func killed() async throws {
        let directory = try ScratchDirectory()
        let database = directory.path + "/killed.sqlite"
        var answered: Set<String> = []
        for round in 0..<Soak.rounds(5) {
            let (process, port) = try Self.startProgram(database)
            let station = try await TestStation.connect(port: port, "K")
            try await station.boot()
            for number in 0..<400 {
                let id = "R\(round)-\(number)"
                let event = ConversationTests.events(id)[0]
                station.send("[2,\"\(id)\",\"TransactionEvent\",\(event)]")
                if number == 60 + 40 * round % 330 { kill(process.processIdentifier, SIGKILL) }
                guard let text = await Self.answer(station) else { break }
                if text.hasPrefix("[3,\"\(id)\"") { answered.insert(id) }
            }
            process.waitUntilExit()
        }
        let (process, port) = try Self.startProgram(database)
        let station = try await TestStation.connect(port: port, "K")
        for id in answered.sorted().suffix(50) {
            #expect(try await !station.call("TransactionEvent", ConversationTests.events(id)[0]).isError)
        }
        await station.leave()
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let store = try Store(path: database)
        let (stored, doubled) = try await store.pool.read { db in
            (
                Set(try String.fetchAll(db, sql: "SELECT transaction_id FROM charging_transaction")),
                try Int.fetchOne(
                    db, sql: "SELECT count(*) - count(DISTINCT transaction_id) FROM transaction_event") ?? -1
            )
        }
        #expect(answered.count > 200)
        #expect(answered.subtracting(stored).isEmpty)
        #expect(doubled == 0)
        try store.close()
    }
}
