/// Names of worlds: they become names of files and folders below `out/`, and must not lead elsewhere.
enum WorldName {
    static let fix = "write a short name for files, like office-2: letters, digits, dashes, blanks inside, no slashes"
    private static let lengthMax = 100
    /// What separates folders, and what file systems or shells do not like in names.
    private static let refused: Set<Character> = ["/", "\\", ":", "*", "?", "\"", "<", ">", "|", "#"]

    /// What is wrong with a name; `nil` when nothing is.
    static func problem(_ name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.utf8.count > lengthMax { return "is longer than \(lengthMax) characters" }
        if let bad = name.first(where: { refused.contains($0) || isControl($0) }) {
            return "\"\(name.filter { !isControl($0) })\" has \(words(bad)) in it"
        }
        let edges: Set<Character> = [".", "-", " "]
        if let first = name.first, edges.contains(first) { return "\"\(name)\" begins with \(words(first))" }
        if let last = name.last, last == "." || last == " " { return "\"\(name)\" ends with \(words(last))" }
        return nil
    }

    /// What the names of imported worlds are made of.
    static func isPlain(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "-" || character == "_"
    }

    private static func isControl(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    private static func words(_ character: Character) -> String {
        switch character {
        case "/", "\\": "a slash"
        case " ": "a blank"
        case ".": "a dot"
        case "-": "a dash"
        default: isControl(character) ? "a control character" : "the sign \(character)"
        }
    }
}
