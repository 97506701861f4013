internal import Hummingbird
internal import OCPP

/// One page of a list, in ascending order of a number that never changes.
struct Page<Item: Encodable & Sendable>: Encodable, Sendable {
    let items: [Item]
    /// To be sent as `cursor` for the next page; absent on the last.
    let nextCursor: String?

    /// - Parameter rows: one more than the page holds when there is a next page, each with its position.
    init(_ rows: [(position: Int64, item: Item)], limit: Int) {
        items = rows.prefix(limit).map(\.item)
        nextCursor = rows.count > limit ? String(rows[limit - 1].position, radix: 36) : nil
    }
}

/// Where a page starts and how long it is: `?cursor=…&limit=…`.
struct PageRequest {
    /// Items after this position.
    let after: Int64
    /// 1 ... ``limitMax``.
    let limit: Int

    static let limitMax = 1000
    private static let limitDefault = 100

    init(_ request: Request) throws(Problem) {
        if let text = Query.text("cursor", of: request) {
            guard let position = Int64(text, radix: 36), position >= 0 else {
                throw .badRequest("send a nextCursor that came with a page", field: "cursor")
            }
            after = position
        } else {
            after = 0
        }
        limit = try Self.limit(request)
    }

    private static func limit(_ request: Request) throws(Problem) -> Int {
        guard let text = Query.text("limit", of: request) else { return limitDefault }
        guard let number = Int(text), (1...limitMax).contains(number) else {
            throw .badRequest("write a whole number from 1 to \(limitMax)", field: "limit")
        }
        return number
    }

    /// A page of a list that is ordered by text.
    init(textual request: Request) throws(Problem) {
        after = 0
        limit = try Self.limit(request)
    }
}

/// Parameters behind the `?`.
enum Query {
    static func text(_ name: String, of request: Request) -> String? {
        request.uri.queryParameters[name[...]].map(String.init)
    }

    static func flag(_ name: String, of request: Request) throws(Problem) -> Bool? {
        switch text(name, of: request) {
        case nil: nil
        case "true": true
        case "false": false
        default: throw .badRequest("write true or false", field: name)
        }
    }

    static func instant(_ name: String, of request: Request) throws(Problem) -> Timestamp? {
        guard let text = text(name, of: request) else { return nil }
        guard let instant = Timestamp(text: text) else {
            throw .badRequest("write an instant such as 2025-01-06T17:03:09Z", field: name)
        }
        return instant
    }

    /// Refuses parameters that the route does not know, so that no filter is silently ignored.
    static func allow(_ names: [String], of request: Request) throws(Problem) {
        for (name, _) in request.uri.queryParameters where !names.contains(String(name)) {
            throw .badRequest("known parameters: \(names.joined(separator: ", "))", field: String(name))
        }
    }
}
