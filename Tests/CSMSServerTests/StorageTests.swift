import Foundation
import GRDB
import Logging
import OCPP
import Sockets
import TestSupport
import Testing

@testable import CSMSServer

@Suite("Server: storage")
struct StorageTests {
    @Test("every table is strict and every foreign key holds")
    func schema() throws {
        let directory = try ScratchDirectory()
        let store = try Store(path: directory.path + "/a.sqlite")
        try store.pool.read { db in
            let tables = try Row.fetchAll(db, sql: "PRAGMA table_list").filter {
                $0["type"] == "table" && $0["schema"] == "main" && !($0["name"] as String).hasPrefix("sqlite_")
                    && !($0["name"] as String).hasPrefix("grdb_")
            }
            #expect(tables.count >= 12)
            for table in tables { #expect(table["strict"] == 1, "\(table["name"] as String)") }
            #expect(try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal")
            #expect(try Int.fetchOne(db, sql: "PRAGMA synchronous") == 1)
        }
        try store.close()
    }

    @Test("a second server at one file is refused and told who holds it")
    func secondServer() throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/a.sqlite"
        let store = try Store(path: path)
        let error = #expect(throws: ServerError.self) { try Store(path: path) }
        #expect(
            error?.problem.contains("another server (process \(ProcessInfo.processInfo.processIdentifier))") == true)
        try store.close()
    }

    @Test("a file that is no database, and one of a newer version, are refused")
    func foreignFiles() throws {
        let directory = try ScratchDirectory()
        let text = directory.path + "/text"
        try String(repeating: "not a database ", count: 100).write(toFile: text, atomically: true, encoding: .utf8)
        #expect(#expect(throws: ServerError.self) { try Store(path: text) }?.problem.contains("not an SQLite") == true)
        let newer = directory.path + "/newer"
        do {
            let store = try Store(path: newer)
            try store.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: the future')") }
            try store.close()
        }
        #expect(#expect(throws: ServerError.self) { try Store(path: newer) }?.problem.contains("newer") == true)
    }

    @Test("with a full disk answers are withheld, health turns bad, and all is well again when there is room")
    func diskFull() async throws {
        try await withServer { server in
            let station = try await TestStation.connect(server, "FULL")
            try await station.boot()
            try await server.server.hub.settle()
            try await server.server.hub.writer.perform { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                try db.execute(sql: "PRAGMA max_page_count = \(pages)")
            }
            // Fill what is left, event by event, until the connection is closed instead of an answer.
            var closed: WebSocketClosure?
            var answered = 0
            while closed == nil, answered < 5000 {
                station.send(#"[2,"m\#(answered)","TransactionEvent",\#(ConversationTests.events("T\(answered)")[0])]"#)
                var hasAnswer = false
                while !hasAnswer, closed == nil {
                    switch await station.next() {
                    case .text(let bytes)?: hasAnswer = bytes[1] == UInt8(ascii: "3")  // else a call of the server's
                    case .closed(let closure)?: closed = closure
                    case nil: throw TestStation.Unexpected()
                    }
                }
                if hasAnswer { answered += 1 }
            }
            #expect(closed?.code == .internalError)
            #expect(try await server.http("GET", "/health", key: "").status == 503)
            await #expect(throws: ConnectFailure.self) { try await TestStation.connect(server, "FULL") }
            // Nothing that was answered is missing.
            let stored = try await server.server.hub.store.pool.read { db in
                try Int.fetchOne(db, sql: "SELECT count(*) FROM transaction_event") ?? 0
            }
            #expect(stored == answered)
            try await server.server.hub.store.pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA max_page_count = 1000000")
            }
            while server.server.hub.writer.problem != nil { await Task.yield() }
            let again = try await TestStation.connect(server, "FULL")
            #expect(try await !again.call("TransactionEvent", ConversationTests.events("T\(answered)")[0]).isError)
            await again.leave()
        }
    }

    @Test("identical frames of a restarted server's charging stations change nothing, late ones complete the books")
    func restart() async throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/a.sqlite"
        var server = try await TestServer.start(database: path)
        let key = server.key
        let events = ConversationTests.events("T1")
        var station = try await TestStation.connect(server, "R")
        try await station.boot()
        for event in events.prefix(2) { #expect(try await !station.call("TransactionEvent", event).isError) }
        try await server.stop()
        server = try await TestServer.start(database: path, key: key)
        station = try await TestStation.connect(server, "R")
        // Accepted before the restart, it may speak without booting.
        for event in events { #expect(try await !station.call("TransactionEvent", event).isError) }
        #expect(try await !station.call("TransactionEvent", events[2]).isError)
        let items = try await server.items("/transactions")
        #expect(items.count == 1)
        #expect(items.first?["energyWh"] as? Double == 2500)
        await station.leave()
        try await server.stop()
    }

    @Test("transaction numbers of 1.6 are never given twice, also after a restart")
    func transactionNumbers() async throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/a.sqlite"
        var numbers: [Int] = []
        var key = ""
        for round in 0..<3 {
            let server = try await TestServer.start(database: path, key: key)
            key = server.key
            let station = try await TestStation.connect(server, "N", subprotocols: ["ocpp1.6"])
            try await station.boot("ocpp1.6")
            for start in 0..<20 {
                let answer = try await station.call(
                    "StartTransaction",
                    #"{"connectorId":1,"idTag":"X","meterStart":\#(round * 100 + start),"timestamp":"2026-01-01T10:00:00Z"}"#
                )
                numbers.append(try #require(answer.payload["transactionId"] as? Int))
            }
            try await server.stop()
        }
        #expect(Set(numbers).count == 60)
        #expect(numbers.allSatisfy { $0 > 0 })
    }

    @Test("a graceful shutdown closes connections with 1001 and stores what was answered")
    func shutdown() async throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/a.sqlite"
        let server = try await TestServer.start(database: path)
        let station = try await TestStation.connect(server, "DOWN")
        try await station.boot()
        for number in 0..<100 {
            station.send(#"[2,"m\#(number)","TransactionEvent",\#(ConversationTests.events("T\(number)")[0])]"#)
        }
        var answered = 0
        var code: CloseCode?
        let stopping = Task { try await server.stop() }
        while let event = await station.next() {
            switch event {
            case .text(let bytes): if bytes[1] == UInt8(ascii: "3") { answered += 1 }
            case .closed(let closure): code = closure.code
            }
        }
        try await stopping.value
        #expect(code == .goingAway || code == .policyViolation)
        let store = try Store(path: path)
        let stored = try await store.pool.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM transaction_event") ?? 0
        }
        #expect(stored >= answered)
        try store.close()
    }
}
