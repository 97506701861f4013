internal import OCPP
internal import OCPPMessages

/// Watches over variables, and the events that they raise.
///
/// Hard-wired monitors watch for problems, preconfigured ones for availability; the CSMS adds its own. All are kept over
/// a restart.
/// - Source: OCPP 2.0.1 part 2, use cases N02 to N08; OCPP 2.1 part 2, N11 to N15.
struct Monitoring: ControllerBlock {
    /// Monitors set by the CSMS, at most.
    static let customMax = 100
    /// Events in one NotifyEvent, at most.
    static let eventsPerMessage = 20
    /// Least urgent severity there is.
    static let severityMax = 9

    private(set) var monitors: [Monitor] = []
    private var lastID = 0
    private(set) var base = V2.MonitoringBaseEnum.all
    var streams = EventStreams()

    /// - Parameter evses: of the charging station.
    init(evses: Int) {
        addBuiltIn(.addressed("ChargingStation"), "Problem", severity: 3, origin: .hardWiredMonitor)
        for evse in 1..<(max(evses, 0) + 1) {
            addBuiltIn(.addressed("EVSE", evse: evse), "Problem", severity: 3, origin: .hardWiredMonitor)
        }
        addPreconfigured(evses: evses)
    }

    private mutating func addPreconfigured(evses: Int) {
        addBuiltIn(.addressed("ChargingStation"), "AvailabilityState", severity: 9, origin: .preconfiguredMonitor)
        for evse in 1..<(max(evses, 0) + 1) {
            addBuiltIn(
                .addressed("EVSE", evse: evse), "AvailabilityState", severity: 9, origin: .preconfiguredMonitor)
        }
    }

    private mutating func addBuiltIn(
        _ component: V2.Component, _ variable: String, severity: Int, origin: V2.EventNotificationEnum
    ) {
        lastID += 1
        monitors.append(
            Monitor(
                id: lastID, component: component, variable: V2.Variable(name: variable), kind: .delta, value: 1,
                severity: severity, origin: origin))
    }

    // MARK: N04

    mutating func setVariableMonitoring(
        _ request: V2.SetVariableMonitoringRequest, context: inout ControllerContext
    ) -> V2.SetVariableMonitoringResponse {
        var results: [V2.SetMonitoringResult] = []
        var events: [V2.EventData] = []
        for item in request.setMonitoringData {
            var result = V2.SetMonitoringResult(
                status: .accepted, type: item.type, component: item.component, variable: item.variable,
                severity: item.severity)
            switch check(item, context: context) {
            case .refused(let status, let code):
                result.status = status
                result.statusInfo = code.map { V2.StatusInfo(reasonCode: $0) }
                result.id = status == .duplicate ? duplicate(of: item)?.id : nil
            case .fine(let address):
                result.id = install(item, address, &events, context: &context)
            }
            results.append(result)
        }
        notify(events, context: &context)
        return V2.SetVariableMonitoringResponse(setMonitoringResult: results)
    }

    private enum Check {
        case refused(V2.SetMonitoringStatusEnum, String?)
        case fine(VariableAddress)
    }

    private func check(_ item: V2.SetMonitoringData, context: ControllerContext) -> Check {
        let address: VariableAddress
        switch context.locate(item.component, item.variable) {
        case .unknownComponent: return .refused(.unknownComponent, nil)
        case .unknownVariable: return .refused(.unknownVariable, nil)
        case .found(let found): address = found
        }
        let definition = address.definition
        guard let actual = definition.attribute(.actual), actual.mutability != .writeOnly else {
            return .refused(.rejected, "WriteOnly")
        }
        let isNumber = definition.type == .integer || definition.type == .decimal
        guard definition.isMonitored || definition.type.canBeMonitored, isSupported(item.type, isNumber, definition)
        else { return .refused(.unsupportedMonitorType, nil) }
        guard (0...Self.severityMax).contains(item.severity), item.value.isFinite else {
            return .refused(.rejected, "ValueOutOfRange")
        }
        switch item.type {
        case .upperThreshold, .lowerThreshold:
            if let minimum = definition.minimum, item.value < minimum { return .refused(.rejected, "ValueTooLow") }
            if let maximum = definition.maximum, item.value > maximum { return .refused(.rejected, "ValueTooHigh") }
        case .delta, .targetDelta, .targetDeltaRelative:
            if item.value < 0 { return .refused(.rejected, "ValueTooLow") }
        case .periodic, .periodicClockAligned:
            if item.value < 1 { return .refused(.rejected, "ValueTooLow") }
        }
        return checkPlace(item, address, context: context)
    }

