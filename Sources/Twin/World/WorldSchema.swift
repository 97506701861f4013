import Models
import OCPP

/// Every key a world file may have: the one place where they are written down.
///
/// The checker refuses what is not here, the JSON Schema (``WorldSchema/json``) and the key tables of
/// `docs/world-format.md` (``WorldSchema/markdown``) are printed from it.
public enum WorldSchema {
    static let objects: [ObjectSpec] =
        [
            world, telemetry, network, operations, components, component, hiddenConditions, gridOutages, incidents,
            csms, climate, commonDemand, holiday, vehicle, template, site,
        ]
        + [
            tableReference, comparison, population, arrivals, need, transformer, building, control, station, evse,
            sessions,
            columns,
        ]
        + [fleet, surroundings, order]

    static func object(_ name: String) -> ObjectSpec {
        guard let found = objects.first(where: { $0.name == name }) else {
            preconditionFailure("the key table names the group \(name) but does not have it")
        }
        return found
    }

    /// Version of the world format: it grows when a file of the version before would be read with another meaning.
    public static let formatVersion = 1

    static let world = ObjectSpec(
        name: "world", summary: "A world file.",
        keys: [
            KeySpec(
                "format", .integer(1...formatVersion), default: "\(formatVersion)",
                "Version of this format; a file that names a newer one than the program reads is refused."),
            KeySpec(
                "name", .text, required: true, "Short name, used for output files: no slashes, no dot or dash in front."
            ),
            KeySpec("description", .text, default: "empty", "A sentence on what the world is."),
            KeySpec("extends", .file, "Another world file to start from; what is written here is laid over it."),
            KeySpec(
                "start", .dateTime, default: "2025-01-06T00:00:00", "Local wall clock at the start; no daylight saving."
            ),
            KeySpec("days", .number(limits: .range(0.001...36_525)), unit: "d", default: "7", "Length of a run."),
            KeySpec("seed", .integer(0...Int.max), default: "1", "Seed of every random stream."),
            KeySpec(
                "region", .choice(Market.allCases.map(\.worldName)), default: "europe",
                "Whose plugs, voltages, transformers and vehicles the defaults are."),
            KeySpec("telemetry", .object("telemetry"), "What is recorded."),
            KeySpec("network", .object("network"), "Drivers who go on to another site."),
            KeySpec("operations", .object("operations"), "Failures, repair, incidents."),
            KeySpec("csms", .object("csms"), "The management system and the links to it."),
            KeySpec("climate", .object("climate"), "Ambient temperature."),
            KeySpec("demand", .object("common_demand"), "What the demand of all sites has in common."),
            KeySpec(
                "vehicles", .list(.object("vehicle"), count: 1...1000),
                default: "every vehicle of the catalogue sold in the region, by market weight", "Who comes to charge."),
            KeySpec(
                "templates", .map(.object("template")),
                "Site templates of one's own; one named like a built-in template changes that one."),
            KeySpec(
                "sites", .oneOf([.list(.object("site"), count: 1...1_000_000), .object("table")]), required: true,
                "The sites: a list, or a table with one row a site whose columns are site keys (dots for groups)."),
            KeySpec(
                "stations", .object("table"),
                "Stations of the sites as a table: column `site` and the station keys, one row a group of equal stations."
            ),
            KeySpec("comparison", .object("comparison"), "Real sessions to put beside the simulated ones."),
            KeySpec(
                "attribution", .list(.text, count: 0...100), default: "none",
                "Lines that must travel with the data; they go into telemetry and report."),
        ])

    static let telemetry = ObjectSpec(
        name: "telemetry", summary: "What is recorded.",
        keys: [
            KeySpec(
                "interval_min", .integer(1...1440), unit: "min", default: "15",
                "Length of a series interval; a day must be a whole number of them."),
            KeySpec("site_series", .flag, default: "true", "Series of every site."),
            KeySpec("evse_series", .flag, default: "false", "Series of every EVSE."),
            KeySpec("messages", .flag, default: "false", "Every OCPP message as a row."),
        ])

