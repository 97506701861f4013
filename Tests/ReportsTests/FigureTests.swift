import Foundation
import Telemetry
import Testing

@testable import Reports

@Suite("Figures say what they count")
struct FigureTests {
    private static func sample(_ change: (inout SamplePlan) -> Void = { _ in }) throws -> ReportData {
        var plan = SamplePlan()
        plan.sites = 12
        plan.days = 8
        change(&plan)
        return try TemporaryFile.with("h5") { path in
            _ = try SampleFile.write(plan, to: path)
            return try ReportData.read(path: path)
        }
    }

    @Test("handling time is no queueing: parking and start have figures of their own")
    func handling() throws {
        let sessions = try Self.sample().sessions
        // Every visit of the sample takes a minute to park and 45 s to start; queues are on top of that.
        #expect(sessions.queuedShare < 0.5)
        for kind in 0..<2 where sessions.parking[kind].count > 0 {
            #expect(abs(sessions.parking[kind].mean - SampleSite.parkingS) < 0.1)
            #expect(abs(sessions.starting[kind].mean - SampleSite.startS) < 0.1)
        }
    }

    @Test("efficiency is delivered over grid energy, standby included")
    func efficiency() throws {
        let data = try Self.sample()
        // The sample's stations draw 60 W beside what charging takes at 93 %.
        let standbyWh = 60 * Double(data.plant.stations.count) * data.hours
        #expect(abs(data.deliveredWh - 0.93 * (data.importedWh - standbyWh)) < 1e-5 * data.importedWh)
        #expect(data.efficiency < data.sessions.efficiency)
        let summary = ReportSummary(data)
        #expect(abs(summary.deliveredKWh / summary.gridEnergyKWh - summary.efficiency) < 1e-12)
    }

    @Test("hours above nameplate and above the loading guide's limits are counted from the load, at its power factor")
    func loading() {
        var loading = TransformerLoading()
        #expect(loading.loadingClass == "")
        for load in [0.4, 1.0, 1.0000001, 1.2, 1.5, 1.6, .nan, 1.9] { loading.see(load) }
        #expect(loading.greatest == 1.9)
        #expect(loading.samplesOverNameplate == 4)
        #expect(loading.samplesOverNormalCyclic == 2 && loading.samplesOverLongEmergency == 1)
        #expect(loading.loadingClass == "short-time emergency loading")
        var calm = TransformerLoading()
        calm.see(1)
        #expect(calm.loadingClass == "within nameplate")
    }

    @Test(
        "loss of life is a share of the insulation life that the world gives, and a dry type is held against its own limit"
    )
    func insulation() throws {
        func losses(_ change: (inout SamplePlan) -> Void) throws -> (percent: [Double], data: ReportData) {
            let data = try Self.sample(change)
            let section = try #require(TransformerSection.section(data))
            for case .table(_, _, let table) in section.pieces {
                let column = try #require(table.columns.firstIndex { $0.title == "Loss of life" })
                return (table.rows.map { Double($0[column]) ?? .nan }, data)
            }
            return ([], data)
        }
        let usual = try losses { _ in }
        let short = try losses { $0.insulationLifeH = 45_000 }
        #expect(!usual.percent.isEmpty && usual.percent.count == short.percent.count)
        for (a, b) in zip(usual.percent, short.percent) where a > 0 {
            // Told with one decimal.
            #expect(b > 2 * a && abs(b - 4 * a) <= 0.05 + 4 * 0.05, "\(a) % and \(b) %")
        }
        #expect(usual.data.plant.sites.allSatisfy { $0.hotSpotLimitC == 120 && $0.hotSpotDangerC == 140 })
        let dry = try losses { $0.isDryType = true }.data
        #expect(dry.plant.sites.allSatisfy { $0.hotSpotLimitC == 155 && $0.hotSpotDangerC == 155 })
        #expect(TransformerSection.section(dry)?.lede.contains("155\u{A0}°C, its insulation class") == true)
    }

    @Test("the ambient temperature is that of the hours that the run covers")
    func ambient() throws {
        let clock = try #require(RunClock(iso: "2025-12-31T22:00:00"))
        #expect(clock.hourOfYear(0) == 8758 && clock.hourOfYear(3 * 3_600_000_000) == 1)
        #expect(try #require(RunClock(iso: "2024-12-31")).hourOfYear(0) == 364 * 24)
        let byHour = (0..<8760).map { $0 < 4 ? Double($0) : $0 >= 8758 ? -10 : 50 }
        let study = try #require(AmbientStudy(byHour: byHour, clock: clock, endUS: 4 * 3.6e9))
        #expect(study.least == -10 && study.greatest == 1 && study.mean == -19.0 / 4)
        #expect(AmbientStudy(byHour: [21.5], clock: clock, endUS: 3.6e9)?.mean == 21.5)
    }

    @Test("the summary is one JSON object with sorted keys, and the page holds the same")
    func summary() throws {
        let data = try Self.sample()
        let json = ReportSummary(data).json
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["sessions"] as? Int == data.sessions.count)
        #expect(object["peak_kw"] as? Double == ReportSummary(data).peakKW)
        #expect(object["ambient_mean_c"] is NSNull)
        let keys = json.matches(of: /"([a-z0-9_]+)":/).map { String($0.1) }
        #expect(keys == keys.sorted() && keys.count > 40)
        #expect(Page(data: data, library: nil).html.contains("id=\"summary\">\(json)</script>"))
    }

    @Test("texts are in plain technical English, with the right plural")
    func wording() throws {
        let whole = try Self.sample {
            $0.hasComparison = true
            $0.hasMessages = true
            $0.lostInBooks = 1
        }
        let single = try Self.sample {
            $0.sites = 1
            $0.days = 1
        }
        for data in [whole, single] {
            let html = Page(data: data, library: nil).html
            let text = html.replacing(/<[^>]*>/, with: " ").replacing("\u{A0}", with: " ").lowercased()
            for phrase in [
                "who draws", "whoever", "what there is", "went beyond", "books", "booked", "still on their way",
                "hottest hot spots", "had to queue, half of them", "the truth", "nobody", "comes for", "utilisation",
                "ageing", "in numbers",
            ] { #expect(!text.contains(phrase), "\(phrase)") }
            let plural = text.firstMatch(
                of: /[^0-9.,]1 (sites|sessions|drivers|stations|transformers|transactions|outages|days|kinds|alarms)\b/)
            #expect(plural == nil, "\(plural.map { String($0.0) } ?? "")")
        }
    }

    @Test("vehicles have names for people where the file has them")
    func vehicles() throws {
        let names = try Self.sample().sessions.vehicleNames
        #expect(names.contains("Tesla Model Y Long Range (2020)"))
        #expect(!names.contains { $0.contains("_") })
    }
}
