/// A date and time of a session list, with or without a time zone.
struct ListedTime {
    /// The wall clock as written.
    var civil: CivilTime
    /// Fraction of the second, 0 ..< 1.
    var fraction: Double
    /// Seconds ahead of UTC; `nil` where no zone is written.
    var offsetS: Int?

    /// Reads what ``CivilTime`` reads, with fractions of a second and a zone after it: `Z`, `+02:00`, `+0200`, `-05`.
    init?(_ text: String) {
        var rest = Substring(text.trimmingPrefix { $0 == " " })
        while rest.last == " " { rest.removeLast() }
        offsetS = nil
        if let last = rest.last, last == "Z" || last == "z" {
            offsetS = 0
            rest.removeLast()
        } else if let sign = rest.lastIndex(where: { $0 == "+" || $0 == "-" }), rest[..<sign].contains(":") {
            guard let offset = Self.offset(rest[sign...]) else { return nil }
            offsetS = offset
            rest = rest[..<sign]
        }
        while rest.last == " " { rest.removeLast() }
        fraction = 0
        if let point = rest.lastIndex(where: { $0 == "." || $0 == "," }) {
            let digits = rest[rest.index(after: point)...]
            guard (1...9).contains(digits.count), digits.allSatisfy({ ("0"..."9").contains($0) }),
                let value = Double("0.\(digits)")
            else { return nil }
            fraction = value
            rest = rest[..<point]
        }
        guard let civil = CivilTime(isoText: String(rest)) else { return nil }
        self.civil = civil
    }

    /// Seconds of `+02:00`, `+0200` or `+02`.
    private static func offset(_ text: Substring) -> Int? {
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 2 || digits.count == 4, digits.allSatisfy({ ("0"..."9").contains($0) }),
            let hours = Int(digits.prefix(2)), let minutes = Int(digits.count == 4 ? digits.suffix(2) : "0"),
            hours <= 18, minutes < 60
        else { return nil }
        return (text.first == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}
