internal import OCPP
internal import OCPPMessages

/// Profiles of the CSMS: setting, reporting and clearing.
extension SmartCharging {
    /// K01 to K04, K15 to K17: takes a profile, or says what is wrong with it.
    mutating func set(
        _ request: V2.SetChargingProfileRequest, context: inout ControllerContext
    ) -> V2.SetChargingProfileResponse {
        do {
            try ProfileRules(context: context, stored: profiles).check(request.chargingProfile, evse: request.evseId)
        } catch {
            return V2.SetChargingProfileResponse(status: .rejected, statusInfo: error.statusInfo)
        }
        install(request.chargingProfile, evse: request.evseId, context: context)
        refresh(context: &context)
        return V2.SetChargingProfileResponse(status: .accepted)
    }

    /// What is wrong with the profile of a RequestStartTransaction for EVSE `evse` (from 1; `nil` while it is not known
    /// where); `nil` when it can be taken. It is taken with ``StationEvent/remoteStartAccepted(evse:remoteStartID:profile:)``.
    func problem(
        withStartProfile profile: V2.ChargingProfile, evse: Int?, context: ControllerContext
    ) -> V2.StatusInfo? {
        do {
            try ProfileRules(context: context, stored: profiles).checkStart(profile, evse: evse)
            return nil
        } catch {
            return error.statusInfo
        }
    }

    /// Puts a profile that was checked in its place.
    mutating func install(_ profile: V2.ChargingProfile, evse: Int, context: ControllerContext) {
        guard let new = StoredProfile(profile, evse: evse, received: context.now) else { return }
        let rules = ProfileRules(context: context, stored: profiles)
        profiles.removeAll { rules.replaces(profile, evse: evse, $0) }
        guard profiles.count < Self.profilesMax else { return }
        profiles.append(new)
    }

    // MARK: Reporting

    /// Profiles in one report: that many profiles, or that many periods and one more profile.
    private static let profilesPerReport = 8
    private static let periodsPerReport = 256

    /// K09: reports the profiles that meet the criteria, by EVSE and source, in parts.
    mutating func report(
        _ request: V2.GetChargingProfilesRequest, context: inout ControllerContext
    ) -> V2.GetChargingProfilesResponse {
        let criteria = request.chargingProfile
        var found: [(evse: Int, source: String, profile: V2.ChargingProfile)] = []
        for stored in profiles { found.append((stored.evse, "CSO", stored.profile)) }
        if let constraint = externalProfile(context), reportsExternalProfile(context) {
            found.append((0, Self.externalSource, constraint))
        }
        found.removeAll { entry in
            if let evse = request.evseId, evse != entry.evse { return true }
            if let purpose = criteria.chargingProfilePurpose, purpose != entry.profile.chargingProfilePurpose {
                return true
            }
            if let level = criteria.stackLevel, level != entry.profile.stackLevel { return true }
            if let ids = criteria.chargingProfileId, !ids.contains(entry.profile.id) { return true }
            if let sources = criteria.chargingLimitSource, !sources.contains(entry.source) { return true }
            return false
        }
        guard !found.isEmpty else { return V2.GetChargingProfilesResponse(status: .noProfiles) }

        var parts: [V2.ReportChargingProfilesRequest] = []
        for evse in 0...context.evses.count {
            for source in ["CSO", Self.externalSource] {
                var periods = Self.periodsPerReport
                for entry in found where entry.evse == evse && entry.source == source {
                    let isFull =
                        parts.last?.evseId != evse || parts.last?.chargingLimitSource != source
                        || periods >= Self.periodsPerReport
                        || parts.last?.chargingProfile.count == Self.profilesPerReport
                    if isFull {
                        periods = 0
                        parts.append(
                            V2.ReportChargingProfilesRequest(
                                requestId: request.requestId, chargingLimitSource: source, chargingProfile: [],
                                evseId: evse, tbc: true))
                    }
                    parts[parts.count - 1].chargingProfile.append(entry.profile)
                    periods += entry.profile.chargingSchedule.reduce(0) { $0 + $1.chargingSchedulePeriod.count }
                }
            }
        }
        for (index, var part) in parts.enumerated() {
            if index == parts.count - 1 { part.tbc = nil }
            context.send(.reportChargingProfiles(part), triggered: true)
        }
        return V2.GetChargingProfilesResponse(status: .accepted)
    }

    // MARK: Clearing

    /// K10: forgets the profile of an id, or all that meet the criteria; never external constraints.
    mutating func clear(
        _ request: V2.ClearChargingProfileRequest, context: inout ControllerContext
    ) -> V2.ClearChargingProfileResponse {
        let before = profiles.count
        let criteria = request.chargingProfileCriteria
        profiles.removeAll { stored in
            if let id = request.chargingProfileId { return stored.id == id }
            if let evse = criteria?.evseId, evse != stored.evse { return false }
            if let purpose = criteria?.chargingProfilePurpose, purpose != stored.purpose { return false }
            if let level = criteria?.stackLevel, level != stored.profile.stackLevel { return false }
            return true
        }
        guard profiles.count < before else { return V2.ClearChargingProfileResponse(status: .unknown) }
        refresh(context: &context)
        return V2.ClearChargingProfileResponse(status: .accepted)
    }

    // MARK: Composite schedule

    /// K08: what all profiles together allow from now on.
    func composite(
        _ request: V2.GetCompositeScheduleRequest, context: ControllerContext
    ) -> V2.GetCompositeScheduleResponse {
        func rejected(_ reason: ProfileProblem.Reason, _ text: String) -> V2.GetCompositeScheduleResponse {
            V2.GetCompositeScheduleResponse(status: .rejected, statusInfo: ProfileProblem(reason, text).statusInfo)
        }
        guard context.deviceModel.bool("SmartChargingCtrlr", "Enabled") else {
            return rejected(.notEnabled, "smart charging is switched off")
        }
        guard request.duration >= 0 else { return rejected(.invalidValue, "the duration is negative") }
        let units = context.deviceModel.list("SmartChargingCtrlr", "RateUnit")
        let unit = request.chargingRateUnit ?? units.first.flatMap { V2.ChargingRateUnitEnum(wireText: $0) } ?? .w
        guard units.contains(unit.wireText) else {  // FR.07
            return rejected(.unsupportedRateUnit, "supported: \(units.joined(separator: ", "))")
        }
        // Starts at a whole second, so that the boundaries of schedules fall on whole seconds too.
        let second = context.now.adding(microseconds: -(context.now.microseconds % 1_000_000))
        guard
            let schedule = limits(context).composite(
                evse: request.evseId, from: second,
                duration: ProfilePlan.microseconds(seconds: request.duration), unit: RateUnit(unit))
        else { return rejected(.unknownEVSE, "there is no EVSE \(request.evseId)") }  // FR.05
        return V2.GetCompositeScheduleResponse(
            status: .accepted,
            schedule: V2.CompositeSchedule(schedule, evseID: request.evseId))
    }
}
