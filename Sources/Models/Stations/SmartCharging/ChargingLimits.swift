public import OCPP

/// Computes what a station's EVSEs may draw from the charging profiles that are installed, exactly.
///
/// Per purpose, the leading profile at an instant is the one of the highest stack level that is valid *and* whose
/// schedule defines a period at that instant. Of an EVSE, PriorityCharging (while active) goes before TxProfile, which
/// goes before TxDefaultProfile, even where that raises the limit; an external constraint of the EVSE caps the result.
/// ChargingStationMaxProfile and external constraints of EVSE 0 are totals for the station: where the claims of the
/// EVSEs that charge exceed one, it is shared max-min fairly, nobody below its minimum charging rate, earlier
/// transactions first where the minima do not fit. LocalGeneration is added last, in equal parts.
/// - Source: OCPP 2.0.1 part 2, sections K.3.2 and K.3.5, errata 2025-09; OCPP 2.1 part 2, K.3; OCPP 1.6 edition 2, 3.13.
public struct ChargingLimits: Sendable {
    /// A profile and the EVSE it was set for.
    public struct Installed: Hashable, Sendable, Codable {
        /// 0 for the station, else the EVSE, from 1.
        public var evse: Int
        public var plan: ProfilePlan

        public init(evse: Int, plan: ProfilePlan) {
            self.evse = evse
            self.plan = plan
        }
    }

    /// Most periods of a composite schedule: what the schema allows.
    public static let maximumPeriods = 1024
    /// Most boundaries visited for one composite schedule, so that hidden ones cannot keep the station busy.
    public static let maximumBoundaries = 16_384

    private let profiles: [Installed]
    private let evses: [EVSECharging]
    private let ownDefaultsReplace: Bool
    private let signal: Int?

    /// - Parameters:
    ///   - evses: all EVSEs of the station, EVSE 1 first.
    ///   - ownDefaultsReplace: OCPP 1.6: TxDefaultProfiles of a connector replace those of connector 0 there; else the
    ///     two are stacked together.
    ///   - signal: what the grid operator has signalled last, for setpoints that follow it.
    public init(
        profiles: [Installed], evses: [EVSECharging], ownDefaultsReplace: Bool = false, signal: Int? = nil
    ) {
        self.profiles = profiles
        self.evses = evses
        self.ownDefaultsReplace = ownDefaultsReplace
        self.signal = signal
    }

    /// The composite schedule of an EVSE, or for EVSE 0 the total that the station is expected to draw.
    ///
    /// An idle EVSE counts as if a transaction had begun at `start`. Cost: boundaries times profiles, both bounded.
    /// - Parameter duration: microseconds, from 0.
    /// - Returns: `nil` for an EVSE that does not exist.
    /// - Source: OCPP 2.0.1 part 2, K08.FR.02 to K08.FR.07.
    public func composite(evse: Int, from start: Timestamp, duration: Int64, unit: RateUnit) -> CompositeSchedule? {
        guard (0...evses.count).contains(evse) else { return nil }
        var schedule = CompositeSchedule(
            start: start, duration: min(max(duration, 0), ProfilePlan.longest), unit: unit)
        let end = start.adding(microseconds: schedule.duration)
        var sweep = sweep(evse: evse, at: start, unit: unit)
        var now = start
        for _ in 0..<Self.maximumBoundaries {
            let rate = sweep.rate(of: evse)
            if schedule.periods.count == Self.maximumPeriods, schedule.periods.last?.rate != rate { break }
            schedule.append(rate, at: now.microseconds - start.microseconds)
            now = sweep.nextBoundary
            if now >= end { return schedule }
            sweep.move(to: now)
        }
        schedule.duration = now.microseconds - start.microseconds
        return schedule
    }

    /// What an EVSE (or for 0 the station in total) may do at an instant; `nil` for an EVSE that does not exist.
    public func rate(evse: Int, at now: Timestamp, unit: RateUnit) -> ChargingRate? {
        guard (0...evses.count).contains(evse) else { return nil }
        var sweep = sweep(evse: evse, at: now, unit: unit)
        return sweep.rate(of: evse)
    }

    /// First instant after `now` at which a limit of an EVSE (or for 0 any of them) may change by the passing of time
    /// alone; `distantFuture` for never.
    public func nextChange(evse: Int, after now: Timestamp) -> Timestamp {
        guard (0...evses.count).contains(evse) else { return .distantFuture }
        return sweep(evse: evse, at: now, unit: .watts).nextBoundary
    }

    /// What each EVSE with a transaction may do now (`nil` for idle ones, EVSE 1 first), in W, and the first later
    /// instant at which any of that may change by the passing of time alone.
    public func present(at now: Timestamp) -> (rates: [ChargingRate?], nextChange: Timestamp) {
        var sweep = sweep(evse: nil, at: now, unit: .watts)
        var charging = sweep.allRates()[...]
        return (evses.map { $0.transaction == nil ? nil : charging.popFirst() }, sweep.nextBoundary)
    }

    /// The profiles that matter for the EVSEs that charge, and for `target` (0 for all), stood at `now`.
    private func sweep(evse target: Int?, at now: Timestamp, unit: RateUnit) -> LimitSweep {
        var sweep = LimitSweep(plans: profiles.map(\.plan), unit: unit, signal: signal)
        sweep.addStation(
            maximum: sorted(.stationMax, evse: 0), external: sorted(.stationExternalConstraints, evse: 0),
            generation: sorted(.localGeneration, evse: 0))
        for (index, charging) in evses.enumerated() {
            let evse = index + 1
            guard target == 0 || target == evse || charging.transaction != nil else { continue }
            let ownDefaults = sorted(.txDefault, evse: evse)
            let defaults =
                ownDefaultsReplace && !ownDefaults.isEmpty
                ? ownDefaults : byStack(ownDefaults + sorted(.txDefault, evse: 0))
            sweep.addEVSE(
                LimitSweep.Stacks(
                    priority: charging.isPriority
                        ? byStack(sorted(.priority, evse: evse) + sorted(.priority, evse: 0)) : [],
                    tx: sorted(.tx, evse: evse).filter { applies($0, to: charging) }, txDefault: defaults,
                    external: sorted(.stationExternalConstraints, evse: evse),
                    generation: sorted(.localGeneration, evse: evse)),
                evse: evse, charging: charging, origin: charging.transaction?.chargingStart ?? now)
        }
        sweep.move(to: now)
        return sweep
    }

    /// Indices of the profiles of one purpose and EVSE, leaders first.
    private func sorted(_ purpose: ProfilePlan.Purpose, evse: Int) -> [Int] {
        byStack(profiles.indices.filter { profiles[$0].evse == evse && profiles[$0].plan.purpose == purpose })
    }

    /// Highest stack level first; of equals the one installed last.
    private func byStack(_ indices: [Int]) -> [Int] {
        indices.sorted { a, b in
            let (first, second) = (profiles[a].plan.stackLevel, profiles[b].plan.stackLevel)
            return first != second ? first > second : a > b
        }
    }

    private func applies(_ index: Int, to charging: EVSECharging) -> Bool {
        guard let transaction = charging.transaction else { return false }
        return profiles[index].plan.transactionID.map { $0 == transaction.id } ?? true
    }
}
