import Foundation

/// A comma-separated table: strict about what it takes, exact about where things stand.
///
/// UTF-8, one header row, RFC 4180 quotes, every row as long as the header, no line breaks inside cells.
struct CSVTable: Sendable {
    struct Row: Sendable {
        /// 1-based line in the file.
        var line: Int
        var cells: [String]
    }
    var file: String
    var header: [String]
    var rows: [Row]

    /// Index of a column, `nil` when there is none.
    func column(_ name: String) -> Int? { header.firstIndex(of: name) }

    func place(_ row: Row) -> SourcePlace { SourcePlace(file: file, line: row.line) }

    /// Reads a table; damaged rows are reported and left out.
    /// - Returns: `nil` when there is no table at all (reported).
    static func read(bytes: [UInt8], file: String, into diagnostics: inout Diagnostics) -> CSVTable? {
        var lines = LineReader(bytes: bytes)
        guard let first = lines.next(), case .cells(var header) = first.cells, header != [""] else {
            diagnostics.report(
                SourcePlace(file: file, line: 1), "", "is empty", fix: "write a header row with the column names")
            return nil
        }
        if header[0].hasPrefix("\u{FEFF}") { header[0].removeFirst() }
        header = header.map { $0.trimmingCharacters(in: .whitespaces) }
        for (index, name) in header.enumerated() where header.firstIndex(of: name) != index {
            diagnostics.report(
                SourcePlace(file: file, line: 1), name,
                "column \(index + 1) has the name of column \((header.firstIndex(of: name) ?? 0) + 1)",
                fix: "give every column a name of its own")
        }
        var table = CSVTable(file: file, header: header, rows: [])
        while let line = lines.next() {
            let place = SourcePlace(file: file, line: line.number)
            switch line.cells {
            case .cells(let cells) where cells.count == header.count:
                table.rows.append(Row(line: line.number, cells: cells))
            case .cells(let cells) where cells == [""]:
                continue
            case .cells(let cells):
                diagnostics.report(
                    place, "", "row \(line.number - 1) has \(cells.count) of \(header.count) columns",
                    fix: cells.count < header.count
                        ? "the row may be cut off: complete it or delete it" : "put cells that contain commas in quotes"
                )
            case .broken(let problem):
                diagnostics.report(
                    place, "", "row \(line.number - 1) \(problem)",
                    fix: "close the quotes within the line; write \"\" for a quote inside")
            }
        }
        return table
    }
}

/// Cuts bytes into lines and cells.
private struct LineReader {
    enum Cells {
        case cells([String])
        case broken(String)
    }
    let bytes: [UInt8]
    var position = 0
    var number = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> (number: Int, cells: Cells)? {
        guard position < bytes.count else { return nil }
        number += 1
        var end = position
        while end < bytes.count, bytes[end] != 10 { end += 1 }
        var stop = end
        if stop > position, bytes[stop - 1] == 13 { stop -= 1 }
        defer { position = end + 1 }
        return (number, Self.split(bytes[position..<stop]))
    }

    private static func split(_ line: ArraySlice<UInt8>) -> Cells {
        var cells: [String] = []
        var cell: [UInt8] = []
        var i = line.startIndex
        while true {
            cell.removeAll(keepingCapacity: true)
            if i < line.endIndex, line[i] == UInt8(ascii: "\"") {
                i += 1
                while true {
                    guard i < line.endIndex else { return .broken("has a quote that is not closed") }
                    if line[i] == UInt8(ascii: "\"") {
                        guard i + 1 < line.endIndex, line[i + 1] == UInt8(ascii: "\"") else { break }
                        i += 1
                    }
                    cell.append(line[i])
                    i += 1
                }
                i += 1
                if i < line.endIndex, line[i] != UInt8(ascii: ",") { return .broken("has text after a closing quote") }
            } else {
                while i < line.endIndex, line[i] != UInt8(ascii: ",") {
                    if line[i] == UInt8(ascii: "\"") { return .broken("has a quote inside an unquoted cell") }
                    cell.append(line[i])
                    i += 1
                }
            }
            guard let text = String(validating: cell, as: UTF8.self) else { return .broken("is not UTF-8") }
            cells.append(text)
            guard i < line.endIndex else { return .cells(cells) }
            i += 1
        }
    }
}
