import Foundation
import TestSupport
import Testing

@Suite("Tidy: files")
struct LayoutTests {
    /// Longest file that is not generated.
    static let longest = 600

    @Test("no source file is longer than 600 lines, generated tables excepted")
    func filesAreShort() throws {
        for folder in ["Sources", "Tests"] {
            for file in Repository.swiftFiles(under: folder) where !file.path.contains("/Generated/") {
                let lines = try String(contentsOf: file, encoding: .utf8).split(
                    separator: "\n", omittingEmptySubsequences: false)
                if lines.count > Self.longest, lines.first?.contains("Generated") != true {
                    Issue.record("\(file.path): \(lines.count) lines; split it at \(Self.longest)")
                }
            }
        }
    }

    @Test("no file speaks of a path on somebody's machine")
    func noLocalPaths() throws {
        for folder in ["Sources", "Tests"] {
            for file in Repository.swiftFiles(under: folder) where !file.path.hasSuffix("LayoutTests.swift") {
                let text = try String(contentsOf: file, encoding: .utf8)
                for local in ["/home/", "/Users/", "/root/"] where text.contains("\"\(local)") {
                    Issue.record("\(file.path): names \(local)…; use a path relative to the package")
                }
            }
        }
    }

    @Test("Python and JSON inputs of generated tables are part of the project")
    func referenceIsHere() {
        for name in ["vehicles", "arrivals", "reliability", "charger_efficiency", "transformers"] {
            #expect(FileManager.default.fileExists(atPath: Repository.path("reference/\(name).json")))
        }
    }
}
