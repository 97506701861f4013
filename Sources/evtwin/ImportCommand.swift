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
            Example: evtwin import ncr uk_ncr_201711.csv.gz --name uk --out worlds
            """)

    @Argument(help: "Kind of register.")
    var kind: RegisterKind

    @Argument(help: "Register as CSV, plain or .gz.", completion: .file(extensions: ["csv", "gz"]))
    var file: String

    @Option(help: "Name of the world (default: the file's name).")
    var name: String?

    @Option(help: "Directory for NAME.yaml and its tables.", completion: .directory)
    var out = "worlds"

    func run() throws {
        try CommandFailure.translating {
            let stem = (file as NSString).lastPathComponent.split(separator: ".").first.map(String.init) ?? "world"
            let summary = try RegisterImport.run(
                kind: kind, file: file, outputDirectory: out, name: name ?? stem)
            for note in summary.notes { Terminal.error("\(file): \(note)") }
            Terminal.out(
                "\(summary.worldPath): \(summary.sites) sites, \(summary.stations) charging stations, "
                    + "\(summary.evses) EVSEs from \(summary.rows) rows, \(summary.notes.count) remarks")
            for table in summary.tablePaths { Terminal.out("  with \(table)") }
        }
    }
}
