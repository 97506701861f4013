internal import OCPP
internal import OCPPMessages

/// One figure of a meter in whatever message, in SI-like units: what is left of the differences between versions.
struct Sample {
    enum Quantity {
        /// Wh
        case register
        /// W
        case power
        /// percent
        case stateOfCharge
    }
    enum Phase: UInt8 {
        case total
        case l1
        case l2
        case l3
    }
    var quantity: Quantity
    var value: Double
    var phase: Phase
    /// 0 for the outlet, where energy is sold; more for other places.
    var distance: UInt8
    var context: Core.ReadingContext
}

/// Chooses, among all that a charging station sends, the figures that the everyday messages hold.
///
/// A reading may come with several contexts, phases, locations and measurands in one message. The register is that of
/// imported active energy at the outlet (or the nearest place told) over all phases; where only phases are told, it is
/// their sum. It is absolute and taken as it is. What is not understood is passed over, never an error.
/// - Source: OCPP 1.6 section 7.41-7.45 and OCPP 2.0.1 part 2 section 2.1 (defaults: Energy.Active.Import.Register,
///   Wh, Outlet, Sample.Periodic).
enum Reading {
    /// The reading that `samples`, all of one instant, make; `nil` without a register.
    /// - Parameter context: only samples of this context count; `nil` for the first that has a register.
    static func pick(
        _ samples: [Sample], at timestamp: Timestamp, context: Core.ReadingContext? = nil
    ) -> Core.MeterValue? {
        guard
            let wanted = context ?? samples.first(where: { $0.quantity == .register })?.context,
            let register = figure(.register, in: samples, context: wanted)
        else { return nil }
        return Core.MeterValue(
            timestamp: timestamp.wholeMilliseconds, context: wanted, energyActiveImportRegisterWh: register,
            powerActiveImportW: figure(.power, in: samples, context: wanted),
            socPercent: figure(.stateOfCharge, in: samples, context: wanted))
    }

    private static func figure(
        _ quantity: Sample.Quantity, in samples: [Sample], context: Core.ReadingContext
    ) -> Double? {
        var nearest: UInt8?
        for sample in samples where sample.quantity == quantity && sample.context == context {
            nearest = min(nearest ?? sample.distance, sample.distance)
        }
        guard let nearest else { return nil }
        var sum: Double?
        var seen: UInt8 = 0
        for sample in samples
        where sample.quantity == quantity && sample.context == context && sample.distance == nearest {
            if sample.phase == .total { return sample.value }
            let bit: UInt8 = 1 << sample.phase.rawValue
            guard seen & bit == 0 else { continue }
            seen |= bit
            sum = (sum ?? 0) + sample.value
        }
        return sum
    }
}

// MARK: - 2.x

extension Sample {
    /// `nil` for a figure that the everyday messages do not hold.
    init?(_ value: V2.SampledValue) {
        guard let quantity = Self.quantity(value.measurand), let phase = Self.phase(value.phase),
            let factor = Self.factor(unit: value.unitOfMeasure, of: quantity), value.value.isFinite
        else { return nil }
        self.quantity = quantity
        self.value = factor(value.value)
        self.phase = phase
        distance =
            switch value.location {
            case nil, .outlet?: 0
            case .cable?: 1
            case .body?: 2
            case .inlet?: 3
            case .ev?: 4
            case .upstream?: 5
            }
        context = value.context.map { V2Words.core($0) } ?? .samplePeriodic
    }

    private static func quantity(_ measurand: V2.MeasurandEnum?) -> Quantity? {
        switch measurand {
        case nil, .energyActiveImportRegister?: .register
        case .powerActiveImport?: .power
        case .soC?: .stateOfCharge
        default: nil
        }
    }

    private static func phase(_ phase: V2.PhaseEnum?) -> Phase? {
        switch phase {
        case nil: .total
        case .l1?, .l1N?: .l1
        case .l2?, .l2N?: .l2
        case .l3?, .l3N?: .l3
        default: nil
        }
    }

    /// How to come to Wh, W or percent; `nil` for a unit of something else.
    private static func factor(unit: V2.UnitOfMeasure?, of quantity: Quantity) -> ((Double) -> Double)? {
        let exponent = unit?.multiplier ?? 0
        guard (-30...30).contains(exponent) else { return nil }
        switch (quantity, unit?.unit ?? (quantity == .register ? "Wh" : "")) {
        case (.register, "Wh"), (.power, "W"), (.power, ""), (.stateOfCharge, _): return { scaled($0, by: exponent) }
        case (.register, "kWh"), (.power, "kW"): return { scaled($0, by: exponent + 3) }
        default: return nil
        }
    }

