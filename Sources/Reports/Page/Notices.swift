/// What a reader must know before any figure: parts of the run that are missing, charts that cannot be drawn.
enum Notices {
    static func html(_ data: ReportData, library: ChartLibrary?) -> String {
        var text = ""
        for line in ending(data) { text += notice(line) }
        if library == nil {
            text += notice(
                "No charts: Chart.js was not found. To get them, \(ChartLibrary.advice). All tables are here.")
        }
        if library != nil { text += "<noscript>\(notice("Charts need JavaScript. All tables are here."))</noscript>" }
        return text
    }

    /// Sentences on a run that is not whole; none for one that is.
    static func ending(_ data: ReportData) -> [String] {
        let extent = data.extent
        let planned = data.facts.days * 86_400
        let shown = extent.endUS / 1e6
        let end = data.facts.clock.text(Int64(extent.endUS))
        let length = "\(Format.duration(seconds: shown)) of \(Format.duration(seconds: planned))"
        switch extent.ending {
        case .complete:
            guard shown < planned else { return [] }
            return [
                "The run is not a whole number of telemetry intervals: every table and series is cut to \(end), the end of "
                    + "the last whole interval."
            ]
        case .stopped:
            return ["Partial run: it was interrupted. Every table and series is cut to \(end) (\(length))."]
        case .killed:
            var lines = [
                "Partial run: it ended without closing its file. Every table and series is cut to \(end) (\(length)), the "
                    + "time up to which all of them were written."
            ]
            if !extent.missing.isEmpty {
                let names = extent.missing.map { $0.replacing("_", with: " ") }.joined(separator: ", ")
                lines.append("Not in the file: \(names). Figures that need them are left out.")
            }
            return lines
        }
    }

    private static func notice(_ text: String) -> String {
        "<p class=\"notice\" role=\"note\">\(HTML.escape(text))</p>\n"
    }
}
