internal import OCPP
internal import OCPPMessages
internal import OCPPWire

// What goes along with everyday messages beyond what the everyday machine says.
extension StationController {
    mutating func extras(for request: StationRequest) -> EverydayExtras {
        var extras = EverydayExtras()
        switch request {
        case .transactionEvent(let event):
            extras.remoteStartID = firmware.remoteStartID(of: event)
            extras.reservationID = firmware.reservationID(of: event)
            if version == .v21 { extras.costDetails = blocks.tariffs.costDetails(for: event, context) }
            guard let value = event.meterValue else { break }
            let wanted = measurands(of: value.context)
            extras.measurands = wanted
            extras.signature = signature(of: event)
            extras.tellsBegin = version == .v16 && value.context == .transactionBegin && !wanted.isEmpty
            guard let reference = StationFirmware.reference(to: event),
                let evse = history.evse(ofTransaction: reference.transactionNumber)
            else { break }
            extras.figures = figures(
                wanted, of: value, evse: evse, event: reference,
                isCharging: event.transactionInfo.chargingState == .charging)
        case .meterValues(let request):
            let wanted = measurands(of: request.meterValue.context)
            extras.measurands = wanted
            let evse = Int(request.evseId) - 1
            guard context.ratings.indices.contains(evse) else { break }
            extras.figures = figures(
                wanted, of: request.meterValue, evse: evse, event: nil,
                isCharging: firmware.evses[evse].chargingState == .charging)
        case .authorize, .bootNotification, .heartbeat, .statusNotification: break
        }
        return extras
    }

    /// Figures that the configured measurands want.
    private mutating func figures(
        _ measurands: [V2.MeasurandEnum], of value: Core.MeterValue, evse: Int, event: EventReference?,
        isCharging: Bool
    ) -> [ReadingFigure] {
        let stream: ReadingHistory.Stream = value.context == .sampleClock ? .aligned : .sampled
        let registerWh = value.energyActiveImportRegisterWh
        // Outside transactions nothing flows, and neither at their first and last moment.
        let intervalWh =
            event.map { history.interval(of: $0, evse: evse, stream: stream, registerWh: registerWh) } ?? 0
        let isAtEdge = value.context == .transactionBegin || value.context == .transactionEnd
        let idlePower: Double? = isAtEdge || !isCharging ? 0 : nil
        let rating = context.ratings[evse]
        let isOffered = measurands.contains { Self.offered.contains($0) }
        let readout = MeterReadout(
            rating: rating, powerW: value.powerActiveImportW ?? idlePower, registerWh: registerWh,
            intervalWh: intervalWh,
            offeredW: isOffered ? min(rating.powerMaxW, limitW(evse: evse, now: context.now)) : 0,
            splitsRegisters: !context.deviceModel.bool("SampledDataCtrlr", "RegisterValuesWithoutPhases")
                && rating.phases > 1, tellsPower: value.powerActiveImportW != nil)
        return measurands.flatMap { readout.figures($0) }
    }

    private static let offered: [V2.MeasurandEnum] = [
        .currentOffered, .powerOffered, .currentImportOffered, .powerImportOffered,
    ]

    private func measurands(of context: Core.ReadingContext) -> [V2.MeasurandEnum] {
        let model = self.context.deviceModel
        let names =
            switch context {
            case .sampleClock: model.list("AlignedDataCtrlr", "Measurands")
            case .transactionBegin: model.list("SampledDataCtrlr", "TxStartedMeasurands")
            case .transactionEnd: model.list("SampledDataCtrlr", "TxEndedMeasurands")
            case .samplePeriodic, .trigger, .other, .interruptionBegin, .interruptionEnd:
                model.list("SampledDataCtrlr", "TxUpdatedMeasurands")
            }
        return names.compactMap { V2.MeasurandEnum(wireText: $0) }
    }
}
