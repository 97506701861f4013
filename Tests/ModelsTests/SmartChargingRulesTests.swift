import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Smart charging: which profiles are taken")
struct SmartChargingRulesTests {
    private typealias S = SmartChargingScript

    @Test("point 29: 1.6 replaces a profile of the same id, or of the same purpose and level at the connector")
    func replace16() {
        var script = S(.v16)
        #expect(script.set(S.profile(.txDefaultProfile, id: 1, level: 2)) == nil)
        #expect(script.set(S.profile(.txDefaultProfile, id: 2, level: 2, [(0, 8)])) == nil)
        #expect(script.block.profiles.map(\.id) == [2])
        #expect(script.set(S.profile(.txDefaultProfile, id: 3, level: 2), evse: 0) == nil)
        #expect(script.set(S.profile(.chargingStationMaxProfile, id: 2), evse: 0) == nil)
        #expect(script.block.profiles.map(\.id) == [3, 2])
    }

    @Test("point 29: 1.6 takes a TxProfile only at a connector with a running transaction, which it may leave unnamed")
    func txProfile16() {
        var script = S(.v16)
        #expect(script.set(S.profile(.txProfile)) == "TxNotFound")
        script.startTransaction("42")
        #expect(script.set(S.profile(.txProfile), evse: 0) == "InvalidValue")
        #expect(script.set(S.profile(.txProfile, transaction: "41")) == "TxNotFound")
        #expect(script.set(S.profile(.txProfile)) == nil)
        #expect(script.set(S.profile(.txProfile, transaction: "42")) == nil)
        script.endTransaction()
        #expect(script.block.profiles.isEmpty)
    }

    @Test("point 29: a replacement that becomes valid later leaves a gap at what holds without it")
    func gap16() {
        var script = S(.v16)
        #expect(script.set(S.profile(.txDefaultProfile, level: 1, [(0, 8)])) == nil)
        #expect(script.set(S.profile(.txDefaultProfile, level: 1, from: 600, [(0, 10)])) == nil)
        #expect(script.composite().periods == [[0, 32], [600, 10]])
    }

    @Test("point 29: in 1.6 a connector's own default stands alone there")
    func ownDefault16() {
        var script = S(.v16)
        #expect(script.set(S.profile(.txDefaultProfile, id: 1, level: 5, [(0, 6)]), evse: 0) == nil)
        #expect(script.set(S.profile(.txDefaultProfile, id: 2, level: 1, [(0, 20)]), evse: 1) == nil)
        #expect(script.composite(evse: 1).periods == [[0, 20]] && script.composite(evse: 2).periods == [[0, 6]])
    }

    @Test("point 29: profiles outlive a restart", arguments: [OCPPVersion.v16, .v21])
    func survivesRestart(version: OCPPVersion) throws {
        var script = S(version)
        #expect(script.set(S.profile(.txDefaultProfile, [(0, 8)])) == nil)
        let stored = try Self.encoded(script.block)
        script.block = try Self.decoded(stored)
        script.notice(.booted(.remoteReset))
        #expect(script.composite().periods == [[0, 8]])
    }

    @Test(
        "point 30: 2.x rejects a second default of the same level that is valid at the same time",
        arguments: [(0, 1), (1, 0), (1, 1), (0, 0)])
    func duplicates(first: Int, second: Int) {
        var script = S(.v201)
        #expect(script.set(S.profile(.txDefaultProfile, id: 1, from: 0, to: 100), evse: first) == nil)
        #expect(script.set(S.profile(.txDefaultProfile, id: 2, from: 99), evse: second) == "DuplicateProfile")
        #expect(script.set(S.profile(.txDefaultProfile, id: 3, from: 100), evse: second) == nil)
        #expect(script.set(S.profile(.txDefaultProfile, id: 4, level: 1), evse: second) == nil)
        // The same id replaces.
        #expect(script.set(S.profile(.txDefaultProfile, id: 1, from: 0, to: 50), evse: first) == nil)
    }

    @Test("point 30: defaults of different EVSEs do not clash")
    func differentEVSEs() {
        var script = S(.v201)
        #expect(script.set(S.profile(.txDefaultProfile, id: 1), evse: 1) == nil)
        #expect(script.set(S.profile(.txDefaultProfile, id: 2), evse: 2) == nil)
    }

