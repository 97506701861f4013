/// What drivers wanted beside what they got.
struct UnmetNeedStudy: Sendable {
    static let columns = ["station", "energy_wh", "wanted_wh", "unplug_time"]
    /// Who gets less than this share left short.
    static let enough = 0.8

    /// `[0]` AC, `[1]` DC: sessions, those that left short, energy wanted and taken, Wh.
    private(set) var sessions = [0, 0]
    private(set) var short = [0, 0]
    private(set) var wantedWh = [0.0, 0.0]
    private(set) var takenWh = [0.0, 0.0]
    private let isDC: [Bool]
    private let endUS: Double

    /// - Parameter endUS: sessions that ended later are left out, microseconds.
    init(isDC: [Bool], endUS: Double) {
        self.isDC = isDC
        self.endUS = endUS
    }

    static func read(_ file: TelemetryFile, plant: Plant, endUS: Double) throws(ReportError) -> UnmetNeedStudy {
        var study = UnmetNeedStudy(isDC: plant.stations.map(\.isDC), endUS: endUS)
        guard file.hasTable("sessions"), file.hasColumn("sessions", "wanted_wh") else { return study }
        try file.forEachBlock("sessions", columns: columns) { study.add($0) }
        return study
    }

    /// - Parameter block: the columns of ``columns``, in that order.
    mutating func add(_ block: [[Double]]) {
        for row in 0..<(block.first?.count ?? 0) where block[3][row] <= endUS {
            let station = Int(code: block[0][row])
            let kind = isDC.indices.contains(station) && isDC[station] ? 1 : 0
            let (taken, wanted) = (block[1][row], block[2][row])
            sessions[kind] += 1
            if taken < Self.enough * wanted { short[kind] += 1 }
            wantedWh[kind] += wanted
            takenWh[kind] += taken
        }
    }

    /// Who left with less than they wanted, by kind of charger; nil where the file does not know.
    var piece: Section.Piece? {
        guard sessions[0] + sessions[1] > 0 else { return nil }
        var table = Table(
            "What drivers wanted",
            [
                .text("Kind of charger"), .number("Sessions"),
                .number("Left with less than 80\u{A0}% of what they wanted"), .number("Wanted"), .number("Taken"),
            ])
        for (kind, name) in ["AC", "DC"].enumerated() where sessions[kind] > 0 {
            table.rows.append([
                name, Format.integer(sessions[kind]),
                "\(Format.integer(short[kind])) (\(Format.percent(Double(short[kind]) / Double(sessions[kind]))))",
                Format.energy(wattHours: wantedWh[kind]), Format.energy(wattHours: takenWh[kind]),
            ])
        }
        return .table(
            title: "What drivers wanted",
            note: "Energy at the connector. Drivers who left without a charge are counted under waiting.", table)
    }
}
