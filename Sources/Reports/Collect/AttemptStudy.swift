/// `/failed_attempts` beside `/sessions` and `/lost_drivers`: how drivers fared who plugged in.
///
/// A visit is a driver at a site; an attempt is one plug-in there.
/// - Source: ChargeX customer-focused KPIs, as in domain.md section 5.4.
struct AttemptStudy: Sendable {
    /// First attempts at equipment of one age.
    struct AgeBand: Sendable {
        /// From this age to the next band's, years.
        let fromY: Double
        var isDC: Bool
        var stations = 0
        var firstAttempts = 0
        var succeeded = 0
    }
    static let edgesY = [0.0, 1, 2, 3, 5]

    private(set) var sessions = 0
    private(set) var sessionsAtFirst = 0
    /// Sessions that ended as the driver, the vehicle or the target wanted.
    private(set) var sessionsAsIntended = 0
    private(set) var failed = 0
    /// Visits without a charge: of drivers who tried, and of all.
    private(set) var lostAfterAttempts = 0
    private(set) var lost = 0
    private(set) var failures: [Int] = []
    private(set) var failureNames: [String] = []
    private(set) var bands: [AgeBand] = []

    static func read(_ file: TelemetryFile, plant: Plant) throws(ReportError) -> AttemptStudy {
        var study = AttemptStudy()
        guard file.hasTable("failed_attempts"), file.hasColumn("sessions", "attempts"),
            file.hasColumn("lost_drivers", "attempts"), file.hasColumn("stations", "age_years")
        else { return study }
        let ages = try file.numbers("stations", "age_years")
        let bandOf = plant.stations.indices.map { s -> Int in
            let k = edgesY.lastIndex { $0 <= ages[s] } ?? 0
            return plant.stations[s].isDC ? edgesY.count + k : k
        }
        study.bands = [false, true].flatMap { isDC in edgesY.map { AgeBand(fromY: $0, isDC: isDC) } }
        for band in bandOf { study.bands[band].stations += 1 }
        let intended = try file.flagMeanings("sessions", "end_reason").map {
            ["target_reached", "driver_left", "battery_full"].contains($0)
        }
        study.failureNames = try file.flagMeanings("failed_attempts", "failure")
        try file.forEachBlock("sessions", columns: ["station", "attempts", "end_reason"]) { block in
            for row in 0..<(block.first?.count ?? 0) {
                study.sessions += 1
                let reason = Int(code: block[2][row])
                if intended.indices.contains(reason), intended[reason] { study.sessionsAsIntended += 1 }
                let station = Int(code: block[0][row])
                guard block[1][row] == 1 else { continue }
                study.sessionsAtFirst += 1
                guard bandOf.indices.contains(station) else { continue }
                study.bands[bandOf[station]].firstAttempts += 1
                study.bands[bandOf[station]].succeeded += 1
            }
        }
        try file.forEachBlock("failed_attempts", columns: ["station", "number", "failure"]) { block in
            for row in 0..<(block.first?.count ?? 0) {
                study.failed += 1
                SessionStudy.count(Int(code: block[2][row]), in: &study.failures)
                let station = Int(code: block[0][row])
                guard block[1][row] == 1, bandOf.indices.contains(station) else { continue }
                study.bands[bandOf[station]].firstAttempts += 1
            }
        }
        try file.forEachBlock("lost_drivers", columns: ["attempts"]) { block in
            for row in 0..<(block.first?.count ?? 0) {
                study.lost += 1
                if block[0][row] > 0 { study.lostAfterAttempts += 1 }
            }
        }
        return study
    }

    /// Visits with an attempt.
    var triedVisits: Int { sessions + lostAfterAttempts }
    /// Visits that charged at the first attempt, of those with an attempt.
    var firstAttemptSuccess: Double { Self.share(sessionsAtFirst, triedVisits) }
    /// Visits that charged at any attempt, of those with one, and of all.
    var triedVisitSuccess: Double { Self.share(sessions, triedVisits) }
    var visitSuccess: Double { Self.share(sessions, sessions + lost) }
    /// Sessions that started and ended as intended, of all attempts.
    var sessionSuccess: Double { Self.share(sessionsAsIntended, sessions + failed) }

    static func share(_ part: Int, _ whole: Int) -> Double { whole == 0 ? .nan : Double(part) / Double(whole) }
}
