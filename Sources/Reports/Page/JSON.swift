/// A value in a script block of the page.
enum JSON: Sendable {
    case string(String)
    case number(Double)
    /// As many digits as tell it from its neighbours; null where it is not finite.
    case exact(Double)
    case bool(Bool)
    /// Five significant digits each: more than a screen shows, and half the size of the page.
    case numbers([Double])
    /// Nine significant digits each, for times and coordinates.
    case positions([Double])
    case strings([String])
    case array([JSON])
    case object([(String, JSON)])

    /// JSON text without `<`, `>` and `&`, so that no string in it can end the script block.
    var text: String {
        var result = ""
        write(into: &result)
        return result
    }

    private func write(into text: inout String) {
        switch self {
        case .string(let value): Self.write(value, into: &text)
        case .number(let value): text += Format.significant(value, 7)
        case .exact(let value):
            text +=
                !value.isFinite
                ? "null" : value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
        case .bool(let value): text += value ? "true" : "false"
        case .numbers(let values): Self.write(values, into: &text) { $1 += Format.significant($0) }
        case .positions(let values): Self.write(values, into: &text) { $1 += Format.significant($0, 9) }
        case .strings(let values): Self.write(values, into: &text) { Self.write($0, into: &$1) }
        case .array(let values): Self.write(values, into: &text) { $0.write(into: &$1) }
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.write(member.0, into: &text)
                text += ":"
                member.1.write(into: &text)
            }
            text += "}"
        }
    }

    private static func write<T>(_ values: [T], into text: inout String, _ each: (T, inout String) -> Void) {
        text += "["
        for (index, value) in values.enumerated() {
            if index > 0 { text += "," }
            each(value, &text)
        }
        text += "]"
    }

    private static func write(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "<", ">", "&", "\u{2028}", "\u{2029}": text += escaped(scalar.value)
            default:
                if scalar.value < 32 { text += escaped(scalar.value) } else { text.unicodeScalars.append(scalar) }
            }
        }
        text += "\""
    }

    private static func escaped(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
