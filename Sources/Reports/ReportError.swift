/// Why a report could not be written.
public struct ReportError: Error, Hashable, CustomStringConvertible, Sendable {
    /// The file that could not be read or written.
    public let path: String
    /// What was found.
    public let problem: String
    /// What to do about it.
    public let fix: String

    public var description: String { "\(path): \(problem)\n  fix: \(fix)" }
}
