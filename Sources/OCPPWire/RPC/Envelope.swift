internal import OCPP

/// A frame taken apart: everything around the payload, which stays where it is.
struct Envelope: Equatable {
    enum Kind: Int {
        case call = 2
        case result = 3
        case error = 4
        case resultError = 5
        case send = 6

        /// Whether the version has this kind of message.
        func exists(in version: OCPPVersion) -> Bool {
            switch self {
            case .call, .result, .error: true
            case .resultError, .send: version == .v21
            }
        }
    }
    var kind: Kind
    var id: String
    /// The action of a CALL or SEND, the code of an error; empty in a CALLRESULT.
    var word = ""
    /// The description of an error.
    var description = ""
    /// Where the payload, or the details of an error, lie in the frame: an object, of which only nesting and strings
    /// have been looked at. Empty when an error came without details.
    var payload = 0..<0
}

/// Why a frame could not be taken apart, with what could be read of it.
struct EnvelopeError: Error, Equatable {
    var problem: RPCEndpoint.Malformation
    /// The number in front, where there was one.
    var messageType: Int?
    /// The message id, where there was one within the limits.
    var id: String?
}

/// Reads the envelope of a frame straight from its bytes.
///
/// `[2, id, action, {…}]`, `[3, id, {…}]`, `[4, id, code, description, {…}]`, `[5, …]` like 4, `[6, …]` like 2. White
/// space may stand wherever JSON allows it, strings may hold escapes. An error may come without description and
/// details: it says enough to end the call.
/// - Source: OCPP-J 1.6 section 4.2; OCPP 2.1 part 4 section 4.2.
struct EnvelopeReader {
    /// Longest message id, characters.
    static let idCharactersMax = 36
    /// Longest action, error code or description that is read, bytes on the wire.
    static let wordBytesMax = 2048

    /// What is kept of an action that is longer; no action's name is as long.
    private static let actionBytesKept = 64

    private let bytes: [UInt8]
    private let version: OCPPVersion
    private let depthMax: Int
    private var position = 0
    private var messageType: Int?
    private var id: String?

    private init(_ bytes: [UInt8], version: OCPPVersion, depthMax: Int) {
        self.bytes = bytes
        self.version = version
        self.depthMax = min(depthMax, 63)
    }

    static func read(_ bytes: [UInt8], version: OCPPVersion, depthMax: Int) throws(EnvelopeError) -> Envelope {
        var reader = EnvelopeReader(bytes, version: version, depthMax: depthMax)
        return try reader.envelope()
    }

    private mutating func envelope() throws(EnvelopeError) -> Envelope {
        skipSpace()
        guard take(UInt8(ascii: "[")) else { throw failure(.notAnArray) }
        skipSpace()
        let number = try integer()
        messageType = number
        guard takeComma() else { throw failure(.wrongArity) }
        id = try messageID()
        guard let kind = Envelope.Kind(rawValue: number), kind.exists(in: version) else {
            throw failure(.unknownMessageType(number))
        }
        var envelope = Envelope(kind: kind, id: id ?? "")
        switch kind {
        case .call, .send:
            try expectComma()
            envelope.word = try action()
            try expectComma()
            envelope.payload = try payload()
        case .result:
            try expectComma()
            envelope.payload = try payload()
        case .error, .resultError:
            try expectComma()
            envelope.word = try string()
            if takeComma() { envelope.description = try string() }
            if takeComma(), !takeNull() { envelope.payload = try object() }
        }
        skipSpace()
        guard take(UInt8(ascii: "]")) else { throw failure(.wrongArity) }
        skipSpace()
        guard position == bytes.count else { throw failure(.trailingBytes) }
        return envelope
    }

    private func failure(_ problem: RPCEndpoint.Malformation) -> EnvelopeError {
        EnvelopeError(problem: problem, messageType: messageType, id: id)
    }

    // MARK: - Tokens

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func takeComma() -> Bool {
        skipSpace()
        guard take(UInt8(ascii: ",")) else { return false }
        skipSpace()
        return true
    }

    private mutating func expectComma() throws(EnvelopeError) {
        guard takeComma() else { throw failure(.wrongArity) }
    }

    private mutating func takeNull() -> Bool {
        guard bytes.count - position >= 4, bytes[position] == UInt8(ascii: "n"),
            bytes[position + 1] == UInt8(ascii: "u"), bytes[position + 2] == UInt8(ascii: "l"),
            bytes[position + 3] == UInt8(ascii: "l")
        else { return false }
        position += 4
        return true
    }

    /// The message type: up to nine digits.
    private mutating func integer() throws(EnvelopeError) -> Int {
        let start = position
        var value = 0
        while position < bytes.count, position - start < 9, bytes[position] &- UInt8(ascii: "0") < 10 {
            value = value * 10 + Int(bytes[position] &- UInt8(ascii: "0"))
            position += 1
        }
        guard position > start else { throw failure(.unreadableMessageType) }
        return value
    }

    private mutating func messageID() throws(EnvelopeError) -> String {
        let start = position
        let text: String
        do { text = try string() } catch { throw failure(.unreadableID) }
        // Most ids are shorter in bytes already, and then nobody has to count characters.
        let isTooLong = position - start - 2 > Self.idCharactersMax && text.count > Self.idCharactersMax
        guard !text.isEmpty, !isTooLong else { throw failure(.unreadableID) }
        return text
    }

