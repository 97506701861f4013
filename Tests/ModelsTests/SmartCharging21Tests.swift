import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Smart charging: what OCPP 2.1 adds")
struct SmartCharging21Tests {
    private typealias S = SmartChargingScript

    private func dynamic(interval: Int? = nil, duration: Int? = nil) -> V2.ChargingProfile {
        var profile = S.profile(.txDefaultProfile, kind: .dynamic, duration: duration, [(0, 10)])
        profile.dynUpdateInterval = interval
        return profile
    }

    @Test("a dynamic profile takes updates at once; other profiles and unknown ids take none")
    func dynamicUpdates() {
        var script = S(.v21)
        script.startTransaction()
        #expect(script.set(dynamic()) == nil && script.amperes() == 10)
        _ = script.changes()
        #expect(script.update(1, limit: 7) == (.accepted, nil))
        #expect(script.amperes() == 7 && script.changes() == [0])
        #expect(script.update(2, limit: 7) == (.rejected, "NotFound"))
        #expect(script.set(S.profile(.txDefaultProfile, id: 3, level: 1)) == nil)
        #expect(script.update(3, limit: 7) == (.rejected, "InvalidProfile"))
        #expect(script.block.profiles.first?.profile.dynUpdateTime == S.at(0))
    }

    @Test("a dynamic profile with more than one period, or a start, is rejected")
    func dynamicShape() {
        var script = S(.v21)
        #expect(script.set(S.profile(.txDefaultProfile, kind: .dynamic, [(0, 10), (1, 11)])) == "InvalidSchedule")
        var started = dynamic()
        started.chargingSchedule[0].startSchedule = S.at(0)
        #expect(script.set(started) == "InvalidSchedule")
    }

    @Test("values are pulled at the interval, and their duration is counted from the last update")
    func pulls() {
        var script = S(.v21)
        script.startTransaction()
        #expect(script.set(dynamic(interval: 60, duration: 100)) == nil)
        script.pass(to: 60)
        let pull = V2.Request.pullDynamicScheduleUpdate(V2.PullDynamicScheduleUpdateRequest(chargingProfileId: 1))
        #expect(script.sent() == [pull])
        script.answered(
            pull,
            with: .response(
                .pullDynamicScheduleUpdate(
                    V2.PullDynamicScheduleUpdateResponse(
                        status: .accepted, scheduleUpdate: V2.ChargingScheduleUpdate(limit: 6)))))
        #expect(script.amperes() == 6)
        script.context.isOnline = false
        script.pass(to: 159)
        #expect(script.amperes() == 6 && script.sent().isEmpty)
        script.pass(to: 160)
        #expect(script.amperes() == 32)
    }

