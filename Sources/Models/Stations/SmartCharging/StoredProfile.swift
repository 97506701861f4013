internal import OCPP
internal import OCPPMessages

/// A charging profile that the CSMS has set, as it was sent and as limits are computed from it.
struct StoredProfile: Sendable, Codable {
    /// 0 for the charging station, else the EVSE, from 1.
    let evse: Int
    private(set) var profile: V2.ChargingProfile
    private(set) var plan: ProfilePlan
    let received: Timestamp
    /// Alternative that the vehicle has chosen among the schedules of a TxProfile.
    private(set) var chosenSchedule: Int?
    /// When a dynamic profile is to be asked for its next values; `distantFuture` for not at all.
    var nextPull: Timestamp

    /// `nil` when the schedule is out of order.
    init?(_ profile: V2.ChargingProfile, evse: Int, received: Timestamp) {
        guard let plan = ProfilePlan(profile, received: received) else { return nil }
        self.evse = evse
        self.profile = profile
        self.plan = plan
        self.received = received
        nextPull = .distantFuture
        nextPull = pull(after: received)
    }

    var id: Int { profile.id }
    var purpose: V2.ChargingProfilePurposeEnum { profile.chargingProfilePurpose }

    /// When to ask for the values after those that came at `time`.
    func pull(after time: Timestamp) -> Timestamp {
        guard profile.chargingProfileKind == .dynamic, let interval = profile.dynUpdateInterval, interval > 0 else {
            return .distantFuture
        }
        return time.adding(microseconds: ProfilePlan.microseconds(seconds: interval))
    }

    /// The vehicle charges by the alternative with this id.
    mutating func choose(schedule: Int) {
        guard profile.chargingSchedule.contains(where: { $0.id == schedule }),
            let plan = ProfilePlan(profile, received: received, chosenSchedule: schedule)
        else { return }
        chosenSchedule = schedule
        self.plan = plan
    }

    /// Puts new values into a dynamic profile. Returns whether there was one that it can take.
    mutating func update(_ update: V2.ChargingScheduleUpdate, now: Timestamp) -> Bool {
        guard profile.chargingProfileKind == .dynamic,
            var period = profile.chargingSchedule.first?.chargingSchedulePeriod.first
        else { return false }
        func take(_ value: Double?, _ path: WritableKeyPath<V2.ChargingSchedulePeriod, Double?>) {
            if let value { period[keyPath: path] = value }
        }
        take(update.limit, \.limit)
        take(update.limit_L2, \.limit_L2)
        take(update.limit_L3, \.limit_L3)
        take(update.dischargeLimit, \.dischargeLimit)
        take(update.dischargeLimit_L2, \.dischargeLimit_L2)
        take(update.dischargeLimit_L3, \.dischargeLimit_L3)
        take(update.setpoint, \.setpoint)
        take(update.setpoint_L2, \.setpoint_L2)
        take(update.setpoint_L3, \.setpoint_L3)
        take(update.setpointReactive, \.setpointReactive)
        take(update.setpointReactive_L2, \.setpointReactive_L2)
        take(update.setpointReactive_L3, \.setpointReactive_L3)
        var changed = profile
        changed.chargingSchedule[0].chargingSchedulePeriod[0] = period
        changed.dynUpdateTime = now
        guard let plan = ProfilePlan(changed, received: received) else { return false }
        profile = changed
        self.plan = plan
        nextPull = pull(after: now)
        return true
    }

    /// First instant at which the profile counts no longer because the charging station has been offline too long.
    func endsOffline(since: Timestamp?) -> Timestamp {
        guard let since, let longest = profile.maxOfflineDuration else { return .distantFuture }
        return since.adding(microseconds: ProfilePlan.microseconds(seconds: max(longest, 0)))
    }

    /// What the computation of limits gets while the charging station is offline since `offlineSince` (or `nil`).
    func installed(offlineSince: Timestamp?) -> ChargingLimits.Installed {
        var plan = plan
        let end = endsOffline(since: offlineSince)
        if end < .distantFuture { plan.validTo = min(plan.validTo ?? end, end) }
        return ChargingLimits.Installed(evse: evse, plan: plan)
    }
}
