import Foundation
import Models
import Sim
import TestSupport
import Testing

@testable import Twin

/// A directory of its own for the files of one test.
struct ScratchFiles {
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/evtwin-\(UUID().uuidString)/"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory + name))
        return directory + name
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }
}

@Suite("World format")
struct WorldFormatTests {
    private func load(
        _ files: [(String, String)], overrides: [(key: String, value: String)] = []
    ) throws -> WorldSpec {
        let scratch = try ScratchFiles()
        defer { scratch.remove() }
        var path = ""
        for (name, text) in files { path = try scratch.write(name, text) }
        return try WorldFile.load(path: path, overrides: overrides)
    }

    private static let plain = """
        name: plain
        sites:
          - {id: a, template: retail}
        """

    @Test("a world may be three lines; everything else has its documented default")
    func defaults() throws {
        let world = try load([("w.yaml", Self.plain)])
        #expect(world.start.isoText == "2025-01-06T00:00:00" && world.start.weekday == 0)
        #expect(world.days == 7 && world.seed == 1 && world.region == .europe)
        #expect(world.telemetry == TelemetrySpec(intervalS: 900, siteSeries: true, evseSeries: false, messages: false))
        #expect(world.csms.enabled && world.csms.link == "lte_good" && world.operations.crews == 1)
        #expect(world.climate.ambientC(hourOfYear: 8000) == 15)
        #expect(world.vehicles.count > 10 && world.vehicles.allSatisfy { $0.weight > 0 })
        let site = try #require(world.sites.first)
        #expect(site.kind == .retail && site.evseCount == 4 && site.latitude.isNaN)
        #expect(site.stations.map(\.id) == ["a-1", "a-2"])
        #expect(site.stations[0].phases == 3 && abs(site.stations[0].ampsMax - 11_000 / 690) < 1e-9)
    }

    @Test("failure rates are the preset's until the world says otherwise")
    func failureRates() throws {
        let plain = try #require(try load([("w.yaml", Self.plain)]).operations.failures)
        #expect(plain.rates == ReliabilityTable.components.map { ComponentRates($0, multiplier: 1) })
        #expect(plain.onsiteMedianH == 48 && plain.remoteMedianMin == 30 && plain.conditions != nil)
        let world = try load(
            [("w.yaml", Self.plain)],
            overrides: [
                ("operations.rate_multiplier", "2"), ("operations.onsite_share", "0.25"),
                ("operations.onsite_restore_median_h", "5"),
                ("operations.components.power_module.mtbf_h", "2000"),
                ("operations.components.power_module.onsite_share", "1"), ("region", "north_america"),
                ("sites[0].stations", "[{kind: ac, power_kw: 11, installed: 2022-01-06T00:00:00}]"),
            ])
        let failures = try #require(world.operations.failures)
        let module = try #require(ReliabilityTable.components.firstIndex { $0.name == "power_module" })
        #expect(abs(failures.rates[module].dcPerYear - 4.38) < 1e-12 && failures.rates[module].onsiteShare == 1)
        #expect(failures.rates[0].dcPerYear == 2 * 1.22 && failures.rates[0].onsiteShare == 0.25)
        #expect(failures.onsiteMedianH == 5)
        #expect(world.operations.gridOutages == GridOutageSpec(perYear: 1.2, meanH: 2))
        let age = try #require(world.sites[0].stations[0].ageYears)
        #expect(abs(age - 3) < 0.01)
        let none = try load([("w.yaml", Self.plain)], overrides: [("operations.preset", "none")]).operations
        #expect(none.failures == nil && none.gridOutages.perYear == 0 && none.incidents.startFailed == 0)
    }

    @Test("what a world writes wins over what it extends, key by key")
    func inheritance() throws {
        let base = "name: base\nseed: 5\ncsms: {enabled: false, link: ideal}\nsites:\n  - {id: a, template: retail}\n"
        let world = try load([
            ("base.yaml", base), ("w.yaml", "extends: base.yaml\nname: upper\ncsms: {link: lte_poor_garage}\n"),
        ])
        #expect(world.name == "upper" && world.seed == 5)
        #expect(!world.csms.enabled && world.csms.link == "lte_poor_garage")
        #expect(world.sourceText.contains("name: upper") && world.sourceText.contains("name: base"))
    }

