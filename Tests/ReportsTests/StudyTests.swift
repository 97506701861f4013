import Foundation
import Testing

@testable import Reports

@Suite("Studies")
struct StudyTests {
    /// A small file and what was put in it.
    private static func sample(_ change: (inout SamplePlan) -> Void = { _ in }) throws -> (ReportData, SampleFile.Truth)
    {
        var plan = SamplePlan()
        plan.sites = 12
        plan.days = 8
        change(&plan)
        return try TemporaryFile.with("h5") { path in
            let truth = try SampleFile.write(plan, to: path)
            return (try ReportData.read(path: path), truth)
        }
    }

    @Test("sessions, energy, losses and outages are those that were written")
    func totals() throws {
        let (data, truth) = try Self.sample { $0.sites = 40 }
        #expect(data.sessions.count == truth.sessions)
        #expect(abs(data.sessions.energyWh - truth.energyWh) < 1e-6 * truth.energyWh)
        #expect(data.sessions.sessionsOfSite.reduce(0, +) == truth.sessions)
        #expect(data.sessions.sessionsOfDay.reduce(0, +) == truth.sessions)
        #expect(data.sessions.endReasons.reduce(0, +) == truth.sessions)
        #expect(data.lost.goneCount == truth.lostForGood)
        #expect(data.sessions.queues.count == truth.queued && truth.queued > 0)
        #expect(data.outages.outageCount == truth.outages)
        #expect(truth.sessions > 500 && truth.lostForGood > 0 && truth.outages > 0)
    }

    @Test("who left with less than 80 % of what they wanted is counted by kind of charger; older files say nothing")
    func unmetNeed() throws {
        var study = UnmetNeedStudy(isDC: [false, true], endUS: 10)
        study.add([
            [0, 0, 1, 1, 1], [7900, 8000, 20_000, 40_000, 0], [10_000, 10_000, 40_000, 40_000, 5000], [1, 2, 3, 4, 5],
        ])
        #expect(study.sessions == [2, 3] && study.short == [1, 2])
        #expect(study.wantedWh == [20_000, 85_000] && study.takenWh == [15_900, 60_000])
        guard case .table(_, _, let table)? = study.piece else {
            Issue.record("no table")
            return
        }
        #expect(table.rows[0][2].hasPrefix("1 (50") && table.rows[1][2].hasPrefix("2 (66.7"))
        let (older, _) = try Self.sample()
        #expect(older.unmet.sessions == [0, 0] && older.unmet.piece == nil)
    }

