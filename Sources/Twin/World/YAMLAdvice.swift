/// What a person did where YAML's parser gives up, as far as the lines show it.
struct YAMLAdvice {
    /// Where to look, 1-based: the parser often gives up further down.
    private(set) var line: Int
    private(set) var problem: String
    private(set) var fix: String

    /// - Parameters:
    ///   - line: where the parser gives up, 1-based.
    ///   - problem: the parser's words.
    init(text: String, line: Int, problem: String) {
        self.line = line
        self.problem = problem
        fix = "check indentation, colons and quotes at and above this line"
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let last = min(line, lines.count)
        guard last >= 1 else { return }
        let here = lines[last - 1]
        if let tab = lines[..<last].lastIndex(where: { $0.prefix { $0 == " " || $0 == "\t" }.contains("\t") }),
            problem.contains("token") || problem.contains("tab")
        {
            self.line = tab + 1
            self.problem = "a tab in the indentation"
            fix = "indent with blanks, two a level"
        } else if problem.contains("end of stream") || problem.contains("quoted scalar") {
            if let open = lines[..<last].lastIndex(where: { Self.isQuoteOpen($0) }) {
                self.line = open + 1
                self.problem = "a quote that is not closed"
                fix = "close the quote on this line"
            }
        } else if problem.contains("',' or '}'") || problem.contains("',' or ']'") {
            let bracket: (open: Character, close: Character) = problem.contains("}") ? ("{", "}") : ("[", "]")
            if let open = lines[..<last].lastIndex(where: { Self.isOpen($0, bracket.open, bracket.close) }) {
                self.line = open + 1
                self.problem = "a \(bracket.open) that is not closed, or a comma that is missing"
                fix = "write a comma between the entries and \(bracket.close) after the last one"
            }
        } else if problem.contains("'-' indicator") || problem.contains("<block end>") {
            self.problem = "\"\(here.trimmed)\" begins in another column than the keys beside it"
            fix = "begin the keys of one group in the same column, and the dashes of one list as well"
        } else if problem.contains("mapping values are not allowed") {
            self.problem = "a second colon in \"\(here.trimmed)\", or a line that is indented too far"
            fix = "put text with a colon in quotes; begin keys of one group in the same column"
        } else if problem.contains("could not find expected ':'"),
            let plain = lines[..<last].lastIndex(where: { Self.lacksBlank($0) })
        {
            self.line = plain + 1
            self.problem = "no \": \" between key and value in \"\(lines[plain].trimmed)\""
            fix = "write a blank behind the colon"
        }
    }

    private static func isQuoteOpen(_ line: Substring) -> Bool {
        line.count { $0 == "\"" } % 2 == 1 || line.count { $0 == "'" } % 2 == 1
    }

    private static func isOpen(_ line: Substring, _ open: Character, _ close: Character) -> Bool {
        line.count { $0 == open } > line.count { $0 == close }
    }

    /// A colon with a letter or digit behind it, and none that ends a key.
    private static func lacksBlank(_ line: Substring) -> Bool {
        line.contains(":") && !line.contains(": ") && line.last != ":"
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = self
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }
}
