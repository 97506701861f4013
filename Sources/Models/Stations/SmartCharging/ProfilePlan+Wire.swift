internal import OCPP
internal import OCPPMessages

extension ProfilePlan {
    /// The plan of a profile as the CSMS sends it; `nil` when its schedule is out of order.
    ///
    /// Of several alternative schedules the first counts, unless the vehicle has chosen another. A period with limits
    /// for each phase counts with the most careful of them on all phases.
    /// - Parameters:
    ///   - received: stands in for a missing start where there is no charging to begin with.
    ///   - chosenSchedule: id of the alternative that an ISO 15118 vehicle has chosen.
    init?(_ profile: V2.ChargingProfile, received: Timestamp, chosenSchedule: Int? = nil) {
        guard
            let schedule = profile.chargingSchedule.first(where: { $0.id == chosenSchedule })
                ?? profile.chargingSchedule.first
        else { return nil }
        let unit = RateUnit(schedule.chargingRateUnit)
        let kind = Kind(profile)
        var start = schedule.startSchedule
        switch profile.chargingProfilePurpose {
        case .chargingStationMaxProfile, .chargingStationExternalConstraints, .localGeneration:
            start = start ?? received
        case .txDefaultProfile, .txProfile, .priorityCharging: break
        }
        if kind == .dynamic { start = profile.dynUpdateTime ?? received }
        self.init(
            purpose: Purpose(profile.chargingProfilePurpose), stackLevel: profile.stackLevel, kind: kind,
            validFrom: profile.validFrom, validTo: profile.validTo, start: start,
            duration: schedule.duration.map { Self.microseconds(seconds: $0) }, unit: unit,
            minChargingRate: max(schedule.minChargingRate ?? 0, 0),
            limitAtStateOfCharge: schedule.limitAtSoC.map {
                LimitAtStateOfCharge(stateOfCharge: Double($0.soc) / 100, limit: $0.limit)
            },
            transactionID: profile.transactionId,
            periods: schedule.chargingSchedulePeriod.map { Period($0, unit: unit) })
    }
}

extension ProfilePlan.Period {
    fileprivate init(_ period: V2.ChargingSchedulePeriod, unit: RateUnit) {
        func careful(_ values: [Double?]) -> Double? {
            let stated = values.compactMap { $0 }
            guard let first = values[0] ?? stated.first, stated.count > 1 else { return values[0] }
            let least = stated.reduce(first) { abs($1) < abs($0) ? $1 : $0 }
            return unit == .amperes ? least : least * Double(stated.count)
        }
        let limit = careful([period.limit, period.limit_L2, period.limit_L3])
        // Older systems limit discharging by a negative limit.
        let discharge =
            careful([period.dischargeLimit, period.dischargeLimit_L2, period.dischargeLimit_L3])
            ?? limit.flatMap { $0 < 0 ? $0 : nil }
        self.init(
            start: ProfilePlan.microseconds(seconds: period.startPeriod), limit: limit, dischargeLimit: discharge,
            setpoint: careful([period.setpoint, period.setpoint_L2, period.setpoint_L3]),
            numberPhases: period.numberPhases, phaseToUse: period.phaseToUse,
            response: period.v2xSignalWattCurve.flatMap { curve in
                SignalResponse(
                    baselineW: period.v2xBaseline ?? 0,
                    points: curve.map { SignalResponse.Point(signal: $0.signal, watts: $0.power) })
            })
    }
}

extension ProfilePlan.Purpose {
    init(_ purpose: V2.ChargingProfilePurposeEnum) {
        switch purpose {
        case .chargingStationExternalConstraints: self = .stationExternalConstraints
        case .chargingStationMaxProfile: self = .stationMax
        case .txDefaultProfile: self = .txDefault
        case .txProfile: self = .tx
        case .priorityCharging: self = .priority
        case .localGeneration: self = .localGeneration
        }
    }
}

extension ProfilePlan.Kind {
    /// A recurring profile that does not say how often recurs daily.
    fileprivate init(_ profile: V2.ChargingProfile) {
        switch profile.chargingProfileKind {
        case .absolute: self = .absolute
        case .recurring: self = profile.recurrencyKind == .weekly ? .weekly : .daily
        case .relative: self = .relative
        case .dynamic: self = .dynamic
        }
    }
}

extension RateUnit {
    init(_ unit: V2.ChargingRateUnitEnum) {
        switch unit {
        case .w: self = .watts
        case .a: self = .amperes
        }
    }
    var wire: V2.ChargingRateUnitEnum { self == .watts ? .w : .a }
}

extension V2.CompositeSchedule {
    /// The composite schedule of an EVSE for a message, whose times are whole seconds.
    ///
    /// Boundaries that fall between two seconds are brought back to the earlier one; of several at one second the last
    /// counts.
    init(_ schedule: CompositeSchedule, evseID: Int) {
        var periods: [V2.ChargingSchedulePeriod] = []
        for period in schedule.periods {
            let start = Int(period.start / 1_000_000)
            if periods.last?.startPeriod == start { periods.removeLast() }
            let rate = period.rate
            periods.append(
                V2.ChargingSchedulePeriod(
                    startPeriod: start, limit: rate.limit, numberPhases: rate.phases,
                    phaseToUse: rate.phaseToUse, dischargeLimit: rate.dischargeLimit, setpoint: rate.setpoint))
        }
        self.init(
            evseId: evseID, duration: Int(schedule.duration / 1_000_000), scheduleStart: schedule.start,
            chargingRateUnit: schedule.unit.wire, chargingSchedulePeriod: periods)
    }
}
