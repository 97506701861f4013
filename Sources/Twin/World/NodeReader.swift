import Models
import Sim

/// Typed access to a mapping whose keys have been checked already.
///
/// What is absent or was complained about is `nil`, or has the default of the key table where that is a value.
struct NodeReader {
    let node: WorldNode
    let path: String
    private let object: ObjectSpec

    init(_ node: WorldNode, path: String, as object: ObjectSpec) {
        self.node = node
        self.path = path
        self.object = object
    }

    private func spec(_ key: String) -> KeySpec {
        guard let spec = object.key(key) else { preconditionFailure("\(object.name) has no key \(key)") }
        return spec
    }

    /// What was written, or the key table's default.
    private func value<T>(defaulted key: String, _ read: (String) -> T?) -> T {
        node[key]?.text.flatMap(read) ?? fallback(key, read)
    }

    private func fallback<T>(_ key: String, _ read: (String) -> T?) -> T {
        guard let value = read(spec(key).fallback) else { preconditionFailure("the default of \(key) is no value") }
        return value
    }

    var place: SourcePlace { node.place }

    func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    func place(_ key: String) -> SourcePlace { node[key]?.place ?? node.place }
    func has(_ key: String) -> Bool { node[key] != nil }
    func text(_ key: String) -> String? { node[key]?.text }
    /// `nil` also where the number is outside the key's limits.
    func number(_ key: String) -> Double? {
        node[key].flatMap(Self.number).flatMap { spec(key).type.allows($0) ? $0 : nil }
    }
    /// `nil` also where the number is outside the key's limits.
    func integer(_ key: String) -> Int? {
        node[key]?.text.flatMap { Int($0) }.flatMap { spec(key).type.allows($0) ? $0 : nil }
    }

    // Keys whose default in the key table is a value: that is used where nothing (or nothing valid) was written.
    func number(defaulted key: String) -> Double { number(key) ?? fallback(key) { Double($0) } }
    func integer(defaulted key: String) -> Int { integer(key) ?? fallback(key) { Int($0) } }
    func flag(_ key: String) -> Bool { value(defaulted: key) { Bool($0) } }
    /// Seconds after midnight.
    func timeOfDay(_ key: String) -> Int { value(defaulted: key) { TimeOfDay.seconds($0) } }
    func dateTime(_ key: String) -> CivilTime { value(defaulted: key) { CivilTime(isoText: $0) } }
    /// One of the names the key table gives.
    func name(defaulted key: String) -> String {
        guard case .choice(let names) = spec(key).type else { preconditionFailure("\(key) is no choice") }
        return value(defaulted: key) { names.contains($0) ? $0 : nil }
    }

    func group(_ key: String) -> NodeReader {
        guard let name = spec(key).type.groupName else { preconditionFailure("\(key) is no group of keys") }
        return NodeReader(node[key] ?? .empty(at: node.place), path: path(key), as: WorldSchema.object(name))
    }
    func numbers(_ key: String) -> [Double]? {
        guard case .list(let items)? = node[key]?.content else { return nil }
        let values = items.compactMap(Self.number)
        return values.count == items.count ? values : nil
    }
    func texts(_ key: String) -> [String]? { node[key]?.items.compactMap(\.text) }

    func choice<T: RawRepresentable>(_ key: String, as type: T.Type) -> T? where T.RawValue == String {
        text(key).flatMap { T(rawValue: $0) }
    }

    static func number(_ node: WorldNode) -> Double? {
        guard let text = node.text, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// A quantile table, its values times `scale`; complains when probabilities do not rise or values fall.
    func quantiles(_ key: String, scale: Double, into diagnostics: inout Diagnostics) -> QuantileTable? {
        guard let list = node[key], case .list(let items) = list.content, !items.isEmpty else { return nil }
        let pairs = items.map { $0.items.compactMap(Self.number) }
        guard pairs.allSatisfy({ $0.count == 2 }) else { return nil }
        for (index, pair) in pairs.enumerated() {
            let fix =
                "write [probability, value] pairs: probabilities rising within 0 to 1, values 0 or more and not falling"
            if !(0...1).contains(pair[0]) || pair[1] < 0 {
                diagnostics.report(
                    items[index].place, "\(path(key))[\(index)]", "\(pair[0].plain), \(pair[1].plain) is no quantile",
                    fix: fix)
                return nil
            }
            if index > 0, pair[0] <= pairs[index - 1][0] || pair[1] < pairs[index - 1][1] {
                diagnostics.report(
                    items[index].place, "\(path(key))[\(index)]",
                    "\(pair[0].plain), \(pair[1].plain) does not follow \(pairs[index - 1][0].plain), \(pairs[index - 1][1].plain)",
                    fix: fix)
                return nil
            }
        }
        return QuantileTable(p: pairs.map { $0[0] }, x: pairs.map { $0[1] * scale })
    }
}

extension KeyType {
    /// Whether a number is within the limits, also of alternatives.
    fileprivate func allows(_ value: Double) -> Bool {
        switch self {
        case .number(let limits): limits.contains(value)
        case .oneOf(let types): types.contains { $0.allows(value) }
        default: false
        }
    }

    /// Whether a whole number is within the limits, also of alternatives.
    fileprivate func allows(_ value: Int) -> Bool {
        switch self {
        case .integer(let range): range.contains(value)
        case .oneOf(let types): types.contains { $0.allows(value) }
        default: false
        }
    }

    /// Name of the group of keys this type takes, also among alternatives.
    fileprivate var groupName: String? {
        switch self {
        case .object(let name): name
        case .oneOf(let types): types.compactMap(\.groupName).first
        default: nil
        }
    }
}
