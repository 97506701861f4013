import Models
import Sim

extension WorldResolver {
    /// Populations of a site: those that are named, and one for each kind of charger that has none.
    ///
    /// - Parameter written: the site's own keys, without its template's.
    mutating func resolveDemand(_ site: NodeReader, for spec: SiteSpec, written: WorldNode) -> [DemandSpec] {
        var groups: [(name: String, kind: StationKind, own: NodeReader)] = []
        for entry in site.node["demand"]?.entries ?? [] {
            let own = NodeReader(
                entry.node, path: "\(site.path("demand")).\(entry.key)", as: WorldSchema.population)
            guard let kind = StationKind(name: own.text("kind") ?? entry.key) else {
                report(entry.place, own.path("kind"), "missing", fix: "write kind: ac or kind: dc, or call it ac or dc")
                continue
            }
            if spec.evseCount(kind) > 0 {
                groups.append((entry.key, kind, own))
            } else if written["demand"]?[entry.key] != nil, !spec.stations.isEmpty {
                report(
                    entry.place, own.path("kind"), "the site has no \(kind.name.uppercased()) station for them",
                    fix: "add one, or drop the population")
            }
        }
        for kind in StationKind.allCases where spec.evseCount(kind) > 0 && !groups.contains(where: { $0.kind == kind })
        {
            groups.append(
                (
                    kind.name, kind,
                    NodeReader(.empty(at: site.place), path: site.path("demand"), as: WorldSchema.population)
                ))
        }
        checkRivals(site.group("arrivals"))
        var populations: [DemandSpec] = []
        for group in groups {
            populations.append(resolvePopulation(group.name, group.kind, own: group.own, site: site, spec))
        }
        shareLevel(of: site.group("arrivals"), among: &populations, groups.map { Self.hasLevel($0.own) }, spec)
        return populations
    }

    private static func hasLevel(_ group: NodeReader) -> Bool {
        group.has("sessions_per_day") || group.has("sessions_per_connector_day")
    }

    /// Puts the level of `arrivals` in place of the profiles' where a population has none of its own.
    private func shareLevel(
        of arrivals: NodeReader, among populations: inout [DemandSpec], _ hasOwn: [Bool], _ spec: SiteSpec
    ) {
        guard Self.hasLevel(arrivals) || arrivals.has("dc_share") else { return }
        let open = populations.indices.filter { !hasOwn[$0] }
        let perDay = arrivals.number("sessions_per_day")
        let perConnector = arrivals.number("sessions_per_connector_day")
        let all = open.reduce(0) { $0 + populations[$1].sessionsPerDay }
        let total = perDay ?? perConnector.map { $0 * Double(spec.evseCount) } ?? all
        let direct =
            spec.evseCount(.dc) == 0 || spec.evseCount(.ac) == 0
            ? nil : arrivals.number("dc_share") ?? Double(spec.evseCount(.dc)) / Double(spec.evseCount)
        for kind in StationKind.allCases {
            let mine = open.filter { populations[$0].kind == kind }
            let share = direct.map { kind == .dc ? $0 : 1 - $0 } ?? 1
            for index in mine { populations[index].sessionsPerDay = total * share / Double(mine.count) }
        }
    }

