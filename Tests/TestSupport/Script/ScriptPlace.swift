public import Testing

/// Where in a test a script stands, so that what fails is reported at the line of the script.
public struct ScriptPlace: Sendable {
    let call: SourceLocation

    /// - Parameter call: of the line that opens the script's literal.
    public init(_ call: SourceLocation) { self.call = call }

    /// Reports a failure of one line.
    public func fail(_ line: ScriptLine, _ problem: String) {
        var location = call
        location.line += line.number
        Issue.record("\(ScriptFact.clock(line.seconds)) \(line.text): \(problem)", sourceLocation: location)
    }
}
