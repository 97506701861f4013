import OCPP
import Sim
import Testing

@testable import Models

@Suite("Smart charging: hostile profiles and laws")
struct SmartChargingBoundsTests {
    private typealias S = ProfileScript

    @Test("a schedule of a decade over a profile of a thousand periods a day stays bounded and says how far it goes")
    func decades() throws {
        let periods = (0..<1024).map { ($0 * 60, Double($0 % 2 + 6)) }
        let profile = S.profile(.txDefault, kind: .daily, start: 0, periods)
        let limits = ChargingLimits(profiles: [profile], evses: [S.evse()])
        let decade: Int64 = 315_576_000_000_000
        let schedule = try #require(limits.composite(evse: 1, from: S.at(0), duration: decade, unit: .amperes))
        #expect(schedule.periods.count == ChargingLimits.maximumPeriods)
        // The 1,024th period is the last of the first day; the one that no longer fits starts the next day.
        #expect(schedule.duration == 86_400_000_000)
    }

    @Test("boundaries hidden under a lower limit are bounded too")
    func hiddenBoundaries() throws {
        let periods = (0..<1024).map { ($0 * 60, Double($0 % 2 + 20)) }
        let limits = ChargingLimits(
            profiles: [
                S.profile(.txDefault, kind: .daily, start: 0, periods), S.profile(.stationMax, evse: 0, [(0, 6)]),
            ], evses: [S.evse()])
        let schedule = try #require(limits.composite(evse: 1, from: S.at(0), duration: .max, unit: .amperes))
        #expect(schedule.periods.count == 1 && schedule.duration == 16 * 86_400_000_000)
    }

