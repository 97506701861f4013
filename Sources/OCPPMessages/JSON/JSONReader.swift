public import OCPP

/// Reads one JSON value from bytes in a single pass, checking grammar, types and constraints as it goes.
///
/// Strict RFC 8259: UTF-8 is validated, surrogates must pair, keys must not repeat, nothing nests deeper than
/// ``depthLimit``. Nothing is allocated but the strings and arrays that are asked for; hostile bytes cost a
/// ``SchemaViolation``, never a trap. The path of an offending field is worked out only when there is one.
/// - Source: RFC 8259; OCPP 1.6J 4.2; OCPP 2.0.1 part 4, 4.2 and 4.3.
public struct JSONReader: Sendable {
    /// Deepest nesting of arrays and objects that is read.
    public static let depthLimit = 64
    /// Longest text of one number that is read, in bytes.
    public static let numberLengthLimit = 400

    /// Whose constraints hold.
    public let version: OCPPVersion
    /// Microseconds that the peer's clock is ahead: taken off every instant that is read.
    public var clockOffset: Int64 = 0
    /// Of the peer's clock, for instants of 1.6 without an offset; `nil` for UTC.
    public var zone: LocalTimeZone?
    /// Whether strings may be longer than the schema allows: for ``TolerantReading``.
    var waivesLengths = false
    /// Whether constraints that differ between versions are waived: for values that were checked when they came in.
    let isStored: Bool
    let bytes: [UInt8]
    let start: Int
    let end: Int
    var position: Int
    var depth = 0
    /// Where the string read last lies, without its quotes.
    var lastStart = 0
    var lastEnd = 0
    var lastHasEscapes = false
    /// The bytes of the string read last, when it had escapes.
    var unescaped: [UInt8] = []

    /// Reads `bytes`, or the part of them in `range` (clamped to what is there).
    public init(_ bytes: [UInt8], range: Range<Int>? = nil, version: OCPPVersion) {
        self.init(bytes, range: range, version: version, isStored: false)
    }

    init(_ bytes: [UInt8], range: Range<Int>?, version: OCPPVersion, isStored: Bool) {
        let whole = 0..<bytes.count
        let part = (range ?? whole).clamped(to: whole)
        self.bytes = bytes
        self.version = version
        self.isStored = isStored
        start = part.lowerBound
        end = part.upperBound
        position = part.lowerBound
    }

    /// Whether the constraints of 2.1 hold.
    var isV21: Bool { version == .v21 }

    /// `old` under the constraints of 2.0.1, `new` under those of 2.1.
    @inline(__always) func pick<T>(_ old: T, _ new: T) -> T { version == .v21 ? new : old }

    /// Index of the next byte to read.
    public var offset: Int { position }

    /// Makes sure that only white space is left.
    public mutating func finish() throws(SchemaViolation) {
        skipSpace()
        if position < end { throw notJSON("text behind the value") }
    }

    /// Takes `null` where that is all there is.
    mutating func takeNull() -> Bool {
        skipSpace()
        guard end - position >= 4, bytes[position..<position + 4].elementsEqual("null".utf8) else { return false }
        position += 4
        return true
    }

    /// The byte at the read position; 0, which no JSON text contains, at the end.
    @inline(__always) var next: UInt8 { position < end ? bytes[position] : 0 }

