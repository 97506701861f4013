extension WorldResolver {
    mutating func resolveSurroundings(_ group: NodeReader, for site: SiteSpec) -> SurroundingsSpec {
        var spec = SurroundingsSpec()
        spec.externalLimitsPerDay = group.number(defaulted: "external_limits_per_day")
        spec.externalLimitW = group.number("external_limit_kw").map { $0 * 1000 }
        spec.externalLimitMinutes = group.number(defaulted: "external_limit_min")
        spec.gridFaultsPerDay = group.number(defaulted: "grid_faults_per_day")
        spec.gridFaultMinutes = group.number(defaulted: "grid_fault_min")
        spec.batterySwapsPerDay = group.number(defaulted: "battery_swaps_per_day")
        spec.vendorMessagesPerDay = group.number(defaulted: "vendor_messages_per_day")
        spec.vendorID = group.text("vendor_id") ?? spec.vendorID
        spec.iso15118Share = group.number(defaulted: "iso15118_share")
        spec.contractShare = group.number(defaulted: "contract_share")
        spec.terminalShare = group.number(defaulted: "terminal_share")
        spec.companyShare = group.number(defaulted: "company_share")
        spec.terminalPricePerKWh = group.number(defaulted: "terminal_price_per_kwh")
        spec.priorityShare = group.number(defaulted: "priority_share")
        check(spec, of: group, for: site)
        return spec
    }

    private mutating func check(_ spec: SurroundingsSpec, of group: NodeReader, for site: SiteSpec) {
        if !(1...255).contains(spec.vendorID.utf8.count) {
            report(
                group.place("vendor_id"), group.path("vendor_id"),
                "\(spec.vendorID.utf8.count) bytes long, but OCPP allows 1 to 255",
                fix: "write the vendor's reversed domain name, like org.example")
        }
        guard spec.batterySwapsPerDay > 0 else { return }
        let place = group.place("battery_swaps_per_day")
        let path = group.path("battery_swaps_per_day")
        if let small = site.stations.first(where: { $0.evses.count < 2 }) {
            report(
                place, path, "station \(small.id) has one EVSE, and an exchange needs two slots",
                fix: "give the stations evses: 2 or more")
        }
        if site.demand.contains(where: { $0.sessionsPerDay > 0 }) || site.fleet != nil || !site.fixedSessions.isEmpty {
            report(
                place, path, "the EVSEs of a site are slots for batteries or places for vehicles, not both",
                fix: "set arrivals.sessions_per_day: 0, without fleet and sessions, or drop this key")
        }
    }
}
