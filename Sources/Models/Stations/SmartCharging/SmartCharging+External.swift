internal import OCPP
internal import OCPPMessages

/// Limits by others than the CSMS, and what ISO 15118 vehicles say.
extension SmartCharging {
    /// The source that reports name: an energy management system.
    static let externalSource = "EMS"
    /// Id of the profile that stands for the external limit; in 2.1 the end of the range that the CSMS leaves for such.
    static func externalProfileID(_ context: ControllerContext) -> Int {
        context.version == .v21 ? context.deviceModel.int("SmartChargingCtrlr", "MaxExternalConstraintsId") : -1
    }

    /// The external limit as a profile; `nil` while there is none.
    /// - Source: OCPP 2.0.1 part 2, K11 to K13 (ChargingStationExternalConstraints).
    func externalProfile(_ context: ControllerContext) -> V2.ChargingProfile? {
        guard let external else { return nil }
        return V2.ChargingProfile(
            id: Self.externalProfileID(context), stackLevel: 0,
            chargingProfilePurpose: .chargingStationExternalConstraints,
            chargingProfileKind: .absolute, chargingSchedule: [Self.schedule(external)])
    }

    /// 2.1 can forbid that the limit shows as a profile; it counts all the same.
    func reportsExternalProfile(_ context: ControllerContext) -> Bool {
        context.version != .v21
            || !context.deviceModel.bool("SmartChargingCtrlr", "ExternalConstraintsProfileDisallowed")
    }

    private static func schedule(_ external: ExternalLimit) -> V2.ChargingSchedule {
        V2.ChargingSchedule(
            id: 0, chargingRateUnit: .w,
            chargingSchedulePeriod: [V2.ChargingSchedulePeriod(startPeriod: 0, limit: external.watts)],
            startSchedule: external.since.wholeMilliseconds)
    }

    /// The energy management system has set, changed or lifted its limit.
    mutating func externalLimitChanged(_ watts: Double?, context: inout ControllerContext) {
        guard context.deviceModel.bool("SmartChargingCtrlr", "ExternalControlSignalsEnabled") else { return }
        if let watts, watts.isFinite {
            external = ExternalLimit(watts: max(watts, 0), since: context.now, told: external?.told)
            owesClearing = false
        } else if external != nil {
            owesClearing = external?.told != nil
            external = nil
        }
        tellExternalLimit(context: &context)
    }

    /// Tells the CSMS what it does not know yet of the external limit: now, or when it is back.
    mutating func tellExternalLimit(context: inout ControllerContext) {
        guard context.version.isV2, context.isOnline, context.registration == .accepted else { return }
        if owesClearing {
            owesClearing = false
            context.send(
                .clearedChargingLimit(V2.ClearedChargingLimitRequest(chargingLimitSource: Self.externalSource)))
        }
        guard let limit = external, isSignificant(limit, context) else { return }
        external?.told = limit.watts
        let withSchedules = context.deviceModel.bool("SmartChargingCtrlr", "NotifyChargingLimitWithSchedules")
        context.send(
            .notifyChargingLimit(
                V2.NotifyChargingLimitRequest(
                    chargingLimit: V2.ChargingLimit(chargingLimitSource: Self.externalSource),
                    chargingSchedule: withSchedules ? [Self.schedule(limit)] : nil)))
    }

    /// K12.FR.04: a change is told when it is larger than LimitChangeSignificance, a percentage.
    private func isSignificant(_ limit: ExternalLimit, _ context: ControllerContext) -> Bool {
        guard let told = limit.told else { return true }
        let share = context.deviceModel.double("SmartChargingCtrlr", "LimitChangeSignificance") / 100
        return abs(limit.watts - told) > share * abs(told)
    }

    // MARK: ISO 15118

    /// Schedules that a vehicle can be offered at once.
    private static let scheduleTuplesMax = 3

    /// K15, K17: passes on what a vehicle needs. The CSMS answers with a TxProfile, or the default stays.
    mutating func tellNeeds(_ needs: V2.ChargingNeeds, evse: Int, context: inout ControllerContext) {
        guard context.version.isV2, context.evses.indices.contains(evse) else { return }
        context.send(
            .notifyEVChargingNeeds(
                V2.NotifyEVChargingNeedsRequest(
                    evseId: evse + 1, chargingNeeds: needs, maxScheduleTuples: Self.scheduleTuplesMax,
                    timestamp: context.version == .v21 ? context.now.wholeMilliseconds : nil)))
    }

    /// K15.FR.07 and on: the vehicle at EVSE index `evse` will charge by `schedule`, which follows the alternative
    /// `selected` of the TxProfile; passes it on.
    mutating func vehicleScheduled(
        _ schedule: V2.ChargingSchedule, selected: Int?, evse: Int, context: inout ControllerContext
    ) {
        guard context.version.isV2, context.evses.indices.contains(evse) else { return }
        if let selected {
            let transaction = context.evses[evse].transactionID
            for index in profiles.indices
            where profiles[index].purpose == .txProfile && profiles[index].evse == evse + 1
                && profiles[index].profile.transactionId == transaction
            {
                profiles[index].choose(schedule: selected)
            }
        }
        context.send(
            .notifyEVChargingSchedule(
                V2.NotifyEVChargingScheduleRequest(
                    timeBase: context.now.wholeMilliseconds, chargingSchedule: schedule, evseId: evse + 1,
                    selectedChargingScheduleId: context.version == .v21 ? selected : nil)))
    }

    /// Id of the schedule that the vehicle at EVSE index `evse` is offered first; `nil` where the CSMS has sent none.
    func offeredSchedule(evse: Int, transactionID: String?) -> Int? {
        profiles.first {
            $0.purpose == .txProfile && $0.evse == evse + 1 && $0.profile.transactionId == transactionID
        }?.profile.chargingSchedule.first?.id
    }
}