    @Test("overrides win over the file, and reach groups, lists and templates")
    func overrides() throws {
        let world = try load(
            [("w.yaml", Self.plain)],
            overrides: [
                ("days", "3"), ("csms.enabled", "false"), ("sites[0].import_limit_kw", "40"),
                ("templates.retail.queue_places", "9"), ("telemetry.interval_min", "5"),
            ])
        #expect(world.days == 3 && !world.csms.enabled && world.telemetry.intervalS == 300)
        #expect(world.sites[0].importLimitW == 40_000 && world.sites[0].queuePlaces == 9)
    }

    @Test("templates extend templates, and one named like a built-in template changes that one")
    func templates() throws {
        let world = try load([
            (
                "w.yaml",
                """
                name: t
                templates:
                  highway: {queue_places: 11}
                  fast: {extends: highway, arrivals: {sessions_per_connector_day: 20}}
                sites:
                  - {id: a, template: fast}
                  - {id: b, template: fast, queue_places: 1}
                """
            )
        ])
        #expect(world.sites.map(\.queuePlaces) == [11, 1])
        // Four stations of two EVSEs each.
        #expect(world.sites.allSatisfy { $0.kind == .highway && $0.demand.map(\.sessionsPerDay) == [160] })
        #expect(world.sites[0].demand[0].need == .energy && world.sites[0].demand[0].profile == "dc_highway")
    }

    @Test("a table says the same as a list")
    func tables() throws {
        let inline = """
            name: i
            sites:
              - id: a
                template: workplace
                name: "North, left"
                latitude: 52.5
                building: {peak_kw: 20}
                arrivals: {energy_kwh: [[0.1, 3], [0.9, 20]]}
                stations:
                  - {kind: ac, count: 2, evse_power_kw: 11, evses: 2, connectors: [Type2]}
                  - {kind: dc, power_kw: 50, connectors: [CCS2, CHAdeMO]}
            """
        let sites =
            "id,name,template,latitude,building.peak_kw,arrivals.energy_kwh\na,\"North, left\",workplace,52.5,20,0.1:3|0.9:20\n"
        let stations =
            "site,kind,count,evse_power_kw,power_kw,evses,connectors\na,ac,2,11,,2,Type2\na,dc,,,50,,CCS2|CHAdeMO\n"
        let tabled = try load([
            ("s.csv", sites), ("t.csv", stations),
            ("w.yaml", "name: i\nsites: {table: s.csv}\nstations: {table: t.csv}\n"),
        ])
        let a = try load([("w.yaml", inline)]).sites[0]
        let b = tabled.sites[0]
        #expect(a.stations == b.stations && a.name == b.name && a.latitude == b.latitude)
        #expect(a.building?.peakW == b.building?.peakW && a.transformer == b.transformer)
        #expect(a.demand.map(\.energyWh) == b.demand.map(\.energyWh))
    }

    @Test("station power is the whole station, EVSE power one outlet, and either is enough")
    func stationPower() throws {
        let world = try load([
            (
                "w.yaml",
                """
                name: p
                region: north_america
                sites:
                  - id: a
                    template: retail
                    stations:
                      - {kind: dc, power_kw: 150, evses: 2}
                      - {kind: ac, power_kw: 14.4, evses: 2}
                      - {kind: ac, evse_power_kw: 7.2, evses: 2}
                      - {kind: dc, evses: [{power_kw: 100}, {power_kw: 50, connectors: [CHAdeMO]}], module_kw: 25}
                """
            )
        ])
        let stations = world.sites[0].stations
        #expect(stations[0].evses.map(\.ratedW) == [150_000, 150_000] && stations[0].moduleCount == 5)
        #expect(stations[1].evses.map(\.ratedW) == [7200, 7200] && stations[2].ratedW == 14_400)
        #expect(stations[1].evses[0].connectors == [.type1] && stations[1].voltageV == 208 && stations[1].phases == 1)
        #expect(stations[3].ratedW == 150_000 && stations[3].moduleCount == 6 && stations[3].moduleW == 25_000)
        #expect(stations[3].evses.map(\.connectors) == [[.ccs1], [.chademo]])
    }

