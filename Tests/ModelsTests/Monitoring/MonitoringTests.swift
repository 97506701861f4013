import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Monitoring")
struct MonitoringTests {
    private static let power = V2.Variable(name: "Power")

    private func item(
        _ type: V2.MonitorEnum, _ value: Double, severity: Int = 4, id: Int? = nil, evse: Int = 1,
        variable: V2.Variable = power, transaction: Bool? = nil, stream: V2.PeriodicEventStreamParams? = nil
    ) -> V2.SetMonitoringData {
        V2.SetMonitoringData(
            value: value, type: type, severity: severity, component: .addressed("EVSE", evse: evse),
            variable: variable, id: id, periodicEventStream: stream, transaction: transaction)
    }
    private func set(
        _ items: V2.SetMonitoringData..., in monitoring: inout Monitoring, _ bench: inout StationBench
    )
        -> [V2.SetMonitoringResult]
    {
        monitoring.setVariableMonitoring(
            V2.SetVariableMonitoringRequest(setMonitoringData: items), context: &bench.context
        ).setMonitoringResult
    }

    @Test("point 43: monitors are set one by one, each with its own status")
    func setEachByItself() {
        var bench = StationBench()
        var monitoring = Monitoring(evses: 2)
        let results = set(
            item(.upperThreshold, 10_000), item(.upperThreshold, 10_000), item(.upperThreshold, 1, severity: 10),
            item(.delta, -1), item(.periodic, 0), item(.upperThreshold, 1, evse: 9),
            item(.upperThreshold, 1, variable: V2.Variable(name: "Nothing")),
            item(.upperThreshold, 1, variable: V2.Variable(name: "AvailabilityState")), item(.targetDelta, 1),
            item(.upperThreshold, 5, id: 4711), item(.delta, 1, id: 2), item(.upperThreshold, .infinity),
            in: &monitoring, &bench)
        #expect(
            results.map(\.status) == [
                .accepted, .duplicate, .rejected, .rejected, .rejected, .unknownComponent, .unknownVariable,
                .unsupportedMonitorType, .unsupportedMonitorType, .rejected, .rejected, .rejected,
            ])
        #expect(results[0].id == results[1].id)
        #expect(results[2].id == nil)
    }

    @Test("a threshold raises one event when it is passed, and a cleared one that names it when all is well again")
    func threshold() throws {
        var bench = StationBench()
        var monitoring = Monitoring(evses: 2)
        let id = set(item(.upperThreshold, 10_000, severity: 4), in: &monitoring, &bench)[0].id
        #expect(bench.sent().isEmpty)
        bench.charge(powerW: 11_000)
        monitoring.notice(.sampled(evse: 0), context: &bench.context)
        monitoring.notice(.sampled(evse: 0), context: &bench.context)
        let raised = try #require(
            bench.sent().compactMap(\.event).flatMap(\.eventData).first { $0.variableMonitoringId == id })
        #expect(raised.trigger == .alerting)
        #expect(raised.actualValue == "11000")
        #expect(raised.transactionId == "tx-1")
        #expect(raised.eventNotificationType == .customMonitor)
        bench.context.evses[0].powerW = 9000
        monitoring.notice(.sampled(evse: 0), context: &bench.context)
        let cleared = try #require(bench.sent().compactMap(\.event).flatMap(\.eventData).first)
        #expect(cleared.cleared == true)
        #expect(cleared.cause == raised.eventId)
        #expect(cleared.eventId != raised.eventId)
    }

    @Test("a delta counts from the last event, not from the last value")
    func delta() {
        var bench = StationBench()
        var monitoring = Monitoring(evses: 2)
        _ = set(item(.delta, 1000), in: &monitoring, &bench)
        var values: [String] = []
        for power in [600.0, 999, 1000, 1900, 1999, 2000, 500] {
            bench.context.evses[0].powerW = power
            monitoring.notice(.sampled(evse: 0), context: &bench.context)
            values += bench.sent().compactMap(\.event).flatMap(\.eventData).map(\.actualValue)
        }
        #expect(values == ["1000", "2000", "500"])
    }

    @Test("a delta of a state reports each change, a monitor bound to transactions none outside")
    func stateChange() {
        var bench = StationBench()
        var monitoring = Monitoring(evses: 2)
        _ = set(
            item(.delta, 1, severity: 5, variable: V2.Variable(name: "AvailabilityState")),
            item(.upperThreshold, 100, severity: 6, transaction: true), in: &monitoring, &bench)
        bench.context.evses[0].isPlugged = true
        bench.context.evses[0].powerW = 200
        monitoring.notice(.plugged(evse: 0), context: &bench.context)
        #expect(bench.sent().compactMap(\.event).flatMap(\.eventData).map(\.actualValue) == ["Occupied"])
        bench.charge(powerW: 200)
        monitoring.notice(.transactionStarted(evse: 0, transactionID: "tx-1"), context: &bench.context)
        #expect(bench.sent().compactMap(\.event).flatMap(\.eventData).map(\.actualValue) == ["200"])
    }

    @Test("periodic monitors report in their interval, aligned ones on the clock; a long sleep costs one event")
    func periodic() {
        var bench = StationBench()
        bench.wait(10)
        var monitoring = Monitoring(evses: 2)
        _ = set(item(.periodic, 60), item(.periodicClockAligned, 900, severity: 5), in: &monitoring, &bench)
        #expect(monitoring.nextDeadline == StationBench.start.adding(seconds: 70))
        bench.context.now = monitoring.nextDeadline
        monitoring.timerDue(context: &bench.context)
        let event = bench.sent().compactMap(\.event).flatMap(\.eventData)
        #expect(event.map(\.trigger) == [.periodic])
        bench.context.now = StationBench.start.adding(seconds: 86_400 * 30)
        monitoring.timerDue(context: &bench.context)
        #expect(bench.sent().compactMap(\.event).flatMap(\.eventData).count == 2)
        #expect(
            monitoring.monitors.filter(\.isPeriodic).map(\.due) == [
                bench.context.now.adding(seconds: 60), bench.context.now.adding(seconds: 900),
            ])
    }

    @Test("the level keeps less urgent events back; urgent ones are queued offline, others lost")
    func severities() {
        var bench = StationBench(online: false)
        var monitoring = Monitoring(evses: 2)
        #expect(
            monitoring.setMonitoringLevel(V2.SetMonitoringLevelRequest(severity: 5), context: &bench.context).status
                == .accepted)
        for wrong in [Int.min, -1, 10, Int.max] {
            #expect(
                monitoring.setMonitoringLevel(V2.SetMonitoringLevelRequest(severity: wrong), context: &bench.context)
                    .status == .rejected)
        }
        _ = set(
            item(.upperThreshold, 1, severity: 2), item(.upperThreshold, 1, severity: 5),
            item(.upperThreshold, 1, severity: 6), in: &monitoring, &bench)
        bench.charge()
        monitoring.notice(.sampled(evse: 0), context: &bench.context)
        #expect(bench.context.sends.map(\.isPersistent) == [true])
        #expect(bench.sent().compactMap(\.event).flatMap(\.eventData).map(\.severity) == [2])
        bench.context.isOnline = true
        bench.context.evses[0].powerW = 0
        monitoring.notice(.sampled(evse: 0), context: &bench.context)
        #expect(bench.context.sends.map(\.isPersistent) == [true, false])
        #expect(bench.sent().compactMap(\.event).flatMap(\.eventData).map(\.severity) == [2, 5])
    }

    @Test("hard-wired monitors watch for problems and cannot be cleared or replaced")
    func hardWired() {
        var bench = StationBench()
        var monitoring = Monitoring(evses: 2)
        monitoring.notice(.booted(.powerUp), context: &bench.context)
        bench.context.evses[1].isFaulted = true
        monitoring.notice(.fault(evse: 1), context: &bench.context)
        let events = bench.sent().compactMap(\.event).flatMap(\.eventData)
        #expect(events.map(\.eventNotificationType) == [.hardWiredMonitor, .hardWiredMonitor])
        #expect(events.map(\.component.name) == ["ChargingStation", "EVSE"])
        let answer = monitoring.clearVariableMonitoring(
            V2.ClearVariableMonitoringRequest(id: [1, 4, .min, .max]), context: &bench.context)
        #expect(answer.clearMonitoringResult.map(\.status) == [.rejected, .accepted, .notFound, .notFound])
    }

    @Test("the base decides which monitors there are; preconfigured ones come back as made")
    func monitoringBase() {
        var bench = StationBench()
        var monitoring = Monitoring(evses: 2)
        _ = set(item(.delta, 5), in: &monitoring, &bench)
        func kinds(_ base: V2.MonitoringBaseEnum) -> [V2.EventNotificationEnum] {
            _ = monitoring.setMonitoringBase(V2.SetMonitoringBaseRequest(monitoringBase: base), context: &bench.context)
            return monitoring.monitors.filter(\.isEnabled).map(\.origin)
        }
        #expect(kinds(.all).contains(.customMonitor))
        #expect(Set(kinds(.factoryDefault)) == [.hardWiredMonitor, .preconfiguredMonitor])
        #expect(Set(kinds(.hardWiredOnly)) == [.hardWiredMonitor])
        #expect(bench.context.deviceModel.text("MonitoringCtrlr", "ActiveMonitoringBase") == "HardWiredOnly")
    }

    @Test("point 43: the monitoring report comes in parts by criteria and names")
    func report() {
        var bench = StationBench(evses: 60)
        var monitoring = Monitoring(evses: 60)
        _ = set(item(.periodic, 60), item(.upperThreshold, 9), in: &monitoring, &bench)
        func report(
            _ criteria: [V2.MonitoringCriterionEnum]?, _ names: [V2.ComponentVariable]? = nil
        )
            -> [V2.NotifyMonitoringReportRequest]
        {
            let answer = monitoring.getMonitoringReport(
                V2.GetMonitoringReportRequest(
                    requestId: 9, componentVariable: names, monitoringCriteria: criteria), context: &bench.context)
            let parts = bench.sent().compactMap { request in
                if case .notifyMonitoringReport(let part) = request { part } else { nil }
            }
            #expect((answer.status == .accepted) != parts.isEmpty)
            return parts
        }
        let all = report(nil)
        #expect(all.map(\.seqNo) == Array(all.indices))
        #expect(all.count > 2)
        #expect(all.map { $0.tbc ?? false } == Array(repeating: true, count: all.count - 1) + [false])
        #expect(
            report([.periodicMonitoring]).flatMap { $0.monitor ?? [] }.flatMap(\.variableMonitoring).map(\.type) == [
                .periodic
            ])
        let own = report(nil, [V2.ComponentVariable(component: .addressed("EVSE", evse: 1), variable: Self.power)])
        #expect(own.flatMap { $0.monitor ?? [] }.map(\.variableMonitoring.count) == [2])
        #expect(report(nil, [V2.ComponentVariable(component: .addressed("Nobody"))]).isEmpty)
    }

    @Test("a stream takes the place of events once the CSMS agrees, is adjusted, told and closed with its monitor")
    func eventStream() throws {
        var bench = StationBench()
        var monitoring = Monitoring(evses: 2)
        let id = try #require(
            set(
                item(.periodic, 1, stream: V2.PeriodicEventStreamParams(interval: 5, values: 3)), in: &monitoring,
                &bench
            )[0].id)
        guard case .openPeriodicEventStream(let opening) = try #require(bench.sent().first) else {
            Issue.record("no stream is opened")
            return
        }
        let stream = opening.constantStreamData.id
        monitoring.answered(
            .openPeriodicEventStream(opening),
            with: .response(.openPeriodicEventStream(V2.OpenPeriodicEventStreamResponse(status: .accepted))),
            context: &bench.context)
        for _ in 0..<3 {
            bench.wait(1)
            monitoring.timerDue(context: &bench.context)
        }
        guard case .notifyPeriodicEventStream(let batch) = try #require(bench.sent().first) else {
            Issue.record("no values are sent")
            return
        }
        #expect(batch.id == stream)
        #expect(batch.data.map(\.t) == [0, 1, 2])
        #expect(batch.pending == 0)
        #expect(
            monitoring.adjustPeriodicEventStream(
                V2.AdjustPeriodicEventStreamRequest(
                    id: stream, params: V2.PeriodicEventStreamParams(interval: .max, values: .max)),
                context: &bench.context
            ).status == .accepted)
        #expect(
            monitoring.adjustPeriodicEventStream(
                V2.AdjustPeriodicEventStreamRequest(id: .min, params: V2.PeriodicEventStreamParams()),
                context: &bench.context
            ).status == .rejected)
        let told = monitoring.getPeriodicEventStream(V2.GetPeriodicEventStreamRequest(), context: &bench.context)
        #expect(told.constantStreamData?.map(\.variableMonitoringId) == [id])
        _ = monitoring.clearVariableMonitoring(V2.ClearVariableMonitoringRequest(id: [id]), context: &bench.context)
        guard case .closePeriodicEventStream(let closing) = try #require(bench.sent().first) else {
            Issue.record("the stream is not closed")
            return
        }
        #expect(closing.id == stream)
        #expect(
            monitoring.getPeriodicEventStream(V2.GetPeriodicEventStreamRequest(), context: &bench.context)
                .constantStreamData == nil)
    }

    @Test(
        "a stream refused leaves NotifyEvent; an offline one keeps a bounded number of values; a restart opens it anew")
    func streamTroubles() throws {
        var bench = StationBench()
        var monitoring = Monitoring(evses: 2)
        func open(_ severity: Int, accepted: Bool) throws {
            _ = set(
                item(.periodic, 1, severity: severity, stream: V2.PeriodicEventStreamParams(interval: 5, values: 3)),
                in: &monitoring, &bench)
            let request = try #require(bench.sent().first)
            monitoring.answered(
                request,
                with: .response(
                    .openPeriodicEventStream(
                        V2.OpenPeriodicEventStreamResponse(status: accepted ? .accepted : .rejected))),
                context: &bench.context)
        }
        try open(4, accepted: false)
        bench.wait(1)
        monitoring.timerDue(context: &bench.context)
        #expect(bench.sent().compactMap(\.event).count == 1)
        try open(3, accepted: true)
        bench.context.isOnline = false
        for _ in 0..<1000 {
            bench.wait(1)
            monitoring.timerDue(context: &bench.context)
        }
        #expect(monitoring.streams.streams.map(\.values.count) == [EventStreams.valuesMax])
        monitoring.notice(.booted(.watchdog), context: &bench.context)
        _ = bench.sent()
        monitoring.notice(.registered(.accepted), context: &bench.context)
        #expect(bench.sent().count == 1)
    }

    @Test("monitors are bounded, intervals of any size trap nobody, and all survives the store")
    func bounds() throws {
        var bench = StationBench(evses: 8)
        var monitoring = Monitoring(evses: 8)
        var accepted = 0
        for evse in 1...8 {
            for severity in 0...9 {
                for type in [V2.MonitorEnum.periodic, .periodicClockAligned, .delta] {
                    let result = set(item(type, 1e300, severity: severity, evse: evse), in: &monitoring, &bench)
                    if result[0].status == .accepted { accepted += 1 }
                }
            }
        }
        #expect(accepted == Monitoring.customMax)
        bench.context.now = Timestamp(microseconds: .max - 1)
        monitoring.timerDue(context: &bench.context)
        let stored = try StationBench.stored(monitoring)
        #expect(stored.monitors == monitoring.monitors)
    }
}
