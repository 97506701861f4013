internal import OCPP
internal import OCPPMessages

/// All components and variables that this kind of charging station can have.
///
/// One shared table; a charging station keeps only what differs from it.
/// - Source: OCPP 2.0.1 edition 3 and OCPP 2.1 edition 2, part 2, chapter "Referenced Components and Variables", and
///   part 2 appendices, dm_components_vars.csv.
enum VariableCatalogue {
    /// A variable in its component.
    struct Entry: Sendable {
        let component: Int
        let variable: VariableDefinition
    }

    static let components: [ComponentDefinition] =
        communication + security + authorization + metering + transactions + smartCharging + deviceData + payment
        + gridServices + hardware
    static let entries: [Entry] = components.indices.flatMap { component in
        components[component].variables.map { Entry(component: component, variable: $0) }
    }
    /// Entries of each component, as ranges of ``entries``.
    static let ranges: [Range<Int>] = {
        var ranges: [Range<Int>] = []
        var first = 0
        for component in components {
            ranges.append(first..<first + component.variables.count)
            first += component.variables.count
        }
        return ranges
    }()

    /// Components by their folded name.
    private static let componentsByName: [String: Int] = {
        var result: [String: Int] = [:]
        for (index, component) in components.enumerated() { result[fold(component.name)] = index }
        return result
    }()
    /// Entries by folded component and variable name.
    private static let entriesByName: [String: [Int]] = {
        var result: [String: [Int]] = [:]
        for (index, entry) in entries.enumerated() {
            result[fold(components[entry.component].name) + "." + fold(entry.variable.name), default: []].append(index)
        }
        return result
    }()

    static func component(named name: String) -> Int? { componentsByName[fold(name)] }
    /// Entries with this name; more than one where instances differ in what they are.
    static func entries(component: String, variable: String) -> [Int] {
        entriesByName[fold(component) + "." + fold(variable)] ?? []
    }

    /// Names are compared without regard to ASCII case.
    /// - Source: OCPP 2.0.1 part 2, ComponentType.name and VariableType.name, "Case Insensitive".
    static func fold(_ name: String) -> String {
        String(
            decoding: name.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self)
    }
    static func isSame(_ a: String, _ b: String) -> Bool { a == b || fold(a) == fold(b) }
}
