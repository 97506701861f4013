internal import CSMS
internal import Foundation
internal import GRDB
internal import Logging
internal import OCPP
internal import PKI
internal import Synchronization

/// Every charging station the database knows, by identity: what has to be known to let one in, kept in memory, so that a
/// storm of reconnections asks the database for nothing but the desks of those who come for the first time.
final class StationRegistry: Sendable {
    private let known: Mutex<KnownStations>
    private let store: Store
    private let logger: Logger

    private init(store: Store, logger: Logger, known: KnownStations) {
        self.store = store
        self.logger = logger
        self.known = Mutex(known)
    }

    /// Reads every charging station of the database.
    static func open(_ store: Store, logger: Logger) throws -> StationRegistry {
        let known = try store.pool.read { db in
            var known = KnownStations()
            let rows = try Row.fetchCursor(db, sql: "SELECT identity, \(columns) FROM station")
            while let row = try rows.next() {
                guard let identity = try? StationIdentity(row["identity"] as String) else { continue }
                _ = known.add(
                    StationEntry(station: row["id"], identity: identity, content: Self.content(row)))
            }
            return known
        }
        return StationRegistry(store: store, logger: logger, known: known)
    }

    private static let columns =
        "id, password, previous_password, profile, registered, registered_serial, time_zone"

    private static func content(_ row: Row) -> StationEntry.Content {
        var content = StationEntry.Content()
        content.password = (row["password"] as String?).flatMap { PasswordHash(text: $0) }
        content.previousPassword = (row["previous_password"] as String?).flatMap { PasswordHash(text: $0) }
        content.profile = (row["profile"] as Int?).flatMap(SecurityProfile.init(rawValue:))
        content.isRegistered = row["registered"]
        content.registeredSerial = row["registered_serial"]
        content.timeZone = row["time_zone"]
        return content
    }

    var count: Int { known.withLock { $0.count } }

    func entry(_ identity: StationIdentity) -> StationEntry? { known.withLock { $0.entry(identity) } }

    /// The charging station whose name `identity` could be taken for; `nil` where there is none.
    func conflict(with identity: StationIdentity) -> NameConflict? {
        known.withLock { $0.conflict(with: identity) }
    }

    /// The charging station for which a certificate with the common name `serial` is good already, besides `entry`.
    func conflict(ofSerial serial: String, for entry: StationEntry) -> NameConflict? {
        known.withLock { $0.conflict(ofSerial: serial, for: entry) }
    }

    /// The serial number that an operator registered for an identity.
    func registeredSerial(of identity: String) -> String? {
        guard let identity = try? StationIdentity(identity) else { return nil }
        return entry(identity)?.with { $0.registeredSerial }
    }

    /// An operator has registered a serial number, or taken one back with `nil`.
    func setSerial(_ serial: String?, of entry: StationEntry) {
        known.withLock { $0.setSerial(serial, of: entry) }
    }

    func isConnected(_ identity: String) -> Bool {
        guard let identity = try? StationIdentity(identity) else { return false }
        return entry(identity)?.isConnected ?? false
    }

    /// Charging stations with an open connection.
    var connectedCount: Int {
        let all = known.withLock { $0.all }
        return all.count { $0.isConnected }
    }

    /// Open connections at this moment.
    var connections: [StationConnection] {
        let all = known.withLock { $0.all }
        return all.compactMap { entry in entry.with { $0.connection } }
    }

    /// Adds what has just been written to the database; the one that was there first stays.
    func add(_ entry: StationEntry) -> StationEntry { known.withLock { $0.add(entry) } }

    /// Writes a charging station that is not known yet; one that is stays as it is.
    ///
    /// - Parameter isRegistered: whether an operator announces it.
    /// - Throws: ``StoreUnavailable`` or GRDB's `DatabaseError`.
    func provision(
        _ identity: StationIdentity, registration: Core.RegistrationStatus, password: PasswordHash?,
        isRegistered: Bool, writer: StoreWriter
    ) async throws -> StationEntry {
        if let known = entry(identity) { return known }
        let stored = password?.description
        let now = WallClock.now
        let row = try await writer.perform { db in
            try db.execute(
                sql: """
                    INSERT INTO station (identity, registration, password, registered, created_us)
                    VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [identity.text, registration.rawValue, stored, isRegistered, now.microseconds])
            return try Row.fetchOne(
                db, sql: "SELECT \(Self.columns) FROM station WHERE identity = ?", arguments: [identity.text]
            ).map { (id: $0["id"] as Int64, content: Self.content($0)) }
        }
        guard let row else { throw StoreUnavailable(problem: "a charging station could not be written") }
        return add(StationEntry(station: row.id, identity: identity, content: row.content))
    }

    /// The desk of a charging station: the present one, or one rebuilt from the database.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    func slot(of entry: StationEntry, settings: DeskSettings, context: LoopContext) async throws -> StationSlot {
        if let slot = entry.with({ $0.slot }), !slot.isStale { return slot }
        let station = entry.station
        let (stored, list) = try await store.pool.read { [logger] db in
            (try StationLoader.load(station, from: db, logger: logger), try LocalLists.pending(of: station, in: db))
        }
        var desk = StationDesk(identity: entry.identity.text, settings: settings, restored: stored)
        if let list {
            // An order that was not carried out before the desk was last given up; nothing comes of it yet.
            var outputs: [StationDesk.Output] = []
            desk.handle(.localList(list), now: WallClock.now, directory: TokenDirectory(), outputs: &outputs)
        }
        let made = StationSlot(
            station: station, identity: LogText.escaped(entry.identity.text), desk: desk, context: context)
        return entry.with { content in
            if let slot = content.slot, !slot.isStale { return slot }
            content.slot = made
            return made
        }
    }
}
