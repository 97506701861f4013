internal import OCPP
internal import OCPPMessages

/// Monitors at work: values become events, events become messages.
/// - Source: OCPP 2.0.1 part 2, use cases N07 (alert events) and N08 (periodic events).
extension Monitoring {
    var nextDeadline: Timestamp {
        min(monitors.map(\.due).min() ?? .distantFuture, streams.nextDeadline)
    }

    mutating func timerDue(context: inout ControllerContext) {
        var events: [V2.EventData] = []
        for index in monitors.indices where monitors[index].due <= context.now {
            change(index) { $0.scheduleNext(now: context.now) }
            let monitor = monitors[index]
            guard isAtWork(monitor, context), let text = value(of: monitor, context) else { continue }
            if !streams.append(text, monitor: monitor.id, context: &context) {
                events.append(event(monitor, .periodic, text, context: &context))
            }
        }
        notify(events, context: &context)
        streams.timerDue(context: &context)
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .variableChanged(let component, let evse, let variable):
            evaluate(context: &context) { monitor in
                VariableCatalogue.isSame(monitor.component.name, component)
                    && monitor.component.evse?.id == evse.map { $0 + 1 }
                    && VariableCatalogue.isSame(monitor.variable.name, variable)
            }
        case .booted:
            streams.restarted()
            for index in monitors.indices { begin(index, context: context) }
            context.publish(base.wireText, component: "MonitoringCtrlr", variable: "ActiveMonitoringBase")
        case .registered(.accepted): streams.reopen(context: &context)
        case .plugged(let evse), .unplugged(let evse), .transactionStarted(let evse, _),
            .chargingStateChanged(let evse, _),
            .transactionEnded(let evse, _, _), .sampled(let evse), .keptFree(let evse, _), .fault(let evse?),
            .faultCleared(let evse?):
            // Of the EVSE, and of the charging station as a whole.
            evaluate(context: &context) { ($0.component.evse?.id ?? evse + 1) == evse + 1 }
        case .fault(nil), .faultCleared(nil), .reservationsChanged, .online: evaluate(context: &context) { _ in true }
        default: break
        }
    }

    mutating func answered(_ request: V2.Request, with outcome: CallOutcome, context: inout ControllerContext) {
        guard case .openPeriodicEventStream(let request) = request else { return }
        var isAccepted = false
        if case .response(.openPeriodicEventStream(let response)) = outcome {
            isAccepted = response.status == .accepted
        }
        if case .unanswered = outcome { return }  // asked again after the next registration
        streams.answered(request.constantStreamData.id, accepted: isAccepted, now: context.now)
    }

    // MARK: Evaluation

    private mutating func evaluate(context: inout ControllerContext, where isConcerned: (Monitor) -> Bool) {
        var events: [V2.EventData] = []
        for index in monitors.indices where !monitors[index].isPeriodic && isConcerned(monitors[index]) {
            evaluate(index, &events, context: &context)
        }
        notify(events, context: &context)
    }

    /// Compares the variable with the monitor, and appends the event that comes of it.
    mutating func evaluate(_ index: Int, _ events: inout [V2.EventData], context: inout ControllerContext) {
        let monitor = monitors[index]
        guard isAtWork(monitor, context),
            case .found(let address) = context.locate(monitor.component, monitor.variable),
            let text = context.text(address)
        else { return }
        switch monitor.finding(for: text, target: context.text(address, .target)) {
        case .nothing: if monitor.reference == nil { change(index) { $0.reference = text } }
        case .changed:
            change(index) { $0.reference = text }
            events.append(event(monitor, .delta, text, context: &context))
        case .raised:
            let event = event(monitor, .alerting, text, context: &context)
            change(index) { $0.raisedEvent = event.eventId }
            events.append(event)
        case .cleared:
            var event = event(monitor, .alerting, text, context: &context)
            event.cleared = true
            event.cause = monitor.raisedEvent
            change(index) { $0.raisedEvent = nil }
            events.append(event)
        }
    }

    private func value(of monitor: Monitor, _ context: ControllerContext) -> String? {
        guard case .found(let address) = context.locate(monitor.component, monitor.variable) else { return nil }
        return context.text(address)
    }

    private func isAtWork(_ monitor: Monitor, _ context: ControllerContext) -> Bool {
        guard monitor.isEnabled, context.deviceModel.bool("MonitoringCtrlr", "Enabled") else { return false }
        return !monitor.duringTransaction || transaction(of: monitor, context) != nil
    }

    /// The transaction that a monitor is about: of its EVSE, or any where it is about the whole charging station.
    private func transaction(of monitor: Monitor, _ context: ControllerContext) -> String? {
        if let id = monitor.component.evse?.id {
            return context.evse(id: id).flatMap { context.evses[$0].transactionID }
        }
        return context.evses.lazy.compactMap(\.transactionID).first
    }

    private func event(
        _ monitor: Monitor, _ trigger: V2.EventTriggerEnum, _ text: String, context: inout ControllerContext
    ) -> V2.EventData {
        V2.EventData(
            eventId: context.nextID(), timestamp: context.now.wholeMilliseconds, trigger: trigger,
            actualValue: String(text.unicodeScalars.prefix(2500)), component: monitor.component,
            eventNotificationType: monitor.origin, variable: monitor.variable,
            transactionId: monitor.component.evse == nil ? nil : transaction(of: monitor, context),
            variableMonitoringId: monitor.id, severity: monitor.severity)
    }

    // MARK: Messages

    /// Sends those events that are urgent enough, in parts. What is urgent enough for the queue must arrive; other
    /// events are lost while offline.
    func notify(_ events: [V2.EventData], context: inout ControllerContext) {
        let level = context.deviceModel.int("MonitoringCtrlr", "ActiveMonitoringLevel")
        let queued = context.deviceModel.int("MonitoringCtrlr", "OfflineQueuingSeverity")
        let urgent = events.filter { ($0.severity ?? 0) <= min(level, queued) }
        let others = events.filter { ($0.severity ?? 0) > queued && ($0.severity ?? 0) <= level }
        send(urgent, persistent: true, &context)
        if context.isOnline { send(others, persistent: false, &context) }
    }

    private func send(_ events: [V2.EventData], persistent: Bool, _ context: inout ControllerContext) {
        guard !events.isEmpty else { return }
        let parts = ReportParts.split(
            events, items: Self.eventsPerMessage, bytes: ControllerContext.reportBytesMax
        ) { 400 + $0.actualValue.utf8.count }
        for (number, part) in parts.enumerated() {
            context.send(
                .notifyEvent(
                    V2.NotifyEventRequest(
                        generatedAt: context.now.wholeMilliseconds, seqNo: number, eventData: part,
                        tbc: number < parts.count - 1)), persistent: persistent)
        }
    }
}