    @Test("four 150 kW stations get the standard size above their load plus a quarter")
    func sizing() throws {
        let text =
            "name: s\nsites:\n  - {id: a, template: highway, stations: [{kind: dc, count: 4, power_kw: 150, efficiency: EFF}]}\n"
        let table = try load([("w.yaml", text.replacing("EFF", with: "table"))])
        // 600 / 0.95 / 0.99 × 1.25 = 797 kVA.
        #expect(table.sites[0].transformer?.ratingKVA == 800)
        let ideal = try load([("w.yaml", text.replacing("EFF", with: "ideal"))])
        #expect(ideal.sites[0].transformer?.ratingKVA == 800)
        let large = try load([("w.yaml", text.replacing("EFF", with: "ideal").replacing("150", with: "1000"))])
        #expect(large.sites[0].transformer?.ratingKVA == 5000, "two of the largest size")
    }

    @Test("a year of sinusoidal temperature has the months' means and the day's swing")
    func climate() {
        let months: [Double] = [1, 2, 6, 10, 15, 18, 20, 20, 16, 11, 5, 2]
        let hours = WorldResolver.sinusoid(months: months, swingK: 8)
        #expect(hours.count == 8760)
        let january = hours[..<(31 * 24)]
        #expect(abs(january.reduce(0, +) / 744 - 1) < 0.4)
        let day = hours[(180 * 24)..<(181 * 24)]
        #expect(abs((day.max() ?? 0) - (day.min() ?? 0) - 8) < 0.3)
        #expect(
            (day.firstIndex(of: day.max() ?? 0) ?? 0) % 24 == 14 || (day.firstIndex(of: day.max() ?? 0) ?? 0) % 24 == 15
        )
        let calm = WorldResolver.sinusoid(months: months, swingK: 0)
        #expect(abs(calm[8759] - calm[0]) < 0.01, "the year closes on itself")
    }

    @Test("civil time agrees with Foundation's Gregorian calendar")
    func civilTime() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for day in stride(from: -20_000, to: 60_000, by: 37) {
            let seconds = Int64(day) * 86_400 + 12_345
            let own = CivilTime(secondsSince1970: seconds)
            let date = Date(timeIntervalSince1970: Double(seconds))
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second, .weekday, .dayOfYear], from: date)
            #expect(own.year == parts.year && own.month == parts.month && own.day == parts.day, "day \(day)")
            #expect((own.weekday + 1) % 7 + 1 == parts.weekday && own.dayOfYear == parts.dayOfYear, "day \(day)")
            #expect(own.hour == 3 && own.minute == 25 && own.second == 45 && own.secondsSince1970 == seconds)
            #expect(CivilTime(isoText: own.isoText) == own)
        }
        for text in ["2025-02-29", "2025-13-01", "2025-1-01", "2025-01-01T24:00", "2025-01-01T", "x", "2025-01-01T10"] {
            #expect(CivilTime(isoText: text) == nil || text.hasSuffix("T"), "\(text)")
        }
    }

    @Test("CSV cells keep commas, quotes and emptiness; damage is named by row")
    func csv() throws {
        var diagnostics = Diagnostics()
        let text = "\u{FEFF}a,b,c\r\n\"x, y\",\"say \"\"hi\"\"\",\r\n1,2\n\n\"open,2,3\n4,5,6"
        let table = try #require(CSVTable.read(bytes: Array(text.utf8), file: "t.csv", into: &diagnostics))
        #expect(table.header == ["a", "b", "c"])
        #expect(table.rows.map(\.cells) == [["x, y", "say \"hi\"", ""], ["4", "5", "6"]])
        #expect(table.rows.map(\.line) == [2, 6])
        #expect(diagnostics.errors.map(\.line) == [3, 5])
        #expect(
            diagnostics.errors.map(\.problem) == ["row 2 has 2 of 3 columns", "row 3 has a quote that is not closed"])
    }

    @Test("a world's name is no path")
    func names() throws {
        for name in ["../x", "/tmp/x", "a/b", ".x", "-x", "x.", "' x'", "'a:b'", "'a\\b'", "''"] {
            let text = Self.plain.replacing("name: plain", with: "name: \(name)")
            let errors = #expect(throws: WorldErrors.self, "\(name)") { try load([("w.yaml", text)]) }
            #expect(errors?.all.map(\.key) == ["name"] && errors?.all.first?.line == 1, "\(name)")
        }
        for name in ["office-2", "Zürich 2", "v1.2_b", "2025"] {
            #expect(try load([("w.yaml", Self.plain.replacing("name: plain", with: "name: \(name)"))]).name == name)
        }
    }

    @Test("misspelt words are near, others are not")
    func spelling() {
        #expect(Spelling.distance("retial", "retail") == 1)
        #expect(Spelling.distance("dayz", "days") == 1)
        #expect(Spelling.distance("", "abc") == 3)
        #expect(WorldChecker.suggestion("qqqqqq", among: ["retail"]) == "write one of: retail")
    }

    @Test("many equal mistakes are counted, not repeated")
    func manyMistakes() throws {
        var csv = "id,template,latitude\n"
        for row in 0..<40 { csv += "s\(row),retail,ninety\n" }
        let scratch = try ScratchFiles()
        defer { scratch.remove() }
        _ = try scratch.write("s.csv", csv)
        let path = try scratch.write("w.yaml", "name: m\nsites: {table: s.csv}\n")
        let errors = #expect(throws: WorldErrors.self) { try WorldFile.load(path: path) }
        #expect(errors?.all.count == Diagnostics.repeatsShown)
        #expect(errors?.all.last?.problem.hasSuffix("(and 30 more like it)") == true)
    }

    @Test("no damage to a world makes the reader trap")
    func damaged() throws {
        let names = ["tiny", "office", "depot", "corridor", "smart-garage", "session-list"]
        let pieces = [
            "[", "{", ":", "-", "~", "99999999999999999999", "-1", "0", "1e308", "nan", "\"", "'", "&a ", "*a", "|",
            "\t", "\n", "auto", "none", "[]", "{}", "CCS1",
        ]
        for name in names {
            let text = try ProjectFiles.text("worlds/\(name).yaml").replacing(
                "data/", with: "\(ProjectFiles.root)worlds/data/")
            let scratch = try ScratchFiles()
            defer { scratch.remove() }
            for seed in 0..<Soak.rounds(60) {
                var random = RandomStream(seed: UInt64(seed), purpose: 1, entity: 0)
                var characters = Array(text)
                for _ in 0..<3 {
                    let at = Int(random.next() % UInt64(characters.count))
                    let length = Int(random.next() % 8)
                    let piece = pieces[Int(random.next() % UInt64(pieces.count))]
                    characters.replaceSubrange(at..<min(characters.count, at + length), with: piece)
                }
                let path = try scratch.write("w.yaml", String(characters))
                do {
                    let world = try WorldFile.load(path: path)
                    #expect(!world.sites.isEmpty, "\(name), seed \(seed)")
                } catch {
                    #expect(!error.all.isEmpty, "\(name), seed \(seed)")
                }
            }
        }
    }

    @Test("anchors that multiply themselves and endless brackets are refused")
    func bombs() throws {
        var text = "name: b\na: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (lower, upper) in zip("abcdefgh", "bcdefghi") {
            text += "\(upper): &\(upper) [" + Array(repeating: "*\(lower)", count: 10).joined(separator: ", ") + "]\n"
        }
        #expect(throws: WorldErrors.self) { try load([("w.yaml", text)]) }
        #expect(throws: WorldErrors.self) { try load([("w.yaml", "name: " + String(repeating: "[", count: 100_000))]) }
    }
}
