import Foundation
import Telemetry

/// The report of a run: one page, written from the telemetry file alone.
///
/// The same file gives the same page, byte for byte, as long as the chart library is the same.
public enum Report {
    /// Reads a telemetry file and writes the page.
    ///
    /// The page contains everything it needs. Charts are drawn by Chart.js from the Debian package `libjs-chart.js`, or from the file
    /// that the environment variable `EVTWIN_CHART_JS` names; without it the page has its tables and says which package is missing.
    /// - Parameters:
    ///   - path: a telemetry file, finished or cut short.
    ///   - htmlPath: the page to write; an older one is replaced when the new one is complete.
    /// - Returns: the headline figures, so that a caller need not read the file twice.
    /// - Throws: when the file cannot be read or the page cannot be written.
    @discardableResult
    public static func write(telemetry path: String, to htmlPath: String) throws(ReportError) -> ReportSummary {
        let data = try ReportData.read(path: path)
        let page = Page(data: data, library: ChartLibrary.find()).html
        do {
            try Data(page.utf8).write(to: URL(fileURLWithPath: htmlPath), options: .atomic)
        } catch {
            throw ReportError(
                path: htmlPath, problem: "the report cannot be written: \(FileFailure.words(error))",
                fix: "choose a directory that exists, may be written to and has space left", isBadInput: false)
        }
        return ReportSummary(data)
    }

    /// The headline figures of a telemetry file, without writing a page.
    /// - Throws: when the file cannot be read.
    public static func summary(telemetry path: String) throws(ReportError) -> ReportSummary {
        ReportSummary(try ReportData.read(path: path))
    }

    /// How to get charts into the page; nil when the chart library is installed.
    public static func missingChartsAdvice() -> String? {
        ChartLibrary.find() == nil ? "the report has tables but no charts: \(ChartLibrary.advice)" : nil
    }
}
