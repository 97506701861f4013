import Foundation
import Models
import Sim
import Testing

@testable import Twin

@Suite("Session lists")
struct SessionListTests {
    /// A world with two stations, the second with two outlets, and a list.
    private func load(_ list: String, keys: String = "", world: String = "days: 2") throws -> WorldSpec {
        let scratch = try ScratchFiles()
        defer { scratch.remove() }
        _ = try scratch.write("list.csv", list)
        let text = """
            name: listed
            start: 2025-01-06T00:00:00
            \(world)
            operations: {preset: none}
            csms: {enabled: false}
            sites:
              - id: a
                template: workplace
                transformer: {rating_kva: none}
                stations:
                  - {id: one, kind: ac, power_kw: 11, efficiency: ideal}
                  - {id: two, kind: ac, power_kw: 44, evses: 2, efficiency: ideal}
                sessions: {table: list.csv\(keys)}
            """
        return try WorldFile.load(path: try scratch.write("w.yaml", text))
    }

    private func hours(_ session: ReplayedSession) -> Double { session.arrival.seconds / 3600 }

    @Test("a station's id stands for any of its EVSEs, first come")
    func bareStation() throws {
        let world = try load(
            """
            arrival,departure,evse,energy_kwh
            2025-01-06T08:00,2025-01-06T12:00,two,5
            2025-01-06T09:00,2025-01-06T10:00,two,5
            2025-01-06T10:00,2025-01-06T11:00,two,5
            2025-01-06T13:00,2025-01-06T15:00,two,5
            2025-01-06T12:00,2025-01-06T14:00,two/1,5
            """)
        let sessions = world.sites[0].fixedSessions
        #expect(sessions.map { hours($0) } == [8, 9, 10, 12, 13])
        // two/1 is named from 12:00 to 14:00, so the one who comes at 13:00 gets the other.
        #expect(sessions.map(\.evse) == [1, 2, 2, 1, 2])
        #expect(sessions.allSatisfy { $0.maxPowerW == 22_000 })
    }

    @Test("without a column of EVSEs, and with an empty cell, any EVSE of the site will do")
    func noEVSE() throws {
        let world = try load(
            "arrival,departure,energy_kwh\n2025-01-06T08:00,2025-01-06T12:00,5\n2025-01-06T09:00,2025-01-06T10:00,5\n")
        #expect(world.sites[0].fixedSessions.map(\.evse) == [0, 1])
        let mixed = try load(
            """
            arrival,departure,evse,energy_kwh
            2025-01-06T08:00,2025-01-06T12:00,,5
            2025-01-06T08:30,2025-01-06T09:00,one,5
            """)
        #expect(mixed.sites[0].fixedSessions.map(\.evse) == [1, 0])
        let full = #expect(throws: WorldErrors.self) {
            try load(
                "arrival,departure,energy_kwh\n"
                    + (0..<4).map { "2025-01-06T08:0\($0),2025-01-06T12:00,5\n" }.joined())
        }
        #expect(full?.all.map(\.line) == [5])
        #expect(full?.all.first?.problem == "no EVSE that it may have is free for its whole stay")
    }

    @Test("time zones are instants, told by one clock that knows no daylight saving")
    func timeZones() throws {
        let list = """
            arrival,departure,energy_kwh
            2025-01-06T08:00+01:00,2025-01-06T10:00+0100,5
            2025-01-06T08:30:00.500Z,2025-01-06T12:00Z,5
            2025-01-06T12:00+02,2025-01-06T13:00+02:00,5
            2025-01-06 14:00,2025-01-06 15:00,5
            """
        #expect(try load(list).sites[0].fixedSessions.map { hours($0) } == [8, 9.5 + 0.5 / 3600, 11, 14])
        let utc = try load(list, keys: ", utc_offset_h: 0")
        #expect(utc.sites[0].fixedSessions.map { hours($0) } == [7, 8.5 + 0.5 / 3600, 10, 14])
        for wrong in ["2025-01-06T08:00+25:00", "2025-01-06T08:00+1", "2025-01-06T08:00 CET", "2025-01-06T08:00."] {
            #expect(throws: WorldErrors.self, "\(wrong)") {
                try load("arrival,departure,energy_kwh\n\(wrong),2025-01-06T10:00Z,5\n")
            }
        }
    }

    @Test("rows before and after the run are told and left out; a list that misses the run is refused")
    func outside() throws {
        let world = try load(
            """
            arrival,departure,energy_kwh
            2025-01-05T23:00,2025-01-06T02:00,5
            2025-01-04T23:00,2025-01-05T02:00,5
            2025-01-06T08:00,2025-01-06T10:00,5
            2025-01-09T08:00,2025-01-09T10:00,5
            """)
        #expect(world.sites[0].fixedSessions.count == 2)
        let notices = world.notices()
        #expect(notices.count == 2)
        #expect(notices[0].contains("list.csv:3: 2 of 4 sessions begin before the world's start 2025-01-06T00:00:00"))
        #expect(notices[0].contains("fix: write start: 2025-01-04T00:00:00"))
        #expect(notices[1].contains("1 of 2 sessions begin after the run's end 2025-01-08T00:00:00"))
        #expect(notices[1].contains("days: 4"))
        #expect(world.notices(days: 4).count == 1)
        let missed = #expect(throws: WorldErrors.self) {
            try load("arrival,departure,energy_kwh\n2024-01-05T23:00,2024-01-06T02:00,5\n")
        }
        #expect(missed?.all.first?.fix == "write start: 2024-01-05T00:00:00, when the first one begins")
        let empty = #expect(throws: WorldErrors.self) { try load("arrival,departure,energy_kwh\n") }
        #expect(empty?.all.first?.problem.hasSuffix("has no sessions") == true)
    }

    @Test("an ideal battery takes constant power to full, a two-stage one is slower at the end")
    func battery() throws {
        // From 50 to 100 % of 44 kWh at 11 kW: 2 h to full. Two-stage: 1.2 h to 80 %, then exponentially towards full.
        let list = "arrival,departure,energy_kwh,cap,start\n2025-01-06T08:00,2025-01-06T10:00,22,44,22\n"
        let columns = ", columns: {battery_kwh: cap, initial_kwh: start}"
        for (battery, expected) in [("ideal", 22.0), ("two_stage", 13.2 + 8.8 * (1 - exp(-0.8 * 11 / 8.8)))] {
            let world = try load(list, keys: "\(columns), battery: \(battery)")
            let scratch = try ScratchFiles()
            defer { scratch.remove() }
            let run = try TwinRun(
                world: world, path: "w.yaml", options: RunOptions(threads: 1, output: scratch.directory + "o"))
            let summary = try run.run()
            #expect(abs(summary.energyKWh - expected) < 0.02, "\(battery): \(summary.energyKWh)")
        }
    }

    @Test("semicolons and decimal commas, as a German spreadsheet saves a list")
    func spreadsheet() throws {
        let world = try load("arrival;departure;evse;energy_kwh\r\n2025-01-06T08:00;2025-01-06T12:00;one;5,25\r\n")
        #expect(world.sites[0].fixedSessions.map(\.energyWh) == [5250])
    }
}
