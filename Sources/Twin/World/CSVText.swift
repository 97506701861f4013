/// Bytes of a text file as UTF-8, whatever a spreadsheet or an authority saved them as.
///
/// UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252 (which has the letters of Latin-1).
enum CSVText {
    /// Encodings that are told apart.
    enum Encoding: String {
        case utf8 = "UTF-8"
        case utf16 = "UTF-16"
        case windows1252 = "Windows-1252"
    }

    /// The same text in UTF-8 without a byte order mark. Bytes that are damaged UTF-8 are left as they are.
    static func utf8(_ bytes: [UInt8]) -> (bytes: [UInt8], encoding: Encoding) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (Array(bytes.dropFirst(3)), .utf8) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (utf16(bytes.dropFirst(2), highFirst: false), .utf16) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (utf16(bytes.dropFirst(2), highFirst: true), .utf16) }
        let found = sequences(of: bytes)
        // Letters beyond ASCII that stand alone: a text of one byte a letter. A few among many whole ones: damage.
        if found.broken > found.whole { return (windows1252(bytes), .windows1252) }
        return (bytes, .utf8)
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, highFirst: Bool) -> [UInt8] {
        var units: [UInt16] = []
        for index in stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2) {
            let first = UInt16(bytes[index])
            let second = UInt16(bytes[index + 1])
            units.append(highFirst ? first << 8 | second : second << 8 | first)
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// Letters beyond ASCII that are whole in UTF-8, and bytes that belong to none.
    private static func sequences(of bytes: [UInt8]) -> (whole: Int, broken: Int) {
        var whole = 0
        var broken = 0
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            index += 1
            guard lead >= 0x80 else { continue }
            let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
            let rest = bytes[index..<min(bytes.count, index + length - 1)]
            if length > 1, rest.count == length - 1, rest.allSatisfy({ $0 & 0xC0 == 0x80 }) {
                whole += 1
                index += rest.count
            } else {
                broken += 1
            }
        }
        return (whole, broken)
    }

    private static func windows1252(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 16)
        for byte in bytes {
            if byte < 0x80 {
                text.append(byte)
            } else {
                let scalar = byte < 0xA0 ? high[Int(byte) - 0x80] : UInt16(byte)
                text.append(contentsOf: String(UnicodeScalar(scalar) ?? "?").utf8)
            }
        }
        return text
    }

    /// Windows-1252 from 0x80 to 0x9F; the five that are not assigned stay control characters.
    private static let high: [UInt16] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D,
        0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x009D, 0x017E, 0x0178,
    ]
}
