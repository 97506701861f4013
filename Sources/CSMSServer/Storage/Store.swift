internal import GRDB
internal import Logging

/// The server's database file: opened, brought to the present schema, guarded against a second server.
///
/// Write-ahead log with `synchronous=NORMAL`: what is committed survives the death of the process; a power cut may take
/// the last commits but never damages the file. One connection writes (``StoreWriter``), a few read.
final class Store: Sendable {
    let path: String
    /// Connections: one writes, the others read a consistent state beside it.
    let pool: DatabasePool
    private let lock: FileLock

    /// Milliseconds that SQLite waits for another program's lock before a statement fails.
    static let busyTimeoutMS = 5000
    private static let readers = 3
    /// Pages of the log after which it is copied into the file, 4 KiB each.
    private static let checkpointPages = 4000

    /// Opens the file, which is made when it does not exist.
    ///
    /// - Throws: ``ServerError`` when the file cannot be used: another server's, no database, read-only, newer.
    init(path: String) throws(ServerError) {
        self.path = path
        lock = try FileLock(guarding: path)
        var configuration = Configuration()
        configuration.label = "store"
        configuration.busyMode = .timeout(Double(Self.busyTimeoutMS) / 1000)
        configuration.maximumReaderCount = Self.readers
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        do {
            try Self.checkOwner(of: path)
            pool = try DatabasePool(path: path, configuration: configuration)
            let migrator = StoreSchema.migrator
            if try pool.read(migrator.hasBeenSuperseded) {
                throw ServerError(
                    place: "--db \(path)", problem: "the file was written by a newer version of this program",
                    fix: "use that version, or name another file")
            }
            try migrator.migrate(pool)
        } catch let error as ServerError {
            throw error
        } catch {
            throw Self.explain(error, path: path)
        }
    }

    /// Copies the log into the file, closes all connections and lets go of the lock.
    func close() throws {
        defer { lock.release() }
        try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        try pool.close()
    }

    /// Looks into a file before anything in it is changed.
    private static func checkOwner(of path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Double(busyTimeoutMS) / 1000)
        let isForeign = try DatabaseQueue(path: path, configuration: configuration).read { db in
            guard try !db.tableExists("grdb_migrations") else { return false }
            return try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0 > 0
        }
        guard isForeign else { return }
        throw ServerError(
            place: "--db \(path)", problem: "the file is another program's database",
            fix: "name a database of this program, or a new file")
    }

    private static func explain(_ error: any Error, path: String) -> ServerError {
        let code = (error as? DatabaseError)?.resultCode.primaryResultCode
        let place = "--db \(path)"
        switch code {
        case .some(.SQLITE_NOTADB):
            return ServerError(
                place: place, problem: "the file is not an SQLite database", fix: "name a database, or a new file")
        case .some(.SQLITE_CANTOPEN):
            return ServerError(
                place: place, problem: "the file cannot be opened",
                fix: "name a file in a folder that exists and that you may write to")
        case .some(.SQLITE_READONLY):
            return ServerError(
                place: place, problem: "the file is read-only", fix: "make the file and its folder writable")
        case .some(.SQLITE_BUSY):
            return ServerError(
                place: place, problem: "another program holds a lock on the file", fix: "end that program")
        case .some(.SQLITE_FULL):
            return ServerError(place: place, problem: "the disk is full", fix: "make room")
        default:
            return ServerError(place: place, problem: "\(error)", fix: "check the file with sqlite3 FILE .schema")
        }
    }
}
