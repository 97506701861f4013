import Foundation
import Sim
import Testing

@testable import Models
@testable import Twin

/// Populations, levels and holidays of a world.
@Suite("Demand in worlds")
struct DemandWorldTests {
    private func load(_ yaml: String) throws -> WorldSpec {
        let scratch = try ScratchFiles()
        defer { scratch.remove() }
        return try WorldFile.load(path: try scratch.write("w.yaml", yaml), overrides: [])
    }

    private func complaints(_ yaml: String) throws -> String {
        do {
            _ = try load(yaml)
            return ""
        } catch { return "\(error)" }
    }

    private func plants(_ world: WorldSpec, days: Double, seed: UInt64 = 1) -> [SitePlant] {
        let end = SimTime.zero + .rounding(seconds: days * 86_400)
        return WorldCompiler(world: world, seed: seed, end: end).compile().map { parameters in
            var plant = SitePlant(parameters)
            while let (now, event) = plant.queue.pop() {
                plant.sample(upTo: now)
                plant.handle(event, now: now)
            }
            plant.sample(upTo: end)
            return plant
        }
    }

    private static let head = """
        name: w
        region: north_america
        operations: {preset: none}
        csms: {enabled: false}
        telemetry: {interval_min: 15}

        """
    private static let dc = "{kind: dc, count: 4, power_kw: 150, evses: 1}"
    private static let ac = "{kind: ac, count: 4, evse_power_kw: 7.7, evses: 2}"

    @Test("one site with AC and DC is as the two sites would be")
    func mixed() throws {
        let mixed = try load(
            Self.head + """
                sites:
                  - {id: a, template: urban_hub, transformer: {rating_kva: none}, stations: [\(Self.dc), \(Self.ac)]}
                """)
        let apart = try load(
            Self.head + """
                sites:
                  - {id: a, template: urban_hub, transformer: {rating_kva: none}, stations: [\(Self.dc)]}
                  - {id: b, template: urban_hub, transformer: {rating_kva: none}, stations: [\(Self.ac)]}
                """)
        #expect(mixed.sites[0].demand.map(\.profile) == ["l2_destination", "dc_urban_hub"])
        var means: [[Double]] = []
        var peaks: [Double] = []
        for world in [mixed, apart] {
            var energy: [[Double]] = [[], []]
            var course: [Double] = []
            for plant in plants(world, days: 120) {
                for session in plant.records.sessions {
                    energy[plant.parameters.evses[Int(session.evse)].isDirect ? 1 : 0].append(session.energyWh / 1000)
                }
                let power = plant.series.samples.map { Double($0.evPowerW) }
                course = course.isEmpty ? power : zip(course, power).map { $0 + $1 }
            }
            means.append(energy.map { $0.reduce(0, +) / Double($0.count) })
            peaks.append(course.max() ?? 0)
            #expect(energy[1].count > 3000 && energy[0].count > 500)
        }
        for kind in 0...1 { #expect(abs(means[0][kind] / means[1][kind] - 1) < 0.08, "\(means)") }
        #expect((27...33).contains(means[0][1]), "DC \(means[0][1]) kWh")
        #expect(means[0][0] < 13, "AC \(means[0][0]) kWh")
        #expect(abs(peaks[0] / peaks[1] - 1) < 0.12, "\(peaks)")
    }

    @Test("profiles follow region, kind of site and kind of charger; any number of populations may be named")
    func profiles() throws {
        func profiles(_ region: String, _ template: String, _ stations: String) throws -> [String] {
            let text = "name: w\nregion: \(region)\nsites: [{id: a, template: \(template), stations: [\(stations)]}]\n"
            return try load(text).sites[0].demand.map(\.profile)
        }
        let small = "{kind: dc, count: 2, power_kw: 50}"
        #expect(try profiles("north_america", "urban_hub", Self.dc) == ["dc_urban_hub"])
        #expect(try profiles("north_america", "retail", small) == ["dc_community"])
        #expect(try profiles("north_america", "highway", small) == ["dc_highway"])
        #expect(try profiles("north_america", "workplace", Self.ac) == ["l2_workplace"])
        #expect(try profiles("north_america", "residential_street", Self.ac) == ["l2_multifamily"])
        #expect(
            try profiles("europe", "urban_hub", "\(Self.dc), {kind: ac, evse_power_kw: 22}") == [
                "l2_public", "dc_town",
            ])
        // A night in America is not a taxi town's.
        let hub = try load("name: w\nregion: north_america\nsites: [{id: a, template: urban_hub}]\n").sites[0].demand[0]
        let night = (5 * hub.weekday[0..<6].reduce(0, +) + 2 * hub.weekend[0..<6].reduce(0, +)) / 7
        #expect(night < 0.09 && hub.weekday.firstIndex(of: hub.weekday.max() ?? 0) == 17)

        let site = try load(
            Self.head + """
                sites:
                  - id: a
                    template: urban_hub
                    stations: [\(Self.dc), \(Self.ac)]
                    patience_min: 30
                    demand:
                      dc: {sessions_per_day: 12}
                      taxis: {kind: dc, profile: urban_rapid_hub, sessions_per_day: 5, patience_min: 60, prefers: order}
                """
        ).sites[0]
        #expect(site.demand.map(\.name) == ["dc", "taxis", "ac"])
        #expect(site.demand.map(\.sessionsPerDay) == [12, 5, 0.9 * 8])
        #expect(site.demand.map(\.patienceMinutes) == [30, 60, 30] && site.demand[1].preference == .order)
    }