    @Test("point 30: a TxProfile of 2.x needs an EVSE and its running transaction by name")
    func txProfile2() {
        var script = S(.v201)
        script.startTransaction("tx")
        #expect(script.set(S.profile(.txProfile)) == "MissingParam")
        #expect(script.set(S.profile(.txProfile, transaction: "tx"), evse: 0) == "InvalidValue")
        #expect(script.set(S.profile(.txProfile, transaction: "other")) == "TxNotFound")
        #expect(script.set(S.profile(.txProfile, transaction: "tx"), evse: 2) == "TxNotFound")
        #expect(script.set(S.profile(.txProfile, transaction: "tx")) == nil)
        #expect(script.set(S.profile(.txProfile, id: 2, transaction: "tx")) == "DuplicateProfile")
        #expect(script.set(S.profile(.txDefaultProfile, id: 3, transaction: "tx")) == "InvalidProfile")
    }

    @Test("point 30: unknown EVSEs, units, too many periods and too high levels are rejected by reason")
    func limits() {
        var script = S(.v201)
        #expect(script.set(S.profile(.txDefaultProfile), evse: 3) == "UnknownEvse")
        #expect(script.set(S.profile(.txDefaultProfile), evse: -1) == "UnknownEvse")
        #expect(script.set(S.profile(.txDefaultProfile, level: 100)) == "InvalidStackLevel")
        #expect(script.set(S.profile(.txDefaultProfile, (0..<1025).map { ($0, 10) })) == "TooManyElements")
        script.context.deviceModel.preset("SmartChargingCtrlr", "RateUnit", to: "W")
        #expect(script.set(S.profile(.txDefaultProfile)) == "UnsupportedRateUnit")
        script.context.deviceModel.preset("SmartChargingCtrlr", "Enabled", to: "false")
        #expect(script.set(S.profile(.txDefaultProfile, unit: .w)) == "NotEnabled")
    }

    @Test("point 30: external constraints are not the CSMS's, the station's maximum belongs to EVSE 0")
    func purposes() {
        var script = S(.v201)
        #expect(script.set(S.profile(.chargingStationExternalConstraints), evse: 0) == "InvalidProfile")
        #expect(script.set(S.profile(.chargingStationMaxProfile), evse: 1) == "InvalidValue")
        #expect(script.set(S.profile(.chargingStationMaxProfile, kind: .relative), evse: 0) == "InvalidProfile")
        #expect(script.set(S.profile(.chargingStationMaxProfile), evse: 0) == nil)
    }

    @Test("point 30: phases are chosen only where the station can switch them, and two profiles cannot disagree")
    func phases() {
        func profile(_ phase: Int, count: Int? = 1, id: Int = 1, level: Int = 0) -> V2.ChargingProfile {
            var profile = S.profile(.txDefaultProfile, id: id, level: level)
            profile.chargingSchedule[0].chargingSchedulePeriod[0].numberPhases = count
            profile.chargingSchedule[0].chargingSchedulePeriod[0].phaseToUse = phase
            return profile
        }
        var script = S(.v201)
        #expect(script.set(profile(2)) == "UnsupportedParam")
        script.context.deviceModel.preset("SmartChargingCtrlr", "ACPhaseSwitchingSupported", to: "true")
        #expect(script.set(profile(2, count: 3)) == "InvalidSchedule")
        #expect(script.set(profile(2, count: nil)) == "InvalidSchedule")
        #expect(script.set(profile(2)) == nil)
        #expect(script.set(profile(3, id: 2, level: 1)) == "InvalidSchedule")
        #expect(script.set(profile(2, id: 2, level: 1)) == nil)
        script.startTransaction()
        #expect(script.block.rate(evse: 0, unit: .amperes, context: script.context)?.phaseToUse == 2)
        var direct = S(.v201, phases: 0)
        #expect(direct.set(profile(2)) == "InvalidSchedule")
    }

