import Testing

@testable import Sockets

@Suite("Sockets: HTTP as far as a handshake needs it")
struct HTTPTests {
    @Test("a head is taken apart, names in any case of letters, blanks around values left out")
    func readsHead() throws {
        let head = try HTTPHead(bytes("GET /a HTTP/1.1\r\nHost: x\r\nCONNECTION:  keep-alive , Upgrade \r\n\r\n"))
        #expect(head.startWords.map { String(decoding: $0, as: UTF8.self) } == ["GET", "/a", "HTTP/1.1"])
        #expect(head.value(of: "host").map(Array.init) == bytes("x"))
        #expect(head.list("connection", holds: "upgrade"))
        #expect(!head.has("upgrade"))
    }

    @Test(
        "what is no head is refused",
        arguments: [
            "GET / HTTP/1.1\nHost: x\n\n", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "GET / HTTP/1.1\r\n folded\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n", "GET /\u{0} HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\n", "", "\r\n", "GET / HTTP/1.1\r\nA: b\r\r\n\r\n",
        ])
    func refusesRest(text: String) {
        #expect(throws: HTTPHeadProblem.self) { try HTTPHead(bytes(text)) }
    }

    @Test("more header fields than the limit are refused")
    func fieldsAreLimited() {
        let many = String(repeating: "A: b\r\n", count: HTTPHead.fieldsMax + 1)
        #expect(throws: HTTPHeadProblem.tooManyFields) { try HTTPHead(bytes("GET / HTTP/1.1\r\n\(many)\r\n")) }
    }

    @Test(
        "base64 agrees with RFC 4648's examples",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(plain: String, encoded: String) {
        #expect(Base64.encode(bytes(plain)) == bytes(encoded))
        #expect(Base64.decode(bytes(encoded)) == bytes(plain))
    }

    @Test("what is no base64 is refused", arguments: ["Z", "Zg=", "Z===", "Zm9v!", "Zg==Zg==", "Zh==", "=Zg="])
    func badBase64(text: String) {
        #expect(Base64.decode(bytes(text)) == nil)
    }

    @Test(
        "SHA-1 agrees with FIPS 180's examples",
        arguments: [
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"), ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
        ])
    func sha1(text: String, digest: String) {
        let digits = Array("0123456789abcdef")
        let hexadecimal = SHA1.digest(bytes(text)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        #expect(String(hexadecimal) == digest)
    }

    @Test("the accept key is that of RFC 6455's example")
    func acceptance() {
        #expect(
            ServerHandshake.acceptance(of: bytes("dGhlIHNhbXBsZSBub25jZQ==")) == bytes("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
    }

    @Test(
        "URLs are taken apart and put together",
        arguments: [
            ("ws://host/ocpp", false, "host", 80, "/ocpp"), ("wss://host", true, "host", 443, "/"),
            ("WSS://host:8443/a/b?c=d", true, "host", 8443, "/a/b?c=d"),
            ("ws://[::1]:9000/x", false, "::1", 9000, "/x"),
            ("ws://127.0.0.1?x", false, "127.0.0.1", 80, "/?x"),
        ])
    func urls(text: String, isSecure: Bool, host: String, port: Int, target: String) {
        #expect(
            WebSocketURL(text) == WebSocketURL(isSecure: isSecure, host: host, port: port, target: target),
            "\(text)")
    }

    @Test(
        "what is no WebSocket URL is refused",
        arguments: [
            "http://host/", "ws:/host", "ws://", "ws://host:0/", "ws://host:65536/", "ws://user@host/", "ws://host/#x",
            "ws://host:1:2/", "ws://[::1/", "ws://ho st/", "ws://host:/",
        ])
    func badURLs(text: String) {
        #expect(WebSocketURL(text) == nil)
    }
}

@Suite("Sockets: identity in the path")
struct PathSegmentTests {
    @Test(
        "point 7: the identity is the last segment, percent-decoded, whatever its bytes",
        arguments: [
            ("/ocpp/CS1", "CS1"), ("/ocpp/CS%201", "CS 1"), ("/ocpp/a%2Fb", "a/b"), ("/ocpp/%C3%A4", "ä"),
            ("/ocpp/CS1?x=y", "CS1"), ("/ocpp/a+b", "a+b"), ("/ocpp/...", "..."), ("/ocpp/RDAM%7c123", "RDAM|123"),
        ])
    func decodes(path: String, name: String) throws {
        #expect(try percentDecodedLastSegment(path: bytes(path), prefix: "/ocpp") == bytes(name))
        #expect(try percentDecodedLastSegment(path: bytes(path), prefix: "/ocpp/") == bytes(name))
    }

    @Test(
        "point 7: a path that names nobody is refused with the reason",
        arguments: [
            ("/other/CS1", PathProblem.notUnderPrefix), ("/ocpp", .notUnderPrefix), ("/ocppCS1", .notUnderPrefix),
            ("/ocpp/", .empty), ("/ocpp/?x", .empty), ("/ocpp/a/b", .severalSegments), ("/ocpp/..", .dotSegment),
            ("/ocpp/%2e%2E", .dotSegment), ("/ocpp/.", .dotSegment), ("/ocpp/%", .badPercentEncoding),
            ("/ocpp/%4", .badPercentEncoding), ("/ocpp/%zz", .badPercentEncoding), ("/ocpp/a%00b", .controlCharacter),
            ("/ocpp/a%0Ab", .controlCharacter), ("/ocpp/%7F", .controlCharacter), ("/ocpp/a b", .illegalCharacter),
            ("/ocpp/ä", .illegalCharacter),
        ])
    func refuses(path: String, problem: PathProblem) {
        #expect(throws: problem) { try percentDecodedLastSegment(path: bytes(path), prefix: "/ocpp") }
    }

    @Test("an identity of 500 characters is refused, one at the limit is not")
    func lengths() throws {
        let long = "/ocpp/" + String(repeating: "x", count: 500)
        #expect(throws: PathProblem.tooLong) { try percentDecodedLastSegment(path: bytes(long), prefix: "/ocpp") }
        #expect(try percentDecodedLastSegment(path: bytes(long), prefix: "/ocpp", lengthMax: 500).count == 500)
    }

    @Test("the root may be the prefix")
    func root() throws {
        #expect(try percentDecodedLastSegment(path: bytes("/CS1"), prefix: "") == bytes("CS1"))
        #expect(try percentDecodedLastSegment(path: bytes("/CS1"), prefix: "/") == bytes("CS1"))
    }

    @Test("encoding any bytes and decoding them gives the bytes")
    func roundTrip() throws {
        for byte in UInt8(0x20)...0xff where byte != 0x7f {
            let name: [UInt8] = [UInt8(ascii: "x"), byte]
            let path = "/" + percentEncodedSegment(name)
            #expect(try percentDecodedLastSegment(path: bytes(path), prefix: "") == name)
        }
    }
}
