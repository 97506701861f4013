internal import OCPP
internal import OCPPMessages
internal import OCPPWire

// Signed meter values: records are written when the everyday machine has taken a reading that is to be signed, signed by
// a job of the driver, and go out with the event, which waits for them in the queue.
//
// The record of the end holds the begin too, in one container with context Transaction.End (application note, 3.1.4 and
// 4.1.2). Readings outside a transaction are not signed: the meter signs for somebody.
extension StationController {
    /// What is to be signed by the present configuration.
    /// - Source: Open Charge Alliance, "Signed Meter Values in OCPP" 1.0, sections 3.3, 4.3 and 5.1.
    var signedReadings: SignedReadings {
        let model = context.deviceModel
        let sampled = model.bool("SampledDataCtrlr", "SignReadings")
        let aligned = model.bool("AlignedDataCtrlr", "SignReadings")
        var readings: SignedReadings = sampled || aligned ? .end : []
        if sampled, model.bool("SampledDataCtrlr", "SignStartedReadings") { readings.insert(.begin) }
        if sampled, model.bool("SampledDataCtrlr", "SignUpdatedReadings") { readings.insert(.updated) }
        if aligned, model.bool("AlignedDataCtrlr", "SignUpdatedReadings") { readings.insert(.aligned) }
        return readings
    }

    /// Asks for the meter's public key where it is wanted and not known.
    mutating func learnMeterKey() {
        guard firmware.isPowered, signing.keyJob == nil, !firmware.settings.signedReadings.isEmpty,
            meterKey(evse: 0).isEmpty
        else { return }
        signing.keyJob = context.start(.readMeterKey)
    }

    /// Base64 as messages carry it; empty while it is not known.
    private func meterKey(evse: Int) -> String {
        context.deviceModel.text("FiscalMetering", "PublicKey", evse: evse + 1)
    }

    /// Has signed what the last input made necessary.
    /// - Parameter head: the oldest message before that input.
    mutating func signNewReadings(after head: EventReference?) {
        if let head, head != firmware.headOfQueue { signing.forget(head) }
        guard !firmware.unsigned.isEmpty else { return }
        for reading in firmware.unsigned where !signing.records.contains(where: { $0.event == reading.event }) {
            guard let event = firmware.queuedEvent(reading.event), let value = event.meterValue else {
                firmware.settleSignature(reading.event)
                continue
            }
            let evse = Int(reading.evse)
            let record = record(of: event, value, evse: evse)
            let policy = context.deviceModel.text("OCPPCommCtrlr", "PublicKeyWithSignedMeterValue")
            let carriesKey = signing.carriesKey(
                policy, context: value.context, transaction: reading.event.transactionNumber, evse: evse)
            let job = context.start(.signMeterValue(record.payload))
            signing.append(
                MeterSigning.Record(
                    event: reading.event, evse: evse, value: record, carriesKey: carriesKey, job: job,
                    giveUpAt: context.now.adding(seconds: MeterSigning.patienceS)))
        }
        if signing.records.count > firmware.queuedMessageCount + MeterSigning.slack {
            signing.keep(firmware.queuedEvents)
        }
    }

    /// Goes on after a restart.
    mutating func signAgain() {
        for (event, payload) in signing.idle {
            signing.start(context.start(.signMeterValue(payload)), for: event, now: context.now)
        }
        learnMeterKey()
    }

    /// A job is done. Returns whether it was the meter's.
    mutating func takeSignature(_ job: Int, _ result: StationJobResult, outputs: inout ControllerOutputs) -> Bool {
        if job == signing.keyJob {
            signing.keyJob = nil
            guard case .meterKey(let hexadecimal) = result else {
                setMeterProblem(true)
                return true
            }
            // Content of the field by the application note, section 3.2.2.
            let text = Base64.text("oca:base16:asn1:\(hexadecimal)".utf8)
            for evse in context.ratings.indices {
                context.publish(text, component: "FiscalMetering", variable: "PublicKey", evse: evse + 1)
            }
            return true
        }
        guard let record = signing.record(ofJob: job) else { return false }
        guard case .signature(let hexadecimal) = result, let signature = Self.bytes(hexadecimal) else {
            goUnsigned([record.event], outputs: &outputs)
            return true
        }
        let data = Base64.text(record.value.text(signature: signature).utf8)
        guard data.utf8.count <= Self.signedDataMax else {
            goUnsigned([record.event], outputs: &outputs)
            return true
        }
        signing.sign(record.event, data: data)
        setMeterProblem(false)
        learnMeterKey()
        firmware.settleSignature(record.event)
        handleEveryday(.lookAgain, outputs: &outputs)
        return true
    }

    /// Signatures that have not come in time are not waited for any longer.
    mutating func giveUpSignatures(outputs: inout ControllerOutputs) {
        let overdue = signing.overdue(now: context.now)
        if !overdue.isEmpty { goUnsigned(overdue, outputs: &outputs) }
    }

