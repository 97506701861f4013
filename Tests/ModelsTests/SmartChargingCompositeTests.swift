import OCPP
import Sim
import Testing

@testable import Models

/// Short spellings for profiles in whole seconds.
enum ProfileScript {
    static func at(_ seconds: Int) -> Timestamp { Timestamp(microseconds: Int64(seconds) * 1_000_000) }

    static func profile(
        _ purpose: ProfilePlan.Purpose, evse: Int = 1, level: Int = 0, kind: ProfilePlan.Kind = .absolute,
        start: Int? = 0, duration: Int? = nil, from: Int? = nil, to: Int? = nil, unit: RateUnit = .amperes,
        minimum: Double = 0, transaction: String? = nil, phases: Int? = nil, _ periods: [(Int, Double)]
    ) -> ChargingLimits.Installed {
        let plan = ProfilePlan(
            purpose: purpose, stackLevel: level, kind: kind, validFrom: from.map(at), validTo: to.map(at),
            start: start.map(at), duration: duration.map { Int64($0) * 1_000_000 }, unit: unit,
            minChargingRate: minimum, transactionID: transaction,
            periods: periods.map {
                ProfilePlan.Period(start: Int64($0.0) * 1_000_000, limit: $0.1, numberPhases: phases)
            })
        guard let plan else { preconditionFailure("the test's profile is valid") }
        return ChargingLimits.Installed(evse: evse, plan: plan)
    }

    /// A three-phase EVSE of 22,080 W (32 A at 230 V), charging since `since`.
    static func evse(since: Int? = 0, phases: Int = 3, maximumW: Double = 22_080) -> EVSECharging {
        EVSECharging(
            supply: EVSESupply(voltage: 230, phases: phases, isDC: false), maximumW: maximumW,
            transaction: since.map { EVSECharging.Transaction(id: "tx", chargingStart: at($0)) })
    }

    /// Periods as (seconds, limit).
    static func composite(
        _ profiles: [ChargingLimits.Installed], evses: [EVSECharging] = [evse()], evse: Int = 1, from: Int = 0,
        to: Int, unit: RateUnit = .amperes, ownDefaultsReplace: Bool = false
    ) -> [[Double]] {
        let limits = ChargingLimits(profiles: profiles, evses: evses, ownDefaultsReplace: ownDefaultsReplace)
        let schedule = limits.composite(
            evse: evse, from: at(from), duration: Int64(to - from) * 1_000_000, unit: unit)
        return (schedule?.periods ?? []).map { [Double($0.start) / 1_000_000, $0.rate.limit] }
    }
}

@Suite("Smart charging: composite schedules")
struct SmartChargingCompositeTests {
    private typealias S = ProfileScript

    @Test("point 28: the highest level leads only while its schedule defines a period; then the next one does")
    func fallsBackToLowerLevel() {
        let found = S.composite(
            [
                S.profile(.txDefault, level: 0, [(0, 16)]),
                S.profile(.txDefault, level: 5, start: 100, duration: 50, [(0, 10), (20, 12)]),
                S.profile(.txDefault, level: 9, from: 300, to: 400, [(0, 6)]),
            ], to: 1000)
        #expect(found == [[0, 16], [100, 10], [120, 12], [150, 16], [300, 6], [400, 16]])
    }

    @Test("point 28: without a duration the highest level is never left")
    func withoutDuration() {
        let found = S.composite(
            [S.profile(.txDefault, level: 0, [(0, 16)]), S.profile(.txDefault, level: 1, [(0, 8), (60, 20)])],
            to: 1_000_000)
        #expect(found == [[0, 8], [60, 20]])
    }

    @Test("point 28: TxProfile replaces TxDefaultProfile even where it is higher, until it expires")
    func txReplacesDefault() {
        let found = S.composite(
            [S.profile(.txDefault, level: 9, [(0, 6)]), S.profile(.tx, start: 100, duration: 200, [(0, 20)])], to: 600)
        #expect(found == [[0, 6], [100, 20], [300, 6]])
    }

    @Test("point 28: a TxProfile of another transaction, or of an idle EVSE, does not count")
    func txOfAnother() {
        let profiles = [S.profile(.txDefault, [(0, 6)]), S.profile(.tx, transaction: "other", [(0, 20)])]
        #expect(S.composite(profiles, to: 60) == [[0, 6]])
        let own = [S.profile(.txDefault, [(0, 6)]), S.profile(.tx, transaction: "tx", [(0, 20)])]
        #expect(S.composite(own, to: 60) == [[0, 20]])
        #expect(S.composite(own, evses: [S.evse(since: nil)], to: 60) == [[0, 6]])
    }

