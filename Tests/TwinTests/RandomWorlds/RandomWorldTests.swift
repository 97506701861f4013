import Foundation
import TestSupport
import Testing

@testable import Models
@testable import Sim
@testable import Twin

/// Laws that hold in every world: on worlds drawn from seeds, `EVTWIN_WORLDS` of them (6 by default, 50 in `make soak`).
@Suite("Random worlds")
struct RandomWorldTests {
    private static let count = Soak.count("EVTWIN_WORLDS", usual: 6)
    /// The first seed, to look at one world: `EVTWIN_WORLDS=1 EVTWIN_WORLDS_FROM=17`.
    private static let first = UInt64(Soak.count("EVTWIN_WORLDS_FROM", usual: 1))
    private static var seeds: Range<UInt64> { first..<first + UInt64(count) }

    private static func replay(_ world: RandomWorld) -> Comment {
        "seed \(world.seed) (\(world.kinds.joined(separator: ", "))); replay: EVTWIN_WORLDS=1 EVTWIN_WORLDS_FROM=\(world.seed) swift test --filter RandomWorldTests; the world:\n\(world.text)"
    }

    @Test(
        "at any instant: nothing above its rating, no limit exceeded, contactors open in every fault, nobody lost, energy balanced"
    )
    func lawsAtAnyInstant() throws {
        var faultsSeen = 0
        var sessions = 0
        for seed in Self.seeds {
            let world = RandomWorld(seed: seed)
            let scratch = try ScratchDirectory()
            let spec = try Self.load(world, in: scratch)
            let end = SimTime.zero + .rounding(seconds: spec.days * 86_400)
            let compiler = WorldCompiler(world: spec, seed: spec.seed, end: end)
            let settings = TwinRun.stationSettings(spec)
            let run = WindowedRun(
                processes: zip(compiler.compile(), spec.sites).map {
                    CheckedSite(Site($0, surroundings: $1.surroundings, csms: settings))
                },
                lookahead: compiler.lookahead ?? .unlimited, pool: WorkerPool(threads: 1))
            run.advance(to: end)
            run.inParallel { _, checked in checked.site.plant.sample(upTo: end) }
            for i in 0..<run.count {
                #expect(run[i].violations == [], Self.replay(world))
                faultsSeen += run[i].faultsSeen
                sessions += Int(run[i].site.plant.totals.sessions)
                Self.checkEnergy(of: run[i].site.plant, at: end, world)
            }
            let driving = run.state.undelivered.count {
                if case .driver = $0.message { true } else { false }
            }
            Self.checkDrivers((0..<run.count).map { run[$0].site.plant }, driving: driving, world)
        }
        // A sweep that saw nothing shows nothing.
        #expect(sessions > 0 && (faultsSeen > 0 || Self.count < 4))
    }

