internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Keeps a second server away from a database, under whatever name it goes there: advisory locks on a file beside it and
/// on the database itself, gone with the process however it ends.
///
/// The first is beside the file that symbolic links lead to. The second meets hard links; it is left out on Darwin, where
/// it would be in the way of SQLite's own locks.
final class FileLock: Sendable {
    private let descriptors: [Int32]
    private let isReleased = Atomic(false)

    /// Makes the file when there is none, to be read by its owner alone: it will hold password hashes.
    ///
    /// - Throws: ``ServerError`` when another process holds the lock, or the file cannot be made.
    init(guarding path: String) throws(ServerError) { descriptors = try Self.locked(path) }

    deinit { release() }

    /// Lets others have the file; further calls do nothing.
    func release() {
        guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
        for descriptor in descriptors { close(descriptor) }
    }

    /// Descriptors that hold the locks.
    private static func locked(_ path: String) throws(ServerError) -> [Int32] {
        guard !path.isEmpty, !path.hasPrefix(":"), !path.hasPrefix("file:") else {
            throw ServerError(place: "--db \(path)", problem: "not the name of a file", fix: "name a file")
        }
        let target = try made(path)
        let lockPath = target + ".lock"
        let beside = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard beside >= 0 else { throw cannotMake(lockPath, of: path) }
        guard flock(beside, LOCK_EX | LOCK_NB) == 0 else {
            let holder = holder(beside)
            close(beside)
            throw held(path, by: holder)
        }
        let itself = lock(target)
        guard itself != .held else {
            close(beside)
            throw held(path, by: "")
        }
        ftruncate(beside, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = text.withUnsafeBytes { write(beside, $0.baseAddress, $0.count) }
        if case .mine(let descriptor) = itself { return [descriptor, beside] }
        return [beside]
    }

    private enum LockOfItself: Hashable {
        case mine(Int32)
        case held
        /// Not on this system, or not for this file.
        case none
    }

    private static func lock(_ file: String) -> LockOfItself {
        #if canImport(Darwin)
        return .none
        #else
        // Closing any descriptor of the file takes SQLite's locks on it away: this one stays open until they are gone.
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .none }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return .mine(descriptor) }
        close(descriptor)
        return .held
        #endif
    }

    /// The file without symbolic links on the way, made when there is none.
    private static func made(_ path: String) throws(ServerError) -> String {
        if let known = resolved(path) { return known }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw cannotMake(path, of: path) }
        close(descriptor)
        return resolved(path) ?? path
    }

    private static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    private static func cannotMake(_ file: String, of path: String) -> ServerError {
        ServerError(
            place: "--db \(path)", problem: "cannot make \(file): \(String(cString: strerror(errno)))",
            fix: "name a file in a folder that exists and that you may write to")
    }

    private static func held(_ path: String, by holder: String) -> ServerError {
        ServerError(
            place: "--db \(path)", problem: "another server\(holder) works with this file",
            fix: "stop that server, or name another file")
    }

    /// ` (process 123)`, as far as the file says it.
    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return "" }
        let digits = String(decoding: bytes.prefix(count).prefix { (48...57).contains($0) }, as: UTF8.self)
        return digits.isEmpty ? "" : " (process \(digits))"
    }
}
