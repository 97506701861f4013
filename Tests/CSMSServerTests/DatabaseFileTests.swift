import Foundation
import GRDB
import TestSupport
import Testing

@testable import CSMSServer

@Suite("Server: the database file")
struct DatabaseFileTests {
    private let directory: ScratchDirectory
    private var path: String { directory.path + "/a.sqlite" }

    init() throws { directory = try ScratchDirectory() }

    @Test("a second server is refused whatever name it gives the file: a symbolic link, a hard link, another way to it")
    func otherNames() throws {
        let store = try Store(path: path)
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: directory.path + "/soft", withDestinationPath: path)
        try manager.linkItem(atPath: path, toPath: directory.path + "/hard")
        try manager.createSymbolicLink(atPath: directory.path + "/way", withDestinationPath: directory.path)
        for name in ["soft", "hard", "way/a.sqlite", "./a.sqlite"] {
            let error = #expect(throws: ServerError.self, "\(name)") { try Store(path: directory.path + "/" + name) }
            #expect(error?.problem.contains("another server") == true, "\(name)")
        }
        try store.close()
        let again = try Store(path: directory.path + "/soft")
        try again.close()
    }

    @Test("a link to a file that does not exist yet is guarded as that file")
    func danglingLink() throws {
        try FileManager.default.createSymbolicLink(atPath: directory.path + "/soft", withDestinationPath: path)
        let store = try Store(path: directory.path + "/soft")
        #expect(throws: ServerError.self) { try Store(path: path) }
        try store.close()
    }

    @Test("a new file is for its owner alone; one that is there keeps its permissions")
    func permissions() throws {
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        let store = try Store(path: path)
        for suffix in ["", "-wal", "-shm", ".lock"] { #expect(try mode(path + suffix) == 0o600, "\(suffix)") }
        try store.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        try Store(path: path).close()
        #expect(try mode(path) == 0o640)
    }

    @Test("another program's database is refused in a line, and left as it is")
    func foreignDatabase() throws {
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.write { try $0.execute(sql: "CREATE TABLE station (name TEXT)") }
            try queue.close()
        }
        let before = try Data(contentsOf: URL(filePath: path))
        let error = #expect(throws: ServerError.self) { try Store(path: path) }
        #expect(error?.problem == "the file is another program's database")
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test("what names no file is refused", arguments: ["", ":memory:", "file:a.sqlite"])
    func noFile(path: String) {
        #expect(#expect(throws: ServerError.self) { try Store(path: path) }?.problem == "not the name of a file")
    }
}
