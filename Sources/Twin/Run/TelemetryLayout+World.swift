internal import Models
internal import Telemetry

/// What is known of the telemetry file before the first event.
struct WorldLayout {
    let world: WorldSpec
    let seed: UInt64
    let days: Double
    let overrides: [(key: String, value: String)]

    func layout() -> TelemetryLayout {
        var series: [SeriesGroup] = []
        if world.telemetry.siteSeries {
            series.append(
                SeriesGroup(
                    name: "series", entityDimension: "site", entityIDs: world.sites.map(\.id),
                    variables: TelemetryColumns.siteSeries, intervalS: world.telemetry.intervalS))
        }
        if world.telemetry.evseSeries {
            series.append(
                SeriesGroup(
                    name: "evse_series", entityDimension: "evse", entityIDs: evseIDs,
                    variables: TelemetryColumns.evseSeries, intervalS: world.telemetry.intervalS))
        }
        return TelemetryLayout(
            tables: [sites, stations, connectors, vehicles, climate] + (world.csms.orders.isEmpty ? [] : [orderRules]),
            series: series, rows: TelemetryColumns.rowTables,
            epoch: world.start.isoText, attributes: attributes)
    }

    private var attributes: [(String, AttributeValue)] {
        [
            ("title", .text("evtwin run of \(world.name)")), ("evtwin_version", .text(Version.text)),
            ("world_name", .text(world.name)), ("world_description", .text(world.summary)),
            ("world_text", .text(world.sourceText)),
            ("resolved_world", .text(ResolvedWorldText.text(world, seed: seed, days: days))),
            ("region", .text(ResolvedWorldText.snakeCase("\(world.region)"))),
            ("reliability_preset", .text(world.operations.preset)), ("repair_crews", .int(world.operations.crews)),
            ("csms_enabled", .int(world.csms.enabled ? 1 : 0)), ("csms_link", .text(world.csms.link)),
            ("csms_wire", .text(world.csms.wire.rawValue)), ("drive_on", .int(world.network.driveOn ? 1 : 0)),
            ("seed", .text(String(seed))), ("days", .double(days)),
            ("start", .text(world.start.isoText)), ("interval_s", .int(world.telemetry.intervalS)),
            ("arguments", .text(overrides.map { "--set \($0.key)=\($0.value)" }.joined(separator: " "))),
            ("attribution", .text(world.attribution.joined(separator: "\n"))), ("complete", .int(0)),
            ("digest", .text(String(repeating: "0", count: 16))), ("events", .int(0)), ("sessions", .int(0)),
            ("energy_kwh", .double(0)), ("peak_kw", .double(0)),
            ("bill_peak_kw", .double(0)),
        ]
    }

    private func text(_ name: String, _ longName: String) -> ColumnSpec {
        ColumnSpec(name: name, units: "", longName: longName, type: .text)
    }
    private func number(_ name: String, _ units: String, _ longName: String) -> ColumnSpec {
        ColumnSpec(name: name, units: units, longName: longName, type: .float64)
    }
    private func index(_ name: String, _ longName: String) -> ColumnSpec {
        ColumnSpec(name: name, units: "", longName: longName, type: .int32)
    }

    private var sites: StaticTable {
        let all = world.sites
        return StaticTable(
            name: "sites", dimension: "site",
            columns: [
                (text("id", "identifier of the site"), .text(all.map(\.id))),
                (text("name", "name of the site"), .text(all.map(\.name))),
                (text("template", "template that the site was made from"), .text(all.map(\.template))),
                (text("kind", "kind of site"), .text(all.map(\.kind.name))),
                (number("latitude", "degrees_north", "latitude, WGS 84"), .float64(all.map(\.latitude))),
                (number("longitude", "degrees_east", "longitude, WGS 84"), .float64(all.map(\.longitude))),
                (
                    number("transformer_kva", "kVA", "rating of the transformer"),
                    .float64(all.map { $0.transformer?.ratingKVA ?? .nan })
                ),
                (
                    number("insulation_life_h", "h", "insulation life of the transformer at its rated hot spot"),
                    .float64(all.map { $0.transformer?.insulationLifeH ?? .nan })
                ),
                (
                    text("transformer_model", "thermal model of the transformer as in the world; empty without one"),
                    .text(all.map { $0.transformer?.model.rawValue ?? "" })
                ),
                (
                    number(
                        "rated_hot_spot_c", "degC",
                        "hot spot at which the transformer's insulation ages at the normal rate"),
                    .float64(all.map { $0.transformer?.ratedHotSpotC ?? .nan })
                ),
                (
                    number("power_factor", "1", "power factor of the load on the transformer"),
                    .float64(all.map { $0.transformer == nil ? .nan : WorldCompiler.powerFactor(of: $0) })
                ),
                (
                    number("import_limit_w", "W", "import limit of the connection"),
                    .float64(all.map { $0.importLimitW ?? .nan })
                ),
                (index("station_count", "number of charging stations"), .int32(all.map { Int32($0.stations.count) })),
                (index("connector_count", "number of connectors"), .int32(all.map { Int32($0.connectorCount) })),
                (number("connected_w", "W", "sum of the stations' ratings"), .float64(all.map(\.connectedW))),
                (text("ac_profile", "profiles of the drivers of AC chargers"), .text(all.map { profiles($0, .ac) })),
                (text("dc_profile", "profiles of the drivers of DC chargers"), .text(all.map { profiles($0, .dc) })),
            ])
    }

