/// Drivers who left a site without a charge: why, where, when, and who drove on to another site.
struct LostDriverStudy: Sendable {
    static let columns = ["time", "site", "reason", "queued_s", "drove_on"]

    private(set) var reasonNames: [String] = []
    /// By reason: gone for good, driven on to another site.
    private(set) var gone: [Int] = []
    private(set) var droveOn: [Int] = []
    private(set) var goneOfSite: [Int]
    private(set) var droveOnOfSite: [Int]
    /// Gone for good by hour of the day.
    private(set) var goneByHour = [Int](repeating: 0, count: 24)
    /// How long those who queued had done so before they left, s.
    private(set) var queues = Distribution()
    private let clock: RunClock
    private let endUS: Double

    /// - Parameter endUS: drivers who left later are left out, microseconds.
    init(siteCount: Int, clock: RunClock, endUS: Double) {
        self.endUS = endUS
        goneOfSite = [Int](repeating: 0, count: siteCount)
        droveOnOfSite = goneOfSite
        self.clock = clock
    }

    static func read(
        _ file: TelemetryFile, siteCount: Int, clock: RunClock, endUS: Double
    ) throws(ReportError) -> LostDriverStudy {
        var study = LostDriverStudy(siteCount: siteCount, clock: clock, endUS: endUS)
        guard file.hasTable("lost_drivers") else { return study }
        study.reasonNames = try file.flagMeanings("lost_drivers", "reason")
        try file.forEachBlock("lost_drivers", columns: columns) { study.add($0) }
        return study
    }

    var goneCount: Int { gone.reduce(0, +) }
    var droveOnCount: Int { droveOn.reduce(0, +) }

    /// - Parameter block: the columns of ``columns``, in that order.
    mutating func add(_ block: [[Double]]) {
        for row in 0..<(block.first?.count ?? 0) {
            let site = Int(code: block[1][row])
            let reason = Int(code: block[2][row])
            let queuedS = block[3][row]
            guard block[0][row] <= endUS else { continue }
            if queuedS >= SessionStudy.queueThresholdS { queues.add(queuedS) }
            if block[4][row] != 0 {
                SessionStudy.count(reason, in: &droveOn)
                if droveOnOfSite.indices.contains(site) { droveOnOfSite[site] += 1 }
            } else {
                SessionStudy.count(reason, in: &gone)
                if goneOfSite.indices.contains(site) { goneOfSite[site] += 1 }
                goneByHour[clock.minuteOfDay(Int64(microseconds: block[0][row])) / 60] += 1
            }
        }
    }
}
