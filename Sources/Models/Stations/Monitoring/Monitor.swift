internal import OCPP
internal import OCPPMessages

/// A watch over one variable.
/// - Source: OCPP 2.0.1 part 2, VariableMonitoringType; use cases N04 and N07; 2.1 for target deltas.
struct Monitor: Sendable, Codable, Equatable {
    let id: Int
    let component: V2.Component
    let variable: V2.Variable
    var kind: V2.MonitorEnum
    /// Threshold or delta in the unit of the variable, or seconds.
    var value: Double
    /// 0 (danger) ... 9 (debug).
    var severity: Int
    /// Whether it counts only while a transaction runs.
    var duringTransaction: Bool
    let origin: V2.EventNotificationEnum
    /// Preconfigured ones can be switched off.
    var isEnabled = true

    // What it has seen.
    /// The event that told of the threshold being passed; `nil` while it is not.
    var raisedEvent: Int?
    /// Value at the last event, which a delta counts from; `nil` before the first look.
    var reference: String?
    /// When a periodic monitor reports next.
    var due = Timestamp.distantFuture

    init(
        id: Int, component: V2.Component, variable: V2.Variable, kind: V2.MonitorEnum, value: Double, severity: Int,
        duringTransaction: Bool = false, origin: V2.EventNotificationEnum
    ) {
        self.id = id
        self.component = component
        self.variable = variable
        self.kind = kind
        self.value = value
        self.severity = severity
        self.duringTransaction = duringTransaction
        self.origin = origin
    }

    var isPeriodic: Bool { kind == .periodic || kind == .periodicClockAligned }

    var described: V2.VariableMonitoring {
        V2.VariableMonitoring(
            id: id, transaction: duringTransaction, value: value, type: kind, severity: severity,
            eventNotificationType: origin)
    }

    var criterion: V2.MonitoringCriterionEnum {
        switch kind {
        case .upperThreshold, .lowerThreshold: .thresholdMonitoring
        case .delta, .targetDelta, .targetDeltaRelative: .deltaMonitoring
        case .periodic, .periodicClockAligned: .periodicMonitoring
        }
    }

    func isOn(_ otherComponent: V2.Component, _ otherVariable: V2.Variable) -> Bool {
        VariableCatalogue.isSame(component.name, otherComponent.name) && component.evse?.id == otherComponent.evse?.id
            && component.evse?.connectorId == otherComponent.evse?.connectorId
            && component.instance == otherComponent.instance
            && VariableCatalogue.isSame(variable.name, otherVariable.name)
            && variable.instance == otherVariable.instance
    }

    /// Starts to watch: `text` is what the variable says now.
    mutating func begin(_ text: String, now: Timestamp) {
        raisedEvent = nil
        reference = text
        scheduleNext(now: now)
    }
    mutating func scheduleNext(now: Timestamp) {
        let seconds = Int(min(max(value.rounded(.up), 1), VariableCatalogue.longest))
        switch kind {
        case .periodic: due = now.after(seconds: seconds)
        case .periodicClockAligned: due = now.nextAligned(seconds: seconds)
        default: due = .distantFuture
        }
    }

    /// What a new value means.
    enum Finding: Equatable {
        case nothing
        case raised
        case cleared
        case changed
    }

    /// - Parameter target: what the variable ought to be, for target deltas.
    func finding(for text: String, target: String?) -> Finding {
        switch kind {
        case .periodic, .periodicClockAligned: return .nothing
        case .delta:
            guard let reference else { return .nothing }
            guard let number = ValueRules.decimal(text), let before = ValueRules.decimal(reference) else {
                return text == reference ? .nothing : .changed
            }
            return number != before && (number - before).magnitude >= value ? .changed : .nothing
        case .targetDelta, .targetDeltaRelative:
            guard let number = ValueRules.decimal(text), let wanted = target.flatMap({ ValueRules.decimal($0) }) else {
                return .nothing
            }
            let band = kind == .targetDelta ? value : value * wanted.magnitude
            return crossing(isBeyond: (number - wanted).magnitude > band)
        case .upperThreshold:
            guard let number = ValueRules.decimal(text) else { return .nothing }
            return crossing(isBeyond: number > value)
        case .lowerThreshold:
            guard let number = ValueRules.decimal(text) else { return .nothing }
            return crossing(isBeyond: number < value)
        }
    }

    private func crossing(isBeyond: Bool) -> Finding {
        switch (isBeyond, raisedEvent) {
        case (true, nil): .raised
        case (false, .some): .cleared
        default: .nothing
        }
    }
}
