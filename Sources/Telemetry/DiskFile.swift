#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The file under an HDF5 writer: locked against other writers, and valid on disk after every single write.
///
/// - It never lets the marks "open for writing" reach the disk, so that a killed writer's file opens everywhere.
/// - The end of the file that the superblock on disk promises always covers what the metadata on disk points at, though
///   the library writes its superblock last; and the file is made that long before the promise is written.
/// - After the first failed write it drops all later ones: what is on disk stays as it was, which is the state after a
///   kill. The library never hears of it, so that it can close its objects in peace; the caller asks ``failure``.
///
/// Used by one thread at a time, inside ``HDF5/locked(_:)``.
final class DiskFile {
    /// What the library writes, as far as order matters.
    enum Content {
        /// A chunk's values, which nothing points at yet.
        case chunk
        /// Texts of attributes, which headers point at.
        case heap
        case metadata
    }

    let path: String
    private var descriptor: Int32
    /// End of the space that the library has handed out; not yet the file's length.
    var endOfAllocation: UInt64 = 0
    private(set) var length: UInt64
    /// `errno` of the first failed write, 0 if none.
    private(set) var failure: Int32 = 0
    /// Writes until the next one fails as if the device had gone; tests count it down to see what every possible kill
    /// leaves on disk.
    var writesUntilFailure = Int.max
    private var held: [HeldWrite]?
    private var superblock: [UInt8] = []
    private var promisedLength: UInt64 = 0

