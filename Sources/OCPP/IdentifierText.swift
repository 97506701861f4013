/// A text of at most 36 UTF-8 bytes kept inline: the standard's `identifierString[36]`, without a heap.
///
/// Message ids, transaction ids, tokens, models and serial numbers lie in frames and queues by the hundred thousand;
/// here they cost 40 bytes and a comparison of five words.
/// - Source: OCPP 2.0.1 part 2, appendix "Datatypes": `CiString`, `identifierString`.
@frozen
public struct IdentifierText: Hashable, Sendable, BitwiseCopyable {
    /// Bytes 0-7, 8-15, 16-23 and 24-31, first byte lowest; unused bytes are zero.
    @usableFromInline var word0: UInt64 = 0
    @usableFromInline var word1: UInt64 = 0
    @usableFromInline var word2: UInt64 = 0
    @usableFromInline var word3: UInt64 = 0
    /// Bytes 32-35 in the low half, the length in the topmost byte.
    @usableFromInline var word4: UInt64 = 0

    /// The longest text, in UTF-8 bytes.
    public static let capacity = 36

    /// The empty text.
    @inlinable public init() {}

    /// `nil` when `text` needs more than ``capacity`` bytes.
    public init?(_ text: some StringProtocol) { self.init(utf8: text.utf8) }

    /// `nil` when there are more than ``capacity`` bytes. The bytes are taken to be valid UTF-8.
    public init?(utf8: some Sequence<UInt8>) {
        var length = 0
        for byte in utf8 {
            guard length < Self.capacity else { return nil }
            set(byte, at: length)
            length += 1
        }
        word4 |= UInt64(length) << 56
    }

    /// The 16 lower-case hexadecimal digits of `number`.
    @inlinable public init(hexadecimal number: UInt64) {
        word0 = Self.hexadecimalDigits(UInt32(truncatingIfNeeded: number >> 32))
        word1 = Self.hexadecimalDigits(UInt32(truncatingIfNeeded: number))
        word4 = 16 << 56
    }

    /// Length in UTF-8 bytes, 0 ... 36.
    @inlinable public var count: Int { Int(truncatingIfNeeded: word4 >> 56) }
    @inlinable public var isEmpty: Bool { word4 >> 56 == 0 }

