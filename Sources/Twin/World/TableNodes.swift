/// Turns the rows of a table into trees, so that a row is checked and resolved like a group of keys in the world file.
///
/// A column is named like the key it gives, with dots for groups (`building.peak_kw`). A cell of a list is divided by
/// `|`, a pair by `:`; an empty cell leaves the key out.
enum TableNodes {
    struct Column {
        var path: [String]
        var type: KeyType
    }

    /// - Parameters:
    ///   - object: whose keys the columns are.
    ///   - extra: a column that belongs to the table and not to the group of keys.
    static func nodes(
        _ table: CSVTable, object: ObjectSpec, extra: String? = nil, into diagnostics: inout Diagnostics
    ) -> [WorldNode] {
        let columns = table.header.map { name -> Column? in
            if name == extra { return Column(path: [name], type: .text) }
            if let column = column(named: name, in: object) { return column }
            let known = names(of: object, prefix: "") + (extra.map { [$0] } ?? [])
            diagnostics.report(
                SourcePlace(file: table.file, line: table.headerLine), name, "unknown column",
                fix: WorldChecker.suggestion(name, among: known))
            return nil
        }
        return table.rows.map { row in
            var node = WorldNode.empty(at: table.place(row))
            for (column, cell) in zip(columns, row.cells) {
                guard let column, !cell.isEmpty else { continue }
                let text = isNumeric(column.type) ? table.decimal(cell) : cell
                let value = value(text, type: column.type, at: table.place(row))
                let complaint = node.set(column.path.map(PathStep.key)[...], to: value)
                precondition(complaint == nil, "a row starts empty, so its columns cannot contradict each other")
            }
            return node
        }
    }

    private static func column(named name: String, in object: ObjectSpec) -> Column? {
        let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var group = object
        var parts = path[...]
        while let part = parts.popFirst() {
            guard let key = group.key(part) else { return nil }
            if parts.isEmpty { return isCell(key.type) ? Column(path: path, type: key.type) : nil }
            switch key.type {
            case .object(let next): group = WorldSchema.object(next)
            case .map(.object(let next)):
                // A name of the user's choosing stands between the two.
                guard parts.popFirst()?.isEmpty == false else { return nil }
                group = WorldSchema.object(next)
            default: return nil
            }
        }
        return nil
    }

    /// Whether a value fits into a cell.
    private static func isCell(_ type: KeyType) -> Bool {
        switch type {
        case .object, .map: false
        case .list(let element, count: _): isCell(element)
        case .oneOf(let types): types.contains(where: isCell)
        default: true
        }
    }

    /// Whether a cell holds one number.
    private static func isNumeric(_ type: KeyType) -> Bool {
        switch type {
        case .number: true
        case .oneOf(let types): types.contains(where: isNumeric)
        default: false
        }
    }

    private static func names(of object: ObjectSpec, prefix: String) -> [String] {
        object.keys.flatMap { key -> [String] in
            if case .object(let next) = key.type {
                return names(of: WorldSchema.object(next), prefix: "\(prefix)\(key.name).")
            }
            return isCell(key.type) ? ["\(prefix)\(key.name)"] : []
        }
    }

    private static func value(_ cell: String, type: KeyType, at place: SourcePlace) -> WorldNode {
        guard case .list(let element, count: _) = type else {
            return WorldNode(.scalar(cell, isPlain: true), at: place)
        }
        let parts = cell.split(separator: "|", omittingEmptySubsequences: false)
        guard case .list = element else {
            return WorldNode(.list(parts.map { WorldNode(.scalar(String($0), isPlain: true), at: place) }), at: place)
        }
        return WorldNode(
            .list(
                parts.map { pair in
                    let numbers = pair.split(separator: ":", omittingEmptySubsequences: false)
                    return WorldNode(
                        .list(numbers.map { WorldNode(.scalar(String($0), isPlain: true), at: place) }), at: place)
                }), at: place)
    }
}
