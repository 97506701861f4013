internal import OCPP

extension JSONReader {
    /// A string of at most `limit` characters (Unicode code points).
    @inline(never) public mutating func string(max limit: Int = .max) throws(SchemaViolation) -> String {
        let at = try stringToken()
        if lastLength > limit, lastCharacterCount > limit, !waivesLengths {
            throw violation(.propertyConstraintViolation, at: at, "longer than \(limit) characters")
        }
        return lastString
    }

    /// A string that was an enumeration before 2.1: at most `limit` characters, in 2.0.1 one of `values`.
    @inline(never) mutating func string(max limit: Int, v201 values: NameTable) throws(SchemaViolation) -> String {
        skipSpace()
        let at = position
        let text = try string(max: limit)
        if version == .v201, index(in: values) == nil {
            throw violation(.propertyConstraintViolation, at: at, "not one of the values of this version")
        }
        return text
    }

    /// One of the words of an enumeration.
    public mutating func enumeration<T: OCPPEnumeration>(_: T.Type = T.self) throws(SchemaViolation) -> T {
        let index = try word(of: T.names, countIn201: T.countIn201)
        if index >= 0, let value = T(rawValue: UInt8(truncatingIfNeeded: index)) { return value }
        guard let value = T(alias: lastString) else {
            throw violation(.propertyConstraintViolation, at: lastStart - 1, "not one of the values of this version")
        }
        return value
    }

    /// Index among `names` of the string that is next; -1 when it is none that the version knows.
    @inline(never)
    private mutating func word(of names: NameTable, countIn201: Int) throws(SchemaViolation) -> Int {
        _ = try stringToken()
        guard let index = index(in: names), version != .v201 || index < countIn201 else { return -1 }
        return index
    }

    /// Reads a string's bytes; the text is in ``lastString``.
    /// - Returns: where the value begins.
    mutating func stringToken() throws(SchemaViolation) -> Int {
        skipSpace()
        let at = position
        guard next == UInt8(ascii: "\"") else { throw wrongType("a string") }
        try scanString()
        return at
    }

    // MARK: - The string read last

    var lastString: String {
        lastHasEscapes
            ? String(decoding: unescaped, as: UTF8.self)
            : String(decoding: bytes[lastStart..<lastEnd], as: UTF8.self)
    }

    /// Length in UTF-8 bytes.
    var lastLength: Int { lastHasEscapes ? unescaped.count : lastEnd - lastStart }

    /// Length in Unicode code points.
    private var lastCharacterCount: Int {
        var count = 0
        if lastHasEscapes {
            for byte in unescaped where byte & 0xC0 != 0x80 { count += 1 }
        } else {
            for byte in bytes[lastStart..<lastEnd] where byte & 0xC0 != 0x80 { count += 1 }
        }
        return count
    }

    /// Index of the string read last among `names`.
    func index(in names: NameTable) -> Int? {
        lastHasEscapes
            ? names.index(of: unescaped, from: 0, to: unescaped.count)
            : names.index(of: bytes, from: lastStart, to: lastEnd)
    }

    // MARK: - Scanning

    /// Reads the string whose opening quote is next, and validates it.
    mutating func scanString() throws(SchemaViolation) {
        position += 1
        lastStart = position
        lastHasEscapes = false
        while position < end {
            if position + 8 <= end {
                let special = Self.specialBytes(word(at: position))
                if special == 0 {
                    position += 8
                    continue
                }
                position += special.trailingZeroBitCount >> 3
            }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                lastEnd = position
                position += 1
                return
            }
            if byte == UInt8(ascii: "\\") { return try scanEscapedString() }
            if byte < 0x20 { throw notJSON("a control character in a string") }
            if byte < 0x80 {
                position += 1
            } else {
                position += try lengthOfCharacter()
            }
        }
        throw notJSON("a string does not end")
    }

    /// The eight bytes from `offset` on, the first one lowest.
    @inline(__always) private func word(at offset: Int) -> UInt64 {
        let span = bytes.span
        return span.bytes.word(at: offset)
    }

    /// The top bits of the bytes that are no plain ASCII of a string: quotes, backslashes, control characters and all
    /// beyond 7F. The lowest bit is right; those above it may be too many.
    @inline(__always) private static func specialBytes(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let found =
            ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
            | ((word &- ones &* 0x20) & ~word) | word
        return found & (ones &* 0x80)
    }

    /// Goes on from the first backslash of a string, with what it means in ``unescaped``.
    private mutating func scanEscapedString() throws(SchemaViolation) {
        lastHasEscapes = true
        unescaped.removeAll(keepingCapacity: true)
        unescaped.append(contentsOf: bytes[lastStart..<position])
        while position < end {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                lastEnd = position
                position += 1
                return
            case UInt8(ascii: "\\"): try scanEscape()
            case 0..<0x20: throw notJSON("a control character in a string")
            case 0x20..<0x80:
                unescaped.append(byte)
                position += 1
            default:
                let length = try lengthOfCharacter()
                unescaped.append(contentsOf: bytes[position..<position + length])
                position += length
            }
        }
        throw notJSON("a string does not end")
    }

    private mutating func scanEscape() throws(SchemaViolation) {
        position += 1
        let letter = next
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(letter)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"):
            let unit = try hexadecimalUnit()
            var code = UInt32(unit)
            if UTF16.isLeadSurrogate(unit) {
                guard next == UInt8(ascii: "\\"), position + 1 < end, bytes[position + 1] == UInt8(ascii: "u") else {
                    throw notJSON("half a surrogate pair")
                }
                position += 2
                let second = try hexadecimalUnit()
                guard UTF16.isTrailSurrogate(second) else { throw notJSON("half a surrogate pair") }
                code = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(second & 0x3FF))
            }
            guard let scalar = Unicode.Scalar(code) else { throw notJSON("half a surrogate pair") }
            unescaped.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: throw notJSON("an unknown escape")
        }
    }

    private mutating func hexadecimalUnit() throws(SchemaViolation) -> UInt16 {
        guard position + 4 <= end else { throw notJSON("an escape does not end") }
        var unit: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw notJSON("an escape that is no number")
            }
            unit = unit << 4 | UInt16(digit)
        }
        position += 4
        return unit
    }

    /// Length in bytes of the character beyond ASCII at the read position.
    ///
    /// Overlong forms, surrogates, code points beyond 10FFFF and cut sequences are refused.
    /// - Source: Unicode 16, table 3-7 "Well-Formed UTF-8 Byte Sequences".
    private func lengthOfCharacter() throws(SchemaViolation) -> Int {
        let lead = bytes[position]
        let second = position + 1 < end ? bytes[position + 1] : 0
        let length: Int
        let allowed: ClosedRange<UInt8>
        switch lead {
        case 0xC2...0xDF: (length, allowed) = (2, 0x80...0xBF)
        case 0xE0: (length, allowed) = (3, 0xA0...0xBF)
        case 0xED: (length, allowed) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, allowed) = (3, 0x80...0xBF)
        case 0xF0: (length, allowed) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, allowed) = (4, 0x80...0xBF)
        case 0xF4: (length, allowed) = (4, 0x80...0x8F)
        default: throw notJSON("invalid UTF-8")
        }
        guard allowed.contains(second), position + length <= end else { throw notJSON("invalid UTF-8") }
        var index = position + 2
        while index < position + length {
            guard bytes[index] & 0xC0 == 0x80 else { throw notJSON("invalid UTF-8") }
            index += 1
        }
        return length
    }
}
