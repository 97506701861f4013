internal import Foundation

/// The file of `--api-key-file`: one key a line, `NAME ROLE KEY`; `#` starts a comment.
enum APIKeyFile {
    struct Line: Hashable, Sendable {
        let name: String
        let role: APIRole
        let key: String
    }

    /// Shortest key, bytes.
    private static let lengthMin = 16

    /// - Throws: ``ServerError`` for a file that cannot be read, a line that says something else, and a name or key that is
    ///   there twice.
    static func read(_ path: String) throws(ServerError) -> [Line] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ServerError(
                place: "--api-key-file \(path)", problem: "the file cannot be read", fix: "name a text file")
        }
        var lines: [Line] = []
        var numberOfName: [String: Int] = [:]
        var numberOfKey: [String: Int] = [:]
        for (index, text) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let place = "\(path):\(index + 1)"
            guard let line = try line(text, at: place) else { continue }
            if let other = numberOfName.updateValue(index + 1, forKey: line.name) {
                throw ServerError(
                    place: place, problem: "the name \(line.name) is also in line \(other)",
                    fix: "give every key a name of its own")
            }
            if let other = numberOfKey.updateValue(index + 1, forKey: line.key) {
                throw ServerError(
                    place: place, problem: "the key is also in line \(other)", fix: "write every key once")
            }
            lines.append(line)
        }
        return lines
    }

    private static func line(_ text: Substring, at place: String) throws(ServerError) -> Line? {
        let words = text.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
        if words.isEmpty { return nil }
        guard words.count == 3 else {
            throw ServerError(
                place: place, problem: "expected NAME ROLE KEY, found \(words.count) words",
                fix: "write a name, read or write, and a key of \(lengthMin) to \(APIKeys.lengthMax) characters")
        }
        guard let role = APIRole(rawValue: words[1]) else {
            throw ServerError(
                place: place, problem: "\(LogText.escaped(words[1])) is no role", fix: "write read or write")
        }
        let length = words[2].utf8.count
        guard (lengthMin...APIKeys.lengthMax).contains(length) else {
            throw ServerError(
                place: place, problem: "the key is too \(length < lengthMin ? "short" : "long"): \(length) characters",
                fix: "write a key of \(lengthMin) to \(APIKeys.lengthMax) characters")
        }
        return Line(name: words[0], role: role, key: words[2])
    }
}
