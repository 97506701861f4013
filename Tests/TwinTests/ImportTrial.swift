import Foundation

@testable import Twin

/// An import into a scratch directory, and the world that it made.
struct ImportTrial {
    var summary: ImportSummary
    var world: WorldSpec
    var yaml: String
    /// Of the sites table.
    var sites: String

    init(_ kind: RegisterKind, bytes: [UInt8], filter: ImportFilter = ImportFilter()) throws {
        let scratch = try ScratchFiles()
        defer { scratch.remove() }
        let file = scratch.directory + "register.csv"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        summary = try RegisterImport.run(
            kind: kind, file: file,
            to: try ImportDestination(out: scratch.directory + "out", name: "made", register: file), filter: filter)
        yaml = try String(contentsOfFile: summary.worldPath, encoding: .utf8)
        sites = try String(contentsOfFile: summary.tablePaths[0], encoding: .utf8)
        world = try WorldFile.load(path: summary.worldPath)
    }

    init(_ kind: RegisterKind, _ text: String, filter: ImportFilter = ImportFilter()) throws {
        try self.init(kind, bytes: Array(text.utf8), filter: filter)
    }
}

/// A text as editors and spreadsheets save it.
enum SavedText {
    /// UTF-8, with a mark, Windows-1252 (letters of Latin-1 only), UTF-16 in both orders.
    static func forms(of text: String) -> [[UInt8]] {
        let latin = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        var low: [UInt8] = [0xFF, 0xFE]
        var high: [UInt8] = [0xFE, 0xFF]
        for unit in text.utf16 {
            low += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            high += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
        return [Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), latin, low, high]
    }
}
