/// A table of the page as comma-separated values (RFC 4180), for spreadsheets and scripts.
///
/// Cells are those of the page, made plain: no thousands separators, a point for decimals, one unit a column, which the
/// head names. Where a column holds quantities of several kinds, the unit gets a column of its own.
struct CSV: Sendable {
    /// Units that stand for one another: the first is written, the numbers are its multiples.
    private static let families: [[(unit: String, factor: Double)]] = [
        [("s", 1), ("min", 60), ("h", 3600), ("day", 86_400), ("days", 86_400)],
        [("kW", 1), ("MW", 1e3), ("GW", 1e6)],
        [("kWh", 1), ("MWh", 1e3), ("GWh", 1e6), ("TWh", 1e9)],
    ]

    let text: String

    init(_ table: Table) {
        var heads: [String] = []
        var columns: [[String]] = []
        for (index, column) in table.columns.enumerated() {
            let cells = table.rows.map { index < $0.count ? $0[index] : "" }
            let head = column.unit.isEmpty ? column.title : "\(column.title) (\(column.unit))"
            if column.isNumeric {
                Self.addNumbers(head, cells, &heads, &columns)
            } else {
                heads.append(Self.plain(head))
                columns.append(cells.map { Self.isNothing($0) ? "" : Self.plain($0) })
            }
        }
        var lines = [heads.map { Self.quoted($0) }.joined(separator: ",")]
        for row in table.rows.indices {
            lines.append(columns.map { Self.quoted($0[row]) }.joined(separator: ","))
        }
        text = lines.joined(separator: "\r\n") + "\r\n"
    }

    /// The file as the target of a link, with the mark by which spreadsheets know UTF-8.
    var dataURI: String {
        var uri = "data:text/csv;charset=utf-8,%EF%BB%BF"
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2C, 0x2D, 0x2E, 0x3A, 0x5F: bytes.append(byte)
            default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        uri += String(decoding: bytes, as: UTF8.self)
        return uri
    }

    /// A name for the file made of a title: `load-statistics.csv`.
    static func fileName(_ title: String) -> String {
        var name = ""
        for scalar in title.lowercased().unicodeScalars {
            if ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) {
                name.unicodeScalars.append(scalar)
            } else if !name.hasSuffix("-") && !name.isEmpty {
                name += "-"
            }
        }
        while name.hasSuffix("-") { name.removeLast() }
        return (name.isEmpty ? "table" : String(name.prefix(60))) + ".csv"
    }

    // MARK: cells

    private struct Cell {
        let number: String
        let unit: String
    }

    private static func addNumbers(
        _ head: String, _ cells: [String], _ heads: inout [String], _ columns: inout [[String]]
    ) {
        let parsed = cells.map { isNothing($0) ? nil : parse($0) }
        let units = parsed.compactMap { $0?.unit }.filter { !$0.isEmpty }
        guard let first = units.first else {
            heads.append(plain(head))
            columns.append(parsed.map { $0?.number ?? "" })
            return
        }
        if units.allSatisfy({ $0 == first }) {
            heads.append("\(plain(head)) (\(first))")
            columns.append(parsed.map { $0?.number ?? "" })
        } else if let family = families.first(where: { family in
            units.allSatisfy { unit in family.contains { $0.unit == unit } }
        }) {
            heads.append("\(plain(head)) (\(family[0].unit))")
            columns.append(parsed.map { cell in cell.map { scaled($0, family) } ?? "" })
        } else {
            heads += [plain(head), "Unit"]
            columns += [parsed.map { $0?.number ?? "" }, parsed.map { $0?.unit ?? "" }]
        }
    }

    private static func scaled(_ cell: Cell, _ family: [(unit: String, factor: Double)]) -> String {
        guard let value = Double(cell.number), let factor = family.first(where: { $0.unit == cell.unit })?.factor else {
            return cell.number
        }
        return Format.significant(value * factor, 9)
    }

    /// Splits `1,234.5 kWh` into number and unit; what is no number stays as it is.
    private static func parse(_ cell: String) -> Cell {
        let text = plain(cell)
        let words = text.split(separator: " ", maxSplits: 1).map { String($0) }
        guard let first = words.first else { return Cell(number: "", unit: "") }
        let digits = first.filter { $0 != "," }
        guard Double(digits) != nil, words.count < 2 || !words[1].contains(where: { $0 == " " || $0.isNumber }) else {
            return Cell(number: text, unit: "")
        }
        return Cell(number: digits, unit: words.count > 1 ? words[1] : "")
    }

    private static func isNothing(_ cell: String) -> Bool { cell.isEmpty || cell == Format.nothing }

    private static func plain(_ text: String) -> String {
        text.replacing("\u{A0}", with: " ").replacing("\u{2212}", with: "-").replacing("\n", with: " ")
    }

    private static func quoted(_ field: String) -> String {
        field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
            ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
    }
}