    @Test("priority charging needs its profile and a transaction, and ends with it")
    func priority() {
        var script = S(.v21)
        #expect(script.usePriority("tx", true) == .rejected)
        script.startTransaction("tx")
        #expect(script.usePriority("tx", true) == .noProfile)
        #expect(script.set(S.profile(.txDefaultProfile, [(0, 6)])) == nil)
        #expect(script.set(S.profile(.priorityCharging, id: 2, [(0, 28)]), evse: 0) == nil)
        #expect(script.amperes() == 6)
        #expect(script.usePriority("tx", true) == .accepted && script.amperes() == 28)
        #expect(script.usePriority("tx", false) == .accepted && script.amperes() == 6)
        // The driver asks for it.
        script.notice(.priorityCharging(evse: 0, activated: true))
        #expect(script.amperes() == 28)
        #expect(
            script.sent() == [
                .notifyPriorityCharging(V2.NotifyPriorityChargingRequest(transactionId: "tx", activated: true))
            ])
        script.endTransaction()
        script.startTransaction("next")
        #expect(script.amperes() == 6)
    }

    @Test("a profile that is not to outlive being offline gives way to a lower level, for a while or for ever")
    func offline() {
        for isForEver in [false, true] {
            var script = S(.v21)
            script.startTransaction()
            var profile = S.profile(.txDefaultProfile, level: 1, [(0, 20)])
            profile.maxOfflineDuration = 300
            profile.invalidAfterOfflineDuration = isForEver
            #expect(script.set(profile) == nil)
            #expect(script.set(S.profile(.txDefaultProfile, id: 2, [(0, 8)])) == nil)
            script.context.isOnline = false
            script.notice(.offline)
            _ = script.changes()
            script.pass(to: 299)
            #expect(script.amperes() == 20)
            script.pass(to: 300)
            #expect(script.amperes() == 8 && script.changes() == [0])
            script.context.isOnline = true
            script.notice(.online)
            #expect(script.amperes() == (isForEver ? 8 : 20))
        }
    }

    @Test("from a state of charge on, the lower limit of the schedule holds")
    func limitAtStateOfCharge() {
        var script = S(.v21)
        script.startTransaction()
        var profile = S.profile(.txDefaultProfile, [(0, 20)])
        profile.chargingSchedule[0].limitAtSoC = V2.LimitAtSoC(soc: 80, limit: 6)
        #expect(script.set(profile) == nil)
        script.context.evses[0].stateOfCharge = 0.79
        script.notice(.sampled(evse: 0))
        #expect(script.amperes() == 20)
        _ = script.changes()
        script.context.evses[0].stateOfCharge = 0.8
        script.notice(.sampled(evse: 0))
        #expect(script.amperes() == 6 && script.changes() == [0])
    }

    @Test("limits for single phases count with the most careful one")
    func phases() {
        var script = S(.v21)
        var profile = S.profile(.txDefaultProfile, [(0, 20)])
        profile.chargingSchedule[0].chargingSchedulePeriod[0].limit_L2 = 12
        profile.chargingSchedule[0].chargingSchedulePeriod[0].limit_L3 = 14
        #expect(script.set(profile) == nil && script.amperes() == 12)
    }

    @Test("setpoints follow the grid operator's signal along the curve of the profile in use; a late one is dropped")
    func signal() {
        var script = S(.v21)
        script.startTransaction()
        #expect(script.follow(1, at: 0) == .rejected)
        var profile = S.profile(.txDefaultProfile, unit: .w, [(0, 11_000)])
        profile.chargingSchedule[0].chargingSchedulePeriod[0] = V2.ChargingSchedulePeriod(
            startPeriod: 0, limit: 11_000, dischargeLimit: -9000, v2xBaseline: 1000, operationMode: .centralFrequency,
            v2xSignalWattCurve: [
                V2.V2XSignalWattPoint(signal: -100, power: -10_000), V2.V2XSignalWattPoint(signal: 0, power: 0),
                V2.V2XSignalWattPoint(signal: 100, power: 4000),
            ])
        #expect(script.set(profile) == nil)
        func setpoint() -> Double? { script.block.rate(evse: 0, unit: .watts, context: script.context)?.setpoint }
        #expect(setpoint() == nil)
        #expect(script.follow(50, at: 10) == .accepted && setpoint() == 3000)
        #expect(script.follow(0, at: 5) == .accepted && setpoint() == 3000)
        #expect(script.follow(200, at: 20) == .accepted && setpoint() == 5000)
        #expect(script.follow(-100, at: 30) == .accepted && setpoint() == -9000)
        #expect(script.follow(.min, at: 40) == .accepted && setpoint() == -9000)
    }

    @Test("modes that need instruments the station lacks are rejected, those that need a setpoint want it")
    func modes() {
        var script = S(.v21)
        func set(_ period: V2.ChargingSchedulePeriod) -> String? {
            var profile = S.profile(.txDefaultProfile)
            profile.chargingSchedule[0].chargingSchedulePeriod = [period]
            return script.set(profile)
        }
        #expect(set(V2.ChargingSchedulePeriod(startPeriod: 0, operationMode: .localFrequency)) == "UnsupportedParam")
        #expect(set(V2.ChargingSchedulePeriod(startPeriod: 0, operationMode: .centralSetpoint)) == "MissingParam")
        #expect(set(V2.ChargingSchedulePeriod(startPeriod: 0, limit: 9, evseSleep: true)) == "UnsupportedParam")
        #expect(set(V2.ChargingSchedulePeriod(startPeriod: 0, setpoint: 5, operationMode: .centralSetpoint)) == nil)
    }

    @Test("allowed ways of energy transfer are kept for the transaction")
    func energyTransfer() {
        var script = S(.v21)
        #expect(script.allow("tx", [.dc, .dcBPT]) == .rejected)
        script.startTransaction("tx")
        #expect(
            script.allow("tx", [.dc, .dcBPT]) == .accepted && script.block[0].allowedEnergyTransfer == [.dc, .dcBPT])
        script.endTransaction()
        #expect(script.block[0].allowedEnergyTransfer == nil)
    }
}
