internal import OCPP

/// Where an OCSP responder of somebody else is: the parts of an `http` URL.
struct ResponderAddress: Hashable, Sendable {
    let host: String
    let port: Int
    /// Path and query.
    let target: String

    /// Longest URL that is looked at, bytes.
    static let lengthMax = 2048
    private static let standardPort = 80

    /// Reads `http://HOST[:PORT][/PATH]`; `nil` for anything else, `https` included: an answer is signed, and needs no
    /// other protection.
    init?(url: String) {
        let prefix = "http://"
        guard url.utf8.count <= Self.lengthMax, url.lowercased().hasPrefix(prefix),
            url.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        let rest = url.dropFirst(prefix.count).prefix { $0 != "#" }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let authority = Self.authority(String(rest[..<end])) else { return nil }
        (host, port) = authority
        let path = String(rest[end...])
        target = path.hasPrefix("/") ? path : "/" + path
    }

    /// Reads an operator's `HOST` or `HOST:PORT`.
    init?(allowed text: String) {
        guard let authority = Self.authority(text) else { return nil }
        (host, port) = authority
        target = "/"
    }

    /// Whether it is at the same host and port.
    func isAt(_ other: ResponderAddress) -> Bool { host == other.host && port == other.port }

    /// Host in lower case and port; `nil` for user names, missing hosts and impossible ports.
    private static func authority(_ text: String) -> (String, Int)? {
        guard !text.isEmpty, text.utf8.count <= 255 else { return nil }
        if let address = ListenAddress(text) {
            return address.port > 0 && isHost(address.host) ? (address.host.lowercased(), address.port) : nil
        }
        var host = text[...]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        return isHost(String(host)) ? (host.lowercased(), standardPort) : nil
    }

    private static func isHost(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: ":"):
                    true
                default: false
                }
            }
    }
}
