/// Cuts the UTF-8 bytes of a table into rows and cells.
///
/// RFC 4180 with any separator; a quoted cell may contain line breaks. What looks like a quote that is not closed ends
/// with its line, so that one damaged row does not swallow the next ones.
struct CSVLines {
    enum Cells: Equatable {
        case cells([String])
        case broken(String)
    }
    struct Line {
        /// 1-based line of the file on which the row begins.
        var number: Int
        var cells: Cells
    }

    /// Lines that a quoted cell may span; above, its quote counts as not closed.
    static let linesPerCellMax = 100

    let bytes: [UInt8]
    var separator: UInt8
    private(set) var position = 0
    /// Line that begins at ``position``.
    private var number = 1

    init(bytes: [UInt8], separator: UInt8 = UInt8(ascii: ",")) {
        self.bytes = bytes
        self.separator = separator
    }

    /// The next row; `nil` at the end.
    mutating func next() -> Line? {
        guard position < bytes.count else { return nil }
        let start = number
        let line = read()
        return Line(number: start, cells: line)
    }

    /// The separator that the coming line has most of, commas where it has none.
    func likelySeparator() -> UInt8 {
        var counts = [0, 0, 0]
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        var isQuoted = false
        var index = position
        while index < bytes.count, isQuoted || bytes[index] != 10 {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if !isQuoted, let candidate = candidates.firstIndex(of: byte) {
                counts[candidate] += 1
            }
            index += 1
        }
        var best = 0
        for candidate in counts.indices where counts[candidate] > counts[best] { best = candidate }
        return candidates[best]
    }

    private mutating func read() -> Cells {
        var cells: [String] = []
        var index = position
        var breaks = 0
        while true {
            var cell: [UInt8] = []
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                index += 1
                let opened = index
                while true {
                    guard index < bytes.count, breaks < Self.linesPerCellMax else {
                        return broken("has a quote that is not closed")
                    }
                    let byte = bytes[index]
                    index += 1
                    if byte == 10 { breaks += 1 }
                    guard byte == UInt8(ascii: "\"") else { continue }
                    guard index < bytes.count, bytes[index] == byte else { break }
                    index += 1
                }
                cell = Self.unquoted(bytes[opened..<(index - 1)])
                if !isEndOfCell(index) {
                    return broken(breaks > 0 ? "has a quote that is not closed" : "has text after a closing quote")
                }
            } else {
                while !isEndOfCell(index) {
                    if bytes[index] == UInt8(ascii: "\"") { return broken("has a quote inside an unquoted cell") }
                    cell.append(bytes[index])
                    index += 1
                }
            }
            guard let text = String(validating: cell, as: UTF8.self) else { return broken("is not UTF-8") }
            cells.append(text)
            if index < bytes.count, bytes[index] == separator {
                index += 1
                continue
            }
            if index < bytes.count, bytes[index] == 13 { index += 1 }
            position = index + 1
            number += breaks + 1
            return .cells(cells)
        }
    }

    /// Whether a separator, a line break or the end of the file stands there.
    private func isEndOfCell(_ index: Int) -> Bool {
        guard index < bytes.count else { return true }
        if bytes[index] == separator || bytes[index] == 10 { return true }
        return bytes[index] == 13 && (index + 1 == bytes.count || bytes[index + 1] == 10)
    }

    /// `""` as one quote, a line break of Windows as one character.
    private static func unquoted(_ quoted: ArraySlice<UInt8>) -> [UInt8] {
        var cell: [UInt8] = []
        cell.reserveCapacity(quoted.count)
        var isSecond = false
        for (offset, byte) in zip(quoted.indices, quoted) {
            if byte == UInt8(ascii: "\""), !isSecond {
                isSecond = true
                cell.append(byte)
                continue
            }
            if isSecond {
                isSecond = false
                continue
            }
            if byte == 13, offset + 1 < quoted.endIndex, quoted[offset + 1] == 10 { continue }
            cell.append(byte)
        }
        return cell
    }

    /// Gives the line up and goes on with the next one.
    private mutating func broken(_ problem: String) -> Cells {
        while position < bytes.count, bytes[position] != 10 { position += 1 }
        position += 1
        number += 1
        return .broken(problem)
    }
}
