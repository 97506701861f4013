/// One pass over `/sessions`: distributions, counts by reason, sums for each site and day.
struct SessionStudy: Sendable {
    static let columns = [
        "arrival_time", "plug_in_time", "charge_end_time", "unplug_time", "site", "station", "vehicle", "energy_wh",
        "grid_energy_wh", "wait_s", "auth", "end_reason",
    ]
    /// Queueing shorter than this is not called waiting, s.
    static let waitThresholdS = 1.0

    private(set) var count = 0
    private(set) var energyWh = 0.0
    private(set) var gridEnergyWh = 0.0
    /// Energy of a session, Wh, and plugged-in time, h; `[0]` AC, `[1]` DC.
    private(set) var energy = [Distribution(), Distribution()]
    private(set) var plugged = [Distribution(), Distribution()]
    /// Hours plugged in, and of these after the charge had ended.
    private(set) var pluggedH = 0.0
    private(set) var idleH = 0.0
    /// Waits of the drivers who had to queue, s.
    private(set) var waits = Distribution()
    private(set) var sessionsOfSite: [Int]
    private(set) var energyOfSite: [Double]
    private(set) var waitedOfSite: [Int]
    private(set) var waitSOfSite: [Double]
    /// Sessions that began on each calendar day of the run.
    private(set) var sessionsOfDay: [Int] = []
    private(set) var endReasons: [Int] = []
    private(set) var authorizations: [Int] = []
    private(set) var vehicles: [Int] = []
    /// Names for the codes counted above.
    private(set) var endReasonNames: [String] = []
    private(set) var authorizationNames: [String] = []
    private(set) var vehicleNames: [String] = []

    private let isDC: [Bool]
    private let clock: RunClock

    init(plant: Plant, clock: RunClock) {
        sessionsOfSite = [Int](repeating: 0, count: plant.sites.count)
        energyOfSite = [Double](repeating: 0, count: plant.sites.count)
        waitedOfSite = sessionsOfSite
        waitSOfSite = energyOfSite
        isDC = plant.stations.map(\.isDC)
        self.clock = clock
    }

    static func read(
        _ file: TelemetryFile, plant: Plant, clock: RunClock
    ) throws(ReportError) -> SessionStudy {
        var study = SessionStudy(plant: plant, clock: clock)
        guard file.hasTable("sessions") else { return study }
        study.endReasonNames = try file.flagMeanings("sessions", "end_reason")
        study.authorizationNames = try file.flagMeanings("sessions", "auth")
        study.vehicleNames = try file.flagMeanings("sessions", "vehicle")
        try file.forEachBlock("sessions", columns: columns) { study.add($0) }
        return study
    }

    /// Share of sessions that had to queue, 0 ... 1.
    var waitedShare: Double { count == 0 ? .nan : Double(waits.count) / Double(count) }
    /// Energy into vehicles over energy from the grid, 0 ... 1.
    var efficiency: Double { gridEnergyWh > 0 ? energyWh / gridEnergyWh : .nan }

    /// - Parameter block: the columns of ``columns``, in that order.
    mutating func add(_ block: [[Double]]) {
        for row in 0..<(block.first?.count ?? 0) {
            let plugIn = block[1][row]
            let chargeEnd = block[2][row]
            let unplug = block[3][row]
            let energy = block[7][row]
            count += 1
            energyWh += energy
            gridEnergyWh += block[8][row]
            let station = Int(code: block[5][row])
            let kind = isDC.indices.contains(station) && isDC[station] ? 1 : 0
            self.energy[kind].add(energy)
            let hours = (unplug - plugIn) / 3.6e9
            plugged[kind].add(hours)
            pluggedH += max(0, hours)
            idleH += max(0, (unplug - max(plugIn, chargeEnd)) / 3.6e9)
            addSite(Int(code: block[4][row]), energy: energy, waitS: block[9][row])
            let day = clock.day(Int64(microseconds: plugIn))
            if day >= 0 && day < 200_000 { Self.count(day, in: &sessionsOfDay) }
            Self.count(Int(code: block[6][row]), in: &vehicles)
            Self.count(Int(code: block[10][row]), in: &authorizations)
            Self.count(Int(code: block[11][row]), in: &endReasons)
        }
    }

    private mutating func addSite(_ site: Int, energy: Double, waitS: Double) {
        let waited = waitS >= Self.waitThresholdS
        if waited { waits.add(waitS) }
        guard sessionsOfSite.indices.contains(site) else { return }
        sessionsOfSite[site] += 1
        energyOfSite[site] += energy
        if waited {
            waitedOfSite[site] += 1
            waitSOfSite[site] += waitS
        }
    }

    /// Adds one to the count of a code, making room for it.
    static func count(_ code: Int, in counts: inout [Int]) {
        guard code >= 0 && code < 1_000_000 else { return }
        while counts.count <= code { counts.append(0) }
        counts[code] += 1
    }
}
