import Foundation
import TestSupport
import Testing
import Twin

/// Worlds whose frames travel as JSON, beside the same worlds whose messages stay decoded.
@Suite("Encoded wire")
struct EncodedWireTests {
    private func run(
        _ world: String, days: Double, seed: UInt64? = nil, set: [(key: String, value: String)]
    ) throws -> RunSummary {
        let scratch = try ScratchDirectory()
        let path = Repository.path("worlds/\(world).yaml")
        let options = RunOptions(seed: seed, days: days, threads: 1, output: scratch.path, overrides: set)
        return try TwinRun(world: try WorldFile.load(path: path, overrides: set), path: path, options: options).run()
    }

    private func encoded(_ version: String) -> [(key: String, value: String)] {
        [(key: "csms.wire", value: "encoded"), (key: "csms.version", value: "\"\(version)\"")]
    }

    @Test("the golden world ends as it always has when its frames are JSON", arguments: ["2.0.1", "2.1"])
    func golden(version: String) throws {
        let summary = try run("tiny", days: 3, set: encoded(version))
        let text =
            "digest \(summary.digest)\nevents \(summary.events)\nsessions \(summary.sessions)\n"
            + "energy_wh \(Int((summary.energyKWh * 1000).rounded()))\n"
        let path = Repository.path("Tests/TwinTests/Goldens/tiny.digest")
        #expect(try text == String(contentsOfFile: path, encoding: .utf8))
    }

    @Test("poor links and poor equipment: typed and encoded give the same digest and the same books, seed by seed")
    func faults() throws {
        for seed in Soak.seeds(3, from: 1) {
            let set = [
                (key: "operations.preset", value: "poor_operator"), (key: "csms.link", value: "lte_poor_garage"),
            ]
            let typed = try run("corridor", days: 2, seed: seed, set: set)
            for version in ["2.0.1", "2.1"] {
                let json = try run("corridor", days: 2, seed: seed, set: set + encoded(version))
                #expect(json.digest == typed.digest && json.events == typed.events, "seed \(seed), \(version)")
                #expect(String(describing: json.audit) == String(describing: typed.audit), "seed \(seed), \(version)")
            }
        }
    }

    @Test("in 1.6 nothing is lost or doubled, and energies differ by whole-Wh registers at most, seed by seed")
    func version16() throws {
        for seed in Soak.seeds(5, from: 1) {
            for link in ["ideal", "lte_poor_garage"] {
                let set = [(key: "csms.link", value: link)]
                let audit = try #require(try run("corridor", days: 2, seed: seed, set: set + encoded("1.6")).audit)
                #expect(audit.sessionsTrue > 0, "seed \(seed), \(link)")
                #expect(
                    audit.sessionsLost + audit.sessionsDoubled + audit.sessionsWrong == 0,
                    "seed \(seed), \(link): \(audit)")
                #expect(audit.sessionsBooked + audit.sessionsPending == audit.sessionsTrue, "seed \(seed), \(link)")
            }
        }
    }

    @Test("a run on the encoded wire goes on from its checkpoint, frames under way and all")
    func resume() throws {
        let scratch = try ScratchDirectory()
        let path = Repository.path("worlds/corridor.yaml")
        let set = encoded("2.0.1")
        let spec = try WorldFile.load(path: path, overrides: set)
        let options = RunOptions(days: 3, threads: 1, output: scratch.path, checkpointEvery: 1, overrides: set)
        var slices = 0
        let cut = try TwinRun(world: spec, path: path, options: options)
            .run(progress: { _ in slices += 1 }, shouldStop: { slices > 60 })
        #expect(cut.stopped)
        let resumed = try TwinRun(resuming: scratch.path, threads: 1) { path, overrides in
            try WorldFile.load(path: path, overrides: overrides)
        }.run()
        #expect(resumed.digest == (try run("corridor", days: 3, set: set)).digest)
    }
}
