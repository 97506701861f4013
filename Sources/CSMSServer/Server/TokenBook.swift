internal import CSMS
internal import GRDB
internal import OCPP
internal import Synchronization

/// The tokens of the network in memory: a value that is swapped as a whole when a token changes.
final class TokenBook: Sendable {
    private let content: Mutex<Content>
    private let revisionNow = Atomic<UInt64>(1)
    private let store: Store

    private struct Content: Sendable {
        var directory: TokenDirectory
        var revision: UInt64
    }

    private init(store: Store, directory: TokenDirectory) {
        self.store = store
        content = Mutex(Content(directory: directory, revision: 1))
    }

    /// Reads all tokens of the database.
    static func open(_ store: Store) throws -> TokenBook {
        TokenBook(store: store, directory: try read(store))
    }

    /// Counts changes; cheap enough to be asked for every message.
    var revision: UInt64 { revisionNow.load(ordering: .acquiring) }

    var snapshot: (TokenDirectory, UInt64) { content.withLock { ($0.directory, $0.revision) } }

    /// Takes over what the database holds by now.
    func reload() throws {
        let directory = try Self.read(store)
        content.withLock {
            $0.directory = directory
            $0.revision += 1
            revisionNow.store($0.revision, ordering: .releasing)
        }
    }

    private static func read(_ store: Store) throws -> TokenDirectory {
        try store.pool.read { db in
            var directory = TokenDirectory(capacity: try Int.fetchOne(db, sql: "SELECT count(*) FROM token") ?? 0)
            let rows = try Row.fetchCursor(db, sql: "SELECT * FROM token")
            while let row = try rows.next() {
                guard let id = IdentifierText(row["id_token"] as String),
                    let status = Core.AuthorizationStatus(rawValue: row["status"])
                else { continue }
                directory.insert(
                    TokenRecord(
                        idToken: id, status: status,
                        expires: (row["expires_us"] as Int64?).map(Timestamp.init(microseconds:)),
                        group: (row["group_id"] as String?).flatMap { IdentifierText($0) } ?? IdentifierText(),
                        chargingPriority: row["priority"]))
            }
            return directory
        }
    }
}
