/// `/outages`: availability of every EVSE, and what each component cost.
///
/// An EVSE is out of service while an outage with the effect `service` or `power` covers it, whatever the cause; broken payment
/// terminals, lost links and ports that nobody knows to be dead are outages of another effect.
struct OutageStudy: Sendable {
    static let columns = ["start_time", "end_time", "station", "evse", "component", "remote", "site"]
    static let moreColumns = [
        "effect", "exclusion", "open", "detection_s", "preparation_s", "crew_wait_s", "travel_s", "work_s",
    ]

    /// What one kind of component did to the network.
    struct Component: Sendable {
        let name: String
        var outages = 0
        /// Hours of EVSEs out of service; an outage of a whole station counts for each of its EVSEs.
        var evseHours = 0.0
        /// Hours of EVSEs under an outage of another effect.
        var otherHours = 0.0
        var fixedRemotely = 0
        var open = 0
        /// Lengths of the outages that are over, h.
        var lengths = Distribution()
        var visits = VisitTimes()
    }

    /// Mean parts of repairs on site, h.
    struct VisitTimes: Sendable {
        var count = 0
        private(set) var sums = [Double](repeating: 0, count: 5)

        /// Notice, preparation, wait for a crew, drive, work, s.
        mutating func add(_ seconds: [Double]) {
            count += 1
            for part in sums.indices { sums[part] += seconds[part] }
        }
        static func += (a: inout VisitTimes, b: VisitTimes) {
            a.count += b.count
            for part in a.sums.indices { a.sums[part] += b.sums[part] }
        }
        var meansH: [Double] { sums.map { count == 0 ? .nan : $0 / Double(count) / 3600 } }
    }

    private(set) var components: [Component] = []
    private(set) var outageCount = 0
    private(set) var openCount = 0
    private(set) var visits = VisitTimes()
    /// Share of the run in which each EVSE was in service, 0 ... 1 (overlapping outages count once).
    private(set) var availability: [Double]
    /// The same without what 23 CFR 680.116(b) excludes; without hidden conditions; and the share in which its station had
    /// power and link.
    private(set) var neviUptime: [Double]
    private(set) var workingShare: [Double]
    private(set) var heartbeatUptime: [Double]
    private(set) var attempts: AttemptStudy
    /// The run as far as the file goes, microseconds.
    let durationUS: Double

    private struct Interval {
        var evse: Int32
        var effect: Effect
        var isExcluded: Bool
        var start: Double
        var end: Double
    }
    private enum Effect { case service, power, link, hidden, other }
    private var intervals: [Interval] = []
    private var effects: [Effect] = [.service]
    private let firstEVSE: [Int]
    private let evsesOfStation: [Int]
    private var evsesOfSite: [Range<Int>]

    init(plant: Plant, durationUS: Double, componentNames: [String]) {
        self.durationUS = durationUS
        availability = [Double](repeating: 1, count: plant.evseCount)
        neviUptime = availability
        workingShare = availability
        heartbeatUptime = availability
        attempts = AttemptStudy()
        firstEVSE = plant.stations.map(\.firstEVSE)
        evsesOfStation = plant.stations.map(\.evseCount)
        evsesOfSite = plant.sites.map { _ in 0..<0 }
        for station in plant.stations where plant.sites.indices.contains(station.site) {
            let old = evsesOfSite[station.site]
            let first = old.isEmpty ? station.firstEVSE : old.lowerBound
            evsesOfSite[station.site] = first..<max(first, station.firstEVSE + station.evseCount)
        }
        components = componentNames.map { Component(name: $0) }
    }

    static func read(
        _ file: TelemetryFile, plant: Plant, durationUS: Double
    ) throws(ReportError) -> OutageStudy {
        guard file.hasTable("outages") else {
            return OutageStudy(plant: plant, durationUS: durationUS, componentNames: [])
        }
        let names = try file.flagMeanings("outages", "component")
        var study = OutageStudy(plant: plant, durationUS: durationUS, componentNames: names)
        var wanted = columns
        if moreColumns.allSatisfy({ file.hasColumn("outages", $0) }) {
            wanted += moreColumns
            study.effects = try file.flagMeanings("outages", "effect").map(Self.effect)
        }
        try file.forEachBlock("outages", columns: wanted) { study.add($0) }
        study.finish()
        study.attempts = try AttemptStudy.read(file, plant: plant)
        return study
    }

