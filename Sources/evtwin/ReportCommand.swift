import ArgumentParser
import Foundation
import Reports

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write the report of a run from its telemetry file alone.")

    @Argument(help: "Output directory of a run, or its telemetry file.", completion: .file())
    var directory: String

    @Option(name: .shortAndLong, help: "Write this page (default: report.html beside the telemetry file).")
    var output: String?

    @Flag(help: "Print the headline figures as one JSON object instead.")
    var json = false

    @Flag(help: "Replace a page that is no report.")
    var force = false

    func run() throws {
        try CommandFailure.translating {
            let telemetry = try RunFolder.telemetry(of: directory)
            let folder = (telemetry as NSString).deletingLastPathComponent
            let page = output ?? (folder.isEmpty ? "report.html" : folder + "/report.html")
            if !force, try isForeign(page) {
                throw CommandFailure(
                    code: .badInput,
                    message: "\(page): exists, and is no report of evtwin\n"
                        + "  fix: give another --output, or replace it with --force")
            }
            let summary = try Report.write(telemetry: telemetry, to: page)
            Terminal.out(json ? summary.json : "\(summary.text)\nreport    \(page)")
            if let advice = Report.missingChartsAdvice() { Terminal.error(advice) }
        }
    }

    /// Whether there is a file that `evtwin report` has not written: an older report of a run may be replaced.
    private func isForeign(_ page: String) throws -> Bool {
        guard let file = FileHandle(forReadingAtPath: page) else { return false }
        defer { try? file.close() }
        let head = String(decoding: try file.read(upToCount: 2048) ?? Data(), as: UTF8.self)
        return !head.contains("<meta name=\"generator\" content=\"evtwin")
    }
}
