import Models

extension WorldResolver {
    mutating func resolveOperations(siteCount: Int) -> OperationsSpec {
        let group = root.group("operations")
        let name = group.name(defaulted: "preset")
        let failures = ReliabilityTable.preset(named: name).map { resolveFailures(group, $0) }
        if failures == nil { checkUnused(group) }
        let supply = group.group("grid_outages")
        let isAmerican = market == .northAmerica
        return OperationsSpec(
            preset: name, crews: group.integer("crews") ?? max(1, (siteCount + 99) / 100), failures: failures,
            gridOutages: GridOutageSpec(
                perYear: supply.number("per_year") ?? (failures == nil ? 0 : isAmerican ? 1.2 : 0.5),
                meanH: supply.number("mean_h") ?? (isAmerican ? 2 : 1)),
            equipmentAgeY: group.number("equipment_age_years") ?? (isAmerican ? 4 : 3),
            incidents: resolveIncidents(group.group("incidents"), isFailing: failures != nil))
    }

    /// Step failures and blocked bays belong to equipment and sites that can fail at all (domain.md 5.3 and 6.2).
    private func resolveIncidents(_ group: NodeReader, isFailing: Bool) -> IncidentSpec {
        IncidentSpec(
            cablePulled: group.number(defaulted: "cable_pulled"), supplyLost: group.number(defaulted: "supply_lost"),
            vehicleSilent: group.number(defaulted: "vehicle_silent"),
            emergencyStop: group.number(defaulted: "emergency_stop"),
            groundFault: group.number(defaulted: "ground_fault"),
            startFailed: group.number("start_failed") ?? (isFailing ? 0.026 : 0),
            blockedBay: group.number("blocked_bay") ?? (isFailing ? 0.03 : 0))
    }

    /// Keys that say how equipment fails mean nothing where it never does.
    private mutating func checkUnused(_ group: NodeReader) {
        let keys = [
            "rate_multiplier", "onsite_share", "remote_fix_median_min", "remote_fix_sigma", "onsite_restore_median_h",
            "onsite_restore_sigma", "repair_law", "components", "hidden_conditions",
        ]
        for key in keys where group.has(key) {
            report(
                group.place(key), group.path(key), "stands beside preset: none, where equipment never fails",
                fix: "write an operator's preset, or drop the key")
        }
    }

    private mutating func resolveFailures(_ group: NodeReader, _ preset: OperatorPreset) -> FailureSpec {
        let multiplier = group.number("rate_multiplier") ?? preset.rateMultiplier
        let components = group.group("components")
        var rates: [ComponentRates] = []
        for component in ReliabilityTable.components {
            var rate = ComponentRates(component, multiplier: multiplier)
            if let share = group.number("onsite_share") { rate.onsiteShare = share }
            apply(components.group(component.name), to: &rate)
            rates.append(rate)
        }
        return FailureSpec(
            rates: rates, remoteMedianMin: group.number("remote_fix_median_min") ?? preset.remoteFixMedianMin,
            remoteSigma: group.number("remote_fix_sigma") ?? preset.remoteFixSigma,
            onsiteMedianH: group.number("onsite_restore_median_h") ?? preset.onsiteRestoreMedianH,
            onsiteSigma: group.number("onsite_restore_sigma") ?? preset.onsiteRestoreSigma,
            repairLaw: group.choice("repair_law", as: RepairLaw.self) ?? .lognormal,
            crewSpeedKmh: group.number(defaulted: "crew_speed_kmh"),
            conditions: resolveConditions(group.group("hidden_conditions"), multiplier: multiplier))
    }

    private mutating func apply(_ group: NodeReader, to rates: inout ComponentRates) {
        if group.has("failures_per_year"), group.has("mtbf_h") {
            report(
                group.place("mtbf_h"), group.path("mtbf_h"), "stands beside failures_per_year",
                fix: "keep one of them: mtbf_h is 8760 / failures_per_year")
        }
        if let perYear = group.number("failures_per_year") ?? group.number("mtbf_h").map({ 8760 / $0 }) {
            rates.acPerYear = perYear
            rates.dcPerYear = perYear
        }
        if let share = group.number("onsite_share") { rates.onsiteShare = share }
        if let shape = group.number("weibull_shape") { rates.weibullShape = shape }
        if let median = group.number("hands_on_median_h") { rates.handsOnMedianH = median }
    }

    private func resolveConditions(_ group: NodeReader, multiplier: Double) -> PortConditionParameters? {
        let conditions = PortConditionParameters(
            flakyPerYear: group.number("flaky_per_port_year") ?? 0.13 * multiplier,
            deadPerYear: group.number("dead_per_port_year") ?? 0.09 * multiplier,
            growthPerYear: group.number(defaulted: "growth_per_year"),
            ageMaxY: group.number(defaulted: "growth_years"), flakySuccess: group.number(defaulted: "flaky_success"),
            inspectionD: group.number(defaulted: "inspection_days"),
            callShare: group.number(defaulted: "call_share"), remoteShare: group.number(defaulted: "remote_share"))
        return conditions.perYear > 0 ? conditions : nil
    }
}
