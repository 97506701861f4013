internal import Models
internal import Sim
internal import Telemetry

extension TelemetryFlush {
    /// Rows of outages that are running at the end of the run. They are written once, after the last checkpoint, so that a
    /// resumed run has them with their true end instead.
    func flushOpenOutages(
        _ run: WindowedRun<Site>, now: SimTime, to writer: TelemetryWriter
    ) throws(TelemetryError) {
        var rows: [(Int, OutageRecord)] = []
        for i in 0..<run.count {
            for record in run[i].plant.openOutages(now: now) { rows.append((i, record)) }
        }
        if !rows.isEmpty { try append(.outages, outageColumns(rows), to: writer) }
    }

    func outageColumns(_ rows: [(Int, OutageRecord)]) -> [ColumnData] {
        [
            times(rows) { $0.start }, times(rows) { $0.end }, sites(rows),
            .int32(rows.map { station($0.0, $0.1.station) }), .int32(rows.map { evse($0.0, $0.1.evse) }),
            .uint8(rows.map { $0.1.cause }), .uint8(rows.map { $0.1.remote ? 1 : 0 }),
            .int32(rows.map { $0.1.mrec }), .uint8(rows.map { $0.1.effect.rawValue }),
            .uint8(rows.map { $0.1.exclusion.rawValue }), .uint8(rows.map { $0.1.isOpen ? 1 : 0 }),
            .float32(rows.map { $0.1.detectionS }), .float32(rows.map { $0.1.preparationS }),
            .float32(rows.map { $0.1.crewWaitS }), .float32(rows.map { $0.1.travelS }),
            .float32(rows.map { $0.1.workS }),
        ]
    }

    func failedAttemptColumns(_ rows: [(Int, FailedAttemptRecord)]) -> [ColumnData] {
        [
            times(rows) { $0.time }, sites(rows), .int32(rows.map { stationOfEVSE[$0.0][Int($0.1.evse)] }),
            .int32(rows.map { evse($0.0, $0.1.evse) }), .int32(rows.map { Int32($0.1.number) }),
            .uint8(rows.map { $0.1.failure.rawValue }),
        ]
    }
}
