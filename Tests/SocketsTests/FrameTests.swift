import NIOCore
import Testing

@testable import Sockets

@Suite("Sockets: frames")
struct FrameTests {
    enum Seen: Equatable {
        case message(isText: Bool, isCompressed: Bool, bytes: [UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close([UInt8])
        case violation(CloseCode)
    }

    /// What the reader makes of the bytes when they come in parts of that size.
    func read(
        _ bytes: [UInt8], inPartsOf size: Int, role: EndpointRole = .server, messageMax: Int = 1 << 20,
        mayCompress: Bool = false
    ) -> [Seen] {
        var reader = FrameReader()
        var seen: [Seen] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            var buffer = ByteBuffer(bytes: bytes[start..<min(bytes.count, start + size)])
            while let event = reader.next(&buffer, role: role, messageMax: messageMax, mayCompress: mayCompress) {
                switch event {
                case .message(let isText, let isCompressed, let bytes):
                    seen.append(.message(isText: isText, isCompressed: isCompressed, bytes: bytes))
                case .ping(let bytes): seen.append(.ping(bytes))
                case .pong(let bytes): seen.append(.pong(bytes))
                case .close(let bytes): seen.append(.close(bytes))
                case .violation(let code, _):
                    seen.append(.violation(code))
                    return seen
                }
            }
        }
        return seen
    }

    @Test("messages of every length come out whole, however the bytes were cut")
    func lengths() {
        for length in [0, 1, 125, 126, 127, 65_535, 65_536, 100_000] {
            let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let frame = RawPeer.frame(0x81, payload)
            for size in [1, 3, 7, 4096, frame.count] where length < 1000 || size > 3 {
                #expect(
                    read(frame + RawPeer.frame(0x89, [1]), inPartsOf: size) == [
                        .message(isText: true, isCompressed: false, bytes: payload), .ping([1]),
                    ], "\(length) bytes in parts of \(size)")
            }
        }
    }

    @Test("a frame that is written is read back, masked and not")
    func writerAndReader() {
        for length in [0, 5, 125, 126, 65_535, 65_536] {
            let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            for role in [EndpointRole.server, .client] {
                var buffer = ByteBuffer()
                buffer.writeFrame(.binary, mask: role == .server ? 0x8123_4567 : nil, payload: payload)
                #expect(
                    read(Array(buffer.readableBytesView), inPartsOf: 4096, role: role) == [
                        .message(isText: false, isCompressed: false, bytes: payload)
                    ])
            }
        }
    }

    @Test("fragments are put together, with control frames between them", arguments: [1, 2, 5, 1000])
    func fragments(size: Int) {
        let stream =
            RawPeer.frame(0x01, bytes("Hel")) + RawPeer.frame(0x89, bytes("?")) + RawPeer.frame(0x00, [])
            + RawPeer.frame(0x00, bytes("lo")) + RawPeer.frame(0x8a, []) + RawPeer.frame(0x80, bytes("!"))
        #expect(
            read(stream, inPartsOf: size) == [
                .ping(bytes("?")), .pong([]), .message(isText: true, isCompressed: false, bytes: bytes("Hello!")),
            ])
    }

    @Test(
        "a peer that breaks the protocol is found out",
        arguments: [
            ("no mask", RawPeer.frame(0x81, [65], isMasked: false)), ("reserved bit 1", RawPeer.frame(0xc1, [65])),
            ("reserved bit 2", RawPeer.frame(0xa1, [65])), ("reserved bit 3", RawPeer.frame(0x91, [65])),
            ("opcode 3", RawPeer.frame(0x83, [])), ("opcode 11", RawPeer.frame(0x8b, [])),
            ("split ping", RawPeer.frame(0x09, [])),
            ("long ping", RawPeer.frame(0x89, [UInt8](repeating: 0, count: 126))),
            ("continuation of nothing", RawPeer.frame(0x80, [])),
            ("message within a message", RawPeer.frame(0x01, [65]) + RawPeer.frame(0x81, [66])),
            ("16-bit length for 5", [0x81, 0xfe, 0, 5]), ("64-bit length for 5", [0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 5]),
            ("length above 63 bits", [0x81, 0xff, 0x80, 0, 0, 0, 0, 1, 0, 0]),
        ])
    func violations(name: String, frame: [UInt8]) {
        let padded = frame + [0, 0, 0, 0]
        #expect(read(padded, inPartsOf: padded.count).last == .violation(.protocolError), "\(name)")
        #expect(read(padded, inPartsOf: 1).last == .violation(.protocolError), "\(name)")
    }

    @Test("a client refuses masked frames")
    func clientSide() {
        #expect(read(RawPeer.frame(0x81, [65]), inPartsOf: 100, role: .client) == [.violation(.protocolError)])
    }

    @Test("a message above the limit is refused by its header, before its bytes come")
    func tooBig() {
        #expect(
            read([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], inPartsOf: 100) == [.violation(.messageTooBig)])
        let half = RawPeer.frame(0x01, [UInt8](repeating: 65, count: 60))
        let rest = RawPeer.frame(0x80, [UInt8](repeating: 65, count: 60))
        #expect(read(half + rest, inPartsOf: 1000, messageMax: 100) == [.violation(.messageTooBig)])
        #expect(read(half + rest, inPartsOf: 1000, messageMax: 120).count == 1)
    }

    @Test("a compressed message is told apart where compression was agreed on")
    func compressed() {
        #expect(
            read(RawPeer.frame(0xc1, [65]), inPartsOf: 100, mayCompress: true) == [
                .message(isText: true, isCompressed: true, bytes: [65])
            ])
        #expect(
            read(RawPeer.frame(0x01, [65]) + RawPeer.frame(0xc0, [65]), inPartsOf: 100, mayCompress: true) == [
                .violation(.protocolError)
            ])
    }

    @Test("no bytes make the reader trap or keep more than it was sent")
    func noise() {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        for round in 0..<20_000 {
            var noise = (0..<Int(next() % 64)).map { _ in UInt8(truncatingIfNeeded: next()) }
            // Every other round begins like a frame in order, to come further.
            if round % 2 == 0 {
                noise = [[0x81, 0x01, 0x89, 0x88][round / 2 % 4], 0x80 | UInt8(next() % 128)] + noise
            }
            _ = read(noise, inPartsOf: Int(next() % 9) + 1, messageMax: 1000, mayCompress: round % 3 == 0)
        }
    }

    @Test("close frames say what they may say")
    func closePayloads() {
        #expect(ClosePayload.read([])?.code == nil)
        #expect(ClosePayload.read([0x03]) == nil)
        #expect(ClosePayload.read([0x03, 0xe8] + bytes("bye"))?.reason == "bye")
        #expect(ClosePayload.read([0x03, 0xe8, 0xff]) == nil)
        for code: UInt16 in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535] {
            #expect(ClosePayload.read([UInt8(code >> 8), UInt8(code & 0xff)]) == nil, "\(code)")
        }
        let long = ClosePayload.bytes(code: .normal, reason: String(repeating: "ä", count: 100))
        #expect(long.count <= 125)
        #expect(ClosePayload.read(long)?.reason == String(repeating: "ä", count: 61))
    }
}
