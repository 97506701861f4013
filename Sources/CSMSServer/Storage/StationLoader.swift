internal import CSMS
internal import Foundation
internal import GRDB
internal import Logging
internal import OCPP

/// Reads back what a desk is rebuilt from.
enum StationLoader {
    /// Everything stored about a charging station, read in one transaction.
    ///
    /// - Throws: GRDB's `DatabaseError`. A row that cannot be understood is left out and logged.
    static func load(_ station: Int64, from db: Database, logger: Logger) throws -> StoredStation? {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM station WHERE id = ?", arguments: [station]) else {
            return nil
        }
        var stored = StoredStation()
        stored.profile = profile(row)
        if let bytes: Data = row["memory"] {
            do {
                stored.memory = try JSONDecoder().decode(DeskMemory.self, from: bytes)
            } catch {
                logger.error(
                    "what was noted about a charging station cannot be read",
                    metadata: ["station": "\(station)", "error": "\(error)"])
            }
        }
        stored.connectors = try Row.fetchAll(
            db, sql: "SELECT * FROM connector WHERE station = ? ORDER BY evse, connector LIMIT ?",
            arguments: [station, Connectors.entriesMax]
        ).compactMap(connector)
        stored.open = try transactions(
            db, "SELECT state FROM charging_transaction WHERE station = ? AND booked = 0 ORDER BY id LIMIT ?",
            [station, TransactionBook.openMax])
        let recent = try transactions(
            db,
            "SELECT state FROM charging_transaction WHERE station = ? AND booked = 1 ORDER BY id DESC LIMIT ?",
            [station, StationDesk.recentTransactionsMax + 1])
        stored.hasOlderTransactions = recent.count > StationDesk.recentTransactionsMax
        stored.recent = recent.prefix(StationDesk.recentTransactionsMax).reversed()
        return stored
    }

    /// A transaction of the charging station; `nil` when there is none.
    static func find(_ query: TransactionQuery, of station: Int64, in db: Database) throws -> StoredTransaction? {
        switch query {
        case .id(let id):
            try transactions(
                db, "SELECT state FROM charging_transaction WHERE station = ? AND transaction_id = ?",
                [station, id.description]
            ).first
        case .start(let key):
            try transactions(
                db, "SELECT state FROM charging_transaction WHERE station = ? AND start_key = ? ORDER BY id",
                [station, key]
            ).first
        }
    }

    private static func transactions(
        _ db: Database, _ sql: String, _ arguments: StatementArguments
    ) throws -> [StoredTransaction] {
        try Data.fetchAll(db, sql: sql, arguments: arguments).compactMap { StoredTransaction(bytes: Array($0)) }
    }

    private static func profile(_ row: Row) -> StationProfile? {
        guard let version = (row["version"] as String?).flatMap(OCPPVersion.init(rawValue:)),
            let vendor: String = row["vendor"], let model: String = row["model"],
            let registration = Core.RegistrationStatus(
                rawValue: (row["boot_status"] as String?) ?? row["registration"]),
            let reason = (row["boot_reason"] as String?).flatMap(Core.BootReason.init(rawValue:)),
            let booted: Int64 = row["booted_us"]
        else { return nil }
        return StationProfile(
            restoring: version, vendor: vendor, model: model, serialNumber: row["serial"],
            firmwareVersion: row["firmware"], iccid: row["iccid"], imsi: row["imsi"], registration: registration,
            bootReason: reason, bootedAt: Timestamp(microseconds: booted))
    }

    private static func connector(_ row: Row) -> ConnectorState? {
        guard let status = Core.ConnectorStatus(rawValue: row["status"]) else { return nil }
        return ConnectorState(
            restoring: row["evse"], connector: row["connector"], status: status, statusText: row["status_text"],
            errorCode: row["error_code"], errorInfo: row["error_info"],
            changedAt: Timestamp(microseconds: row["changed_us"]))
    }
}
