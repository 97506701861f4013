internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// What a request to the HTTP API carries through the routes.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Role of the key that came with the request.
    var role: APIRole?

    init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }

    /// A path parameter, percent-decoded.
    func text(_ name: String) throws -> String {
        guard let raw = coreContext.parameters.get(name), let text = raw.removingPercentEncoding else {
            throw Problem.badRequest("the path holds a wrong percent escape", field: name)
        }
        return text
    }

    /// A path parameter that names a charging station.
    func identity() throws -> StationIdentity {
        do {
            return try StationIdentity(try text("identity"))
        } catch is StationIdentity.Flaw {
            throw Problem.badRequest(
                "an identity has 1 to 48 characters without control characters, ':', '/' or '\\'", field: "identity")
        }
    }
}

/// Lets in who has a key: any for reading, one with the role `write` for everything else.
struct KeyMiddleware: RouterMiddleware {
    let keys: APIKeys

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let key = Self.key(of: request) else {
            throw Problem.unauthorized("send a key as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'")
        }
        guard let role = keys.role(of: key) else { throw Problem.unauthorized("the key is not known") }
        if request.method != .get, request.method != .head, role != .write {
            throw Problem.forbidden("the key may read only; use one with the role write")
        }
        var context = context
        context.role = role
        return try await next(request, context)
    }

    private static func key(of request: Request) -> String? {
        if let key = request.headers[.xAPIKey] { return key }
        guard let header = request.headers[.authorization] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }
}

/// Turns every error into a problem, and counts and logs requests.
struct ProblemMiddleware: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        let response = try await answer(request, context, next)
        logger.debug(
            "http",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(LogText.escaped(request.uri.path))",
                "status": "\(response.status.code)", "ms": "\(Int(started.duration(to: .now) / .milliseconds(1)))",
            ])
        return response
    }

    private func answer(
        _ request: Request, _ context: APIContext, _ next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return try problem.response()
        } catch let error as StoreUnavailable {
            return try Problem.unavailable(error.description).response()
        } catch let error as HTTPError {
            let title = error.status == .notFound ? "Not found" : error.status.reasonPhrase
            return try Problem(
                status: error.status.code, title: title, detail: error.body ?? "there is nothing at this address"
            ).response()
        } catch {
            logger.error("a request failed", metadata: ["error": "\(error)"])
            return try Problem(status: 500, title: "Internal error", detail: "the server's log says more")
                .response()
        }
    }
}

extension HTTPField.Name {
    /// Where an API key may come beside `Authorization`.
    static var xAPIKey: HTTPField.Name { HTTPField.Name(parsed: "x-api-key") }
}

extension HTTPField.Name {
    /// A name that is known to be one.
    private init(parsed text: String) {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a header's name") }
        self = name
    }
}
