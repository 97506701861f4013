internal import Models
internal import NIOCore
internal import OCPP
internal import Sockets

/// Makes the stations' connections: address, credentials, TLS, and source addresses spread over the loopback net where
/// one address has too few ports.
///
/// - Source: OCPP-J 1.6 section 3; OCPP 2.0.1 part 4 section 3, part 2 A00 (security profiles).
final class Dialer: Sendable {
    private let client: WebSocketClient
    private let options: ConnectOptions
    private let url: WebSocketURL
    private let tls: ClientTLS?
    private let identities: ClientIdentities?
    private let sources: LoopbackAddresses?
    private let ordinals: [String: Int]
    private let jobs: StationJobs

    /// - Parameters:
    ///   - stations: all identities, in the order that source addresses are given out.
    ///   - jobs: knows the certificates that stations have got from the CSMS.
    init(
        options: ConnectOptions, url: WebSocketURL, loops: SocketLoops, stations: [String], jobs: StationJobs
    ) throws {
        self.options = options
        self.jobs = jobs
        self.url = url
        var settings = WebSocketSettings()
        settings.pingInterval = .seconds(Int64(options.pingIntervalS))
        settings.pongTimeout = .seconds(Int64(options.pongTimeoutS))
        settings.deflate = options.compresses ? DeflateSettings() : nil
        client = WebSocketClient(loops: loops, settings: settings)
        identities = try options.clientCertificates.map { try ClientIdentities(folder: $0, stations: stations) }
        if url.isSecure, identities == nil {
            tls = try ClientTLS(roots: options.roots.map { .pem(.file($0)) } ?? .system)
        } else {
            tls = nil
        }
        let spreads = LoopbackAddresses.reaches(url.host) && stations.count > LoopbackAddresses().connectionsEach
        sources = spreads ? LoopbackAddresses() : nil
        ordinals = Dictionary(uniqueKeysWithValues: stations.enumerated().map { ($1, $0) })
    }

    /// Opens a connection; `completion` comes on the loop.
    func dial(
        _ identity: String, _ settings: ConnectionSettings, on eventLoop: any EventLoop, events: any WebSocketEvents,
        completion: @escaping @Sendable (Result<WebSocketConnection, ConnectFailure>) -> Void
    ) {
        var target = settings.csmsURL.flatMap { WebSocketURL($0) } ?? url
        let (path, query) = Self.split(target.target)
        target.target = path + (path.hasSuffix("/") ? "" : "/") + percentEncodedSegment(identity.utf8) + query
        var request = WebSocketClientRequest(url: target, subprotocols: [options.version.rawValue])
        if options.profile == 1 || options.profile == 2 {
            let password = settings.password ?? Array(options.password.utf8)
            request.credentials = .init(user: Array(identity.utf8), password: password)
        }
        if target.isSecure {
            do {
                request.tls =
                    try identities?.tls(for: identity, jobs.credential(of: identity), roots: options.roots) ?? tls
            } catch {
                return completion(.failure(.tls(TLSFailure(kind: .other, description: "\(error)"))))
            }
        }
        request.localAddress = sources.flatMap { sources in ordinals[identity].map { sources.address(of: $0) } }
        client.connect(request, on: eventLoop, events: events, completion: completion)
    }

    /// Path and query (with its question mark) of a request target.
    private static func split(_ target: String) -> (String, String) {
        guard let mark = target.firstIndex(of: "?") else { return (target, "") }
        return (String(target[..<mark]), String(target[mark...]))
    }
}
