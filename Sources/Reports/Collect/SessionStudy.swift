/// One pass over `/sessions`: distributions, counts by reason, sums for each site and day.
struct SessionStudy: Sendable {
    static let columns = [
        "arrival_time", "plug_in_time", "charge_end_time", "unplug_time", "site", "station", "vehicle", "energy_wh",
        "grid_energy_wh", "queued_s", "auth", "end_reason", "start_s",
    ]
    /// Queueing shorter than this does not count, s.
    static let queueThresholdS = 1.0

    private(set) var count = 0
    private(set) var energyWh = 0.0
    private(set) var gridEnergyWh = 0.0
    /// Energy of a session, Wh, and plugged-in time, h; `[0]` AC, `[1]` DC.
    private(set) var energy = [Distribution(), Distribution()]
    private(set) var plugged = [Distribution(), Distribution()]
    /// Hours plugged in, and of these after the charge had ended.
    private(set) var pluggedH = 0.0
    private(set) var idleH = 0.0
    /// Time in the queue of the drivers who had to queue, s.
    private(set) var queues = Distribution()
    /// Handling time, s: from a place to the cable (parking), and from the cable to the first energy (authorization, start
    /// sequence; sessions with energy only). `[0]` AC, `[1]` DC.
    private(set) var parking = [Distribution(), Distribution()]
    private(set) var starting = [Distribution(), Distribution()]
    /// Sessions that took no energy.
    private(set) var withoutEnergy = 0
    private(set) var sessionsOfSite: [Int]
    private(set) var energyOfSite: [Double]
    private(set) var queuedOfSite: [Int]
    private(set) var queueSOfSite: [Double]
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
    private let endUS: Double

    /// - Parameter endUS: sessions that ended later are left out, microseconds.
    init(plant: Plant, clock: RunClock, endUS: Double) {
        self.endUS = endUS
        sessionsOfSite = [Int](repeating: 0, count: plant.sites.count)
        energyOfSite = [Double](repeating: 0, count: plant.sites.count)
        queuedOfSite = sessionsOfSite
        queueSOfSite = energyOfSite
        isDC = plant.stations.map(\.isDC)
        self.clock = clock
    }

    static func read(
        _ file: TelemetryFile, plant: Plant, clock: RunClock, endUS: Double
    ) throws(ReportError) -> SessionStudy {
        var study = SessionStudy(plant: plant, clock: clock, endUS: endUS)
        guard file.hasTable("sessions") else { return study }
        study.endReasonNames = try file.flagMeanings("sessions", "end_reason")
        study.authorizationNames = try file.flagMeanings("sessions", "auth")
        study.vehicleNames = try vehicleNames(file)
        try file.forEachBlock("sessions", columns: columns) { study.add($0) }
        return study
    }

    /// Names for people where the file has them.
    private static func vehicleNames(_ file: TelemetryFile) throws(ReportError) -> [String] {
        let codes = try file.flagMeanings("sessions", "vehicle")
        guard file.hasTable("vehicles") else { return codes.map { Format.vehicle($0) } }
        return try file.texts("vehicles", "name")
    }

    /// Share of sessions that had to queue, 0 ... 1.
    var queuedShare: Double { count == 0 ? .nan : Double(queues.count) / Double(count) }
    /// Energy into vehicles over energy taken from the grid for it, standby left out, 0 ... 1.
    var efficiency: Double { gridEnergyWh > 0 ? energyWh / gridEnergyWh : .nan }

    /// - Parameter block: the columns of ``columns``, in that order.
    mutating func add(_ block: [[Double]]) {
        for row in 0..<(block.first?.count ?? 0) {
            let plugIn = block[1][row]
            let chargeEnd = block[2][row]
            let unplug = block[3][row]
            guard unplug <= endUS else { continue }
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
            let queuedS = block[9][row]
            parking[kind].add(max(0, (plugIn - block[0][row]) / 1e6 - queuedS))
            if energy > 0 { starting[kind].add(block[12][row]) } else { withoutEnergy += 1 }
            addSite(Int(code: block[4][row]), energy: energy, queuedS: queuedS)
            let day = clock.day(Int64(microseconds: plugIn))
            if day >= 0 && day < 200_000 { Self.count(day, in: &sessionsOfDay) }
            Self.count(Int(code: block[6][row]), in: &vehicles)
            Self.count(Int(code: block[10][row]), in: &authorizations)
            Self.count(Int(code: block[11][row]), in: &endReasons)
        }
    }

    private mutating func addSite(_ site: Int, energy: Double, queuedS: Double) {
        let isQueued = queuedS >= Self.queueThresholdS
        if isQueued { queues.add(queuedS) }
        guard sessionsOfSite.indices.contains(site) else { return }
        sessionsOfSite[site] += 1
        energyOfSite[site] += energy
        if isQueued {
            queuedOfSite[site] += 1
            queueSOfSite[site] += queuedS
        }
    }

    /// Adds one to the count of a code, making room for it.
    static func count(_ code: Int, in counts: inout [Int]) {
        guard code >= 0 && code < 1_000_000 else { return }
        while counts.count <= code { counts.append(0) }
        counts[code] += 1
    }
}
