internal import CSMS
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import OCPP

/// `/local-lists`: makes a local authorization list of known tokens and has it brought to charging stations.
struct LocalListRoute: Sendable {
    let hub: Hub

    private struct Body: APIBody {
        let stations: [String]
        var tokens: [String]?
        var type: String?
        var whole: Bool?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case stations, tokens, type, whole
        }
    }

    private struct Ordered: Encodable {
        let version: Int
        let entries: Int
        let stations: Int
    }

    private struct State: Encodable {
        /// Version of the list it has, as far as is known.
        let version: Int?
        /// What was last ordered.
        let ordered: Int?
        let orderedAt: String?
        /// `pending`, `synchronised`, `notSupported` or `failed`.
        let outcome: String?
    }

    /// Gives the order to all charging stations or, with an error, to none. Who is not connected gets it later.
    func order(_ request: Request) async throws -> Response {
        let body = try await APIJSON.decode(Body.self, from: request, limit: 4 << 20)
        let stations = try StationList.entries(of: body.stations, in: hub.registry)
        let kind = body.type ?? "ISO14443"
        guard LocalLists.kinds.contains(kind) else {
            throw Problem.invalid("one of \(LocalLists.kinds.joined(separator: ", "))", field: "type")
        }
        if let count = body.tokens?.count, count > LocalLists.entriesMax { throw Self.tooLong(count) }
        let made = try await make(body, kind, for: stations.map(\.station))
        for (station, order) in zip(stations, made.orders) {
            hub.deliver(.localList(order), to: try await hub.slot(of: station))
        }
        try await hub.settle()
        return try APIJSON.response(
            Ordered(version: made.version, entries: made.entries, stations: stations.count))
    }

    private struct Made: Sendable {
        let version: Int
        let entries: Int
        /// In the order of the charging stations.
        let orders: [LocalListOrder]
    }

    /// Makes the list, notes who is to have it, and works out the changes for each charging station.
    private func make(_ body: Body, _ kind: String, for stations: [Int64]) async throws -> Made {
        let (tokens, isWhole, now) = (body.tokens, body.whole ?? false, WallClock.now)
        do {
            return try await hub.writer.perform { db in
                let (version, entries) = try LocalLists.make(of: tokens, kind: kind, now: now, in: db)
                var byBase: [Int: LocalListOrder] = [:]
                let orders = try stations.map { station in
                    try LocalLists.note(order: version, isWhole: isWhole, for: station, now: now, in: db)
                    let base = isWhole ? nil : try LocalLists.base(of: station, in: db)
                    if let order = byBase[base ?? 0] { return order }
                    let order = try LocalLists.order(version, entries, base: base, in: db)
                    byBase[base ?? 0] = order
                    return order
                }
                return Made(version: version, entries: entries.count, orders: orders)
            }
        } catch let flaw as LocalLists.Flaw {
            switch flaw {
            case .unknownToken(let index): throw Problem.invalid("no such token is known", field: "tokens[\(index)]")
            case .tooLong(let count): throw Self.tooLong(count)
            case .noVersionsLeft: throw Problem.conflict("there are no versions left for another list")
            }
        }
    }

    func get(_ identity: StationIdentity) async throws -> Response {
        let memory = try await StationList.memory(of: identity, in: hub.store)
        let state = try await hub.store.pool.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT o.* FROM local_list_order o JOIN station s ON s.id = o.station WHERE s.identity = ?
                    """, arguments: [identity.text])
            return State(
                version: memory.localListVersion, ordered: row?["version"], orderedAt: Instant.text(row?["ordered_us"]),
                outcome: row.map { $0["outcome"] ?? "pending" })
        }
        return try APIJSON.response(state)
    }

    private static func tooLong(_ count: Int) -> Problem {
        .invalid("a list holds at most \(LocalLists.entriesMax) tokens, found \(count) or more", field: "tokens")
    }
}
