import ArgumentParser
import CSMSServer
import Dispatch
import Synchronization

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run a CSMS for real charging stations: OCPP 1.6, 2.0.1 and 2.1 on one port.",
        discussion: """
            Charging stations connect to ws://HOST:PORT/IDENTITY (wss:// with --tls-cert).
            Example: evtwin serve --db csms.sqlite
            With TLS: evtwin pki pki/ && evtwin serve --db csms.sqlite --profile 2 \\
                --tls-cert pki/server-ecdsa.pem --tls-key pki/server-ecdsa.key
            The HTTP API describes itself at http://127.0.0.1:9001/openapi.json; see docs/csms.md.
            """)

    @Option(help: "Keep everything in this SQLite file; it is made when it does not exist.", completion: .file())
    var db: String

    @Option(help: "Listen for charging stations at HOST:PORT; port 0 takes a free one.")
    var listen = "127.0.0.1:9000"

    @Option(help: "Listen for the HTTP API at HOST:PORT; port 0 takes a free one.")
    var http = "127.0.0.1:9001"

    @Option(
        help: "Expect this path before the identity in the URL of charging stations, such as /ocpp (default: none).")
    var path = ""

    @Option(help: "Use this security profile: 0 open, 1 password, 2 TLS and password, 3 TLS with client certificates.")
    var profile = 0

    @Option(
        help:
            "Show the certificate chain in this PEM file; may be given twice, for an ECDSA and an RSA key (default: no TLS).",
        completion: .file())
    var tlsCert: [String] = []

    @Option(help: "Use the key in this PEM file for the certificate in the same place.", completion: .file())
    var tlsKey: [String] = []

    @Option(
        help: "Trust the roots in this PEM file for client certificates, profile 3 (default: none).",
        completion: .file())
    var clientCa: String?

    @Option(
        help: "Ask client certificates for this organization (O); may be given several times (default: any).")
    var organization: [String] = []

    @Option(
        help: "Sign certificates of charging stations with the authority in this PEM file (default: do not sign).",
        completion: .file())
    var stationCaCert: String?

    @Option(help: "Use the key in this PEM file for that authority.", completion: .file())
    var stationCaKey: String?

    @Option(
        help:
            "Answer OCSP requests for the authority, or as its signer, in this PEM file; may be repeated (default: none).",
        completion: .file())
    var ocspCert: [String] = []

    @Option(help: "Use the key in this PEM file for the OCSP certificate in the same place.", completion: .file())
    var ocspKey: [String] = []

    @Option(help: "Write this URL of the server's /ocsp into certificates of charging stations (default: none).")
    var ocspUrl: String?

    @Option(help: "Ask the OCSP responder at HOST or HOST:PORT as well; may be repeated (default: none).")
    var ocspForward: [String] = []

    @Option(
        help:
            "Trust the mobility operators' roots in this PEM file for contract certificates; may be repeated (default: none).",
        completion: .file())
    var moRoot: [String] = []

    @Option(
        help:
            "Treat charging stations that nobody registered by one of: \(UnknownStations.allCases.map(\.rawValue).joined(separator: ", ")) (default: accept; reject with profiles 1 and 2)."
    )
    var unknownStations: String?

    @Option(
        help: "Take this version for charging stations that name no subprotocol: none, ocpp1.6, ocpp2.0.1, ocpp2.1.")
    var defaultVersion = "none"

    @Option(
        help:
            "Treat transaction messages that break the schema: strict refuses them, billing records what is readable and marks the transaction."
    )
    var tolerance = Tolerance.billing.rawValue

    @Option(
        help: "Read times without an offset (1.6) in this zone: IANA name or +hh:mm; each station may have its own.")
    var timeZone = "UTC"

    @Option(help: "Treat tokens that nobody knows by one of: refuse, accept.")
    var unknownTokens = "refuse"

    @Option(help: "Ask charging stations for a heartbeat every so many seconds, 1 to 2592000.")
    var heartbeat: Int = 300

    @Option(help: "Ping every so many seconds, 0 to 86400, 0 for never; the answer may take as long, 5 to 30 s.")
    var ping = 60

    @Option(help: "Allow one charging station so many messages a second in the long run, 1 to 1000000.")
    var messageRate = 50

    @Option(help: "Admit so many new connections a second, from 1; the others are told to come again.")
    var connectionRate = 500.0

    @Option(help: "Use 1 to 256 event loops (default: the machine's processors).")
    var threads: Int?

    @Option(
        help: "Take API keys from this file, one a line: NAME read|write KEY (default: a key is made and shown).",
        completion: .file())
    var apiKeyFile: String?

    @Option(help: "Write log lines as text or json.")
    var logFormat = LogFormat.text.rawValue

    @Option(help: "Log from this level on: \(CSMSServer.logLevels.joined(separator: ", ")).")
    var logLevel = "info"

    func validate() throws {
        guard ListenAddress(listen) != nil else { throw ValidationError("--listen: write HOST:PORT") }
        guard ListenAddress(http) != nil else { throw ValidationError("--http: write HOST:PORT") }
        guard SecurityProfile(rawValue: profile) != nil else { throw ValidationError("--profile: write 0, 1, 2 or 3") }
        guard tlsCert.count == tlsKey.count else {
            throw ValidationError("--tls-cert and --tls-key: write one key for each certificate")
        }
        guard (stationCaCert == nil) == (stationCaKey == nil) else {
            throw ValidationError("--station-ca-cert and --station-ca-key belong together")
        }
        guard ocspCert.count == ocspKey.count else {
            throw ValidationError("--ocsp-cert and --ocsp-key: write one key for each certificate")
        }
        guard unknownStations.map({ UnknownStations(rawValue: $0) != nil }) ?? true else {
            throw ValidationError("--unknown-stations: write accept, pending or reject")
        }
        guard Tolerance(rawValue: tolerance) != nil else {
            throw ValidationError("--tolerance: write strict or billing")
        }
        guard defaultVersion == "none" || ServerSettings.versionWords.contains(defaultVersion) else {
            throw ValidationError(
                "--default-version: write none or \(ServerSettings.versionWords.joined(separator: ", "))")
        }
        guard ["refuse", "accept"].contains(unknownTokens) else {
            throw ValidationError("--unknown-tokens: write refuse or accept")
        }
        guard (1...86_400 * 30).contains(heartbeat) else { throw ValidationError("--heartbeat: write 1 to 2592000") }
        guard (0...86_400).contains(ping) else { throw ValidationError("--ping: write 0 to 86400") }
        guard (1...1_000_000).contains(messageRate) else { throw ValidationError("--message-rate: write 1 to 1000000") }
        guard connectionRate >= 1 else { throw ValidationError("--connection-rate: write a number from 1") }
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads: write 1 to 256") }
        guard LogFormat(rawValue: logFormat) != nil else { throw ValidationError("--log-format: write text or json") }
        guard CSMSServer.logLevels.contains(logLevel) else {
            throw ValidationError("--log-level: write one of \(CSMSServer.logLevels.joined(separator: ", "))")
        }
    }

    func run() throws {
        let server: CSMSServer
        do {
            let format = LogFormat(rawValue: logFormat) ?? .text
            guard let logger = CSMSServer.logger(level: logLevel, format: format) else { return }
            server = try CSMSServer(settings: settings, logger: logger) { addresses in
                Terminal.error(
                    "charging stations: \(addresses.isSecure ? "wss" : "ws")://\(addresses.stations)\(path)/IDENTITY\n"
                        + "HTTP API:          http://\(addresses.http)/openapi.json")
            }
        } catch let error as ServerError {
            throw CommandFailure(code: .badInput, message: error.description)
        }
        if let key = server.firstAPIKey {
            Terminal.out("API key (role write), shown this once: \(key)")
        }
        try Self.wait { try await server.runUntilSignalled() }
    }

    private var settings: ServerSettings {
        var settings = ServerSettings(database: db)
        if let address = ListenAddress(listen) { settings.listen = address }
        if let address = ListenAddress(http) { settings.http = address }
        settings.endpoint = path == "/" ? "" : path
        settings.profile = SecurityProfile(rawValue: profile) ?? .none
        settings.certificates = zip(tlsCert, tlsKey).map { .init(certificate: $0, key: $1) }
        settings.clientRoots = clientCa
        if let stationCaCert, let stationCaKey {
            settings.stationAuthority = .init(certificate: stationCaCert, key: stationCaKey)
        }
        settings.ocspSigners = zip(ocspCert, ocspKey).map { .init(certificate: $0, key: $1) }
        settings.ocspURL = ocspUrl
        settings.ocspForwards = ocspForward
        settings.contractRoots = moRoot
        settings.unknownStations = unknownStations.flatMap(UnknownStations.init(rawValue:))
        settings.organizations = organization
        settings.tolerance = Tolerance(rawValue: tolerance) ?? .billing
        settings.timeZone = timeZone
        settings.setDefaultVersion(word: defaultVersion)
        settings.heartbeatIntervalS = heartbeat
        settings.acceptsUnknownTokens = unknownTokens == "accept"
        settings.pingIntervalS = ping
        settings.messagesPerSecond = messageRate
        settings.arrivalsPerSecond = connectionRate
        settings.threads = threads ?? 0
        settings.apiKeyFile = apiKeyFile
        return settings
    }

    /// Runs `body` to its end on the side; the command line itself knows no waiting.
    private static func wait(_ body: @escaping @Sendable () async throws -> Void) throws {
        let done = DispatchSemaphore(value: 0)
        let failure = Failure()
        Task.detached {
            do { try await body() } catch { failure.error.withLock { $0 = error } }
            done.signal()
        }
        done.wait()
        guard let error = failure.error.withLock({ $0 }) else { return }
        throw CommandFailure(code: error is ServerError ? .badInput : .failed, message: "\(error)")
    }

    private final class Failure: Sendable {
        let error = Mutex<(any Error)?>(nil)
    }
}
