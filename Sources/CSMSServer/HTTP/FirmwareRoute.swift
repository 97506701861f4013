internal import CSMS
internal import Foundation
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import OCPP
internal import PKI

/// `/firmware`: rolls a firmware out to charging stations, and tells how far it has come.
struct FirmwareRoute: Sendable {
    let hub: Hub

    private struct Body: APIBody {
        let stations: [String]
        let version: String
        let location: String
        var retrieveAt: String?
        var installAt: String?
        var signingCertificate: String?
        var signature: String?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case stations, version, location, retrieveAt, installAt, signingCertificate, signature
        }
    }

    private struct Ordered: Encodable {
        /// Decimal digits: more than a number of JSON can hold for sure.
        let id: String
        let stations: Int
    }

    private struct Progress: Encodable {
        let id: String
        let version: String
        let location: String
        let retrieveAt: String
        let installAt: String?
        let isSigned: Bool
        let state: String
        let attempts: Int
        /// While it waits.
        let nextAttempt: String?
        /// The charging station's word, as last told.
        let status: String?

        init(_ progress: FirmwareProgress) {
            let order = progress.order
            id = "\(order.id)"
            version = order.version
            location = order.location
            retrieveAt = order.retrieveAt.text
            installAt = order.installAt?.text
            isSigned = order.signature != nil
            state = progress.state.rawValue
            attempts = progress.attempts
            nextAttempt = progress.state == .waiting ? progress.nextAttempt.text : nil
            status = progress.status.isEmpty ? nil : progress.status
        }
    }

    /// Gives the order to all charging stations or, with an error, to none. Who is not connected gets it later.
    func order(_ request: Request) async throws -> Response {
        let body = try await APIJSON.decode(Body.self, from: request)
        let entries = try StationList.entries(of: body.stations, in: hub.registry)
        let order = try Self.order(body, now: WallClock.now)
        for entry in entries { hub.deliver(.firmware(order), to: try await hub.slot(of: entry)) }
        try await hub.settle()
        return try APIJSON.response(Ordered(id: "\(order.id)", stations: entries.count))
    }

    func get(_ identity: StationIdentity) async throws -> Response {
        guard let progress = try await StationList.memory(of: identity, in: hub.store).firmware else {
            throw Problem.notFound("no firmware has been ordered for it")
        }
        return try APIJSON.response(Progress(progress))
    }

    /// The lengths are those that all versions of the protocol can carry.
    private static func order(_ body: Body, now: Timestamp) throws(Problem) -> FirmwareOrder {
        guard (1...50).contains(body.version.count) else { throw .invalid("1 to 50 characters", field: "version") }
        let schemes = ["http", "https", "ftp", "ftps", "sftp"]
        guard body.location.utf8.count <= 512, body.location.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            schemes.contains(where: { body.location.lowercased().hasPrefix($0 + "://") })
        else {
            throw .invalid("a URL of at most 512 characters with \(schemes.joined(separator: ", "))", field: "location")
        }
        guard (body.signingCertificate == nil) == (body.signature == nil) else {
            throw .invalid(
                "signingCertificate and signature belong together",
                field: body.signature == nil ? "signature" : "signingCertificate")
        }
        if let pem = body.signingCertificate {
            guard pem.utf8.count <= 5500, (try? Certificate(pem: pem)) != nil else {
                throw .invalid("a certificate in PEM of at most 5,500 characters", field: "signingCertificate")
            }
        }
        if let signature = body.signature {
            guard (1...800).contains(signature.utf8.count), ByteText.bytes(base64: signature) != nil else {
                throw .invalid("base64 of at most 800 characters", field: "signature")
            }
        }
        return FirmwareOrder(
            id: UInt64(clamping: now.microseconds), version: body.version, location: body.location,
            retrieveAt: try instant(body.retrieveAt, "retrieveAt") ?? now,
            installAt: try instant(body.installAt, "installAt"), signingCertificate: body.signingCertificate,
            signature: body.signature)
    }

    private static func instant(_ text: String?, _ field: String) throws(Problem) -> Timestamp? {
        guard let text else { return nil }
        guard let instant = Timestamp(text: text) else {
            throw .invalid("an instant such as 2027-01-01T00:00:00Z", field: field)
        }
        return instant
    }
}

/// The charging stations that an order names, and what their desks have noted about it.
enum StationList {
    /// Charging stations in one order.
    static let stationsMax = 10_000

    /// - Throws: ``Problem`` for an empty or too long list, and for the first charging station that is not known.
    static func entries(of identities: [String], in registry: StationRegistry) throws(Problem) -> [StationEntry] {
        guard (1...stationsMax).contains(identities.count) else {
            throw .invalid("1 to \(stationsMax) identities of charging stations", field: "stations")
        }
        var entries: [StationEntry] = []
        for (index, text) in identities.enumerated() {
            guard let identity = try? StationIdentity(text), let entry = registry.entry(identity) else {
                throw .invalid("no such charging station is known", field: "stations[\(index)]")
            }
            entries.append(entry)
        }
        return entries
    }

    /// What a charging station's desk has noted, as the database holds it.
    ///
    /// - Throws: ``Problem`` for a charging station that is not known.
    static func memory(of identity: StationIdentity, in store: Store) async throws -> DeskMemory {
        let found = try await store.pool.read { db in
            try Row.fetchOne(db, sql: "SELECT memory FROM station WHERE identity = ?", arguments: [identity.text])
                .map { $0["memory"] as Data? }
        }
        guard let found else { throw StoreQueries.unknown(identity) }
        return try found.map { try JSONDecoder().decode(DeskMemory.self, from: $0) } ?? DeskMemory()
    }
}