    /// A string within the envelope, its escapes resolved.
    private mutating func string() throws(EnvelopeError) -> String {
        guard take(UInt8(ascii: "\"")) else { throw failure(.wrongType) }
        let start = position
        var hasEscapes = false
        var isASCII = true
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { break }
            if byte >= 0x80 { isASCII = false }
            guard byte >= 0x20, position - start < Self.wordBytesMax else { throw failure(.badString) }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                position += 1
            }
            position += 1
        }
        guard position < bytes.count else { throw failure(.truncated) }
        let range = start..<position
        position += 1
        if hasEscapes {
            guard let raw = EscapedText.resolve(bytes[range]), let text = String(validating: raw, as: UTF8.self) else {
                throw failure(.badString)
            }
            return text
        }
        // Decoding is the faster way to a string, and plain ASCII has nothing to be repaired.
        if isASCII { return String(decoding: bytes[range], as: UTF8.self) }
        guard let text = String(validating: bytes[range], as: UTF8.self) else { throw failure(.badString) }
        return text
    }

    /// An action, of any length: one that is longer than every action there is comes out cut, and so is unknown.
    private mutating func action() throws(EnvelopeError) -> String {
        let start = position
        do throws(EnvelopeError) { return try string() } catch {
            guard error.problem == .badString, let end = endOfLongWord(from: start) else { throw error }
            position = end
            return String(decoding: bytes[start + 1..<start + 1 + Self.actionBytesKept], as: UTF8.self)
        }
    }

    /// The place behind a string of more than ``wordBytesMax`` bytes that begins at `start`; `nil` for any other.
    private func endOfLongWord(from start: Int) -> Int? {
        let bytes = bytes
        let span = bytes.span
        guard let end = Self.endOfString(span.bytes, from: start + 1), end - start > Self.wordBytesMax + 2,
            bytes[start..<end].allSatisfy({ $0 >= 0x20 })
        else { return nil }
        return end
    }

    /// An object; in 1.6 `null` too, which stands for one without fields.
    private mutating func payload() throws(EnvelopeError) -> Range<Int> {
        let start = position
        if version == .v16, takeNull() { return start..<position }
        return try object()
    }

    /// Steps over an object and says where it lies.
    private mutating func object() throws(EnvelopeError) -> Range<Int> {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else { throw failure(.wrongType) }
        let bytes = bytes
        let span = bytes.span
        switch Self.endOfObject(span.bytes, from: position, depthMax: depthMax) {
        case .end(let end):
            defer { position = end }
            return position..<end
        case .problem(let problem): throw failure(problem)
        }
    }

    private enum ObjectEnd {
        case end(Int)
        case problem(RPCEndpoint.Malformation)
    }

    /// Where the object that begins at `start` ends, by its brackets alone.
    private static func endOfObject(_ bytes: RawSpan, from start: Int, depthMax: Int) -> ObjectEnd {
        var position = start
        var depth = 0
        var kinds: UInt64 = 0  // a bit for each level: 1 is an object
        while position < bytes.byteCount {
            let byte = bytes.byte(at: position)
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let end = endOfString(bytes, from: position) else { return .problem(.truncated) }
                position = end
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < depthMax else { return .problem(.tooDeep) }
                kinds = kinds << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard kinds & 1 == (byte == UInt8(ascii: "}") ? 1 : 0) else { return .problem(.unbalanced) }
                kinds >>= 1
                depth -= 1
                if depth == 0 { return .end(position) }
            default: break
            }
        }
        return .problem(.truncated)
    }

    /// The place behind the closing quote of the string whose inside begins at `start`; `nil` where there is none.
    private static func endOfString(_ bytes: RawSpan, from start: Int) -> Int? {
        var position = start
        while position < bytes.byteCount {
            if position + 8 <= bytes.byteCount {
                let found = bytes.word(at: position).quotesAndBackslashes
                if found == 0 {
                    position += 8
                    continue
                }
                position += found.trailingZeroBitCount >> 3
            }
            let byte = bytes.byte(at: position)
            position += 1
            if byte == UInt8(ascii: "\"") { return position }
            if byte == UInt8(ascii: "\\") { position += 1 }
        }
        return nil
    }
}

/// Escapes of JSON strings.
enum EscapedText {
    /// The bytes that `raw`, the inside of a JSON string, stands for; `nil` when an escape is none.
    static func resolve(_ raw: ArraySlice<UInt8>) -> [UInt8]? {
        var resolved: [UInt8] = []
        resolved.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index < raw.endIndex {
            let byte = raw[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                resolved.append(byte)
                continue
            }
            guard index < raw.endIndex else { return nil }
            let kind = raw[index]
            index += 1
            switch kind {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): resolved.append(kind)
            case UInt8(ascii: "b"): resolved.append(0x08)
            case UInt8(ascii: "f"): resolved.append(0x0C)
            case UInt8(ascii: "n"): resolved.append(0x0A)
            case UInt8(ascii: "r"): resolved.append(0x0D)
            case UInt8(ascii: "t"): resolved.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(in: raw, at: &index) else { return nil }
                resolved += Array(String(Character(scalar)).utf8)
            default: return nil
            }
        }
        return resolved
    }

    private static func scalar(in raw: ArraySlice<UInt8>, at index: inout Int) -> Unicode.Scalar? {
        guard let first = codeUnit(in: raw, at: &index) else { return nil }
        guard first & 0xFC00 == 0xD800 else { return Unicode.Scalar(first) }
        guard raw.endIndex - index >= 6, raw[index] == UInt8(ascii: "\\"), raw[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        index += 2
        guard let second = codeUnit(in: raw, at: &index), second & 0xFC00 == 0xDC00 else { return nil }
        return Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF))
    }

    private static func codeUnit(in raw: ArraySlice<UInt8>, at index: inout Int) -> UInt32? {
        guard raw.endIndex - index >= 4 else { return nil }
        var value: UInt32 = 0
        for byte in raw[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }

    /// Appends `text` as a JSON string.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")]
                bytes.append(UInt8(ascii: "0") + byte >> 4)
                let low = byte & 0x0F
                bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
