internal import Foundation
internal import GRDB
internal import OCPP

/// A charging station as the HTTP API shows it.
struct StationResource: Encodable, Sendable {
    let identity: String
    let isConnected: Bool
    let version: String?
    let vendor: String?
    let model: String?
    /// As an operator registered it.
    let serial: String?
    /// As told at the last boot; like vendor, model and firmware it proves nothing.
    let announcedSerial: String?
    let firmware: String?
    /// Whether an operator has announced it; else it has come by itself.
    let isRegistered: Bool
    let registration: String
    /// What its last BootNotification was told.
    let bootStatus: String?
    /// Security profile that it has to use, 0 ... 3; the server's own when there is none.
    let profile: Int?
    let hasPassword: Bool
    /// Zone of its times without an offset (1.6); the server's when there is none.
    let timeZone: String?
    /// `connected`, `disconnected`, `heard` or `silent`, as last noted.
    let presence: String?
    /// When ``presence`` was noted.
    let lastSeen: String?

    static let columns = """
        id, identity, version, vendor, model, serial, registered_serial, firmware, registered, registration, boot_status,
        profile, time_zone, presence, seen_us,
        password IS NOT NULL AS has_password
        """

    init(_ row: Row, isConnected: Bool) {
        identity = row["identity"]
        self.isConnected = isConnected
        version = row["version"]
        vendor = row["vendor"]
        model = row["model"]
        serial = row["registered_serial"]
        announcedSerial = row["serial"]
        firmware = row["firmware"]
        isRegistered = row["registered"]
        registration = row["registration"]
        bootStatus = row["boot_status"]
        profile = row["profile"]
        hasPassword = row["has_password"]
        timeZone = row["time_zone"]
        presence = row["presence"]
        lastSeen = Instant.text(row["seen_us"])
    }
}

/// A connector as the HTTP API shows it.
struct ConnectorResource: Encodable, Sendable {
    /// From 1; 0 stands for the charging station in 1.6.
    let evse: Int
    let connector: Int
    /// One of the five states of 2.x.
    let status: String
    /// The word on the wire, which says more in 1.6.
    let statusText: String
    let errorCode: String?
    let errorInfo: String?
    let changed: String?

    init(_ row: Row) {
        evse = row["evse"]
        connector = row["connector"]
        status = row["status"]
        statusText = row["status_text"]
        errorCode = row["error_code"]
        errorInfo = row["error_info"]
        changed = Instant.text(row["changed_us"])
    }
}

/// A variable of the device model, or a configuration key of 1.6, as the HTTP API shows it.
struct VariableResource: Encodable, Sendable {
    let component: String
    let variable: String
    let attribute: String
    let value: String?
    let mutability: String?
    let changed: String?

    init(_ row: Row) {
        component = row["component"]
        variable = row["variable"]
        attribute = row["attribute"]
        value = row["value"]
        mutability = row["mutability"]
        changed = Instant.text(row["changed_us"])
    }
}

/// A transaction as the HTTP API shows it.
struct TransactionResource: Encodable, Sendable {
    /// Number within this server.
    let id: Int64
    let station: String
    /// As the charging station names it; the server's number in 1.6.
    let transactionId: String
    /// From 1; 0 when no message said it.
    let evse: Int
    let idToken: String?
    let started: String?
    /// The last instant heard of while it goes on.
    let ended: String?
    let meterStartWh: Double
    let meterStopWh: Double
    let energyWh: Double
    let stoppedReason: String
    /// Whether it is in the books.
    let isBooked: Bool
    /// Whether both its start and its end were told by the charging station.
    let isComplete: Bool
    /// Events between the first and the last that never came.
    let missingEvents: Int
    /// How its messages break the schema, where they were taken all the same; absent for none.
    let schemaViolations: [String]?

    static let columns = """
        t.id, s.identity, t.transaction_id, t.evse, t.id_token, t.started_us, t.ended_us, t.meter_start_wh,
        t.meter_stop_wh, t.stopped_reason, t.booked, t.complete, t.missing_events, t.schema_violations
        """

    init(_ row: Row) {
        id = row["id"]
        station = row["identity"]
        transactionId = row["transaction_id"]
        evse = row["evse"]
        idToken = row["id_token"]
        started = Instant.text(row["started_us"])
        ended = Instant.text(row["ended_us"])
        meterStartWh = row["meter_start_wh"]
        meterStopWh = row["meter_stop_wh"]
        energyWh = meterStopWh - meterStartWh
        stoppedReason = row["stopped_reason"]
        isBooked = row["booked"]
        isComplete = row["complete"]
        missingEvents = row["missing_events"]
        let violations: String? = row["schema_violations"]
        schemaViolations = violations.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }
    }
}

/// A message of a transaction as it was received.
struct TransactionEventResource: Encodable, Sendable {
    let seqNo: Int
    let action: String
    /// `Started`, `Updated` or `Ended`.
    let kind: String
    let received: String?
    /// The payload, byte for byte.
    let payload: String

    init(_ row: Row) {
        seqNo = row["seq_no"]
        action = row["action"]
        kind = row["kind"]
        received = Instant.text(row["received_us"])
        let bytes: Data = row["payload"]
        payload = String(decoding: bytes, as: UTF8.self)
    }
}

/// A transaction with everything that was received about it.
struct TransactionDetail: Encodable, Sendable {
    let transaction: TransactionResource
    /// In the order of their arrival; at most ``eventsMax``.
    let events: [TransactionEventResource]

    static let eventsMax = 10_000
}

/// A MeterValues message outside transactions as the HTTP API shows it.
struct MeterValueResource: Encodable, Sendable {
    let id: Int64
    let evse: Int
    let received: String?
    /// The payload, byte for byte.
    let payload: String

    init(_ row: Row) {
        id = row["id"]
        evse = row["evse"]
        received = Instant.text(row["received_us"])
        let bytes: Data = row["payload"]
        payload = String(decoding: bytes, as: UTF8.self)
    }
}

/// An entry of the diary as the HTTP API shows it.
struct EventResource: Encodable, Sendable {
    let id: Int64
    let station: String
    let received: String?
    /// When it happened, as the charging station says.
    let happened: String?
    let kind: String
    /// One word: a status, an event's type, a name.
    let subject: String
    let isCritical: Bool
    /// The message told of, as JSON text.
    let json: String?

    init(_ row: Row) {
        id = row["id"]
        station = row["identity"]
        received = Instant.text(row["received_us"])
        happened = Instant.text(row["happened_us"])
        kind = row["kind"]
        subject = row["subject"]
        isCritical = row["is_critical"]
        json = row["json"]
    }
}

/// A token as the HTTP API shows and takes it.
struct TokenResource: Encodable, APIBody, Sendable {
    /// 1 ... 36 characters; case does not matter.
    var idToken: String
    /// `Accepted`, `Blocked`, `Expired`, `Invalid` or another status of the standard; `Accepted` when absent.
    var status: String?
    /// Instant from which it is no longer valid.
    var expires: String?
    /// Tokens of one group may stop each other's transactions.
    var group: String?
    /// Priority of its transactions where power is short, -9 ... 9; 0 when absent.
    var chargingPriority: Int?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case idToken, status, expires, group, chargingPriority
    }
}

extension TokenResource {
    init(_ row: Row) {
        idToken = row["id_token"]
        status = row["status"]
        expires = Instant.text(row["expires_us"])
        group = row["group_id"]
        chargingPriority = row["priority"]
    }
}

/// Instants of the database.
enum Instant {
    static func text(_ microseconds: Int64?) -> String? {
        microseconds.map { Timestamp(microseconds: $0).text }
    }
}
