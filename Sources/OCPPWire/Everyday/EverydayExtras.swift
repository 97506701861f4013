internal import OCPP
public import OCPPMessages

/// What goes along with an everyday message beyond what it says itself, known to the charging station when it is sent.
public struct EverydayExtras: Equatable, Sendable, Codable {
    /// Of the RequestStartTransaction that a transaction goes back to (F01.FR.25); 1.6 has none.
    public var remoteStartID: Int32?
    /// Of the reservation that a transaction uses (H03.FR.09).
    public var reservationID: Int32?
    /// Further figures of the message's reading, as the configured measurands want.
    public var figures: [ReadingFigure] = []
    /// Measurands that readings may hold; others are left out. `nil` for all.
    public var measurands: [V2.MeasurandEnum]?
    /// The message's reading in signed form.
    public var signature: ReadingSignature?
    /// What the transaction has cost so far, where the charging station reckons it; only 2.1 has it.
    public var costDetails: V2.CostDetails?
    /// Whether in 1.6 a MeterValues with the reading at the begin follows StartTransaction.
    public var tellsBegin = false

    public init() {}
}

/// A figure of a reading besides register, power and state of charge.
public struct ReadingFigure: Hashable, Sendable, Codable {
    public var measurand: V2.MeasurandEnum
    public var phase: V2.PhaseEnum?
    public var value: Double
    /// As the standard writes it: A, V, W, Hz; `nil` for a number without one.
    public var unit: String?

    public init(_ measurand: V2.MeasurandEnum, phase: V2.PhaseEnum? = nil, value: Double, unit: String?) {
        self.measurand = measurand
        self.phase = phase
        self.value = value
        self.unit = unit
    }
}

/// A reading as its meter has signed it.
public struct ReadingSignature: Hashable, Sendable, Codable {
    /// Base64 of the signed record, which names its signing method.
    public var data: String
    public var encodingMethod: String
    /// Base64; empty where it does not go along.
    public var publicKey: String

    public init(data: String, encodingMethod: String, publicKey: String) {
        self.data = data
        self.encodingMethod = encodingMethod
        self.publicKey = publicKey
    }
}

// MARK: - 2.x

extension EverydayExtras {
    /// The request with everything that goes along.
    func added(to request: V2.Request, version: OCPPVersion) -> V2.Request {
        switch request {
        case .transactionEvent(var event):
            event.reservationId = reservationID.map { Int($0) }
            event.transactionInfo.remoteStartId = remoteStartID.map { Int($0) }
            if version == .v21 { event.costDetails = costDetails }
            if let values = event.meterValue {
                let told = added(to: values, version: version).compactMap { trimmed($0) }
                event.meterValue = told.isEmpty ? nil : told
            }
            return .transactionEvent(event)
        case .meterValues(var request):
            let values = added(to: request.meterValue, version: version)
            let told = values.compactMap { trimmed($0) }
            request.meterValue = told.isEmpty ? values : told
            return .meterValues(request)
        default: return request
        }
    }

    /// The last reading is the message's own; before it stands that of the begin, where there is one.
    private func added(to values: [V2.MeterValue], version: OCPPVersion) -> [V2.MeterValue] {
        guard var own = values.last else { return values }
        let context = own.sampledValue.first?.context
        own.sampledValue += figures.map {
            V2.SampledValue(
                value: $0.value, measurand: $0.measurand, context: context, phase: $0.phase,
                unitOfMeasure: $0.unit.map { V2.UnitOfMeasure(unit: $0) })
        }
        if let signature,
            let register = own.sampledValue.firstIndex(where: { $0.measurand == .energyActiveImportRegister })
        {
            own.sampledValue[register].signedMeterValue = signature.message(version)
        }
        return values.dropLast() + [own]
    }

    /// What is left of a reading when only the wanted measurands are told; `nil` when nothing is.
    private func trimmed(_ value: V2.MeterValue) -> V2.MeterValue? {
        guard let measurands else { return value }
        var value = value
        value.sampledValue.removeAll { !measurands.contains($0.measurand ?? .energyActiveImportRegister) }
        return value.sampledValue.isEmpty ? nil : value
    }
}

extension ReadingSignature {
    /// The signing method stands in the record and so is left empty here, as 2.0.1 wants both texts; 2.1 does not.
    fileprivate func message(_ version: OCPPVersion) -> V2.SignedMeterValue {
        let mayLack = version == .v21
        return V2.SignedMeterValue(
            signedMeterData: data, encodingMethod: encodingMethod, signingMethod: mayLack ? nil : "",
            publicKey: mayLack && publicKey.isEmpty ? nil : publicKey)
    }

    /// In 1.6 the datatype of 2.x is the text of a value of its own.
    /// - Source: Open Charge Alliance, "Signed Meter Values in OCPP" 1.0, section 3.2.1.
    fileprivate func sample(_ context: V16.ReadingContext?) -> V16.SampledValue {
        // Base64 and the names of formats need no escapes.
        let text =
            #"{"signedMeterData":"\#(data)","signingMethod":"","encodingMethod":"\#(encodingMethod)","#
            + #""publicKey":"\#(publicKey)"}"#
        return V16.SampledValue(
            value: text, context: context, format: .signedData, measurand: .energyActiveImportRegister,
            location: .outlet, unit: .wh)
    }
}

// MARK: - 1.6

extension EverydayExtras {
    /// The request with everything that goes along; `nil` when nothing is left of its readings.
    func added(to request: V16.Request) -> V16.Request? {
        switch request {
        case .startTransaction(var start):
            start.reservationId = reservationID.map { Int($0) }
            return .startTransaction(start)
        case .meterValues(var request):
            let values = added(to: request.meterValue)
            let told = values.compactMap { trimmed($0) }
            guard !told.isEmpty || request.transactionId == nil else { return nil }
            request.meterValue = told.isEmpty ? values : told
            return .meterValues(request)
        case .stopTransaction(var stop):
            if let values = stop.transactionData {
                let told = added(to: values).compactMap { trimmed($0) }
                stop.transactionData = told.isEmpty ? nil : told
            }
            return .stopTransaction(stop)
        default: return request
        }
    }

    /// Figures that 1.6 has no word for are left out.
    private func added(to values: [V16.MeterValue]) -> [V16.MeterValue] {
        guard var own = values.last else { return values }
        let context = own.sampledValue.first?.context
        own.sampledValue += figures.compactMap { figure in
            guard let measurand = V16.Measurand(wireText: figure.measurand.wireText) else { return nil }
            return V16.SampledValue(
                value: V16.MeterValue.text(figure.value), context: context, measurand: measurand,
                phase: figure.phase.flatMap { V16.Phase(wireText: $0.wireText) },
                unit: figure.unit.flatMap { V16.UnitOfMeasure(wireText: $0) })
        }
        if let signature { own.sampledValue.append(signature.sample(context)) }
        return values.dropLast() + [own]
    }

    private func trimmed(_ value: V16.MeterValue) -> V16.MeterValue? {
        guard let measurands else { return value }
        let words = measurands.map(\.wireText)
        var value = value
        value.sampledValue.removeAll { !words.contains(($0.measurand ?? .energyActiveImportRegister).wireText) }
        return value.sampledValue.isEmpty ? nil : value
    }
}
