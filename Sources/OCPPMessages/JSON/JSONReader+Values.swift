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
    mutating func strings(
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
    mutating func integers(
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
    mutating func numbers(min lower: Int = 0, max upper: Int = .max) throws(SchemaViolation) -> [Double] {
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

    private mutating func beginList() throws(SchemaViolation) -> Int {
        skipSpace()
        let at = position
        _ = try beginArray()
        return at
    }

    private func tooMany(_ at: Int, _ limit: Int) -> SchemaViolation {
        violation(.occurrenceConstraintViolation, at: at, "more than \(limit) items")
    }

    private func tooFew(_ at: Int, _ limit: Int) -> SchemaViolation {
        violation(.occurrenceConstraintViolation, at: at, "fewer than \(limit) items")
    }

    // MARK: - Values of any kind

    /// A value of any kind, kept as text.
    public mutating func text() throws(SchemaViolation) -> JSONText {
        let range = try skipValue()
        return JSONText(validated: Array(bytes[range]))
    }

    /// Reads over a value of any kind, validating it.
    /// - Returns: where it lies, without white space around it.
    public mutating func skipValue() throws(SchemaViolation) -> Range<Int> {
        skipSpace()
        let first = position
        try skip()
        return first..<position
    }

    /// Recursion ends at ``depthLimit``.
    private mutating func skip() throws(SchemaViolation) {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"):
            var names: Set<String> = []
            var cursor = try beginObject()
            while let at = try nextName(isFirst: cursor.isFirst) {
                cursor.isFirst = false
                guard names.insert(lastString).inserted else {
                    throw violation(.formatViolation, at: at, "property given twice")
                }
                try skip()
            }
        case UInt8(ascii: "["):
            var count = try beginArray()
            while try nextElement(&count) { try skip() }
        case UInt8(ascii: "\""): try scanString()
        case UInt8(ascii: "t"): try scanWord("true")
        case UInt8(ascii: "f"): try scanWord("false")
        case UInt8(ascii: "n"): try scanWord("null")
        default: _ = try scanNumber()
        }
    }
}
