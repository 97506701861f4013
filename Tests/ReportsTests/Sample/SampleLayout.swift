import Telemetry

/// The layout that a run writes, for made-up sites.
enum SampleLayout {
    static let variables: [(String, String, String)] = [
        ("ev_power_w", "W", "mean AC import of charging"), ("site_power_w", "W", "mean import including the building"),
        ("top_oil_c", "degC", "top-oil temperature at the end"),
        ("hot_spot_c", "degC", "greatest hot-spot temperature"),
        ("ageing_h", "h", "insulation life used"), ("occupied", "1", "mean EVSEs with a vehicle"),
        ("charging", "1", "mean EVSEs charging"), ("waiting", "1", "mean drivers queueing"),
        ("out_of_service", "1", "mean EVSEs not operative"), ("delivered_w", "W", "power at the meters"),
    ]

    private static func number(
        _ name: String, _ type: ColumnType, _ units: String = "1", _ flags: [String] = []
    ) -> ColumnSpec {
        ColumnSpec(name: name, units: units, longName: name, type: type, flagMeanings: flags)
    }
    private static func text(_ name: String) -> ColumnSpec {
        ColumnSpec(name: name, units: "", longName: name, type: .text)
    }

    static func layout(_ plan: SamplePlan, _ sites: [SampleSite]) -> TelemetryLayout {
        let ids = sites.indices.map { "site-\($0)" }
        let series = SeriesGroup(
            name: "series", entityDimension: "site", entityIDs: ids,
            variables: variables.map { SeriesSpec(name: $0.0, units: $0.1, longName: $0.2) }, intervalS: plan.intervalS)
        return TelemetryLayout(
            tables: tables(plan, sites, ids), series: [series], rows: rows(plan), epoch: SamplePlan.epoch,
            attributes: [
                ("title", .text("evtwin run of \(plan.name)")), ("evtwin_version", .text("0.1.0")),
                ("world_name", .text(plan.name)),
                ("world_description", .text(plan.description)), ("world_text", .text(plan.worldText)),
                ("seed", .int(Int(plan.seed))),
                ("days", .double(Double(plan.days))), ("start", .text(SamplePlan.epoch)),
                ("interval_s", .int(plan.intervalS)),
                ("arguments", .text("")), ("complete", .int(0)),
                ("attribution", .text("Sites made up for tests.\nContains no data of anybody.")),
            ])
    }

    private static func tables(_ plan: SamplePlan, _ sites: [SampleSite], _ ids: [String]) -> [StaticTable] {
        let siteTable = StaticTable(
            name: "sites", dimension: "site",
            columns: [
                (text("id"), .text(ids)), (text("name"), .text(sites.map(\.name))),
                (text("template"), .text(sites.map { SamplePlan.kinds[$0.kind] })),
                (text("kind"), .text(sites.map { SamplePlan.kinds[$0.kind] })),
                (number("latitude", .float64), .float64(sites.map(\.latitude))),
                (number("longitude", .float64), .float64(sites.map(\.longitude))),
                (number("transformer_kva", .float64), .float64(sites.map(\.transformerKVA))),
                (number("insulation_life_h", .float64), .float64(sites.map { _ in plan.insulationLifeH })),
                (text("transformer_model"), .text(sites.map { _ in plan.isDryType ? "dry_type" : "ieee_c57_91" })),
                (number("rated_hot_spot_c", .float64), .float64(sites.map { _ in plan.isDryType ? 145 : 110 })),
                (number("import_limit_w", .float64), .float64(sites.map { _ in .nan })),
                (number("station_count", .int32), .int32(sites.map { Int32($0.stationCount) })),
                (number("connector_count", .int32), .int32(sites.map { Int32($0.evseCount) })),
                (number("connected_w", .float64), .float64(sites.map { Double($0.stationCount) * $0.ratedW })),
            ])
        let owners = sites.indices.flatMap { site in [Int32](repeating: Int32(site), count: sites[site].stationCount) }
        let stationTable = StaticTable(
            name: "stations", dimension: "station",
            columns: [
                (text("id"), .text(owners.indices.map { "CS-\($0)" })), (number("site", .int32), .int32(owners)),
                (text("kind"), .text(owners.map { sites[Int($0)].isDC ? "dc" : "ac" })),
                (number("rated_w", .float64), .float64(owners.map { sites[Int($0)].ratedW })),
                (number("evse_count", .int32), .int32(owners.map { Int32(sites[Int($0)].evsesOfStation) })),
            ])
        let stationOfEVSE = owners.indices.flatMap {
            [Int32](repeating: Int32($0), count: sites[Int(owners[$0])].evsesOfStation)
        }
        let connectorTable = StaticTable(
            name: "connectors", dimension: "connector",
            columns: [
                (text("id"), .text(stationOfEVSE.indices.map { "C-\($0)" })),
                (number("station", .int32), .int32(stationOfEVSE)),
                (number("site", .int32), .int32(stationOfEVSE.map { owners[Int($0)] })),
                (number("evse", .int32), .int32(stationOfEVSE.indices.map { Int32($0) })),
                (text("type"), .text(stationOfEVSE.map { sites[Int(owners[Int($0)])].isDC ? "CCS1" : "Type1" })),
                (number("rated_w", .float64), .float64(stationOfEVSE.map { sites[Int(owners[Int($0)])].ratedW })),
            ])
        let vehicleTable = StaticTable(
            name: "vehicles", dimension: "vehicle_model",
            columns: [
                (text("id"), .text(SamplePlan.vehicles)),
                (
                    text("name"),
                    .text(
                        SamplePlan.vehicles.map {
                            $0 == "tesla_modely_lr_2020" ? "Tesla Model Y Long Range (2020)" : "Vehicle \($0.count)"
                        })
                ),
            ])
        return [siteTable, stationTable, connectorTable, vehicleTable]
    }