    static let network = ObjectSpec(
        name: "network", summary: "Drivers who find no place drive on to another site.",
        keys: [
            KeySpec("drive_on", .flag, default: "false", "Whether they do; else they are lost."),
            KeySpec(
                "radius_km", .number(limits: .positive), unit: "km", default: "5", "How far they look, straight line."),
            KeySpec(
                "speed_kmh", .number(limits: .positive), unit: "km/h", default: "30",
                "Mean speed over the straight line."),
            KeySpec(
                "minimum_min", .number(limits: .range(0.5...1440)), unit: "min", default: "5",
                "The least time a drive takes; also how far sites may run ahead of each other."),
            KeySpec("maximum_hops", .integer(0...20), default: "2", "How often one driver drives on."),
        ])

    static let csms = ObjectSpec(
        name: "csms", summary: "The charging station management system and the links to it.",
        keys: [
            KeySpec("enabled", .flag, default: "true", "`false`: stations charge by themselves, no message is made."),
            KeySpec(
                "heartbeat_interval_s", .integer(1...86_400), unit: "s", default: "3600",
                "Heartbeats of an idle station."),
            KeySpec(
                "meter_values_interval_s", .integer(1...86_400), unit: "s", default: "900",
                "Meter values of a running transaction."),
            KeySpec(
                "link", .choice(LinkProfiles.all.map(\.id)), default: "lte_good",
                "Latency and outages (`reference/connectivity.json`); `ideal`: none."),
            KeySpec(
                "wire", .choice(WireKind.allCases.map(\.rawValue)), default: "typed",
                "How messages travel; `typed`: decoded, in process; `encoded`: as JSON text, checked at both ends."),
            KeySpec(
                "version", .choice(OCPPVersion.allCases.map(\.worldName)), default: "2.0.1",
                "OCPP version. In 1.6 registers at start and stop are whole Wh."),
            KeySpec(
                "orders", .list(.object("order"), count: 0...1000), default: "none",
                "What the CSMS orders charging stations to do."),
        ])

    static let climate = ObjectSpec(
        name: "climate", summary: "Ambient temperature: one of the three forms.",
        keys: [
            KeySpec("ambient_c", .number(limits: .range(-60...60)), unit: "°C", default: "15", "Constant."),
            KeySpec(
                "monthly_mean_c", .list(.number(limits: .range(-60...60)), count: 12...12), unit: "°C",
                "Means of the twelve months, linear between mid-months."),
            KeySpec(
                "daily_swing_k", .number(limits: .range(0...40)), unit: "K", default: "0",
                "With monthly means: warmest (15:00) less coldest (03:00) hour of a day, a cosine."),
            KeySpec("table", .file, "CSV of temperatures."),
            KeySpec("column", .text, default: "temp_air_c", "Column of the table, °C."),
            rowLength, firstRow,
        ])

    static let vehicle = ObjectSpec(
        name: "vehicle", summary: "One kind of vehicle among those that come.",
        keys: [
            KeySpec("vehicle", .text, required: true, "Id in `reference/vehicles.json`."),
            KeySpec("weight", .number(limits: .positive), default: "1", "Relative weight."),
        ])

    static let tableReference = ObjectSpec(
        name: "table", summary: "A CSV file.",
        keys: [
            KeySpec(
                "table", .file, required: true,
                "CSV with a header row: commas, semicolons or tabs, UTF-8, UTF-16 or Windows-1252 (Latin-1).")
        ])

    static let comparison = ObjectSpec(
        name: "comparison", summary: "Real sessions, summed by day and hour.",
        keys: [
            KeySpec(
                "table", .file, required: true,
                "CSV with `date, hour, sessions, energy_kwh, occupied_h`, one row an hour; hours without a row are unknown."
            )
        ])
}

extension Market {
    /// The name in world files.
    var worldName: String {
        switch self {
        case .europe: "europe"
        case .northAmerica: "north_america"
        }
    }

    init?(worldName: String) {
        guard let match = Self.allCases.first(where: { $0.worldName == worldName }) else { return nil }
        self = match
    }
}

extension OCPPVersion {
    /// The name in world files.
    var worldName: String { String(rawValue.dropFirst("ocpp".count)) }

    init?(worldName: String) { self.init(rawValue: "ocpp" + worldName) }
}
