/// The client's half of the opening handshake, on bytes alone.
/// - Source: RFC 6455, 4.1.
struct ClientHandshake {
    /// What was agreed on.
    struct Opened {
        let subprotocol: String?
        let deflate: DeflateAgreement?
    }

    private let key: [UInt8]
    private let subprotocols: [String]
    private let deflate: DeflateSettings?

    /// - Parameter nonce: 16 bytes drawn for this connection.
    init(nonce: [UInt8], subprotocols: [String], deflate: DeflateSettings?) {
        key = Base64.encode(nonce)
        self.subprotocols = subprotocols
        self.deflate = deflate
    }

    /// The request to send.
    func request(_ request: WebSocketClientRequest) -> [UInt8] {
        var text = Array("GET \(request.url.target) HTTP/1.1\r\nHost: \(request.url.authority)\r\n".utf8)
        text += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ".utf8
        text += key
        text += "\r\n".utf8
        if !subprotocols.isEmpty {
            text += "Sec-WebSocket-Protocol: \(subprotocols.joined(separator: ", "))\r\n".utf8
        }
        if let deflate { text += "Sec-WebSocket-Extensions: \(deflate.offer)\r\n".utf8 }
        if let credentials = request.credentials {
            text += "Authorization: Basic ".utf8
            text += Base64.encode(credentials.user + [UInt8(ascii: ":")] + credentials.password)
            text += "\r\n".utf8
        }
        for field in request.headers where !field.name.isEmpty && field.name.utf8.allSatisfy(ASCII.isToken) {
            text += "\(field.name): ".utf8
            text += field.value.utf8.filter { $0 >= 0x20 && $0 != 0x7f }
            text += "\r\n".utf8
        }
        text += "\r\n".utf8
        return text
    }

    /// Reads the head of the server's answer.
    /// - Throws: why the connection does not open.
    func read(_ bytes: [UInt8]) throws(ConnectFailure) -> Opened {
        let head: HTTPHead
        do throws(HTTPHeadProblem) { head = try HTTPHead(bytes) } catch {
            throw .badHandshake("the answer is no HTTP")
        }
        let words = head.startWords
        guard words.count >= 2, words[0].starts(with: "HTTP/1.".utf8),
            let status = ASCII.number(words[1], digits: 3), status >= 100
        else { throw .badHandshake("the answer is no HTTP") }
        guard status == 101 else {
            throw .refused(status: status, headers: head.allFields.map { HTTPField($0.name, $0.value) })
        }
        guard head.list("upgrade", holds: "websocket"), head.list("connection", holds: "upgrade") else {
            throw .badHandshake("the answer upgrades to something else")
        }
        guard head.value(of: "sec-websocket-accept")?.elementsEqual(ServerHandshake.acceptance(of: key)) == true else {
            throw .badHandshake("the answer does not prove that the server speaks WebSocket")
        }
        let subprotocol = try subprotocol(head)
        let extensions = head.elements(of: "sec-websocket-extensions")
        guard !extensions.isEmpty else { return Opened(subprotocol: subprotocol, deflate: nil) }
        guard let deflate, extensions.count == 1, let agreed = DeflateAgreement(answer: extensions[0], to: deflate)
        else {
            throw .badHandshake("the server wants an extension that was not offered")
        }
        return Opened(subprotocol: subprotocol, deflate: agreed)
    }

    private func subprotocol(_ head: HTTPHead) throws(ConnectFailure) -> String? {
        guard head.has("sec-websocket-protocol") else { return nil }
        guard let value = head.value(of: "sec-websocket-protocol"),
            let chosen = subprotocols.first(where: { $0.utf8.elementsEqual(value) })
        else { throw .badHandshake("the server chose a subprotocol that was not offered") }
        return chosen
    }
}