    @Test("the network's series is the sum over the sites, and so is its energy")
    func network() throws {
        let (data, truth) = try Self.sample()
        #expect(data.series.sampleCount == 8 * 96)
        for (read, written) in zip(data.series.evW, truth.networkW) { #expect(abs(read - written) <= 1e-6 * written) }
        let bySite = data.series.sites.reduce(0) { $0 + $1.ev.sum }
        #expect(abs(bySite - truth.networkW.reduce(0, +)) < 1e-6 * bySite)
        let byKind = (0..<7).reduce(0.0) { sum, day in
            sum
                + (0..<24).reduce(0.0) { hours, hour in
                    hours + data.series.evOfKind.reduce(0) { $0 + $1.mean(day: day, hour: hour) }
                }
        }
        let firstWeek = (0..<7).reduce(0.0) { sum, day in
            sum
                + (0..<24).reduce(0.0) { hours, hour in
                    let samples = truth.networkW.indices.filter { ($0 / 96) % 7 == day && ($0 % 96) / 4 == hour }
                    return hours + samples.reduce(0) { $0 + truth.networkW[$1] } / Double(samples.count)
                }
        }
        #expect(abs(byKind - firstWeek) < 1e-6 * firstWeek)
    }

    @Test("the most loaded site has the greatest peak, and its curve starts there")
    func top() throws {
        let (data, _) = try Self.sample()
        let peaks = data.series.sites.map(\.sitePeak.value)
        let first = try #require(data.top.loaded.first)
        #expect(first.load.peakW == peaks.max())
        #expect(first.curve.valueW(atPercent: 0) == peaks.max())
        #expect(data.top.loaded.count == 10)
        for site in data.top.loaded {
            let over = site.overload.map { Int(($0.hours * 4).rounded()) } ?? 0
            #expect(over == data.series.sites[site.site].samplesOverRating)
        }
        let hottest = try #require(data.top.hotWindow)
        #expect(hottest.hotSpotC.max() == data.series.sites[hottest.site].hotSpot.value)
        #expect(hottest.hotSpotC.count == 7 * 96)
    }

    @Test(
        "an outage of a station takes out all its EVSEs, overlapping outages count once, times beyond the run do not count"
    )
    func availability() throws {
        let (data, _) = try Self.sample { $0.days = 1 }
        let station = try #require(data.plant.stations.firstIndex { $0.evseCount == 2 })
        let evse = Double(data.plant.stations[station].firstEVSE)
        let hour = 3.6e9
        var study = OutageStudy(plant: data.plant, durationUS: 100 * hour, componentNames: ["modem"])
        let s = Double(station)
        study.add([
            [10 * hour, 20 * hour, 90 * hour, -50 * hour], [30 * hour, 40 * hour, 500 * hour, 2 * hour], [s, s, s, s],
            [-1, evse, evse + 1, evse], [0, 0, 1, 0], [1, 0, 0, 1],
        ])
        study.finish()
        #expect(abs(study.availability[Int(evse)] - 0.68) < 1e-12)
        #expect(abs(study.availability[Int(evse) + 1] - 0.70) < 1e-12)
        #expect(study.components.map(\.name) == ["modem", "component 1"])
        #expect(study.components[0].outages == 3 && study.components[0].fixedRemotely == 2)
        #expect(abs(study.components[0].evseHours - (40 + 20 + 2)) < 1e-9)
    }

    @Test("the audit is exact when every session is booked once, and names the site when not")
    func audit() throws {
        let (good, _) = try Self.sample()
        #expect(try #require(good.audit).discrepancies.isEmpty)
        #expect(ReportSummary(good).isAuditExact == true)
        let (bad, _) = try Self.sample { $0.lostInBooks = 3 }
        let audit = try #require(bad.audit)
        #expect(audit.discrepancies.map(\.site) == [1])
        #expect(audit.total.lost == 3 && audit.total.missingWh > 0)
        let (none, _) = try Self.sample { $0.hasAudit = false }
        #expect(none.audit == nil && ReportSummary(none).isAuditExact == nil)
    }

    @Test("what was measured and simulated is compared by bias, error and correlation")
    func comparison() {
        let pair = ComparisonStudy.Pair(real: [1, 2, 3], simulated: [2, 4, 6])
        #expect(pair.bias == 1)
        #expect(pair.meanAbsoluteError == 2)
        #expect(abs(pair.correlation - 1) < 1e-12)
        #expect(ComparisonStudy.Pair(real: [1, 1], simulated: [1, 2]).correlation.isNaN)
        #expect(ComparisonStudy.Pair(real: [], simulated: []).bias.isNaN)
    }

    @Test("a day profile holds each quarter of an hour's own spread")
    func dayProfile() throws {
        let (data, truth) = try Self.sample()
        let profile = DayProfile(truth.networkW, facts: data.facts, weekdays: 0..<7)
        #expect(profile.slotMinutes == 15)
        let noon = stride(from: 48, to: truth.networkW.count, by: 96).map { truth.networkW[$0] }
        #expect(profile.highest[48] == noon.max())
        #expect(abs(profile.mean[48] - noon.reduce(0, +) / 8) < 1e-6)
        #expect(profile.p5[48] == Quantile.of(noon, [0.05])[0])
    }

    @Test("sites with the same name are told apart by their ids")
    func names() throws {
        let (data, _) = try Self.sample { $0.sites = 40 }
        #expect(Set(data.plant.sites.map(\.label)).count == 40)
    }
}
