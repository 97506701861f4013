import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("DER control")
struct DERControlTests {
    private func bench(version: OCPPVersion = .v21) -> StationBench {
        StationBench(evses: 2, dc: true, version: version, features: [.derControl, .bidirectional])
    }
    private func curve(_ priority: Int, start: Timestamp? = nil, duration: Double? = nil) -> V2.DERCurve {
        V2.DERCurve(
            curveData: [V2.DERCurvePoints(x: 100, y: 0)], priority: priority, yUnit: .pctMaxVar, startTime: start,
            duration: duration)
    }
    private func voltVar(
        _ id: String, _ priority: Int, isDefault: Bool = false, after: Int64? = nil, for duration: Double? = nil
    ) -> V2.SetDERControlRequest {
        V2.SetDERControlRequest(
            isDefault: isDefault, controlId: id, controlType: .voltVar,
            curve: curve(
                priority, start: after.map { StationBench.start.adding(seconds: $0) },
                duration: duration))
    }
    private func set(
        _ request: V2.SetDERControlRequest, _ block: inout DERControl, _ bench: inout StationBench
    )
        -> V2.SetDERControlResponse
    { block.setDERControl(request, context: &bench.context) }

    private func notes(_ bench: inout StationBench) -> [String] {
        #expect(!bench.context.sends.contains { !$0.isPersistent })
        return bench.sent().compactMap { request in
            guard case .notifyDERStartStop(let note) = request else { return nil }
            return (note.started ? "+" : "-") + note.controlId + (note.supersededIds ?? []).map { "/" + $0 }.joined()
        }
    }

    @Test("what does not fit together is refused")
    func refusals() {
        var bench = bench()
        var block = DERControl()
        var two = voltVar("a", 1)
        two.gradient = V2.Gradient(priority: 0, gradient: 1, softGradient: 1)
        #expect(set(two, &block, &bench).status == .rejected)
        var other = voltVar("a", 1)
        other.controlType = .freqDroop
        #expect(set(other, &block, &bench).status == .rejected)
        #expect(set(voltVar("a", 1, isDefault: true, after: 0), &block, &bench).status == .rejected)
        #expect(set(voltVar("a", 1, isDefault: true, for: 5), &block, &bench).status == .rejected)
        #expect(set(voltVar("a", .min), &block, &bench).status == .rejected)
        #expect(set(voltVar("a", 1, for: -1), &block, &bench).status == .rejected)
        let service = V2.SetDERControlRequest(
            isDefault: false, controlId: "e", controlType: .enterService,
            enterService: V2.EnterService(priority: 0, highVoltage: 110, lowVoltage: 90, highFreq: 51, lowFreq: 49))
        #expect(set(service, &block, &bench).status == .rejected)
        var old = self.bench(version: .v201)
        #expect(set(voltVar("a", 1), &block, &old).status == .notSupported)
        bench.context.deviceModel.preset("DCDERCtrlr", "ModesSupported", evse: 1, to: "FreqDroop")
        bench.context.deviceModel.preset("DCDERCtrlr", "ModesSupported", evse: 2, to: "FreqDroop")
        #expect(set(voltVar("a", 1), &block, &bench).status == .notSupported)
        #expect(block.controls.isEmpty)
    }

    @Test("a scheduled control starts and ends on time and tells so; outside of it the default is at work")
    func schedule() throws {
        var bench = bench()
        var block = DERControl()
        #expect(set(voltVar("default", 5, isDefault: true), &block, &bench).status == .accepted)
        #expect(set(voltVar("event", 1, after: 100, for: 50), &block, &bench).supersededIds == nil)
        #expect(block.active(.voltVar)?.id == "default")
        #expect(block.nextDeadline == StationBench.start.adding(seconds: 100))
        bench.context.now = block.nextDeadline
        block.timerDue(context: &bench.context)
        block = try StationBench.stored(block)
        #expect(block.active(.voltVar)?.id == "event")
        bench.context.now = block.nextDeadline
        block.timerDue(context: &bench.context)
        #expect(notes(&bench) == ["+event", "-event"])
        #expect(block.active(.voltVar)?.id == "default")
        #expect(block.controls.map(\.id) == ["default"])
        #expect(block.nextDeadline == .distantFuture)
    }

    @Test("the more urgent control takes over when it starts, a less urgent one never does")
    func priorities() {
        var bench = bench()
        var block = DERControl()
        #expect(set(voltVar("running", 5, for: 1000), &block, &bench).status == .accepted)
        #expect(set(voltVar("waiting", 4, after: 200, for: 100), &block, &bench).supersededIds == nil)
        // Not started yet: it gives way at once.
        #expect(set(voltVar("urgent", 1, after: 100, for: 300), &block, &bench).supersededIds == ["waiting"])
        #expect(set(voltVar("idle", 9, after: 50, for: 60), &block, &bench).supersededIds == ["idle"])
        #expect(notes(&bench) == ["+running"])
        for second in stride(from: 10, through: 500, by: 10) as StrideThrough<Int64> {
            bench.context.now = StationBench.start.adding(seconds: second)
            block.timerDue(context: &bench.context)
        }
        #expect(notes(&bench) == ["+urgent/running", "-urgent"])
        #expect(block.active(.voltVar) == nil)
    }