    @Test("the old keys are those of the only population, and the default of all")
    func oldKeys() throws {
        let one = try load("name: w\nsites: [{id: a, template: retail, arrivals: {sessions_per_connector_day: 3}}]\n")
        #expect(one.sites[0].demand.map(\.sessionsPerDay) == [12])
        let shared = try load(
            Self.head
                + "sites: [{id: a, template: retail, stations: [\(Self.dc), \(Self.ac)], "
                + "arrivals: {profile: highway_rapid, sessions_per_connector_day: 5, dc_share: 0.8}}]\n")
        #expect(shared.sites[0].demand.map(\.profile) == ["highway_rapid", "highway_rapid"])
        #expect(zip(shared.sites[0].demand, [12.0, 48]).allSatisfy { abs($0.sessionsPerDay - $1) < 1e-9 })
        // One's own level takes the place of the template's in the other form.
        let other = try load(
            "name: w\ntemplates: {t: {extends: retail, arrivals: {sessions_per_connector_day: 3}}}\n"
                + "sites: [{id: a, template: t, arrivals: {sessions_per_day: 7}}]\n")
        #expect(other.sites[0].demand.map(\.sessionsPerDay) == [7])
    }

    @Test("contradictions are told where they stand")
    func contradictions() throws {
        let both = try complaints(
            "name: w\nsites: [{id: a, template: retail, demand: {ac: {sessions_per_day: 4, sessions_per_connector_day: 1}}}]\n"
        )
        #expect(
            both.contains("sites[0].demand.ac.sessions_per_connector_day: stands beside sessions_per_day"), "\(both)")
        let absent = try complaints(
            "name: w\nsites: [{id: a, template: retail, demand: {dc: {sessions_per_day: 4}}}]\n")
        #expect(absent.contains("has no DC station"), "\(absent)")
        let kind = try complaints(
            "name: w\nsites: [{id: a, template: retail, demand: {taxis: {sessions_per_day: 4}}}]\n")
        #expect(kind.contains("sites[0].demand.taxis.kind: missing"), "\(kind)")
        let date = try complaints("name: w\ndemand: {holidays: [{date: 02-30, factor: 0}]}\nsites: [{id: a}]\n")
        #expect(date.contains("is no date"), "\(date)")
    }

    @Test("levels differ between sites as P10 and P90 say, and adding a site moves no other")
    func levels() throws {
        func rates(_ count: Int, seed: UInt64) throws -> [Double] {
            let world = try load(
                "name: w\nregion: north_america\ndemand: {site_spread: profile}\nsites:\n"
                    + "  - {id: zero, template: destination}\n  - {id: a, template: retail, copies: \(count)}\n")
            return WorldCompiler(world: world, seed: seed, end: .zero + .days(1)).compile().map {
                $0.demand[0].rate.total / 7 / 4
            }
        }
        let few = try rates(10, seed: 1)
        let many = try rates(6000, seed: 2)
        #expect(Array(many.prefix(11)) == few)
        let sample = Array(many.dropFirst()).sorted()
        let mean = sample.reduce(0, +) / Double(sample.count)
        #expect(abs(mean / 0.8 - 1) < 0.08, "\(mean)")
        let ratio = sample[sample.count * 9 / 10] / sample[sample.count / 10]
        #expect(abs(ratio / 25 - 1) < 0.15, "\(ratio)")
    }

    @Test("holidays fall on their days, by region and as a list")
    func holidays() throws {
        #expect(Holidays.easter(2024)?.isoText.hasPrefix("2024-03-31") == true)
        #expect(Holidays.easter(2025)?.isoText.hasPrefix("2025-04-20") == true)
        let world = try load(
            "name: w\nregion: north_america\nstart: 2024-11-01\nsites: [{id: a, template: workplace}]\n")
        let days = WorldCompiler(world: world, seed: 1, end: .zero + .days(250)).days
        let use = WorldCompiler(world: world, seed: 1, end: .zero + .days(1)).compile()[0].demand[0].holidayFactor
        func factor(_ date: String) -> Double {
            let day = (CivilTime(isoText: date)?.daysSince1970 ?? 0) - world.start.daysSince1970
            return use[Int(days.holiday[day])]
        }
        #expect(factor("2024-11-28") == 0.1 && factor("2024-11-29") == 0.25)
        #expect(factor("2024-12-25") == 0.1 && factor("2025-01-01") == 0.15)
        #expect(factor("2025-05-26") == 0.15 && factor("2025-07-04") == 0.15 && factor("2025-07-07") == 1)
        let own = try load(
            "name: w\nstart: 2025-03-01\ndemand: {holidays: [{date: 03-03, factor: 2, work_factor: 0.5}]}\n"
                + "sites: [{id: a, template: workplace}, {id: b, template: retail}]\n")
        let compiled = WorldCompiler(world: own, seed: 1, end: .zero + .days(9)).compile()
        #expect(compiled.map(\.demand[0].holidayFactor) == [[1, 0.5], [1, 2]])
        #expect(Array(compiled[0].days.holiday.prefix(4)) == [0, 0, 1, 0])
        let none = try load("name: w\ndemand: {holidays: none}\nsites: [{id: a, template: retail}]\n")
        #expect(none.demand.holidays.isEmpty)
    }

    @Test("a table names populations by columns")
    func tables() throws {
        let scratch = try ScratchFiles()
        defer { scratch.remove() }
        _ = try scratch.write(
            "s.csv",
            "id,template,demand.ac.profile,demand.ac.by_start,demand.dc.sessions_per_day\n"
                + "a,retail,l2_hotel,0:20:9|8:10:2,\nb,urban_hub,,,33\n")
        let path = try scratch.write("w.yaml", "name: w\nregion: north_america\nsites: {table: s.csv}\n")
        let world = try WorldFile.load(path: path, overrides: [])
        #expect(world.sites[0].demand[0].profile == "l2_hotel" && world.sites[0].demand[0].startPeriods.count == 2)
        #expect(world.sites[1].demand[0].sessionsPerDay == 33)
    }

    @Test("more chargers at a place see the same drivers, in a world as well")
    func place() throws {
        func drivers(_ count: Int) throws -> [[Double]] {
            let world = try load(
                Self.head + """
                    sites:
                      - id: a
                        template: urban_hub
                        transformer: {rating_kva: none}
                        arrivals: {sessions_per_day: 60}
                        stations: [{kind: dc, count: \(count), power_kw: 150}]
                    """)
            let plant = plants(world, days: 30)[0]
            let served = plant.records.sessions.map { [$0.arrival.seconds, Double($0.vehicle), $0.wantedWh] }
            let lost = plant.records.losses.map { [($0.time - $0.waited).seconds, -1, $0.wantedWh] }
            return (served + lost).sorted { $0[0] < $1[0] }
        }
        let two = try drivers(2)
        let sixteen = try drivers(16)
        #expect(two.count == sixteen.count && two.count > 1200)
        for (a, b) in zip(two, sixteen) {
            #expect(a[0] == b[0] && a[2] == b[2] && (a[1] == -1 || b[1] == -1 || a[1] == b[1]))
        }
    }
}
