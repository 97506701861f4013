import Foundation
import GRDB
import TestSupport
import Testing

@testable import CSMSServer

@Suite("Server: API keys from a file")
struct KeyFileTests {
    private let directory: ScratchDirectory
    private var database: String { directory.path + "/a.sqlite" }
    private var file: String { directory.path + "/api.keys" }

    init() throws { directory = try ScratchDirectory() }

    private func write(_ text: String) throws { try text.write(toFile: file, atomically: true, encoding: .utf8) }

    /// Opens the keys anew, as a restart does; with `isNamed` false without the file's option.
    private func load(_ text: String? = nil, isNamed: Bool = true) throws -> (keys: APIKeys, made: String?) {
        if let text { try write(text) }
        let store = try Store(path: database)
        defer { try? store.close() }
        return try APIKeys.load(from: store, file: isNamed ? file : nil)
    }

    @Test("a key that is taken out of the file opens nothing after a restart; the server's own stays")
    func revoked() throws {
        let own = try #require(try load(isNamed: false).made)
        let first = try load("a read key-number-one-of-two\nb write key-number-two-of-two\n").keys
        #expect(first.role(of: "key-number-one-of-two") == .read)
        #expect(first.role(of: "key-number-two-of-two") == .write)
        let second = try load("b read key-number-two-of-two\n").keys
        #expect(second.role(of: "key-number-one-of-two") == nil)
        #expect(second.role(of: "key-number-two-of-two") == .read)
        let third = try load(isNamed: false)
        #expect(third.keys.role(of: "key-number-two-of-two") == nil)
        #expect(third.keys.role(of: own) == .write && third.made == nil)
    }

    @Test("keys may change their names and names their keys")
    func renamed() throws {
        _ = try load("a read key-number-one-of-two\nb write key-number-two-of-two\n")
        let swapped = try load("b write key-number-one-of-two\na read key-number-two-of-two\n").keys
        #expect(swapped.role(of: "key-number-one-of-two") == .write)
        #expect(swapped.role(of: "key-number-two-of-two") == .read)
        let made = try #require(try load(isNamed: false).made, "no key was left")
        #expect(try load("mine read \(made)\n").keys.role(of: made) == .read, "the file says what a key may do")
    }

    @Test("keys that a version without the mark took from a file are the file's too")
    func older() throws {
        do {
            var configuration = Configuration()
            configuration.label = "older"
            let queue = try DatabaseQueue(path: database, configuration: configuration)
            try StoreSchema.migrator.migrate(queue, upTo: "3: local lists")
            try queue.write { db in
                for (name, byte) in [("first", 1), ("ops", 2)] {
                    try db.execute(
                        sql: "INSERT INTO api_key VALUES (?, 'write', ?, 0)", arguments: [name, Data([UInt8(byte)])])
                }
            }
            try queue.close()
        }
        let store = try Store(path: database)
        let marks = try store.pool.read { db in
            try Int.fetchAll(db, sql: "SELECT is_from_file FROM api_key ORDER BY name")
        }
        #expect(marks == [0, 1])
        try store.close()
    }

    @Test(
        "a line that cannot be used is named with what is wrong with it",
        arguments: [
            ("a read short", 1, "the key is too short: 5 characters"), ("a read", 1, "found 2 words"),
            ("a look key-number-one-of-two", 1, "look is no role"),
            ("a read key-number-one-of-two\n\nb read key-number-one-of-two", 3, "the key is also in line 1"),
            ("# keys\na read key-number-one-of-two\na read key-number-two-of-two", 3, "the name a is also in line 2"),
        ])
    func flaws(text: String, line: Int, problem: String) throws {
        let error = #expect(throws: ServerError.self) { try load(text) }
        #expect(error?.place == "\(file):\(line)")
        #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    }
}
