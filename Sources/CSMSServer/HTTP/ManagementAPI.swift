internal import Hummingbird
internal import Logging
internal import OCPP

/// The HTTP API: what it offers, by address. ``OpenAPIDocument`` describes it; a test holds the two together.
struct ManagementAPI: Sendable {
    let hub: Hub
    let keys: APIKeys

    private var queries: StoreQueries {
        StoreQueries(store: hub.store) { [registry = hub.registry] in registry.isConnected($0) }
    }

    func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.add(middleware: ProblemMiddleware(logger: hub.logger))
        addOpenRoutes(to: router)
        let guarded = router.group().add(middleware: KeyMiddleware(keys: keys))
        addStationRoutes(to: guarded)
        addTransactionRoutes(to: guarded)
        addTokenRoutes(to: guarded)
        addOrderRoutes(to: guarded)
        addRevocationRoutes(to: guarded)
        addCompanyRoutes(to: guarded)
        return router
    }

    /// What probes and scrapers ask for; no key needed, nothing about anybody in it.
    private func addOpenRoutes(to router: Router<APIContext>) {
        router.get("/health") { _, _ in
            // Alive as long as it answers; the database is the one thing that can go bad for long.
            let problem = hub.writer.problem
            return try APIJSON.response(
                Health(status: problem == nil ? "ok" : "bad", database: problem ?? "ok"),
                status: problem == nil ? .ok : .serviceUnavailable)
        }
        router.get("/ready") { _, _ in
            let isReady = hub.writer.problem == nil && !hub.isStopping
            return try APIJSON.response(
                Health(status: isReady ? "ready" : "not ready", database: hub.writer.problem ?? "ok"),
                status: isReady ? .ok : .serviceUnavailable)
        }
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: await ServerMetrics.text(of: hub))))
        }
        router.get("/openapi.json") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: OpenAPIDocument.text)))
        }
        // A responder is asked by vehicles, charging stations and web browsers; its answers are signed and public.
        let responder = ResponderRoute(checks: hub.jobs.certificates)
        router.post("/ocsp") { request, _ in try await responder.post(request) }
        router.get("/ocsp/{request}") { _, context in try await responder.get(try context.text("request")) }
    }

    private func addStationRoutes(to router: RouterGroup<APIContext>) {
        router.get("/stations") { request, _ in
            try Query.allow(["cursor", "limit", "connected"], of: request)
            return try APIJSON.response(
                try await queries.stations(
                    try PageRequest(request), connected: try Query.flag("connected", of: request)))
        }
        router.get("/stations/{identity}") { _, context in
            try APIJSON.response(try await queries.station(try context.identity()))
        }
        router.put("/stations/{identity}") { request, context in
            try await StationRoute(hub: hub, queries: queries).put(request, context)
        }
        router.get("/stations/{identity}/connectors") { _, context in
            try APIJSON.response(try await queries.connectors(try context.identity()))
        }
        router.get("/stations/{identity}/variables") { _, context in
            try APIJSON.response(try await queries.variables(try context.identity()))
        }
        router.get("/stations/{identity}/meter-values") { request, context in
            try Query.allow(["cursor", "limit"], of: request)
            return try APIJSON.response(
                try await queries.meterValues(try context.identity(), try PageRequest(request)))
        }
        router.post("/stations/{identity}/commands/{action}") { request, context in
            try await CommandRoute(hub: hub).send(request, context)
        }
        router.get("/events") { request, _ in
            try Query.allow(["cursor", "limit", "station", "kind", "critical"], of: request)
            return try APIJSON.response(
                try await queries.events(
                    try PageRequest(request), station: Query.text("station", of: request),
                    kind: Query.text("kind", of: request), critical: try Query.flag("critical", of: request)))
        }
    }

    private func addTransactionRoutes(to router: RouterGroup<APIContext>) {
        router.get("/transactions") { request, _ in
            try Query.allow(
                ["cursor", "limit", "station", "idToken", "booked", "violations", "from", "until"], of: request)
            let filter = StoreQueries.TransactionFilter(
                station: Query.text("station", of: request), idToken: Query.text("idToken", of: request),
                booked: try Query.flag("booked", of: request), from: try Query.instant("from", of: request),
                until: try Query.instant("until", of: request),
                violations: try Query.flag("violations", of: request))
            return try APIJSON.response(try await queries.transactions(try PageRequest(request), filter))
        }
        router.get("/transactions/{id}") { _, context in
            guard let id = Int64(try context.text("id")), let found = try await queries.transaction(id) else {
                throw Problem.notFound("there is no such transaction")
            }
            return try APIJSON.response(found)
        }
    }

    private func addTokenRoutes(to router: RouterGroup<APIContext>) {
        let route = TokenRoute(hub: hub, queries: queries)
        router.get("/tokens") { request, _ in try await route.list(request) }
        router.post("/tokens") { request, _ in try await route.importMany(request) }
        router.get("/tokens/{idToken}") { _, context in try await route.get(try context.text("idToken")) }
        router.put("/tokens/{idToken}") { request, context in
            try await route.put(try context.text("idToken"), request)
        }
        router.delete("/tokens/{idToken}") { _, context in try await route.delete(try context.text("idToken")) }
    }

    /// What the desks bring about as soon as their charging stations can be reached.
    private func addOrderRoutes(to router: RouterGroup<APIContext>) {
        let firmware = FirmwareRoute(hub: hub)
        router.post("/firmware") { request, _ in try await firmware.order(request) }
        router.get("/stations/{identity}/firmware") { _, context in try await firmware.get(try context.identity()) }
        let lists = LocalListRoute(hub: hub)
        router.post("/local-lists") { request, _ in try await lists.order(request) }
        router.get("/stations/{identity}/local-list") { _, context in try await lists.get(try context.identity()) }
    }

    private func addRevocationRoutes(to router: RouterGroup<APIContext>) {
        let route = RevocationRoute(hub: hub)
        router.get("/revocations") { request, _ in try await route.list(request) }
        router.post("/revocations") { request, _ in try await route.add(request) }
        router.delete("/revocations/{issuerKeyHash}/{serialNumber}") { _, context in
            try await route.remove(try context.text("issuerKeyHash"), try context.text("serialNumber"))
        }
    }

    private func addCompanyRoutes(to router: RouterGroup<APIContext>) {
        let route = CompanyRoute(hub: hub)
        router.get("/companies") { request, _ in try await route.list(request) }
        router.get("/companies/{vatNumber}") { _, context in try await route.get(try context.text("vatNumber")) }
        router.put("/companies/{vatNumber}") { request, context in
            try await route.put(try context.text("vatNumber"), request)
        }
        router.delete("/companies/{vatNumber}") { _, context in try await route.delete(try context.text("vatNumber")) }
    }

    private struct Health: Encodable {
        let status: String
        let database: String
    }
}
