internal import HTTPTypes
internal import Hummingbird

/// `/companies`: the companies that VatNumberValidation is answered from.
struct CompanyRoute: Sendable {
    let hub: Hub

    private var table: CompanyTable { hub.jobs.companies }

    private struct Body: APIBody {
        let name: String
        let address1: String
        var address2: String?
        var postalCode: String?
        let city: String
        let country: String

        enum CodingKeys: String, CodingKey, CaseIterable {
            case name, address1, address2, postalCode, city, country
        }
    }

    private struct List: Encodable {
        let items: [CompanyResource]
        let nextCursor: String?
    }

    func list(_ request: Request) async throws -> Response {
        try Query.allow(["cursor", "limit"], of: request)
        let limit = try PageRequest(textual: request).limit
        let found = try await table.list(after: Query.text("cursor", of: request) ?? "", limit: limit)
        let items = Array(found.prefix(limit))
        return try APIJSON.response(
            List(items: items, nextCursor: found.count > limit ? items.last?.vatNumber : nil))
    }

    func get(_ text: String) async throws -> Response {
        guard let company = try await table.company(try Self.number(text)) else { throw Self.unknown }
        return try APIJSON.response(company)
    }

    func put(_ text: String, _ request: Request) async throws -> Response {
        let number = try Self.number(text)
        let body = try await APIJSON.decode(Body.self, from: request)
        // The lengths are those of the standard's Address.
        for (field, value, most) in [
            ("name", body.name, 50), ("address1", body.address1, 100), ("address2", body.address2 ?? "-", 100),
            ("postalCode", body.postalCode ?? "-", 20), ("city", body.city, 100), ("country", body.country, 50),
        ] {
            guard (1...most).contains(value.count) else {
                throw Problem.invalid("1 to \(most) characters", field: field)
            }
        }
        let company = CompanyResource(
            vatNumber: number.text, name: body.name, address1: body.address1, address2: body.address2,
            postalCode: body.postalCode, city: body.city, country: body.country)
        guard try await table.put(company, writer: hub.writer) else {
            throw Problem.conflict("there are \(CompanyTable.companiesMax) companies, and no room for more")
        }
        return try APIJSON.response(company)
    }

    func delete(_ text: String) async throws -> Response {
        guard try await table.remove(try Self.number(text), writer: hub.writer) else { throw Self.unknown }
        return Response(status: .noContent)
    }

    private static var unknown: Problem { .notFound("no such company is known") }

    private static func number(_ text: String) throws(Problem) -> VATNumber {
        guard let number = VATNumber(text) else {
            throw .invalid("a VAT number with its country's prefix, such as DE136695976", field: "vatNumber")
        }
        return number
    }
}
