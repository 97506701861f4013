import Foundation

/// The telemetry file that a person means by a run's output directory or by the file itself.
enum RunFolder {
    static let fix = "name the output directory of a run (out/NAME), or its telemetry.h5"

    /// - Throws: when there is none.
    static func telemetry(of path: String) throws -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CommandFailure(code: .badInput, message: "\(path): there is no such file or directory\n  fix: \(fix)")
        }
        guard isDirectory.boolValue else { return path }
        let file = (path as NSString).appendingPathComponent("telemetry.h5")
        guard FileManager.default.fileExists(atPath: file) else {
            throw CommandFailure(
                code: .badInput, message: "\(path): there is no telemetry.h5 in this directory\n  fix: \(fix)")
        }
        return file
    }
}
