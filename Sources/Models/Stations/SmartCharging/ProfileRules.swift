internal import OCPP
internal import OCPPMessages

/// What a charging profile must be like before it is taken.
///
/// The functional requirements in the comments are those of OCPP 2.0.1 part 2, use case K01; OCPP 1.6 has fewer rules,
/// and replaces where 2.x rejects.
struct ProfileRules {
    let context: ControllerContext
    /// Profiles that are installed.
    let stored: [StoredProfile]

    private var isV2: Bool { context.version.isV2 }
    private func variable(_ name: String) -> Int { context.deviceModel.int("SmartChargingCtrlr", name) }

    /// Checks a profile of SetChargingProfile for EVSE `evse` (0 for the station).
    func check(_ profile: V2.ChargingProfile, evse: Int) throws(ProfileProblem) {
        try checkEnabled()
        guard evse == 0 || context.evse(id: evse) != nil else {  // FR.28
            throw ProfileProblem(.unknownEVSE, "there is no EVSE \(evse)")
        }
        try checkPurpose(profile, evse: evse)
        if profile.chargingProfilePurpose == .txProfile { try checkTransaction(profile, evse: evse) }
        try checkContents(profile, evse: evse)
        try checkOthers(profile, evse: evse)
    }

    /// Checks the profile of a RequestStartTransaction; `evse` is `nil` while it is not known where charging starts.
    /// - Source: OCPP 2.0.1 part 2, F01.FR.08 to F01.FR.12 and K05; OCPP 1.6 edition 2, 5.11.
    func checkStart(_ profile: V2.ChargingProfile, evse: Int?) throws(ProfileProblem) {
        try checkEnabled()
        guard profile.chargingProfilePurpose == .txProfile else {
            throw ProfileProblem(.invalidProfile, "a start can only bring a TxProfile")
        }
        guard profile.transactionId == nil else {
            throw ProfileProblem(.invalidValue, "a transaction to come has no id yet")
        }
        try checkContents(profile, evse: evse ?? 0)
        try checkRoom(others: stored.filter { $0.id != profile.id })
    }

    private func checkEnabled() throws(ProfileProblem) {
        guard context.deviceModel.bool("SmartChargingCtrlr", "Enabled") else {
            throw ProfileProblem(.notEnabled, "smart charging is switched off")
        }
    }

    private func checkPurpose(_ profile: V2.ChargingProfile, evse: Int) throws(ProfileProblem) {
        switch profile.chargingProfilePurpose {
        case .chargingStationExternalConstraints:  // FR.22
            throw ProfileProblem(.invalidProfile, "external constraints do not come from the CSMS")
        case .chargingStationMaxProfile:
            guard evse == 0 else { throw ProfileProblem(.invalidValue, "the station's maximum belongs to EVSE 0") }
            guard profile.chargingProfileKind != .relative else {  // FR.38
                throw ProfileProblem(.invalidProfile, "the station's maximum cannot be relative")
            }
        case .txProfile:
            guard evse > 0 else { throw ProfileProblem(.invalidValue, "a TxProfile needs an EVSE") }  // FR.16
        case .txDefaultProfile: break
        case .priorityCharging, .localGeneration:
            let supported = context.deviceModel.list("SmartChargingCtrlr", "SupportedAdditionalPurposes")
            guard supported.contains(profile.chargingProfilePurpose.wireText) else {
                throw ProfileProblem(.unsupportedParam, "purpose \(profile.chargingProfilePurpose.wireText)")
            }
            guard profile.chargingProfilePurpose == .priorityCharging || profile.chargingProfileKind != .relative else {
                throw ProfileProblem(.invalidProfile, "local generation cannot be relative")
            }
        }
        if profile.chargingProfilePurpose != .txProfile, profile.transactionId != nil {
            throw ProfileProblem(.invalidProfile, "only a TxProfile has a transactionId")
        }
    }

    private func checkTransaction(_ profile: V2.ChargingProfile, evse: Int) throws(ProfileProblem) {
        if isV2, profile.transactionId == nil {  // FR.03
            throw ProfileProblem(.missingParam, "a TxProfile needs its transactionId")
        }
        guard let running = context.evse(id: evse).flatMap({ context.evses[$0].transactionID }) else {  // FR.09
            throw ProfileProblem(.txNotFound, "no transaction runs at EVSE \(evse)")
        }
        if let wanted = profile.transactionId, wanted != running {  // FR.33
            throw ProfileProblem(.txNotFound, "another transaction runs at EVSE \(evse)")
        }
    }

