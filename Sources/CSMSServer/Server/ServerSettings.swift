public import CSMS
public import OCPP
public import OCPPWire
internal import PKI

/// An address to listen on.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// Address or name of a local interface.
    public var host: String
    /// 0 takes a free one.
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, with an IPv6 address in brackets; `nil` for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// What becomes of charging stations that nobody has announced.
public enum UnknownStations: String, Sendable, CaseIterable {
    /// They are let in and accepted.
    case accept
    /// They are let in and told to wait until an operator accepts them.
    case pending
    /// They are answered 404.
    case reject
}

/// What becomes of messages that break their schema.
public enum Tolerance: String, Sendable, CaseIterable {
    /// They are refused with the error code and the field.
    case strict
    /// Those that accounts depend on are taken as far as they can be read, and their transaction is marked; the others are
    /// refused.
    case billing
}

/// Everything a server is started with.
public struct ServerSettings: Sendable {
    /// A certificate chain and its key, PEM files.
    public struct CertificateFiles: Hashable, Sendable {
        public var certificate: String
        public var key: String

        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// SQLite file.
    public var database: String
    /// For charging stations.
    public var listen = ListenAddress(host: "127.0.0.1", port: 9000)
    /// For the HTTP API.
    public var http = ListenAddress(host: "127.0.0.1", port: 9001)
    /// Path before the identity in the URL of charging stations, such as `/ocpp`; empty for none.
    public var endpoint = ""
    /// One, or one with an ECDSA and one with an RSA key; none for an open port.
    public var certificates: [CertificateFiles] = []
    /// PEM file of the roots that client certificates lead to.
    public var clientRoots: String?
    /// Organizations (O) of which a client certificate must name one, the charging station operator's; empty for any.
    public var organizations: [String] = []
    /// The least that is asked of every charging station.
    public var profile = SecurityProfile.none
    /// `nil` for what suits the profile: see ``unknownPolicy``.
    public var unknownStations: UnknownStations?
    /// Registered charging stations above which unknown ones are turned away, whatever the policy.
    public var stationsMax = 100_000
    public var tolerance = Tolerance.billing
    /// Zone of the times that come without an offset, which 1.6 allows: an IANA name or an offset such as `+02:00`.
    public var timeZone = "UTC"
    /// Versions spoken; the order does not matter, the charging station chooses.
    public var versions: [OCPPVersion] = [.v16, .v201, .v21]
    /// For charging stations that name no subprotocol; `nil` closes their connections.
    public var defaultVersion: OCPPVersion?
    /// How the CSMS core deals with charging stations. ``unknownStations`` overrules its registration of new ones.
    public var desk = DeskSettings()
    public var rpcLimits = RPCLimits()
    /// Bytes that wait for a charging station that does not read; above it its connection is closed.
    public var outboundBytesMax = 1 << 20
    /// Most open connections.
    public var connectionsMax = 100_000
    /// Most open connections to the HTTP API; others wait.
    var httpConnectionsMax = FileBudget.httpMax
    /// Seconds after which a connection to the HTTP API ends that brings no request, or does not read its answer.
    var httpIdleS: Int64 = 30
    /// Seconds in which a request to the HTTP API has to come whole.
    var httpBodyS: Int64 = 120
    /// New connections a second that are looked at; the others are told to come again.
    public var arrivalsPerSecond = 500.0
    /// Seconds between pings; 0 for none.
    public var pingIntervalS = 60
    /// Whether messages go compressed where the charging station offers it.
    public var compresses = true
    /// Event loops; 0 for one a processor.
    public var threads = 0
    /// File with API keys, added to those of the database.
    public var apiKeyFile: String?
    /// PEM of the certificate and key that sign certificates of charging stations; `nil` signs none.
    public var stationAuthority: CertificateFiles?
    /// Days that certificates of charging stations are good for.
    public var stationCertificateDays = 365

    /// Certificates and keys that answer OCSP requests beside the station authority: an authority's own, or that of
    /// somebody it has appointed with the authority's certificate behind it in the file.
    public var ocspSigners: [CertificateFiles] = []
    /// Where this server's HTTP API can be reached for OCSP requests, such as `http://ocsp.example/ocsp`; written into
    /// certificates of charging stations.
    public var ocspURL: String?
    /// Responders that may be asked about other issuers' certificates, as `HOST` or `HOST:PORT`; none by default.
    public var ocspForwards: [String] = []
    /// PEM files of the mobility operators' roots, and of sub authorities trusted by themselves, that contract
    /// certificates lead to.
    public var contractRoots: [String] = []
    /// Seconds between two looks at the files of TLS certificates; changed ones are taken up.
    public var certificateCheckS = 60

    public init(database: String) { self.database = database }

    /// What becomes of charging stations that nobody has announced. A password that nobody registered proves nothing, so
    /// with profiles 1 and 2 they are refused unless that is asked for; with profile 3 the certificate names them, and
    /// profile 0 asks for no proof.
    var unknownPolicy: UnknownStations {
        if let unknownStations { return unknownStations }
        switch profile {
        case .none, .tlsCertificate: return .accept
        case .basic, .tlsBasic: return .reject
        }
    }

