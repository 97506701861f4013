#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Keeps a second server away from a database: an advisory lock on a file beside it, gone with the process however it
/// ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``ServerError`` when another process holds the lock, or the file cannot be made.
    init(guarding path: String) throws(ServerError) {
        let lockPath = path + ".lock"
        descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ServerError(
                place: "--db \(path)", problem: "cannot make \(lockPath): \(String(cString: strerror(errno)))",
                fix: "name a file in a folder that exists and that you may write to")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw ServerError(
                place: "--db \(path)", problem: "another server\(holder) works with this file",
                fix: "stop that server, or name another file")
        }
        ftruncate(descriptor, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = text.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    deinit { close(descriptor) }

    /// ` (process 123)`, as far as the file says it.
    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return "" }
        let digits = String(decoding: bytes.prefix(count).prefix { (48...57).contains($0) }, as: UTF8.self)
        return digits.isEmpty ? "" : " (process \(digits))"
    }
}
