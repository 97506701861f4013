import Foundation

/// The files of an earlier run in an output directory: nothing replaces them unasked.
struct ExistingRun {
    /// What a run leaves behind, as far as it concerns the next one.
    private static let names = ["telemetry.h5", "checkpoint.jsonl", "report.html"]

    let directory: String

    private func path(_ name: String) -> String { (directory as NSString).appendingPathComponent(name) }

    private var found: [String] { Self.names.filter { FileManager.default.fileExists(atPath: path($0)) } }

    /// - Throws: when there is something that a new run would replace.
    func checkFree() throws {
        let found = found
        guard !found.isEmpty else { return }
        let resume = found.contains("checkpoint.jsonl") ? "; go on with it by evtwin resume \(directory)" : ""
        throw CommandFailure(
            code: .badInput,
            message: "\(directory): holds a run already (\(found.joined(separator: ", ")))\n"
                + "  fix: replace it with --force, or give another directory with --out\(resume)")
    }

    /// Removes what the new run does not write itself: an old checkpoint would resume into the new file, and an old page
    /// would show the old run.
    func removeRest() {
        for name in ["checkpoint.jsonl", "report.html"] { try? FileManager.default.removeItem(atPath: path(name)) }
    }
}
