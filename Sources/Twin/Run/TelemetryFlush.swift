internal import Models
internal import Sim
internal import Telemetry

/// Takes what the sites have to tell to the telemetry writer: finished samples as blocks, records as rows, in site order.
struct TelemetryFlush {
    private let world: WorldSpec
    /// Index in /stations and of the EVSE of the first of each site.
    private let firstStation: [Int32]
    let firstEVSE: [Int32]
    let stationOfEVSE: [[Int32]]
    private let evseCount: Int
    private let hasTransformers: Bool

    init(world: WorldSpec) {
        self.world = world
        var stations: Int32 = 0
        var evses: Int32 = 0
        var firstStation: [Int32] = []
        var firstEVSE: [Int32] = []
        var owner: [[Int32]] = []
        for site in world.sites {
            firstStation.append(stations)
            firstEVSE.append(evses)
            var list: [Int32] = []
            for (k, station) in site.stations.enumerated() {
                for _ in station.evses { list.append(stations + Int32(k)) }
            }
            owner.append(list)
            stations += Int32(site.stations.count)
            evses += Int32(site.evseCount)
        }
        self.firstStation = firstStation
        self.firstEVSE = firstEVSE
        stationOfEVSE = owner
        evseCount = Int(evses)
        hasTransformers = world.sites.contains { $0.transformer != nil }
    }

    /// Writes and forgets everything the sites hold; every site must have been sampled up to the same instant.
    func flush(
        _ run: WindowedRun<Site>, to writer: TelemetryWriter, statistics: inout RunStatistics
    ) throws(TelemetryError) {
        let count = run[0].plant.series.samples.count
        let first = run[0].plant.series.firstSample
        if count > 0 {
            statistics.take(run, first: first, count: count)
            var group = 0
            if world.telemetry.siteSeries {
                try writer.append(
                    series: group, firstSample: first, sampleCount: count, values: siteBlock(run, count))
                group += 1
            }
            if world.telemetry.evseSeries {
                try writer.append(
                    series: group, firstSample: first, sampleCount: count, values: [evseBlock(run, count)])
            }
        }
        statistics.take(rows: run)
        try flushRows(run, to: writer)
        for i in 0..<run.count {
            run[i].plant.series.removeTaken()
            run[i].plant.records.removeAll()
        }
    }

    private func siteBlock(_ run: WindowedRun<Site>, _ count: Int) -> [[Float]] {
        SeriesVariable.allCases.map { variable in
            switch variable {
            case .evPower: column(run, count) { $0.evPowerW }
            case .sitePower: column(run, count) { $0.sitePowerW }
            case .topOil: thermalColumn(run, count) { $0.topOilC }
            case .hotSpot: thermalColumn(run, count) { $0.hotSpotMaxC }
            case .ageing: thermalColumn(run, count) { $0.ageingH }
            case .occupied: column(run, count) { $0.occupied }
            case .charging: column(run, count) { $0.charging }
            case .waiting: column(run, count) { $0.waiting }
            case .outOfService: column(run, count) { $0.outOfService }
            case .delivered: column(run, count) { $0.deliveredW }
            }
        }
    }

    /// A variable of the transformers, where any site has one.
    @inline(__always)
    private func thermalColumn(_ run: WindowedRun<Site>, _ count: Int, _ field: (SiteSample) -> Float) -> [Float] {
        hasTransformers ? column(run, count, field) : [Float](repeating: .nan, count: count * run.count)
    }

    private static let sitesAtATime = 16

    /// One variable of every site, `[time][site]`. Written through a span: the loop runs for every sample of the run.
    @inline(__always)
    private func column(_ run: WindowedRun<Site>, _ count: Int, _ field: (SiteSample) -> Float) -> [Float] {
        let sites = run.count
        var values = [Float](repeating: .nan, count: count * sites)
        var span = values.mutableSpan
        // A few sites at a time, so that the lines of the block that they share stay in the cache.
        for first in stride(from: 0, to: sites, by: Self.sitesAtATime) {
            for site in first..<min(first + Self.sitesAtATime, sites) {
                let samples = run[site].plant.series.samples
                let series = samples.span
                for t in 0..<count { span[t * sites + site] = field(series[t]) }
            }
        }
        return values
    }

    private func evseBlock(_ run: WindowedRun<Site>, _ count: Int) -> [Float] {
        var block = [Float](repeating: .nan, count: count * evseCount)
        for i in 0..<run.count {
            let values = run[i].plant.series.evsePowerW
            let width = run[i].plant.evses.count
            for t in 0..<count {
                for e in 0..<width { block[t * evseCount + Int(firstEVSE[i]) + e] = values[t * width + e] }
            }
        }
        return block
    }

    // MARK: rows

