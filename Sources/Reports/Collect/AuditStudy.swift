/// `/audit`: the books of the CSMS against the truth of the twin, one row a site.
struct AuditStudy: Sendable {
    static let columns = [
        "site", "sessions_true", "sessions_booked", "sessions_lost", "sessions_doubled", "sessions_wrong",
        "sessions_pending", "energy_true_wh", "energy_booked_wh", "energy_pending_wh",
    ]
    /// Energies closer than this per session are the same, Wh: registers count in steps.
    static let toleranceWhPerSession = 0.001

    struct Row: Sendable {
        var site = -1
        var sessionsTrue = 0.0
        var booked = 0.0
        var lost = 0.0
        var doubled = 0.0
        var wrong = 0.0
        var pending = 0.0
        var energyTrueWh = 0.0
        var energyBookedWh = 0.0
        var energyPendingWh = 0.0

        /// What is neither booked nor on its way, Wh.
        var missingWh: Double { energyTrueWh - energyBookedWh - energyPendingWh }
        /// Whether the books show every session once with its energy.
        var isExact: Bool {
            lost == 0 && doubled == 0 && wrong == 0
                && abs(missingWh) <= AuditStudy.toleranceWhPerSession * max(1, sessionsTrue)
        }
    }

    private(set) var total = Row()
    /// Sites whose books are not exact, worst first.
    private(set) var discrepancies: [Row] = []
    private(set) var siteCount = 0

    /// - Returns: nil when the run had no CSMS, or ended before the audit.
    static func read(_ file: TelemetryFile) throws(ReportError) -> AuditStudy? {
        guard file.hasTable("audit"), try file.rowCount("audit") > 0 else { return nil }
        var study = AuditStudy()
        try file.forEachBlock("audit", columns: columns) { study.add($0) }
        study.discrepancies.sort { ($0.lost + $0.doubled + $0.wrong) > ($1.lost + $1.doubled + $1.wrong) }
        return study
    }

    /// - Parameter block: the columns of ``columns``, in that order.
    mutating func add(_ block: [[Double]]) {
        for row in 0..<(block.first?.count ?? 0) {
            let values = block.map { $0[row] }
            let site = Row(
                site: Int(code: values[0]), sessionsTrue: values[1], booked: values[2], lost: values[3],
                doubled: values[4],
                wrong: values[5], pending: values[6], energyTrueWh: values[7], energyBookedWh: values[8],
                energyPendingWh: values[9])
            siteCount += 1
            total.sessionsTrue += site.sessionsTrue
            total.booked += site.booked
            total.lost += site.lost
            total.doubled += site.doubled
            total.wrong += site.wrong
            total.pending += site.pending
            total.energyTrueWh += site.energyTrueWh
            total.energyBookedWh += site.energyBookedWh
            total.energyPendingWh += site.energyPendingWh
            if !site.isExact { discrepancies.append(site) }
        }
    }
}
