internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Why there is no TCP connection, in a few words that are the same for the same cause.
enum UnreachableCause {
    static func words(for error: any Error) -> String {
        switch error {
        case let error as IOError: words(errno: error.errnoCode)
        case is SocketAddressError, is SocketAddressError.UnknownHost: "host not found"
        case let error as NIOConnectionError:
            // Where a host has several addresses, the last one tried speaks for all.
            if let last = error.connectionErrors.last?.error {
                words(for: last)
            } else {
                error.dnsAError == nil && error.dnsAAAAError == nil ? "no address to connect to" : "host not found"
            }
        case ChannelError.connectTimeout: "timed out"
        default: "\(error)"
        }
    }

    private static func words(errno code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "connection refused"
        case ETIMEDOUT: "timed out"
        case EHOSTUNREACH: "no route to the host"
        case ENETUNREACH: "no route to the network"
        case ECONNRESET: "connection reset"
        case EADDRNOTAVAIL: "no free port at the source address"
        case EMFILE, ENFILE: "too many open files"
        default: String(cString: strerror(code))
        }
    }
}
