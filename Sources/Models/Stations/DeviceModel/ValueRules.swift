internal import OCPP
internal import OCPPMessages

/// What the text of a value has to look like.
/// - Source: OCPP 2.0.1 part 2, VariableCharacteristicsType; B05.FR.07 and B05.FR.08.
enum ValueRules {
    /// Reason code of the appendix, and words.
    struct Problem: Hashable, Sendable {
        let code: String
        let words: String
    }

    /// Why `value` does not fit the variable; `nil` when it does.
    static func problem(with value: String, for definition: VariableDefinition) -> Problem? {
        switch definition.type {
        case .string: length(value, definition)
        case .boolean: value == "true" || value == "false" ? nil : invalid("true or false")
        case .integer:
            if let number = Int(value), value.utf8.first != UInt8(ascii: "+") {
                range(Double(number), definition)
            } else {
                invalid("a whole number")
            }
        case .decimal: decimal(value).map { range($0, definition) } ?? invalid("a decimal number")
        case .dateTime: Timestamp(text: value) == nil ? invalid("an RFC 3339 date-time") : nil
        case .optionList: definition.values.contains(value) ? nil : invalid("one of the options")
        case .sequenceList, .memberList: list(value, definition)
        }
    }

    /// Parts of a list, without blanks around them.
    static func members(_ text: String) -> [String] {
        text.isEmpty
            ? []
            : text.split(separator: ",", omittingEmptySubsequences: false).map { part in
                String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
    }

    /// Decimal digits with an optional sign, fraction and exponent; neither infinity nor hexadecimal.
    static func decimal(_ text: String) -> Double? {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isPlain, text.utf8.count <= 64, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// `value` with at most six decimals, without an exponent where that can be.
    /// - Source: OCPP 2.0.1 part 4, "decimal: at most 6 decimal places".
    static func text(_ value: Double) -> String {
        let rounded = sixPlaces(value)
        if rounded.magnitude < 1e15, rounded == rounded.rounded(), let whole = Int(exactly: rounded) {
            return String(whole)
        }
        guard rounded.magnitude < 1e9 else { return String(rounded) }
        let millionths = Int64((rounded.magnitude * 1_000_000).rounded())
        var fraction = String(millionths % 1_000_000)
        fraction = String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        return (rounded < 0 ? "-" : "") + String(millionths / 1_000_000) + (fraction.isEmpty ? "" : "." + fraction)
    }
    /// The nearest number with at most six decimals; 0 for what is no number.
    static func sixPlaces(_ value: Double) -> Double {
        guard value.isFinite else { return 0 }
        return value.magnitude < 1e9 ? (value * 1_000_000).rounded() / 1_000_000 : value
    }

    private static func invalid(_ expected: String) -> Problem {
        Problem(code: "InvalidValue", words: "expected \(expected)")
    }
    private static func length(_ value: String, _ definition: VariableDefinition) -> Problem? {
        let count = Double(value.unicodeScalars.count)
        if let minimum = definition.minimum, count < minimum {
            return Problem(code: "ValueTooLow", words: "at least \(Int(minimum)) characters")
        }
        if let maximum = definition.maximum, count > maximum {
            return Problem(code: "TooLargeElement", words: "at most \(Int(maximum)) characters")
        }
        return nil
    }
    private static func range(_ value: Double, _ definition: VariableDefinition) -> Problem? {
        if let minimum = definition.minimum, value < minimum {
            return Problem(code: "ValueTooLow", words: "at least \(text(minimum))")
        }
        if let maximum = definition.maximum, value > maximum {
            return Problem(code: "ValueTooHigh", words: "at most \(text(maximum))")
        }
        return nil
    }
    private static func list(_ value: String, _ definition: VariableDefinition) -> Problem? {
        let parts = members(value)
        for (index, part) in parts.enumerated() {
            guard definition.values.isEmpty || definition.values.contains(part) else {
                return Problem(code: "InvalidValue", words: "\(part.prefix(50)) is not among the values")
            }
            guard !parts[..<index].contains(part) else {
                return Problem(code: "InvalidValue", words: "\(part.prefix(50)) is given twice")
            }
        }
        return nil
    }
}
