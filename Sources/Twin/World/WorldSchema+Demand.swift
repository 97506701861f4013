import Models

extension WorldSchema {
    static let quantileSummary =
        "rising `[probability, value]` pairs, linear between them, clamped beyond; in a table `0.1:3.7|0.5:9.8|0.9:21`"

    private static let shares: KeyType = .list(.number(limits: .notNegative), count: 24...24)
    static let quantiles: KeyType = .list(.list(.number(limits: .any), count: 2...2), count: 1...200)
    private static let spread: KeyType = .oneOf([.choice(["none", "profile"]), .number(limits: .range(0...3))])

    /// What `arrivals` and a population of `demand` share.
    private static let arrivalKeys: [KeySpec] = [
        KeySpec(
            "profile", .choice(ArrivalProfiles.ids), default: "by region, kind of site and kind of charger",
            "Profile of `reference/arrivals_by_market.json` (the region's where several have one) or "
                + "`reference/arrivals.json`; the keys below replace parts of it."),
        KeySpec(
            "sessions_per_day", .number(limits: .notNegative), default: "from sessions_per_connector_day",
            "Mean arrivals a day, whatever the number of EVSEs: demand of the place."),
        KeySpec(
            "sessions_per_connector_day", .number(limits: .notNegative), default: "the profile's mean",
            "Mean arrivals a day for each EVSE of the kind; instead of sessions_per_day."),
        KeySpec(
            "site_spread", spread, default: "the world's demand.site_spread",
            "Standard deviation of the logarithm of the level between sites: the level is multiplied by a lognormal draw "
                + "with mean 1 by the site's id; `profile`: from the profile's P10 and P90."),
        KeySpec("weekday_share", shares, "Share of the day's arrivals by local hour, Monday to Friday."),
        KeySpec("weekend_share", shares, "The same for Saturday and Sunday."),
        KeySpec(
            "weekend_ratio", .number(limits: .notNegative), default: "the profile's",
            "Arrivals of a weekend day divided by those of a weekday."),
        KeySpec(
            "dispersion", .number(limits: .range(1...100)), default: "the profile's, 1 where it has none",
            "Index of dispersion of the daily count (variance / mean), for every month and weekday; 1: Poisson."),
        KeySpec(
            "day_cv", .number(limits: .range(0...3)), default: "0.25 with a market's profile",
            "Coefficient of variation of the day's factor, whatever the count; instead of dispersion."),
        KeySpec(
            "month_factor", .list(.number(limits: .notNegative), count: 12...12), default: "1 each",
            "Multiplies the arrivals of each calendar month, from January."),
        KeySpec(
            "growth_per_year", .number(limits: .range(-0.9...10)), default: "the world's demand.growth_per_year",
            "0.3: the rate grows by 30 % in a year, from the world's start."),
        KeySpec(
            "energy_kwh", quantiles, unit: "kWh", default: "the profile's",
            "Energy wanted at the connector: \(quantileSummary)."),
        KeySpec(
            "dwell_h", quantiles, unit: "h", default: "the profile's",
            "AC: plug in to plug out, as above; charging time where idle_share is above 0. DC: how long the driver is away "
                + "at least; the vehicle stays until the charge is over as well."),
        KeySpec(
            "correlation", .number(limits: .range(-1...1)), default: "the profile's",
            "Rank correlation of energy and dwell_h: both are one draw."),
        KeySpec(
            "idle_share", .number(limits: .range(0...0.9)), default: "the profile's; 0 with a dwell_h of one's own",
            "AC: share of the plug-in time after the charge, on top of dwell_h."),
        KeySpec(
            "by_start", .list(.list(.number(limits: .notNegative), count: 3...3), count: 0...24),
            default: "the profile's",
            "What depends on the hour of arrival: `[hour, median energy in kWh, median dwell in h]` from that hour on; "
                + "in a table `6:16.1:3.1|22:20.8:9.1`."),
        KeySpec(
            "overstay_min", .number(limits: .range(0...1440)), unit: "min", default: "the profile's, else 4",
            "DC: median time a vehicle stays after the charge (lognormal, σ 1.28)."),
    ]

