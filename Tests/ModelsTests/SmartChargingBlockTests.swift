import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Smart charging: the functional block")
struct SmartChargingBlockTests {
    private typealias S = SmartChargingScript

    // MARK: Composite schedules

    @Test("point 32: a composite schedule is told from now on, in the unit asked for or the station's first")
    func composite() throws {
        var script = S(.v201)
        #expect(script.set(S.profile(.txDefaultProfile, start: -60, [(0, 10), (90, 16)])) == nil)
        let answer = script.block.composite(
            V2.GetCompositeScheduleRequest(duration: 600, evseId: 1), context: script.context)
        let schedule = try #require(answer.schedule)
        #expect(schedule.chargingRateUnit == .a && schedule.duration == 600 && schedule.scheduleStart == S.at(0))
        #expect(schedule.chargingSchedulePeriod.map(\.startPeriod) == [0, 30])
        #expect(schedule.chargingSchedulePeriod.map(\.limit) == [10, 16])
        #expect(schedule.chargingSchedulePeriod.map(\.numberPhases) == [3, 3])
        #expect(script.composite(unit: .w).periods == [[0, 6900], [30, 11_040]])
        // The message is valid by the schemas, also when the request comes between two seconds.
        script.context.now = S.at(10).adding(microseconds: 400_000)
        let late = script.block.composite(
            V2.GetCompositeScheduleRequest(duration: 600, evseId: 1, chargingRateUnit: .a), context: script.context)
        #expect(late.schedule?.chargingSchedulePeriod.map(\.startPeriod) == [0, 20])
        #expect(try V2.GetCompositeScheduleResponse(json: late.json(version: .v201), version: .v201) == late)
    }

    @Test("point 32: EVSE 0 is the total; an unknown EVSE, unit or negative duration is rejected by reason")
    func compositeRefusals() {
        var script = S(.v201)
        #expect(script.set(S.profile(.txDefaultProfile, [(0, 10)]), evse: 0) == nil)
        #expect(script.composite(evse: 0).periods == [[0, 20]])
        #expect(script.composite(evse: 3).reason == "UnknownEvse")
        #expect(script.composite(duration: -1).reason == "InvalidValue")
        #expect(script.composite(duration: .max).periods == [[0, 10]])
        script.context.deviceModel.preset("SmartChargingCtrlr", "RateUnit", to: "W")
        #expect(script.composite(unit: .a).reason == "UnsupportedRateUnit")
        #expect(script.composite(unit: nil).periods == [[0, 6900]])
    }

    // MARK: The running limit