    private static func effect(_ name: String) -> Effect {
        switch name {
        case "service": .service
        case "power": .power
        case "link": .link
        case "hidden": .hidden
        default: .other
        }
    }

    /// Mean over all EVSEs, 0 ... 1.
    static func mean(_ shares: [Double]) -> Double {
        shares.isEmpty ? .nan : shares.reduce(0, +) / Double(shares.count)
    }
    var networkAvailability: Double { Self.mean(availability) }

    /// - Parameter block: ``columns``, and ``moreColumns`` where the file has them. Times beyond the run are cut to it.
    mutating func add(_ block: [[Double]]) {
        for row in 0..<(block.first?.count ?? 0) {
            func value(_ column: Int, _ missing: Double) -> Double {
                column < block.count ? block[column][row] : missing
            }
            let start = min(max(0, block[0][row]), durationUS)
            let written = block[1][row]
            let end = written.isNaN || written < block[0][row] ? durationUS : min(written, durationUS)
            let affected = reach(
                site: Int(code: value(6, -1)), station: Int(code: block[2][row]), evse: Int(code: block[3][row]))
            guard !affected.isEmpty else { continue }
            let code = Int(code: value(7, 0))
            let effect = effects.indices.contains(code) ? effects[code] : .other
            for index in affected {
                intervals.append(
                    Interval(
                        evse: Int32(index), effect: effect, isExcluded: value(8, 0) != 0, start: start, end: end))
            }
            addComponent(
                Int(code: block[4][row]), hours: (end - start) / 3.6e9, evses: affected.count,
                remote: block[5][row] != 0, isDown: effect == .service || effect == .power,
                isOpen: value(9, 0) != 0, parts: (10..<15).map { value($0, .nan) })
        }
    }

    /// The EVSEs that a row concerns.
    private func reach(site: Int, station: Int, evse: Int) -> Range<Int> {
        if availability.indices.contains(evse) { return evse..<evse + 1 }
        if firstEVSE.indices.contains(station) {
            return firstEVSE[station]..<min(availability.count, firstEVSE[station] + evsesOfStation[station])
        }
        return evsesOfSite.indices.contains(site) ? evsesOfSite[site] : 0..<0
    }

    /// Turns the outages added so far into availabilities.
    mutating func finish() {
        guard durationUS > 0 else { return }
        intervals.sort { ($0.evse, $0.start) < ($1.evse, $1.start) }
        var index = 0
        while index < intervals.count {
            let evse = intervals[index].evse
            let end = intervals[index...].firstIndex { $0.evse != evse } ?? intervals.count
            let own = intervals[index..<end]
            func share(_ isMeant: (Interval) -> Bool) -> Double {
                IntervalUnion.length(own.filter(isMeant).map { ($0.start, $0.end) }) / durationUS
            }
            func isDown(_ i: Interval) -> Bool { i.effect == .service || i.effect == .power }
            let down = share(isDown)
            availability[Int(evse)] = 1 - down
            neviUptime[Int(evse)] = 1 - (down - share { isDown($0) && $0.isExcluded })
            workingShare[Int(evse)] = 1 - share { isDown($0) || $0.effect == .hidden }
            heartbeatUptime[Int(evse)] = 1 - share { $0.effect == .power || $0.effect == .link }
            index = end
        }
        intervals = []
    }

    private mutating func addComponent(
        _ code: Int, hours: Double, evses: Int, remote: Bool, isDown: Bool, isOpen: Bool, parts: [Double]
    ) {
        outageCount += 1
        openCount += isOpen ? 1 : 0
        guard code >= 0 && code < 10_000 else { return }
        while components.count <= code { components.append(Component(name: "component \(components.count)")) }
        components[code].outages += 1
        if isDown {
            components[code].evseHours += hours * Double(evses)
        } else {
            components[code].otherHours += hours * Double(evses)
        }
        components[code].fixedRemotely += remote ? 1 : 0
        components[code].open += isOpen ? 1 : 0
        if !isOpen { components[code].lengths.add(hours) }
        guard parts.allSatisfy({ !$0.isNaN }) else { return }
        components[code].visits.add(parts)
        visits.add(parts)
    }
}
