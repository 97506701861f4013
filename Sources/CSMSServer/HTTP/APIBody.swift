/// What a request's body may hold: the fields that ``CodingKeys`` names and no other, so that a misspelt one is not
/// silently left out.
protocol APIBody: Decodable {
    associatedtype CodingKeys: CodingKey, CaseIterable
}

/// Reads a body, or a part of one, and refuses fields that it does not have.
struct Strictly<Body: APIBody>: Decodable {
    let body: Body

    init(from decoder: any Decoder) throws {
        let known = Set(Body.CodingKeys.allCases.map(\.stringValue))
        let found = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        if let stranger = found.filter({ !known.contains($0) }).min() {
            throw UnknownField(
                path: decoder.codingPath + [AnyKey(stringValue: stranger)],
                known: Body.CodingKeys.allCases.map(\.stringValue))
        }
        body = try Body(from: decoder)
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }
}

/// A field that a body does not have.
struct UnknownField: Error {
    let path: [any CodingKey]
    /// The fields there are.
    let known: [String]
}
