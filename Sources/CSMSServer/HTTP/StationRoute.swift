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
        var serial: String?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case registration, profile, password, serial
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
        if let serial = change.serial { try Self.check(serial: serial) }
        let known = hub.registry.entry(identity)
        let entry: StationEntry
        if let known {
            entry = known
        } else {
            entry = try await hub.registry.provision(
                identity, registration: registration ?? .accepted, password: nil, writer: hub.writer)
        }
        // Announced by an operator, it is accepted whatever the policy for strangers says.
        try await apply(change, registration ?? (known == nil ? .accepted : nil), to: entry)
        if let password = change.password {
            try await known == nil || entry.with({ $0.password == nil })
                ? hub.setFirstPassword(Array(password.utf8), of: entry)
                : hub.setPassword(Array(password.utf8), of: entry)
        }
        return try APIJSON.response(try await queries.station(identity), status: known == nil ? .created : .ok)
    }

    private func apply(
        _ change: Change, _ registration: Core.RegistrationStatus?, to entry: StationEntry
    ) async throws {
        let station = entry.station
        try await hub.writer.perform { db in
            if let registration {
                try db.execute(
                    sql: "UPDATE station SET registration = ? WHERE id = ?",
                    arguments: [registration.rawValue, station])
            }
            if let profile = change.profile {
                try db.execute(sql: "UPDATE station SET profile = ? WHERE id = ?", arguments: [profile, station])
            }
            if let serial = change.serial {
                try db.execute(sql: "UPDATE station SET serial = ? WHERE id = ?", arguments: [serial, station])
            }
        }
        entry.with { content in
            if let profile = change.profile { content.profile = SecurityProfile(rawValue: profile) }
            if let serial = change.serial { content.serial = serial }
        }
        guard let registration else { return }
        // The desk decides at the next boot; one that nobody has needed yet is made for the purpose.
        hub.deliver(.registration(registration), to: try await hub.slot(of: entry))
        try await hub.settle()
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
