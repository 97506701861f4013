public import Foundation

/// The checkout that the tests run in.
public enum Repository {
    /// Root of the package.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Absolute path of a file of the package.
    public static func path(_ relative: String) -> String { root.appending(path: relative).path }

    /// Every Swift file under a folder of the package, sorted.
    public static func swiftFiles(under folder: String) -> [URL] {
        let base = root.appending(path: folder)
        let all = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
        return (all?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
            .sorted { $0.path < $1.path }
    }
}

/// A directory of a test's own, gone with it.
public final class ScratchDirectory {
    public let path: String

    public init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "evtwin-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
