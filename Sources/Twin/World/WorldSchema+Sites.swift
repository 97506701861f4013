import Models

extension WorldSchema {
    /// What a template and a site share.
    static let plantKeys: [KeySpec] = [
        KeySpec("kind", .choice(SiteKind.allCases.map(\.name)), default: "retail", "What the place is."),
        KeySpec(
            "demand", .map(.object("population")), default: "one population for each kind of charger",
            "Populations of drivers by name, any number for each kind of charger; `ac` and `dc` are of that kind."),
        KeySpec("arrivals", .object("arrivals"), "Who comes when: what the populations do not say themselves."),
        KeySpec("need", .object("need"), "How the energy wanted is drawn, likewise."),
        KeySpec("transformer", .object("transformer"), default: "none", "The transformer that feeds the site."),
        KeySpec(
            "building", .object("building"), default: "none", "The load of the building behind the same connection."),
        KeySpec(
            "import_limit_kw", .oneOf([.number(limits: .positive), .choice(["none"])]), unit: "kW", default: "none",
            "Limit of the site's import, building included."),
        KeySpec("control", .object("control"), "How the limit is shared."),
        KeySpec(
            "queue_places", .integer(0...1000), default: "2", "Places for drivers who wait, for each kind of charger."),
        patience,
        KeySpec("stations", .list(.object("station"), count: 0...10_000), "The charging stations."),
        KeySpec("sessions", .object("sessions"), "A session list to replay; nobody else arrives then."),
        KeySpec("fleet", .object("fleet"), "Vehicles that belong to the site; nobody else arrives then."),
        KeySpec("surroundings", .object("surroundings"), "What happens at the stations besides charging."),
    ]

    static let template = ObjectSpec(
        name: "template", summary: "What sites of one kind have in common.",
        keys: [KeySpec("extends", .text, "Another template to start from.")] + plantKeys)

    static let site = ObjectSpec(
        name: "site", summary: "A place with charging stations behind one grid connection.",
        keys: [
            KeySpec("id", .text, required: true, "Unique in the world."),
            KeySpec("name", .text, default: "the id", "For people."),
            KeySpec(
                "copies", .integer(1...100_000), default: "1",
                "Equal sites; those after the first add a dash and a number to every id."),
            KeySpec("template", .text, default: "retail", "Where every key not given here comes from."),
            KeySpec("latitude", .number(limits: .range(-90...90)), unit: "°", default: "unknown", "North."),
            KeySpec("longitude", .number(limits: .range(-180...180)), unit: "°", default: "unknown", "East."),
        ] + plantKeys)

    static let control = ObjectSpec(
        name: "control", summary: "How stations share the import limit.",
        keys: [
            KeySpec("policy", .choice(["none", "fair_share"]), default: "none", "`fair_share`: weighted max-min."),
            KeySpec(
                "margin", .number(limits: .range(0...0.9)), default: "0", "Share of the import limit that is kept free."
            ),
            KeySpec(
                "minimum_kw", .number(limits: .notNegative), unit: "kW", default: "1.4",
                "Least power of a session; below it sessions are paused in order of arrival."),
        ])

    static let station = ObjectSpec(
        name: "station", summary: "A charging station, or `count` equal ones.",
        keys: [
            KeySpec(
                "id", .text, default: "site id, dash, number",
                "Unique in the world; with `count` above 1 a number is added."),
            KeySpec(
                "ids", .list(.text, count: 1...10_000), "One equal station for each id; instead of `id` and `count`."),
            KeySpec("count", .integer(1...10_000), default: "1", "How many."),
            KeySpec(
                "kind", .choice(StationKind.allCases.map(\.name)), default: "by the connectors",
                "AC outlets or DC chargers."),
            KeySpec(
                "power_kw", .number(limits: .range(0.5...5000)), unit: "kW", default: "EVSEs × evse_power_kw",
                "Output of the whole station."),
            KeySpec(
                "evse_power_kw", .number(limits: .range(0.5...5000)), unit: "kW",
                default: "AC: power_kw / EVSEs; DC: power_kw", "Output of one EVSE."),
            KeySpec(
                "evses", .oneOf([.integer(1...64), .list(.object("evse"), count: 1...64)]), default: "1",
                "How many EVSEs, or each of them."),
            KeySpec(
                "connectors", .list(.choice(ConnectorType.allCases.map(\.wireName)), count: 1...4),
                default: "AC: Type2 or Type1, DC: CCS2 or CCS1, by region",
                "Plugs of an EVSE, of which one is in use at a time."),
            KeySpec(
                "module_kw", .number(limits: .range(1...200)), unit: "kW", default: "30", "DC: size of a power module."),
            KeySpec(
                "phases", .integer(1...3), default: "3 for Type 2 above 7.4 kW, else 1",
                "AC: phases of an outlet, 1 or 3."),
            KeySpec(
                "voltage_v", .number(limits: .range(50...1500)), unit: "V",
                default: "AC 230, in North America 208 (residential 240); DC 500 to 60 kW, 920 above",
                "AC: across one charging phase. DC: highest output voltage."),
            KeySpec(
                "amps", .number(limits: .range(1...3000)), unit: "A",
                default: "AC: power / voltage / phases; DC: 125 to 60 kW, 200 to 100, 375 to 200, 500 above",
                "AC: per phase of an outlet. DC: highest output current."),
            KeySpec(
                "cable_amps", .number(limits: .range(1...3000)), unit: "A", default: "amps", "What the cable carries."),
            KeySpec(
                "efficiency", .choice(StationSpec.Efficiency.allCases.map(\.rawValue)), default: "table",
                "`table`: `reference/charger_efficiency.json` by class; `ideal`: no losses, no standby."),
            KeySpec(
                "power_factor", .number(limits: .range(0.5...1)), default: "0.99; 1 when ideal",
                "Of the input at full load."),
            KeySpec("weight", .number(limits: .positive), default: "1", "Weight in the site's sharing."),
            KeySpec(
                "installed", .dateTime, default: "drawn for the site, see `operations.equipment_age_years`",
                "When the station went into operation; a later date than the world's start is new equipment."),
            KeySpec(
                "age_years", .number(limits: .range(0...50)), unit: "years", default: "by installed",
                "The same as age at the start."),
        ])

