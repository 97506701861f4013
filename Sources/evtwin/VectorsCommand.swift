import ArgumentParser
import Twin

struct VectorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vectors", abstract: "Check the models against validation vectors.",
        discussion: "Every *.json in DIR is run; see reference/README.md for the format.")

    @Argument(help: "Directory of vector files.", completion: .directory)
    var directory: String

    func run() throws {
        try CommandFailure.translating {
            let results = try VectorRunner.run(directory: directory)
            for result in results {
                Terminal.out(result.line)
                for failure in result.failures { Terminal.error("  \(result.name): \(failure)") }
            }
            Terminal.out(VectorRunner.summary(of: results))
            let isGood = results.allSatisfy { $0.failed == 0 && $0.error == nil }
            if !isGood { throw CommandFailure(code: .failed, message: "some vectors failed") }
        }
    }
}
