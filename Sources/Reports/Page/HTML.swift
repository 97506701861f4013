/// Text made safe for HTML.
enum HTML {
    /// Escapes what would be markup; control characters other than line ends and tabs are dropped.
    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default: if scalar.value >= 32 && scalar.value != 127 { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    /// At most `limit` characters (16 at least): what is cut off comes out of the middle, for ends tell similar names apart.
    static func shortened(_ text: String, _ limit: Int) -> String {
        guard text.count > limit else { return text }
        let tail = min(10, limit / 3)
        return text.prefix(limit - 1 - tail) + "\u{2026}" + text.suffix(tail)
    }
}
