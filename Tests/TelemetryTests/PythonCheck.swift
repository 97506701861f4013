import Foundation
import Testing

/// Opens telemetry files the way their users do: with h5py and xarray, through `Tests/python/check_telemetry.py`.
enum PythonCheck {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Runs the script on `paths`; passes with a message where `Scripts/python-test-env.sh` has not been run, but not in CI.
    static func run(_ paths: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let python = root.appendingPathComponent(".venv/bin/python")
        guard FileManager.default.isExecutableFile(atPath: python.path) else {
            if ProcessInfo.processInfo.environment["CI"] != nil {
                Issue.record(
                    "h5py and xarray are missing: run Scripts/python-test-env.sh", sourceLocation: sourceLocation)
            }
            print("skipped the check by h5py and xarray: run Scripts/python-test-env.sh first")
            return
        }
        let process = Process()
        let output = Pipe()
        process.executableURL = python
        process.arguments = [root.appendingPathComponent("Tests/python/check_telemetry.py").path] + paths
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(words)", sourceLocation: sourceLocation)
    }
}
