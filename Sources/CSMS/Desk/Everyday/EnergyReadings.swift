internal import OCPP
internal import OCPPMessages

/// The energy registers of a message's meter values: at the transaction's start, at its end, and the latest of all.
///
/// A register is `Energy.Active.Import.Register`, the default measurand, at the outlet, the default location, over all
/// phases; where only phases are told they are added, and where only another location is told it counts. Readings that
/// cannot be registers are left out, so that the rest of the message is still booked.
/// - Source: OCPP 1.6, 7.31 `Measurand` and 7.43 `SampledValue`; OCPP 2.0.1 part 2, 2.51 `SampledValueType`.
struct EnergyReadings {
    private(set) var begin: Core.MeterValue?
    private(set) var end: Core.MeterValue?
    private(set) var latest: Core.MeterValue?

    init() {}

    init(_ values: [V2.MeterValue]?) {
        guard let values else { return }
        for value in values {
            add(value.timestamp, value.sampledValue.lazy.compactMap(Sample.init))
        }
    }

    init(_ values: [V16.MeterValue]?) {
        guard let values else { return }
        for value in values {
            add(value.timestamp, value.sampledValue.lazy.compactMap(Sample.init))
        }
    }

    private mutating func add(_ timestamp: Timestamp, _ samples: some Sequence<Sample>) {
        var best = UInt8.max
        for sample in samples { best = min(best, sample.rank) }
        guard best < .max else { return }
        var phases = 0.0
        var context: Core.ReadingContext?
        for sample in samples where sample.rank == best {
            guard sample.isPhase else {
                add(timestamp, sample.context, sample.registerWh)
                continue
            }
            // The phases of one context after those of another.
            if let context, context != sample.context {
                add(timestamp, context, phases)
                phases = 0
            }
            context = sample.context
            phases += sample.registerWh
        }
        if let context { add(timestamp, context, phases) }
    }

    private mutating func add(_ timestamp: Timestamp, _ context: Core.ReadingContext, _ registerWh: Double) {
        let value = Core.MeterValue(timestamp: timestamp, context: context, energyActiveImportRegisterWh: registerWh)
        guard value.isPlausible else { return }
        switch context {
        case .transactionBegin: begin = value
        case .transactionEnd: end = value
        default: break
        }
        if let latest, latest.timestamp > timestamp { return }
        latest = value
    }
}

/// One sampled value that is an energy register.
private struct Sample {
    var registerWh: Double
    var context: Core.ReadingContext
    var isPhase: Bool
    /// Location and phase: the least is the one that counts.
    var rank: UInt8

    init?(_ value: V2.SampledValue) {
        guard value.measurand ?? .energyActiveImportRegister == .energyActiveImportRegister else { return nil }
        switch value.location {
        case nil, .outlet: rank = 0
        case .inlet: rank = 2
        case .body: rank = 4
        case .cable: rank = 6
        case .ev, .upstream: return nil
        }
        switch value.phase {
        case nil: isPhase = false
        case .l1, .l2, .l3, .l1N, .l2N, .l3N: isPhase = true
        case .n, .l1L2, .l2L3, .l3L1: return nil
        }
        if isPhase { rank += 1 }
        registerWh = value.value
        if let unit = value.unitOfMeasure {
            if unit.unit == "kWh" { registerWh *= 1000 }
            for _ in 0..<min(max(0, unit.multiplier ?? 0), 15) { registerWh *= 10 }
            for _ in 0..<min(max(0, -(max(unit.multiplier ?? 0, -15))), 15) { registerWh /= 10 }
        }
        context = value.context.map { Words.contexts[Int($0.rawValue)] } ?? .samplePeriodic
    }

    init?(_ value: V16.SampledValue) {
        guard value.measurand ?? .energyActiveImportRegister == .energyActiveImportRegister,
            value.format ?? .raw == .raw, let number = Double(value.value), number.isFinite
        else { return nil }
        switch value.location {
        case nil, .outlet: rank = 0
        case .inlet: rank = 2
        case .body: rank = 4
        case .cable: rank = 6
        case .ev: return nil
        }
        switch value.phase {
        case nil: isPhase = false
        case .l1, .l2, .l3, .l1N, .l2N, .l3N: isPhase = true
        case .n, .l1L2, .l2L3, .l3L1: return nil
        }
        if isPhase { rank += 1 }
        registerWh = value.unit == .kWh ? number * 1000 : number
        context = value.context.map { Words.contexts16[Int($0.rawValue)] } ?? .samplePeriodic
    }
}
