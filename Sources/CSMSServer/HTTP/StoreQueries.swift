internal import GRDB
internal import OCPP

/// What the HTTP API reads. Every query runs on a reading connection beside the writer.
struct StoreQueries: Sendable {
    let store: Store
    /// Whether a charging station, by its identity, is connected.
    let isConnected: @Sendable (String) -> Bool

    func stations(_ page: PageRequest, connected: Bool?) async throws -> Page<StationResource> {
        try await store.pool.read { db in
            var rows: [(Int64, StationResource)] = []
            let cursor = try Row.fetchCursor(
                db, sql: "SELECT \(StationResource.columns) FROM station WHERE id > ? ORDER BY id",
                arguments: [page.after])
            while rows.count <= page.limit, let row = try cursor.next() {
                let isConnected = isConnected(row["identity"])
                if let connected, connected != isConnected { continue }
                rows.append((row["id"], StationResource(row, isConnected: isConnected)))
            }
            return Page(rows, limit: page.limit)
        }
    }

    func station(_ identity: StationIdentity) async throws -> StationResource {
        let found: StationResource? = try await store.pool.read { db in
            try Row.fetchOne(
                db, sql: "SELECT \(StationResource.columns) FROM station WHERE identity = ?",
                arguments: [identity.text]
            ).map { StationResource($0, isConnected: isConnected(identity.text)) }
        }
        guard let found else { throw Self.unknown(identity) }
        return found
    }

    func connectors(_ identity: StationIdentity) async throws -> Page<ConnectorResource> {
        try await list(
            identity, "SELECT * FROM connector WHERE station = ? ORDER BY evse, connector", ConnectorResource.init)
    }

    func variables(_ identity: StationIdentity) async throws -> Page<VariableResource> {
        try await list(
            identity, "SELECT * FROM variable WHERE station = ? ORDER BY component, variable, attribute",
            VariableResource.init)
    }

    /// MeterValues outside transactions, oldest first.
    func meterValues(_ identity: StationIdentity, _ page: PageRequest) async throws -> Page<MeterValueResource> {
        try await store.pool.read { db in
            guard
                let id = try Int64.fetchOne(
                    db, sql: "SELECT id FROM station WHERE identity = ?", arguments: [identity.text])
            else { throw Self.unknown(identity) }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT m.* FROM (
                        SELECT id FROM meter_value_by_station WHERE station = :station AND id > :after
                        UNION ALL
                        SELECT id FROM meter_value WHERE station = :station AND id > :after
                            AND id > (SELECT upto FROM meter_value_progress)
                        ORDER BY id LIMIT :limit
                    ) AS found JOIN meter_value m ON m.id = found.id ORDER BY m.id
                    """, arguments: ["station": id, "after": page.after, "limit": page.limit + 1])
            return Page(rows.map { ($0["id"], MeterValueResource($0)) }, limit: page.limit)
        }
    }

    private func list<Item: Encodable & Sendable>(
        _ identity: StationIdentity, _ sql: String, _ make: @escaping @Sendable (Row) -> Item
    ) async throws -> Page<Item> {
        try await store.pool.read { db in
            guard
                let id = try Int64.fetchOne(
                    db, sql: "SELECT id FROM station WHERE identity = ?", arguments: [identity.text])
            else { throw Self.unknown(identity) }
            let rows = try Row.fetchAll(db, sql: sql, arguments: [id]).map { (position: Int64(0), item: make($0)) }
            return Page(rows, limit: max(1, rows.count))
        }
    }

    static func unknown(_ identity: StationIdentity) -> Problem {
        .notFound("no charging station \"\(LogText.escaped(identity.text))\" is known")
    }

    /// Which transactions are asked for.
    struct TransactionFilter: Sendable {
        var station: String?
        var idToken: String?
        var booked: Bool?
        /// Started not before.
        var from: Timestamp?
        /// Started before.
        var until: Timestamp?
        /// Whether messages of it broke the schema.
        var violations: Bool?
    }

    func transactions(_ page: PageRequest, _ filter: TransactionFilter) async throws -> Page<TransactionResource> {
        var conditions = ["t.id > ?"]
        var arguments: StatementArguments = [page.after]
        if let station = filter.station {
            conditions.append("s.identity = ?")
            arguments += [station]
        }
        if let token = filter.idToken {
            conditions.append("t.id_token = ? COLLATE NOCASE")
            arguments += [token]
        }
        if let booked = filter.booked {
            conditions.append("t.booked = ?")
            arguments += [booked]
        }
        if let from = filter.from {
            conditions.append("t.started_us >= ?")
            arguments += [from.microseconds]
        }
        if let until = filter.until {
            conditions.append("t.started_us < ?")
            arguments += [until.microseconds]
        }
        if let violations = filter.violations {
            conditions.append("t.schema_violations IS \(violations ? "NOT " : "")NULL")
        }
        arguments += [page.limit + 1]
        let sql = """
            SELECT \(TransactionResource.columns) FROM charging_transaction t JOIN station s ON s.id = t.station
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY t.id LIMIT ?
            """
        return try await store.pool.read { [arguments] db in
            let rows = try Row.fetchAll(db, sql: sql, arguments: arguments)
            return Page(rows.map { ($0["id"], TransactionResource($0)) }, limit: page.limit)
        }
    }

    func transaction(_ id: Int64) async throws -> TransactionDetail? {
        try await store.pool.read { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT \(TransactionResource.columns), t.station FROM charging_transaction t
                        JOIN station s ON s.id = t.station WHERE t.id = ?
                        """, arguments: [id])
            else { return nil }
            let station: Int64 = row["station"]
            let name: String = row["transaction_id"]
            let events = try Row.fetchAll(
                db,
                sql: """
                    SELECT seq_no, action, kind, received_us, payload FROM transaction_event
                    WHERE station = ? AND transaction_id = ? ORDER BY id LIMIT ?
                    """, arguments: [station, name, TransactionDetail.eventsMax])
            return TransactionDetail(
                transaction: TransactionResource(row), events: events.map(TransactionEventResource.init))
        }
    }

    func events(
        _ page: PageRequest, station: String?, kind: String?, critical: Bool?
    ) async throws -> Page<EventResource> {
        var conditions = ["d.id > ?"]
        var arguments: StatementArguments = [page.after]
        if let station {
            conditions.append("s.identity = ?")
            arguments += [station]
        }
        if let kind {
            conditions.append("d.kind = ?")
            arguments += [kind]
        }
        if let critical {
            conditions.append("d.is_critical = ?")
            arguments += [critical]
        }
        arguments += [page.limit + 1]
        let sql = """
            SELECT d.*, s.identity FROM diary d JOIN station s ON s.id = d.station
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY d.id LIMIT ?
            """
        return try await store.pool.read { [arguments] db in
            let rows = try Row.fetchAll(db, sql: sql, arguments: arguments)
            return Page(rows.map { ($0["id"], EventResource($0)) }, limit: page.limit)
        }
    }

    func tokens(after: String, limit: Int) async throws -> (items: [TokenResource], next: String?) {
        try await store.pool.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM token WHERE id_token > ? ORDER BY id_token LIMIT ?",
                arguments: [after, limit + 1])
            let items = rows.prefix(limit).map(TokenResource.init)
            return (items, rows.count > limit ? items.last?.idToken : nil)
        }
    }

    func token(_ idToken: String) async throws -> TokenResource? {
        try await store.pool.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM token WHERE id_token = ?", arguments: [idToken])
                .map(TokenResource.init)
        }
    }
}
