extension WorldSchema {
    static let order = ObjectSpec(
        name: "order",
        summary:
            "A message that the CSMS sends to charging stations. Blanks in the payload are filled in when it is given: "
            + "`$station` the identity, `$evse` the EVSE, `$transaction` the transaction, `$number` a whole number of its own, "
            + "`$now` the instant, `$share(60000)` that much divided by the transactions running at the site.",
        keys: [
            KeySpec("action", .text, required: true, "Action of the CSMS, as in OCPP: `SetChargingProfile`."),
            KeySpec(
                "payload", .payload, default: "empty", "Payload, as in OCPP, checked against the schema of the version."
            ),
            KeySpec("at", .dateTime, "When it is given: once, by the local wall clock."),
            KeySpec("every_day", .timeOfDay, "When it is given, every day, by the local wall clock."),
            KeySpec(
                "on", .choice(OrderSpec.Event.allCases.map(\.rawValue)),
                "On what it is given. `booted`: the station is accepted; `plugged`: a vehicle is connected; `started` and "
                    + "`ended`: a transaction; `faulted`: a connector reports a fault."),
            KeySpec(
                "delay_s", .number(limits: .range(0...86_400)), unit: "s", default: "0", "How long after `on`."),
            KeySpec(
                "each", .choice(OrderSpec.Each.allCases.map(\.rawValue)), default: "station",
                "What gets a message of its own: every `station`, every `evse` of it, every `transaction` that runs."),
            KeySpec(
                "reach", .choice(OrderSpec.Reach.allCases.map(\.rawValue)), default: "station",
                "Whom `on` concerns: the `station` where it happened, or all stations of its `site`."),
            KeySpec(
                "stations", .list(.text, count: 1...100_000), default: "all", "Ids of the stations addressed."),
            KeySpec("sites", .list(.text, count: 1...100_000), default: "all", "Ids of the sites addressed."),
        ])
}
