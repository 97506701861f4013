internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
internal import OCPP
internal import OCPPWire
internal import PKI
public import ServiceLifecycle
internal import Sockets
internal import Synchronization

/// The CSMS behind sockets: charging stations on one port, the HTTP API on another, one database.
///
/// It runs as a service: ``run()`` returns after a graceful shutdown, with every answered message stored.
public final class CSMSServer: Service {
    /// Where it can be reached, known once it runs.
    public struct Addresses: Hashable, Sendable {
        public var stations: ListenAddress
        public var http: ListenAddress
        /// Whether charging stations have to use TLS.
        public var isSecure: Bool
    }

    /// Text of an API key that was made since there was none; to be shown once.
    public let firstAPIKey: String?
    let hub: Hub
    let group = Mutex<ServiceGroup?>(nil)
    let keys: APIKeys
    private let tls: ServerTLS?
    private let marks: CertificateWatch.Marks
    private let watch = Mutex<CertificateWatch?>(nil)
    private let onStart: @Sendable (Addresses) -> Void

    /// Opens the database and reads certificates and keys; listens on nothing yet.
    ///
    /// - Parameter onStart: called when both ports are open.
    /// - Throws: ``ServerError``: place, finding, fix.
    public init(
        settings: ServerSettings, logger: Logger, onStart: @escaping @Sendable (Addresses) -> Void = { _ in }
    ) throws {
        try settings.check()
        marks = CertificateWatch.Marks(settings)
        tls = try Self.tls(settings)
        let authority = try settings.stationAuthority.map { files throws(ServerError) in
            try StationAuthority(
                files, days: settings.stationCertificateDays, responderURL: settings.ocspURL,
                organizations: settings.organizations)
        }
        let store = try Store(path: settings.database)
        (keys, firstAPIKey) = try APIKeys.load(from: store, file: settings.apiKeyFile)
        hub = try Hub.open(settings: settings, logger: logger, store: store, authority: authority)
        self.onStart = onStart
    }

    /// Serves until a graceful shutdown is asked for, or a port is lost.
    ///
    /// - Throws: ``ServerError`` when a port cannot be listened on.
    public func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        hub.writer.start()
        hub.serve(on: group)
        let outcome: Result<Void, any Error>
        do {
            try await serve(on: group)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        hub.markStopping()
        for context in hub.contexts { try? await context.eventLoop.submit { context.stop() }.get() }
        await hub.writer.drain()
        do {
            try hub.store.close()
        } catch {
            hub.logger.error("the database was not closed", metadata: ["error": "\(error)"])
        }
        try? await group.shutdownGracefully()
        try outcome.get()
    }

    private var threads: Int { hub.settings.threads > 0 ? hub.settings.threads : System.coreCount }

