internal import CSMS
internal import Foundation
internal import GRDB
internal import OCPP
internal import OCPPMessages

/// The statements that store the records of the CSMS core, prepared once for the writer's connection.
final class EffectStatements {
    private var station: PreparedStatement
    private var presence: PreparedStatement
    private var connector: PreparedStatement
    private var transaction: PreparedStatement
    private var event: PreparedStatement
    private var meterValue: PreparedStatement
    private var variable: PreparedStatement
    private var record: PreparedStatement
    private var diary: PreparedStatement
    private var memory: PreparedStatement
    private let forgetOne: Statement
    private let violations: Statement
    private let setViolations: Statement
    private let keys: Statement
    private let encoder = JSONEncoder()
    /// Meter values that are not entered in the list by charging station yet.
    private var unlistedMeterValues: Int
    /// So many are entered at once, which takes some tens of milliseconds.
    static let meterValuePortion = 50_000

    init(_ db: Database) throws {
        station = try PreparedStatement(
            """
            UPDATE station SET version = ?, vendor = ?, model = ?, serial = ?, firmware = ?, iccid = ?, imsi = ?,
                boot_status = ?, registration = CASE registered WHEN 1 THEN registration ELSE ? END, boot_reason = ?,
                booted_us = ? WHERE id = ?
            """, in: db)
        presence = try PreparedStatement("UPDATE station SET presence = ?, seen_us = ? WHERE id = ?", in: db)
        connector = try PreparedStatement(
            "INSERT OR REPLACE INTO connector VALUES (?, ?, ?, ?, ?, ?, ?, ?)", in: db)
        transaction = try PreparedStatement(
            """
            INSERT INTO charging_transaction (station, transaction_id, start_key, state, booked, complete, evse, id_token,
                started_us, ended_us, meter_start_wh, meter_stop_wh, stopped_reason, missing_events)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (station, transaction_id) DO UPDATE SET start_key = excluded.start_key, state = excluded.state,
                booked = excluded.booked, complete = excluded.complete, evse = excluded.evse,
                id_token = excluded.id_token, started_us = excluded.started_us, ended_us = excluded.ended_us,
                meter_start_wh = excluded.meter_start_wh, meter_stop_wh = excluded.meter_stop_wh,
                stopped_reason = excluded.stopped_reason, missing_events = excluded.missing_events
            """, in: db)
        event = try PreparedStatement(
            """
            INSERT INTO transaction_event (station, transaction_id, seq_no, kind, action, received_us, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """, in: db)
        meterValue = try PreparedStatement(
            "INSERT INTO meter_value (station, evse, received_us, payload) VALUES (?, ?, ?, ?)", in: db)
        variable = try PreparedStatement(
            """
            INSERT INTO variable (station, component, variable, attribute, value, mutability, characteristics, changed_us)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (station, component, variable, attribute) DO UPDATE SET
                value = coalesce(excluded.value, value), mutability = coalesce(excluded.mutability, mutability),
                characteristics = coalesce(excluded.characteristics, characteristics), changed_us = excluded.changed_us
            """, in: db)
        record = try PreparedStatement("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)", in: db)
        diary = try PreparedStatement(
            """
            INSERT INTO diary (station, kind, subject, is_critical, received_us, happened_us, json)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, in: db)
        memory = try PreparedStatement("UPDATE station SET memory = ? WHERE id = ?", in: db)
        forgetOne = try db.makeStatement(sql: "DELETE FROM record WHERE station = ? AND kind = ? AND key = ?")
        violations = try db.makeStatement(
            sql: "SELECT schema_violations FROM charging_transaction WHERE station = ? AND transaction_id = ?")
        setViolations = try db.makeStatement(
            sql: "UPDATE charging_transaction SET schema_violations = ? WHERE station = ? AND transaction_id = ?")
        keys = try db.makeStatement(sql: "SELECT key FROM record WHERE station = ? AND kind = ?")
        unlistedMeterValues =
            try Int.fetchOne(
                db, sql: "SELECT coalesce(max(id), 0) - (SELECT upto FROM meter_value_progress) FROM meter_value") ?? 0
    }

    /// Enters meter values in the list by charging station when there are enough of them.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    func listMeterValuesIfDue(_ db: Database) throws {
        guard unlistedMeterValues >= Self.meterValuePortion else { return }
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO meter_value_by_station (station, id)
                SELECT station, id FROM meter_value WHERE id > (SELECT upto FROM meter_value_progress) ORDER BY station, id
                """)
        try db.execute(sql: "UPDATE meter_value_progress SET upto = (SELECT coalesce(max(id), 0) FROM meter_value)")
        unlistedMeterValues = 0
    }

    /// Stores one record about the charging station with this number.
    ///
    /// - Throws: GRDB's `DatabaseError`.
    func store(_ effect: StoreEffect, station id: Int64, frame: StoredFrame) throws {
        switch effect {
        case .payload(let kept): try store(kept, id, frame)
        case .transaction(let transaction, _): try store(transaction, id)
        case .connector(let state): try store(state, id)
        case .presence(let state, let instant):
            presence.bind(state.rawValue)
            presence.bind(instant)
            presence.bind(id)
            try presence.run()
        case .station(let profile): try store(profile, id)
        case .tokenRefused(let token, let status, let instant):
            diary.bind(id)
            diary.bind("tokenRefused")
            diary.bind(token.idToken.description)
            diary.bind(false)
            diary.bind(instant)
            diary.bindNull()
            diary.bind("{\"status\":\(JSONString.quoted(status.rawValue))}")
            try diary.run()
        case .variable(let value, let instant): try store(value, id, instant)
        case .put(let object, let instant):
            record.bind(id)
            record.bind(object.kind.rawValue)
            record.bind(object.key)
            record.bind(text: object.json)
            record.bind(instant)
            try record.run()
        case .forget(let kind, let pattern): try forget(kind, pattern, id)
        case .diary(let entry): try store(entry, id)
        case .memory(let content):
            let bytes = Array(try encoder.encode(content))
            memory.bind(bytes, 0..<bytes.count)
            memory.bind(id)
            try memory.run()
        }
    }