    private mutating func resolvePopulation(
        _ name: String, _ kind: StationKind, own: NodeReader, site: NodeReader, _ spec: SiteSpec
    ) -> DemandSpec {
        let common = site.group("arrivals")
        checkRivals(own)
        let id = own.text("profile") ?? common.text("profile") ?? Self.usualProfile(market, kind, of: spec)
        guard
            let profile = ArrivalProfiles.named(id, in: market)
                ?? ArrivalProfiles.named(Self.usualProfile(market, kind, of: spec), in: market)
        else { preconditionFailure("the arrival profiles are part of the program") }
        let groups = [own, common]
        func number(_ key: String) -> Double? { own.number(key) ?? common.number(key) }
        let evses = Double(spec.evseCount(kind))
        let energy = quantiles("energy_kwh", scale: 1000, groups)
        let dwell = quantiles("dwell_h", scale: 1, groups)
        let level =
            own.number("sessions_per_day") ?? own.number("sessions_per_connector_day").map { $0 * evses }
            ?? profile.sessionsPerConnectorDay.mode * evses
        return DemandSpec(
            name: name, kind: kind, profile: profile.id, sessionsPerDay: level,
            siteSpread: spread(groups + [root.group("demand")], profile),
            weekday: shares(groups, "weekday_share") ?? profile.weekday,
            weekend: shares(groups, "weekend_share") ?? profile.weekend,
            weekendRatio: number("weekend_ratio") ?? profile.weekendRatio,
            variation: variation(groups) ?? profile.days,
            monthFactor: (own.numbers("month_factor") ?? common.numbers("month_factor")).flatMap {
                $0.count == 12 ? $0 : nil
            } ?? Array(repeating: 1, count: 12),
            growthPerYear: number("growth_per_year") ?? root.group("demand").number(defaulted: "growth_per_year"),
            holidayUse: profile.holidayUse, need: resolveNeed(own, site: site, kind, profile),
            energyWh: energy ?? profile.energyWh, dwellH: dwell ?? profile.dwellH,
            keepsAway: kind == .dc && (dwell != nil || profile.isDirect),
            latentCorrelation: number("correlation").map { 2 * Math.sin(Double.pi / 6 * $0) }
                ?? profile.latentCorrelation,
            idleShare: number("idle_share") ?? (dwell == nil ? profile.idleShare : 0),
            startPeriods: startPeriods(groups) ?? (energy == nil && dwell == nil ? profile.startPeriods : []),
            overstayMinutes: number("overstay_min") ?? profile.overstayMedianMin,
            patienceMinutes: own.number("patience_min") ?? site.number("patience_min") ?? (kind == .dc ? 12 : 3),
            preference: EVSEPreference.allCases.first { "\($0)" == own.text("prefers") } ?? .power)
    }

    /// Complains when a group says one thing in two ways.
    private mutating func checkRivals(_ group: NodeReader) {
        for (first, second) in [("sessions_per_day", "sessions_per_connector_day"), ("dispersion", "day_cv")]
        where group.has(first) && group.has(second) {
            report(group.place(second), group.path(second), "stands beside \(first)", fix: "keep one of the two")
        }
    }

    /// The profile of a kind of charger where the world names none.
    ///
    /// - Source: domain reference 6.1b. Small direct chargers: up to four EVSEs, none above 100 kW.
    static func usualProfile(_ market: Market, _ kind: StationKind, of spec: SiteSpec) -> String {
        switch (market, kind) {
        case (.northAmerica, .dc):
            let strongest = spec.stations.filter { $0.kind == .dc }.flatMap(\.evses).map(\.ratedW).max() ?? 0
            if spec.kind == .highway { return "dc_highway" }
            return strongest <= 100_000 && spec.evseCount(.dc) <= 4 ? "dc_community" : "dc_urban_hub"
        case (.northAmerica, .ac):
            return switch spec.kind {
            case .highway, .urbanHub: "l2_destination"
            case .retail: "l2_retail"
            case .workplace: "l2_workplace"
            case .residential: "l2_multifamily"
            case .depot: "fleet"
            }
        case (.europe, .dc): return spec.kind == .highway ? "dc_highway" : "dc_town"
        case (.europe, .ac):
            return spec.kind == .workplace ? "workplace_elaad" : spec.kind == .depot ? "fleet" : "l2_public"
        }
    }

    // MARK: - Values of a population

    private mutating func quantiles(_ key: String, scale: Double, _ groups: [NodeReader]) -> QuantileTable? {
        groups.first { $0.has(key) }?.quantiles(key, scale: scale, into: &checker.diagnostics)
    }

    private func variation(_ groups: [NodeReader]) -> DayVariation? {
        for group in groups {
            if let cv = group.number("day_cv") { return .variation(cv) }
            if let index = group.number("dispersion") { return .dispersion(index) }
        }
        return nil
    }

    private func spread(_ groups: [NodeReader], _ profile: ArrivalProfile) -> Double {
        guard let group = groups.first(where: { $0.has("site_spread") }) else { return 0 }
        return group.text("site_spread") == "profile" ? profile.spread : group.number("site_spread") ?? 0
    }

