/// Something that has happened or holds, as a script's expectations are compared with it.
public struct ScriptFact: Sendable, CustomStringConvertible {
    public enum Value: Sendable {
        /// Seconds since the script's first midnight.
        case time(Double)
        /// In the base unit of ``ScriptFigure``.
        case figure(Double, unit: String)
        case word(String)
    }
    /// What an expectation writes before the value; empty where the value speaks for itself.
    public let key: String
    public let value: Value

    public init(_ key: String, _ value: Value) {
        self.key = key
        self.value = value
    }

    public var description: String {
        let text =
            switch value {
            case .time(let seconds): Self.clock(seconds)
            case .figure(let figure, let unit): "\(figure) \(unit)"
            case .word(let word): word
            }
        return key.isEmpty ? text : "\(key) \(text)"
    }

    /// `08:30:15.250`, with `d1` before it after the first day.
    public static func clock(_ seconds: Double) -> String {
        let total = Int((seconds * 1000).rounded())
        let day = total / 86_400_000
        let fields = [total / 3_600_000 % 24, total / 60_000 % 60, total / 1000 % 60].map {
            $0 < 10 ? "0\($0)" : "\($0)"
        }
        let fraction = String("\(1000 + total % 1000)".dropFirst())
        return (day > 0 ? "d\(day) " : "") + fields.joined(separator: ":") + "." + fraction
    }

    /// What of `items` does not hold among `facts`, in words.
    ///
    /// An item is a fact's key and value: `20.0 kWh` and `unplugged 12:30` to half of the last place, `at most 22.0 kW`,
    /// `plugged 08:00...08:05` with both ends, `reneged` as it is. A time is a day's, on whichever day.
    public static func differences(_ items: some Sequence<String>, _ facts: [ScriptFact]) -> [String] {
        items.compactMap { item in
            facts.contains { $0.satisfies(item) }
                ? nil : "“\(item)” does not hold: \(facts.map(\.description).joined(separator: ", "))"
        }
    }

    private func satisfies(_ item: String) -> Bool {
        guard item.hasPrefix(key) else { return false }
        let words = item.dropFirst(key.count).split(separator: " ").map(String.init)
        switch value {
        case .word(let word): return words.joined(separator: " ") == word
        case .time(let seconds):
            guard words.count == 1 else { return false }
            let clock = seconds.truncatingRemainder(dividingBy: 86_400)
            if let range = words[0].firstRange(of: "..."), let low = ScriptTime(words[0][..<range.lowerBound]),
                let high = ScriptTime(words[0][range.upperBound...])
            {
                return (low.seconds...high.seconds).contains(clock)
            }
            guard let time = ScriptTime(words[0]) else { return false }
            return abs(time.seconds - clock) <= time.tolerance
        case .figure(let figure, let unit):
            let isMost = words.starts(with: ["at", "most"])
            let isLeast = words.starts(with: ["at", "least"])
            let rest = isMost || isLeast ? Array(words.dropFirst(2)) : words
            guard (1...2).contains(rest.count),
                let wanted = ScriptFigure(rest[0], unit: rest.count == 2 ? rest[1] : ""), wanted.unit == unit
            else { return false }
            if isMost { return figure <= wanted.value + wanted.tolerance }
            if isLeast { return figure >= wanted.value - wanted.tolerance }
            return abs(figure - wanted.value) <= wanted.tolerance
        }
    }
}
