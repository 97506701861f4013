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
    /// 1-based; 0 where a line means nothing.
    public let line: Int
    public let problem: String
    public let fix: String

    init(file: String, line: Int = 0, problem: String, fix: String) {
        self.file = file
        self.line = line
        self.problem = problem
        self.fix = fix
    }

    public var description: String { "\(file):\(line > 0 ? "\(line):" : "") \(problem)\n  fix: \(fix)" }
}

/// Something in a register that was left out or changed on the way.
public struct ImportNote: Hashable, Sendable, CustomStringConvertible {
    /// 1-based data row of the register, header not counted; 0 for a remark on the register as a whole.
    public let row: Int
    /// The register's id of the entry.
    public let id: String
    public let finding: String

    public var description: String { row > 0 ? "row \(row) (\(id)): \(finding)" : finding }
}

/// What an import made.
public struct ImportSummary: Sendable {
    public let worldPath: String
    public let tablePaths: [String]
    /// Rows of the register.
    public let rows: Int
    /// Rows that the filter left out.
    public let filtered: Int
    public let sites: Int
    public let stations: Int
    public let evses: Int
    /// What was left out or changed, in row order.
    public let notes: [ImportNote]
}

/// Turns a register into a world: a YAML file and two tables beside it.
public enum RegisterImport {
    /// - Parameters:
    ///   - file: the register as CSV, plain or gzip.
    ///   - filter: which rows become sites.
    ///   - replaces: files of the same name are replaced; else they are a reason to stop.
    /// - Throws: ``ImportError`` when the file is no such register or the world cannot be written.
    public static func run(
        kind: RegisterKind, file: String, to destination: ImportDestination, filter: ImportFilter = ImportFilter(),
        replaces: Bool = false
    ) throws(ImportError) -> ImportSummary {
        if !replaces { try destination.checkFree() }
        var register = try RegisterReader(file: file, columns: kind.columns)
        try register.apply(filter, kind: kind)
        let places: [ImportedSite]
        switch kind {
        case .afdc: places = AFDCImport.sites(&register)
        case .ncr: places = NCRImport.sites(&register)
        case .bnetza: places = BNetzAImport.sites(&register)
        }
        guard !places.isEmpty else {
            let reasons = register.notes.prefix(3).map(\.description).joined(separator: "; ")
            throw ImportError(
                file: file, problem: "has no usable row\(reasons.isEmpty ? "" : " (\(reasons))")",
                fix: "check that it is a \(kind.rawValue) register")
        }
        let writer = ImportWriter(kind: kind, source: file, destination: destination)
        try writer.write(places, rows: register.rows.count, noteCount: register.notes.count)
        return ImportSummary(
            worldPath: destination.world, tablePaths: [destination.sites, destination.stations],
            rows: register.rowCount, filtered: register.rowCount - register.rows.count, sites: places.count,
            stations: places.reduce(0) { $0 + $1.stations.reduce(0) { $0 + $1.count } },
            evses: places.reduce(0) { $0 + $1.stations.reduce(0) { $0 + $1.count * $1.evses } },
            notes: register.notes.sorted { $0.row < $1.row })
    }
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
