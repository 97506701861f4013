internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// An error as the HTTP API tells it: RFC 9457 `application/problem+json`.
struct Problem: Error, Encodable, Hashable {
    /// HTTP status code.
    let status: Int
    /// What kind of problem, the same for all of its kind.
    let title: String
    /// What was found this time, and what to do.
    let detail: String
    /// Path of the field concerned, such as `idToken.type`.
    var field: String?
    /// The protocol's error code, where a charging station or the codec named one.
    var code: String?
    /// Seconds after which another attempt makes sense.
    var retryAfterS: Int?

    static func badRequest(_ detail: String, field: String? = nil) -> Problem {
        Problem(status: 400, title: "Bad request", detail: detail, field: field)
    }
    static func unauthorized(_ detail: String) -> Problem {
        Problem(status: 401, title: "No valid API key", detail: detail)
    }
    static func forbidden(_ detail: String) -> Problem { Problem(status: 403, title: "Forbidden", detail: detail) }
    static func notFound(_ detail: String) -> Problem { Problem(status: 404, title: "Not found", detail: detail) }
    static func conflict(_ detail: String) -> Problem { Problem(status: 409, title: "Conflict", detail: detail) }
    static func invalid(_ detail: String, field: String, code: String? = nil) -> Problem {
        Problem(status: 422, title: "Invalid content", detail: detail, field: field, code: code)
    }
    static func unavailable(_ detail: String) -> Problem {
        Problem(status: 503, title: "Not available at present", detail: detail, retryAfterS: 5)
    }

    func response() throws -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if let retryAfterS { headers[.retryAfter] = String(retryAfterS) }
        if status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        let body = try APIJSON.encode(self)
        return Response(status: .init(code: status), headers: headers, body: .init(byteBuffer: body))
    }
}

/// The API's JSON: keys in a fixed order, no escaped slashes.
enum APIJSON {
    static func encode(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return ByteBuffer(bytes: try encoder.encode(value))
    }

    static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: try encode(value)))
    }

    /// Reads a body of at most `limit` bytes, with no other fields than the type has.
    static func decode<T: APIBody>(_ type: T.Type, from request: Request, limit: Int = 1 << 20) async throws -> T {
        let body = try await bytes(of: request, limit: limit)
        do {
            return try JSONDecoder().decode(Strictly<T>.self, from: Data(body)).body
        } catch let stranger as UnknownField {
            throw Problem.invalid(
                "there is no such field; there are: \(stranger.known.joined(separator: ", "))",
                field: path(stranger.path))
        } catch DecodingError.keyNotFound(let key, let context) {
            throw Problem.invalid("a value is missing", field: path(context.codingPath + [key]))
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw Problem.invalid(context.debugDescription, field: path(context.codingPath))
        } catch DecodingError.dataCorrupted(let context) {
            guard context.codingPath.isEmpty else {
                throw Problem.invalid(context.debugDescription, field: path(context.codingPath))
            }
            throw Problem.badRequest("the body is not JSON")
        }
    }

    static func bytes(of request: Request, limit: Int) async throws -> [UInt8] {
        do {
            return Array(buffer: try await request.body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw Problem(status: 413, title: "Content too large", detail: "at most \(limit) bytes are read")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : "." + key.stringValue
            }
        }
    }
}
