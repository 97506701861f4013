internal import Foundation
internal import GRDB
internal import OCPP
internal import PKI
internal import Synchronization

/// What the holder of an API key may do.
enum APIRole: String, Sendable, Codable {
    /// Look at everything.
    case read
    /// Also change everything and send commands.
    case write
}

/// The keys that open the HTTP API. The database holds their SHA-256 only: a key is 32 random bytes, so there is
/// nothing to guess and no need for a slow hash.
final class APIKeys: Sendable {
    private let byHash: Mutex<[[UInt8]: APIRole]>

    private init(_ keys: [[UInt8]: APIRole]) { byHash = Mutex(keys) }

    /// Role of `key`; `nil` when it opens nothing.
    func role(of key: String) -> APIRole? {
        guard key.utf8.count <= Self.lengthMax else { return nil }
        let hash = SecureBytes.digest(Array(key.utf8))
        return byHash.withLock { $0[hash] }
    }

    /// Longest key that is looked at, bytes.
    static let lengthMax = 256
    private static let prefix = "evtwin_"

    /// Reads the keys of the database; those of `file` take the place of those that came from a file before, and one is
    /// made when there would be none.
    ///
    /// - Parameter file: see ``APIKeyFile``; without it no key that came from a file opens anything any longer.
    /// - Returns: the keys, and the text of a key made just now, to be shown once.
    /// - Throws: ``ServerError`` for a file that cannot be read or says something else.
    static func load(from store: Store, file: String?) throws -> (keys: APIKeys, made: String?) {
        var made: String?
        let listed = try file.map { path throws(ServerError) in try APIKeyFile.read(path) } ?? []
        let now = WallClock.now
        let keys: [[UInt8]: APIRole] = try store.pool.write { db in
            try replace(with: listed, now: now, in: db)
            if try Int.fetchOne(db, sql: "SELECT count(*) FROM api_key") == 0 {
                let key = prefix + ByteText.hex(SecureBytes.random(32))
                try insert(.init(name: "first", role: .write, key: key), isFromFile: false, since: now, in: db)
                made = key
            }
            var keys: [[UInt8]: APIRole] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT role, hash FROM api_key") {
                let hash: Data = row["hash"]
                keys[Array(hash)] = APIRole(rawValue: row["role"])
            }
            return keys
        }
        return (APIKeys(keys), made)
    }

    /// Takes out the keys of the file as it was, and puts in those of the file as it is.
    private static func replace(with listed: [APIKeyFile.Line], now: Timestamp, in db: Database) throws {
        var since: [Data: Int64] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT hash, created_us FROM api_key") {
            since[row["hash"]] = row["created_us"]
        }
        try db.execute(sql: "DELETE FROM api_key WHERE is_from_file = 1")
        for line in listed {
            let known = since[hash(line.key)].map(Timestamp.init(microseconds:))
            try insert(line, isFromFile: true, since: known ?? now, in: db)
        }
    }

    /// A name or a key that is there already gives way.
    private static func insert(
        _ line: APIKeyFile.Line, isFromFile: Bool, since: Timestamp, in db: Database
    ) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO api_key (name, role, hash, created_us, is_from_file) VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [line.name, line.role.rawValue, hash(line.key), since.microseconds, isFromFile])
    }

    private static func hash(_ key: String) -> Data { Data(SecureBytes.digest(Array(key.utf8))) }
}
