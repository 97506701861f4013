internal import OCPP
internal import OCPPMessages

/// Grid-code settings of the inverters: defaults that always hold, and controls for a time. OCPP 2.1.
///
/// Of each type one control is at work: the scheduled one of the most urgent priority while there is one, else the
/// default. All are kept over a restart.
/// - Source: OCPP 2.1 part 2, use cases R01 to R05.
struct DERControl: ControllerBlock {
    /// Controls kept, at most.
    static let controlsMax = 128
    /// Controls in one report, at most; and of ids in an answer.
    static let reportMax = 20
    static let supersededMax = 24

    /// A control that was set.
    struct Control: Sendable, Codable, Equatable {
        let request: V2.SetDERControlRequest
        let start: Timestamp
        let end: Timestamp
        var isSuperseded = false
        var hasStarted = false

        var id: String { request.controlId }
        var type: V2.DERControlEnum { request.controlType }
        var isDefault: Bool { request.isDefault }
        /// 0 is the most urgent.
        var priority: Int { request.content?.priority ?? 0 }
        func overlaps(_ other: Control) -> Bool { start < other.end && other.start < end }
    }

    private(set) var controls: [Control] = []
    /// Types that have told of an alarm which has not ended.
    private(set) var alarms: [V2.DERControlEnum] = []

    /// The control of a type that is at work.
    func active(_ type: V2.DERControlEnum) -> Control? {
        controls.first { $0.type == type && !$0.isDefault && $0.hasStarted && !$0.isSuperseded }
            ?? controls.first { $0.type == type && $0.isDefault && !$0.isSuperseded }
    }

    // MARK: R04, set

