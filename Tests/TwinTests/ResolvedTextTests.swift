import Models
import Testing

@testable import Twin

@Suite("Resolved world as text")
struct ResolvedTextTests {
    private static func text(_ name: String, _ overrides: [(key: String, value: String)] = []) throws -> String {
        let world = try WorldFile.load(path: "\(ProjectFiles.root)worlds/\(name).yaml", overrides: overrides)
        return ResolvedWorldText.text(world, seed: 42, days: 3)
    }

    @Test("it has the run's seed and length, and settings that the world file leaves to defaults")
    func defaults() throws {
        let text = try Self.text("tiny")
        for line in [
            "seed: 42\n", "days: 3\n", "region: europe\n", "queue_places: 4\n", "speed_kmh: 30", "interval_s: 900",
            "preset: typical_operator_2024", "crews: 1", "margin_fraction: 0.05", "power_factor: 0.99",
            "load: shape g1", "ambient: 8760 values, ", "connectors: [ccs2, chademo]",
        ] { #expect(text.contains(line), "\(line)") }
        #expect(!text.contains("sourceText") && !text.contains("Optional("))
    }

    @Test("an override is in it")
    func overrides() throws {
        let text = try Self.text("tiny", [(key: "operations.crews", value: "7")])
        #expect(text.contains("crews: 7") && !text.contains("crews: 1,"))
    }

    @Test("a large world stays short: one site of each template in full, the others counted")
    func large() throws {
        let text = try Self.text("seattle")
        #expect(text.utf8.count < 100_000)
        #expect(text.contains("sites:  # 1349") && text.contains(" more: /sites"))
        #expect(text == (try Self.text("seattle")))
    }

    @Test("keys are those of world files: small letters, units at the end")
    func keys() {
        #expect(ResolvedWorldText.snakeCase("importLimitW") == "import_limit_w")
        #expect(ResolvedWorldText.snakeCase("ratingKVA") == "rating_kva")
        #expect(ResolvedWorldText.snakeCase("iso15118Share") == "iso15118_share")
    }
}