    private func flushRows(_ run: WindowedRun<Site>, to writer: TelemetryWriter) throws(TelemetryError) {
        let rows = collect(run) { $0.plant.records.sessions }
        if !rows.isEmpty { try append(.sessions, sessionColumns(rows), to: writer) }
        let losses = collect(run) { $0.plant.records.losses }
        if !losses.isEmpty { try append(.lostDrivers, lossColumns(losses), to: writer) }
        let outages = collect(run) { $0.plant.records.outages }
        if !outages.isEmpty { try append(.outages, outageColumns(outages), to: writer) }
        let failed = collect(run) { $0.plant.records.failedAttempts }
        if !failed.isEmpty { try append(.failedAttempts, failedAttemptColumns(failed), to: writer) }
        let alarms = collect(run) { $0.plant.records.alarms }
        if !alarms.isEmpty { try append(.alarms, alarmColumns(alarms), to: writer) }
        let pilot = collect(run) { $0.plant.records.pilot }
        if !pilot.isEmpty { try append(.pilot, pilotColumns(pilot), to: writer) }
        var orders: [(Int, OrderRecord)] = []
        for i in 0..<run.count { for order in run[i].stations.takeOrders() { orders.append((i, order)) } }
        if !orders.isEmpty { try append(.orders, orderColumns(orders), to: writer) }
        guard world.telemetry.messages else { return }
        var messages: [(Int, MessageRecord)] = []
        for i in 0..<run.count { for m in run[i].stations.takeMessages() { messages.append((i, m)) } }
        if !messages.isEmpty { try append(.messages, messageColumns(messages), to: writer) }
    }

    func append(
        _ table: TelemetryColumns.Rows, _ columns: [ColumnData], to writer: TelemetryWriter
    ) throws(TelemetryError) {
        try writer.append(rows: table.rawValue, columns: columns)
    }

    func collect<Record>(
        _ run: WindowedRun<Site>, _ field: (borrowing Site) -> ContiguousArray<Record>
    ) -> [(Int, Record)] {
        var all: [(Int, Record)] = []
        all.reserveCapacity((0..<run.count).reduce(0) { $0 + field(run[$1]).count })
        for i in 0..<run.count { for record in field(run[i]) { all.append((i, record)) } }
        return all
    }

    func times<R>(_ rows: [(Int, R)], _ field: (R) -> SimTime) -> ColumnData {
        .int64(rows.map { field($0.1).microseconds })
    }
    func sites<R>(_ rows: [(Int, R)]) -> ColumnData { .int32(rows.map { Int32($0.0) }) }
    func station(_ site: Int, _ station: UInt16?) -> Int32 {
        station.map { firstStation[site] + Int32($0) } ?? -1
    }
    func evse(_ site: Int, _ evse: UInt16?) -> Int32 { evse.map { firstEVSE[site] + Int32($0) } ?? -1 }

    private func sessionColumns(_ rows: [(Int, SessionRecord)]) -> [ColumnData] {
        [
            times(rows) { $0.arrival }, times(rows) { $0.plugIn }, times(rows) { $0.chargeEnd },
            times(rows) { $0.unplug },
            sites(rows), .int32(rows.map { stationOfEVSE[$0.0][Int($0.1.evse)] }),
            .int32(rows.map { evse($0.0, $0.1.evse) }),
            .int32(rows.map { $0.1.vehicle == .max ? -1 : Int32($0.1.vehicle) }),
            .float64(rows.map { $0.1.energyWh }), .float64(rows.map { $0.1.gridEnergyWh }),
            .float32(rows.map { Float($0.1.startSoC) }), .float32(rows.map { Float($0.1.endSoC) }),
            .float32(rows.map { Float($0.1.powerMaxW) }),
            .float32(rows.map { Float(($0.1.plugIn - $0.1.arrival).seconds) }),
            .float32(rows.map { Float($0.1.queued.seconds) }),
            .float32(rows.map { $0.1.energyWh > 0 ? Float(($0.1.chargeStart - $0.1.plugIn).seconds) : .nan }),
            .uint8(rows.map { $0.1.authorization.rawValue }), .uint8(rows.map { $0.1.end.rawValue }),
            .int32(rows.map { Int32($0.1.attempts) }),
            .float32(rows.map { Float($0.1.wantedWh) }),
        ]
    }
    private func lossColumns(_ rows: [(Int, LossRecord)]) -> [ColumnData] {
        [
            times(rows) { $0.time }, sites(rows), .uint8(rows.map { $0.1.reason.rawValue }),
            .float32(rows.map { Float($0.1.waited.seconds) }), .float32(rows.map { Float($0.1.queued.seconds) }),
            .uint8(rows.map { $0.1.droveOn ? 1 : 0 }), .int32(rows.map { Int32($0.1.attempts) }),
            .float32(rows.map { Float($0.1.wantedWh) }),
        ]
    }
    private func alarmColumns(_ rows: [(Int, AlarmRecord)]) -> [ColumnData] {
        [
            times(rows) { $0.time }, sites(rows), .int32(rows.map { station($0.0, $0.1.station) }),
            .uint8(rows.map { $0.1.kind.rawValue }), .float64(rows.map { $0.1.value }),
        ]
    }
    private func pilotColumns(_ rows: [(Int, PilotRecord)]) -> [ColumnData] {
        [
            times(rows) { $0.time }, sites(rows), .int32(rows.map { evse($0.0, $0.1.evse) }),
            .uint8(rows.map { $0.1.from.rawValue }), .uint8(rows.map { $0.1.to.rawValue }),
        ]
    }
    private func messageColumns(_ rows: [(Int, MessageRecord)]) -> [ColumnData] {
        [
            times(rows) { $0.time }, sites(rows), .int32(rows.map { station($0.0, $0.1.station) }),
            .uint8(rows.map { $0.1.action }), .uint8(rows.map { $0.1.isError ? 1 : 0 }),
            .float32(rows.map { Float($0.1.roundTrip.seconds * 1000) }),
        ]
    }
}
