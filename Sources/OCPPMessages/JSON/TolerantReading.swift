public import OCPP

/// Reads a message that breaks its schema as far as it can be read, and says what was wrong with it.
///
/// For messages that cost money when they are refused: a charging station sends a refused StopTransaction again as it
/// is, and drops it in the end. Each violation is repaired in the text and the text read anew:
///
/// - unknown properties and optional ones that cannot be read are left out, a property given twice counts as given last;
/// - strings may be longer than allowed, so that no token is taken for another one;
/// - a whole number may have a fraction, or stand in quotes;
/// - of a list the item that is wrong is left out whole: a sample without its wrong unit would be another value;
/// - an unreadable or missing timestamp is the instant of arrival, an unknown triggerReason `Trigger`.
///
/// What is required and cannot be read ends the attempt. Nothing of this is on the way of messages that are in order.
public struct TolerantReading: Sendable {
    public let request: AnyRequest
    /// What was wrong, in the order in which it was found; never empty, at most ``repairsMax``.
    public let violations: [SchemaViolation]

    /// Repairs tried before a message is given up.
    public static let repairsMax = 16

    /// Whether a message is one that accounts depend on.
    public static func isBilling(_ action: String) -> Bool {
        switch action {
        case "StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent": true
        default: false
        }
    }

    /// Reads the payload in `range` of `bytes`; `nil` where nothing can be made of it.
    /// - Parameter received: when it arrived.
    public init?(
        action: String, bytes: [UInt8], range: Range<Int>, version: OCPPVersion, zone: LocalTimeZone?,
        received: Timestamp
    ) {
        var text = RepairedText(bytes: Array(bytes[range.clamped(to: 0..<bytes.count)]))
        var violations: [SchemaViolation] = []
        while violations.count <= Self.repairsMax {
            var reader = JSONReader(text.bytes, version: version)
            reader.zone = zone
            reader.waivesLengths = text.waivesLengths
            do throws(SchemaViolation) {
                let request = try AnyRequest(action: action, reading: &reader)
                try reader.finish()
                guard !violations.isEmpty else { return nil }
                self.request = request
                self.violations = violations
                return
            } catch {
                guard violations.count < Self.repairsMax, text.repair(error, received: received) else { return nil }
                violations.append(error)
            }
        }
        return nil
    }
}

/// The text of a message on its way to be readable.
private struct RepairedText {
    private(set) var bytes: [UInt8]
    private(set) var waivesLengths = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Removes the cause of a violation; `false` where that cannot be done.
    mutating func repair(_ violation: SchemaViolation, received: Timestamp) -> Bool {
        guard !violation.path.isEmpty, let path = JSONPath(violation.path) else { return false }
        switch violation.code {
        case .formatViolation
        where violation.problem == "unknown property" || violation.problem == "property given twice":
            return remove(path.steps)
        case .propertyConstraintViolation where violation.problem.hasPrefix("longer than") && !waivesLengths:
            waivesLengths = true
            return true
        default: break
        }
        if let item = path.innermostItem { return remove(item) }
        if violation.code == .occurrenceConstraintViolation, violation.problem.hasPrefix("required") {
            return path.steps == [.member("timestamp")] && insert(timestamp: received)
        }
        guard let place = place(of: path.steps) else { return false }
        if violation.problem == "not an integer" || violation.problem == "not a number",
            let whole = wholeNumber(in: place.value)
        {
            bytes.replaceSubrange(place.value, with: String(whole).utf8)
            return true
        }
        switch path.steps {
        case [.member("timestamp")]:
            bytes.replaceSubrange(place.value, with: "\"\(received.text)\"".utf8)
            return true
        case [.member("triggerReason")]:
            bytes.replaceSubrange(place.value, with: "\"Trigger\"".utf8)
            return true
        default: return remove(path.steps)
        }
    }

    /// The integer nearest to a number, which may stand in quotes.
    private func wholeNumber(in value: Range<Int>) -> Int? {
        var text = bytes[value]
        if text.count > 2, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
            text = text.dropFirst().dropLast()
        }
        guard let number = Double(String(decoding: text, as: UTF8.self)), number.magnitude < 1e15 else { return nil }
        return Int(number.rounded())
    }

    private mutating func insert(timestamp: Timestamp) -> Bool {
        guard let brace = bytes.firstIndex(of: UInt8(ascii: "{")) else { return false }
        let isEmpty = bytes[(brace + 1)...].first { !Self.isSpace($0) } == UInt8(ascii: "}")
        bytes.insert(contentsOf: "\"timestamp\":\"\(timestamp.text)\"\(isEmpty ? "" : ",")".utf8, at: brace + 1)
        return true
    }

    /// Takes a member or an item out, with the comma beside it.
    private mutating func remove(_ steps: [JSONPath.Step]) -> Bool {
        guard let place = place(of: steps) else { return false }
        var lower = place.whole.lowerBound
        var upper = place.whole.upperBound
        let before = bytes[..<lower].lastIndex { !Self.isSpace($0) }
        let after = bytes[upper...].firstIndex { !Self.isSpace($0) }
        if let before, bytes[before] == UInt8(ascii: ",") {
            lower = before
        } else if let after, bytes[after] == UInt8(ascii: ",") {
            upper = after + 1
        }
        bytes.removeSubrange(lower..<upper)
        return true
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// Where a member or an item lies, and its value within; `nil` where it is not there.
    private func place(of steps: [JSONPath.Step]) -> (whole: Range<Int>, value: Range<Int>)? {
        var found = (whole: 0..<bytes.count, value: 0..<bytes.count)
        for step in steps {
            var reader = JSONReader(bytes, range: found.value, version: .v21)
            guard let next = try? reader.find(step) else { return nil }
            found = next
        }
        return found
    }
}

/// The way to an offending field, as ``SchemaViolation`` writes it.
private struct JSONPath {
    enum Step: Equatable {
        case member(String)
        case item(Int)
    }
    let steps: [Step]

    init?(_ text: String) {
        var steps: [Step] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let name = pieces.first, !name.isEmpty else { return nil }
            steps.append(.member(String(name)))
            for piece in pieces.dropFirst() {
                guard piece.last == "]", let index = Int(piece.dropLast()) else { return nil }
                steps.append(.item(index))
            }
        }
        self.steps = steps
    }

    /// The way to the innermost list item that the field lies in.
    var innermostItem: [Step]? {
        let last = steps.lastIndex { if case .item = $0 { true } else { false } }
        return last.map { Array(steps[...$0]) }
    }
}

extension JSONReader {
    /// Where the member or item lies in the value that is next, and its value.
    fileprivate mutating func find(
        _ step: JSONPath.Step
    ) throws(SchemaViolation) -> (whole: Range<Int>, value: Range<Int>)? {
        switch step {
        case .member(let name):
            var cursor = try beginObject()
            while let start = try nextName(&cursor) {
                let isWanted = lastString == name
                let value = try skipValue()
                if isWanted { return (start..<value.upperBound, value) }
            }
        case .item(let index):
            var count = try beginArray()
            while try nextElement(&count) {
                let value = try skipValue()
                if count == index + 1 { return (value, value) }
            }
        }
        return nil
    }
}
