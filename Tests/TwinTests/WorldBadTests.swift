import Foundation
import Testing

@testable import Twin

@Suite("Broken worlds")
struct WorldBadTests {
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: ProjectFiles.root + "worlds/bad")) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    /// The complaints about a world, with paths as from the project's root; empty when there are none.
    static func complaints(_ path: String, overrides: [(key: String, value: String)] = []) -> String {
        do {
            _ = try WorldFile.load(path: ProjectFiles.root + path, overrides: overrides)
            return ""
        } catch {
            return error.description.replacing(ProjectFiles.root, with: "") + "\n"
        }
    }

    @Test("there are broken worlds to test")
    func enough() { #expect(Self.names.count >= 15) }

    @Test("a broken world is refused with exactly the expected complaints", arguments: names)
    func refused(name: String) throws {
        let text = Self.complaints("worlds/bad/\(name).yaml")
        #expect(!text.isEmpty, "\(name) was accepted")
        #expect(try ProjectFiles.matches("worlds/bad/\(name).expected", text), "\(name): \(text)")
    }

    @Test("complaints about overrides name the key of the command line")
    func overrides() {
        let text = Self.complaints(
            "worlds/tiny.yaml",
            overrides: [
                ("csms.enabled", "maybe"), ("telemetry.interval", "5"), ("sites[7].queue_places", "1"), ("a..b", "1"),
                ("sites[0].import_limit_kw", "-4"), ("days", "[1"),
            ])
        #expect(
            text == """
                --set: sites[7].queue_places: index 7 is out of range, the list has 3
                  fix: name a key that the world file has or may have
                --set: a..b: is no path to a key
                  fix: write it like csms.enabled or sites[0].import_limit_kw
                --set: days: "[1" is no YAML value
                  fix: put text in quotes
                --set: csms.enabled: expected true or false, found "maybe"
                  fix: write true or false
                --set: sites[0].import_limit_kw: expected a number above 0 in kW, found -4
                  fix: write a number above 0
                --set: telemetry.interval: unknown key
                  fix: did you mean interval_min?

                """)
    }
}
