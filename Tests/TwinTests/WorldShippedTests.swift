import Foundation
import Models
import Sim
import Testing

@testable import Twin

/// Where the project's files are, from this file's own place.
enum ProjectFiles {
    static let root =
        String(#filePath.prefix(upTo: #filePath.range(of: "/Tests/TwinTests/")?.lowerBound ?? #filePath.endIndex)) + "/"

    static func text(_ path: String) throws -> String { try String(contentsOfFile: root + path, encoding: .utf8) }

    /// Compares a committed file with what the program prints; `UPDATE_GOLDENS=1` rewrites it.
    static func matches(_ path: String, _ text: String) throws -> Bool {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try Data(text.utf8).write(to: URL(fileURLWithPath: root + path))
        }
        return try self.text(path) == text
    }
}

@Suite("Shipped worlds")
struct WorldShippedTests {
    @Test(
        "every shipped world loads",
        arguments: [
            "tiny", "office", "depot", "corridor", "smart-garage", "dundee", "session-list", "seattle", "new-york",
            "test-bench",
        ])
    func loads(name: String) throws {
        let world = try WorldFile.load(path: "\(ProjectFiles.root)worlds/\(name).yaml")
        #expect(world.name == name)
        #expect(!world.summary.isEmpty)
        #expect(world.csms.enabled == (name != "session-list"))
        #expect(Set(world.sites.map(\.id)).count == world.sites.count)
        for site in world.sites {
            for population in site.demand {
                #expect(abs(population.weekday.reduce(0, +) - 1) < 1e-3, "\(site.id)")
                #expect(site.evseCount(population.kind) > 0, "\(site.id)")
            }
            for station in site.stations {
                #expect(station.ratedW > 0 && station.voltageV > 0 && station.ampsMax > 0, "\(station.id)")
                #expect(station.evses.allSatisfy { $0.ratedW <= station.ratedW * (1 + 1e-9) }, "\(station.id)")
            }
        }
    }

    @Test("the metro and the state have as many sites as their registers have rows")
    func registerSizes() throws {
        let seattle = try WorldFile.load(path: "\(ProjectFiles.root)worlds/seattle.yaml")
        #expect(seattle.sites.count == 1349)
        #expect(seattle.sites.reduce(0) { $0 + $1.evseCount } == 3479)
        let newYork = try WorldFile.load(path: "\(ProjectFiles.root)worlds/new-york.yaml")
        #expect(newYork.sites.count == 4736)
    }

    @Test("the office has the planning case's numbers")
    func office() throws {
        let site = try #require(try WorldFile.load(path: "\(ProjectFiles.root)worlds/office.yaml").sites.first)
        #expect(site.importLimitW == 500_000)
        #expect(site.building?.peakW == 350_000)
        #expect(site.stations.count == 20 && site.stations.allSatisfy { $0.ratedW == 50_000 })
        #expect(site.control == .fairShare(marginFraction: 0, minimumW: 5000))
    }

    @Test("the depot's fleet is read with times in seconds and energy in watt-hours")
    func depot() throws {
        let site = try #require(try WorldFile.load(path: "\(ProjectFiles.root)worlds/depot.yaml").sites.first)
        let fleet = try #require(site.fleet)
        #expect(fleet.vehicles == 80 && fleet.returnToS == 18 * 3600 && fleet.departureS == 5 * 3600)
        #expect(fleet.energyWh.value(at: 0.5) == 45_000)
    }

    @Test("the session list is complete, in order and in the right places")
    func sessionList() throws {
        let site = try #require(try WorldFile.load(path: "\(ProjectFiles.root)worlds/session-list.yaml").sites.first)
        #expect(site.fixedSessions.count == 337)
        #expect(site.evseCount == 54)
        let first = try #require(site.fixedSessions.first)
        #expect(first.arrival.seconds == 60 * 300 && first.departure.seconds == 155 * 300)
        #expect(abs(first.energyWh - 3830.608) < 1e-9 && first.batteryWh == 75_000 && first.maxPowerW == 6600)
        #expect(site.stations[Int(first.evse)].id == "CA-316")
        #expect(zip(site.fixedSessions, site.fixedSessions.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
    }

    @Test("Dundee's arrivals add up to the clean transactions of the year")
    func dundee() throws {
        let world = try WorldFile.load(path: "\(ProjectFiles.root)worlds/dundee.yaml")
        let comparison = try #require(world.comparison)
        let real = comparison.days.reduce(0) { $0 + ($1.sessions.isNaN ? 0 : $1.sessions) }
        #expect(real == 61_036)
        #expect(comparison.days.filter { $0.sessions.isNaN }.count == 2)
        var expected = 0.0
        for day in 0..<365 where !comparison.days[day].sessions.isNaN {
            let date = CivilTime(secondsSince1970: world.start.secondsSince1970 + Int64(day) * 86_400)
            for site in world.sites {
                for population in site.demand {
                    expected += population.meanArrivals(isWeekend: date.weekday >= 5, month: date.month)
                }
            }
        }
        #expect(abs(expected / real - 1) < 0.01, "expected \(expected), real \(real)")
    }

    @Test("the published JSON Schema is the key table's")
    func schema() throws {
        #expect(try ProjectFiles.matches("worlds/evtwin-world.schema.json", WorldSchema.json))
        _ = try JSONSerialization.jsonObject(with: Data(WorldSchema.json.utf8))
    }

    @Test("the manual lists every key as the key table has it")
    func manual() throws {
        let text = try ProjectFiles.text("docs/world-format.md")
        let parts = text.components(separatedBy: "<!-- keys -->\n")
        try #require(parts.count == 3)
        #expect(
            try ProjectFiles.matches(
                "docs/world-format.md",
                parts[0] + "<!-- keys -->\n" + WorldSchema.markdown + "<!-- keys -->\n" + parts[2]))
    }
}