    @Test("point 28: the station's maximum is a total: EVSEs that charge share it evenly, idle ones have no part")
    func stationMaximumIsShared() {
        let maximum = [S.profile(.stationMax, evse: 0, [(0, 40)])]
        let both = [S.evse(), S.evse(), S.evse(since: nil)]
        #expect(S.composite(maximum, evses: both, to: 60) == [[0, 20]])
        #expect(S.composite(maximum, evses: both, evse: 2, to: 60) == [[0, 20]])
        // Who wants less leaves the rest to the others.
        let modest = maximum + [S.profile(.txDefault, evse: 1, [(0, 10), (30, 25)])]
        #expect(S.composite(modest, evses: both, evse: 2, to: 60) == [[0, 30], [30, 20]])
    }

    @Test("point 28: nobody is given less than the vehicle's minimum: the transaction that came last waits")
    func minimumRate() {
        let profiles = [
            S.profile(.stationMax, evse: 0, [(0, 10)]), S.profile(.txDefault, evse: 0, minimum: 6, [(0, 16)]),
        ]
        let evses = [S.evse(since: 30), S.evse(since: 20)]
        #expect(S.composite(profiles, evses: evses, evse: 2, from: 60, to: 120) == [[0, 10]])
        #expect(S.composite(profiles, evses: evses, evse: 1, from: 60, to: 120) == [[0, 0]])
    }

    @Test("point 28: external constraints of the station are a total too, those of an EVSE are its own")
    func externalConstraints() {
        let evses = [S.evse(), S.evse()]
        let station = [S.profile(.stationExternalConstraints, evse: 0, unit: .watts, [(0, 11_040)])]
        #expect(S.composite(station, evses: evses, to: 60, unit: .watts) == [[0, 5520]])
        let own = [S.profile(.stationExternalConstraints, evse: 1, unit: .watts, [(0, 11_040)])]
        #expect(S.composite(own, evses: evses, to: 60, unit: .watts) == [[0, 11_040]])
        #expect(S.composite(own, evses: evses, evse: 2, to: 60, unit: .watts) == [[0, 22_080]])
    }

    @Test("point 29: in 1.6 a connector's own TxDefaultProfile replaces those of connector 0, whatever their levels")
    func ownDefaultReplaces() {
        let profiles = [
            S.profile(.txDefault, evse: 0, level: 7, [(0, 8)]),
            S.profile(.txDefault, evse: 1, level: 1, start: 100, duration: 100, [(0, 12)]),
        ]
        let evses = [S.evse(), S.evse()]
        let found = S.composite(profiles, evses: evses, to: 300, ownDefaultsReplace: true)
        #expect(found == [[0, 32], [100, 12], [200, 32]])
        #expect(S.composite(profiles, evses: evses, evse: 2, to: 300, ownDefaultsReplace: true) == [[0, 8]])
    }

    @Test("point 30: in 2.x the profiles of EVSE 0 and of the EVSE are stacked together")
    func defaultsStack() {
        let profiles = [
            S.profile(.txDefault, evse: 0, level: 1, [(0, 8)]),
            S.profile(.txDefault, evse: 1, level: 7, start: 100, duration: 100, [(0, 12)]),
        ]
        #expect(S.composite(profiles, to: 300) == [[0, 8], [100, 12], [200, 8]])
    }

    @Test("point 30: the phase count of a composite is the lowest of the profiles that apply, and counts in watts")
    func lowestPhaseCount() throws {
        let limits = ChargingLimits(
            profiles: [
                S.profile(.stationMax, evse: 0, [(0, 10)]), S.profile(.tx, phases: 1, [(0, 16)]),
            ], evses: [S.evse()])
        let rate = try #require(limits.rate(evse: 1, at: S.at(0), unit: .watts))
        #expect(rate.phases == 1 && rate.limit == 2300)
    }