    private func profiles(_ site: SiteSpec, _ kind: StationKind) -> String {
        site.demand.filter { $0.kind == kind }.map(\.profile).joined(separator: " ")
    }

    private var stations: StaticTable {
        var ids: [String] = []
        var site: [Int32] = []
        var kind: [String] = []
        var rated: [Double] = []
        var standby: [Double] = []
        var evses: [Int32] = []
        var ages: [Double] = []
        let meanY = world.operations.equipmentAgeY
        for (i, s) in world.sites.enumerated() {
            ages += WorldCompiler.agesY(of: s, meanY: meanY, seed: seed)
            for station in s.stations {
                standby.append(WorldCompiler.standbyW(of: station))
                ids.append(station.id)
                site.append(Int32(i))
                kind.append(station.kind.name)
                rated.append(station.ratedW)
                evses.append(Int32(station.evses.count))
            }
        }
        return StaticTable(
            name: "stations", dimension: "station",
            columns: [
                (text("id", "identifier of the charging station"), .text(ids)),
                (index("site", "index in /sites"), .int32(site)),
                (text("kind", "ac or dc"), .text(kind)),
                (number("rated_w", "W", "rated output of the station"), .float64(rated)),
                (number("standby_w", "W", "draw of the idle station"), .float64(standby)),
                (index("evse_count", "number of EVSEs"), .int32(evses)),
                (number("age_years", "a", "age of the equipment at the start"), .float64(ages)),
            ])
    }

    private var connectors: StaticTable {
        var ids: [String] = []
        var station: [Int32] = []
        var site: [Int32] = []
        var evse: [Int32] = []
        var type: [String] = []
        var rated: [Double] = []
        var stationCount: Int32 = 0
        var evseCount: Int32 = 0
        for (i, s) in world.sites.enumerated() {
            for unit in s.stations {
                for (k, outlet) in unit.evses.enumerated() {
                    for (c, connector) in outlet.connectors.enumerated() {
                        ids.append("\(unit.id)/\(k + 1)/\(c + 1)")
                        station.append(stationCount)
                        site.append(Int32(i))
                        evse.append(evseCount)
                        type.append(connector.wireName)
                        rated.append(outlet.ratedW)
                    }
                    evseCount += 1
                }
                stationCount += 1
            }
        }
        return StaticTable(
            name: "connectors", dimension: "connector",
            columns: [
                (text("id", "station/EVSE/connector"), .text(ids)),
                (index("station", "index in /stations"), .int32(station)),
                (index("site", "index in /sites"), .int32(site)),
                (index("evse", "number of the EVSE in the network"), .int32(evse)),
                (text("type", "connector type"), .text(type)),
                (number("rated_w", "W", "rated output of the EVSE"), .float64(rated)),
            ])
    }

    /// The vehicle catalogue, in the order of the codes in /sessions/vehicle.
    private var vehicles: StaticTable {
        let all = VehicleCatalogue.all
        return StaticTable(
            name: "vehicles", dimension: "vehicle_model",
            columns: [
                (text("id", "vehicle model"), .text(all.map(\.id))),
                (text("name", "make, model and model year"), .text(all.map(\.displayName))),
                (number("usable_wh", "Wh", "usable energy of the battery"), .float64(all.map(\.usableWh))),
            ])
    }

    /// What the air at the sites was simulated with.
    private var climate: StaticTable {
        StaticTable(
            name: "climate", dimension: "hour_of_year",
            columns: [
                (
                    ColumnSpec(
                        name: "ambient_c", units: "degC",
                        longName: "outdoor temperature by hour of the year; one value holds for all", type: .float32),
                    .float32(world.climate.ambient.map { Float($0) })
                )
            ])
    }

    /// What the CSMS orders, in the order of /orders/rule.
    private var orderRules: StaticTable {
        let all = world.csms.orders
        return StaticTable(
            name: "order_rules", dimension: "order_rule",
            columns: [
                (text("action", "OCPP action"), .text(all.map(\.action))),
                (text("occasion", "when it is given"), .text(all.map(\.occasion.words))),
                (text("payload", "payload, with its blanks"), .text(all.map(\.payload.words))),
            ])
    }

    private var evseIDs: [String] {
        world.sites.flatMap { site in
            site.stations.flatMap { station in station.evses.indices.map { "\(station.id)/\($0 + 1)" } }
        }
    }
}

/// Which evtwin this is.
public enum Version {
    public static let text = "0.1.0"
}