    /// The byte at `index`, 0 ..< ``count``.
    @inlinable public subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "byte index within the text")
        return UInt8(truncatingIfNeeded: word(index >> 3) >> UInt64((index & 7) << 3))
    }

    /// The text with ASCII letters in lower case: equal for texts that differ only in case.
    ///
    /// Tokens compare so: `identifierString` and `CiString` are case-insensitive.
    @inlinable public var lowercased: IdentifierText {
        var folded = self
        folded.word0 = Self.lowercased(word0)
        folded.word1 = Self.lowercased(word1)
        folded.word2 = Self.lowercased(word2)
        folded.word3 = Self.lowercased(word3)
        folded.word4 = Self.lowercased(word4 & 0xFFFF_FFFF) | (word4 & 0xFF00_0000_0000_0000)
        return folded
    }

    /// A well-mixed function of the text, the same in every process: for hash tables whose order is never seen.
    @inlinable public var mixed: UInt64 {
        var z = word0 &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 32) ^ word1) &* 0xD6E8_FEB8_6659_FD93
        z = (z ^ (z >> 32) ^ word2) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 32) ^ word3) &* 0xD6E8_FEB8_6659_FD93
        z = (z ^ (z >> 32) ^ word4) &* 0x9E37_79B9_7F4A_7C15
        return z ^ (z >> 32)
    }

    @inlinable func word(_ index: Int) -> UInt64 {
        switch index {
        case 0: word0
        case 1: word1
        case 2: word2
        case 3: word3
        default: word4
        }
    }

    private mutating func set(_ byte: UInt8, at index: Int) {
        let bits = UInt64(byte) << UInt64((index & 7) << 3)
        switch index >> 3 {
        case 0: word0 |= bits
        case 1: word1 |= bits
        case 2: word2 |= bits
        case 3: word3 |= bits
        default: word4 |= bits
        }
    }

    /// Eight bytes at once: 0x20 is added to each that lies in A ... Z.
    @inlinable static func lowercased(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let ascii = word & (ones &* 0x7F)
        let atLeastA = ascii &+ ones &* (0x80 - 0x41)
        let beyondZ = ascii &+ ones &* (0x80 - 0x5B)
        let isUpper = (atLeastA & ~beyondZ & ~word) & (ones &* 0x80)
        return word | (isUpper >> 2)
    }

    /// Eight lower-case digits as text bytes, the most significant digit first (lowest byte).
    @inlinable static func hexadecimalDigits(_ value: UInt32) -> UInt64 {
        var nibbles = UInt64(value.byteSwapped)
        nibbles = (nibbles | (nibbles << 16)) & 0x0000_FFFF_0000_FFFF
        nibbles = (nibbles | (nibbles << 8)) & 0x00FF_00FF_00FF_00FF
        nibbles = ((nibbles >> 4) | (nibbles << 8)) & 0x0F0F_0F0F_0F0F_0F0F
        let letters = ((nibbles &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }
}

extension IdentifierText {
    /// This text with the eight lower-case hexadecimal digits of `number` behind it.
    @inlinable public func appending(hexadecimal number: UInt32) -> IdentifierText {
        precondition(count <= Self.capacity - 8, "eight digits need room")
        let digits = Self.hexadecimalDigits(number)
        if count == 28 {  // a transaction id: no loop
            var text = self
            text.word3 |= digits << 32
            text.word4 = (digits >> 32) | (36 << 56)
            return text
        }
        var text = self
        let start = count
        for i in 0..<8 { text.or(UInt8(truncatingIfNeeded: digits >> UInt64(8 * i)), at: start + i) }
        text.word4 = (text.word4 & 0xFFFF_FFFF) | (UInt64(start + 8) << 56)
        return text
    }

    /// The first `length` bytes; all of them when there are no more.
    public func prefix(_ length: Int) -> IdentifierText {
        var text = IdentifierText()
        let kept = min(length, count)
        for index in 0..<kept { text.set(self[index], at: index) }
        text.word4 |= UInt64(kept) << 56
        return text
    }

    /// The number said by the last eight bytes; `nil` when they are not eight lower-case hexadecimal digits.
    public var trailingHexadecimal: UInt32? {
        guard count >= 8 else { return nil }
        var number: UInt32 = 0
        for index in count - 8..<count {
            let byte = self[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    @usableFromInline mutating func or(_ byte: UInt8, at index: Int) { set(byte, at: index) }
}

extension IdentifierText: CustomStringConvertible, ExpressibleByStringLiteral, Comparable, Codable {
    public var description: String { String(decoding: (0..<count).map { self[$0] }, as: UTF8.self) }

    /// A literal longer than ``capacity`` is a programming error and traps.
    public init(stringLiteral text: String) {
        guard let value = IdentifierText(text) else {
            preconditionFailure("\"\(text)\" is longer than \(Self.capacity) bytes")
        }
        self = value
    }

    /// Order of the UTF-8 bytes.
    public static func < (a: IdentifierText, b: IdentifierText) -> Bool {
        if a.word0 != b.word0 { return a.word0.byteSwapped < b.word0.byteSwapped }
        if a.word1 != b.word1 { return a.word1.byteSwapped < b.word1.byteSwapped }
        if a.word2 != b.word2 { return a.word2.byteSwapped < b.word2.byteSwapped }
        if a.word3 != b.word3 { return a.word3.byteSwapped < b.word3.byteSwapped }
        return a.word4.byteSwapped < b.word4.byteSwapped
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = IdentifierText(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is longer than \(Self.capacity) bytes")
        }
        self = value
    }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
