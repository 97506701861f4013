#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Why a file cannot be opened as telemetry.
enum UnreadableFile {
    /// First bytes of every HDF5 file.
    private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// - Parameter libraryWords: what HDF5 says, for what nothing else explains.
    static func error(path: String, libraryWords: String) -> TelemetryError {
        func error(_ problem: String, _ fix: String) -> TelemetryError {
            TelemetryError(path: path, problem: problem, fix: fix, isBadInput: true)
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            let code = errno
            return error(
                code == ENOENT ? "there is no such file" : "cannot be read: \(DiskFile.words(code))",
                "name the output directory of a run, or its telemetry.h5")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return error("is no file", "name the output directory of a run, or its telemetry.h5")
        }
        guard let file = fopen(path, "r") else {
            return error("cannot be read: \(DiskFile.words(errno))", "make the file readable")
        }
        defer { fclose(file) }
        var first = [UInt8](repeating: 0, count: signature.count)
        guard fread(&first, 1, first.count, file) == first.count, first == signature else {
            return error(
                status.st_size == 0 ? "is empty" : "is no telemetry file (HDF5)",
                "name a telemetry file that evtwin has written (telemetry.h5)")
        }
        return libraryWords.contains("truncated")
            ? error("is cut short: \(status.st_size) bytes are left of it", "copy it again, or run again")
            : error("is damaged (\(libraryWords))", "copy it again, or run again")
    }
}
