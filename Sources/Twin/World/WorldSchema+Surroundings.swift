extension WorldSchema {
    static let surroundings = ObjectSpec(
        name: "surroundings",
        summary: "What happens at each station besides charging, as far as its CSMS hears of it.",
        keys: [
            KeySpec(
                "external_limits_per_day", perDay, default: "0",
                "How often an energy management system limits the station."),
            KeySpec(
                "external_limit_kw", .number(limits: .notNegative), unit: "kW", default: "half of the station's output",
                "What it may draw then."),
            KeySpec("external_limit_min", minutes, unit: "min", default: "30", "How long the limit holds."),
            KeySpec(
                "grid_faults_per_day", perDay, default: "0",
                "How often voltage or frequency leave their bounds; above 0 the station obeys DER controls (OCPP 2.1)."),
            KeySpec("grid_fault_min", minutes, unit: "min", default: "5", "How long that lasts."),
            KeySpec(
                "battery_swaps_per_day", perDay, default: "0",
                "How often somebody exchanges a battery; above 0 the EVSEs are slots for batteries (OCPP 2.1)."),
            KeySpec(
                "vendor_messages_per_day", perDay, default: "0",
                "How often the station sends a DataTransfer of its vendor's."),
            KeySpec("vendor_id", .text, default: "org.evtwin", "The vendor in these messages."),
            KeySpec("iso15118_share", .number(limits: .share), default: "0", "Vehicles that speak ISO 15118."),
            KeySpec(
                "contract_share", .number(limits: .share), default: "0.1",
                "Of these, vehicles that want a contract certificate installed."),
            KeySpec(
                "terminal_share", .number(limits: .share), default: "0",
                "Drivers who pay at the station's terminal (OCPP 2.1)."),
            KeySpec(
                "company_share", .number(limits: .share), default: "0.1",
                "Of these, drivers who want a receipt on a company."),
            KeySpec(
                "terminal_price_per_kwh", .number(limits: .notNegative), default: "0.55",
                "What the terminal asks for where no tariff says otherwise."),
            KeySpec(
                "priority_share", .number(limits: .share), default: "0",
                "Drivers who press the button for priority (OCPP 2.1)."),
        ])

    private static let perDay: KeyType = .number(limits: .range(0...86_400))
    private static let minutes: KeyType = .number(limits: .range(0.1...1440))
}