    private func serve(on group: MultiThreadedEventLoopGroup) async throws {
        let settings = hub.settings
        var sockets = WebSocketSettings()
        sockets.messageMax = settings.rpcLimits.frameBytesMax
        sockets.pingInterval = .seconds(Int64(settings.pingIntervalS))
        sockets.pongTimeout = .seconds(Int64(settings.pongTimeoutS))
        sockets.outboundMax = settings.outboundBytesMax
        if !settings.compresses { sockets.deflate = nil }
        let budget = FileBudget.raised(stations: settings.connectionsMax, loops: threads, logger: hub.logger)
        let gatekeeper = Gatekeeper(hub: hub)
        let stations: WebSocketServer
        do {
            stations = try await WebSocketServer.start(
                host: settings.listen.host, port: settings.listen.port, loops: SocketLoops(sharing: group),
                settings: sockets, tls: tls, connectionsMax: budget.stations, delegate: gatekeeper)
        } catch {
            throw Self.explain(error, "--listen \(settings.listen)")
        }
        let isSecure = tls != nil
        let watching = isSecure ? watchCertificates(of: stations) : nil
        defer { watching?.cancel() }
        let api = Application(
            router: ManagementAPI(hub: hub, keys: keys).router(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        RequestDeadline(
                            bodyTime: .seconds(settings.httpBodyS), readingTime: .seconds(settings.httpIdleS))
                    ],
                    idleTimeout: .seconds(settings.httpIdleS))),
            configuration: .init(
                address: .hostname(settings.http.host, port: settings.http.port), serverName: "evtwin",
                availableConnectionsDelegate: MaximumAvailableConnections(
                    min(settings.httpConnectionsMax, budget.http), logger: hub.logger)),
            onServerRunning: { [onStart, hub] channel in
                let httpPort = channel.localAddress?.port ?? 0
                let addresses = Addresses(
                    stations: ListenAddress(host: settings.listen.host, port: stations.port),
                    http: ListenAddress(host: settings.http.host, port: httpPort), isSecure: isSecure)
                hub.logger.notice(
                    "serving",
                    metadata: [
                        "stations": "\(addresses.stations)", "http": "\(addresses.http)",
                        "profile": "\(settings.profile.rawValue)", "database": "\(settings.database)",
                        "unknownStations": "\(settings.unknownPolicy.rawValue)",
                        "tolerance": "\(settings.tolerance.rawValue)",
                    ])
                onStart(addresses)
            },
            eventLoopGroupProvider: .shared(group), logger: hub.logger)
        do {
            // Charging stations first: commands that wait for them end at once, and with them the API's requests.
            try await withGracefulShutdownHandler {
                try await api.run()
            } onGracefulShutdown: { [hub] in
                hub.markStopping()
                hub.logger.notice("stopping")
                Task { await stations.shutdown(code: .goingAway, reason: "the server stops") }
            }
        } catch {
            await stations.shutdown(code: .goingAway, reason: "the server stops")
            throw Self.explain(error, "--http \(settings.http)")
        }
        await stations.shutdown(code: .goingAway, reason: "the server stops")
    }

    private func watchCertificates(of stations: WebSocketServer) -> Task<Void, Never> {
        let watch = CertificateWatch(settings: hub.settings, logger: hub.logger, server: stations, asOf: marks)
        self.watch.withLock { $0 = watch }
        return Task { await watch.run() }
    }

    /// Reads the files of the TLS certificates anew, for the connections that come from now on; a file that cannot be used
    /// is told of in the log and changes nothing. Without TLS, or before the server runs, nothing happens.
    public func renewCertificates() {
        guard let watch = watch.withLock({ $0 }) else {
            return hub.logger.notice("there are no certificates to renew")
        }
        watch.reload()
    }

    private static func explain(_ error: any Error, _ place: String) -> any Error {
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            return ServerError(
                place: place, problem: "the host cannot be found",
                fix: "write an address of this machine, 127.0.0.1, or 0.0.0.0 for all interfaces")
        }
        guard let error = error as? IOError else { return error }
        switch error.errnoCode {
        case EADDRINUSE:
            return ServerError(
                place: place, problem: "another program listens there", fix: "stop it, or choose another port")
        case EACCES:
            return ServerError(
                place: place, problem: "the system does not allow it", fix: "choose a port above 1023")
        case EADDRNOTAVAIL:
            return ServerError(
                place: place, problem: "no interface of this machine has that address",
                fix: "use 127.0.0.1, or 0.0.0.0 for all interfaces")
        default: return ServerError(place: place, problem: "\(error)", fix: "check the address")
        }
    }

    /// - Throws: ``ServerError`` for files that cannot be used.
    static func tls(_ settings: ServerSettings) throws(ServerError) -> ServerTLS? {
        guard !settings.certificates.isEmpty else { return nil }
        var identities: [TLSIdentity] = []
        for files in settings.certificates {
            do {
                identities.append(
                    try TLSIdentity(certificateChain: .file(files.certificate), privateKey: .file(files.key)))
            } catch {
                throw ServerError(
                    place: "--tls-cert \(files.certificate) --tls-key \(files.key)", problem: error.description,
                    fix: "name a PEM file with the certificate chain, and the key that belongs to it")
            }
        }
        let clients: ServerTLS.ClientCertificates
        switch settings.clientRoots {
        case nil: clients = .none
        case .some(let roots):
            clients =
                settings.profile == .tlsCertificate ? .required(roots: .file(roots)) : .optional(roots: .file(roots))
        }
        do {
            return try ServerTLS(identities: identities, clientCertificates: clients)
        } catch {
            throw ServerError(
                place: "--tls-cert, --client-ca", problem: error.description,
                fix: "give one certificate with an ECDSA key, one with an RSA key, or one of each")
        }
    }
}
