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
            text.unicodeScalars.prefix(123).map { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: "?"
                default: Character(scalar)
                }
            })
    }
}