    static let evse = ObjectSpec(
        name: "evse", summary: "One EVSE of a station.",
        keys: [
            KeySpec(
                "power_kw", .number(limits: .range(0.5...5000)), unit: "kW", default: "the station's evse_power_kw",
                "Output."),
            KeySpec(
                "cable_amps", .number(limits: .range(1...3000)), unit: "A", default: "the station's",
                "What the cable carries."),
            KeySpec(
                "connectors", .list(.choice(ConnectorType.allCases.map(\.wireName)), count: 1...4),
                default: "the station's", "Plugs."),
        ])

    static let sessions = ObjectSpec(
        name: "sessions", summary: "A session list to replay.",
        keys: [
            KeySpec("table", .file, required: true, "CSV, one row a session."),
            KeySpec(
                "period_min", .number(limits: .positive), unit: "min", default: "times are date-times",
                "Times in the table are numbers of periods of this length since the world's start."),
            KeySpec(
                "utc_offset_h", .number(limits: .range(-18...18)), unit: "h",
                default: "of the table's first time with a zone",
                "How far the world's clock is ahead of UTC: where times in the table have a zone (`Z`, `+01:00`)."),
            KeySpec(
                "battery", .choice(["two_stage", "ideal"]), default: "two_stage",
                "`two_stage`: constant power up to 80 %, then linearly less; `ideal`: constant power to full."),
            KeySpec("columns", .object("columns"), "How the columns are called."),
        ])

    static let columns = ObjectSpec(
        name: "columns", summary: "Names of the columns of a session list.",
        keys: [
            KeySpec("arrival", .text, default: "arrival", "Plug in."),
            KeySpec("departure", .text, default: "departure", "Plug out."),
            KeySpec(
                "evse", .text, default: "evse; where the table has none, any EVSE of the site",
                "Station id for any of its EVSEs that is free, `id/2` for its second EVSE, empty for any of the site."),
            KeySpec("energy_kwh", .text, default: "energy_kwh", "Energy wanted."),
            KeySpec(
                "battery_kwh", .text, default: "none: 75 kWh, larger where the energy asks for it", "Battery capacity."),
            KeySpec(
                "initial_kwh", .text, default: "none: a fifth of the battery, less where the energy asks for it",
                "Charge on arrival."),
            KeySpec("max_power_kw", .text, default: "none: the EVSE's rating", "Power limit of the vehicle."),
        ])

    static let fleet = ObjectSpec(
        name: "fleet", summary: "Vehicles that belong to the site, out by day and back in the evening.",
        keys: [
            KeySpec("vehicles", .integer(1...10_000), required: true, "How many; each needs an EVSE."),
            KeySpec("vehicle", .text, required: true, "Id in `reference/vehicles.json`."),
            KeySpec("return_from", .timeOfDay, default: "16:00", "First return."),
            KeySpec("return_to", .timeOfDay, default: "18:00", "Last return; uniform between the two."),
            KeySpec("departure", .timeOfDay, default: "05:00", "Departure, next day when it is before the return."),
            KeySpec("weekends", .flag, default: "false", "Whether they also work on Saturday and Sunday."),
            KeySpec(
                "energy_kwh", quantiles, unit: "kWh", default: "45 each", "Energy of a day's work: \(quantileSummary)."),
        ])
}
