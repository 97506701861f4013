/// Compares a tree with the key table and complains about every difference.
struct WorldChecker {
    var diagnostics = Diagnostics()

    /// Checks a mapping against a group of keys. `path` is the dotted path of the mapping, empty at the root.
    mutating func check(_ node: WorldNode, against object: ObjectSpec, path: String) {
        guard case .mapping(let entries) = node.content else {
            if node.isNull { return }
            diagnostics.report(
                node.place, path, "expected a group of keys, found \(node.found)",
                fix: "indent its keys below it: \(Self.some(object.keys.map(\.name)))")
            return
        }
        for entry in entries {
            let entryPath = path.isEmpty ? entry.key : "\(path).\(entry.key)"
            guard let key = object.key(entry.key) else {
                let isFraction = entry.node.isNull && !entry.key.isEmpty && entry.key.allSatisfy(\.isNumber)
                diagnostics.report(
                    entry.place, entryPath, isFraction ? "a number stands where a key belongs" : "unknown key",
                    fix: isFraction
                        ? "write a decimal point, not a comma: within braces a comma divides entries"
                        : Self.suggestion(entry.key, among: object.keys.map(\.name)))
                continue
            }
            if entry.node.isNull {
                diagnostics.report(
                    entry.place, entryPath, "has no value", fix: "write \(key.expectation), or drop the key")
            } else {
                check(entry.node, against: key.type, of: key, path: entryPath)
            }
        }
        for key in object.keys where key.isRequired && node[key.name] == nil {
            diagnostics.report(
                node.place, path.isEmpty ? key.name : "\(path).\(key.name)", "missing",
                fix: "add \(key.name): \(key.expectation)")
        }
    }

    mutating func check(_ node: WorldNode, against type: KeyType, of key: KeySpec, path: String) {
        switch type {
        case .text, .file:
            if node.text == nil { expected(key, node, path) }
        case .flag, .choice, .number, .integer, .dateTime, .timeOfDay:
            checkScalar(node, against: type, of: key, path: path)
        case .object(let name):
            check(node, against: WorldSchema.object(name), path: path)
        case .list(let element, let count):
            guard case .list(let items) = node.content else { return expected(key, node, path) }
            if !count.contains(items.count) {
                let wanted =
                    count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "at least \(count.lowerBound)"
                diagnostics.report(
                    node.place, path,
                    "expected \(wanted) \(count.lowerBound == 1 ? "entry" : "entries"), found \(items.count)",
                    fix: "write \(key.expectation)")
            }
            for (index, item) in items.enumerated() {
                check(item, against: element, of: key, path: "\(path)[\(index)]")
            }
        case .payload:
            guard case .mapping = node.content else { return expected(key, node, path) }
        case .map(let value):
            guard case .mapping(let entries) = node.content else { return expected(key, node, path) }
            for entry in entries {
                check(entry.node, against: value, of: key, path: "\(path).\(entry.key)")
            }
        case .oneOf(let types):
            if let fitting = types.first(where: { Self.accepts($0, node) }) {
                check(node, against: fitting, of: key, path: path)
            } else if let number = types.first(where: { if case .number = $0 { true } else { false } }) {
                checkScalar(node, against: number, of: key, path: path)
            } else {
                expected(key, node, path)
            }
        }
    }

    /// Whether a node has the outward form of a type, so that complaints are made about that alternative.
    private static func accepts(_ type: KeyType, _ node: WorldNode) -> Bool {
        switch type {
        case .list: if case .list = node.content { true } else { false }
        case .object, .map, .payload: if case .mapping = node.content { true } else { false }
        case .choice(let names): node.text.map(names.contains) ?? false
        case .number: node.text.flatMap(Double.init) != nil
        case .integer: node.text.flatMap(Int.init) != nil
        case .text, .file, .flag, .dateTime, .timeOfDay: node.text != nil
        case .oneOf(let types): types.contains { accepts($0, node) }
        }
    }

