/// Why the server cannot start or go on: where, what was found, and what to do.
public struct ServerError: Error, Hashable, CustomStringConvertible, Sendable {
    /// The option, file or address concerned.
    public let place: String
    public let problem: String
    public let fix: String

    public init(place: String, problem: String, fix: String) {
        self.place = place
        self.problem = problem
        self.fix = fix
    }

    public var description: String { "\(place): \(problem)\n  fix: \(fix)" }
}
