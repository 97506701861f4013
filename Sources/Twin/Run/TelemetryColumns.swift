internal import Models
internal import OCPP
internal import Telemetry

/// Names, units and order of everything a run writes. The report reads the same names.
enum TelemetryColumns {
    static let siteSeries: [SeriesSpec] = SeriesVariable.allCases.map { variable in
        switch variable {
        case .evPower:
            SeriesSpec(
                name: "ev_power_w", units: "W", longName: "import of the charging stations", cellMethods: "time: mean")
        case .sitePower:
            SeriesSpec(
                name: "site_power_w", units: "W", longName: "import of the site with its building",
                cellMethods: "time: mean")
        case .topOil:
            SeriesSpec(
                name: "top_oil_c", units: "degC", longName: "transformer top-oil temperature",
                cellMethods: "time: point")
        case .hotSpot:
            SeriesSpec(
                name: "hot_spot_c", units: "degC", longName: "transformer hot-spot temperature",
                cellMethods: "time: maximum")
        case .ageing:
            SeriesSpec(
                name: "ageing_h", units: "h", longName: "insulation life used in the interval", cellMethods: "time: sum"
            )
        case .occupied:
            SeriesSpec(name: "occupied", units: "1", longName: "EVSEs with a vehicle", cellMethods: "time: mean")
        case .charging:
            SeriesSpec(name: "charging", units: "1", longName: "EVSEs with energy flowing", cellMethods: "time: mean")
        case .waiting:
            SeriesSpec(name: "waiting", units: "1", longName: "drivers waiting for an EVSE", cellMethods: "time: mean")
        case .outOfService:
            SeriesSpec(
                name: "out_of_service", units: "1", longName: "EVSEs that do not work", cellMethods: "time: mean")
        case .delivered:
            SeriesSpec(
                name: "delivered_w", units: "W", longName: "power at the connectors", cellMethods: "time: mean")
        }
    }
    static let evseSeries = [
        SeriesSpec(name: "power_w", units: "W", longName: "power at the connector", cellMethods: "time: mean")
    ]

    /// Row tables, in the order of ``Rows``.
    static let rowTables: [RowTable] = [
        sessions, lostDrivers, outages, alarms, messages, pilot, audit, comparisonDaily, comparisonHourly,
        siteMeters, failedAttempts, orders, remoteStarts,
    ]
    enum Rows: Int {
        case sessions, lostDrivers, outages, alarms, messages, pilot, audit, comparisonDaily, comparisonHourly
        case siteMeters, failedAttempts, orders, remoteStarts
    }

    private static func index(_ name: String, _ text: String) -> ColumnSpec {
        ColumnSpec(name: name, units: "", longName: text, type: .int32)
    }
    private static func float(_ name: String, _ units: String, _ text: String) -> ColumnSpec {
        ColumnSpec(name: name, units: units, longName: text, type: .float32)
    }
    private static func double(_ name: String, _ units: String, _ text: String) -> ColumnSpec {
        ColumnSpec(name: name, units: units, longName: text, type: .float64)
    }
    private static func flags(_ name: String, _ text: String, _ meanings: [String]) -> ColumnSpec {
        ColumnSpec(name: name, units: "", longName: text, type: .uint8, flagMeanings: meanings)
    }
    private static func count(_ name: String, _ text: String) -> ColumnSpec {
        ColumnSpec(name: name, units: "1", longName: text, type: .int64)
    }
    private static let site = index("site", "index in /sites")
    private static let station = index("station", "index in /stations, -1 for the site itself")
    private static let evse = index("evse", "EVSE of the network, -1 for the whole station")

