import Foundation
import Telemetry
import Testing

@testable import Reports

@Suite("Report page")
struct PageTests {
    private static let library = ChartLibrary(path: "x", source: "/*! Chart.js v3.9.1 */ var s='</script>';")

    private static func data(_ change: (inout SamplePlan) -> Void = { _ in }) throws -> ReportData {
        var plan = SamplePlan()
        plan.sites = 14
        plan.days = 8
        change(&plan)
        return try TemporaryFile.with("h5") { path in
            _ = try SampleFile.write(plan, to: path)
            return try ReportData.read(path: path)
        }
    }

    @Test("the page has every study, and its tags balance")
    func sections() throws {
        let html = Page(
            data: try Self.data {
                $0.hasComparison = true
                $0.hasMessages = true
            }, library: Self.library
        ).html
        for id in [
            "load", "sites", "transformers", "utilization", "sessions", "waiting", "availability", "audit", "alarms",
            "comparison", "run",
        ] { #expect(html.contains("<section id=\"\(id)\">") && html.contains("href=\"#\(id)\""), "\(id)") }
        for tag in [
            "section", "figure", "table", "tr", "details", "div", "script", "main", "nav", "header", "ul", "dl",
            "tbody",
        ] {
            let opened =
                html.components(separatedBy: "<\(tag) ").count + html.components(separatedBy: "<\(tag)>").count - 2
            #expect(opened == html.components(separatedBy: "</\(tag)>").count - 1, "\(tag)")
        }
    }

    @Test("every chart's data is JSON, has as many values as places, and a table behind it")
    func charts() throws {
        let html = Page(data: try Self.data { $0.hasComparison = true }, library: Self.library).html
        let figures = html.components(separatedBy: "<figure ").dropFirst().filter { $0.contains("<canvas") }
        #expect(figures.count > 15)
        for figure in figures {
            let tail = try #require(figure.components(separatedBy: "<script type=\"application/json\">").last)
            let json = try #require(tail.components(separatedBy: "</script>").first)
            let views = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
            for view in views {
                for series in try #require(view["series"] as? [[String: Any]]) {
                    let places = (series["x"] ?? view["labels"] ?? view["x"]) as? [Any]
                    #expect(places?.count == (series["v"] as? [Any])?.count)
                    #expect(places?.isEmpty == false)
                }
            }
            #expect(figure.contains("<details><summary>Table</summary>") && figure.contains("<tbody>\n<tr>"))
        }
    }

    @Test("the page loads nothing from anywhere")
    func selfContained() throws {
        let html = Page(data: try Self.data(), library: Self.library).html
        #expect(html.contains("default-src 'none'"))
        for outside in [" src=", "url(", "@import", "<link", "http://", "https://"] {
            #expect(!html.contains(outside), "\(outside)")
        }
    }

    @Test("texts of a world cannot become markup")
    func hostile() throws {
        let html = Page(
            data: try Self.data {
                $0.name = "<img onerror=x>"
                $0.description = "</p><script>alert(1)</script>"
                $0.worldText = "</pre><script>alert(2)</script>"
            }, library: Self.library
        ).html
        #expect(!html.contains("<img") && !html.contains("<script>alert"))
        #expect(html.contains("&lt;script&gt;alert(2)"))
        #expect(html.contains("var s='<\\/script>'"))
    }

    @Test("without the chart library the page has its tables and names the package")
    func noLibrary() throws {
        let html = Page(data: try Self.data(), library: nil).html
        #expect(html.contains("apt-get install libjs-chart.js") && html.contains("class=\"tables\""))
        #expect(html.contains("<table>") && !html.contains("<script>"))
    }

    @Test("the same file gives the same page, byte for byte")
    func repeatable() throws {
        var plan = SamplePlan()
        plan.sites = 10
        plan.days = 3
        try TemporaryFile.with("h5") { path in
            _ = try SampleFile.write(plan, to: path)
            let pages = try (0..<2).map { _ in
                try TemporaryFile.with("html") { html in
                    try Report.write(telemetry: path, to: html)
                    return try Data(contentsOf: URL(fileURLWithPath: html))
                }
            }
            #expect(pages[0] == pages[1])
        }
    }

    @Test("a run that ended early says so, and one that wrote nothing yet still has a page")
    func early() throws {
        #expect(
            Page(data: try Self.data { $0.isComplete = false }, library: nil).html.contains("it was interrupted"))
        let empty = try Self.data {
            $0.days = 0
            $0.isComplete = false
        }
        #expect(empty.series.sampleCount == 0)
        #expect(Page(data: empty, library: nil).html.contains("<section id=\"run\">"))
        #expect(!ReportSummary(empty).text.isEmpty)
    }

    @Test("a file whose writer never finished is reported as far as it goes")
    func killed() throws {
        let plan = SamplePlan()
        let sites = (0..<3).map { SampleSite(index: $0, plan: plan) }
        try TemporaryFile.with("h5") { path in
            var writer: TelemetryWriter? = try TelemetryWriter(path: path, layout: SampleLayout.layout(plan, sites))
            let block = [[Float]](
                repeating: [Float](repeating: 1000, count: 96 * 3), count: SampleLayout.variables.count)
            try writer?.append(series: 0, firstSample: 0, sampleCount: 96, values: block)
            _ = try writer?.position()
            writer = nil
            let summary = try Report.summary(telemetry: path)
            #expect(summary.days == 1 && summary.peakKW == 3 && !summary.isComplete)
        }
    }

    @Test("one site for one day, without transformers, is enough")
    func smallest() throws {
        let data = try Self.data {
            $0.sites = 1
            $0.days = 1
            $0.hasTransformers = false
        }
        let html = Page(data: data, library: Self.library).html
        #expect(!html.contains("<section id=\"transformers\">") && html.contains("<section id=\"load\">"))
    }

    @Test("what cannot be read or written is an error that says which file and what to do")
    func errors() throws {
        #expect(throws: ReportError.self) { try Report.summary(telemetry: "/nonexistent/telemetry.h5") }
        try TemporaryFile.with("h5") { path in
            try Data("no HDF5 file".utf8).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: ReportError.self) { try Report.summary(telemetry: path) }
            #expect(error?.path == path && error?.fix.isEmpty == false)
        }
        try TemporaryFile.with("h5") { path in
            var plan = SamplePlan()
            plan.sites = 2
            plan.days = 1
            _ = try SampleFile.write(plan, to: path)
            let error = #expect(throws: ReportError.self) {
                try Report.write(telemetry: path, to: "/nonexistent/report.html")
            }
            #expect(error?.path == "/nonexistent/report.html")
        }
    }

    @Test("the chart library is the first file of the list that is Chart.js")
    func search() throws {
        try TemporaryFile.with("js") { wrong in
            try Data("alert(1)".utf8).write(to: URL(fileURLWithPath: wrong))
            try TemporaryFile.with("js") { right in
                try Data("/*!\n * Chart.js v4.4.0\n */".utf8).write(to: URL(fileURLWithPath: right))
                #expect(ChartLibrary.find(in: ["/nonexistent.js", wrong, right])?.path == right)
                #expect(ChartLibrary.find(in: [wrong]) == nil)
            }
        }
    }
}
