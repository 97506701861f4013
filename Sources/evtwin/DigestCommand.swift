import ArgumentParser
import Telemetry

struct DigestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest", abstract: "Print the digests of runs; with several, compare them.")

    @Argument(help: "Output directories of runs, or telemetry files.", completion: .file())
    var runs: [String]

    func run() throws {
        try CommandFailure.translating {
            var digests: [String] = []
            for run in runs {
                let reader = try TelemetryReader(path: try RunFolder.telemetry(of: run))
                let meta = try reader.attributes(of: "meta")
                func value(_ name: String) -> AttributeValue? { meta.first { $0.name == name }?.value }
                guard case .int(1)? = value("complete"), case .text(let digest)? = value("digest") else {
                    throw CommandFailure(
                        code: .failed,
                        message: "\(run): the run did not reach its end\n  fix: resume it, or run it again")
                }
                digests.append(digest)
                Terminal.out("\(digest)  \(run)")
            }
            if Set(digests).count > 1 { throw CommandFailure(code: .failed, message: "the digests differ") }
        }
    }
}
