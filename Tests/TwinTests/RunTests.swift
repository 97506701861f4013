import Foundation
import TestSupport
import Testing
import Twin

/// Whole worlds, small enough to run in every test.
@Suite("Whole runs")
struct RunTests {
    private func run(
        _ world: String, days: Double, seed: UInt64? = nil, threads: Int = 1, set: [(key: String, value: String)] = [],
        checkpointEvery: Int? = nil
    ) throws -> (summary: RunSummary, bytes: Data) {
        let scratch = try ScratchDirectory()
        let path = Repository.path("worlds/\(world).yaml")
        let spec = try WorldFile.load(path: path, overrides: set)
        let run = try TwinRun(
            world: spec, path: path,
            options: RunOptions(
                seed: seed, days: days, threads: threads, output: scratch.path, checkpointEvery: checkpointEvery,
                overrides: set))
        let summary = try run.run()
        return (summary, try Data(contentsOf: URL(filePath: summary.telemetry)))
    }

    @Test("golden: the tiny world ends as it always has", arguments: [1, 2])
    func golden(threads: Int) throws {
        let path = Repository.path("Tests/TwinTests/Goldens/tiny.digest")
        let (s, _) = try run("tiny", days: 3, threads: threads)
        let text =
            "digest \(s.digest)\nevents \(s.events)\nsessions \(s.sessions)\nenergy_wh \(Int((s.energyKWh * 1000).rounded()))\n"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOfFile: path, encoding: .utf8)
        #expect(
            text == golden,
            "replay: evtwin run worlds/tiny.yaml --days 3; UPDATE_GOLDENS=1 rewrites, the commit says why")
    }

    @Test("same world, same seed, same bytes; another seed, other bytes")
    func sameBytes() throws {
        let first = try run("corridor", days: 2)
        let second = try run("corridor", days: 2, threads: 2)
        #expect(first.bytes == second.bytes)
        #expect(first.summary.digest == second.summary.digest)
        #expect(try run("corridor", days: 2, seed: 99).summary.digest != first.summary.digest)
    }

    @Test("a run goes on from its checkpoint as if nothing had happened")
    func resume() throws {
        let scratch = try ScratchDirectory()
        let path = Repository.path("worlds/corridor.yaml")
        let spec = try WorldFile.load(path: path)
        let options = RunOptions(days: 3, threads: 1, output: scratch.path, checkpointEvery: 1)
        var slices = 0
        // Ends like a run that is cut off on the third day, with the checkpoint of the second behind it.
        let cut = try TwinRun(world: spec, path: path, options: options)
            .run(progress: { _ in slices += 1 }, shouldStop: { slices > 60 })
        #expect(cut.stopped)
        let resumed = try TwinRun(resuming: scratch.path, threads: 2) { path, overrides in
            try WorldFile.load(path: path, overrides: overrides)
        }.run()
        let whole = try run("corridor", days: 3)
        #expect(resumed.digest == whole.summary.digest)
        #expect(resumed.events == whole.summary.events)
    }

    @Test("without faults the CSMS's books are exact, seed by seed")
    func exactBooks() throws {
        for seed in Soak.seeds(20, from: 1) {
            let set = [(key: "operations.preset", value: "none"), (key: "csms.link", value: "ideal")]
            let audit = try #require(try run("tiny", days: 2, seed: seed, set: set).summary.audit)
            #expect(audit.sessionsTrue > 0, "seed \(seed)")
            #expect(audit.sessionsBooked == audit.sessionsTrue, "seed \(seed)")
            #expect(
                audit.sessionsLost + audit.sessionsDoubled + audit.sessionsWrong + audit.sessionsPending == 0,
                "seed \(seed)")
            #expect(audit.energyBookedKWh == audit.energyTrueKWh, "seed \(seed)")
        }
    }

    @Test("poor links and poor equipment lose and double nothing, seed by seed")
    func faultyLinks() throws {
        for seed in Soak.seeds(10, from: 1) {
            let set = [
                (key: "operations.preset", value: "poor_operator"), (key: "csms.link", value: "lte_poor_garage"),
            ]
            let audit = try #require(try run("corridor", days: 3, seed: seed, set: set).summary.audit)
            #expect(audit.sessionsTrue > 0, "seed \(seed)")
            #expect(audit.sessionsLost + audit.sessionsDoubled + audit.sessionsWrong == 0, "seed \(seed)")
            #expect(audit.sessionsBooked + audit.sessionsPending == audit.sessionsTrue, "seed \(seed)")
        }
    }

    @Test("a replayed session list takes the energy that its closed form says")
    func sessionList() throws {
        let summary = try run("session-list", days: 7).summary
        #expect(abs(summary.energyKWh - 3202.501585) < 1e-6)
        let withCSMS = try run(
            "session-list", days: 7, set: [(key: "csms.enabled", value: "true"), (key: "csms.link", value: "ideal")]
        ).summary
        #expect(abs(withCSMS.energyKWh - 3202.501585) < 1e-6)
        #expect(withCSMS.audit?.sessionsBooked == 337)
    }

    @Test("energy in equals energy out and losses: the grid gives at least what the meters count")
    func energyBalance() throws {
        for world in ["tiny", "corridor", "office", "depot"] {
            let summary = try run(world, days: 2).summary
            #expect(summary.gridEnergyKWh >= summary.energyKWh, "\(world)")
            #expect(summary.gridEnergyKWh < 1.4 * summary.energyKWh, "\(world)")
        }
    }
}
