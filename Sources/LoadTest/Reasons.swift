internal import Sockets

/// Why connections were not made or were lost, in words that a person reads and that are the same for the same cause.
enum Reasons {
    static let givenUp = "given up: no answer to the opening handshake within the station's simulated time"
    static let unfinished = "not yet answered when the test ended"

    static func words(for failure: ConnectFailure) -> String {
        switch failure {
        case .unreachable(let cause): "cannot connect: \(printable(cause))"
        case .tls(let failure): "TLS: \(printable(failure.description))"
        case .refused(let status, _): "refused with HTTP status \(status)"
        case .badHandshake(let text): "no WebSocket: \(printable(text))"
        case .timedOut: "the opening handshake took too long"
        case .disconnected: "disconnected during the opening handshake"
        case .badRequest(let text): printable(text)
        }
    }

    /// - Parameter subprotocol: what was agreed on; nil where the CSMS speaks none that was offered.
    static func words(for closure: WebSocketClosure, subprotocol: String?) -> String {
        guard subprotocol == nil, closure.cause == .remote else { return words(for: closure) }
        return words(for: closure) + " (no subprotocol agreed on: it speaks other versions of OCPP)"
    }

    static func words(for closure: WebSocketClosure) -> String {
        switch closure.cause {
        case .local: "closed by the station\(detail(closure))"
        case .remote: "closed by the CSMS\(detail(closure))"
        case .violation: "closed, since the CSMS broke the protocol\(detail(closure))"
        case .pingUnanswered: "the CSMS answered no ping"
        case .broken(let cause): "the connection broke off: \(printable(cause))"
        }
    }

    private static func detail(_ closure: WebSocketClosure) -> String {
        let code = closure.code.map { " with \($0.rawValue)" } ?? " without a code"
        return closure.reason.isEmpty ? code : "\(code): \(printable(closure.reason))"
    }

    /// Text of a peer's making, for a terminal.
    private static func printable(_ text: String) -> String {
        String(
            text.unicodeScalars.prefix(lengthMax).map { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: "?"
                default: Character(scalar)
                }
            }) + (text.unicodeScalars.count > lengthMax ? "…" : "")
    }

    /// Longer texts of a peer are cut, and marked.
    private static let lengthMax = 300

    /// What a person can do about a reason that kept every station away.
    static func fix(for reason: String, url: String) -> String {
        if reason == words(for: .disconnected), url.hasPrefix("ws:") {
            return "write wss:// and --profile 2 or 3 if that port speaks TLS; else look into the log of the CSMS"
        }
        return advice.first { reason.contains($0.part) }?.fix ?? "look into the log of the CSMS at \(url)"
    }

    private static let advice: [(part: String, fix: String)] = [
        ("connection refused", "start the CSMS, or check host and port of the URL"),
        ("host not found", "check the host's name in the URL"),
        ("no route", "check the address in the URL, and the network"),
        ("timed out", "check host and port of the URL, and firewalls on the way"),
        ("lead to a trusted root", "give the root of the CSMS's certificate with --ca FILE.pem, and check its dates"),
        ("not made out to the host", "write the URL with a name that is in the CSMS's certificate"),
        ("speaks no TLS", "write the URL with ws:// and --profile 0 or 1, or take the port that speaks TLS"),
        ("without TLS", "write the URL with ws:// and --profile 0 or 1, or take the port that speaks TLS"),
        ("the port speaks TLS", "write the URL with wss:// and --profile 2 or 3"),
        ("asks for a client certificate", "use --profile 3 with --client-certs DIR"),
        ("authority of this side", "let the CSMS trust the root of the stations' certificates"),
        ("this side's certificate", "give other certificates with --client-certs DIR"),
        ("HTTP status 401", "check --profile, --password and that the CSMS knows the stations' identities"),
        ("HTTP status 403", "let the CSMS accept the stations' identities"),
        ("HTTP status 404", "check the path of the URL; /IDENTITY is appended to it"),
        ("HTTP status 426", "check the path of the URL, and that a WebSocket endpoint is there"),
        ("HTTP status", "check the URL, and look into the log of the CSMS"),
        ("subprotocol", "choose a version that the CSMS speaks with --ocpp 1.6, 2.0.1 or 2.1"),
        ("no WebSocket", "check the port of the URL: something else than a CSMS answers there"),
        (givenUp, "check that the CSMS answers; a lower --speed gives it more time"),
    ]
}
