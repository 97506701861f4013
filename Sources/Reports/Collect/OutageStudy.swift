/// `/outages`: availability of every EVSE, and what each component cost.
struct OutageStudy: Sendable {
    static let columns = ["start_time", "end_time", "station", "evse", "component", "remote"]

    /// What one kind of component did to the network.
    struct Component: Sendable {
        let name: String
        var outages = 0
        /// Hours of EVSEs out of service; an outage of a whole station counts for each of its EVSEs.
        var evseHours = 0.0
        var fixedRemotely = 0
        /// Lengths of the outages, h.
        var lengths = Distribution()
    }

    private(set) var components: [Component] = []
    private(set) var outageCount = 0
    /// Share of the run in which each EVSE was in service, 0 ... 1 (overlapping outages count once).
    private(set) var availability: [Double]
    /// The run as far as the file goes, microseconds.
    let durationUS: Double

    private var intervals: [(evse: Int32, start: Double, end: Double)] = []
    private let firstEVSE: [Int]
    private let evsesOfStation: [Int]

    init(plant: Plant, durationUS: Double, componentNames: [String]) {
        self.durationUS = durationUS
        availability = [Double](repeating: 1, count: plant.evseCount)
        firstEVSE = plant.stations.map(\.firstEVSE)
        evsesOfStation = plant.stations.map(\.evseCount)
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
        try file.forEachBlock("outages", columns: columns) { study.add($0) }
        study.finish()
        return study
    }

    /// Mean availability over all EVSEs, 0 ... 1.
    var networkAvailability: Double {
        availability.isEmpty ? .nan : availability.reduce(0, +) / Double(availability.count)
    }

    /// - Parameter block: the columns of ``columns``, in that order. Times beyond the run are cut to it.
    mutating func add(_ block: [[Double]]) {
        for row in 0..<(block.first?.count ?? 0) {
            let start = min(max(0, block[0][row]), durationUS)
            let written = block[1][row]
            let end = written.isNaN || written < block[0][row] ? durationUS : min(written, durationUS)
            let station = Int(code: block[2][row])
            let evse = Int(code: block[3][row])
            guard firstEVSE.indices.contains(station) || availability.indices.contains(evse) else { continue }
            let whole = evse < 0
            let affected =
                whole ? firstEVSE[station]..<(firstEVSE[station] + evsesOfStation[station]) : evse..<(evse + 1)
            for index in affected where availability.indices.contains(index) {
                intervals.append((Int32(index), start, end))
            }
            addComponent(
                Int(code: block[4][row]), hours: (end - start) / 3.6e9, evses: affected.count,
                remote: block[5][row] != 0)
        }
    }

    /// Turns the outages added so far into availabilities.
    mutating func finish() {
        guard durationUS > 0 else { return }
        intervals.sort { ($0.evse, $0.start) < ($1.evse, $1.start) }
        var index = 0
        while index < intervals.count {
            let evse = intervals[index].evse
            let end = intervals[index...].firstIndex { $0.evse != evse } ?? intervals.count
            let down = IntervalUnion.length(intervals[index..<end].map { ($0.start, $0.end) })
            availability[Int(evse)] = 1 - down / durationUS
            index = end
        }
        intervals = []
    }

    private mutating func addComponent(_ code: Int, hours: Double, evses: Int, remote: Bool) {
        outageCount += 1
        guard code >= 0 && code < 10_000 else { return }
        while components.count <= code { components.append(Component(name: "component \(components.count)")) }
        components[code].outages += 1
        components[code].evseHours += hours * Double(evses)
        components[code].fixedRemotely += remote ? 1 : 0
        components[code].lengths.add(hours)
    }
}
