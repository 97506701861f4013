/// How far a telemetry file goes: the time up to which every table and series is there.
///
/// A run that was stopped closes its file, and all of it ends where the run did. One that was killed leaves whole chunks:
/// series in steps of a day, tables in steps of some thousand rows. What lies beyond the common time is left out, so that
/// totals of tables and series agree; a table of which not one chunk was written is missing.
struct RunExtent: Sendable {
    /// Tables that grow with the run, and the column by whose time their rows were written.
    static let tables = [
        ("sessions", "unplug_time"), ("lost_drivers", "time"), ("outages", "end_time"), ("alarms", "time"),
        ("messages", "time"),
    ]
    private static let dayUS = 86_400_000_000.0

    /// Why the file holds less than the run that was asked for.
    enum Ending: Sendable {
        case complete
        /// By Ctrl-C or SIGTERM.
        case stopped
        /// Without a chance to close the file.
        case killed
    }

    let ending: Ending
    /// Finished intervals of the series that are used.
    let sampleCount: Int
    /// End of the last of them, microseconds.
    let endUS: Double
    /// Rows or samples beyond the end were left out.
    let isCut: Bool
    /// Tables that a killed run has kept to itself.
    let missing: [String]

    init(_ file: TelemetryFile, facts: RunFacts) throws(ReportError) {
        let written = try file.sampleCount()
        let intervalUS = Double(facts.intervalS) * 1e6
        ending = facts.isComplete ? .complete : facts.isClosed ? .stopped : .killed
        var end = Double(written) * intervalUS
        var missing: [String] = []
        if ending == .killed {
            for (table, column) in Self.tables where file.hasTable(table) {
                let count = try file.rowCount(table)
                if count == 0 {
                    // Messages are recorded on demand only.
                    if table != "messages" { missing.append(table) }
                    continue
                }
                // Rows come day by day, site after site: the day of the last row may not be whole.
                let last = try file.numbers(table, column, rows: (count - 1)..<count)[0]
                end = min(end, ((last - 1) / Self.dayUS).rounded(.down) * Self.dayUS)
            }
        }
        sampleCount = max(0, min(written, Int(end / intervalUS)))
        endUS = Double(sampleCount) * intervalUS
        self.missing = missing
        isCut = ending == .killed && (sampleCount < written || !missing.isEmpty)
    }

    func has(_ table: String) -> Bool { !missing.contains(table) }
    /// Whether a row of that time is used.
    func holds(_ time: Double) -> Bool { time <= endUS }
}