    @Test("defaults of one type settle by priority")
    func defaultPriorities() {
        var bench = bench()
        var block = DERControl()
        #expect(set(voltVar("a", 5, isDefault: true), &block, &bench).supersededIds == nil)
        #expect(set(voltVar("b", 9, isDefault: true), &block, &bench).supersededIds == ["b"])
        #expect(block.active(.voltVar)?.id == "a")
        #expect(set(voltVar("c", 1, isDefault: true), &block, &bench).supersededIds == ["a"])
        #expect(block.active(.voltVar)?.id == "c")
    }

    @Test("point 43: controls are reported in parts, by type, kind and id")
    func report() {
        var bench = bench()
        var block = DERControl()
        for number in 0..<45 {
            _ = set(voltVar("v\(number)", 1, after: Int64(number) * 100 + 1000, for: 50), &block, &bench)
        }
        let droop = V2.FreqDroop(
            priority: 0, overFreq: 50.2, underFreq: 49.8, overDroop: 4, underDroop: 4, responseTime: 1)
        _ = set(
            V2.SetDERControlRequest(isDefault: true, controlId: "d", controlType: .freqDroop, freqDroop: droop), &block,
            &bench)
        func get(_ request: V2.GetDERControlRequest) -> (V2.DERControlStatusEnum, [V2.ReportDERControlRequest]) {
            let status = block.getDERControl(request, context: &bench.context).status
            return (
                status, bench.sent().compactMap { if case .reportDERControl(let part) = $0 { part } else { nil } }
            )
        }
        let all = get(V2.GetDERControlRequest(requestId: 6))
        #expect(all.1.map { $0.tbc ?? false } == [true, true, false])
        #expect(all.1.flatMap { $0.curve ?? [] }.count == 45)
        #expect(all.1.flatMap { $0.freqDroop ?? [] }.map(\.id) == ["d"])
        #expect(all.1.allSatisfy { $0.requestId == 6 })
        #expect(get(V2.GetDERControlRequest(requestId: 6, isDefault: true)).1.count == 1)
        #expect(get(V2.GetDERControlRequest(requestId: 6, controlId: "nobody")) == (.notFound, []))
        #expect(get(V2.GetDERControlRequest(requestId: 6, controlType: .wattVar)) == (.notFound, []))
    }

    @Test("clearing tells of the end of what runs, and of what is not there")
    func clear() {
        var bench = bench()
        var block = DERControl()
        _ = set(voltVar("d", 1, isDefault: true), &block, &bench)
        _ = set(voltVar("s", 1, for: 1e300), &block, &bench)
        _ = notes(&bench)
        func clear(_ isDefault: Bool, _ type: V2.DERControlEnum? = nil, _ id: String? = nil) -> V2.DERControlStatusEnum
        {
            block.clearDERControl(
                V2.ClearDERControlRequest(isDefault: isDefault, controlType: type, controlId: id),
                context: &bench.context
            ).status
        }
        #expect(clear(true, nil, "s") == .notFound)
        #expect(clear(true, .wattVar) == .notFound)
        #expect(clear(false, .voltVar) == .accepted)
        #expect(notes(&bench) == ["-s"])
        #expect(clear(false) == .accepted)
        #expect(clear(true, nil, "d") == .accepted)
        #expect(block.controls.isEmpty)
    }

    @Test("an event in the grid alarms once, and once more at its end")
    func alarms() {
        var bench = bench()
        var block = DERControl()
        _ = set(voltVar("d", 1, isDefault: true), &block, &bench)
        for ended in [true, false, false, true, true] {
            block.gridEvent(.voltVar, fault: .overVoltage, ended: ended, context: &bench.context)
            block.gridEvent(.wattVar, fault: .overVoltage, ended: false, context: &bench.context)
        }
        let alarms = bench.sent().compactMap { request in
            if case .notifyDERAlarm(let alarm) = request { alarm } else { nil }
        }
        #expect(alarms.map(\.alarmEnded) == [nil, true])
        #expect(alarms.map(\.controlType) == [.voltVar, .voltVar])
    }

    @Test("a fault of the grid alarms the controls that act on it, and no others")
    func faults() {
        var bench = bench()
        var block = DERControl()
        _ = set(voltVar("d", 1, isDefault: true), &block, &bench)
        for fault in [V2.GridEventFaultEnum.overVoltage, .underVoltage, .overFrequency, .phaseRotation] {
            for ended in [false, true] { block.notice(.gridFault(fault, ended: ended), context: &bench.context) }
        }
        let alarms = bench.sent().compactMap { request in
            if case .notifyDERAlarm(let alarm) = request { alarm } else { nil }
        }
        #expect(alarms.map(\.gridEventFault) == [.overVoltage, .overVoltage, .underVoltage, .underVoltage])
        #expect(alarms.map(\.alarmEnded) == [nil, true, nil, true])
    }

    @Test("controls are bounded")
    func bounds() {
        var bench = bench()
        var block = DERControl()
        for number in 0..<500 { _ = set(voltVar("v\(number)", number, for: 1e300), &block, &bench) }
        #expect(block.controls.count == DERControl.controlsMax)
    }
}
