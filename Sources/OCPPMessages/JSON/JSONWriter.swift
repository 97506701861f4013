public import OCPP

/// Writes JSON bytes: no white space, shortest numbers that read back the same, only the escapes that must be.
///
/// `nil` members are left out, in the 2.x versions empty lists of optional members too.
/// - Source: RFC 8259; OCPP 2.0.1 part 4, 4.1.4 "optional empty fields are omitted".
public struct JSONWriter: Sendable {
    /// Whose members and words go out.
    public let version: OCPPVersion
    public private(set) var bytes: [UInt8]
    /// Microseconds that the peer's clock is ahead: added to every instant that is written.
    public var clockOffset: Int64 = 0

    /// Bytes set aside at first: most messages are shorter.
    static let usualLength = 1024

    public init(version: OCPPVersion) {
        self.version = version
        bytes = []
        bytes.reserveCapacity(Self.usualLength)
    }

    /// Whether members that only 2.1 knows go out.
    var isV21: Bool { version == .v21 }

    // MARK: - Structure

    public mutating func beginObject() { bytes.append(UInt8(ascii: "{")) }
    public mutating func endObject() { bytes.append(UInt8(ascii: "}")) }
    public mutating func beginArray() { bytes.append(UInt8(ascii: "[")) }
    public mutating func endArray() { bytes.append(UInt8(ascii: "]")) }
    public mutating func colon() { bytes.append(UInt8(ascii: ":")) }

    /// The comma before an element or member, unless it is the first of its container.
    public mutating func separate() {
        if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") {
            bytes.append(UInt8(ascii: ","))
        }
    }

    /// A member's name and colon.
    mutating func name(_ members: MemberTable, _ index: Int) {
        members.names.appendName(index, isFirst: bytes.last == UInt8(ascii: "{"), to: &bytes)
    }

    // MARK: - Values

    public mutating func append(_ text: JSONText) { bytes.append(contentsOf: text.bytes) }
    public mutating func append(_ value: Bool) { bytes.append(contentsOf: (value ? "true" : "false").utf8) }
    public mutating func append(_ value: some OCPPObject) { value.write(to: &self) }
    @inline(never) public mutating func append(_ value: Timestamp) {
        bytes.append(UInt8(ascii: "\""))
        let (told, overflow) = value.microseconds.addingReportingOverflow(clockOffset)
        let instant = overflow ? value : Timestamp(microseconds: told)
        instant.wholeMilliseconds.appendText(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    public mutating func append<T: OCPPEnumeration>(_ value: T) { append(word: Int(value.rawValue), of: T.names) }

    @inline(never) mutating func append(word index: Int, of names: NameTable) {
        names.appendWord(index, to: &bytes)
    }

    @inline(never) public mutating func append(_ value: Int) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let first = bytes.count
        var rest = value.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        if bytes.count - first > 1 { bytes[first...].reverse() }
    }

    /// A number that is not finite, which JSON cannot say, goes out as 0.
    @inline(never) public mutating func append(_ value: Double) {
        guard value.isFinite else { return append(0) }
        if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return append(whole) }
        appendDigits(value.description.utf8)
    }

    @inline(never) public mutating func append(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        let first = bytes.count
        bytes.append(contentsOf: value.utf8)
        var index = first
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                escape(from: index)
                break
            }
            index += 1
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Escapes what lies from `first` on.
    private mutating func escape(from first: Int) {
        let plain = Array(bytes[first...])
        bytes.removeLast(plain.count)
        for byte in plain {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(UInt8(ascii: "0") + byte >> 4)
                bytes.append(byte & 15 < 10 ? UInt8(ascii: "0") + byte & 15 : UInt8(ascii: "a") + byte & 15 - 10)
            default: bytes.append(byte)
            }
        }
    }

    /// Writes the digits of a Swift description, its exponent spelt out as zeros.
    private mutating func appendDigits(_ description: String.UTF8View) {
        var digits: [UInt8] = []
        var point = 0
        var exponent = 0
        var state = 0  // 0 before the point, 1 behind it, 2 in the exponent
        var isNegativeExponent = false
        for byte in description {
            switch byte {
            case UInt8(ascii: "-") where state == 0: bytes.append(byte)
            case UInt8(ascii: "-"): isNegativeExponent = true
            case UInt8(ascii: "+"): break
            case UInt8(ascii: "."): state = 1
            case UInt8(ascii: "e"): state = 2
            default:
                if state == 2 {
                    exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
                } else {
                    digits.append(byte)
                    if state == 0 { point += 1 }
                }
            }
        }
        point += isNegativeExponent ? -exponent : exponent
        while digits.count > 1, digits.last == UInt8(ascii: "0"), digits.count > point { digits.removeLast() }
        if point <= 0 {
            bytes.append(contentsOf: "0.".utf8)
            for _ in 0..<(-point) { bytes.append(UInt8(ascii: "0")) }
            bytes.append(contentsOf: digits)
        } else {
            bytes.append(contentsOf: digits.prefix(point))
            for _ in 0..<max(0, point - digits.count) { bytes.append(UInt8(ascii: "0")) }
            if digits.count > point {
                bytes.append(UInt8(ascii: "."))
                bytes.append(contentsOf: digits[point...])
            }
        }
    }
}