    private mutating func checkScalar(_ node: WorldNode, against type: KeyType, of key: KeySpec, path: String) {
        guard case .scalar(let text, let isPlain) = node.content else { return expected(key, node, path) }
        switch type {
        case .number(let limits):
            guard isPlain, let value = Double(text), value.isFinite else {
                return diagnostics.report(
                    node.place, path, "expected \(key.expectation), found \"\(text)\"",
                    fix: UnitText.fix(text, key: key))
            }
            if !limits.contains(value) {
                let unit = key.unit.isEmpty ? "" : " in \(key.unit)"
                diagnostics.report(
                    node.place, path, "expected a number \(limits.words)\(unit), found \(text)",
                    fix: value <= limits.lowest
                        ? "write a number \(limits.words)"
                        : "check the unit: the key is\(key.unit.isEmpty ? " a plain number" : unit)")
            }
        case .integer(let range):
            guard isPlain, let value = Int(text) else {
                return diagnostics.report(
                    node.place, path, "expected \(key.expectation), found \"\(text)\"",
                    fix: UnitText.fix(text, key: key))
            }
            if !range.contains(value) {
                let words = range.words
                diagnostics.report(
                    node.place, path, "expected a whole number \(words), found \(value)",
                    fix: "write a whole number \(words)")
            }
        case .flag:
            if !isPlain || (text != "true" && text != "false") { expected(key, node, path) }
        case .choice(let names):
            if !names.contains(text) {
                diagnostics.report(
                    node.place, path, "expected one of the known names, found \"\(text)\"",
                    fix: Self.suggestion(text, among: names))
            }
        case .dateTime:
            if CivilTime(isoText: text) == nil { expected(key, node, path) }
        case .timeOfDay:
            if TimeOfDay.seconds(text) == nil { expected(key, node, path) }
        case .text, .file, .object, .list, .map, .oneOf, .payload:
            preconditionFailure("not a scalar type")
        }
    }

    private mutating func expected(_ key: KeySpec, _ node: WorldNode, _ path: String) {
        diagnostics.report(
            node.place, path, "expected \(key.expectation), found \(node.found)", fix: "write \(key.expectation)")
    }

    /// "did you mean x?" when a name is near, else the names there are.
    static func suggestion(_ word: String, among names: [String]) -> String {
        let near = names.map { ($0, Spelling.distance(word, $0)) }.min { $0.1 < $1.1 }
        if let near, near.1 <= max(2, word.count / 3) { return "did you mean \(near.0)?" }
        if word.count >= 3, let longer = names.first(where: { $0.hasPrefix(word) }) { return "did you mean \(longer)?" }
        return names.isEmpty ? "there is nothing to choose from" : "write one of: \(some(names))"
    }

    /// The first names of a list, for a message that fits a screen.
    static func some(_ names: [String]) -> String {
        names.count <= 14
            ? names.joined(separator: ", ") : names.prefix(12).joined(separator: ", ") + ", … (\(names.count) in all)"
    }
}

extension KeySpec {
    /// What to write, in words: "a number in kW".
    var expectation: String { type.words(unit: unit) }
}

extension KeyType {
    func words(unit: String) -> String {
        let suffix = unit.isEmpty ? "" : " in \(unit)"
        return switch self {
        case .text: "a text"
        case .flag: "true or false"
        case .number: "a number\(suffix)"
        case .integer: "a whole number\(suffix)"
        case .choice(let names): names.count == 1 ? "\"\(names[0])\"" : "one of \(WorldChecker.some(names))"
        case .dateTime: "a date and time like 2025-01-06T00:00:00"
        case .timeOfDay: "a time of day like \"18:00\""
        case .file: "a file name"
        case .object(let name): "a group of keys (\(Self.firstKeys(of: name)))"
        case .list(.list(_, count: let n), count: _) where n == 3...3: "a list of [hour, energy, time] triples\(suffix)"
        case .list(.list(_, count: _), count: _): "a list of [probability, value] pairs\(suffix)"
        case .list(.object(let name), count: _): "a list of groups of keys (\(Self.firstKeys(of: name)))"
        case .list(let element, let count):
            count.lowerBound == count.upperBound
                ? "a list of \(count.lowerBound) numbers\(suffix)" : "a list, each entry \(element.words(unit: unit))"
        case .payload: "the members of an OCPP payload"
        case .map(let value): "names, each with \(value.words(unit: unit))"
        case .oneOf(let types): types.map { $0.words(unit: unit) }.joined(separator: " or ")
        }
    }