    static func rows(_ plan: SamplePlan) -> [RowTable] {
        var tables = [
            RowTable(
                name: "sessions", dimension: "session",
                columns: [
                    .time("arrival_time", "arrival"), .time("plug_in_time", "plug-in"),
                    .time("charge_end_time", "end of charge"),
                    .time("unplug_time", "unplug"), number("site", .int32), number("station", .int32),
                    number("evse", .int32),
                    number("vehicle", .int32, "1", SamplePlan.vehicles), number("energy_wh", .float64, "Wh"),
                    number("grid_energy_wh", .float64, "Wh"), number("wait_s", .float32, "s"),
                    number("queued_s", .float32, "s"), number("start_s", .float32, "s"),
                    number("auth", .uint8, "1", ["rfid", "app", "card", "plug_and_charge"]),
                    number("end_reason", .uint8, "1", SamplePlan.endReasons),
                ]),
            RowTable(
                name: "lost_drivers", dimension: "lost_driver",
                columns: [
                    .time("time", "leaves"), number("site", .int32),
                    number("reason", .uint8, "1", SamplePlan.lostReasons),
                    number("wait_s", .float32, "s"), number("queued_s", .float32, "s"),
                    number("drove_on", .uint8),
                ]),
            RowTable(
                name: "outages", dimension: "outage",
                columns: [
                    .time("start_time", "start"), .time("end_time", "end"), number("site", .int32),
                    number("station", .int32),
                    number("evse", .int32), number("component", .uint8, "1", SamplePlan.components),
                    number("remote", .uint8),
                    number("mrec", .int32),
                ]),
            RowTable(
                name: "alarms", dimension: "alarm",
                columns: [
                    .time("time", "raised"), number("site", .int32), number("station", .int32),
                    number("kind", .uint8, "1", SamplePlan.alarmKinds), number("value", .float64),
                ]),
            RowTable(
                name: "messages", dimension: "message",
                columns: [
                    .time("time", "sent"), number("site", .int32), number("station", .int32),
                    number("action", .uint8, "1", SamplePlan.actions),
                    number("direction", .uint8, "1", ["up", "down"]),
                    number("round_trip_ms", .float32, "ms"),
                ]),
            RowTable(
                name: "audit", dimension: "audited_site",
                columns: [
                    "site", "sessions_true", "sessions_booked", "sessions_lost", "sessions_doubled", "sessions_wrong",
                    "sessions_pending",
                ]
                .map { number($0, .int32) }
                    + ["energy_true_wh", "energy_booked_wh", "energy_pending_wh"].map { number($0, .float64, "Wh") }),
        ]
        if plan.hasComparison {
            tables.append(
                RowTable(
                    name: "comparison_daily", dimension: "comparison_day",
                    columns: [number("day", .int32)]
                        + ["real_sessions", "simulated_sessions", "real_energy_wh", "simulated_energy_wh"].map {
                            number($0, .float64)
                        }))
            tables.append(
                RowTable(
                    name: "comparison_hourly", dimension: "comparison_hour",
                    columns: [number("hour", .int32)]
                        + ["real_occupancy", "simulated_occupancy", "real_arrivals", "simulated_arrivals"].map {
                            number($0, .float64)
                        }))
        }
        return tables
    }
}