    /// Opens `path` for writing, creates it if it may, and takes the lock. Errors speak of `name`.
    init(path: String, name: String, mayCreate: Bool) throws(TelemetryError) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | (mayCreate ? O_CREAT : 0), 0o644)
        guard descriptor >= 0 else { throw DiskFile.cannotOpen(name, code: errno) }
        guard DiskFile.lock(descriptor) else {
            close(descriptor)
            throw DiskFile.isBeingWritten(name)
        }
        var status = stat()
        fstat(descriptor, &status)
        self.path = path
        self.descriptor = descriptor
        length = UInt64(status.st_size)
    }

    deinit { release() }

    /// Closes the file and lets go of the lock.
    func release() {
        guard descriptor >= 0 else { return }
        DiskFile.unlock(descriptor)
        close(descriptor)
        descriptor = -1
    }

    /// Throws if another writer holds the file at `path`; a file that is not there is free.
    static func checkFree(_ path: String) throws(TelemetryError) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw cannotOpen(path, code: errno)
        }
        defer { close(descriptor) }
        guard lock(descriptor) else { throw isBeingWritten(path) }
        unlock(descriptor)
    }

    // MARK: What the driver calls

    func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(address) + off_t(done))
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return false }
            if count == 0 {  // past the end: zeros, as HDF5's own drivers answer
                rest.initializeMemory(as: UInt8.self, repeating: 0)
                break
            }
            done += count
        }
        for write in held ?? [] { write.overlay(buffer, at: address) }
        return true
    }

    func write(at address: UInt64, _ bytes: UnsafeRawBufferPointer, _ content: Content) {
        if held != nil {
            held?.append(HeldWrite(address: address, bytes: Array(bytes), content: content))
        } else if content == .chunk {
            put(at: address, bytes)
        } else if address == 0, Superblock.isPresent(in: bytes) {
            writeSuperblock(bytes)
        } else {
            promise(endOfAllocation)
            put(at: address, bytes)
        }
    }

    func empty() {
        guard ftruncate(descriptor, 0) == 0 else { return fail(errno) }
        length = 0
        promisedLength = 0
        superblock = []
    }

    /// Makes the file at least `newLength` bytes long; it never shrinks while the library has it open.
    func extend(to newLength: UInt64) {
        guard failure == 0, newLength > length else { return }
        guard ftruncate(descriptor, off_t(newLength)) == 0 else { return fail(errno) }
        length = newLength
    }

    /// The library has closed the file: cuts off what lies behind the end that the superblock promises.
    func closed() {
        guard held == nil, failure == 0, promisedLength > 0, promisedLength < length else { return }
        if ftruncate(descriptor, off_t(promisedLength)) == 0 { length = promisedLength }
    }

    // MARK: What the writer calls

    /// Keeps all writes in memory until ``commit()``: for changes that the library does not order for a kill.
    func hold() { held = [] }

    /// Writes what was held so that each step leaves a valid file: first into new space, then heaps of texts, then the
    /// headers that point at both, at last the superblock.
    func commit() {
        guard let writes = held else { return }
        held = nil
        let end = promisedLength
        for write in writes where write.address >= end { write.bytes.withUnsafeBytes { put(at: write.address, $0) } }
        for content in [Content.chunk, .heap, .metadata] {
            for write in writes where write.address > 0 && write.address < end && write.content == content {
                write.bytes.withUnsafeBytes { self.write(at: write.address, $0, content) }
            }
        }
        for write in writes where write.address == 0 {
            write.bytes.withUnsafeBytes { self.write(at: 0, $0, .metadata) }
        }
        closed()
    }

    /// Brings everything written so far to the medium.
    func synchronise() throws(HDF5Failure) {
        if fsync(descriptor) != 0 { fail(errno) }
        try checkWritten()
    }

    /// Throws if any write has failed so far.
    func checkWritten() throws(HDF5Failure) {
        guard failure == 0 else {
            throw HDF5Failure(operation: "cannot write to the file", detail: DiskFile.words(failure))
        }
    }

    // MARK: Inside

    /// Writes a superblock without the marks "open for writing", after making the file as long as it says.
    private func writeSuperblock(_ bytes: UnsafeRawBufferPointer) {
        let promised = Superblock.endOfFile(of: bytes)
        extend(to: promised)
        var copy = Array(bytes)
        copy.withUnsafeMutableBytes { Superblock.clearOpenMarks(in: $0) }
        promisedLength = promised
        superblock = Array(copy.prefix(Superblock.byteCount))
        copy.withUnsafeBytes { put(at: 0, $0) }
    }

    /// Raises the end of the file in the superblock on disk, once there is one.
    private func promise(_ end: UInt64) {
        guard !superblock.isEmpty, end > promisedLength else { return }
        extend(to: end)
        superblock.withUnsafeMutableBytes { Superblock.setEndOfFile(end, in: $0) }
        promisedLength = end
        superblock.withUnsafeBytes { put(at: 0, $0) }
    }

    private func put(at address: UInt64, _ bytes: UnsafeRawBufferPointer) {
        guard failure == 0 else { return }
        guard writesUntilFailure > 0 else { return fail(EIO) }
        writesUntilFailure -= 1
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(address) + off_t(done))
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return fail(count < 0 ? errno : ENOSPC) }
            done += count
        }
        length = max(length, address + UInt64(bytes.count))
    }

    private func fail(_ code: Int32) {
        if failure == 0 { failure = code }
    }

    /// A lock of the open file description: it ends with the process, and HDF5's readers (which use `flock`) do not mind.
    private static func lock(_ descriptor: Int32) -> Bool {
        request(F_WRLCK, of: descriptor) == 0 || (errno != EAGAIN && errno != EACCES)
    }

    /// Lets go in so many words: a child process that is just being made holds the descriptor for a moment longer.
    private static func unlock(_ descriptor: Int32) { _ = request(F_UNLCK, of: descriptor) }

    private static func request(_ type: some BinaryInteger, of descriptor: Int32) -> Int32 {
        #if canImport(Glibc)
        let setLock: Int32 = 37  // F_OFD_SETLK
        #else
        let setLock: Int32 = 90  // F_OFD_SETLK
        #endif
        var request = flock()
        request.l_type = Int16(type)
        request.l_whence = Int16(SEEK_SET)
        return fcntl(descriptor, setLock, &request)
    }

    static func words(_ code: Int32) -> String {
        String(cString: strerror(code))
    }

    private static func cannotOpen(_ path: String, code: Int32) -> TelemetryError {
        let fix =
            switch code {
            case ENOENT: "create the directory first, or name another one"
            case EACCES, EPERM, EROFS: "choose a directory you may write to"
            case EISDIR: "name a file, not a directory"
            case ENOSPC, EDQUOT: "free some space, or write to another disk"
            default: "check that the path can be written"
            }
        return TelemetryError(path: path, problem: "cannot open the file for writing: \(words(code))", fix: fix)
    }

    private static func isBeingWritten(_ path: String) -> TelemetryError {
        TelemetryError(
            path: path, problem: "another run is writing this file",
            fix: "wait for it to end, stop it, or give this run an output directory of its own")
    }
}

/// A write that waits for ``DiskFile/commit()``.
private struct HeldWrite {
    let address: UInt64
    let bytes: [UInt8]
    let content: DiskFile.Content

    /// Puts the part of this write that lies in `buffer`, read at `start`, over what was read.
    func overlay(_ buffer: UnsafeMutableRawBufferPointer, at start: UInt64) {
        let from = max(start, address)
        let to = min(start + UInt64(buffer.count), address + UInt64(bytes.count))
        guard from < to else { return }
        for place in from..<to { buffer[Int(place - start)] = bytes[Int(place - address)] }
    }
}