    /// The first keys of a group, enough to recognise it.
    private static func firstKeys(of name: String) -> String {
        let names = WorldSchema.object(name).keys.map(\.name)
        return names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
    }
}

/// Numbers that were written with a unit.
enum UnitText {
    private static let scales: [(name: String, factor: Double, kind: String)] = [
        ("w", 1, "power"), ("kw", 1e3, "power"), ("mw", 1e6, "power"), ("va", 1, "apparent"), ("kva", 1e3, "apparent"),
        ("mva", 1e6, "apparent"), ("wh", 1, "energy"), ("kwh", 1e3, "energy"), ("mwh", 1e6, "energy"), ("s", 1, "time"),
        ("min", 60, "time"), ("h", 3600, "time"), ("d", 86_400, "time"), ("days", 86_400, "time"), ("m", 1, "length"),
        ("km", 1e3, "length"), ("a", 1, "current"), ("v", 1, "voltage"), ("kv", 1e3, "voltage"),
        ("°c", 1, "temperature"),
        ("c", 1, "temperature"), ("k", 1, "difference"), ("km/h", 1, "speed"), ("%", 0.01, "share"),
    ]

    /// What to write instead of `text`, which is no number.
    static func fix(_ text: String, key: KeySpec) -> String {
        if text.contains(","), Double(text.replacing(",", with: ".")) != nil {
            return "write a decimal point, not a comma"
        }
        if case .integer = key.type, Double(text) != nil, Int(text) == nil { return "write \(key.expectation)" }
        let trimmed = text.filter { !$0.isWhitespace }
        let digits = trimmed.prefix { $0.isNumber || $0 == "." || $0 == "-" || $0 == "+" }
        let unit = trimmed.dropFirst(digits.count).lowercased()
        guard let value = Double(digits), !unit.isEmpty else {
            return Double(text) != nil ? "write the number without quotes" : "write \(key.expectation)"
        }
        if unit == key.unit.lowercased() { return "write the number only; the key already says \(key.unit)" }
        if key.unit.isEmpty, unit == "%" { return "write \((value / 100).plain)" }
        guard let from = scales.first(where: { $0.name == unit }),
            let to = scales.first(where: { $0.name == key.unit.lowercased() }), from.kind == to.kind
        else { return "write \(key.expectation)" }
        return "write \((value * from.factor / to.factor).plain); the key is in \(key.unit)"
    }
}

/// Times of day as written in a world file.
enum TimeOfDay {
    /// Seconds after midnight of `18:00` or `05:30:15`, up to `24:00`; `nil` for anything else.
    static func seconds(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard (2...3).contains(parts.count), (0...24).contains(parts[0]),
            parts.dropFirst().allSatisfy((0..<60).contains)
        else { return nil }
        let total = parts[0] * 3600 + parts[1] * 60 + (parts.count == 3 ? parts[2] : 0)
        return total <= 86_400 ? total : nil
    }
}

/// How far apart two words are.
enum Spelling {
    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
    static func distance(_ a: String, _ b: String) -> Int {
        let x = Array(a.lowercased())
        let y = Array(b.lowercased())
        var older: [Int] = []
        var previous = Array(0...y.count)
        for i in 0..<x.count {
            var row = [i + 1] + Array(repeating: 0, count: y.count)
            for j in 0..<y.count {
                row[j + 1] = min(previous[j] + (x[i] == y[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, x[i] == y[j - 1], x[i - 1] == y[j] { row[j + 1] = min(row[j + 1], older[j - 1] + 1) }
            }
            older = previous
            previous = row
        }
        return previous[y.count]
    }
}
