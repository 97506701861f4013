internal import NIOCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Where a connection comes from, as far as it tells one peer from another: an IPv4 address, or the 64 bits of an IPv6
/// address that a peer cannot choose.
struct PeerNetwork: Hashable, Sendable {
    private let bytes: [UInt8]

    /// - Parameter bytes: of an address, 4 or 16; none where it is not known.
    init(address bytes: [UInt8]) {
        let isMapped = bytes.count == 16 && bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10...11] == [0xFF, 0xFF]
        self.bytes = isMapped ? Array(bytes.suffix(4)) : Array(bytes.prefix(8))
    }

    init(_ address: SocketAddress?) {
        let text = address?.ipAddress ?? ""
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.init(address: Array(bytes.prefix(4)))
        } else {
            self.init(address: inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : [])
        }
    }
}
