/// Start line and header fields of one HTTP/1.1 message, kept as the bytes that came and ranges into them.
///
/// A handshake is one message without a body on each side, so this is all the HTTP there is. The reader is strict: lines end
/// in CR LF, names are tokens, nothing is folded; whatever else a peer sends is refused rather than guessed at.
/// - Source: RFC 9112, 2.2, 3, 5 and 5.2.
struct HTTPHead {
    /// Most header fields of one message.
    static let fieldsMax = 64

    private let bytes: [UInt8]
    private let startLine: Range<Int>
    private let fields: [(name: Range<Int>, value: Range<Int>)]

    /// Takes the bytes of a whole head, the empty line at its end included.
    /// - Throws: ``HTTPHeadProblem`` where it is no head.
    init(_ bytes: [UInt8]) throws(HTTPHeadProblem) {
        self.bytes = bytes
        var fields: [(name: Range<Int>, value: Range<Int>)] = []
        fields.reserveCapacity(12)
        let startLine = try Self.line(bytes, from: 0)
        var position = startLine.upperBound + 2
        while true {
            let line = try Self.line(bytes, from: position)
            position = line.upperBound + 2
            guard !line.isEmpty else { break }
            guard fields.count < Self.fieldsMax else { throw .tooManyFields }
            fields.append(try Self.field(bytes, in: line))
        }
        guard position == bytes.count else { throw .malformed }
        self.startLine = startLine
        self.fields = fields
    }

    /// The start line up to the next CR LF, and no control character in it.
    private static func line(_ bytes: [UInt8], from start: Int) throws(HTTPHeadProblem) -> Range<Int> {
        var index = start
        while index < bytes.count, bytes[index] != 0x0d {
            guard bytes[index] >= 0x20 || bytes[index] == 0x09, bytes[index] != 0x7f else { throw .malformed }
            index += 1
        }
        guard index + 1 < bytes.count, bytes[index + 1] == 0x0a else { throw .malformed }
        return start..<index
    }

    private static func field(
        _ bytes: [UInt8], in line: Range<Int>
    ) throws(HTTPHeadProblem) -> (name: Range<Int>, value: Range<Int>) {
        guard let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")), colon > line.lowerBound else {
            throw .malformed
        }
        let name = line.lowerBound..<colon
        guard bytes[name].allSatisfy(ASCII.isToken) else { throw .malformed }
        return (name, ASCII.trimmed(bytes, colon + 1..<line.upperBound))
    }

    /// The words of the start line between single spaces, at most three: the last takes the rest.
    var startWords: [ArraySlice<UInt8>] {
        bytes[startLine].split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
    }

    /// Every value of the field of that name (lower case), in the order in which they came.
    func values(of name: StaticString) -> [ArraySlice<UInt8>] {
        fields.filter { ASCII.equal(bytes[$0.name], lowercase: name) }.map { bytes[$0.value] }
    }

    /// The value of a field that may stand once only: nil if it is missing or stands more than once.
    func value(of name: StaticString) -> ArraySlice<UInt8>? {
        let all = values(of: name)
        return all.count == 1 ? all[0] : nil
    }

    /// Whether a field of that name is there.
    func has(_ name: StaticString) -> Bool { fields.contains { ASCII.equal(bytes[$0.name], lowercase: name) } }

    /// Whether a comma-separated list field holds the token, in any case of letters.
    func list(_ name: StaticString, holds token: StaticString) -> Bool {
        elements(of: name).contains { ASCII.equal($0, lowercase: token) }
    }

    /// The elements of a comma-separated list field over all its lines, in order, empty ones left out.
    func elements(of name: StaticString) -> [ArraySlice<UInt8>] {
        values(of: name).flatMap { value in
            value.split(separator: UInt8(ascii: ","))
                .map { bytes[ASCII.trimmed(bytes, $0.startIndex..<$0.endIndex)] }
                .filter { !$0.isEmpty }
        }
    }

    /// Every field as text, for a caller who reports them; bytes that are no UTF-8 are replaced.
    var allFields: [(name: String, value: String)] {
        fields.map {
            (String(decoding: bytes[$0.name], as: UTF8.self), String(decoding: bytes[$0.value], as: UTF8.self))
        }
    }
}

/// Why bytes are not the head of an HTTP message.
enum HTTPHeadProblem: Error, Hashable {
    case malformed  // not lines of "name: value" that end in CR LF
    case tooManyFields  // more than ``HTTPHead/fieldsMax``
}

/// ASCII at the byte level, as HTTP needs it.
enum ASCII {
    /// Whether the byte may stand in a token (RFC 9110, 5.6.2).
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// Whether the bytes are that text, in any case of letters.
    static func equal(_ bytes: ArraySlice<UInt8>, lowercase text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        return bytes.elementsEqual(text.description.utf8) { lowercased($0) == $1 }
    }

    /// The range without spaces and tabs at its ends.
    static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, bytes[lower] == 0x20 || bytes[lower] == 0x09 { lower += 1 }
        while lower < upper, bytes[upper - 1] == 0x20 || bytes[upper - 1] == 0x09 { upper -= 1 }
        return lower..<upper
    }

    /// A decimal number of at most `digits` digits, without sign; nil where it is none.
    static func number(_ bytes: some Collection<UInt8>, digits: Int) -> Int? {
        guard !bytes.isEmpty, bytes.count <= digits else { return nil }
        var value = 0
        for byte in bytes {
            guard UInt8(ascii: "0") <= byte, byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
