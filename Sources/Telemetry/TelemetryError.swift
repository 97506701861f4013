/// Why a telemetry file could not be written or read: where, what was found, what to do.
public struct TelemetryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// File concerned, as it was named by the caller.
    public let path: String
    /// What went wrong, with the operating system's or HDF5's own words folded in.
    public let problem: String
    /// What the user can do about it.
    public let fix: String

    public init(path: String, problem: String, fix: String) {
        self.path = path
        self.problem = problem
        self.fix = fix
    }

    /// Two lines: `path: problem` and the fix.
    public var description: String { "\(path): \(problem)\n  fix: \(fix)" }
}

/// A failed call of the HDF5 library, before it is known which file the user would call it.
struct HDF5Failure: Error {
    let operation: String
    let detail: String

    func telemetryError(path: String, fix: String) -> TelemetryError {
        TelemetryError(path: path, problem: detail.isEmpty ? operation : "\(operation): \(detail)", fix: fix)
    }
}
