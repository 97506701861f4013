extension ReportSummary {
    /// The figures as one JSON object with sorted keys; null where there is no number. Units are in the keys.
    public var json: String {
        func number(_ value: Double) -> JSON { .exact(value) }
        func whole(_ value: Int) -> JSON { .exact(Double(value)) }
        var members: [(String, JSON)] = [
            ("world", .string(world)), ("seed", .string(seed)), ("region", .string(region)), ("start", .string(start)),
            ("version", .string(version)), ("digest", .string(digest)), ("complete", .bool(isComplete)),
            ("days", number(days)), ("planned_days", number(plannedDays)), ("sites", whole(sites)),
            ("stations", whole(stations)), ("evses", whole(evses)), ("connected_kw", number(connectedKW)),
            ("sessions", whole(sessions)), ("session_energy_kwh", number(energyKWh)),
            ("delivered_kwh", number(deliveredKWh)), ("grid_energy_kwh", number(gridEnergyKWh)),
            ("standby_kwh", number(standbyKWh)), ("efficiency", number(efficiency)),
            ("conversion_efficiency", number(conversionEfficiency)), ("peak_kw", number(peakKW)),
            ("peak_start_s", number(peakStartS)), ("site_peak_kw", number(sitePeakKW)),
            ("occupied_share", number(occupiedShare)), ("charging_share", number(chargingShare)),
            ("queued_drivers", whole(queuedDrivers)), ("queued_share", number(queuedShare)),
            ("queue_mean_s", number(queueMeanS)), ("queue_median_s", number(queueMedianS)),
            ("queue_p95_s", number(queueP95S)), ("parking_mean_s", number(parkingMeanS)),
            ("start_mean_s", number(startMeanS)), ("lost_drivers", whole(lostDrivers)),
            ("lost_share", number(lostShare)), ("drove_on", whole(droveOn)), ("availability", number(availability)),
            ("outages", whole(outages)), ("hot_spot_c", number(hotSpotC)),
            ("transformer_peak_load", number(transformerPeakLoad)),
            ("transformer_hours_over_nameplate", number(transformerHoursOverNameplate)),
            ("ambient_min_c", number(ambientMinC)), ("ambient_mean_c", number(ambientMeanC)),
            ("ambient_max_c", number(ambientMaxC)),
        ]
        if let isAuditExact { members.append(("audit_exact", .bool(isAuditExact))) }
        if let transactions { members.append(("transactions", whole(transactions))) }
        return JSON.object(members.sorted { $0.0 < $1.0 }).text
    }
}
