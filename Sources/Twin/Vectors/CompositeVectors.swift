import Models
import OCPP

/// Operation `composite`: composite schedules in seconds, of one EVSE whose `default` holds where no profile leads.
enum CompositeVectors {
    static func evaluate(_ operation: String, _ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue]? {
        operation == "composite" ? try composite(inputs) : nil
    }

    private static func composite(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        var profiles: [ChargingLimits.Installed] = []
        for entry in try inputs.objects("profiles") {
            let profile = try plan(entry)
            let isOfStation =
                switch profile.purpose {
                case .stationMax, .stationExternalConstraints, .localGeneration: true
                case .txDefault, .tx, .priority: false
                }
            profiles.append(ChargingLimits.Installed(evse: isOfStation ? 0 : 1, plan: profile))
        }
        let start = try instant(inputs, "start")
        let end = try instant(inputs, "end")
        let transaction = try optionalInstant(inputs, "transaction_start").map {
            EVSECharging.Transaction(id: "", chargingStart: $0)
        }
        let evse = EVSECharging(
            supply: EVSESupply(voltage: 230, phases: 3, isDC: false), maximumW: .infinity,
            unlimited: try inputs.notNegative("default"), unlimitedUnit: .amperes, transaction: transaction,
            isPriority: true)
        let limits = ChargingLimits(profiles: profiles, evses: [evse])
        let schedule = limits.composite(
            evse: 1, from: start, duration: end.microseconds - start.microseconds, unit: .amperes)
        let periods = (schedule?.periods ?? []).map { period in
            VectorValue.list([.number(Double(period.start) / 1_000_000), .number(period.rate.limit)])
        }
        return ["periods": .list(periods)]
    }

    private static func plan(_ entry: VectorInputs) throws(VectorError) -> ProfilePlan {
        let name = try entry.text("purpose")
        guard let purpose = purposes.first(where: { $0.name == name })?.purpose else {
            throw .missing("profiles[].purpose", "a purpose of OCPP 2.1")
        }
        let kind: ProfilePlan.Kind
        switch (try entry.text("kind"), try entry.text("recurrency", or: "")) {
        case ("Absolute", _): kind = .absolute
        case ("Relative", _): kind = .relative
        case ("Recurring", "Daily"): kind = .daily
        case ("Recurring", "Weekly"): kind = .weekly
        default: throw .missing("profiles[].kind", "Absolute, Relative, or Recurring with a recurrency")
        }
        var periods: [ProfilePlan.Period] = []
        for (start, limit) in try entry.pairs("periods") {
            guard start >= 0, start <= 1e9 else { throw .missing("profiles[].periods", "starts from 0") }
            periods.append(ProfilePlan.Period(start: Int64(start * 1_000_000), limit: limit))
        }
        let plan = ProfilePlan(
            purpose: purpose, stackLevel: try entry.integer("stackLevel"), kind: kind,
            validFrom: try optionalInstant(entry, "validFrom"), validTo: try optionalInstant(entry, "validTo"),
            start: try optionalInstant(entry, "startSchedule"),
            duration: try optionalInstant(entry, "duration").map(\.microseconds), unit: .amperes, periods: periods)
        guard let plan else { throw .missing("profiles[]", "a profile with rising periods") }
        return plan
    }

    private static let purposes: [(name: String, purpose: ProfilePlan.Purpose)] = [
        ("ChargingStationExternalConstraints", .stationExternalConstraints), ("ChargingStationMaxProfile", .stationMax),
        ("TxDefaultProfile", .txDefault), ("TxProfile", .tx), ("PriorityCharging", .priority),
        ("LocalGeneration", .localGeneration),
    ]

    private static func instant(_ inputs: VectorInputs, _ key: String) throws(VectorError) -> Timestamp {
        Timestamp(microseconds: Int64(try inputs.number(key) * 1_000_000))
    }
    private static func optionalInstant(_ inputs: VectorInputs, _ key: String) throws(VectorError) -> Timestamp? {
        inputs.has(key) ? try instant(inputs, key) : nil
    }
}
