/// Why a telemetry file could not be written or read: where, what was found, what to do.
public struct TelemetryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// File concerned, as it was named by the caller.
    public let path: String
    /// What went wrong, with the operating system's own words folded in.
    public let problem: String
    /// What the user can do about it.
    public let fix: String
    /// The fault lies in the file that was named, not in what was done with it.
    public let isBadInput: Bool

    public init(path: String, problem: String, fix: String, isBadInput: Bool = false) {
        self.path = path
        self.problem = problem
        self.fix = fix
        self.isBadInput = isBadInput
    }

    /// Two lines: `path: problem` and the fix.
    public var description: String { "\(path): \(problem)\n  fix: \(fix)" }
}

/// A failed call of the HDF5 library, before it is known which file the user would call it.
struct HDF5Failure: Error {
    let operation: String
    let detail: String

    func telemetryError(path: String, fix: String, isBadInput: Bool = false) -> TelemetryError {
        let problem = detail.isEmpty || operation.hasPrefix("there is no") ? operation : "\(operation) (\(detail))"
        return TelemetryError(path: path, problem: problem, fix: fix, isBadInput: isBadInput)
    }
}
