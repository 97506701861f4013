/// What a key takes. The checker, the JSON Schema and the key tables of the manual are all made from these.
indirect enum KeyType: Sendable {
    case text
    case flag
    /// `limits` are in the key's unit.
    case number(limits: NumberLimits)
    case integer(ClosedRange<Int>)
    case choice([String])
    /// `2025-01-06T00:00:00`.
    case dateTime
    /// `18:00`, up to `24:00`.
    case timeOfDay
    /// A file, relative to the file that names it.
    case file
    /// A group of keys, by the name of its ``ObjectSpec``.
    case object(String)
    case list(KeyType, count: ClosedRange<Int>)
    /// Names of the user's choosing, each with a value of one type.
    case map(KeyType)
    case oneOf([KeyType])
    /// Keys and values of any kind: the payload of an OCPP message.
    case payload
}

struct NumberLimits: Sendable {
    var lowest: Double
    var highest: Double
    /// Whether `lowest` itself is refused.
    var excludesLowest: Bool

    static let any = NumberLimits(lowest: -.infinity, highest: .infinity, excludesLowest: false)
    static let positive = NumberLimits(lowest: 0, highest: .infinity, excludesLowest: true)
    static let notNegative = NumberLimits(lowest: 0, highest: .infinity, excludesLowest: false)
    static let share = NumberLimits(lowest: 0, highest: 1, excludesLowest: false)
    static func range(_ range: ClosedRange<Double>) -> NumberLimits {
        NumberLimits(lowest: range.lowerBound, highest: range.upperBound, excludesLowest: false)
    }

    func contains(_ x: Double) -> Bool { x <= highest && (excludesLowest ? x > lowest : x >= lowest) }

    /// "above 0", "0 or more", "between 0 and 1"; empty for any number.
    var words: String {
        switch (lowest.isFinite, highest.isFinite) {
        case (true, true): "between \(lowest.plain) and \(highest.plain)"
        case (true, false): excludesLowest ? "above \(lowest.plain)" : "\(lowest.plain) or more"
        case (false, true): "\(highest.plain) or less"
        case (false, false): ""
        }
    }
}

extension ClosedRange<Int> {
    /// "1 to 5", "0 or more", "1" where there is no choice.
    var words: String {
        if upperBound == .max { return "\(lowerBound) or more" }
        return lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound) to \(upperBound)"
    }
}

/// One key of a group.
struct KeySpec: Sendable {
    var name: String
    var type: KeyType
    /// As the key's suffix says it; empty for plain numbers, names and switches.
    var unit: String
    /// What happens when the key is not there, in words or as the value itself.
    var fallback: String
    var summary: String
    var isRequired: Bool

    init(
        _ name: String, _ type: KeyType, unit: String = "", default fallback: String = "", required: Bool = false,
        _ summary: String
    ) {
        self.name = name
        self.type = type
        self.unit = unit
        self.fallback = fallback
        self.summary = summary
        isRequired = required
    }
}

/// A group of keys.
struct ObjectSpec: Sendable {
    var name: String
    var summary: String
    var keys: [KeySpec]

    func key(_ name: some StringProtocol) -> KeySpec? { keys.first { $0.name == name } }
}

extension Double {
    /// Shortest text without a needless `.0`.
    var plain: String {
        self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : "\(self)"
    }
}
