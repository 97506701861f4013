/// Why a report could not be written.
public struct ReportError: Error, Hashable, CustomStringConvertible, Sendable {
    /// The file that could not be read or written.
    public let path: String
    /// What was found.
    public let problem: String
    /// What to do about it.
    public let fix: String
    /// The fault lies in the file that was named, not in writing the page.
    public var isBadInput = true

    public var description: String { "\(path): \(problem)\n  fix: \(fix)" }
}
