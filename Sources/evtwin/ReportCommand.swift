import ArgumentParser
import Foundation
import Reports

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write the report of a run from its telemetry file alone.")

    @Argument(help: "Output directory of a run, or its telemetry file.", completion: .file())
    var directory: String

    @Option(name: .shortAndLong, help: "Page to write (default: report.html beside the telemetry file).")
    var output: String?

    @Flag(help: "Print the headline figures as one JSON object instead.")
    var json = false

    func run() throws {
        try CommandFailure.translating {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) else {
                throw CommandFailure(
                    code: .badInput, message: "\(directory): there is no such file\n  fix: give a run's --out directory"
                )
            }
            let telemetry = isDirectory.boolValue ? directory + "/telemetry.h5" : directory
            let folder = isDirectory.boolValue ? directory : (directory as NSString).deletingLastPathComponent
            let page = output ?? (folder.isEmpty ? "report.html" : folder + "/report.html")
            let summary = try Report.write(telemetry: telemetry, to: page)
            Terminal.out(json ? summary.json : "\(summary.text)\nreport    \(page)")
            if let advice = Report.missingChartsAdvice() { Terminal.error(advice) }
        }
    }
}
