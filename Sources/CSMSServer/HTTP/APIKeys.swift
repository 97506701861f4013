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

    /// Reads the keys of the database; adds those of `file`, or makes one when there would be none.
    ///
    /// - Parameter file: one key a line, `NAME ROLE KEY`; `#` starts a comment.
    /// - Returns: the keys, and the text of a key made just now, to be shown once.
    /// - Throws: ``ServerError`` for a file that cannot be read or says something else.
    static func load(from store: Store, file: String?) throws -> (keys: APIKeys, made: String?) {
        var made: String?
        let listed = try file.map(read) ?? []
        let now = WallClock.now
        let keys: [[UInt8]: APIRole] = try store.pool.write { db in
            for (name, role, key) in listed { try insert(name, role, key, now: now, in: db) }
            if try Int.fetchOne(db, sql: "SELECT count(*) FROM api_key") == 0 {
                let key = prefix + ByteText.hex(SecureBytes.random(32))
                try insert("first", .write, key, now: now, in: db)
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

    private static func insert(
        _ name: String, _ role: APIRole, _ key: String, now: Timestamp, in db: Database
    ) throws {
        try db.execute(
            sql: """
                INSERT INTO api_key (name, role, hash, created_us) VALUES (?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET role = excluded.role, hash = excluded.hash
                """,
            arguments: [
                name, role.rawValue, Data(SecureBytes.digest(Array(key.utf8))), now.microseconds,
            ])
    }

    private static func read(_ path: String) throws -> [(String, APIRole, String)] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ServerError(
                place: "--api-key-file \(path)", problem: "the file cannot be read", fix: "name a text file")
        }
        var keys: [(String, APIRole, String)] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            if words.isEmpty { continue }
            guard words.count == 3, let role = APIRole(rawValue: words[1]), words[2].utf8.count >= 16,
                words[2].utf8.count <= lengthMax
            else {
                throw ServerError(
                    place: "\(path):\(number + 1)", problem: "expected NAME ROLE KEY, found \(words.count) words",
                    fix: "write a name, read or write, and a key of 16 to \(lengthMax) characters")
            }
            keys.append((words[0], role, words[2]))
        }
        return keys
    }
}
