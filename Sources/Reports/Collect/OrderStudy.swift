/// `/orders`: what the CSMS ordered, and what came of it.
struct OrderStudy: Sendable {
    struct Rule: Sendable {
        var action: String
        var occasion: String
        /// By code of the column `outcome`.
        var counts: [Int]
        /// Seconds from order to answer, of those answered.
        var answerS: [Double] = []

        var given: Int { counts.reduce(0, +) }
    }

    /// Meanings of the codes of `outcome`.
    let outcomes: [String]
    private(set) var rules: [Rule]
    /// Remote starts accepted, become transactions, and expired without one.
    private(set) var remoteStarts = (accepted: 0.0, started: 0.0, expired: 0.0)

    /// - Returns: nil when the CSMS of the world orders nothing.
    static func read(_ file: TelemetryFile) throws(ReportError) -> OrderStudy? {
        guard file.hasTable("order_rules"), file.hasTable("orders") else { return nil }
        let actions = try file.texts("order_rules", "action")
        let occasions = try file.texts("order_rules", "occasion")
        let outcomes = try file.flagMeanings("orders", "outcome")
        var study = OrderStudy(
            outcomes: outcomes,
            rules: actions.indices.map {
                Rule(
                    action: actions[$0], occasion: occasions[$0],
                    counts: Array(repeating: 0, count: outcomes.count))
            })
        guard try file.rowCount("orders") > 0 else { return study }
        try file.forEachBlock("orders", columns: ["time", "end_time", "rule", "outcome"]) { study.add($0) }
        for index in study.rules.indices { study.rules[index].answerS.sort() }
        guard file.hasTable("remote_starts"), try file.rowCount("remote_starts") > 0 else { return study }
        try file.forEachBlock("remote_starts", columns: ["accepted", "started", "expired"]) { block in
            study.remoteStarts.accepted += block[0].reduce(0, +)
            study.remoteStarts.started += block[1].reduce(0, +)
            study.remoteStarts.expired += block[2].reduce(0, +)
        }
        return study
    }

    private mutating func add(_ block: [[Double]]) {
        for row in 0..<(block.first?.count ?? 0) {
            let rule = Int(code: block[2][row])
            let outcome = Int(code: block[3][row])
            guard rules.indices.contains(rule), outcomes.indices.contains(outcome) else { continue }
            rules[rule].counts[outcome] += 1
            if ["accepted", "rejected", "refused"].contains(outcomes[outcome]) {
                rules[rule].answerS.append((block[1][row] - block[0][row]) / 1e6)
            }
        }
    }

    /// How many orders ended so, over all rules.
    func count(_ outcome: String) -> Int {
        guard let code = outcomes.firstIndex(of: outcome) else { return 0 }
        return rules.reduce(0) { $0 + $1.counts[code] }
    }
    var given: Int { rules.reduce(0) { $0 + $1.given } }
}
