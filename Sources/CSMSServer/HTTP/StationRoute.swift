internal import CSMS
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import OCPP
internal import PKI

/// `PUT /stations/{identity}`: announces a charging station, or changes what is asked of it.
struct StationRoute: Sendable {
    let hub: Hub
    let queries: StoreQueries

    private struct Change: APIBody, Sendable {
        var registration: String?
        var profile: Int?
        var password: String?
        /// `nil` inside takes the registered one back.
        var serial: String??
        /// `nil` inside leaves it to the server.
        var timeZone: String??

        enum CodingKeys: String, CodingKey, CaseIterable {
            case registration, profile, password, serial, timeZone
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            registration = try values.decodeIfPresent(String.self, forKey: .registration)
            profile = try values.decodeIfPresent(Int.self, forKey: .profile)
            password = try values.decodeIfPresent(String.self, forKey: .password)
            if values.contains(.serial) { serial = .some(try values.decodeIfPresent(String.self, forKey: .serial)) }
            if values.contains(.timeZone) {
                timeZone = .some(try values.decodeIfPresent(String.self, forKey: .timeZone))
            }
        }
    }

    func put(_ request: Request, _ context: APIContext) async throws -> Response {
        let identity = try context.identity()
        let change = try await APIJSON.decode(Change.self, from: request)
        let registration = try Self.registration(change.registration)
        if let profile = change.profile, SecurityProfile(rawValue: profile) == nil {
            throw Problem.invalid("0, 1, 2 or 3", field: "profile")
        }
        if let password = change.password { try Self.check(password) }
        if let serial = change.serial ?? nil { try Self.check(serial: serial) }
        if let zone = change.timeZone ?? nil, !TimeZones.isKnown(zone) {
            throw Problem.invalid("an IANA name such as Europe/Berlin, or an offset such as +02:00", field: "timeZone")
        }
        let known = hub.registry.entry(identity)
        let entry: StationEntry
        if let known {
            entry = known
        } else {
            if let conflict = hub.registry.conflict(with: identity) { throw Problem.conflict(conflict.words) }
            entry = try await hub.registry.provision(
                identity, registration: registration ?? .accepted, password: nil, isRegistered: true,
                writer: hub.writer)
        }
        if let serial = change.serial ?? nil, let conflict = hub.registry.conflict(ofSerial: serial, for: entry) {
            throw Problem(
                status: 409, title: "Conflict", detail: "serial \"\(LogText.escaped(serial))\": \(conflict.words)",
                field: "serial")
        }
        let wasRegistered = entry.with { $0.isRegistered }
        // Announced by an operator, it is accepted whatever the policy for strangers says.
        try await apply(change, registration ?? (known == nil ? .accepted : nil), to: entry)
        if let password = change.password { try await set(Array(password.utf8), of: entry, wasRegistered) }
        return try APIJSON.response(try await queries.station(identity), status: known == nil ? .created : .ok)
    }

    /// A password that has come from nobody knows whom ends with the operator's, and its connection with it.
    private func set(_ password: [UInt8], of entry: StationEntry, _ wasRegistered: Bool) async throws {
        guard wasRegistered, entry.with({ $0.password != nil }) else {
            try await hub.setFirstPassword(password, of: entry)
            if !wasRegistered { await cut(entry, reason: "password registered") }
            return
        }
        try await hub.setPassword(password, of: entry)
    }

    private func cut(_ entry: StationEntry, reason: String) async {
        guard let connection = entry.with({ $0.connection }) else { return }
        try? await connection.context.eventLoop.submit {
            connection.expel(reason: reason)
        }.get()
    }

    private func set(timeZone: String?, of entry: StationEntry) async {
        let connection = entry.with { content in
            content.timeZone = timeZone
            return content.connection
        }
        guard let connection, connection.version == .v16 else { return }
        let zone = TimeZones.zone(timeZone ?? hub.settings.timeZone)
        try? await connection.context.eventLoop.submit { connection.zone = zone }.get()
    }

    private func apply(
        _ change: Change, _ registration: Core.RegistrationStatus?, to entry: StationEntry
    ) async throws {
        let station = entry.station
        let serial = change.serial
        let profile = leastProfile(change, entry)
        try await hub.writer.perform { db in
            try db.execute(sql: "UPDATE station SET registered = 1 WHERE id = ?", arguments: [station])
            if let registration {
                try db.execute(
                    sql: "UPDATE station SET registration = ? WHERE id = ?",
                    arguments: [registration.rawValue, station])
            }
            if let profile {
                try db.execute(
                    sql: "UPDATE station SET profile = ? WHERE id = ?", arguments: [profile.rawValue, station])
            }
            if let serial {
                try db.execute(
                    sql: "UPDATE station SET registered_serial = ? WHERE id = ?", arguments: [serial, station])
            }
            if let timeZone = change.timeZone {
                try db.execute(sql: "UPDATE station SET time_zone = ? WHERE id = ?", arguments: [timeZone, station])
            }
        }
        if let timeZone = change.timeZone { await set(timeZone: timeZone, of: entry) }
        entry.with { content in
            content.isRegistered = true
            if let profile { content.profile = profile }
        }
        if let serial {
            hub.registry.setSerial(serial, of: entry)
            let isStale = entry.with { $0.connection?.certifiedSerial.map { $0 != serial } ?? false }
            if isStale { await cut(entry, reason: "the serial number is not registered any more") }
        }
        guard let registration else { return }
        // The desk decides at the next boot; one that nobody has needed yet is made for the purpose.
        hub.deliver(.registration(registration), to: try await hub.slot(of: entry))
        try await hub.settle()
    }

    /// The profile asked for. A password is set to be asked for: without a profile beside it the station has 1 at least.
    private func leastProfile(_ change: Change, _ entry: StationEntry) -> SecurityProfile? {
        if let profile = change.profile { return SecurityProfile(rawValue: profile) }
        guard change.password != nil, hub.settings.profile < .basic else { return nil }
        let own = entry.with { $0.profile } ?? SecurityProfile.none
        return own < .basic ? .basic : nil
    }

    private static func registration(_ word: String?) throws(Problem) -> Core.RegistrationStatus? {
        guard let word else { return nil }
        guard
            let status = Core.RegistrationStatus.allCases.first(where: { $0.rawValue.lowercased() == word.lowercased() }
            )
        else { throw .invalid("Accepted, Pending or Rejected", field: "registration") }
        return status
    }

    /// - Source: OCPP 2.0.1 part 2, `ChargingStationType`; OCPP 1.6, `BootNotification.req`: at most 25 characters.
    private static func check(serial: String) throws(Problem) {
        let hasControls = serial.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard (1...25).contains(serial.count), !hasControls else {
            throw .invalid("1 to 25 characters without control characters", field: "serial")
        }
    }

    /// - Source: OCPP 2.0.1 part 2, A00.FR.205; OCPP 1.6 security whitepaper, `AuthorizationKey`: up to 40 digits.
    private static func check(_ password: String) throws(Problem) {
        let bytes = Array(password.utf8)
        guard StationPassword.lengths.contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalid("16 to 40 printable ASCII characters without spaces", field: "password")
        }
    }
}
