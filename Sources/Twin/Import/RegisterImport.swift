import Foundation
import Models

/// A national register of charging stations that can be turned into a world.
public enum RegisterKind: String, CaseIterable, Sendable {
    /// Alternative Fuels Data Center station locator (United States): port counts, no ratings.
    case afdc
    /// National Chargepoint Registry (United Kingdom).
    case ncr
    /// Ladesäulenregister of the Bundesnetzagentur (Germany).
    case bnetza
}

/// Why an import failed.
public struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    public let problem: String
    public let fix: String

    public var description: String { "\(file): \(problem)\n  fix: \(fix)" }
}

/// Something in a register that was left out or changed on the way.
public struct ImportNote: Hashable, Sendable, CustomStringConvertible {
    /// 1-based data row of the register, header not counted.
    public let row: Int
    /// The register's id of the entry.
    public let id: String
    public let finding: String

    public var description: String { "row \(row) (\(id)): \(finding)" }
}

/// What an import made.
public struct ImportSummary: Sendable {
    public let worldPath: String
    public let tablePaths: [String]
    public let rows: Int
    public let sites: Int
    public let stations: Int
    public let evses: Int
    /// What was left out or changed, in row order.
    public let notes: [ImportNote]
}

/// Turns a register into a world: `NAME.yaml`, `data/NAME_sites.csv` and `data/NAME_stations.csv`.
public enum RegisterImport {
    /// - Parameters:
    ///   - file: the register as CSV, plain or gzip.
    ///   - outputDirectory: made when it does not exist; files of the same name are replaced.
    ///   - name: name of the world: letters, digits, dashes and underscores.
    /// - Throws: ``ImportError`` when the file is no such register or the world cannot be written.
    public static func run(
        kind: RegisterKind, file: String, outputDirectory: String, name: String
    ) throws(ImportError) -> ImportSummary {
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        else {
            throw ImportError(
                file: name, problem: "is no name for a world", fix: "use letters, digits, dashes and underscores")
        }
        var register = try RegisterReader(file: file, columns: columns(of: kind), optional: optionalColumns(of: kind))
        let places: [ImportedSite]
        switch kind {
        case .afdc: places = AFDCImport.sites(&register)
        case .ncr: places = NCRImport.sites(&register)
        case .bnetza: places = BNetzAImport.sites(&register)
        }
        guard !places.isEmpty else {
            throw ImportError(
                file: file, problem: "has no usable row", fix: "check that it is a \(kind.rawValue) register")
        }
        let writer = ImportWriter(kind: kind, source: file, name: name, directory: outputDirectory)
        let paths = try writer.write(places, rows: register.rows.count, noteCount: register.notes.count)
        return ImportSummary(
            worldPath: paths[0], tablePaths: Array(paths.dropFirst()), rows: register.rows.count, sites: places.count,
            stations: places.reduce(0) { $0 + $1.stations.reduce(0) { $0 + $1.count } },
            evses: places.reduce(0) { $0 + $1.stations.reduce(0) { $0 + $1.count * $1.evses } },
            notes: register.notes.sorted { $0.row < $1.row })
    }

    static func columns(of kind: RegisterKind) -> [String] {
        switch kind {
        case .afdc: AFDCImport.columns
        case .ncr: NCRImport.columns
        case .bnetza: BNetzAImport.columns
        }
    }

    static func optionalColumns(of kind: RegisterKind) -> [String] { kind == .afdc ? AFDCImport.optionalColumns : [] }
}

/// A site as it goes into the tables.
struct ImportedSite {
    var id: String
    var name: String
    var template: String
    /// Degrees; NaN where unknown or wrong in the register.
    var latitude: Double
    var longitude: Double
    /// Profiles of the drivers of each kind of charger; `nil`: the template's.
    var acProfile: String?
    var dcProfile: String?
    var stations: [ImportedStation]
}

/// A group of equal stations as it goes into the tables.
struct ImportedStation: Equatable {
    var count = 1
    var kind: StationKind
    /// kW of the whole station.
    var powerKW: Double
    /// kW of one EVSE.
    var evsePowerKW: Double
    var evses = 1
    var connectors: [ConnectorType]
    /// V; `nil`: the usual one.
    var voltageV: Double?
    /// A; `nil`: from the power.
    var amps: Double?
}

/// Rows of a register by column name.
struct RegisterReader {
    let file: String
    let rows: [CSVTable.Row]
    private let index: [String: Int]
    private(set) var notes: [ImportNote] = []

    init(file: String, columns: [String], optional: [String]) throws(ImportError) {
        self.file = file
        var diagnostics = Diagnostics()
        let bytes = try PackedFile.bytes(path: file)
        guard let table = CSVTable.read(bytes: bytes, file: file, into: &diagnostics) else {
            throw ImportError(file: file, problem: "has no header row", fix: "pass the register as CSV")
        }
        rows = table.rows
        var index: [String: Int] = [:]
        var missing: [String] = []
        for name in columns + optional {
            let names = [name] + (AFDCImport.originalNames[name].map { [$0] } ?? [])
            if let position = names.compactMap(table.column).first {
                index[name] = position
            } else if !optional.contains(name) {
                missing.append(name)
            }
        }
        guard missing.isEmpty else {
            throw ImportError(
                file: file, problem: "lacks the columns \(missing.joined(separator: ", "))",
                fix: "check that the register and the kind of import agree")
        }
        self.index = index
        for error in diagnostics.errors {
            notes.append(ImportNote(row: error.line - 1, id: "?", finding: "\(error.problem): left out"))
        }
    }

    func text(_ row: CSVTable.Row, _ column: String) -> String {
        index[column].map { row.cells[$0].trimmingCharacters(in: .whitespaces) } ?? ""
    }

    /// No register describes more ports or kilowatts at one place.
    static let plausibleMax = 100_000.0

    /// A number of 0 or more; `nil` when empty, and with a note when it is none.
    mutating func number(_ row: CSVTable.Row, _ column: String, id: String) -> Double? {
        let text = text(row, column)
        if text.isEmpty { return nil }
        if let value = Double(text), (0...Self.plausibleMax).contains(value) { return value }
        note(row, id, "\(column) is \"\(text)\": taken as none")
        return nil
    }

    /// Coordinates, both NaN with a note when they are missing or outside the register's country.
    mutating func position(
        _ row: CSVTable.Row, id: String, latitudes: ClosedRange<Double>, longitudes: ClosedRange<Double>
    ) -> (latitude: Double, longitude: Double) {
        let written = (text(row, "lat"), text(row, "lon"))
        if let latitude = Double(written.0), let longitude = Double(written.1), latitudes.contains(latitude),
            longitudes.contains(longitude)
        {
            return (latitude, longitude)
        }
        note(row, id, "position \(written.0), \(written.1) is outside the register's country: dropped")
        return (.nan, .nan)
    }

    mutating func note(_ row: CSVTable.Row, _ id: String, _ finding: String) {
        notes.append(ImportNote(row: row.line - 1, id: id, finding: finding))
    }
}
