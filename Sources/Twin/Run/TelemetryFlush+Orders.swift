internal import Sim
internal import Telemetry

extension TelemetryFlush {
    /// Rows of orders that are under way at the end of the run, and what came of remote starts.
    func flushOpenOrders(
        _ run: WindowedRun<Site>, to writer: TelemetryWriter
    ) throws(TelemetryError) {
        var rows: [(Int, OrderRecord)] = []
        for i in 0..<run.count { for record in run[i].stations.orders?.underWay ?? [] { rows.append((i, record)) } }
        if !rows.isEmpty { try append(.orders, orderColumns(rows), to: writer) }
        var starts: [(Int, SiteOrders.RemoteStarts)] = []
        for i in 0..<run.count {
            if let counts = run[i].stations.orders?.remoteStarts, counts.accepted > 0 { starts.append((i, counts)) }
        }
        guard !starts.isEmpty else { return }
        try append(
            .remoteStarts,
            [
                sites(starts), .int64(starts.map { $0.1.accepted }), .int64(starts.map { $0.1.started }),
                .int64(starts.map { $0.1.expired }),
            ], to: writer)
    }

    func orderColumns(_ rows: [(Int, OrderRecord)]) -> [ColumnData] {
        [
            times(rows) { $0.given }, times(rows) { $0.ended }, sites(rows),
            .int32(rows.map { station($0.0, $0.1.station) }), .int32(rows.map { evse($0.0, $0.1) }),
            .int32(rows.map { Int32($0.1.order) }), .uint8(rows.map { $0.1.outcome.rawValue }),
        ]
    }

    /// EVSE of the network; -1 for the whole station.
    private func evse(_ site: Int, _ order: OrderRecord) -> Int32 {
        guard order.evse > 0 else { return -1 }
        let owners = stationOfEVSE[site]
        let own = station(site, order.station)
        return owners.firstIndex(of: own).map { firstEVSE[site] + Int32($0) + order.evse - 1 } ?? -1
    }
}
