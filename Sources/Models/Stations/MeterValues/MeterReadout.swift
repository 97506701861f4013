internal import OCPP
internal import OCPPMessages
internal import OCPPWire

/// One look at the meter of an EVSE, from which all its measurands follow.
struct MeterReadout {
    var rating: EVSERating
    /// Drawn at the moment, W; `nil` when the reading does not say.
    var powerW: Double?
    /// Energy register, and what went through it since the reading told before, Wh.
    var registerWh: Double
    var intervalWh: Double
    /// What the vehicle may draw, W.
    var offeredW: Double
    /// Whether registers are told for the phases too.
    var splitsRegisters: Bool
    /// Whether the reading itself says what is drawn.
    var tellsPower: Bool

    private var isDC: Bool { rating.phases == 0 }
    private var phases: Int { max(1, rating.phases) }
    private var currentPerWatt: Double { rating.voltageV > 0 ? 1 / (rating.voltageV * Double(phases)) : 0 }

    /// The figures of a measurand that the reading itself does not hold; none for what is not measured here.
    func figures(_ measurand: V2.MeasurandEnum) -> [ReadingFigure] {
        switch measurand {
        case .energyActiveImportRegister:
            splitsRegisters ? perPhase(measurand, registerWh / Double(phases), "Wh") : []
        case .energyActiveNet: one(measurand, registerWh, "Wh")
        case .energyActiveImportInterval: one(measurand, intervalWh, "Wh")
        case .energyActiveExportRegister, .energyActiveExportInterval: one(measurand, 0, "Wh")
        case .powerOffered, .powerImportOffered: one(measurand, offeredW, "W")
        case .powerExportOffered: one(measurand, 0, "W")
        case .currentOffered, .currentImportOffered: one(measurand, offeredW * currentPerWatt, "A")
        case .currentExportOffered: one(measurand, 0, "A")
        case .voltage: perLine(measurand, rating.voltageV, "V")
        case .powerActiveExport: one(measurand, 0, "W")
        case .currentExport: perPhase(measurand, 0, "A")
        case .powerActiveImport: powerW.map { power(measurand, $0) } ?? []
        case .currentImport: powerW.map { perPhase(measurand, $0 * currentPerWatt, "A") } ?? []
        default: isDC ? [] : alternating(measurand)
        }
    }

    private func alternating(_ measurand: V2.MeasurandEnum) -> [ReadingFigure] {
        let share = MeasuredQuantities.reactiveShare
        return switch measurand {
        case .energyReactiveImportRegister, .energyReactiveNet: one(measurand, registerWh * share, "varh")
        case .energyReactiveImportInterval: one(measurand, intervalWh * share, "varh")
        case .energyReactiveExportRegister, .energyReactiveExportInterval: one(measurand, 0, "varh")
        case .energyApparentImport, .energyApparentNet:
            one(measurand, registerWh / MeasuredQuantities.powerFactor, "VAh")
        case .energyApparentExport: one(measurand, 0, "VAh")
        case .frequency: one(measurand, MeasuredQuantities.frequency(voltageV: rating.voltageV), "Hz")
        case .powerReactiveExport: one(measurand, 0, "var")
        case .powerReactiveImport: powerW.map { one(measurand, $0 * share, "var") } ?? []
        // Without a load there is no angle, and the meter says 1.
        case .powerFactor: powerW.map { one(measurand, $0 > 0 ? MeasuredQuantities.powerFactor : 1, nil) } ?? []
        default: []
        }
    }

    /// In total, unless the reading says that, and where there are several, of each phase.
    private func power(_ measurand: V2.MeasurandEnum, _ powerW: Double) -> [ReadingFigure] {
        (tellsPower ? [] : one(measurand, powerW, "W"))
            + (rating.phases > 1 ? perPhase(measurand, powerW / Double(phases), "W") : [])
    }

    private func one(_ measurand: V2.MeasurandEnum, _ value: Double, _ unit: String?) -> [ReadingFigure] {
        [ReadingFigure(measurand, value: Self.rounded(value), unit: unit)]
    }
    private func perPhase(_ measurand: V2.MeasurandEnum, _ value: Double, _ unit: String) -> [ReadingFigure] {
        isDC ? one(measurand, value, unit) : several([.l1, .l2, .l3], measurand, value, unit)
    }
    /// Between each phase and neutral.
    private func perLine(_ measurand: V2.MeasurandEnum, _ value: Double, _ unit: String) -> [ReadingFigure] {
        isDC ? one(measurand, value, unit) : several([.l1N, .l2N, .l3N], measurand, value, unit)
    }
    private func several(
        _ lines: [V2.PhaseEnum], _ measurand: V2.MeasurandEnum, _ value: Double, _ unit: String
    ) -> [ReadingFigure] {
        lines.prefix(phases).map { ReadingFigure(measurand, phase: $0, value: Self.rounded(value), unit: unit) }
    }

    /// At most three digits behind the point.
    private static func rounded(_ value: Double) -> Double {
        value.isFinite ? (value * 1000).rounded() / 1000 : 0
    }
}
