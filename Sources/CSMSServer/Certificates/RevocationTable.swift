internal import GRDB
internal import OCPP
internal import PKI

/// The certificates that the operator has revoked.
struct RevocationTable: Sendable {
    let store: Store

    /// A certificate that is no longer good.
    struct Entry: Hashable, Sendable {
        /// SHA-256 of the issuer's public key, hexadecimal.
        var issuerKeyHash: String
        /// Hexadecimal digits in lower case without leading zeros.
        var serialNumber: String
        var revoked: Timestamp
        /// The operator's remark.
        var note: String?
    }

    /// Entries above which no more are taken.
    static let entriesMax = 1_000_000

    /// Since when the certificate is revoked, in seconds since 1970; `nil` when it is not.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    func revoked(_ serialNumber: String, of issuerKeyHash: String) async throws -> Int64? {
        try await statuses([serialNumber], of: issuerKeyHash).first?.revokedAt
    }

    /// What is known of certificates of one issuer, in the order asked: good unless revoked.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    func statuses(_ serialNumbers: [String], of issuerKeyHash: String) async throws -> [RevocationStatus] {
        try await store.pool.read { db in
            try serialNumbers.map { serial in
                let revoked = try Int64.fetchOne(
                    db, sql: "SELECT revoked_us FROM revocation WHERE issuer_key_hash = ? AND serial = ?",
                    arguments: [issuerKeyHash, serial])
                return revoked.map { .revoked(at: $0 / 1_000_000) } ?? .good
            }
        }
    }

    /// - Throws: GRDB's `DatabaseError`.
    func list(_ page: PageRequest) async throws -> [(position: Int64, entry: Entry)] {
        try await store.pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM revocation WHERE id > ? ORDER BY id LIMIT ?",
                arguments: [page.after, page.limit + 1]
            ).map { ($0["id"], Entry($0)) }
        }
    }

    /// Adds an entry, or replaces time and remark of one that is there.
    ///
    /// - Returns: whether there was room.
    /// - Throws: ``StoreUnavailable`` or GRDB's `DatabaseError`.
    func add(_ entry: Entry, writer: StoreWriter) async throws -> Bool {
        try await writer.perform { db in
            let last = try Int64.fetchOne(db, sql: "SELECT count(*) FROM revocation") ?? 0
            guard last < Self.entriesMax else { return false }
            try db.execute(
                sql: """
                    INSERT INTO revocation (issuer_key_hash, serial, revoked_us, note) VALUES (?, ?, ?, ?)
                    ON CONFLICT (issuer_key_hash, serial)
                        DO UPDATE SET revoked_us = excluded.revoked_us, note = excluded.note
                    """,
                arguments: [entry.issuerKeyHash, entry.serialNumber, entry.revoked.microseconds, entry.note])
            return true
        }
    }

    /// Takes an entry back.
    ///
    /// - Returns: whether there was one.
    /// - Throws: ``StoreUnavailable`` or GRDB's `DatabaseError`.
    func remove(_ serialNumber: String, of issuerKeyHash: String, writer: StoreWriter) async throws -> Bool {
        try await writer.perform { db in
            try db.execute(
                sql: "DELETE FROM revocation WHERE issuer_key_hash = ? AND serial = ?",
                arguments: [issuerKeyHash, serialNumber])
            return db.changesCount > 0
        }
    }
}

extension RevocationTable.Entry {
    fileprivate init(_ row: Row) {
        self.init(
            issuerKeyHash: row["issuer_key_hash"], serialNumber: row["serial"],
            revoked: Timestamp(microseconds: row["revoked_us"]), note: row["note"])
    }
}

extension RevocationStatus {
    /// Since when, in seconds since 1970; `nil` for a certificate that is not revoked.
    var revokedAt: Int64? {
        if case .revoked(let seconds) = self { seconds } else { nil }
    }
}
