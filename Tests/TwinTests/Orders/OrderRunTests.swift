import Foundation
import OCPP
import Sim
import TestSupport
import Testing

@testable import Models
@testable import Twin

/// What the CSMS of a world orders, in runs.
@Suite("Orders in runs")
struct OrderRunTests {
    private typealias Setting = (key: String, value: String)

    private func run(
        _ text: String, threads: Int = 1, set: [Setting] = [], in scratch: ScratchDirectory? = nil
    ) throws -> RunSummary {
        let scratch = try scratch ?? ScratchDirectory()
        let path = scratch.path + "/world.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let spec = try WorldFile.load(path: path, overrides: set)
        let options = RunOptions(threads: threads, output: scratch.path + "/out", overrides: set)
        return try TwinRun(world: spec, path: path, options: options).run()
    }

    /// A day with every order at some occasion, surroundings, and everything that may fail.
    private func world(_ version: String, wire: String, seed: UInt64) -> String {
        let orders = OrderTexts.all(version).enumerated().map { index, text in
            "    - {\(text), \(OrderTexts.occasions[(index + Int(seed)) % OrderTexts.occasions.count])}"
        }
        return """
            name: orders
            days: 1
            seed: \(seed)
            network: {drive_on: true}
            operations:
              preset: poor_operator
              rate_multiplier: 40
              incidents: {cable_pulled: 0.05, supply_lost: 0.05, vehicle_silent: 0.05, emergency_stop: 0.05}
              grid_outages: {per_year: 300}
            csms:
              version: "\(version)"
              wire: \(wire)
              link: lte_poor_garage
              orders:
            \(orders.joined(separator: "\n"))
            sites:
              - id: shop
                template: retail
                latitude: 52.1
                longitude: 13.1
                arrivals: {sessions_per_connector_day: 8}
                surroundings: {external_limits_per_day: 4, grid_faults_per_day: 4, vendor_messages_per_day: 4, iso15118_share: 0.5, priority_share: 0.3, terminal_share: 0.3}
              - id: hub
                template: urban_hub
                latitude: 52.11
                longitude: 13.11
                arrivals: {sessions_per_connector_day: 12}

            """
    }

    @Test(
        "a day with all orders, surroundings and faults: one digest, typed and encoded, on one and two threads, resumed",
        arguments: ["1.6", "2.0.1", "2.1"])
    func sameDigest(version: String) throws {
        for seed in Soak.seeds(2, from: 1) {
            let replay: Comment = "version \(version), seed \(seed)"
            let typed = try run(world(version, wire: "typed", seed: seed))
            let encoded = try run(world(version, wire: "encoded", seed: seed))
            #expect(typed.digest == encoded.digest && typed.events == encoded.events, replay)
            #expect(try run(world(version, wire: "typed", seed: seed), threads: 2).digest == typed.digest, replay)
            #expect(try resumed(world(version, wire: "encoded", seed: seed)) == typed.digest, replay)
            let audit = try #require(typed.audit)
            #expect(audit.sessionsTrue > 5, replay)
            #expect(audit.sessionsLost + audit.sessionsDoubled + audit.sessionsWrong == 0, "\(replay): \(audit)")
        }
    }

    /// Cut off at a checkpoint in mid-day, with orders and frames under way.
    private func resumed(_ text: String) throws -> String {
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/world.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let set: [Setting] = [("days", "2")]
        let spec = try WorldFile.load(path: path, overrides: set)
        let options = RunOptions(threads: 1, output: scratch.path + "/out", checkpointEvery: 1, overrides: set)
        let cut = try TwinRun(world: spec, path: path, options: options).run(shouldStop: {
            FileManager.default.fileExists(atPath: scratch.path + "/out/checkpoint.jsonl")
        })
        #expect(cut.stopped)
        let resumed = try TwinRun(resuming: scratch.path + "/out", threads: 2) { path, overrides in
            try WorldFile.load(path: path, overrides: overrides)
        }.run()
        #expect(resumed.digest == (try run(text, set: set)).digest)
        return try run(text).digest
    }

    // MARK: what an order does

    /// One site whose vehicles come as a session list says; hours of the day.
    private func site(
        _ version: String, orders: [String], sessions: [(evse: Int, from: Double, to: Double, kWh: Double)]
    ) throws -> (site: Site, spec: WorldSpec) {
        let scratch = try ScratchDirectory()
        func time(_ hour: Double) -> String {
            let seconds = Int(hour * 3600)
            let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { ($0 < 10 ? "0" : "") + "\($0)" }
            return "2025-01-06T" + parts.joined(separator: ":")
        }
        let rows = sessions.map { "cs/\($0.evse),\(time($0.from)),\(time($0.to)),\($0.kWh)" }
        try ("evse,arrival,departure,energy_kwh\n" + rows.joined(separator: "\n") + "\n")
            .write(toFile: scratch.path + "/list.csv", atomically: true, encoding: .utf8)
        let text = """
            name: order
            days: 1
            operations: {preset: none}
            csms:
              link: ethernet_fibre
              version: "\(version)"
              orders:
            \(orders.map { "    - {\($0)}" }.joined(separator: "\n"))
            sites:
              - id: s
                template: retail
                stations: [{id: cs, kind: ac, evse_power_kw: 11, evses: 2}]
                \(sessions.isEmpty ? "arrivals: {sessions_per_connector_day: 6}" : "sessions: {table: list.csv}")

            """
        let path = scratch.path + "/world.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let spec = try WorldFile.load(path: path)
        let parameters = WorldCompiler(world: spec, seed: 1, end: .zero + .days(1)).compile()
        return (Site(parameters[0], csms: TwinRun.stationSettings(spec)), spec)
    }

