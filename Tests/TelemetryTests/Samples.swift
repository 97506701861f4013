import Telemetry
import Testing

/// A small but complete layout, and data for it that can be recomputed for any cell.
enum Samples {
    static let sites = 70
    static let variables = ["ev_power_w", "hot_spot_c", "occupied"]

    static func layout(sites: Int = sites, chunkEntities: Int = 64) -> TelemetryLayout {
        let ids = (0..<sites).map { "site-\($0)" }
        return TelemetryLayout(
            tables: [
                StaticTable(
                    name: "sites", dimension: "site",
                    columns: [
                        (ColumnSpec(name: "id", units: "", longName: "identifier", type: .text), .text(ids)),
                        (
                            ColumnSpec(name: "name", units: "", longName: "name", type: .text),
                            .text(ids.map { "Café \($0)" })
                        ),
                        (
                            ColumnSpec(name: "latitude", units: "degrees_north", longName: "latitude", type: .float64),
                            .float64((0..<sites).map { 47 + Double($0) / 100 })
                        ),
                        (
                            ColumnSpec(
                                name: "kind", units: "", longName: "kind of site", type: .uint8,
                                flagMeanings: ["highway", "urban_hub"]),
                            .uint8((0..<sites).map { UInt8($0 % 2) })
                        ),
                    ])
            ],
            series: [
                SeriesGroup(
                    name: "series", entityDimension: "site", entityIDs: ids,
                    variables: [
                        SeriesSpec(name: "ev_power_w", units: "W", longName: "power", cellMethods: "time: mean"),
                        SeriesSpec(
                            name: "hot_spot_c", units: "degC", longName: "hot spot", cellMethods: "time: maximum"),
                        SeriesSpec(name: "occupied", units: "1", longName: "occupied EVSEs"),
                    ], intervalS: 900)
            ],
            rows: [
                RowTable(
                    name: "sessions", dimension: "session",
                    columns: [
                        .time("arrival_time", "arrival"),
                        ColumnSpec(name: "site", units: "", longName: "index of the site", type: .int32),
                        ColumnSpec(name: "energy_wh", units: "Wh", longName: "energy", type: .float64),
                        ColumnSpec(name: "soc_end", units: "1", longName: "state of charge", type: .float32),
                        ColumnSpec(
                            name: "end_reason", units: "", longName: "why it ended", type: .uint8,
                            flagMeanings: ["target_reached", "driver_left"]),
                    ]),
                RowTable(name: "alarms", dimension: "alarm", columns: [.time("time", "time of the alarm")]),
            ],
            epoch: "2025-01-06T00:00:00",
            attributes: [("title", .text("Test")), ("seed", .int(7)), ("days", .double(2.5)), ("complete", .int(0))],
            chunkEntities: chunkEntities)
    }

    /// Value of a series cell; sites divisible by 5 have no transformer and so no hot spot.
    static func value(_ variable: Int, sample: Int, site: Int) -> Float {
        if variable == 1 && site % 5 == 0 { return .nan }
        if variable == 2 && site < 64 { return 3 }
        return Float((sample * 131 + site * 17 + variable) % 1000) * 0.5
    }

    static func block(first: Int, count: Int, sites: Int = sites) -> [[Float]] {
        variables.indices.map { variable in
            (0..<(count * sites)).map { value(variable, sample: first + $0 / sites, site: $0 % sites) }
        }
    }

    static func sessions(first: Int, count: Int) -> [ColumnData] {
        let rows = first..<(first + count)
        return [
            .int64(rows.map { Int64($0) * 1_000_000 }),
            .int32(rows.map { Int32($0 % sites) }),
            .float64(rows.map { Double($0) * 1.25 }),
            .float32(rows.map { Float($0 % 100) / 100 }),
            .uint8(rows.map { UInt8($0 % 2) }),
        ]
    }

    /// Appends `days` days of series and `rowsPerDay` sessions with each, from day `start` on.
    static func fill(_ writer: TelemetryWriter, days: Range<Int>, rowsPerDay: Int) throws {
        for day in days {
            try writer.append(
                series: 0, firstSample: day * 96, sampleCount: 96, values: block(first: day * 96, count: 96))
            try writer.append(rows: 0, columns: sessions(first: day * rowsPerDay, count: rowsPerDay))
        }
    }

    /// Every cell and row that the file claims to have is right.
    static func expectTrueContent(_ reader: TelemetryReader, _ comment: Comment) throws {
        let rows = try reader.rowCount("sessions")
        let expected = sessions(first: 0, count: rows)
        #expect(try reader.column("sessions", "energy_wh", rows: 0..<rows) == expected[2], comment)
        #expect(try reader.column("sessions", "end_reason", rows: 0..<rows) == expected[4], comment)
        for (index, name) in variables.enumerated() {
            var wrong = 0
            try reader.forEachBlock("series", name) { samples, values in
                for (offset, value) in values.enumerated() {
                    let wanted = self.value(index, sample: samples.lowerBound + offset / sites, site: offset % sites)
                    if value.bitPattern != wanted.bitPattern && !(value.isNaN && wanted.isNaN) { wrong += 1 }
                }
            }
            #expect(wrong == 0, comment)
        }
    }
}