    // MARK: for callers who know nothing of the protocol

    /// Subprotocols of the versions.
    public static var versionWords: [String] { OCPPVersion.allCases.map(\.rawValue) }

    /// Sets ``defaultVersion`` by its subprotocol; any other word means none.
    public mutating func setDefaultVersion(word: String) { defaultVersion = OCPPVersion(rawValue: word) }

    /// Seconds, at least 1.
    public var heartbeatIntervalS: Int {
        get { Int(desk.everyday.heartbeatIntervalS) }
        set { desk.everyday.heartbeatIntervalS = Int32(clamping: max(1, newValue)) }
    }

    /// Whether tokens that nobody knows are accepted.
    public var acceptsUnknownTokens: Bool {
        get { desk.everyday.unknownTokens == .accepted }
        set { desk.everyday.unknownTokens = newValue ? .accepted : .unknown }
    }

    /// Frames of one charging station that are handled per second in the long run, at least 1.
    public var messagesPerSecond: Int {
        get { Int(rpcLimits.framesPerSecond) }
        set {
            let rate = Int64(max(1, newValue))
            rpcLimits.framesPerSecond = rate
            rpcLimits.frameBurst = max(rpcLimits.frameBurst, 4 * rate)
            rpcLimits.excessFrames = max(rpcLimits.excessFrames, 8 * rate)
        }
    }

    /// Seconds in which a ping is to be answered: the interval, 5 at least and 30 at most.
    var pongTimeoutS: Int { min(30, max(5, pingIntervalS)) }

    /// Longest password of a charging station that is looked at, bytes.
    static let passwordMax = 64

    /// The core's settings for new desks.
    var deskSettings: DeskSettings {
        var desk = desk
        desk.everyday.newStations = unknownPolicy == .accept ? .accepted : .pending
        return desk
    }

    /// - Throws: ``ServerError`` for settings that contradict each other.
    func check() throws(ServerError) {
        if profile >= .tlsBasic, certificates.isEmpty {
            throw ServerError(
                place: "--profile \(profile.rawValue)", problem: "the profile needs TLS, and no certificate is given",
                fix: "add --tls-cert FILE --tls-key FILE, or use --profile 0 or 1")
        }
        if profile == .tlsCertificate, clientRoots == nil {
            throw ServerError(
                place: "--profile 3", problem: "no roots for client certificates are given", fix: "add --client-ca FILE"
            )
        }
        if clientRoots != nil, certificates.isEmpty {
            throw ServerError(
                place: "--client-ca",
                problem: "client certificates need TLS, and no certificate of the server is given",
                fix: "add --tls-cert FILE --tls-key FILE")
        }
        guard TimeZones.isKnown(timeZone) else {
            throw ServerError(
                place: "--time-zone \(LogText.escaped(timeZone))", problem: "not a time zone",
                fix: "write an IANA name such as Europe/Berlin, or an offset such as +02:00")
        }
        if !organizations.isEmpty, clientRoots == nil, stationAuthority == nil {
            throw ServerError(
                place: "--organization", problem: "no client certificates are looked at, and none are signed",
                fix: "add --client-ca FILE, or --station-ca-cert FILE --station-ca-key FILE")
        }
        if let empty = organizations.first(where: { $0.allSatisfy(\.isWhitespace) }) {
            throw ServerError(
                place: "--organization '\(empty)'", problem: "not a name", fix: "write the O of the certificates")
        }
        if let ocspURL, !CertificateAuthority.isResponderURL(ocspURL) {
            throw ServerError(
                place: "--ocsp-url \(ocspURL)", problem: "not a URL that a certificate can name",
                fix: "write http://HOST:PORT/ocsp as charging stations reach the HTTP API")
        }
        if ocspURL != nil, stationAuthority == nil {
            throw ServerError(
                place: "--ocsp-url", problem: "there is no authority in whose certificates it could stand",
                fix: "add --station-ca-cert FILE --station-ca-key FILE")
        }
        for host in ocspForwards where ResponderAddress(allowed: host) == nil {
            throw ServerError(
                place: "--ocsp-forward \(host)", problem: "not a host", fix: "write HOST or HOST:PORT")
        }
        guard endpoint.isEmpty || endpoint.hasPrefix("/") else {
            throw ServerError(place: "--path \(endpoint)", problem: "a path begins with /", fix: "write /\(endpoint)")
        }
        guard Self.isPath(endpoint) else {
            throw ServerError(
                place: "--path \(LogText.escaped(endpoint))",
                problem: "no client sends such a path: it has an empty segment, '.', '..' or an odd character",
                fix: "write segments of letters, digits, '-', '_', '.' and '~', such as /ocpp")
        }
    }

    /// Whether clients send `text` as it is: nothing that they or proxies resolve, escape or cut off.
    private static func isPath(_ text: String) -> Bool {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        // A slash at the end may be written and means nothing.
        if parts.last?.isEmpty == true { parts.removeLast() }
        return parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".."
                && part.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"?#%\\\"<>^`{|}".utf8.contains($0) }
        }
    }
}
