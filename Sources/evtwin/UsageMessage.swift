import ArgumentParser
import Twin

/// What is wrong with a command line, in the form of every other complaint: place, what was found, what to write.
///
/// ArgumentParser's own sentences are taken apart by their quotes; one that is not known is passed on as it is.
struct UsageMessage {
    /// Arguments without the program's name.
    let arguments: [String]
    let subcommands: [String]

    /// The complaint about a first word that is no subcommand; `nil` when it is one, or an option.
    var unknownSubcommand: String? {
        let isHelp = arguments.first == "help"
        guard let word = isHelp ? arguments.dropFirst().first : arguments.first, !word.hasPrefix("-"),
            !(subcommands + ["help"]).contains(word)
        else { return nil }
        return "evtwin \(word): there is no such subcommand\n"
            + "  fix: \(Suggestion.words(for: word, among: subcommands))"
    }

    private var command: String {
        arguments.first.map { subcommands.contains($0) ? "evtwin \($0)" : "evtwin" } ?? "evtwin"
    }

    /// - Parameter full: ArgumentParser's message with its help line and usage.
    func text(_ full: String) -> String {
        let lines = full.split(separator: "\n").map(String.init)
        let first = lines.first ?? ""
        let sentence = first.hasPrefix("Error: ") ? String(first.dropFirst(7)) : first
        let helpLine = lines.first { $0.hasPrefix("Help:") }
        // "Help:  --days <days>  Days to simulate …"
        let help = helpLine.map { $0.split(separator: "  ", omittingEmptySubsequences: true).dropFirst(2) }
        let meaning = help.map { $0.joined(separator: " ").trimmed } ?? ""
        let quoted = Self.quoted(sentence)
        let more = "\(command) --help lists every option"
        if sentence.hasPrefix("Unknown option"), let option = quoted.first {
            let near = quoted.count > 1 ? "did you mean \(quoted[1])? \(more)" : more
            return "\(command): there is no option \(option)\n  fix: \(near)"
        }
        if sentence.hasPrefix("Missing value for"), let option = quoted.first {
            let name = String(option.prefix { $0 != " " })
            let found = value(after: name)
            return
                "\(command) \(name)\(found.map { " \($0)" } ?? ""): \(found == nil ? "has no value" : "is not allowed")\n"
                + "  fix: write \(option): \(meaning)"
        }
        if sentence.hasPrefix("The value"), quoted.count > 1 {
            let place = quoted[1].hasPrefix("<") ? "" : " \(quoted[1].prefix { $0 != " " })"
            return "\(command)\(place) \(quoted[0]): is no value for it\n  fix: write \(quoted[1]): \(meaning)"
        }
        if sentence.hasPrefix("Missing expected argument"), let argument = quoted.first {
            return "\(command): \(argument) is missing\n"
                + "  fix: write \(command) \(argument): \(meaning.isEmpty ? more : meaning)"
        }
        if sentence.contains("nexpected argument"), let argument = quoted.first {
            return
                "\(command): there is no place for \"\(argument)\"\n  fix: drop it, or put words with blanks in quotes; \(more)"
        }
        // An option's own check: "--days: write a number above 0".
        if let colon = sentence.firstIndex(of: ":"), sentence.hasPrefix("--") {
            let names = String(sentence[..<colon])
            let found = value(after: names)
            return "\(command) \(names)\(found.map { " \($0)" } ?? ""): is not allowed\n"
                + "  fix: \(sentence[sentence.index(after: colon)...].trimmed)"
        }
        return "\(command): \(sentence)\n  fix: \(more)"
    }

    /// What stands behind an option on the command line.
    private func value(after name: String) -> String? {
        for (index, argument) in arguments.enumerated() {
            if argument.hasPrefix("\(name)=") { return String(argument.dropFirst(name.count + 1)) }
            if argument == name, index + 1 < arguments.count { return arguments[index + 1] }
        }
        return nil
    }

    /// The parts of a sentence in single quotes.
    private static func quoted(_ sentence: String) -> [String] {
        let parts = sentence.split(separator: "'", omittingEmptySubsequences: false)
        return stride(from: 1, to: parts.count - 1, by: 2).map { String(parts[$0]) }
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var rest = Substring(self)
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
