/// A column of a register: its name in the project's extracts and its names in the authority's own exports.
struct RegisterColumn: Sendable {
    var name: String
    /// Names over the years, the newest first.
    var native: [String]
    var isRequired: Bool

    init(_ name: String, _ native: String..., required: Bool = true) {
        self.name = name
        self.native = native
        isRequired = required
    }

    /// For a person: `Station Name (or name)`.
    var words: String { native.first.map { $0 == name ? name : "\($0) (or \(name))" } ?? name }

    /// Where the column stands in a header; upper and lower case do not matter.
    func position(in header: [String]) -> Int? {
        for candidate in [name] + native {
            if let position = header.firstIndex(where: { Self.same($0, candidate) }) { return position }
        }
        return nil
    }

    private static func same(_ a: String, _ b: String) -> Bool {
        a == b || a.lowercased().filter { !$0.isWhitespace } == b.lowercased().filter { !$0.isWhitespace }
    }
}

extension RegisterKind {
    /// Every column that an import reads.
    var columns: [RegisterColumn] {
        switch self {
        case .afdc: AFDCImport.columns
        case .ncr: NCRImport.columns
        case .bnetza: BNetzAImport.columns
        }
    }

    /// The columns by the names of the authority's export, those of the project's extracts in brackets: for the help.
    public var columnHelp: String {
        func list(_ columns: [RegisterColumn]) -> String {
            columns.map { column in
                let names = column.native.joined(separator: " / ")
                return names.isEmpty ? column.name : "\(names) (\(column.name))"
            }.joined(separator: ", ")
        }
        let optional = columns.filter { !$0.isRequired }
        return list(columns.filter(\.isRequired)) + (optional.isEmpty ? "" : "; optional: " + list(optional))
    }
}
