import Foundation
import Telemetry
import Testing

@testable import Reports

@Suite("Partial files")
struct ExtentTests {
    private static let day = 86_400_000_000.0
    /// Rows of a table that reach the file without its being closed.
    private static let chunkRows = 8192

    /// A file that its writer never closed: `days` of series, and `perDay` sessions a day.
    private static func killed(days: Int, perDay: Int, _ body: (String) throws -> Void) throws {
        let plan = SamplePlan()
        let sites = (0..<2).map { SampleSite(index: $0, plan: plan) }
        try TemporaryFile.with("h5") { path in
            var writer: TelemetryWriter? = try TelemetryWriter(path: path, layout: SampleLayout.layout(plan, sites))
            for day in 0..<days {
                let block = [[Float]](
                    repeating: [Float](repeating: 1000, count: 96 * 2), count: SampleLayout.variables.count)
                try writer?.append(series: 0, firstSample: day * 96, sampleCount: 96, values: block)
                let visits = (0..<perDay).map { index in
                    let start = (Double(day) + Double(index) / Double(perDay) * 0.9) * 86_400
                    return SampleSite.Visit(
                        evse: 0, arrival: start, plugIn: start + 60, chargeEnd: start + 1800, unplug: start + 2000,
                        energyWh: 1000, powerW: 2000, vehicle: 0, endReason: 0)
                }
                let place = SampleRows.Place(site: 0, firstStation: 0, firstEVSE: 0, evsesOfStation: 1)
                if let writer { try SampleRows.append(visits, place, to: writer) }
            }
            _ = try writer?.position()
            writer = nil
            try body(path)
        }
    }

    @Test("tables and series of a killed run are cut to the time that all of them hold")
    func cut() throws {
        // 8192 rows are 8 days and 192 rows: the ninth day is not whole.
        try Self.killed(days: 12, perDay: 1000) { path in
            let data = try ReportData.read(path: path)
            #expect(data.extent.ending == .killed && data.extent.isCut)
            #expect(data.extent.endUS == 8 * Self.day && data.series.sampleCount == 8 * 96)
            #expect(data.sessions.count == 8000)
            #expect(data.extent.missing == ["lost_drivers", "outages", "alarms"])
            let html = Page(data: data, library: nil).html
            #expect(html.contains("Partial run") && html.contains("Not in the file: lost drivers, outages, alarms"))
            #expect(!html.contains("<section id=\"availability\">"))
            #expect(ReportSummary(data).availability.isNaN)
        }
    }

    @Test("a table of which nothing was written is missing, not empty")
    func missing() throws {
        try Self.killed(days: 3, perDay: 10) { path in
            let data = try ReportData.read(path: path)
            #expect(data.extent.endUS == 3 * Self.day)
            #expect(!data.extent.has("sessions") && data.sessions.count == 0)
            #expect(!Page(data: data, library: nil).html.contains("<section id=\"sessions\">"))
        }
    }

    @Test("rows after the last whole interval do not count")
    func lastInterval() throws {
        let plan = SamplePlan()
        let sites = [SampleSite(index: 0, plan: plan)]
        try TemporaryFile.with("h5") { path in
            let writer = try TelemetryWriter(path: path, layout: SampleLayout.layout(plan, sites))
            let block = [[Float]](repeating: [Float](repeating: 1000, count: 40), count: SampleLayout.variables.count)
            try writer.append(series: 0, firstSample: 0, sampleCount: 40, values: block)
            let visits = [9.0, 10, 10.1].map { hour in
                SampleSite.Visit(
                    evse: 0, arrival: 0, plugIn: 60, chargeEnd: 120, unplug: hour * 3600, energyWh: 1, powerW: 1,
                    vehicle: 0,
                    endReason: 0)
            }
            try SampleRows.append(
                visits, SampleRows.Place(site: 0, firstStation: 0, firstEVSE: 0, evsesOfStation: 1), to: writer)
            try writer.finish(attributes: [("complete", .int(0)), ("digest", .text("00000000000000aa"))])
            let data = try ReportData.read(path: path)
            #expect(data.extent.ending == .stopped && data.extent.endUS == 10 * 3.6e9)
            #expect(data.sessions.count == 2)
            #expect(
                Notices.ending(data) == [
                    "Partial run: it was interrupted. Every table and series is cut to Mon 6 Jan 2025, 10:00 (10.0\u{A0}h of "
                        + "14\u{A0}days)."
                ])
        }
    }
}
