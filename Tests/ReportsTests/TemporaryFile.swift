import Foundation

/// A file that is gone after the test.
enum TemporaryFile {
    static func with<T>(_ suffix: String, _ body: (String) throws -> T) throws -> T {
        let path = NSTemporaryDirectory() + "evtwin-report-\(UUID().uuidString).\(suffix)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }
}
