/// A `ws:` or `wss:` URL, taken apart.
/// - Source: RFC 6455, 3; RFC 3986, 3.
public struct WebSocketURL: Hashable, Sendable, CustomStringConvertible {
    /// Whether the connection is made over TLS.
    public var isSecure: Bool
    /// Name or address of the host; an IPv6 address without its brackets.
    public var host: String
    /// TCP port, 1 ... 65535; 80 or 443 where the URL names none.
    public var port: Int
    /// Path and query as they go on the wire; begins with "/".
    public var target: String

    /// Longest URL that is accepted, in bytes.
    public static let lengthMax = 2048

    /// Makes a URL of its parts.
    public init(isSecure: Bool, host: String, port: Int, target: String = "/") {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.target = target
    }

    /// Reads a URL. User information and fragments are refused: neither may stand in a WebSocket URL of OCPP.
    public init?(_ text: String) {
        var rest = Array(text.utf8)
        guard rest.count <= Self.lengthMax, rest.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        if ASCII.equal(rest[..<colon], lowercase: "ws") {
            isSecure = false
        } else if ASCII.equal(rest[..<colon], lowercase: "wss") {
            isSecure = true
        } else {
            return nil
        }
        guard rest[(colon + 1)...].starts(with: "//".utf8), !rest.contains(UInt8(ascii: "#")) else { return nil }
        rest.removeFirst(colon + 3)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<end]) else { return nil }
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        let target = String(decoding: rest[end...], as: UTF8.self)
        self.target = target.hasPrefix("/") ? target : "/" + target
    }

    /// Host and port of "host", "host:port", "[v6]" or "[v6]:port".
    private static func authority(_ text: ArraySlice<UInt8>) -> (String, Int?)? {
        guard !text.contains(UInt8(ascii: "@")) else { return nil }
        var host = text
        var behind = text[text.endIndex...]
        if text.first == UInt8(ascii: "[") {
            guard let close = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = text[(text.startIndex + 1)..<close]
            behind = text[(close + 1)...]
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            host = text[..<colon]
            behind = text[colon...]
        }
        guard !host.isEmpty else { return nil }
        let name = String(decoding: host, as: UTF8.self)
        guard !behind.isEmpty else { return (name, nil) }
        guard behind.first == UInt8(ascii: ":"), let port = ASCII.number(behind.dropFirst(), digits: 5),
            1...65_535 ~= port
        else { return nil }
        return (name, port)
    }

    /// Host and port as the Host header wants them: the port is left out where it is the scheme's own.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The URL as text.
    public var description: String { "\(isSecure ? "wss" : "ws")://\(authority)\(target)" }
}