    static let arrivals = ObjectSpec(
        name: "arrivals",
        summary: "When drivers arrive, how long they stay, how much they want: for all populations of the site.",
        keys: arrivalKeys + [
            KeySpec(
                "dc_share", .number(limits: .share), default: "by each kind's own level",
                "Share of the drivers who come for DC where a site has AC and DC; the level is then that of all EVSEs.")
        ])

    static let population = ObjectSpec(
        name: "population",
        summary:
            "Drivers of one kind of charger. What is not given here is that of `arrivals`, `need` and `patience_min`.",
        keys: [
            KeySpec(
                "kind", .choice(StationKind.allCases.map(\.name)), default: "the population's name, where it is one",
                "Which stations they come for.")
        ] + arrivalKeys + [
            KeySpec("need", .object("need"), "How the energy wanted is drawn."),
            patience,
            KeySpec(
                "prefers", .choice(EVSEPreference.allCases.map { "\($0)" }), default: "power",
                "Which free EVSE they take: the strongest, or the first in the order of the site."),
        ])

    static let patience = KeySpec(
        "patience_min", .number(limits: .range(0.1...1440)), unit: "min", default: "12 for DC, 3 for AC",
        "Median of the wait drivers put up with (lognormal, σ 0.7).")

    static let need = ObjectSpec(
        name: "need", summary: "How the energy wanted is drawn.",
        keys: [
            KeySpec(
                "by", .choice(["state_of_charge", "energy"]),
                default: "energy; state_of_charge for DC where the profile has one",
                "`state_of_charge`: arrival and target are drawn, the battery decides the energy; `energy`: from the quantiles."
            ),
            KeySpec(
                "arrival_soc_beta", .list(.number(limits: .positive), count: 2...2), default: "[2.2, 6]",
                "Parameters of the beta distribution of the state of charge on arrival."),
            KeySpec(
                "target_soc", .list(.number(limits: .share), count: 3...3), default: "[0.6, 0.8, 1.0]",
                "Lowest, most frequent and highest target state of charge (triangular)."),
        ])

    static let commonDemand = ObjectSpec(
        name: "common_demand", summary: "What the demand of all sites has in common.",
        keys: [
            KeySpec(
                "common_cv", .number(limits: .range(0...1)), default: "0.09",
                "Coefficient of variation of the day's factor that all sites share, within each one's own variation."),
            KeySpec(
                "lag1", .number(limits: .range(0...0.99)), default: "0.25",
                "Correlation of the logarithm of that factor with the day before's."),
            KeySpec(
                "growth_per_year", .number(limits: .range(-0.9...10)), default: "0", "0.3: 30 % more after a year."),
            KeySpec(
                "site_spread", spread, default: "none",
                "How the level differs between sites of one kind; `profile`: by P10 and P90 of each one's profile."),
            KeySpec(
                "holidays",
                .oneOf([
                    .choice(["region", "none"] + Market.allCases.map(\.worldName)),
                    .list(.object("holiday"), count: 0...200),
                ]), default: "region", "Days on which more or fewer drivers come: those of the region, or a list."),
        ])

    static let holiday = ObjectSpec(
        name: "holiday", summary: "A day on which more or fewer drivers come.",
        keys: [
            KeySpec("date", .text, required: true, "`2025-07-04`, or `07-04` for every year."),
            KeySpec(
                "factor", .number(limits: .range(0...10)), required: true,
                "Arrivals over those of an ordinary day of that weekday."),
            KeySpec(
                "work_factor", .number(limits: .range(0...10)), default: "factor", "The same where people work."),
            KeySpec(
                "travel_factor", .number(limits: .range(0...10)), default: "factor", "The same beside trunk roads."),
        ])
}