    @Test("the limit follows the profiles at their boundaries, each change is told once")
    func runningLimit() {
        var script = S(.v201)
        #expect(
            script.set(S.profile(.txDefaultProfile, kind: .relative, [(0, 16), (60, 8), (90, 8), (120, 20)])) == nil)
        #expect(script.changes().isEmpty)
        script.context.now = S.at(100)
        script.startTransaction()
        #expect(script.changes() == [0] && script.amperes() == 16)
        script.pass(to: 159)
        #expect(script.changes().isEmpty && script.amperes() == 16)
        script.pass(to: 160)
        #expect(script.changes() == [0] && script.amperes() == 8)
        script.pass(to: 10_000)
        #expect(script.changes() == [0] && script.amperes() == 20)
        #expect(script.block.nextDeadline == .distantFuture)
        script.endTransaction()
        #expect(script.changes().isEmpty)
    }

    @Test("point 31: relative schedules start when the power path closes (2.x) or when charging starts (1.6)")
    func powerPath() {
        for (version, start) in [(OCPPVersion.v201, 50), (.v16, 80)] {
            var script = S(version)
            #expect(script.set(S.profile(.txDefaultProfile, kind: .relative, [(0, 16), (60, 8)])) == nil)
            script.startTransaction(isCharging: false)
            script.pass(to: 50)
            script.notice(.chargingStateChanged(evse: 0, .suspendedEV))
            script.pass(to: 80)
            script.notice(.chargingStateChanged(evse: 0, .charging))
            script.pass(to: start + 59)
            #expect(script.amperes() == 16, "\(version)")
            script.pass(to: start + 60)
            #expect(script.amperes() == 8, "\(version)")
        }
    }

    @Test("the station's maximum is shared anew when a second transaction starts and when it ends")
    func sharing() {
        var script = S(.v21)
        #expect(script.set(S.profile(.chargingStationMaxProfile, [(0, 32)]), evse: 0) == nil)
        script.startTransaction("a", evse: 0)
        #expect(script.amperes(0) == 32)
        _ = script.changes()
        script.startTransaction("b", evse: 1)
        #expect(script.changes() == [0, 1] && script.amperes(0) == 16 && script.amperes(1) == 16)
        script.endTransaction(evse: 1)
        #expect(script.changes() == [0] && script.amperes(0) == 32)
    }

    @Test("profiles that have expired are forgotten")
    func expired() {
        var script = S(.v201)
        #expect(script.set(S.profile(.txDefaultProfile, to: 100)) == nil)
        script.pass(to: 100)
        #expect(script.block.profiles.isEmpty)
    }

    @Test("profiles do not count while smart charging is switched off, and do again afterwards")
    func switchedOff() {
        var script = S(.v201)
        #expect(script.set(S.profile(.txDefaultProfile, [(0, 8)])) == nil)
        script.startTransaction()
        _ = script.changes()
        for (text, limit) in [("false", 32.0), ("true", 8)] {
            script.context.deviceModel.preset("SmartChargingCtrlr", "Enabled", to: text)
            script.notice(.variableChanged(component: "SmartChargingCtrlr", evse: nil, variable: "Enabled"))
            #expect(script.amperes() == limit && script.changes() == [0])
        }
    }

    // MARK: Reports and clearing

    @Test("point 43: profiles are reported in parts by EVSE and source, each valid, the last one without tbc")
    func reports() throws {
        var script = S(.v201)
        for id in 1...20 { #expect(script.set(S.profile(.txDefaultProfile, id: id, level: id), evse: 1) == nil) }
        #expect(script.set(S.profile(.chargingStationMaxProfile, id: 30), evse: 0) == nil)
        script.notice(.externalLimit(watts: 5000))
        _ = script.sent()
        #expect(script.report() == .accepted)
        var ids: [Int] = []
        let parts = script.sent()
        for (index, request) in parts.enumerated() {
            guard case .reportChargingProfiles(let part) = request else { throw Unexpected() }
            #expect(part.requestId == 7 && part.tbc == (index < parts.count - 1 ? true : nil))
            #expect(part.chargingLimitSource == (part.chargingProfile[0].id == -1 ? "EMS" : "CSO"))
            ids += part.chargingProfile.map(\.id)
            let json = part.json(version: .v201)
            #expect(try V2.ReportChargingProfilesRequest(json: json, version: .v201) == part)
        }
        #expect(ids == [30, -1] + Array(1...20) && parts.count == 5)

        #expect(script.report(evse: 1, V2.ChargingProfileCriterion(stackLevel: 4)) == .accepted)
        #expect(script.sent().count == 1)
        #expect(script.report(evse: 2) == .noProfiles && script.sent().isEmpty)
        #expect(script.report(V2.ChargingProfileCriterion(chargingProfileId: [99])) == .noProfiles)
        #expect(script.report(V2.ChargingProfileCriterion(chargingLimitSource: ["SO"])) == .noProfiles)
        #expect(script.report(V2.ChargingProfileCriterion(chargingProfilePurpose: .txProfile)) == .noProfiles)
    }
    private struct Unexpected: Error {}

    @Test("profiles are cleared by id or by criteria, never the external constraint")
    func clearing() {
        var script = S(.v201)
        func fill() {
            for id in 1...4 {
                #expect(script.set(S.profile(.txDefaultProfile, id: id, level: id), evse: 1 + id % 2) == nil)
            }
        }
        fill()
        script.notice(.externalLimit(watts: 5000))
        #expect(script.clear(id: 9) == .unknown && script.clear(id: -1) == .unknown)
        #expect(script.clear(id: 2) == .accepted && script.block.profiles.map(\.id) == [1, 3, 4])
        #expect(script.clear(V2.ClearChargingProfile(evseId: 2, stackLevel: 3)) == .accepted)
        #expect(script.block.profiles.map(\.id) == [1, 4])
        #expect(script.clear(V2.ClearChargingProfile(chargingProfilePurpose: .txProfile)) == .unknown)
        #expect(script.clear() == .accepted && script.block.profiles.isEmpty)
        #expect(script.block.external != nil && script.clear() == .unknown)
    }

    // MARK: External limits

    @Test("an external limit caps the station, and the CSMS hears of it, of significant changes and of its end")
    func externalLimit() throws {
        var script = S(.v201)
        script.context.deviceModel.preset("SmartChargingCtrlr", "LimitChangeSignificance", to: "10")
        script.context.deviceModel.preset("SmartChargingCtrlr", "NotifyChargingLimitWithSchedules", to: "true")
        script.startTransaction()
        _ = script.changes()
        script.notice(.externalLimit(watts: 6900))
        #expect(script.changes() == [0] && script.amperes() == 10)
        guard case .notifyChargingLimit(let told)? = script.sent().first else { throw Unexpected() }
        #expect(told.chargingLimit.chargingLimitSource == "EMS")
        #expect(told.chargingSchedule?.first?.chargingSchedulePeriod.first?.limit == 6900)
        #expect(try V2.NotifyChargingLimitRequest(json: told.json(version: .v201), version: .v201) == told)
        script.notice(.externalLimit(watts: 6500))
        #expect(script.sent().isEmpty && script.changes() == [0])
        script.notice(.externalLimit(watts: 6000))
        #expect(script.sent().count == 1)
        script.notice(.externalLimit(watts: nil))
        #expect(
            script.sent() == [
                .clearedChargingLimit(V2.ClearedChargingLimitRequest(chargingLimitSource: "EMS"))
            ])
        #expect(script.amperes() == 32)
    }

    @Test("what happened to the external limit while offline is told after the next registration")
    func externalLimitOffline() {
        var script = S(.v21)
        script.context.isOnline = false
        script.notice(.externalLimit(watts: 6900))
        #expect(script.sent().isEmpty)
        script.context.isOnline = true
        script.notice(.registered(.accepted))
        #expect(script.sent().count == 1)
        script.context.isOnline = false
        script.notice(.externalLimit(watts: nil))
        script.context.isOnline = true
        script.notice(.registered(.accepted))
        #expect(script.sent().count == 1)
        script.notice(.registered(.accepted))
        #expect(script.sent().isEmpty)
    }

    @Test("external signals can be switched off, and 1.6 has no message for them")
    func externalOff() {
        var script = S(.v16)
        script.notice(.externalLimit(watts: 6900))
        #expect(script.sent().isEmpty && script.amperes() == 10)
        var deaf = S(.v201)
        deaf.context.deviceModel.preset("SmartChargingCtrlr", "ExternalControlSignalsEnabled", to: "false")
        deaf.notice(.externalLimit(watts: 6900))
        #expect(deaf.amperes() == 32)
    }

    // MARK: ISO 15118

    @Test("a vehicle's needs and the schedule it has chosen are passed on, and the chosen alternative counts")
    func vehicle() throws {
        var script = S(.v21)
        script.startTransaction("tx")
        script.notice(.evChargingNeeds(evse: 0, V2.ChargingNeeds(requestedEnergyTransfer: .dc)))
        guard case .notifyEVChargingNeeds(let needs)? = script.sent().first else { throw Unexpected() }
        #expect(needs.evseId == 1 && needs.maxScheduleTuples == 3 && needs.timestamp == S.at(0))
        var profile = S.profile(.txProfile, transaction: "tx", [(0, 10)])
        var other = profile.chargingSchedule[0]
        other.id = 2
        other.chargingSchedulePeriod[0].limit = 14
        profile.chargingSchedule.append(other)
        #expect(script.set(profile) == nil && script.amperes() == 10)
        script.vehicleScheduled(other, selected: 2, evse: 0)
        #expect(script.amperes() == 14)
        guard case .notifyEVChargingSchedule(let schedule)? = script.sent().last else { throw Unexpected() }
        #expect(schedule.evseId == 1 && schedule.selectedChargingScheduleId == 2 && schedule.timeBase == S.at(0))
    }
}
