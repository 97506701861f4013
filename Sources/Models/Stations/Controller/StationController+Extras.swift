internal import OCPP
internal import OCPPMessages
internal import OCPPWire

// What goes along with everyday messages beyond what the everyday machine says.
extension StationController {
    func extras(for request: StationRequest) -> EverydayExtras {
        var extras = EverydayExtras()
        switch request {
        case .transactionEvent(let event):
            extras.remoteStartID = firmware.remoteStartID(of: event)
            extras.reservationID = firmware.reservationID(of: event)
            if let value = event.meterValue,
                let evse = firmware.evses.firstIndex(where: { $0.transactionID == event.transactionInfo.transactionId })
            {
                extras.figures = figures(of: value, evse: evse)
            }
        case .meterValues(let request):
            let evse = Int(request.evseId) - 1
            if context.ratings.indices.contains(evse) { extras.figures = figures(of: request.meterValue, evse: evse) }
        case .authorize, .bootNotification, .heartbeat, .statusNotification: break
        }
        return extras
    }

    /// Figures that the configured measurands want and the power at the reading gives, with the EVSE's nominal voltage.
    private func figures(of value: Core.MeterValue, evse: Int) -> [ReadingFigure] {
        guard let powerW = value.powerActiveImportW else { return [] }
        let rating = context.ratings[evse]
        let phases = max(1, rating.phases)
        let lines: [V2.PhaseEnum?] = rating.phases == 0 ? [nil] : [.l1, .l2, .l3]
        let lineVoltages: [V2.PhaseEnum?] = rating.phases == 0 ? [nil] : [.l1N, .l2N, .l3N]
        let currentA = powerW / (rating.voltageV * Double(phases))
        var figures: [ReadingFigure] = []
        for measurand in measurands(of: value.context) {
            switch V2.MeasurandEnum(wireText: measurand) {
            case .currentImport:
                for line in lines.prefix(phases) {
                    figures.append(ReadingFigure(.currentImport, phase: line, value: Self.rounded(currentA), unit: "A"))
                }
            case .voltage:
                for line in lineVoltages.prefix(phases) {
                    figures.append(ReadingFigure(.voltage, phase: line, value: rating.voltageV, unit: "V"))
                }
            case .currentOffered:
                figures.append(ReadingFigure(.currentOffered, value: rating.currentMaxA, unit: "A"))
            case .powerOffered: figures.append(ReadingFigure(.powerOffered, value: rating.powerMaxW, unit: "W"))
            default: break  // in the reading itself, or not measured by this charging station
            }
        }
        return figures
    }

    private func measurands(of context: Core.ReadingContext) -> [String] {
        let model = self.context.deviceModel
        switch context {
        case .sampleClock: return model.list("AlignedDataCtrlr", "Measurands")
        case .transactionBegin: return model.list("SampledDataCtrlr", "TxStartedMeasurands")
        case .transactionEnd: return model.list("SampledDataCtrlr", "TxEndedMeasurands")
        case .samplePeriodic, .trigger, .other, .interruptionBegin, .interruptionEnd:
            return model.list("SampledDataCtrlr", "TxUpdatedMeasurands")
        }
    }

    /// At most three digits behind the point.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
