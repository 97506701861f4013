import Foundation

/// Rows of a register by column name.
struct RegisterReader {
    let file: String
    /// Rows in the register, those that a filter leaves out included, damaged ones not.
    let rowCount: Int
    private(set) var rows: [CSVTable.Row]
    private let header: [String]
    private let index: [String: Int]
    private(set) var notes: [ImportNote] = []

    init(file: String, columns: [RegisterColumn]) throws(ImportError) {
        self.file = file
        var diagnostics = Diagnostics()
        let bytes = try PackedFile.bytes(path: file)
        // Some registers begin with lines about themselves: the header is where most of the columns are.
        let required = columns.filter(\.isRequired)
        let table = CSVTable.read(
            bytes: bytes, file: file,
            isHeader: { names in required.count { $0.position(in: names) != nil } * 2 > required.count },
            into: &diagnostics)
        guard let table else {
            throw ImportError(file: file, problem: "has no header row", fix: "pass the register as CSV")
        }
        var index: [String: Int] = [:]
        var missing: [String] = []
        for column in columns {
            if let position = column.position(in: table.header) {
                index[column.name] = position
            } else if column.isRequired {
                missing.append(column.words)
            }
        }
        guard missing.isEmpty else {
            throw ImportError(
                file: file, line: table.headerLine, problem: "lacks the columns \(missing.joined(separator: ", "))",
                fix: "check that the register and the kind of import agree; evtwin import --help lists the columns")
        }
        rows = table.rows
        rowCount = table.rows.count
        header = table.header
        self.index = index
        notes = table.damage.map { ImportNote(row: $0.number, id: "?", finding: "\($0.problem): left out") }
    }

    /// Whether the register has a column.
    func has(_ column: String) -> Bool { index[column] != nil }

    /// The column's name in this file.
    func headerName(_ column: String) -> String? { index[column].map { header[$0] } }

    func text(_ row: CSVTable.Row, _ column: String) -> String {
        index[column].map { row.cells[$0].trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    }

    /// No register describes more ports or kilowatts at one place.
    static let plausibleMax = 100_000.0

    /// A number with a decimal point or a decimal comma.
    static func number(_ text: some StringProtocol) -> Double? {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        return (Double(trimmed) ?? Double(trimmed.replacing(",", with: "."))).flatMap { $0.isFinite ? $0 : nil }
    }

    /// A number of 0 or more; `nil` when empty, and with a note when it is none.
    mutating func number(_ row: CSVTable.Row, _ column: String, id: String) -> Double? {
        let text = text(row, column)
        if text.isEmpty { return nil }
        if let value = Self.number(text), (0...Self.plausibleMax).contains(value) { return value }
        note(row, id, "\(column) is \"\(text)\": taken as none")
        return nil
    }

    /// Degrees as the register gives them, `nil` where it gives none.
    func coordinates(_ row: CSVTable.Row) -> (latitude: Double, longitude: Double)? {
        guard let latitude = Self.number(text(row, "lat")), let longitude = Self.number(text(row, "lon")) else {
            return nil
        }
        return (latitude, longitude)
    }

    /// Coordinates, both NaN with a note when they are missing or outside the register's country.
    mutating func position(
        _ row: CSVTable.Row, id: String, latitudes: ClosedRange<Double>, longitudes: ClosedRange<Double>
    ) -> (latitude: Double, longitude: Double) {
        if let found = coordinates(row), latitudes.contains(found.latitude), longitudes.contains(found.longitude) {
            return found
        }
        let written = "\(text(row, "lat")), \(text(row, "lon"))"
        note(row, id, "position \(written) is outside the register's country: dropped")
        return (.nan, .nan)
    }

    mutating func note(_ row: CSVTable.Row, _ id: String, _ finding: String) {
        notes.append(ImportNote(row: row.number, id: id, finding: finding))
    }

    /// A remark on the register as a whole.
    mutating func note(_ finding: String) { notes.append(ImportNote(row: 0, id: "", finding: finding)) }

    /// Leaves out what a filter leaves out.
    mutating func apply(_ filter: ImportFilter, kind: RegisterKind) throws(ImportError) {
        if !filter.states.isEmpty {
            guard has("state") else {
                let column = kind.columns.first { $0.name == "state" }
                throw ImportError(
                    file: file, problem: "has no column \(column?.words ?? "state"), which --state needs",
                    fix: "use --bbox, or a register with that column")
            }
            for state in filter.states where !rows.contains(where: { filter.isSame(text($0, "state"), state) }) {
                var names: [String] = []
                for row in rows where !names.contains(text(row, "state")) { names.append(text(row, "state")) }
                throw ImportError(
                    file: file, problem: "has no row with the state \"\(state)\"",
                    fix: WorldChecker.suggestion(state, among: names.filter { !$0.isEmpty }.sorted()))
            }
            rows = rows.filter { row in filter.states.contains { filter.isSame(text(row, "state"), $0) } }
        }
        if let box = filter.box {
            rows = rows.filter { row in coordinates(row).map { box.contains($0.latitude, $0.longitude) } ?? false }
        }
        guard !rows.isEmpty || filter.isEmpty else {
            throw ImportError(
                file: file, problem: "has no row within the filter",
                fix: "check --bbox WEST,SOUTH,EAST,NORTH in degrees, and --state")
        }
    }
}