    @Test(
        "an accepted remote start becomes a transaction with its number, or its time passes",
        arguments: ["1.6", "2.0.1", "2.1"])
    func remoteStart(version: String) throws {
        let orders = OrderTexts.all(version)[0]
        for (arrival, starts) in [(8.0 + 40.0 / 3600, 1), (9.0, 0)] {
            var (site, _) = try site(
                version, orders: ["\(orders), every_day: \"08:00\""],
                sessions: [(evse: 1, from: arrival, to: 10, kWh: 5)])
            site.run(until: .zero + .hours(12))
            let counts = try #require(site.stations.orders?.remoteStarts)
            #expect(counts.accepted == 1 && counts.started == starts && counts.expired == 1 - starts)
            #expect(site.stations.takeOrders().map(\.outcome) == [.accepted])
            #expect(site.stations.auditTotals().sessionsBooked == 1)
        }
    }

    @Test(
        "a remote stop ends the charge where it is, and a limit of nothing pauses it",
        arguments: ["1.6", "2.0.1", "2.1"])
    func stopAndPause(version: String) throws {
        let texts = OrderTexts.all(version)
        var (stopped, _) = try site(
            version, orders: ["\(texts[1]), on: started, delay_s: 1800"],
            sessions: [(evse: 1, from: 8, to: 12, kWh: 22)])
        stopped.run(until: .zero + .hours(13))
        let session = try #require(stopped.plant.records.sessions.first)
        #expect(abs(session.energyWh - 5500) < 100, "half an hour at 11 kW, not \(session.energyWh) Wh")

        // From 12:00 to 13:00 the station's own profile allows nothing.
        var (paused, _) = try site(
            version, orders: ["\(texts[3]), on: booted"], sessions: [(evse: 1, from: 11.5, to: 15, kWh: 11)])
        paused.run(until: .zero + .minutes(774))
        #expect(abs(paused.plant.totals.energyWh - 5500) < 100)
        paused.run(until: .zero + .hours(14))
        #expect(abs(paused.plant.totals.energyWh - 11_000) < 100)
    }

    @Test("drivers leave a reserved EVSE and one out of service to others", arguments: ["1.6", "2.0.1", "2.1"])
    func invitation(version: String) throws {
        let texts = OrderTexts.all(version)
        for text in [texts[12], texts[7]] {
            var (site, _) = try site(version, orders: ["\(text), on: booted"], sessions: [])
            site.run(until: .zero + .days(1))
            let visited = Set(site.plant.records.sessions.map(\.evse))
            #expect(visited == [1], "\(text): \(visited)")
        }
    }

    @Test(
        "a firmware is installed when nobody charges, and the station is off meanwhile",
        arguments: ["1.6", "2.0.1", "2.1"])
    func firmware(version: String) throws {
        var (site, _) = try site(
            version, orders: ["\(OrderTexts.all(version)[14]), every_day: \"08:30\""],
            sessions: [(evse: 1, from: 8, to: 9, kWh: 15)])
        site.run(until: .zero + .hours(8) + .minutes(58))
        #expect(site.stations.isPowered(0), "a vehicle is there")
        var off = 0
        for second in 0..<1800 {
            site.run(until: .zero + .hours(9) + .seconds(Int64(second)))
            if !site.stations.isPowered(0) { off += 1 }
        }
        #expect((28...32).contains(off), "off for \(off) s")
        #expect(site.stations.pairs?.clients[0].controller.firmware.bootReason == .firmwareUpdate)
        #expect(site.stations.auditTotals().sessionsBooked == 1)
    }

    @Test("what cannot be filled in, and who is not there, is told by the outcome")
    func outcomes() throws {
        var (site, _) = try site(
            "2.0.1",
            orders: [
                "action: ClearCache, every_day: \"08:00\"",
                "action: RequestStopTransaction, payload: {transactionId: none}, every_day: \"08:01\"",
                "action: Reset, payload: {type: Immediate}, every_day: \"08:02\"",
                "action: ClearCache, every_day: \"08:02\"", "action: GetLocalListVersion, on: booted",
            ], sessions: [(evse: 1, from: 20, to: 21, kWh: 1)])
        site.run(until: .zero + .hours(9))
        let records = site.stations.takeOrders()
        #expect(records.filter { $0.order == 0 }.map(\.outcome) == [.accepted])
        #expect(records.filter { $0.order == 1 }.map(\.outcome) == [.rejected])
        #expect(records.filter { $0.order == 4 }.count == 2, "two boots")
        #expect(records.allSatisfy { $0.ended >= $0.given })
    }

    @Test("the garage's limit holds over a good link, and is missed over one that loses orders")
    func garage() throws {
        func peakKW(_ link: String) throws -> Double {
            let scratch = try ScratchDirectory()
            let set: [Setting] = [("csms.link", link)]
            let path = Repository.path("worlds/smart-garage.yaml")
            let spec = try WorldFile.load(path: path, overrides: set)
            let options = RunOptions(days: 7, threads: 1, output: scratch.path, overrides: set)
            return try TwinRun(world: spec, path: path, options: options).run().peakKW
        }
        let good = try peakKW("ethernet_fibre")
        let poor = try peakKW("lte_poor_garage")
        #expect(good > 45 && good <= 60, "\(good) kW")
        #expect(poor > 60, "\(poor) kW")
    }
}
