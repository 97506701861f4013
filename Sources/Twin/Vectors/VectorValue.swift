/// A value of a vector file; `integer` is used for results that count and must match exactly.
public enum VectorValue: Sendable, Hashable, Decodable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([VectorValue])
    case object([String: VectorValue])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([VectorValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: VectorValue].self))
        }
    }

    var double: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        case .null, .bool, .text, .list, .object: nil
        }
    }
    static func optional(_ value: Double?) -> VectorValue { value.map { .number($0) } ?? .null }

    /// Short text for messages.
    var brief: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): "\"\(value)\""
        case .list(let values): "list of \(values.count)"
        case .object(let values): "object of \(values.count)"
        }
    }
}

/// Why a case could not be evaluated.
struct VectorError: Error, CustomStringConvertible {
    let description: String
    static func missing(_ key: String, _ kind: String) -> VectorError {
        VectorError(description: "inputs.\(key): expected \(kind)")
    }
}

/// Named inputs of a case, read with complaints that name the key.
struct VectorInputs {
    let values: [String: VectorValue]
    /// Folder of the vector file, from which tables are named.
    var directory = ""

    func has(_ key: String) -> Bool { values[key].map { $0 != .null } ?? false }
    /// Larger numbers mean a mistake in the file, and would leave the range of simulated time.
    private static let largest = 1e9

    func number(_ key: String) throws(VectorError) -> Double {
        guard let value = values[key]?.double, abs(value) <= Self.largest else { throw .missing(key, "a number") }
        return value
    }
    func positive(_ key: String) throws(VectorError) -> Double {
        let value = try number(key)
        guard value > 0 else { throw .missing(key, "a number above 0") }
        return value
    }
    func positive(_ key: String, or standard: Double) throws(VectorError) -> Double {
        has(key) ? try positive(key) : standard
    }
    func notNegative(_ key: String) throws(VectorError) -> Double {
        let value = try number(key)
        guard value >= 0 else { throw .missing(key, "a number from 0") }
        return value
    }
    func number(_ key: String, or standard: Double) throws(VectorError) -> Double {
        has(key) ? try number(key) : standard
    }
    func integer(_ key: String) throws(VectorError) -> Int {
        let value = try number(key)
        guard value == value.rounded(), value >= 0, value <= 1e6 else { throw .missing(key, "a whole number from 0") }
        return Int(value)
    }
    func text(_ key: String) throws(VectorError) -> String {
        guard case .text(let value) = values[key] else { throw .missing(key, "a text") }
        return value
    }
    func text(_ key: String, or standard: String) throws(VectorError) -> String {
        has(key) ? try text(key) : standard
    }
    func numbers(_ key: String) throws(VectorError) -> [Double] {
        guard case .list(let list) = values[key] else { throw .missing(key, "a list of numbers") }
        let numbers = list.compactMap(\.double)
        guard numbers.count == list.count else { throw .missing(key, "a list of numbers") }
        return numbers
    }
    func notNegatives(_ key: String) throws(VectorError) -> [Double] {
        let numbers = try numbers(key)
        guard numbers.allSatisfy({ $0 >= 0 && $0 <= Self.largest }) else { throw .missing(key, "numbers from 0") }
        return numbers
    }
    func pairs(_ key: String) throws(VectorError) -> [(Double, Double)] {
        guard case .list(let list) = values[key] else { throw .missing(key, "a list of pairs") }
        var pairs: [(Double, Double)] = []
        for entry in list {
            guard case .list(let pair) = entry, pair.count == 2, let a = pair[0].double, let b = pair[1].double else {
                throw .missing(key, "a list of pairs")
            }
            pairs.append((a, b))
        }
        return pairs
    }
    func objects(_ key: String) throws(VectorError) -> [VectorInputs] {
        guard case .list(let list) = values[key] else { throw .missing(key, "a list of objects") }
        var objects: [VectorInputs] = []
        for entry in list {
            guard case .object(let object) = entry else { throw .missing(key, "a list of objects") }
            objects.append(VectorInputs(values: object))
        }
        return objects
    }
    func object(_ key: String) throws(VectorError) -> VectorInputs {
        guard case .object(let object) = values[key] else { throw .missing(key, "an object") }
        return VectorInputs(values: object)
    }
}