    /// 24 hourly shares, scaled to the sum 1.
    private mutating func shares(_ groups: [NodeReader], _ key: String) -> [Double]? {
        guard let group = groups.first(where: { $0.has(key) }), let values = group.numbers(key), values.count == 24
        else {
            return nil
        }
        let sum = values.reduce(0, +)
        guard sum > 0 else {
            report(group.place(key), group.path(key), "all shares are 0", fix: "write at least one share above 0")
            return nil
        }
        return values.map { $0 / sum }
    }

    private mutating func startPeriods(_ groups: [NodeReader]) -> [StartPeriod]? {
        guard let group = groups.first(where: { $0.has("by_start") }) else { return nil }
        var periods: [StartPeriod] = []
        for (index, item) in (group.node["by_start"]?.items ?? []).enumerated() {
            let values = item.items.compactMap(NodeReader.number)
            guard values.count == 3, values[0] < 24, values[0] == values[0].rounded(),
                periods.last.map({ Double($0.fromH) < values[0] }) ?? true
            else {
                report(
                    item.place, "\(group.path("by_start"))[\(index)]",
                    "is no period of the day that follows the one before",
                    fix: "write [hour 0 to 23, energy in kWh, time in h], hours rising")
                return nil
            }
            periods.append(
                StartPeriod(fromH: Int(values[0]), energyMedianWh: values[1] * 1000, stayMedianH: values[2]))
        }
        return periods
    }

    private mutating func resolveNeed(
        _ own: NodeReader, site: NodeReader, _ kind: StationKind, _ profile: ArrivalProfile
    ) -> NeedSpec {
        let group = own.has("need") ? own.group("need") : site.group("need")
        let by = group.text("by") ?? (profile.arrivalSoC == nil ? "energy" : "state_of_charge")
        let beta = group.numbers("arrival_soc_beta") ?? profile.arrivalSoC.map { [$0.a, $0.b] } ?? [2.2, 6]
        let target =
            group.numbers("target_soc") ?? profile.targetSoC.map { [$0.low, $0.mode, $0.high] } ?? [0.6, 0.8, 1]
        guard kind == .dc, by == "state_of_charge", beta.count == 2, target.count == 3 else { return .energy }
        if !(target[0] <= target[1] && target[1] <= target[2] && target[0] < target[2]) {
            report(
                group.place("target_soc"), group.path("target_soc"),
                "lowest, most frequent and highest are out of order",
                fix: "write them rising, like [0.6, 0.8, 1.0]")
        }
        return .stateOfCharge(a: beta[0], b: beta[1], low: target[0], mode: target[1], high: target[2])
    }

    // MARK: - What all sites have in common

    mutating func resolveCommonDemand() -> CommonDemandSpec {
        let group = root.group("demand")
        var holidays = Holidays.days(of: market)
        if let name = group.text("holidays") {
            holidays = name == "none" ? [] : Holidays.days(of: Market(worldName: name) ?? market)
        } else if group.has("holidays") {
            holidays = []
            for (index, item) in (group.node["holidays"]?.items ?? []).enumerated() {
                let reader = NodeReader(item, path: "\(group.path("holidays"))[\(index)]", as: WorldSchema.holiday)
                if let holiday = resolveHoliday(reader) { holidays.append(holiday) }
            }
        }
        return CommonDemandSpec(
            variation: group.number(defaulted: "common_cv"), lag1: group.number(defaulted: "lag1"),
            growthPerYear: group.number(defaulted: "growth_per_year"), holidays: holidays)
    }

    private mutating func resolveHoliday(_ group: NodeReader) -> HolidaySpec? {
        guard let text = group.text("date"), let factor = group.number("factor") else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        // A year with a 29 February, so that it may stand in a list.
        let date = CivilTime(isoText: parts.count == 2 ? "2024-\(text)" : text)
        guard let date else {
            report(group.place("date"), group.path("date"), "\"\(text)\" is no date", fix: "write 2025-07-04, or 07-04")
            return nil
        }
        return HolidaySpec(
            day: .date(year: parts.count == 2 ? nil : date.year, month: date.month, day: date.day),
            work: group.number("work_factor") ?? factor, town: factor, travel: group.number("travel_factor") ?? factor)
    }
}