    /// Stores what the server itself has seen.
    func store(_ note: SecurityNote, station id: Int64) throws {
        diary.bind(id)
        diary.bind(DiaryKind.securityEvent.rawValue)
        diary.bind(note.kind)
        diary.bind(true)
        diary.bind(note.at)
        diary.bind(note.at)
        diary.bind("{\"techInfo\":\(JSONString.quoted(note.detail)),\"seenBy\":\"csms\"}")
        try diary.run()
    }

    private func store(_ kept: KeptPayload, _ id: Int64, _ frame: StoredFrame) throws {
        guard let transactionID = kept.transactionID else {
            meterValue.bind(id)
            meterValue.bind(kept.evse)
            meterValue.bind(kept.receivedAt)
            meterValue.bind(frame.bytes, frame.payload)
            try meterValue.run()
            unlistedMeterValues += 1
            return
        }
        event.bind(id)
        event.bind(transactionID.description)
        event.bind(kept.sequence)
        event.bind(kept.event?.rawValue ?? "")
        event.bind(kept.action)
        event.bind(kept.receivedAt)
        event.bind(frame.bytes, frame.payload)
        try event.run()
        if !frame.violations.isEmpty {
            try mark(transactionID.description, of: id, action: kept.action, frame.violations)
        }
    }

    /// Violations kept of one transaction; the first ones stay.
    private static let violationsMax = 16

    /// Marks a transaction that a message belongs to which breaks its schema.
    private func mark(_ transaction: String, of id: Int64, action: String, _ found: [String]) throws {
        let text = try String.fetchOne(violations, arguments: [id, transaction])
        var list = try text.map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) } ?? []
        for violation in found.map({ "\(action): \($0)" }) where !list.contains(violation) { list.append(violation) }
        let json = String(decoding: try JSONEncoder().encode(Array(list.prefix(Self.violationsMax))), as: UTF8.self)
        try setViolations.execute(arguments: [json, id, transaction])
    }

    private func store(_ stored: StoredTransaction, _ id: Int64) throws {
        let known = stored.record
        let bytes = stored.bytes
        transaction.bind(id)
        transaction.bind(stored.transactionID.description)
        transaction.bind(stored.start?.key)
        transaction.bind(bytes, 0..<bytes.count)
        transaction.bind(stored.isBooked)
        transaction.bind(known.complete)
        transaction.bind(known.evse)
        transaction.bind(known.idToken?.idToken.description)
        transaction.bind(known.started)
        transaction.bind(known.ended)
        transaction.bind(known.meterStartWh)
        transaction.bind(known.meterStopWh)
        transaction.bind(known.stoppedReason.rawValue)
        transaction.bind(known.missingEvents)
        try transaction.run()
    }

    private func store(_ state: ConnectorState, _ id: Int64) throws {
        connector.bind(id)
        connector.bind(state.evse)
        connector.bind(state.connector)
        connector.bind(state.status.rawValue)
        connector.bind(state.statusText)
        connector.bind(state.errorCode)
        connector.bind(state.errorInfo)
        connector.bind(state.changedAt)
        try connector.run()
    }

    private func store(_ profile: StationProfile, _ id: Int64) throws {
        station.bind(profile.version.rawValue)
        station.bind(profile.vendor)
        station.bind(profile.model)
        station.bind(profile.serialNumber)
        station.bind(profile.firmwareVersion)
        station.bind(profile.iccid)
        station.bind(profile.imsi)
        station.bind(profile.registration.rawValue)
        station.bind(profile.registration.rawValue)
        station.bind(profile.bootReason.rawValue)
        station.bind(profile.bootedAt)
        station.bind(id)
        try station.run()
    }

    private func store(_ value: VariableValue, _ id: Int64, _ instant: Timestamp) throws {
        variable.bind(id)
        variable.bind(value.component)
        variable.bind(value.variable)
        variable.bind(value.attribute.wireText)
        variable.bind(value.value)
        variable.bind(value.mutability?.wireText)
        if let json = value.characteristics { variable.bind(text: json) } else { variable.bindNull() }
        variable.bind(instant)
        try variable.run()
    }

    private func store(_ entry: DiaryEntry, _ id: Int64) throws {
        diary.bind(id)
        diary.bind(entry.kind.rawValue)
        diary.bind(entry.subject)
        diary.bind(entry.isCritical)
        diary.bind(entry.receivedAt)
        diary.bind(entry.happenedAt)
        if entry.json.isEmpty { diary.bindNull() } else { diary.bind(text: entry.json) }
        try diary.run()
    }

    /// A `*` in the pattern stands for any one part between slashes.
    private func forget(_ kind: RecordKind, _ pattern: String, _ id: Int64) throws {
        guard pattern.utf8.contains(UInt8(ascii: "*")) else {
            return try forgetOne.execute(arguments: [id, kind.rawValue, pattern])
        }
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
        for key in try String.fetchAll(keys, arguments: [id, kind.rawValue]) {
            let found = key.split(separator: "/", omittingEmptySubsequences: false)
            guard found.count == parts.count, zip(parts, found).allSatisfy({ $0 == "*" || $0 == $1 }) else { continue }
            try forgetOne.execute(arguments: [id, kind.rawValue, key])
        }
    }
}