    @inline(__always) mutating func skipSpace() {
        while position < end {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    // MARK: - Objects and arrays

    /// Where an object began and which of its members were seen.
    struct ObjectCursor {
        let start: Int
        var isFirst = true
        var seen: UInt64 = 0
        /// Where to look first for the next name: the one after the last found.
        var hint = 0
    }

    /// Steps into an object.
    @inline(never) mutating func beginObject() throws(SchemaViolation) -> ObjectCursor {
        skipSpace()
        let cursor = ObjectCursor(start: position)
        try enter(UInt8(ascii: "{"), "an object")
        return cursor
    }

    /// Index of the next member's name in `members`, with its value next to read; `nil` behind the object's end.
    @inline(never) mutating func nextMember(
        _ cursor: inout ObjectCursor, _ members: MemberTable
    ) throws(SchemaViolation) -> Int? {
        guard try separate(&cursor) else { return nil }
        let at = position
        let index: Int
        if let value = members.names.match(cursor.hint, bytes, at: at, end: end) {
            position = value
            index = cursor.hint
        } else {
            try scanName()
            guard let found = self.index(in: members.names) else {
                throw violation(.formatViolation, at: at, "unknown property")
            }
            index = found
        }
        let bit: UInt64 = 1 << UInt64(index)
        guard members.allowed(in: version) & bit != 0 else {
            throw violation(.formatViolation, at: at, "unknown property")
        }
        guard cursor.seen & bit == 0 else { throw violation(.formatViolation, at: at, "property given twice") }
        cursor.seen |= bit
        cursor.hint = index + 1
        return index
    }

    /// Makes sure that every required member was there.
    @inline(never) func finish(_ cursor: ObjectCursor, _ members: MemberTable) throws(SchemaViolation) {
        let missing = members.required(in: version, isStored: isStored) & ~cursor.seen
        if missing != 0 { throw missingMember(members, missing, cursor) }
    }

    /// The violation that the first of the members in the set `missing` is not there.
    @inline(never)
    func missingMember(_ members: MemberTable, _ missing: UInt64, _ cursor: ObjectCursor) -> SchemaViolation {
        let name = members.names[missing.trailingZeroBitCount]
        return violation(.occurrenceConstraintViolation, at: cursor.start, member: name, "required but missing")
    }

    /// Reads an object's next name, which is then the string read last, and its colon.
    /// - Returns: where the name begins; `nil` when the object ended instead.
    mutating func nextName(_ cursor: inout ObjectCursor) throws(SchemaViolation) -> Int? {
        guard try separate(&cursor) else { return nil }
        let at = position
        try scanName()
        return at
    }

    /// Steps to the next member's name; `false` when the object ended instead.
    @inline(__always)
    private mutating func separate(_ cursor: inout ObjectCursor) throws(SchemaViolation) -> Bool {
        skipSpace()
        if next == UInt8(ascii: ",") {
            guard !cursor.isFirst else { throw notJSON("a name is missing") }
            position += 1
            skipSpace()
        } else if next == UInt8(ascii: "}") {
            position += 1
            depth -= 1
            return false
        } else if !cursor.isFirst {
            throw notJSON("a comma or the end of the object is missing")
        }
        cursor.isFirst = false
        return true
    }

    private mutating func scanName() throws(SchemaViolation) {
        guard next == UInt8(ascii: "\"") else { throw notJSON("a name is missing") }
        try scanString()
        skipSpace()
        guard next == UInt8(ascii: ":") else { throw notJSON("a colon is missing") }
        position += 1
    }

    /// Steps into an array; then call ``nextElement(_:)`` before each element.
    /// - Returns: a count that ``nextElement(_:)`` keeps.
    @inline(never) public mutating func beginArray() throws(SchemaViolation) -> Int {
        skipSpace()
        try enter(UInt8(ascii: "["), "an array")
        return 0
    }

    /// Whether there is another element, which is then next to read; behind the array's end when there is none.
    /// - Parameter count: elements so far, as returned by ``beginArray()``; counted up.
    @inline(never) public mutating func nextElement(_ count: inout Int) throws(SchemaViolation) -> Bool {
        skipSpace()
        if next == UInt8(ascii: "]") {
            position += 1
            depth -= 1
            return false
        }
        if count > 0 {
            guard next == UInt8(ascii: ",") else { throw notJSON("a comma or the end of the array is missing") }
            position += 1
        }
        count += 1
        return true
    }

    private mutating func enter(_ bracket: UInt8, _ wanted: StaticString) throws(SchemaViolation) {
        guard next == bracket else { throw wrongType(wanted) }
        guard depth < Self.depthLimit else { throw notJSON("nested deeper than \(Self.depthLimit)") }
        depth += 1
        position += 1
    }
}