    @Test("point 31: amperes are per phase, watts a total; three phases where the profile is silent, fewer where wired")
    func units() {
        let watts = [S.profile(.txDefault, unit: .watts, [(0, 6900)])]
        #expect(S.composite(watts, to: 60) == [[0, 10]])
        #expect(S.composite(watts, evses: [S.evse(phases: 1)], to: 60) == [[0, 30]])
        let amperes = [S.profile(.txDefault, [(0, 10)])]
        #expect(S.composite(amperes, to: 60, unit: .watts) == [[0, 6900]])
        #expect(S.composite(amperes, evses: [S.evse(phases: 1)], to: 60, unit: .watts) == [[0, 2300]])
        // Units meet: the lower of 10 A and 6210 W over three phases.
        #expect(
            S.composite(amperes + [S.profile(.stationMax, evse: 0, unit: .watts, [(0, 6210)])], to: 60) == [[0, 9]])
    }

    @Test("point 31: recurring schedules start every 24 h or 7 d of elapsed time, not before their first start")
    func recurrence() {
        let day = 86_400
        let daily = S.profile(
            .txDefault, level: 1, kind: .daily, start: day + 3600, duration: 7200, [(0, 6), (3600, 8)])
        let base = S.profile(.txDefault, [(0, 32)])
        #expect(
            S.composite([daily, base], from: 0, to: 3 * day) == [
                [0, 32], [90_000, 6], [93_600, 8], [97_200, 32], [176_400, 6], [180_000, 8], [183_600, 32],
            ])
        let weekly = S.profile(.txDefault, kind: .weekly, start: 0, [(0, 6), (5 * day, 16)])
        #expect(S.composite([weekly], from: 6 * day, to: 13 * day) == [[0, 16], [86_400, 6], [518_400, 16]])
    }

    @Test("point 31: relative schedules start with charging; on an idle EVSE with the request")
    func relative() {
        let profile = [S.profile(.txDefault, kind: .relative, start: nil, [(0, 32), (1800, 16)])]
        #expect(S.composite(profile, evses: [S.evse(since: 1000)], from: 2000, to: 6000) == [[0, 32], [800, 16]])
        #expect(S.composite(profile, evses: [S.evse(since: nil)], from: 2000, to: 6000) == [[0, 32], [1800, 16]])
    }

    @Test("point 32: EVSE 0 is the expected total of the station, idle EVSEs as if they charged, not a minimum")
    func total() {
        let profiles = [
            S.profile(.txDefault, evse: 0, [(0, 10)]), S.profile(.tx, evse: 1, start: 60, duration: 60, [(0, 20)]),
            S.profile(.stationMax, evse: 0, start: 90, [(0, 25)]),
        ]
        let evses = [S.evse(), S.evse(since: nil)]
        #expect(S.composite(profiles, evses: evses, evse: 0, to: 600) == [[0, 20], [60, 30], [90, 25], [120, 20]])
    }

    @Test("point 32: the first period starts at 0, equal neighbours are one, and the schedule ends with the duration")
    func shape() throws {
        let limits = ChargingLimits(
            profiles: [S.profile(.txDefault, start: -50, [(0, 10), (60, 10), (70, 12), (500, 14)])], evses: [S.evse()])
        let schedule = try #require(limits.composite(evse: 1, from: S.at(0), duration: 300_000_000, unit: .amperes))
        #expect(schedule.periods.map(\.start) == [0, 20_000_000] && schedule.duration == 300_000_000)
    }

    @Test("2.1: priority charging overrules TxProfile while active; local generation is added on top")
    func priorityAndGeneration() {
        let profiles = [
            S.profile(.tx, [(0, 8)]), S.profile(.priority, evse: 0, start: 60, duration: 60, [(0, 28)]),
            S.profile(.stationMax, evse: 0, [(0, 24)]),
            S.profile(.localGeneration, evse: 0, start: 90, duration: 60, [(0, 6)]),
        ]
        var evse = S.evse()
        #expect(S.composite(profiles, evses: [evse], to: 300) == [[0, 8], [90, 14], [150, 8]])
        evse.isPriority = true
        #expect(
            S.composite(profiles, evses: [evse], to: 300) == [[0, 8], [60, 24], [90, 30], [120, 14], [150, 8]])
    }

    @Test("2.1: a setpoint is kept within limit and discharge limit, and the tightest discharge limit holds")
    func setpoints() throws {
        func plan(_ purpose: ProfilePlan.Purpose, _ period: ProfilePlan.Period) throws -> ProfilePlan {
            try #require(
                ProfilePlan(purpose: purpose, stackLevel: 0, kind: .dynamic, unit: .watts, periods: [period]))
        }
        let profiles = [
            ChargingLimits.Installed(
                evse: 1, plan: try plan(.tx, .init(start: 0, limit: 9000, dischargeLimit: -8000, setpoint: -7000))),
            ChargingLimits.Installed(
                evse: 0, plan: try plan(.stationMax, .init(start: 0, limit: 20_000, dischargeLimit: -5000))),
        ]
        let limits = ChargingLimits(profiles: profiles, evses: [S.evse()])
        let rate = try #require(limits.rate(evse: 1, at: S.at(0), unit: .watts))
        #expect(rate.limit == 9000 && rate.dischargeLimit == -5000 && rate.setpoint == -5000)
    }
}
