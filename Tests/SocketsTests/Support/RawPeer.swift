import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// A TCP client without any manners: sends what it is told and reads what comes, with a bound on every wait.
final class RawPeer {
    private let descriptor: Int32
    private var held: [UInt8] = []

    struct Failed: Error {
        let step: String
    }

    /// - Parameter receiveBuffer: bytes that the operating system takes for this peer; nil for the usual.
    init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard status == 0 else { throw Failed(step: "connect") }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// What comes next; empty at the end of the connection.
    private func more() throws -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0, errno == ECONNRESET { return [] }
        guard count >= 0 else { throw Failed(step: "nothing came") }
        return Array(chunk[..<count])
    }

    /// Everything up to the end of the connection.
    func rest() throws -> [UInt8] {
        while true {
            let part = try more()
            guard !part.isEmpty else { return held }
            held += part
        }
    }

    /// The head of an HTTP answer.
    func head() throws -> String {
        while true {
            if let end = held.firstRange(of: Array("\r\n\r\n".utf8)) {
                defer { held.removeSubrange(..<end.upperBound) }
                return String(decoding: held[..<end.upperBound], as: UTF8.self)
            }
            let part = try more()
            guard !part.isEmpty else { throw Failed(step: "the connection ended before the answer") }
            held += part
        }
    }

    /// The next frame of a server: first byte and payload; nil at the end of the connection.
    func frame() throws -> (first: UInt8, payload: [UInt8])? {
        while true {
            if held.count >= 2 {
                var start = 2
                var length = Int(held[1] & 0x7f)
                if length == 126, held.count >= 4 {
                    length = Int(held[2]) << 8 | Int(held[3])
                    start = 4
                } else if length == 127, held.count >= 10 {
                    length = held[2..<10].reduce(0) { $0 << 8 | Int($1) }
                    start = 10
                }
                if length < 126 || start > 2, held.count >= start + length {
                    defer { held.removeSubrange(..<(start + length)) }
                    return (held[0], Array(held[start..<(start + length)]))
                }
            }
            let part = try more()
            guard !part.isEmpty else { return nil }
            held += part
        }
    }

    /// The request of a client in order.
    static func request(_ target: String = "/ocpp/CS1", _ further: String = "") -> String {
        """
        GET \(target) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\(further)\r\n
        """
    }

    /// Opens a WebSocket.
    static func opened(port: Int, further: String = "", receiveBuffer: Int32? = nil) throws -> RawPeer {
        let peer = try RawPeer(port: port, receiveBuffer: receiveBuffer)
        peer.send(request("/ocpp/CS1", further))
        guard try peer.head().hasPrefix("HTTP/1.1 101 ") else { throw Failed(step: "handshake") }
        return peer
    }

    /// A masked frame.
    static func frame(_ first: UInt8, _ payload: [UInt8], isMasked: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = [first]
        let mask: UInt8 = isMasked ? 0x80 : 0
        if payload.count < 126 {
            bytes.append(mask | UInt8(payload.count))
        } else if payload.count < 65_536 {
            bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        } else {
            bytes.append(mask | 127)
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(payload.count >> shift & 0xff)) }
        }
        guard isMasked else { return bytes + payload }
        let key: [UInt8] = [0x37, 0xfa, 0x21, 0x3d]
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
    }
}
