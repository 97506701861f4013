internal import CSMS
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import OCPP

/// `/tokens`: what the network knows about cards and contracts.
struct TokenRoute: Sendable {
    let hub: Hub
    let queries: StoreQueries

    /// Tokens in one import.
    static let importMax = 100_000
    private static let importBytesMax = 32 << 20

    func list(_ request: Request) async throws -> Response {
        try Query.allow(["cursor", "limit"], of: request)
        let limit = try PageRequest(textual: request).limit
        let (items, next) = try await queries.tokens(after: Query.text("cursor", of: request) ?? "", limit: limit)
        return try APIJSON.response(List(items: items, nextCursor: next))
    }

    func get(_ idToken: String) async throws -> Response {
        guard let token = try await queries.token(idToken) else { throw Self.unknown }
        return try APIJSON.response(token)
    }

    func put(_ idToken: String, _ request: Request) async throws -> Response {
        let body = try await APIJSON.decode(Change.self, from: request)
        let row = try Self.row(
            TokenResource(
                idToken: idToken, status: body.status, expires: body.expires, group: body.group,
                chargingPriority: body.chargingPriority), at: "")
        try await store([row])
        return try await get(idToken)
    }

    /// Adds or replaces many tokens at once: all of them or, with an error, none.
    func importMany(_ request: Request) async throws -> Response {
        let body = try await APIJSON.decode(Import.self, from: request, limit: Self.importBytesMax)
        guard body.tokens.count <= Self.importMax else {
            throw Problem.invalid("at most \(Self.importMax) tokens at once", field: "tokens")
        }
        let rows = try body.tokens.enumerated().map { index, token in try Self.row(token.body, at: "tokens[\(index)].")
        }
        try await store(rows)
        return try APIJSON.response(Imported(imported: rows.count))
    }

    func delete(_ idToken: String) async throws -> Response {
        let deleted = try await hub.writer.perform { db in
            try db.execute(sql: "DELETE FROM token WHERE id_token = ?", arguments: [idToken])
            return db.changesCount
        }
        guard deleted > 0 else { throw Self.unknown }
        try hub.tokens.reload()
        return Response(status: .noContent)
    }

    private static var unknown: Problem { .notFound("no such token is known") }

    private struct Change: APIBody {
        var status: String?
        var expires: String?
        var group: String?
        var chargingPriority: Int?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case status, expires, group, chargingPriority
        }
    }
    private struct Import: APIBody {
        let tokens: [Strictly<TokenResource>]

        enum CodingKeys: String, CodingKey, CaseIterable { case tokens }
    }
    private struct Imported: Encodable { let imported: Int }
    private struct List: Encodable {
        let items: [TokenResource]
        let nextCursor: String?
    }

    private struct Row: Sendable {
        let idToken: String
        let status: String
        let expires: Int64?
        let group: String?
        let priority: Int
    }

    private static func row(_ token: TokenResource, at path: String) throws(Problem) -> Row {
        guard let id = IdentifierText(token.idToken), !id.isEmpty, isPrintable(token.idToken) else {
            throw .invalid("1 to 36 bytes, printable, without spaces at the ends", field: path + "idToken")
        }
        let status = token.status ?? Core.AuthorizationStatus.accepted.rawValue
        guard Core.AuthorizationStatus(rawValue: status) != nil else {
            let words = Core.AuthorizationStatus.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("one of \(words)", field: path + "status")
        }
        var expires: Int64?
        if let text = token.expires {
            guard let instant = Timestamp(text: text) else {
                throw .invalid("an instant such as 2027-01-01T00:00:00Z", field: path + "expires")
            }
            expires = instant.microseconds
        }
        if let group = token.group, IdentifierText(group) == nil || !isPrintable(group) {
            throw .invalid("at most 36 bytes, printable, without spaces at the ends", field: path + "group")
        }
        let priority = token.chargingPriority ?? 0
        guard (-9...9).contains(priority) else { throw .invalid("-9 to 9", field: path + "chargingPriority") }
        return Row(
            idToken: token.idToken, status: status, expires: expires, group: token.group, priority: priority)
    }

    /// Whether a reader of cards, a log and an eye can tell the text from others.
    private static func isPrintable(_ text: String) -> Bool {
        guard text.first != " ", text.last != " " else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
            case .spaceSeparator: scalar == " "
            default: true
            }
        }
    }

    private func store(_ rows: [Row]) async throws {
        try await hub.writer.perform { db in
            let statement = try db.makeStatement(
                sql: """
                    INSERT INTO token (id_token, status, expires_us, group_id, priority) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (id_token) DO UPDATE SET status = excluded.status, expires_us = excluded.expires_us,
                        group_id = excluded.group_id, priority = excluded.priority
                    """)
            for row in rows {
                try statement.execute(arguments: [row.idToken, row.status, row.expires, row.group, row.priority])
            }
        }
        try hub.tokens.reload()
    }
}
