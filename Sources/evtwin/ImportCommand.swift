public import ArgumentParser
import Foundation
public import Twin

extension RegisterKind: ExpressibleByArgument {}

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Turn a national register of charging stations into a world.",
        discussion: """
            afdc     US Alternative Fuels Data Center station locator (ports, no ratings)
            ncr      UK National Chargepoint Registry
            bnetza   German Ladesäulenregister

            Columns by the names of the authority's CSV export, with those of the project's extracts in brackets. Lines \
            before the header, other columns, commas, semicolons or tabs, UTF-8, UTF-16 or Windows-1252 (Latin-1) are \
            recognized.

            afdc: \(RegisterKind.afdc.columnHelp)

            ncr: \(RegisterKind.ncr.columnHelp)

            bnetza: \(RegisterKind.bnetza.columnHelp)

            Stations that are planned, closed or out of service, and entries that repeat an id, are left out and named.

            Example: evtwin import ncr national-charge-point-registry.csv --state Suffolk --out suffolk.yaml
            """)

    @Argument(help: "Kind of register: afdc, ncr, bnetza.")
    var kind: RegisterKind

    @Argument(help: "Register as CSV, plain or .gz.", completion: .file(extensions: ["csv", "gz"]))
    var file: String

    @Option(help: "Name the world (default: as its YAML file or the register).")
    var name: String?

    @Option(
        help: "Write to this YAML file, tables beside it; or to this directory, as NAME.yaml and data/NAME_….csv.",
        completion: .file())
    var out = "worlds"

    @Option(
        parsing: .unconditional,
        help: "Take the sites within WEST,SOUTH,EAST,NORTH, degrees (default: all).")
    var bbox: String?

    @Option(help: "Take the sites of this state (afdc: WA; bnetza: Bundesland; ncr: county); may be repeated.")
    var state: [String] = []

    @Flag(help: "Replace files that exist.")
    var force = false

    func run() throws {
        try CommandFailure.translating {
            let filter = ImportFilter(states: state, box: try bbox.map { try BoundingBox(text: $0) })
            let destination = try ImportDestination(out: out, name: name, register: file)
            let summary = try RegisterImport.run(
                kind: kind, file: file, to: destination, filter: filter, replaces: force)
            for note in summary.notes { Terminal.error("\(file): \(note)") }
            let filtered = summary.filtered > 0 ? " (\(summary.filtered) outside the filter)" : ""
            Terminal.out(
                "\(summary.worldPath): \(summary.sites) sites, \(summary.stations) charging stations, "
                    + "\(summary.evses) EVSEs from \(summary.rows) rows\(filtered), \(summary.notes.count) remarks")
            for table in summary.tablePaths { Terminal.out("  with \(table)") }
        }
    }
}