    private func isSupported(_ kind: V2.MonitorEnum, _ isNumber: Bool, _ definition: VariableDefinition) -> Bool {
        switch kind {
        case .upperThreshold, .lowerThreshold: isNumber
        case .targetDelta, .targetDeltaRelative: isNumber && definition.attribute(.target) != nil
        case .delta, .periodic, .periodicClockAligned: true
        }
    }

    /// Whether there is room for it, and whether what it replaces may be replaced.
    private func checkPlace(
        _ item: V2.SetMonitoringData, _ address: VariableAddress, context: ControllerContext
    ) -> Check {
        if item.periodicEventStream != nil {
            let isPeriodic = item.type == .periodic || item.type == .periodicClockAligned
            let streamsMax = context.deviceModel.int("MonitoringCtrlr", "MaxPeriodicEventStreams")
            guard context.version == .v21, isPeriodic else { return .refused(.rejected, "UnsupportedParam") }
            guard streams.count < streamsMax else { return .refused(.rejected, "TooManyElements") }
        }
        if let id = item.id {
            guard let old = monitors.first(where: { $0.id == id }) else { return .refused(.rejected, "NotFound") }
            guard old.origin != .hardWiredMonitor else { return .refused(.rejected, "ReadOnly") }
            guard old.isOn(item.component, item.variable) else { return .refused(.rejected, "InvalidValue") }
            return .fine(address)
        }
        guard duplicate(of: item) == nil else { return .refused(.duplicate, nil) }
        guard monitors.count(where: { $0.origin == .customMonitor }) < Self.customMax else {
            return .refused(.rejected, "OutOfStorage")
        }
        return .fine(address)
    }

    /// A monitor of the same type and severity on the same variable.
    private func duplicate(of item: V2.SetMonitoringData) -> Monitor? {
        monitors.first {
            $0.kind == item.type && $0.severity == item.severity && $0.isOn(item.component, item.variable)
        }
    }

    private mutating func install(
        _ item: V2.SetMonitoringData, _ address: VariableAddress, _ events: inout [V2.EventData],
        context: inout ControllerContext
    ) -> Int {
        let id: Int
        if let old = item.id {
            id = old
            streams.close(monitor: old, context: &context)
            monitors.removeAll { $0.id == old }
        } else {
            lastID += 1
            id = lastID
        }
        var monitor = Monitor(
            id: id, component: item.component, variable: item.variable, kind: item.type, value: item.value,
            severity: item.severity, duringTransaction: item.transaction ?? false, origin: .customMonitor)
        monitor.begin(context.text(address) ?? "", now: context.now)
        monitors.append(monitor)
        if let params = item.periodicEventStream { streams.open(monitor: id, params: params, context: &context) }
        evaluate(monitors.count - 1, &events, context: &context)
        return id
    }

    // MARK: N06

    mutating func clearVariableMonitoring(
        _ request: V2.ClearVariableMonitoringRequest, context: inout ControllerContext
    ) -> V2.ClearVariableMonitoringResponse {
        var results: [V2.ClearMonitoringResult] = []
        for id in request.id {
            guard let index = monitors.firstIndex(where: { $0.id == id }) else {
                results.append(V2.ClearMonitoringResult(status: .notFound, id: id))
                continue
            }
            guard monitors[index].origin != .hardWiredMonitor else {
                results.append(
                    V2.ClearMonitoringResult(
                        status: .rejected, id: id, statusInfo: V2.StatusInfo(reasonCode: "ReadOnly")))
                continue
            }
            streams.close(monitor: id, context: &context)
            monitors.remove(at: index)
            results.append(V2.ClearMonitoringResult(status: .accepted, id: id))
        }
        return V2.ClearVariableMonitoringResponse(clearMonitoringResult: results)
    }

