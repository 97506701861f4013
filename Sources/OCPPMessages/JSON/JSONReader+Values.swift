internal import OCPP

extension JSONReader {
    // MARK: - Arrays

    /// An array of objects.
    public mutating func objects<T: OCPPObject>(
        _: T.Type = T.self, min lower: Int = 0, max upper: Int = .max
    ) throws(SchemaViolation) -> [T] {
        var list: [T] = []
        let at = try beginList()
        var count = 0
        while try nextElement(&count) {
            if count > upper { throw tooMany(at, upper) }
            list.append(try T(reading: &self))
        }
        if list.count < lower { throw tooFew(at, lower) }
        return list
    }

    /// An array of enumeration words.
    public mutating func enumerations<T: OCPPEnumeration>(
        _: T.Type = T.self, min lower: Int = 0, max upper: Int = .max
    ) throws(SchemaViolation) -> [T] {
        var list: [T] = []
        let at = try beginList()
        var count = 0
        while try nextElement(&count) {
            if count > upper { throw tooMany(at, upper) }
            list.append(try enumeration(T.self))
        }
        if list.count < lower { throw tooFew(at, lower) }
        return list
    }

    /// An array of strings of at most `limit` characters each, in 2.0.1 words of `values` when given.
    @inline(never) mutating func strings(
        limit: Int = .max, v201 values: NameTable? = nil, min lower: Int = 0, max upper: Int = .max
    ) throws(SchemaViolation) -> [String] {
        var list: [String] = []
        let at = try beginList()
        var count = 0
        while try nextElement(&count) {
            if count > upper { throw tooMany(at, upper) }
            if let values {
                list.append(try string(max: limit, v201: values))
            } else {
                list.append(try string(max: limit))
            }
        }
        if list.count < lower { throw tooFew(at, lower) }
        return list
    }

    /// An array of integers, each at least `least`.
    @inline(never) mutating func integers(
        least: Int = .min, most: Int = .max, min lower: Int = 0, max upper: Int = .max
    ) throws(SchemaViolation) -> [Int] {
        var list: [Int] = []
        let at = try beginList()
        var count = 0
        while try nextElement(&count) {
            if count > upper { throw tooMany(at, upper) }
            list.append(try integer(min: least, max: most))
        }
        if list.count < lower { throw tooFew(at, lower) }
        return list
    }

    /// An array of numbers.
    @inline(never) mutating func numbers(min lower: Int = 0, max upper: Int = .max) throws(SchemaViolation) -> [Double]
    {
        var list: [Double] = []
        let at = try beginList()
        var count = 0
        while try nextElement(&count) {
            if count > upper { throw tooMany(at, upper) }
            list.append(try number())
        }
        if list.count < lower { throw tooFew(at, lower) }
        return list
    }

    @inline(never) private mutating func beginList() throws(SchemaViolation) -> Int {
        skipSpace()
        let at = position
        _ = try beginArray()
        return at
    }

    @inline(never) private func tooMany(_ at: Int, _ limit: Int) -> SchemaViolation {
        violation(.occurrenceConstraintViolation, at: at, "more than \(limit) items")
    }

    @inline(never) private func tooFew(_ at: Int, _ limit: Int) -> SchemaViolation {
        violation(.occurrenceConstraintViolation, at: at, "fewer than \(limit) items")
    }

    // MARK: - Values of any kind

    /// A value of any kind, kept as text. Its objects must not repeat names either.
    @inline(never) public mutating func text() throws(SchemaViolation) -> JSONText {
        skipSpace()
        let first = position
        try skip(checkingNames: true)
        return JSONText(validated: Array(bytes[first..<position]))
    }

    /// Reads over a value of any kind, validating its grammar but not whether its objects repeat names.
    /// - Returns: where it lies, without white space around it.
    public mutating func skipValue() throws(SchemaViolation) -> Range<Int> {
        skipSpace()
        let first = position
        try skip(checkingNames: false)
        return first..<position
    }

    /// Recursion ends at ``depthLimit``.
    private mutating func skip(checkingNames: Bool) throws(SchemaViolation) {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"):
            var names: Set<String> = []
            var cursor = try beginObject()
            while let at = try nextName(&cursor) {
                if checkingNames, !names.insert(lastString).inserted {
                    throw violation(.formatViolation, at: at, "property given twice")
                }
                try skip(checkingNames: checkingNames)
            }
        case UInt8(ascii: "["):
            var count = try beginArray()
            while try nextElement(&count) { try skip(checkingNames: checkingNames) }
        case UInt8(ascii: "\""): try scanString()
        case UInt8(ascii: "t"): try scanWord("true")
        case UInt8(ascii: "f"): try scanWord("false")
        case UInt8(ascii: "n"): try scanWord("null")
        default: _ = try scanNumber()
        }
    }
}