    private func checkContents(_ profile: V2.ChargingProfile, evse: Int) throws(ProfileProblem) {
        guard (0...max(variable("ProfileStackLevel"), 0)).contains(profile.stackLevel) else {
            throw ProfileProblem(.invalidStackLevel, "stack levels go from 0 to \(variable("ProfileStackLevel"))")
        }
        if let from = profile.validFrom, let to = profile.validTo, from >= to {
            throw ProfileProblem(.invalidProfile, "validTo is not after validFrom")
        }
        guard profile.chargingSchedule.count == 1 || profile.chargingProfilePurpose == .txProfile else {
            throw ProfileProblem(.invalidSchedule, "only a TxProfile may offer alternative schedules")
        }
        let reserved = SmartCharging.externalProfileID(context)
        if isV2, profile.id == reserved || context.version == .v21 && profile.id < reserved {
            throw ProfileProblem(.invalidValue, "the id is kept for external constraints")
        }
        try checkKind(profile)
        let rules = ScheduleRules(context: context, purpose: profile.chargingProfilePurpose, evse: evse)
        for schedule in profile.chargingSchedule { try rules.check(schedule) }
        guard ProfilePlan(profile, received: context.now) != nil else {
            throw ProfileProblem(.invalidSchedule, "the schedule has no order")
        }
    }

    private func checkKind(_ profile: V2.ChargingProfile) throws(ProfileProblem) {
        let starts = profile.chargingSchedule.map { $0.startSchedule != nil }
        switch profile.chargingProfileKind {
        case .absolute:
            if isV2, starts.contains(false) {  // FR.40
                throw ProfileProblem(.missingParam, "an absolute schedule needs startSchedule")
            }
        case .recurring:
            guard profile.recurrencyKind != nil else {
                throw ProfileProblem(.missingParam, "a recurring profile needs recurrencyKind")
            }
            if starts.contains(false) {
                throw ProfileProblem(.missingParam, "a recurring schedule needs startSchedule")
            }
        case .relative:
            if isV2, starts.contains(true) {  // FR.41
                throw ProfileProblem(.invalidSchedule, "a relative schedule has no startSchedule")
            }
        case .dynamic:  // 2.1 K28
            guard profile.chargingSchedule.count == 1, profile.chargingSchedule[0].chargingSchedulePeriod.count == 1,
                starts == [false]
            else { throw ProfileProblem(.invalidSchedule, "a dynamic profile has one period and no startSchedule") }
        }
    }

    /// Rules about the profiles that are there already.
    private func checkOthers(_ profile: V2.ChargingProfile, evse: Int) throws(ProfileProblem) {
        let others = stored.filter { !replaces(profile, evse: evse, $0) }
        if isV2 {
            for other in others where isDuplicate(profile, evse: evse, other) {
                throw ProfileProblem(
                    .duplicateProfile, "profile \(other.id) has the same purpose and stack level at the same time")
            }
        }
        for other in others where phasesConflict(profile, evse: evse, other) {
            throw ProfileProblem(.invalidSchedule, "profile \(other.id) demands another phase at the same time")
        }
        try checkRoom(others: others)
    }

    private func checkRoom(others: [StoredProfile]) throws(ProfileProblem) {
        guard others.count < SmartCharging.profilesMax else {
            throw ProfileProblem(.outOfStorage, "\(others.count) profiles are installed")
        }
    }

    /// Whether a new profile takes the place of a stored one: of the same id (FR.05); in 1.6 also of the same purpose
    /// and stack level at the same connector.
    func replaces(_ profile: V2.ChargingProfile, evse: Int, _ other: StoredProfile) -> Bool {
        if other.id == profile.id { return true }
        return !isV2 && other.purpose == profile.chargingProfilePurpose && other.evse == evse
            && other.profile.stackLevel == profile.stackLevel
    }

    /// FR.06, FR.39, FR.52, FR.53.
    private func isDuplicate(_ profile: V2.ChargingProfile, evse: Int, _ other: StoredProfile) -> Bool {
        guard other.purpose == profile.chargingProfilePurpose, other.profile.stackLevel == profile.stackLevel,
            overlaps(profile, other)
        else { return false }
        switch profile.chargingProfilePurpose {
        case .txProfile: return other.evse == evse && other.profile.transactionId == profile.transactionId
        case .txDefaultProfile, .priorityCharging: return other.evse == evse || other.evse == 0 || evse == 0
        case .chargingStationMaxProfile, .chargingStationExternalConstraints, .localGeneration:
            return other.evse == evse
        }
    }

    private func phasesConflict(_ profile: V2.ChargingProfile, evse: Int, _ other: StoredProfile) -> Bool {
        guard other.evse == evse || other.evse == 0 || evse == 0, overlaps(profile, other) else { return false }
        let wanted = Self.phases(profile)
        let taken = Self.phases(other.profile)
        return !wanted.isEmpty && !taken.isEmpty && wanted != taken
    }

    private static func phases(_ profile: V2.ChargingProfile) -> Set<Int> {
        Set(profile.chargingSchedule.flatMap(\.chargingSchedulePeriod).compactMap(\.phaseToUse))
    }

    private func overlaps(_ profile: V2.ChargingProfile, _ other: StoredProfile) -> Bool {
        let (from, to) = (profile.validFrom ?? .distantPast, profile.validTo ?? .distantFuture)
        let (otherFrom, otherTo) = (other.profile.validFrom ?? .distantPast, other.profile.validTo ?? .distantFuture)
        return from < otherTo && otherFrom < to
    }
}
