#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The process's limit of open files, which every connection takes one of.
public enum FileLimit {
    /// Why the limit could not be had.
    public struct TooLow: Error, Hashable, Sendable, CustomStringConvertible {
        /// Files that were asked for.
        public var wanted: Int
        /// Files that the hard limit allows.
        public var hardLimit: Int

        /// What is wrong and what to do.
        public var description: String {
            """
            \(wanted) open files are needed, but this process may open \(hardLimit) only
              fix: raise the hard limit: "ulimit -Hn \(wanted)" as root before the start, "LimitNOFILE=\(wanted)" in a \
            systemd unit, or "--ulimit nofile=\(wanted)" for a container
            """
        }
    }

    /// Files that this process may have open now.
    public static var current: Int { Int(clamping: limits().rlim_cur) }

    /// Raises the soft limit so that `wanted` files can be open; never lowers it.
    /// - Throws: ``TooLow`` where the hard limit is below; the soft limit then stands at the hard one.
    public static func raise(to wanted: Int) throws(TooLow) {
        var limit = limits()
        guard wanted > Int(clamping: limit.rlim_cur) else { return }
        let hard = Int(clamping: limit.rlim_max)
        limit.rlim_cur = rlim_t(min(wanted, hard))
        guard setrlimit(resource, &limit) == 0, wanted <= hard else { throw TooLow(wanted: wanted, hardLimit: hard) }
    }

    private static func limits() -> rlimit {
        var limit = rlimit()
        getrlimit(resource, &limit)
        return limit
    }

    #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
    private static let resource = RLIMIT_NOFILE
    #endif
}