    @Test("the farthest instants, durations and limits that a frame can carry do not overflow")
    func extremes() throws {
        let longest = ProfilePlan.microseconds(seconds: .max)
        #expect(ProfilePlan.microseconds(seconds: .min) == -longest)
        let far = Timestamp(microseconds: 253_402_300_799_000_000)
        let early = Timestamp(microseconds: -62_167_219_200_000_000)
        for kind in [ProfilePlan.Kind.absolute, .daily, .weekly, .relative, .dynamic] {
            for (start, now) in [(early, far), (far, early), (.distantPast, far), (.distantFuture, early)] {
                let plan = try #require(
                    ProfilePlan(
                        purpose: .txDefault, stackLevel: .max, kind: kind, validFrom: .distantPast,
                        validTo: .distantFuture, start: start, duration: longest, unit: .watts,
                        periods: [.init(start: 0, limit: 1e308), .init(start: longest, limit: -1e308)]))
                let maximum = try #require(
                    ProfilePlan(
                        purpose: .stationMax, stackLevel: 0, kind: .absolute, start: early, unit: .amperes,
                        periods: [.init(start: 0, limit: 1e308)]))
                let limits = ChargingLimits(
                    profiles: [.init(evse: 0, plan: plan), .init(evse: 0, plan: maximum)],
                    evses: [S.evse(maximumW: .infinity), S.evse(since: nil, maximumW: .infinity)])
                for evse in 0...2 {
                    let schedule = try #require(
                        limits.composite(evse: evse, from: now, duration: .max, unit: .amperes))
                    #expect(schedule.periods.allSatisfy { $0.rate.limit >= 0 })
                }
            }
        }
    }

    @Test("profiles without order cannot be made")
    func malformed() {
        func plan(_ periods: [ProfilePlan.Period], duration: Int64? = nil, kind: ProfilePlan.Kind = .absolute) -> Bool {
            ProfilePlan(
                purpose: .tx, stackLevel: 0, kind: kind, duration: duration, unit: .watts, periods: periods) != nil
        }
        #expect(plan([.init(start: 0, limit: 1)]))
        #expect(!plan([]) && !plan([.init(start: -1, limit: 1)]))
        #expect(!plan([.init(start: 0, limit: 1), .init(start: 0, limit: 2)]))
        #expect(!plan([.init(start: 0, limit: .nan)]) && !plan([.init(start: 0, limit: .infinity)]))
        #expect(!plan([.init(start: 0, limit: 1)], duration: -1))
        #expect(!plan([.init(start: 0, limit: 1)], kind: .daily))
    }

    /// A random set of profiles, times in whole seconds below 4,000.
    private func world(_ seed: UInt64) -> ChargingLimits {
        var stream = RandomStream(seed: seed, purpose: 28, entity: 0)
        func draw(_ count: UInt64) -> Int { Int(stream.next() % count) }
        let purposes: [ProfilePlan.Purpose] = [.stationMax, .stationExternalConstraints, .txDefault, .tx]
        var profiles: [ChargingLimits.Installed] = []
        for _ in 0..<(1 + draw(8)) {
            let purpose = purposes[draw(4)]
            var periods: [(Int, Double)] = []
            var offset = draw(3) == 0 ? 10 : 0
            for _ in 0..<(1 + draw(5)) {
                periods.append((offset, Double(draw(40))))
                offset += 1 + draw(300)
            }
            profiles.append(
                S.profile(
                    purpose, evse: purpose == .tx ? 1 : purpose == .txDefault ? draw(2) : 0, level: draw(4),
                    kind: draw(3) == 0 ? .relative : .absolute, start: draw(2000),
                    duration: draw(2) == 0 ? draw(2000) : nil, from: draw(3) == 0 ? draw(3000) : nil,
                    to: draw(3) == 0 ? draw(4000) : nil, periods))
        }
        return ChargingLimits(profiles: profiles, evses: [S.evse(since: 100), S.evse(since: 700)])
    }

    @Test("a composite schedule says at every second what the limit is at that second")
    func agreesWithInstants() throws {
        for seed in 0..<60 as Range<UInt64> {
            let limits = world(seed)
            for evse in 0...2 {
                let schedule = try #require(
                    limits.composite(evse: evse, from: S.at(800), duration: 3_000_000_000, unit: .amperes))
                var index = 0
                for second in stride(from: 0, to: 3000, by: 7) {
                    while index + 1 < schedule.periods.count, schedule.periods[index + 1].start <= second * 1_000_000 {
                        index += 1
                    }
                    let now = limits.rate(evse: evse, at: S.at(800 + second), unit: .amperes)
                    #expect(schedule.periods[index].rate == now, "seed \(seed), EVSE \(evse), second \(second)")
                }
            }
        }
    }

    @Test("between two changes the limit stands still, and the changes are found in order")
    func nextChange() throws {
        for seed in 0..<60 as Range<UInt64> {
            let limits = world(seed)
            var now = S.at(800)
            for _ in 0..<40 {
                let next = limits.nextChange(evse: 1, after: now)
                #expect(next > now)
                guard next < S.at(5000) else { break }
                let before = try #require(limits.rate(evse: 1, at: now, unit: .amperes))
                let last = limits.rate(evse: 1, at: next.adding(microseconds: -1), unit: .amperes)
                #expect(before == last, "seed \(seed)")
                now = next
            }
        }
    }

    @Test("what the EVSEs are allowed together never exceeds the station's maximum")
    func neverAboveMaximum() throws {
        for seed in 0..<200 as Range<UInt64> {
            let limits = world(seed)
            for second in stride(from: 800, to: 4000, by: 211) {
                let one = try #require(limits.rate(evse: 1, at: S.at(second), unit: .amperes))
                let two = try #require(limits.rate(evse: 2, at: S.at(second), unit: .amperes))
                let all = try #require(limits.rate(evse: 0, at: S.at(second), unit: .amperes))
                #expect(abs(one.limit + two.limit - all.limit) < 1e-9, "seed \(seed), second \(second)")
            }
        }
    }

    @Test("an EVSE that does not exist has no schedule")
    func unknownEVSE() {
        let limits = ChargingLimits(profiles: [], evses: [S.evse()])
        #expect(limits.composite(evse: 2, from: S.at(0), duration: 1, unit: .watts) == nil)
        #expect(limits.rate(evse: -1, at: S.at(0), unit: .watts) == nil)
        #expect(limits.nextChange(evse: 9, after: S.at(0)) == .distantFuture)
    }
}
