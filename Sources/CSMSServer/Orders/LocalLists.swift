internal import CSMS
internal import Foundation
internal import GRDB
internal import Logging
internal import OCPP
internal import OCPPMessages

/// Local authorization lists made of the known tokens, and which charging station is to have which.
///
/// Every list has a version of its own, one above that of the list before, and the last ``listsKept`` are kept: a charging
/// station that has one of them is told the changes, any other the whole list. The desk asks what it has, sends, and falls
/// back on the whole list by itself.
enum LocalLists {
    /// Entries of a list: what the desk can bring over in one order.
    static let entriesMax = 12_600
    /// Lists that are kept to know the changes from them.
    static let listsKept = 64
    /// Kinds of tokens that a list may hold.
    static let kinds = ["Central", "eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress"]

    /// A token as a list holds it.
    struct Entry: Codable, Hashable, Sendable {
        var token: String
        var kind: String
        var status: String
        var expires: Int64?
        var group: String?
        var priority: Int?
    }

    /// Why no list was made.
    enum Flaw: Error, Hashable {
        /// A token that is not known, by its place.
        case unknownToken(Int)
        case tooLong(Int)
        case noVersionsLeft
    }

    /// Makes a list, or takes the last one where nothing has changed since.
    ///
    /// - Parameter tokens: those to be in it; `nil` for all.
    /// - Returns: its version and entries.
    /// - Throws: ``Flaw``, or GRDB's `DatabaseError`.
    static func make(
        of tokens: [String]?, kind: String, now: Timestamp, in db: Database
    ) throws -> (version: Int, entries: [Entry]) {
        let entries = try entries(of: tokens, kind: kind, in: db)
        guard entries.count <= entriesMax else { throw Flaw.tooLong(entries.count) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let content = try encoder.encode(entries)
        let last = try Row.fetchOne(db, sql: "SELECT version, entries FROM local_list ORDER BY version DESC LIMIT 1")
        if let last, last["entries"] as Data == content { return (last["version"], entries) }
        let version = ((last?["version"] as Int?) ?? 0) + 1
        guard version <= LocalListOrder.versionMax else { throw Flaw.noVersionsLeft }
        try db.execute(
            sql: "INSERT INTO local_list VALUES (?, ?, ?)", arguments: [version, now.microseconds, content])
        try db.execute(sql: "DELETE FROM local_list WHERE version <= ?", arguments: [version - listsKept])
        return (version, entries)
    }

    private static func entries(of tokens: [String]?, kind: String, in db: Database) throws -> [Entry] {
        guard let tokens else {
            return try Row.fetchAll(
                db, sql: "SELECT * FROM token ORDER BY id_token LIMIT ?", arguments: [entriesMax + 1]
            ).map { Entry($0, kind: kind) }
        }
        let statement = try db.makeStatement(sql: "SELECT * FROM token WHERE id_token = ?")
        var entries: [String: Entry] = [:]
        for (index, token) in tokens.enumerated() {
            guard let row = try Row.fetchOne(statement, arguments: [token]) else { throw Flaw.unknownToken(index) }
            let entry = Entry(row, kind: kind)
            entries[entry.token] = entry
        }
        return entries.keys.sorted().compactMap { entries[$0] }
    }

    /// The order that brings a list to a charging station which has the list `base`, if any.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    static func order(
        _ version: Int, _ entries: [Entry], base: Int?, in db: Database
    ) throws -> LocalListOrder {
        let all = entries.map(\.listed)
        guard let base, base != version, let old = try stored(base, in: db) else {
            return LocalListOrder(version: version, entries: all)
        }
        let known = Set(old)
        let present = Set(entries.map(\.token))
        let removed = old.filter { !present.contains($0.token) }
        let changes =
            removed.map { V2.AuthorizationData(idToken: $0.idToken) }
            + entries.filter { !known.contains($0) }.map(\.listed)
        return LocalListOrder(version: version, entries: all, base: base, changes: changes)
    }

    private static func stored(_ version: Int, in db: Database) throws -> [Entry]? {
        guard
            let content = try Data.fetchOne(
                db, sql: "SELECT entries FROM local_list WHERE version = ?", arguments: [version])
        else { return nil }
        return try JSONDecoder().decode([Entry].self, from: content)
    }

    // MARK: - Orders

    /// Notes what a charging station is to have.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    static func note(order version: Int, isWhole: Bool, for station: Int64, now: Timestamp, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO local_list_order VALUES (?, ?, ?, ?, NULL)",
            arguments: [station, version, isWhole, now.microseconds])
    }

    /// Notes how an order has ended.
    static func note(_ outcome: LocalListOutcome, of slot: StationSlot, logger: Logger) -> StoreWork {
        let (word, version): (String, Int?) =
            switch outcome {
            case .synchronised(let version): ("synchronised", version)
            case .notSupported: ("notSupported", nil)
            case .failed: ("failed", nil)
            }
        let station = slot.station
        return StoreWork(
            body: { db in
                try db.execute(
                    sql: """
                        UPDATE local_list_order SET outcome = ? WHERE station = ? AND outcome IS NULL
                            AND version = coalesce(?, version)
                        """,
                    arguments: [word, station, version])
            },
            finished: { error in
                guard let error else { return }
                logger.error("the end of an order was not stored", metadata: ["error": "\(error)"])
            })
    }

    /// The order that a charging station's desk was given and has not carried out; `nil` for none.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    static func pending(of station: Int64, in db: Database) throws -> LocalListOrder? {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT version, is_whole FROM local_list_order WHERE station = ? AND outcome IS NULL",
                arguments: [station])
        else { return nil }
        let version: Int = row["version"]
        guard let entries = try stored(version, in: db) else { return nil }
        let isWhole: Bool = row["is_whole"]
        return try order(version, entries, base: isWhole ? nil : try base(of: station, in: db), in: db)
    }

    /// Version of the list that a charging station is known to have.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    static func base(of station: Int64, in db: Database) throws -> Int? {
        guard
            let memory = try Data.fetchOne(
                db, sql: "SELECT memory FROM station WHERE id = ? AND memory IS NOT NULL", arguments: [station])
        else { return nil }
        return (try? JSONDecoder().decode(DeskMemory.self, from: memory))?.localListVersion
    }
}

extension LocalLists.Entry {
    fileprivate init(_ row: Row, kind: String) {
        let priority: Int = row["priority"]
        self.init(
            token: row["id_token"], kind: kind, status: row["status"], expires: row["expires_us"],
            group: row["group_id"], priority: priority == 0 ? nil : priority)
    }

    fileprivate var idToken: V2.IdToken { V2.IdToken(idToken: token, type: kind) }

    /// In the words of the protocol.
    fileprivate var listed: V2.AuthorizationData {
        V2.AuthorizationData(
            idToken: idToken,
            idTokenInfo: V2.IdTokenInfo(
                status: V2.AuthorizationStatusEnum(wireText: status) ?? .invalid,
                cacheExpiryDateTime: expires.map { Timestamp(microseconds: $0).wholeMilliseconds },
                chargingPriority: priority,
                groupIdToken: group.map { V2.IdToken(idToken: $0, type: "Central") }))
    }
}
