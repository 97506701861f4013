/// The server's half of the opening handshake, on bytes alone.
/// - Source: RFC 6455, 4.2.
enum ServerHandshake {
    /// A request in order: what the delegate decides about, and what the answer needs.
    struct Accepted {
        let target: [UInt8]
        let subprotocols: [String]
        let authorization: Authorization
        let key: [UInt8]
        let deflate: DeflateAgreement?
    }

    /// A request that is none, and the status that says so.
    struct Refusal: Error, Hashable {
        let status: Int
        var fields: [HTTPField] = []
    }

    /// Longest request target, in bytes.
    static let targetMax = 2048

    /// Reads a request's head.
    static func read(_ bytes: [UInt8], deflate: DeflateSettings?) throws(Refusal) -> Accepted {
        let head: HTTPHead
        do throws(HTTPHeadProblem) { head = try HTTPHead(bytes) } catch {
            throw Refusal(status: error == .tooManyFields ? 431 : 400)
        }
        let words = head.startWords
        guard words.count == 3, words[2].starts(with: "HTTP/".utf8) else { throw Refusal(status: 400) }
        guard words[2].elementsEqual("HTTP/1.1".utf8) else { throw Refusal(status: 505) }
        guard words[0].elementsEqual("GET".utf8) else {
            throw Refusal(status: 405, fields: [HTTPField("Allow", "GET")])
        }
        guard words[1].count <= targetMax else { throw Refusal(status: 414) }
        guard let target = originForm(words[1]) else { throw Refusal(status: 400) }
        guard head.value(of: "host") != nil, !head.has("transfer-encoding"),
            head.values(of: "content-length").allSatisfy({ $0.elementsEqual("0".utf8) })
        else { throw Refusal(status: 400) }
        let key = try upgradeKey(head)
        let subprotocols = head.elements(of: "sec-websocket-protocol")
        guard subprotocols.count <= UpgradeRequest.subprotocolsMax,
            subprotocols.allSatisfy({ $0.allSatisfy(ASCII.isToken) })
        else { throw Refusal(status: 400) }
        return Accepted(
            target: target, subprotocols: subprotocols.map { String(decoding: $0, as: UTF8.self) },
            authorization: Authorization(head), key: key,
            deflate: deflate.flatMap {
                DeflateAgreement.answering(head.elements(of: "sec-websocket-extensions"), with: $0)
            })
    }

    /// Path and query of a request target in origin-form or absolute-form, which a server has to take as well; `nil` for
    /// any other. Whom a URL names besides is no part of it: user information is refused.
    /// - Source: RFC 9112, 3.2.1 and 3.2.2; RFC 9110, 4.2.4.
    private static func originForm(_ target: ArraySlice<UInt8>) -> [UInt8]? {
        if target.first == UInt8(ascii: "/") { return Array(target) }
        let schemes: [StaticString] = ["http://", "https://", "ws://", "wss://"]
        guard
            let scheme = schemes.first(where: { ASCII.equal(target.prefix($0.utf8CodeUnitCount), lowercase: $0) })
        else { return nil }
        let rest = target.dropFirst(scheme.utf8CodeUnitCount)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard !authority.isEmpty, !authority.contains(UInt8(ascii: "@")) else { return nil }
        let path = rest.dropFirst(authority.count)
        return path.first == UInt8(ascii: "/") ? Array(path) : [UInt8(ascii: "/")] + path
    }

    /// The key of a request that asks for a WebSocket of version 13.
    private static func upgradeKey(_ head: HTTPHead) throws(Refusal) -> [UInt8] {
        guard head.list("upgrade", holds: "websocket"), head.list("connection", holds: "upgrade") else {
            throw Refusal(
                status: 426, fields: [HTTPField("Upgrade", "websocket"), HTTPField("Sec-WebSocket-Version", "13")])
        }
        guard let version = head.value(of: "sec-websocket-version") else { throw Refusal(status: 400) }
        guard version.elementsEqual("13".utf8) else {
            throw Refusal(status: 426, fields: [HTTPField("Sec-WebSocket-Version", "13")])
        }
        guard let key = head.value(of: "sec-websocket-key"), key.count == 24, Base64.decode(key)?.count == 16 else {
            throw Refusal(status: 400)
        }
        return Array(key)
    }

    /// The answer that opens the connection.
    static func answer(key: [UInt8], subprotocol: String?, deflate: DeflateAgreement?) -> [UInt8] {
        var text = Array("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n".utf8)
        text += "Sec-WebSocket-Accept: ".utf8
        text += acceptance(of: key)
        text += "\r\n".utf8
        if let subprotocol { text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n".utf8 }
        if let deflate { text += "Sec-WebSocket-Extensions: \(deflate.answer)\r\n".utf8 }
        text += "\r\n".utf8
        return text
    }

    /// What the accept header must say to that key.
    static func acceptance(of key: [UInt8]) -> [UInt8] {
        Base64.encode(SHA1.digest(key + Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)))
    }

    /// An answer that ends the connection.
    static func rejection(status: Int, fields: [HTTPField]) -> [UInt8] {
        var text = Array("HTTP/1.1 \(status) \(reason(of: status))\r\nConnection: close\r\nContent-Length: 0\r\n".utf8)
        for field in fields where !field.name.isEmpty && field.name.utf8.allSatisfy(ASCII.isToken) {
            text += field.name.utf8
            text += ": ".utf8
            text += field.value.utf8.filter { $0 >= 0x20 && $0 != 0x7f }
            text += "\r\n".utf8
        }
        text += "\r\n".utf8
        return text
    }

    private static func reason(of status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 414: "URI Too Long"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Refused"
        }
    }
}
