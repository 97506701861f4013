public import OCPPMessages

/// What goes along with an everyday message beyond what it says itself, known to the charging station when it is sent.
public struct EverydayExtras: Hashable, Sendable, Codable {
    /// Of the RequestStartTransaction that a transaction goes back to (F01.FR.25); 1.6 has none.
    public var remoteStartID: Int32?
    /// Of the reservation that a transaction uses (H03.FR.09).
    public var reservationID: Int32?
    /// Further figures of the message's reading, as the configured measurands want.
    public var figures: [ReadingFigure] = []

    public init() {}
    var isEmpty: Bool { remoteStartID == nil && reservationID == nil && figures.isEmpty }
}

/// A figure of a reading besides register, power and state of charge.
public struct ReadingFigure: Hashable, Sendable, Codable {
    public var measurand: V2.MeasurandEnum
    public var phase: V2.PhaseEnum?
    public var value: Double
    /// As the standard writes it: A, V, W, Hz.
    public var unit: String

    public init(_ measurand: V2.MeasurandEnum, phase: V2.PhaseEnum? = nil, value: Double, unit: String) {
        self.measurand = measurand
        self.phase = phase
        self.value = value
        self.unit = unit
    }
}

extension EverydayExtras {
    /// The request with everything that goes along.
    func added(to request: V2.Request) -> V2.Request {
        guard !isEmpty else { return request }
        switch request {
        case .transactionEvent(var event):
            event.reservationId = reservationID.map { Int($0) }
            event.transactionInfo.remoteStartId = remoteStartID.map { Int($0) }
            if let values = event.meterValue { event.meterValue = added(to: values) }
            return .transactionEvent(event)
        case .meterValues(var request):
            request.meterValue = added(to: request.meterValue)
            return .meterValues(request)
        default: return request
        }
    }

    /// The first reading is the message's own.
    private func added(to values: [V2.MeterValue]) -> [V2.MeterValue] {
        guard var first = values.first else { return values }
        let context = first.sampledValue.first?.context
        first.sampledValue += figures.map {
            V2.SampledValue(
                value: $0.value, measurand: $0.measurand, context: context, phase: $0.phase,
                unitOfMeasure: V2.UnitOfMeasure(unit: $0.unit))
        }
        return [first] + values.dropFirst()
    }

    /// The same in 1.6; figures that it has no word for are left out.
    func added(to request: V16.Request) -> V16.Request {
        guard !isEmpty else { return request }
        switch request {
        case .startTransaction(var start):
            start.reservationId = reservationID.map { Int($0) }
            return .startTransaction(start)
        case .meterValues(var request):
            guard var first = request.meterValue.first else { return .meterValues(request) }
            let context = first.sampledValue.first?.context
            first.sampledValue += figures.compactMap { figure in
                guard let measurand = V16.Measurand(wireText: figure.measurand.wireText) else { return nil }
                return V16.SampledValue(
                    value: V16.MeterValue.text(figure.value), context: context, measurand: measurand,
                    phase: figure.phase.flatMap { V16.Phase(wireText: $0.wireText) },
                    unit: V16.UnitOfMeasure(wireText: figure.unit))
            }
            request.meterValue[0] = first
            return .meterValues(request)
        default: return request
        }
    }
}
