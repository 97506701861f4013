/// `/alarms`: how many of each kind, when and where.
struct AlarmStudy: Sendable {
    static let columns = ["time", "site", "kind", "value"]

    struct Kind: Sendable {
        let name: String
        var count = 0
        var first = Double.infinity
        var last = -Double.infinity
        var greatest = Peak()
        var ofSite: [Int]
    }
    private(set) var kinds: [Kind] = []
    private let siteCount: Int
    private let endUS: Double

    /// - Parameter endUS: later alarms are left out, microseconds.
    init(siteCount: Int, kindNames: [String], endUS: Double = .infinity) {
        self.siteCount = siteCount
        self.endUS = endUS
        kinds = kindNames.map { Kind(name: $0, ofSite: [Int](repeating: 0, count: siteCount)) }
    }

    static func read(_ file: TelemetryFile, siteCount: Int, endUS: Double) throws(ReportError) -> AlarmStudy {
        guard file.hasTable("alarms") else { return AlarmStudy(siteCount: siteCount, kindNames: []) }
        var study = AlarmStudy(
            siteCount: siteCount, kindNames: try file.flagMeanings("alarms", "kind"), endUS: endUS)
        try file.forEachBlock("alarms", columns: columns) { study.add($0) }
        return study
    }

    var count: Int { kinds.reduce(0) { $0 + $1.count } }

    /// - Parameter block: the columns of ``columns``, in that order.
    mutating func add(_ block: [[Double]]) {
        for row in 0..<(block.first?.count ?? 0) {
            let code = Int(code: block[2][row])
            guard code >= 0 && code < 1000, block[0][row] <= endUS else { continue }
            while kinds.count <= code {
                kinds.append(Kind(name: "kind \(kinds.count)", ofSite: [Int](repeating: 0, count: siteCount)))
            }
            kinds[code].count += 1
            kinds[code].first = min(kinds[code].first, block[0][row])
            kinds[code].last = max(kinds[code].last, block[0][row])
            let site = Int(code: block[1][row])
            kinds[code].greatest.see(block[3][row], sample: site)
            if site >= 0 && site < siteCount { kinds[code].ofSite[site] += 1 }
        }
    }
}

/// `/messages`: OCPP traffic by action; empty unless the world asked for it.
struct MessageStudy: Sendable {
    static let columns = ["action", "round_trip_ms", "time"]

    private(set) var names: [String] = []
    /// Messages of each action, and their round trips, ms.
    private(set) var counts: [Int] = []
    private(set) var roundTrips: [Distribution] = []
    private let endUS: Double

    /// - Parameter endUS: later messages are left out, microseconds.
    init(endUS: Double) { self.endUS = endUS }

    static func read(_ file: TelemetryFile, endUS: Double) throws(ReportError) -> MessageStudy {
        var study = MessageStudy(endUS: endUS)
        guard file.hasTable("messages"), try file.rowCount("messages") > 0 else { return study }
        study.names = try file.flagMeanings("messages", "action")
        try file.forEachBlock("messages", columns: columns) { study.add($0) }
        return study
    }

    var count: Int { counts.reduce(0, +) }

    /// - Parameter block: the columns of ``columns``, in that order.
    mutating func add(_ block: [[Double]]) {
        for row in 0..<(block.first?.count ?? 0) {
            let action = Int(code: block[0][row])
            guard action >= 0 && action < 1000, block[2][row] <= endUS else { continue }
            SessionStudy.count(action, in: &counts)
            while roundTrips.count <= action { roundTrips.append(Distribution()) }
            roundTrips[action].add(block[1][row])
        }
    }
}
