import Foundation

/// A table of separated values: tolerant of how it was saved, exact about where things stand.
///
/// Encoding (``CSVText``) and separator (comma, semicolon, tab) are recognized; one header row, RFC 4180 quotes, line
/// breaks in quoted cells, every row as long as the header.
struct CSVTable: Sendable {
    struct Row: Sendable {
        /// 1-based line in the file on which the row begins.
        var line: Int
        /// 1-based row below the header, damaged ones counted, empty lines not.
        var number: Int
        var cells: [String]
    }
    /// A row that could not be read.
    struct Damage: Sendable {
        var line: Int
        var number: Int
        var problem: String
        var fix: String
    }
    var file: String
    var header: [String]
    var rows: [Row]
    /// Rows that were left out.
    var damage: [Damage] = []
    /// Line of the header row.
    var headerLine = 1
    /// Numbers may have a decimal comma: where commas do not separate cells.
    var allowsDecimalComma = false

    /// Index of a column, `nil` when there is none.
    func column(_ name: String) -> Int? { header.firstIndex(of: name) }

    func place(_ row: Row) -> SourcePlace { SourcePlace(file: file, line: row.line) }

    /// A number as the table writes numbers, `nil` when it is none.
    func number(_ cell: String) -> Double? { Double(decimal(cell)).flatMap { $0.isFinite ? $0 : nil } }

    /// The cell with a decimal point where the table has decimal commas; anything else as it is.
    func decimal(_ cell: String) -> String {
        guard allowsDecimalComma, cell.contains(","), Double(cell.replacing(",", with: ".")) != nil else { return cell }
        return cell.replacing(",", with: ".")
    }

    /// Reads a table; damaged rows are reported and left out.
    /// - Parameter isHeader: tells the header row of a file with lines before it; `nil`: the first row is the header,
    ///   and its names must differ.
    /// - Returns: `nil` when there is no table at all (reported).
    static func read(
        bytes: [UInt8], file: String, isHeader: (([String]) -> Bool)? = nil, into diagnostics: inout Diagnostics
    ) -> CSVTable? {
        var lines = CSVLines(bytes: CSVText.utf8(bytes).bytes)
        guard let (names, line) = header(&lines, isHeader) else {
            diagnostics.report(
                SourcePlace(file: file, line: 1), "", "is empty", fix: "write a header row with the column names")
            return nil
        }
        let header = names.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        var table = CSVTable(
            file: file, header: header, rows: [], headerLine: line,
            allowsDecimalComma: lines.separator != UInt8(ascii: ","))
        if isHeader == nil { table.reportRepetitions(into: &diagnostics) }
        table.readRows(&lines)
        for damage in table.damage {
            let place = SourcePlace(file: file, line: damage.line)
            diagnostics.report(place, "", "row \(damage.number) \(damage.problem)", fix: damage.fix)
        }
        return table
    }

    private mutating func readRows(_ lines: inout CSVLines) {
        var number = 0
        while let line = lines.next() {
            // Spreadsheets leave rows of nothing but separators at the end.
            if case .cells(let cells) = line.cells, cells.allSatisfy(\.isEmpty) { continue }
            number += 1
            let problem: String
            let fix: String
            switch line.cells {
            case .cells(let cells) where cells.count == header.count:
                rows.append(Row(line: line.number, number: number, cells: cells))
                continue
            case .cells(let cells):
                problem = "has \(cells.count) of \(header.count) columns"
                fix =
                    cells.count < header.count
                    ? "the row may be cut off: complete it or delete it"
                    : "put cells that contain \(Self.word(lines.separator)) in quotes"
            case .broken(let words):
                problem = words
                fix =
                    words == "is not UTF-8"
                    ? "save the file as UTF-8" : "close the quotes; write \"\" for a quote inside"
            }
            damage.append(Damage(line: line.number, number: number, problem: problem, fix: fix))
        }
    }

    /// Lines before a register's header, at most.
    private static let preambleMax = 100

    /// Finds the header row and sets the separator; afterwards `lines` stands below it.
    private static func header(
        _ lines: inout CSVLines, _ isHeader: (([String]) -> Bool)?
    ) -> (names: [String], line: Int)? {
        let start = lines
        for _ in 0..<preambleMax {
            lines.separator = lines.likelySeparator()
            guard let line = lines.next() else { break }
            if line.cells == .cells([""]) { continue }
            guard case .cells(let cells) = line.cells else {
                if isHeader == nil { break }
                continue
            }
            // A spreadsheet's own remark on the separator is no row.
            if line.number == 1, cells[0].lowercased().hasPrefix("sep=") { continue }
            let names = cells.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            if isHeader?(names) ?? true { return (cells, line.number) }
        }
        guard isHeader != nil else { return nil }
        lines = start
        return header(&lines, nil)
    }

    private func reportRepetitions(into diagnostics: inout Diagnostics) {
        for (index, name) in header.enumerated() where header.firstIndex(of: name) != index {
            diagnostics.report(
                SourcePlace(file: file, line: headerLine), name,
                "column \(index + 1) has the name of column \((header.firstIndex(of: name) ?? 0) + 1)",
                fix: "give every column a name of its own")
        }
    }

    private static func word(_ separator: UInt8) -> String {
        switch separator {
        case UInt8(ascii: ";"): "semicolons"
        case UInt8(ascii: "\t"): "tabs"
        default: "commas"
        }
    }
}