    /// Meters, sessions, batteries and the series tell of the same energy.
    private static func checkEnergy(of plant: SitePlant, at end: SimTime, _ world: RandomWorld) {
        var plant = plant
        plant.advanceCharging(to: end)
        let totalWh = plant.totals.energyWh
        var sessionsWh = 0.0
        for session in plant.records.sessions {
            sessionsWh += session.energyWh
            guard session.vehicle != .max else { continue }
            let capacityWh = VehicleCatalogue.all[Int(session.vehicle)].usableWh
            let storedWh = (session.endSoC - session.startSoC) * capacityWh
            #expect(storedWh <= session.energyWh * (1 + 1e-9) + 1e-6, replay(world))
            #expect(session.gridEnergyWh >= session.energyWh * (1 - 1e-9), replay(world))
            #expect(session.endSoC <= 1 + 1e-9 && session.startSoC >= 0, replay(world))
        }
        for evse in plant.evses where evse.driver != nil && evse.phase != .parking && evse.phase != .leaving {
            sessionsWh += evse.process.energyWh
        }
        #expect(
            abs(sessionsWh - totalWh) <= 1e-9 * max(totalWh, 1e6),
            "sessions \(sessionsWh) Wh, site \(totalWh) Wh, \(replay(world))")
        #expect(plant.totals.gridEnergyWh >= totalWh * (1 - 1e-12), replay(world))
        let hours = plant.parameters.sampleInterval.seconds / 3600
        let seriesWh = plant.series.samples.reduce(0.0) { $0 + Double($1.evPowerW) * hours }
        let sampledH = Double(plant.series.samples.count) * hours
        // The series are single precision; what runs since the last whole interval is not in them yet.
        let wantedWh = Double(plant.series.startMicroWh) / 1e6 + plant.series.startStandbyWh
        #expect(abs(seriesWh - wantedWh) <= 1e-5 * max(wantedWh, 1), replay(world))
        #expect(plant.series.startStandbyWh <= plant.parameters.standbyW * sampledH * (1 + 1e-9) + 1e-6, replay(world))
    }

    /// Whoever came has charged, has left, waits, stands at an EVSE or is on the road.
    private static func checkDrivers(_ plants: [SitePlant], driving: Int, _ world: RandomWorld) {
        var came = 0
        var accounted = driving
        for plant in plants {
            came += Int(plant.totals.arrivals)
            accounted += Int(plant.totals.sessions + plant.totals.lostDrivers) + plant.driversPresent
        }
        #expect(came == accounted, replay(world))
    }

    @Test("same world, same bytes: on two threads, cut off and resumed, whatever the telemetry interval")
    func sameResult() throws {
        for seed in Self.seeds {
            let world = RandomWorld(seed: seed)
            let one = try Self.run(world, threads: 1)
            let two = try Self.run(world, threads: 2)
            #expect(one.bytes == two.bytes, Self.replay(world))
            if let audit = one.summary.audit {
                // Whatever is ordered, a transaction is booked once, under the station that had it.
                #expect(audit.sessionsLost + audit.sessionsDoubled + audit.sessionsWrong == 0, Self.replay(world))
            }
            #expect(try Self.resumed(world).digest == one.summary.digest, Self.replay(world))
            for interval in ["1", "30", "1440"] {
                let other = try Self.run(world, threads: 1, set: [("telemetry.interval_min", interval)]).summary
                #expect(other.digest == one.summary.digest, "interval \(interval), \(Self.replay(world))")
                #expect(other.sessions == one.summary.sessions, "interval \(interval), \(Self.replay(world))")
                #expect(
                    abs(other.energyKWh - one.summary.energyKWh) <= 1e-9 * max(1, one.summary.energyKWh),
                    "interval \(interval), \(Self.replay(world))")
            }
        }
    }

    // MARK: running

    private static func load(
        _ world: RandomWorld, in scratch: ScratchDirectory, set: [(key: String, value: String)] = []
    ) throws -> WorldSpec {
        let path = scratch.path + "/world.yaml"
        try world.text.write(toFile: path, atomically: true, encoding: .utf8)
        return try WorldFile.load(path: path, overrides: set)
    }

    private static func run(
        _ world: RandomWorld, threads: Int, set: [(key: String, value: String)] = []
    ) throws -> (summary: RunSummary, bytes: Data) {
        let scratch = try ScratchDirectory()
        let spec = try load(world, in: scratch, set: set)
        let options = RunOptions(threads: threads, output: scratch.path + "/out", overrides: set)
        let summary = try TwinRun(world: spec, path: scratch.path + "/world.yaml", options: options).run()
        return (summary, try Data(contentsOf: URL(filePath: summary.telemetry)))
    }

    /// Stopped somewhere on the second day and resumed from the checkpoint of the first.
    private static func resumed(_ world: RandomWorld) throws -> RunSummary {
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/world.yaml"
        let spec = try load(world, in: scratch)
        let options = RunOptions(threads: 1, output: scratch.path + "/out", checkpointEvery: 1)
        let run = try TwinRun(world: spec, path: path, options: options)
        let cut = try run.run(shouldStop: {
            FileManager.default.fileExists(atPath: scratch.path + "/out/checkpoint.jsonl")
        })
        guard cut.stopped, FileManager.default.fileExists(atPath: scratch.path + "/out/checkpoint.jsonl") else {
            return cut
        }
        return try TwinRun(resuming: scratch.path + "/out", threads: 2) { path, overrides in
            try WorldFile.load(path: path, overrides: overrides)
        }.run()
    }
}
