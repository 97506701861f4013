import Foundation
import TestSupport
import Testing

@Suite("Tidy: manuals")
struct DocTests {
    /// Sections that text cites: "domain reference 2.3", "domain.md section 5.3", "domain.md sections 6.2 and 13.4",
    /// "domain.md 5.3 and 6.2".
    static func citations(in text: String) -> [String] {
        let list =
            #/domain(?:\.md| reference)(?:,? sections?)? ([0-9]+(?:\.[0-9]+[a-z]?)?(?:(?:, | and )[0-9]+(?:\.[0-9]+[a-z]?)?)*)/#
        // Comments wrap: a citation may go over the end of a line.
        let plain = text.replacing(#/\s*\n\s*(///?)?\s*/#, with: " ")
        return plain.matches(of: list).flatMap { match in
            match.1.matches(of: #/[0-9]+(?:\.[0-9]+[a-z]?)?/#).map { String($0.0) }
        }
    }

    @Test("every section of docs/domain.md that a comment cites is there")
    func citedSections() throws {
        let manual = try String(contentsOfFile: Repository.path("docs/domain.md"), encoding: .utf8)
        let sections = Set(
            manual.matches(of: try Regex<(Substring, Substring)>(#"(?m)^##+ ([0-9]+(?:\.[0-9]+[a-z]?)?) "#)).map {
                String($0.1)
            })
        #expect(sections.count > 30)
        var cited = 0
        for folder in ["Sources", "Tests"] {
            for file in Repository.swiftFiles(under: folder) where !file.path.hasSuffix("DocTests.swift") {
                for section in Self.citations(in: try String(contentsOf: file, encoding: .utf8)) {
                    cited += 1
                    if !sections.contains(section) {
                        Issue.record("\(file.path): cites section \(section) of docs/domain.md, which does not have it")
                    }
                }
            }
        }
        #expect(cited > 25, "the comments cite the manual in words that this test reads")
    }

    @Test("citations are found in every form they have")
    func forms() {
        #expect(Self.citations(in: "/// - Source: domain reference 9.1 (KKT).") == ["9.1"])
        #expect(Self.citations(in: "domain.md sections 6.2 and 13.4.") == ["6.2", "13.4"])
        #expect(Self.citations(in: "(domain.md 5.3 and 6.2)") == ["5.3", "6.2"])
        #expect(Self.citations(in: "/// as domain.md section\n    /// 6.1a says") == ["6.1a"])
        #expect(Self.citations(in: "in the time domain, 2006").isEmpty)
    }

    @Test("links between the manuals lead somewhere", arguments: ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
    func links(file: String) throws {
        try Self.checkLinks(file)
    }

    @Test("links within docs lead somewhere")
    func linksOfDocs() throws {
        let files = FileManager.default.enumerator(atPath: Repository.path("docs"))?.compactMap { $0 as? String } ?? []
        for file in files.sorted() where file.hasSuffix(".md") { try Self.checkLinks("docs/" + file) }
    }

    private static func checkLinks(_ file: String) throws {
        let text = try String(contentsOfFile: Repository.path(file), encoding: .utf8)
        let folder = URL(filePath: Repository.path(file)).deletingLastPathComponent()
        for match in text.matches(of: #/\]\(([^)#\s]+)(#[^)\s]*)?\)/#) {
            let target = String(match.1)
            if target.contains("://") { continue }
            let path = folder.appending(path: target).standardizedFileURL.path
            if !FileManager.default.fileExists(atPath: path) {
                Issue.record("\(file): links to \(target), which is not there")
            }
        }
    }
}