    /// `value` × 10^`exponent`, with one rounding.
    static func scaled(_ value: Double, by exponent: Int) -> Double {
        guard exponent != 0 else { return value }
        var power = 1.0
        for _ in 0..<min(exponent.magnitude, 40) { power *= 10 }
        return exponent < 0 ? value / power : value * power
    }
}

extension Core.MeterValue {
    /// The reading of one instant.
    init?(_ value: V2.MeterValue, context: Core.ReadingContext? = nil) {
        guard
            let reading = Reading.pick(
                value.sampledValue.compactMap { Sample($0) }, at: value.timestamp, context: context)
        else { return nil }
        self = reading
    }
}

extension V2.MeterValue {
    init(_ value: Core.MeterValue) {
        let context = V2Words.wire(value.context)
        var samples = [
            V2.SampledValue(
                value: value.energyActiveImportRegisterWh, measurand: .energyActiveImportRegister, context: context)
        ]
        if let power = value.powerActiveImportW {
            samples.append(
                V2.SampledValue(
                    value: power, measurand: .powerActiveImport, context: context,
                    unitOfMeasure: V2.UnitOfMeasure(unit: "W")))
        }
        if let soc = value.socPercent {
            samples.append(
                V2.SampledValue(
                    value: soc, measurand: .soC, context: context, unitOfMeasure: V2.UnitOfMeasure(unit: "Percent")))
        }
        self.init(sampledValue: samples, timestamp: value.timestamp)
    }
}

// MARK: - 1.6

extension Sample {
    /// `nil` for a figure that the everyday messages do not hold, and for one that is no number.
    init?(_ value: V16.SampledValue) {
        guard value.format != .signedData, let quantity = Self.quantity(value.measurand),
            let phase = Self.phase(value.phase), let exponent = Self.exponent(value.unit, of: quantity),
            let number = Double(value.value), number.isFinite
        else { return nil }
        self.quantity = quantity
        self.value = Self.scaled(number, by: exponent)
        self.phase = phase
        distance =
            switch value.location {
            case nil, .outlet?: 0
            case .cable?: 1
            case .body?: 2
            case .inlet?: 3
            case .ev?: 4
            }
        context = value.context.map { V16Words.core($0) } ?? .samplePeriodic
    }

    private static func quantity(_ measurand: V16.Measurand?) -> Quantity? {
        switch measurand {
        case nil, .energyActiveImportRegister?: .register
        case .powerActiveImport?: .power
        case .soC?: .stateOfCharge
        default: nil
        }
    }

    private static func phase(_ phase: V16.Phase?) -> Phase? {
        switch phase {
        case nil: .total
        case .l1?, .l1N?: .l1
        case .l2?, .l2N?: .l2
        case .l3?, .l3N?: .l3
        default: nil
        }
    }

    /// Of the power of ten that leads to Wh, W or percent; `nil` for a unit of something else.
    private static func exponent(_ unit: V16.UnitOfMeasure?, of quantity: Quantity) -> Int? {
        switch (quantity, unit) {
        case (.register, nil), (.register, .wh?), (.power, nil), (.power, .w?), (.stateOfCharge, _): 0
        case (.register, .kWh?), (.power, .kW?): 3
        default: nil
        }
    }
}

extension Core.MeterValue {
    /// The reading of one instant.
    init?(_ value: V16.MeterValue, context: Core.ReadingContext? = nil) {
        guard
            let reading = Reading.pick(
                value.sampledValue.compactMap { Sample($0) }, at: value.timestamp, context: context)
        else { return nil }
        self = reading
    }
}

extension V16.MeterValue {
    init(_ value: Core.MeterValue) {
        let context = V16Words.wire(value.context)
        var samples = [
            V16.SampledValue(
                value: Self.text(value.energyActiveImportRegisterWh), context: context,
                measurand: .energyActiveImportRegister, unit: .wh)
        ]
        if let power = value.powerActiveImportW {
            samples.append(
                V16.SampledValue(value: Self.text(power), context: context, measurand: .powerActiveImport, unit: .w))
        }
        if let soc = value.socPercent {
            samples.append(
                V16.SampledValue(value: Self.text(soc), context: context, measurand: .soC, unit: .percent))
        }
        self.init(timestamp: value.timestamp, sampledValue: samples)
    }

    /// Shortest decimal text that reads back as the same number.
    static func text(_ value: Double) -> String {
        var writer = JSONWriter(version: .v16)
        writer.append(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
