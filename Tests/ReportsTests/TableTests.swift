import Foundation
import Testing

@testable import Reports

@Suite("Tables as files")
struct TableTests {
    private static func lines(_ table: Table) -> [String] {
        CSV(table).text.split(separator: "\r\n").map { String($0) }
    }

    @Test("cells become plain numbers, and the head names the unit")
    func numbers() {
        let table = Table(
            "T", [.text("Site"), .number("Peak", "kW"), .number("Share"), .number("Wait"), .number("Mixed")],
            rows: [
                ["A, \"B\"", "1,234.5", "12.3\u{A0}%", "90\u{A0}s", "1.50\u{A0}MWh"],
                ["C", "\u{2212}7", "\u{2013}", "2.0\u{A0}h", "12\u{A0}%"],
                ["D", "", "0.1\u{A0}%", "", "Mon 6 Jan 2025, 14:00"],
            ])
        #expect(
            Self.lines(table) == [
                "Site,Peak (kW),Share (%),Wait (s),Mixed,Unit", "\"A, \"\"B\"\"\",1234.5,12.3,90,1.50,MWh",
                "C,-7,,7200,12,%", "D,,0.1,,\"Mon 6 Jan 2025, 14:00\",",
            ])
    }

    @Test("energies and powers of a column get one unit")
    func scales() {
        let table = Table("T", [.text("Q"), .number("Load")], rows: [["a", "999\u{A0}kW"], ["b", "1.25\u{A0}MW"]])
        #expect(Self.lines(table) == ["Q,Load (kW)", "a,999", "b,1250"])
    }

    @Test("the link holds the whole file, without a server")
    func link() throws {
        let table = Table("Load, by day: °C", [.text("Ä"), .number("n")], rows: [["<&\"", "1"]])
        #expect(CSV.fileName(table.caption) == "load-by-day-c.csv")
        #expect(CSV.fileName("°") == "table.csv")
        let uri = try #require(table.downloadLink.firstMatch(of: /href="data:text\/csv;charset=utf-8,([^"]*)"/)?.1)
        #expect(uri.hasPrefix("%EF%BB%BF"))
        #expect(String(uri.dropFirst(9)).removingPercentEncoding == CSV(table).text)
    }

    @Test("every table of the page can be downloaded, heat maps included")
    func everyTable() throws {
        var plan = SamplePlan()
        plan.sites = 14
        plan.days = 8
        plan.hasComparison = true
        plan.hasMessages = true
        try TemporaryFile.with("h5") { path in
            _ = try SampleFile.write(plan, to: path)
            let data = try ReportData.read(path: path)
            let html = Page(data: data, library: nil).html
            let tables = html.components(separatedBy: "<div class=\"scroll\"").count - 1
            let maps = html.components(separatedBy: "<table class=\"heat ").count - 1 - 1  // the first is there twice
            let links = html.components(separatedBy: "<a download=\"").count - 1
            #expect(tables > 20 && maps > 1)
            #expect(links == tables + maps)
        }
    }
}