    /// Sends readings as they are, and says that the meter has a problem.
    private mutating func goUnsigned(_ events: [EventReference], outputs: inout ControllerOutputs) {
        for event in events {
            signing.giveUp(event)
            firmware.settleSignature(event)
        }
        setMeterProblem(true)
        handleEveryday(.lookAgain, outputs: &outputs)
    }

    private mutating func setMeterProblem(_ hasProblem: Bool) {
        for evse in context.ratings.indices {
            context.publish(
                hasProblem ? "true" : "false", component: "FiscalMetering", variable: "Problem", evse: evse + 1)
        }
    }

    /// The signed record that goes along with a reading; `nil` where there is none.
    func signature(of event: Core.TransactionEventRequest) -> ReadingSignature? {
        guard !signing.isEmpty, let reference = StationFirmware.reference(to: event),
            let record = signing.signed(reference), let data = record.data
        else { return nil }
        return ReadingSignature(
            data: data, encodingMethod: SignedMeterValue.encodingMethod,
            publicKey: record.carriesKey ? meterKey(evse: record.evse) : "")
    }

    /// Characters of `signedMeterData` in 1.6 and 2.0.1; this charging station's records are shorter.
    private static let signedDataMax = 2500

    private static func bytes(_ hexadecimal: String) -> [UInt8]? {
        let digits = hexadecimal.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard !digits.isEmpty, digits.count == hexadecimal.utf8.count, digits.count.isMultiple(of: 2) else {
            return nil
        }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}

// MARK: - Records

extension StationController {
    private mutating func record(
        of event: Core.TransactionEventRequest, _ value: Core.MeterValue, evse: Int
    ) -> SignedMeterValue {
        let station = firmware.identity
        let state = firmware.evses[evse]
        let maker = station.vendorName.description
        let serial = station.serialNumber.description
        let version = station.firmwareVersion.description
        let isKnown =
            state.transactionID == event.transactionInfo.transactionId && (state.isAuthorized || state.hasSentToken)
        let token = isKnown ? state.idToken : .noAuthorization
        let eMI3 = context.deviceModel.text("EVSE", "ISO15118EvseId", evse: evse + 1)
        let named = eMI3.isEmpty ? context.deviceModel.text("EVSE", "EvseId", evse: evse + 1) : eMI3
        let identity = context.deviceModel.text("SecurityCtrlr", "Identity")
        var readings: [SignedMeterValue.Reading] = []
        if let begin = event.meterValueAtBegin { readings.append(reading(begin, .begin)) }
        readings.append(reading(value, Self.occasion(of: event, value)))
        return SignedMeterValue(
            gateway: "\(maker) \(station.model)", gatewaySerial: serial, gatewayVersion: version,
            pagination: signing.nextPage(evse: evse), meterVendor: maker, meterModel: station.model.description,
            meterSerial: "\(serial)-\(evse + 1)", meterFirmware: version,
            identificationLevel: token.type == .noAuthorization ? .none : .trusted,
            identificationType: Self.identificationType(token.type),
            identification: token.type == .noAuthorization ? nil : token.idToken.description,
            evseID: named.isEmpty ? "\(identity)*\(evse + 1)" : named,
            isDirectCurrent: context.ratings[evse].phases == 0, readings: readings)
    }

    private func reading(
        _ value: Core.MeterValue, _ occasion: SignedMeterValue.Occasion
    ) -> SignedMeterValue.Reading {
        SignedMeterValue.Reading(
            time: value.timestamp.adding(microseconds: signing.clockOffset),
            clock: firmware.clockSetAt == Timestamp(microseconds: 0) ? .informative : .synchronised,
            occasion: occasion, energyWh: value.energyActiveImportRegisterWh)
    }

    private static func occasion(
        of event: Core.TransactionEventRequest, _ value: Core.MeterValue
    ) -> SignedMeterValue.Occasion {
        switch value.context {
        case .transactionBegin: .begin
        case .transactionEnd:
            switch event.transactionInfo.stoppedReason {
            case .local?, .masterPass?: .endedLocally
            case .remote?, .deAuthorized?: .endedRemotely
            case .powerLoss?: .powerFailure
            case .emergencyStop?, .groundFault?, .overcurrentFault?, .powerQuality?: .aborted
            default: .end
            }
        default: .charging
        }
    }

    /// OCMF's word for a kind of token.
    private static func identificationType(_ kind: Core.IdTokenKind) -> String {
        switch kind {
        case .iso14443: "ISO14443"
        case .iso15693: "ISO15693"
        case .eMAID: "EMAID"
        case .keyCode: "KEY_CODE"
        case .central: "CENTRAL"
        case .local: "LOCAL"
        case .macAddress, .noAuthorization: "UNDEFINED"
        }
    }
}
