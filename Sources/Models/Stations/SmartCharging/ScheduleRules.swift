internal import OCPP
internal import OCPPMessages

/// What a schedule of a charging profile must be like. The numbers are requirements of OCPP 2.0.1 part 2, K01.
struct ScheduleRules {
    let context: ControllerContext
    let purpose: V2.ChargingProfilePurposeEnum
    /// EVSE the profile is for, 0 for all.
    let evse: Int

    func check(_ schedule: V2.ChargingSchedule) throws(ProfileProblem) {
        let units = context.deviceModel.list("SmartChargingCtrlr", "RateUnit")
        guard units.contains(schedule.chargingRateUnit.wireText) else {  // FR.26
            throw ProfileProblem(.unsupportedRateUnit, "supported: \(units.joined(separator: ", "))")
        }
        let periods = schedule.chargingSchedulePeriod
        let most = context.deviceModel.int("SmartChargingCtrlr", "PeriodsPerSchedule")
        guard periods.count <= most else {
            throw ProfileProblem(.tooManyElements, "a schedule may have \(most) periods")
        }
        guard let first = periods.first, context.version == .v16 || first.startPeriod == 0 else {  // FR.31
            throw ProfileProblem(.invalidSchedule, "the first period must start at 0")
        }
        guard zip(periods, periods.dropFirst()).allSatisfy({ $0.startPeriod < $1.startPeriod }),  // FR.35
            first.startPeriod >= 0
        else { throw ProfileProblem(.invalidSchedule, "periods must follow one another") }
        if let duration = schedule.duration, duration < 0 {
            throw ProfileProblem(.invalidSchedule, "the duration is negative")
        }
        if schedule.useLocalTime == true { throw ProfileProblem(.unsupportedParam, "useLocalTime") }
        if schedule.randomizedDelay ?? 0 > 0 { throw ProfileProblem(.unsupportedParam, "randomizedDelay") }
        for period in periods { try check(period) }
    }

    private func check(_ period: V2.ChargingSchedulePeriod) throws(ProfileProblem) {
        try checkRates(period)
        let isDC = context.evse(id: evse).map { context.evses[$0].phases == 0 } ?? false
        if context.version.isV2, isDC, period.numberPhases != nil || period.phaseToUse != nil {  // FR.44
            throw ProfileProblem(.invalidSchedule, "an EVSE with direct current has no phases")
        }
        guard period.phaseToUse != nil else { return }
        guard period.numberPhases == 1 else {  // FR.19
            throw ProfileProblem(.invalidSchedule, "phaseToUse needs numberPhases 1")
        }
        guard context.deviceModel.bool("SmartChargingCtrlr", "ACPhaseSwitchingSupported") else {  // FR.20
            throw ProfileProblem(.unsupportedParam, "phases cannot be switched")
        }
    }

    private func checkRates(_ period: V2.ChargingSchedulePeriod) throws(ProfileProblem) {
        if context.version != .v21, let limit = period.limit, limit < 0 {
            throw ProfileProblem(.invalidSchedule, "a limit is negative")
        }
        if period.evseSleep == true { throw ProfileProblem(.unsupportedParam, "evseSleep") }
        var needsLimit = false
        switch period.operationMode {
        case nil, .chargingOnly: needsLimit = true
        case .idle, .externalSetpoint, .externalLimits: break
        case .centralSetpoint:
            if period.setpoint == nil { throw ProfileProblem(.missingParam, "CentralSetpoint needs a setpoint") }
        case .centralFrequency:
            guard period.setpoint != nil || period.v2xSignalWattCurve != nil else {
                throw ProfileProblem(.missingParam, "CentralFrequency needs a setpoint or a curve")
            }
        case .localFrequency, .localLoadBalancing:
            throw ProfileProblem(.unsupportedParam, "operation mode \(period.operationMode?.wireText ?? "")")
        }
        // A dynamic profile may get its limit with the first update, local generation is a limit by itself.
        if needsLimit, period.limit == nil, period.setpoint == nil {
            throw ProfileProblem(.missingParam, "a period needs a limit")
        }
        if let curve = period.v2xSignalWattCurve {
            guard zip(curve, curve.dropFirst()).allSatisfy({ $0.signal < $1.signal }) else {
                throw ProfileProblem(.invalidSchedule, "the curve's signals must rise")
            }
        }
    }
}
