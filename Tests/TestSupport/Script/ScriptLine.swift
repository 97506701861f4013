/// One line of a script: an instant, and what happens or is expected then, in words.
///
/// `08:00 limit a1 4.2 kW`: the time is a day's; a line without one happens at the time of the line before, `d1 07:30` is
/// the morning after the first day. What follows a `#` is for the reader.
public struct ScriptLine: Sendable {
    /// Lines from the script's first, 1 for that.
    public let number: Int
    /// Seconds since the midnight that the script begins with.
    public let seconds: Double
    public let text: String
    /// Without the commas behind them.
    public let words: [String]

    /// Whether the words begin with these.
    public func begins(with start: String) -> Bool { text == start || text.hasPrefix(start + " ") }

    /// The words after `word`; empty where it is missing.
    public func after(_ word: String) -> ArraySlice<String> {
        words.firstIndex(of: word).map { words[($0 + 1)...] } ?? []
    }

    /// The figure after `word` with its unit, in the base unit of ``ScriptFigure``.
    public func figure(after word: String) -> Double? {
        let rest = Array(after(word).prefix(2))
        return rest.count == 2 ? ScriptFigure(rest[0], unit: rest[1])?.value : nil
    }

    /// The time of day after `word`, on this line's day or, where that is over, on the next; seconds.
    public func time(after word: String) -> Double? {
        guard let first = after(word).first, let clock = ScriptTime(first)?.seconds else { return nil }
        let midnight = (seconds / 86_400).rounded(.down) * 86_400
        return midnight + clock < seconds ? midnight + clock + 86_400 : midnight + clock
    }

    /// The lines of a script. Traps where a line cannot be read: a script is part of a test's code.
    public static func lines(of script: String) -> [ScriptLine] {
        var seconds = 0.0
        var day = 0.0
        var lines: [ScriptLine] = []
        for (index, raw) in script.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let text = raw.prefix { $0 != "#" }
            var words = text.split(separator: " ").map(String.init)
            guard var first = words.first else { continue }
            if first.first == "d", let number = Double(first.dropFirst()), words.count > 1 {
                day = number
                words.removeFirst()
                first = words[0]
            }
            if let clock = ScriptTime(first) {
                let at = day * 86_400 + clock.seconds
                precondition(
                    at >= seconds, "line \(index + 1): \(first) comes before the line above; write d1 for the next day")
                seconds = at
                words.removeFirst()
            }
            lines.append(
                ScriptLine(
                    number: index + 1, seconds: seconds, text: words.joined(separator: " "),
                    words: words.map { $0.hasSuffix(",") ? String($0.dropLast()) : $0 }))
        }
        return lines
    }
}

/// `08:30` or `08:30:15`, with half of the last place as its tolerance.
public struct ScriptTime {
    public let seconds: Double
    public let tolerance: Double

    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Double($0) }
        guard (2...3).contains(parts.count), numbers.count == parts.count, parts[0].count == 2 else { return nil }
        seconds = numbers[0] * 3600 + numbers[1] * 60 + (parts.count == 3 ? numbers[2] : 0)
        tolerance = parts.count == 3 ? 0.5 : 30
    }
}

/// `20.0 kWh`: a figure in its base unit (Wh, W, s, A, °C, 1), with half of the last place written as its tolerance.
public struct ScriptFigure {
    public let value: Double
    public let tolerance: Double
    public let unit: String

    private static let units: [String: (base: String, factor: Double)] = [
        "kWh": ("Wh", 1000), "Wh": ("Wh", 1), "kW": ("W", 1000), "W": ("W", 1), "h": ("s", 3600), "min": ("s", 60),
        "s": ("s", 1), "A": ("A", 1), "C": ("°C", 1), "%": ("", 0.01), "": ("", 1),
    ]

    public init?(_ number: some StringProtocol, unit: some StringProtocol) {
        guard let value = Double(number), let unit = Self.units[String(unit)] else { return nil }
        let places = number.split(separator: ".").dropFirst().first?.count ?? 0
        var place = 1.0
        for _ in 0..<places { place /= 10 }
        self.value = value * unit.factor
        tolerance = unit.base.isEmpty && places == 0 && unit.factor == 1 ? 0 : 0.5 * place * unit.factor * (1 + 1e-9)
        self.unit = unit.base
    }
}