    static let sessions = RowTable(
        name: "sessions", dimension: "session",
        columns: [
            .time("arrival_time", "arrival at the site"), .time("plug_in_time", "cable in"),
            .time("charge_end_time", "last energy"), .time("unplug_time", "cable out"), site, station, evse,
            ColumnSpec(
                name: "vehicle", units: "", longName: "vehicle model", type: .int32,
                flagMeanings: VehicleCatalogue.all.map(\.id), minusOneMeaning: "replayed_session"),
            double("energy_wh", "Wh", "energy at the connector, without the error of the billing meter"),
            double("grid_energy_wh", "Wh", "energy taken from the grid for it"),
            float("soc_start", "1", "state of charge on arrival"), float("soc_end", "1", "state of charge at the end"),
            float("power_max_w", "W", "highest power at the connector"),
            float("wait_s", "s", "from arrival at the site to the cable"),
            float("queued_s", "s", "time in the queue, before the driver had a place"),
            float("start_s", "s", "from the cable to the first energy; NaN where none flowed"),
            flags("auth", "how the driver was authorised", Authorization.allCases.map(\.name)),
            flags("end_reason", "why energy stopped", EndReason.allCases.map(\.name)),
            index("attempts", "times the driver plugged in at this site until energy flowed"),
            float("wanted_wh", "Wh", "energy wanted at the connector's meter"),
        ])
    static let lostDrivers = RowTable(
        name: "lost_drivers", dimension: "lost_driver",
        columns: [
            .time("time", "departure without a charge"), site,
            flags("reason", "why", LossReason.allCases.map(\.name)),
            float("wait_s", "s", "from arrival at the site to departure"),
            float("queued_s", "s", "time in the queue"),
            flags("drove_on", "another site was tried", ["no", "yes"]),
            index("attempts", "attempts that had failed at this site"),
            float("wanted_wh", "Wh", "energy wanted at the connector's meter"),
        ])
    static let outages = RowTable(
        name: "outages", dimension: "outage",
        columns: [
            .time("start_time", "failure"), .time("end_time", "restored, or the end of the run"), site,
            index("station", "index in /stations, -1 for the whole site"),
            index("evse", "EVSE of the network, -1 for the whole station"),
            flags("component", "what failed", OutageRecord.causes),
            flags("remote", "settled without a visit", ["no", "yes"]),
            ColumnSpec(
                name: "cause", units: "", longName: "ChargeX minimum required error code", type: .int32,
                flagMeanings: ["none"] + (1...26).map { "CX0\($0 < 10 ? "0" : "")\($0)" }),
            flags(
                "effect", "what it takes away: EVSEs are out of service during service and power",
                OutageEffect.allCases.map(\.name)),
            flags(
                "exclusion", "why it does not count by 23 CFR 680.116(b)", OutageExclusion.allCases.map(\.name)),
            flags("open", "still running when the run ended", ["no", "yes"]),
            float("detection_s", "s", "until it was noticed and told to the dispatcher"),
            float("preparation_s", "s", "from then until parts and plan were ready"),
            float("crew_wait_s", "s", "from then until a crew was free"),
            float("travel_s", "s", "drive of the crew"), float("work_s", "s", "work on site"),
        ])
    static let failedAttempts = RowTable(
        name: "failed_attempts", dimension: "failed_attempt",
        columns: [
            .time("time", "when the start had failed"), site, index("station", "index in /stations"),
            index("evse", "EVSE of the network"), index("number", "1 for the first attempt of the visit"),
            flags("failure", "why", AttemptFailure.allCases.map(\.name)),
        ])
    static let alarms = RowTable(
        name: "alarms", dimension: "alarm",
        columns: [
            .time("time", "when"), site, station, flags("kind", "what", AlarmKind.allCases.map(\.name)),
            double("value", "1", "in °C, W or load over rating, as the kind says"),
        ])
    static let messages = RowTable(
        name: "messages", dimension: "message",
        columns: [
            .time("time", "at the CSMS"), site, station,
            flags("action", "OCPP action", MessageRecord.actions),
            flags("error", "answered with CALLERROR", ["no", "yes"]),
            float("round_trip_ms", "ms", "from the station's call to the answer"),
        ])
    static let pilot = RowTable(
        name: "pilot_states", dimension: "pilot_state",
        columns: [
            .time("time", "when"), site, evse,
            flags("from_state", "IEC 61851-1 state before", PilotState.allCases.map { "\($0)".uppercased() }),
            flags("to_state", "IEC 61851-1 state after", PilotState.allCases.map { "\($0)".uppercased() }),
        ])
    static let audit = RowTable(
        name: "audit", dimension: "audited_site",
        columns: [
            site, count("sessions_true", "transactions that ended"), count("sessions_booked", "transactions booked"),
            count("sessions_lost", "ended, never booked"), count("sessions_doubled", "booked more than once"),
            count("sessions_wrong", "booked with another energy"),
            count("sessions_pending", "still in the station's queue at the end"),
            double("energy_true_wh", "Wh", "energy of ended transactions, as the billing meters read it"),
            double("energy_booked_wh", "Wh", "energy booked"),
            double("energy_pending_wh", "Wh", "energy still in the stations' queues"),
        ])
    static let orders = RowTable(
        name: "orders", dimension: "order",
        columns: [
            .time("time", "given by the CSMS"), .time("end_time", "answered, or given up"), site,
            index("station", "index in /stations"), evse, index("rule", "index in /order_rules"),
            flags("outcome", "what came of it", OrderOutcome.allCases.map(\.name)),
        ])
    static let remoteStarts = RowTable(
        name: "remote_starts", dimension: "remote_start_site",
        columns: [
            site, count("accepted", "remote starts that charging stations accepted"),
            count("started", "of these, became a transaction"),
            count("expired", "of these, without a transaction when their time was over"),
        ])
    static let siteMeters = RowTable(
        name: "site_meters", dimension: "metered_site",
        columns: [
            site,
            double(
                "bill_peak_w", "W",
                "highest mean import of a quarter of an hour by the site's own clock, building and standby included"),
            .time("bill_peak_time", "end of that quarter of an hour"),
            double("energy_wh", "Wh", "energy at the connectors' meters"),
            double("grid_energy_wh", "Wh", "energy taken from the grid for it, standby not included"),
        ])
    static let comparisonDaily = RowTable(
        name: "comparison_daily", dimension: "comparison_day",
        columns: [
            index("day", "days since the start"), double("real_sessions", "1", "sessions that really began that day"),
            double("simulated_sessions", "1", "simulated sessions that began that day"),
            double("real_energy_wh", "Wh", "energy of the real sessions"),
            double("simulated_energy_wh", "Wh", "energy of the simulated sessions"),
        ])
    static let comparisonHourly = RowTable(
        name: "comparison_hourly", dimension: "comparison_hour",
        columns: [
            index("hour", "local hour of the day"), double("real_occupancy", "1", "mean EVSEs really occupied"),
            double("simulated_occupancy", "1", "mean EVSEs occupied in the simulation"),
            double("real_arrivals", "1", "mean real arrivals in the hour"),
            double("simulated_arrivals", "1", "mean simulated arrivals in the hour"),
        ])
}
