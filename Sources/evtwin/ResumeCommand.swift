import ArgumentParser
import Foundation
import Twin

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Continue a run from the last checkpoint in its output directory.",
        discussion: "The result is that of a run that was never interrupted.")

    @Argument(help: "Output directory of a run that was started with --checkpoint-every.", completion: .directory)
    var directory: String

    @Option(help: "Use 1 to 256 worker threads (default: the machine's processors); the result is the same.")
    var threads: Int?

    @Flag(help: "Print one JSON object as the last line.")
    var json = false

    @Flag(help: "Do not write the report.")
    var noReport = false

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads: write 1 to 256") }
    }

    func run() throws {
        try CommandFailure.translating {
            let count = threads ?? ProcessInfo.processInfo.activeProcessorCount
            let run = try TwinRun(resuming: directory, threads: count) { path, overrides in
                try WorldFile.load(path: path, overrides: overrides)
            }
            try RunSession(run: run, output: directory, json: json, report: !noReport).carryOut()
        }
    }
}