    @Test("kinds and schedules that contradict themselves are rejected by reason")
    func schedules() {
        var script = S(.v21)
        #expect(script.set(S.profile(.txDefaultProfile, start: nil)) == "MissingParam")
        #expect(script.set(S.profile(.txDefaultProfile, kind: .recurring)) == "MissingParam")
        #expect(script.set(S.profile(.txDefaultProfile, [(1, 10)])) == "InvalidSchedule")
        #expect(script.set(S.profile(.txDefaultProfile, [(0, 10), (0, 11)])) == "InvalidSchedule")
        #expect(script.set(S.profile(.txDefaultProfile, [])) == "InvalidSchedule")
        #expect(script.set(S.profile(.txDefaultProfile, duration: -1)) == "InvalidSchedule")
        #expect(script.set(S.profile(.txDefaultProfile, from: 5, to: 5)) == "InvalidProfile")
        #expect(script.set(S.profile(.txDefaultProfile, [(0, nil)])) == "MissingParam")
        #expect(script.set(S.profile(.txDefaultProfile, id: -1)) == "InvalidValue")
        var relative = S.profile(.txDefaultProfile, kind: .relative)
        #expect(script.set(relative) == nil)
        relative.chargingSchedule[0].startSchedule = S.at(0)
        #expect(script.set(relative) == "InvalidSchedule")
        var several = S.profile(.txDefaultProfile)
        several.chargingSchedule.append(several.chargingSchedule[0])
        #expect(script.set(several) == "InvalidSchedule")
        var local = S.profile(.txDefaultProfile)
        local.chargingSchedule[0].useLocalTime = true
        #expect(script.set(local) == "UnsupportedParam")
    }

    @Test("a negative limit is a discharge limit in 2.1, and nothing before")
    func negativeLimit() {
        let profile = S.profile(.txDefaultProfile, [(0, -10)])
        var old = S(.v201)
        #expect(old.set(profile) == "InvalidSchedule")
        var script = S(.v21)
        #expect(script.set(profile) == nil)
        let rate = script.block.rate(evse: 0, unit: .amperes, context: script.context)
        #expect(rate?.limit == 0 && rate?.dischargeLimit == -10)
    }

    @Test("the number of profiles is bounded")
    func bounded() {
        var script = S(.v201)
        for id in 0..<SmartCharging.profilesMax {
            #expect(script.set(S.profile(.txDefaultProfile, id: id, level: id % 50), evse: 1 + id / 50) == nil)
        }
        #expect(script.set(S.profile(.chargingStationMaxProfile, id: 1000), evse: 0) == "OutOfStorage")
        #expect(script.set(S.profile(.txDefaultProfile, id: 0, [(0, 8)])) == nil)
        #expect(script.block.profiles.count == SmartCharging.profilesMax)
    }

    @Test("a remote start brings a TxProfile without a transaction, which is put in place when the transaction starts")
    func remoteStart() {
        var script = S(.v201)
        let profile = S.profile(.txProfile, [(0, 10)])
        func problem(_ profile: V2.ChargingProfile) -> String? {
            script.block.problem(withStartProfile: profile, evse: 1, context: script.context)?.reasonCode
        }
        #expect(problem(profile) == nil)
        #expect(problem(S.profile(.txProfile, transaction: "tx")) == "InvalidValue")
        #expect(problem(S.profile(.txDefaultProfile)) == "InvalidProfile")
        script.notice(.remoteStartAccepted(evse: 0, remoteStartID: 1, profile: profile))
        script.context.now = S.at(60)
        script.startTransaction("new")
        #expect(script.block.profiles.first?.profile.transactionId == "new" && script.amperes() == 10)
        // A start that nobody came for does not touch the transaction of another.
        script.endTransaction()
        script.notice(.remoteStartAccepted(evse: 0, remoteStartID: 2, profile: profile))
        script.context.now = S.at(60 + 121)
        script.startTransaction("later")
        #expect(script.block.profiles.isEmpty && script.amperes() == 32)
    }

    static func encoded(_ block: SmartCharging) throws -> [UInt8] { try StoredForm.encode(block) }
    static func decoded(_ bytes: [UInt8]) throws -> SmartCharging { try StoredForm.decode(SmartCharging.self, bytes) }
}