    // MARK: N02

    func getMonitoringReport(
        _ request: V2.GetMonitoringReportRequest, context: inout ControllerContext
    ) -> V2.GetMonitoringReportResponse {
        let criteria = request.monitoringCriteria ?? []
        let wanted = request.componentVariable ?? []
        var report: [V2.MonitoringData] = []
        for monitor in monitors where monitor.isEnabled {
            guard case .found(let address) = context.locate(monitor.component, monitor.variable),
                criteria.isEmpty || criteria.contains(monitor.criterion),
                wanted.isEmpty || wanted.contains(where: { context.matches($0, address) })
            else { continue }
            if let index = report.firstIndex(where: { monitor.isOn($0.component, $0.variable) }) {
                report[index].variableMonitoring.append(monitor.described)
            } else {
                report.append(
                    V2.MonitoringData(
                        component: monitor.component, variable: monitor.variable,
                        variableMonitoring: [monitor.described]))
            }
        }
        guard !report.isEmpty else { return V2.GetMonitoringReportResponse(status: .emptyResultSet) }
        let parts = ReportParts.split(
            report, items: ControllerContext.reportItemsMax, bytes: ControllerContext.reportBytesMax
        ) { 200 + $0.variableMonitoring.count * 150 }
        for (number, part) in parts.enumerated() {
            context.send(
                .notifyMonitoringReport(
                    V2.NotifyMonitoringReportRequest(
                        requestId: request.requestId, seqNo: number, generatedAt: context.now.wholeMilliseconds,
                        monitor: part, tbc: number < parts.count - 1)))
        }
        return V2.GetMonitoringReportResponse(status: .accepted)
    }

    // MARK: N03, N05

    mutating func setMonitoringBase(
        _ request: V2.SetMonitoringBaseRequest, context: inout ControllerContext
    ) -> V2.SetMonitoringBaseResponse {
        base = request.monitoringBase
        if base != .all {
            for monitor in monitors where monitor.origin == .customMonitor {
                streams.close(monitor: monitor.id, context: &context)
            }
            monitors.removeAll { $0.origin == .customMonitor }
        }
        // Preconfigured monitors come back as they were made, those that were cleared or replaced too.
        monitors.removeAll { $0.origin == .preconfiguredMonitor }
        addPreconfigured(evses: context.evses.count)
        for index in monitors.indices where monitors[index].origin == .preconfiguredMonitor {
            monitors[index].isEnabled = base != .hardWiredOnly
            begin(index, context: context)
        }
        context.publish(base.wireText, component: "MonitoringCtrlr", variable: "ActiveMonitoringBase")
        return V2.SetMonitoringBaseResponse(status: .accepted)
    }

    mutating func setMonitoringLevel(
        _ request: V2.SetMonitoringLevelRequest, context: inout ControllerContext
    ) -> V2.SetMonitoringLevelResponse {
        guard (0...Self.severityMax).contains(request.severity) else {
            return V2.SetMonitoringLevelResponse(
                status: .rejected, statusInfo: V2.StatusInfo(reasonCode: "ValueOutOfRange"))
        }
        context.publish(String(request.severity), component: "MonitoringCtrlr", variable: "ActiveMonitoringLevel")
        return V2.SetMonitoringLevelResponse(status: .accepted)
    }

    // MARK: N13, N14

    mutating func adjustPeriodicEventStream(
        _ request: V2.AdjustPeriodicEventStreamRequest, context: inout ControllerContext
    ) -> V2.AdjustPeriodicEventStreamResponse { streams.adjust(request, now: context.now) }

    func getPeriodicEventStream(
        _ request: V2.GetPeriodicEventStreamRequest, context: inout ControllerContext
    ) -> V2.GetPeriodicEventStreamResponse { streams.described }

    // MARK: Access for the watching

    mutating func change<Result>(_ index: Int, _ body: (inout Monitor) -> Result) -> Result { body(&monitors[index]) }

    mutating func begin(_ index: Int, context: ControllerContext) {
        guard case .found(let address) = context.locate(monitors[index].component, monitors[index].variable) else {
            return
        }
        monitors[index].begin(context.text(address) ?? "", now: context.now)
    }
}