    mutating func setDERControl(
        _ request: V2.SetDERControlRequest, context: inout ControllerContext
    ) -> V2.SetDERControlResponse {
        func rejected(_ code: String) -> V2.SetDERControlResponse {
            V2.SetDERControlResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: code))
        }
        guard isSupported(request.controlType, context) else { return V2.SetDERControlResponse(status: .notSupported) }
        guard let content = request.content, request.contents == 1 else { return rejected("InvalidValue") }
        if request.isDefault {
            guard content.startTime == nil, content.duration == nil else { return rejected("UnsupportedParam") }
        } else {
            guard request.controlType != .enterService, request.controlType != .gradients else {
                return rejected("InvalidValue")
            }
        }
        guard content.priority >= 0, content.duration.map({ $0 > 0 }) ?? true else { return rejected("ValueTooLow") }
        let start = request.isDefault ? context.now : content.startTime ?? context.now
        let end = content.duration.map { start.after(seconds: Int(min($0.rounded(.up), 9e9))) } ?? .distantFuture
        guard end > context.now else { return rejected("InvalidValue") }
        guard controls.count < Self.controlsMax || controls.contains(where: { $0.id == request.controlId }) else {
            return rejected("OutOfStorage")
        }
        stop(context: &context) { $0.id == request.controlId }
        controls.removeAll { $0.id == request.controlId }
        var control = Control(request: request, start: start, end: end)
        let superseded = prioritize(&control, now: context.now)
        controls.append(control)
        startDue(&context)
        context.act(.limitChanged(evse: nil))
        return V2.SetDERControlResponse(
            status: .accepted, supersededIds: superseded.isEmpty ? nil : Array(superseded.prefix(Self.supersededMax)))
    }

    /// Settles which of the new control and those of its kind gives way; returns the ids of those that do.
    private mutating func prioritize(_ control: inout Control, now: Timestamp) -> [String] {
        var superseded: [String] = []
        for index in controls.indices {
            let other = controls[index]
            guard other.type == control.type, other.isDefault == control.isDefault, !other.isSuperseded,
                control.isDefault || control.overlaps(other)
            else { continue }
            if other.priority < control.priority {
                control.isSuperseded = true
            } else if !other.hasStarted || control.start <= now {
                if !other.hasStarted || control.isDefault { controls[index].isSuperseded = true }
                superseded.append(other.id)
            }
        }
        // A control that gives way itself supersedes nothing.
        guard control.isSuperseded else { return superseded }
        for index in controls.indices where superseded.contains(controls[index].id) {
            controls[index].isSuperseded = false
        }
        return [control.id]
    }

    private func isSupported(_ type: V2.DERControlEnum, _ context: ControllerContext) -> Bool {
        guard context.version == .v21, context.deviceModel.features.contains(.derControl) else { return false }
        return context.evses.indices.contains { evse in
            let component = context.evses[evse].isDC ? "DCDERCtrlr" : "ACDERCtrlr"
            return context.deviceModel.bool(component, "Enabled", evse: evse + 1)
                && context.deviceModel.list(component, "ModesSupported", evse: evse + 1).contains(type.wireText)
        }
    }

    // MARK: R04, get and clear

    func getDERControl(
        _ request: V2.GetDERControlRequest, context: inout ControllerContext
    ) -> V2.GetDERControlResponse {
        if let type = request.controlType, !isSupported(type, context) {
            return V2.GetDERControlResponse(status: .notSupported)
        }
        let found = controls.filter { control in
            (request.isDefault.map { $0 == control.isDefault } ?? true)
                && (request.controlType.map { $0 == control.type } ?? true)
                && (request.controlId.map { $0 == control.id } ?? true)
        }
        guard !found.isEmpty else { return V2.GetDERControlResponse(status: .notFound) }
        let parts = ReportParts.split(found, items: Self.reportMax, bytes: .max) { _ in 0 }
        for (number, part) in parts.enumerated() {
            var report = V2.ReportDERControlRequest(requestId: request.requestId, tbc: number < parts.count - 1)
            for control in part { report.add(control) }
            context.send(.reportDERControl(report))
        }
        return V2.GetDERControlResponse(status: .accepted)
    }

    mutating func clearDERControl(
        _ request: V2.ClearDERControlRequest, context: inout ControllerContext
    ) -> V2.ClearDERControlResponse {
        if let type = request.controlType, !isSupported(type, context) {
            return V2.ClearDERControlResponse(status: .notSupported)
        }
        func isMeant(_ control: Control) -> Bool {
            control.isDefault == request.isDefault && (request.controlType.map { $0 == control.type } ?? true)
                && (request.controlId.map { $0 == control.id } ?? true)
        }
        let isFiltered = request.controlType != nil || request.controlId != nil
        guard !isFiltered || controls.contains(where: isMeant) else {
            return V2.ClearDERControlResponse(status: .notFound)
        }
        stop(context: &context, where: isMeant)
        controls.removeAll(where: isMeant)
        context.act(.limitChanged(evse: nil))
        return V2.ClearDERControlResponse(status: .accepted)
    }

    // MARK: Start and end

    var nextDeadline: Timestamp {
        controls.reduce(.distantFuture) { soonest, control in
            guard !control.isDefault else { return soonest }
            return min(soonest, control.hasStarted || control.isSuperseded ? control.end : control.start)
        }
    }

    mutating func timerDue(context: inout ControllerContext) {
        let now = context.now
        stop(context: &context) { $0.end <= now }
        let count = controls.count
        controls.removeAll { $0.end <= now }
        if startDue(&context) || controls.count != count { context.act(.limitChanged(evse: nil)) }
    }

    /// Starts what is due; a control at work of the same type gives way. Returns whether anything started.
    @discardableResult
    private mutating func startDue(_ context: inout ControllerContext) -> Bool {
        var hasAny = false
        for index in controls.indices {
            let control = controls[index]
            if control.isDefault, !control.hasStarted { controls[index].hasStarted = true }
            guard !control.isDefault, !control.hasStarted, !control.isSuperseded, control.start <= context.now else {
                continue
            }
            var superseded: [String] = []
            for other in controls.indices
            where other != index && controls[other].type == control.type && !controls[other].isDefault
                && controls[other].hasStarted && !controls[other].isSuperseded
            {
                controls[other].isSuperseded = true
                superseded.append(controls[other].id)
            }
            controls[index].hasStarted = true
            hasAny = true
            notify(control.id, started: true, superseded, &context)
        }
        return hasAny
    }

    /// Tells of the end of those scheduled controls that are at work and meant.
    private func stop(context: inout ControllerContext, where isMeant: (Control) -> Bool) {
        for control in controls
        where !control.isDefault && control.hasStarted && !control.isSuperseded && isMeant(control) {
            notify(control.id, started: false, [], &context)
        }
    }

    private func notify(_ id: String, started: Bool, _ superseded: [String], _ context: inout ControllerContext) {
        context.send(
            .notifyDERStartStop(
                V2.NotifyDERStartStopRequest(
                    controlId: id, started: started, timestamp: context.now.wholeMilliseconds,
                    supersededIds: superseded.isEmpty ? nil : Array(superseded.prefix(Self.supersededMax)))),
            persistent: true)
    }

    // MARK: R05

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        guard case .gridFault(let fault, let ended) = event else { return }
        for type in Self.types(actingOn: fault) { gridEvent(type, fault: fault, ended: ended, context: &context) }
    }

    /// Types of controls that act when the grid is so.
    static func types(actingOn fault: V2.GridEventFaultEnum) -> [V2.DERControlEnum] {
        switch fault {
        case .overVoltage: [.hvMustTrip, .hvMomCess, .hvMayTrip, .voltVar, .voltWatt]
        case .underVoltage: [.lvMustTrip, .lvMomCess, .lvMayTrip, .voltVar, .voltWatt]
        case .overFrequency: [.hfMustTrip, .hfMayTrip, .freqDroop, .freqWatt]
        case .underFrequency: [.lfMustTrip, .freqDroop, .freqWatt]
        case .overCurrent, .lowInputPower: [.powerMonitoringMustTrip]
        case .currentImbalance, .localEmergency, .phaseRotation, .remoteEmergency, .voltageImbalance: []
        }
    }

    /// The grid makes a control act, or does no more. Each event is told once.
    mutating func gridEvent(
        _ type: V2.DERControlEnum, fault: V2.GridEventFaultEnum?, ended: Bool, extraInfo: String? = nil,
        context: inout ControllerContext
    ) {
        guard context.version == .v21, active(type) != nil || ended, alarms.contains(type) == ended else { return }
        if ended { alarms.removeAll { $0 == type } } else { alarms.append(type) }
        context.send(
            .notifyDERAlarm(
                V2.NotifyDERAlarmRequest(
                    controlType: type, timestamp: context.now.wholeMilliseconds, gridEventFault: fault,
                    alarmEnded: ended ? true : nil,
                    extraInfo: extraInfo.map { String($0.unicodeScalars.prefix(200)) })), persistent: true)
        context.act(.limitChanged(evse: nil))
    }
}
