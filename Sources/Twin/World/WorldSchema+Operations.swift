import Models

extension WorldSchema {
    static let operations = ObjectSpec(
        name: "operations", summary: "How the network is looked after, and what goes wrong.",
        keys: [
            KeySpec(
                "preset", .choice(ReliabilityTable.presets.map(\.name) + ["none"]), default: "typical_operator_2024",
                "Failure and repair rates (`reference/reliability.json`); `none`: equipment never fails. The keys below replace parts of it."
            ),
            KeySpec("crews", .integer(1...100_000), default: "one per 100 sites", "Repair crews of the network."),
            KeySpec(
                "rate_multiplier", .number(limits: .range(0...1000)), default: "the preset's",
                "Multiplies every failure rate that `components` does not give."),
            KeySpec(
                "onsite_share", .number(limits: .share), default: "each component's own",
                "Share of the failures that need a visit; the others are fixed remotely."),
            KeySpec(
                "remote_fix_median_min", .number(limits: .positive), unit: "min", default: "the preset's",
                "Failure to remote fix, median (lognormal)."),
            KeySpec(
                "remote_fix_sigma", .number(limits: .range(0...3)), default: "the preset's",
                "Its σ of the logarithm."),
            KeySpec(
                "onsite_restore_median_h", .number(limits: .notNegative), unit: "h", default: "the preset's",
                "Failure to restoration by a crew that is free at once, median (lognormal): parts, planning, drive, work. 0: a crew sets off when told."
            ),
            KeySpec(
                "onsite_restore_sigma", .number(limits: .range(0...3)), default: "the preset's",
                "Its σ of the logarithm."),
            KeySpec(
                "repair_law", .choice(RepairLaw.allCases.map(\.rawValue)), default: "lognormal",
                "Law of the work on site; `exponential`, with the median given as its mean, is for comparison with queueing theory."
            ),
            KeySpec(
                "crew_speed_kmh", .number(limits: .positive), unit: "km/h", default: "50",
                "Crews' mean speed over the straight line; every drive takes 15 minutes more."),
            KeySpec(
                "components", .object("components"), default: "the preset's", "Failure rates of single components."),
            KeySpec(
                "hidden_conditions", .object("hidden_conditions"),
                "Ports that look available and start few charges or none."),
            KeySpec("grid_outages", .object("grid_outages"), "Interruptions of the sites' supply."),
            KeySpec(
                "equipment_age_years", .number(limits: .range(0...30)), unit: "years", default: "3, in North America 4",
                "Mean age of sites whose stations give none (exponential, at most three times as old)."),
            KeySpec("incidents", .object("incidents"), "What may interrupt a session."),
        ])

    static let components = ObjectSpec(
        name: "components", summary: "Failure rates of single components of a station.",
        keys: ReliabilityTable.components.map {
            KeySpec($0.name, .object("component"), default: "the preset's", "Of the \($0.visitBucket) sort.")
        })

    static let component = ObjectSpec(
        name: "component", summary: "How often a component fails and what its repair takes.",
        keys: [
            KeySpec(
                "failures_per_year", .number(limits: .notNegative), unit: "1/year", default: "the preset's",
                "Failures in a year of operation of one station, AC and DC alike; no multiplier applies."),
            KeySpec(
                "mtbf_h", .number(limits: .positive), unit: "h", default: "8,760 / failures_per_year",
                "The same as mean time between failures."),
            KeySpec("onsite_share", .number(limits: .share), default: "the preset's", "Share that needs a visit."),
            KeySpec(
                "weibull_shape", .number(limits: .range(0.2...10)), default: "the preset's",
                "Below 1 infant mortality, 1 no memory, above 1 wear."),
            KeySpec(
                "hands_on_median_h", .number(limits: .range(0...1000)), unit: "h", default: "the preset's",
                "Work on site, median (lognormal, σ 0.5)."),
        ])

    static let hiddenConditions = ObjectSpec(
        name: "hidden_conditions",
        summary: "Ports that look available and start few charges (flaky) or none (dead) until somebody finds out.",
        keys: [
            KeySpec(
                "flaky_per_port_year", .number(limits: .notNegative), unit: "1/year",
                default: "0.13 times the preset's multiplier", "How often a new port turns flaky."),
            KeySpec(
                "dead_per_port_year", .number(limits: .notNegative), unit: "1/year",
                default: "0.09 times the preset's multiplier", "How often a new port goes dead while online."),
            KeySpec(
                "growth_per_year", .number(limits: .notNegative), unit: "1/year", default: "3.3",
                "Growth of both rates with each year of age, as a share of the rates when new."),
            KeySpec(
                "growth_years", .number(limits: .range(0...30)), unit: "years", default: "3",
                "Age after which the rates grow no more."),
            KeySpec(
                "flaky_success", .number(limits: .share), default: "0.4",
                "Chance that an attempt at a flaky port succeeds."),
            KeySpec(
                "inspection_days", .number(limits: .positive), unit: "d", default: "90",
                "Mean time until an inspection finds the port (exponential)."),
            KeySpec(
                "call_share", .number(limits: .share), default: "0.0003",
                "Chance that a driver whose attempt has failed there calls and is believed."),
            KeySpec(
                "remote_share", .number(limits: .share), default: "0.5",
                "Share of the ports found that a remote action brings back; the others need a visit."),
        ])

    static let gridOutages = ObjectSpec(
        name: "grid_outages", summary: "Interruptions of a site's supply: everything there is off.",
        keys: [
            KeySpec(
                "per_year", .number(limits: .range(0...10_000)), unit: "1/year",
                default: "0.5, in North America 1.2, with preset: none 0", "How often, for each site (SAIFI)."),
            KeySpec(
                "mean_h", .number(limits: .positive), unit: "h", default: "1, in North America 2",
                "Mean length (CAIDI; lognormal, σ 1)."),
        ])

    static let incidents = ObjectSpec(
        name: "incidents", summary: "Probability per session of what may go wrong with it.",
        keys: [
            KeySpec("cable_pulled", .number(limits: .share), default: "0.0002", "Cable pulled under load."),
            KeySpec("supply_lost", .number(limits: .share), default: "0.0001", "Supply of the station lost."),
            KeySpec("vehicle_silent", .number(limits: .share), default: "0.001", "Vehicle stops communicating."),
            KeySpec("emergency_stop", .number(limits: .share), default: "0.0002", "Emergency stop pressed."),
            KeySpec("ground_fault", .number(limits: .share), default: "0.0003", "Residual current or isolation fault."),
            KeySpec(
                "start_failed", .number(limits: .share), default: "0.026, with preset: none 0",
                "Start sequence fails at a port with nothing wrong; the driver tries again."),
            KeySpec(
                "blocked_bay", .number(limits: .share), default: "0.03, with preset: none 0",
                "Best free bay blocked by a parked vehicle."),
        ])
}
