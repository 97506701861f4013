internal import OCPP
internal import OCPPMessages

/// Settings and alarms of distributed energy resources (2.1, block R).
extension StationDesk {
    mutating func receiveEnergyResources(_ id: String, _ request: V2.Request, _ turn: inout DeskTurn) -> Bool {
        switch request {
        case .notifyDERAlarm(let request):
            turn.note(
                .derAlarm, request.controlType.wireText, request.json(version: wireVersion),
                happened: request.timestamp, isCritical: request.alarmEnded != true)
            turn.answer(id, .notifyDERAlarm(.init()))
        case .notifyDERStartStop(let request):
            for superseded in request.supersededIds ?? [] {
                turn.keep(.forget(.derControl, pattern: "*/*/\(superseded)"))
            }
            turn.note(
                .derControl, request.started ? "Started" : "Stopped", request.json(version: wireVersion),
                happened: request.timestamp)
            turn.answer(id, .notifyDERStartStop(.init()))
        case .reportDERControl(let request):
            keep(request, &turn)
            if request.tbc != true {
                gate.ends(requestID: request.requestId)
                turn.note(.reportComplete, "derControls \(request.requestId)")
            }
            turn.answer(id, .reportDERControl(.init()))
        default: return false
        }
        return true
    }

    private func keep(_ report: V2.ReportDERControlRequest, _ turn: inout DeskTurn) {
        func put(_ type: String, _ isDefault: Bool, _ id: String, _ object: some OCPPObject) {
            turn.put(.derControl, derKey(type, isDefault, id), object.json(version: wireVersion))
        }
        for one in report.curve ?? [] { put(one.curveType.wireText, one.isDefault, one.id, one) }
        for one in report.enterService ?? [] { put("EnterService", true, one.id, one) }
        for one in report.fixedPFAbsorb ?? [] { put("FixedPFAbsorb", one.isDefault, one.id, one) }
        for one in report.fixedPFInject ?? [] { put("FixedPFInject", one.isDefault, one.id, one) }
        for one in report.fixedVar ?? [] { put("FixedVar", one.isDefault, one.id, one) }
        for one in report.freqDroop ?? [] { put("FreqDroop", one.isDefault, one.id, one) }
        for one in report.gradient ?? [] { put("Gradients", true, one.id, one) }
        for one in report.limitMaxDischarge ?? [] { put("LimitMaxDischarge", one.isDefault, one.id, one) }
    }

    func derKey(_ type: String, _ isDefault: Bool, _ id: String) -> String {
        "\(type)/\(isDefault ? "default" : "scheduled")/\(id)"
    }
}
