import Models
import Sim

extension WorldResolver {
    // MARK: - Fleet

    mutating func resolveFleet(_ group: NodeReader, for site: SiteSpec) -> FleetSpec? {
        guard let count = group.integer("vehicles"), let vehicle = group.text("vehicle") else { return nil }
        if count > site.evseCount {
            report(
                group.place("vehicles"), group.path("vehicles"),
                "\(count) vehicles, but the site has \(site.evseCount) EVSEs",
                fix: "give every vehicle an EVSE")
        }
        let from = group.timeOfDay("return_from")
        let to = group.timeOfDay("return_to")
        if to < from {
            report(
                group.place("return_to"), group.path("return_to"), "the last return lies before the first",
                fix: "write a time from return_from on; midnight is 24:00")
        }
        if checkVehicle(vehicle, at: group.place("vehicle"), key: group.path("vehicle")) {
            checkFleetFit(vehicle, group, site)
        }
        return FleetSpec(
            vehicles: count, vehicle: vehicle, returnFromS: from, returnToS: to,
            departureS: group.timeOfDay("departure"),
            weekends: group.flag("weekends"),
            energyWh: group.quantiles("energy_kwh", scale: 1000, into: &checker.diagnostics)
                ?? QuantileTable(p: [0.5], x: [45_000]))
    }

    private mutating func checkFleetFit(_ vehicle: String, _ group: NodeReader, _ site: SiteSpec) {
        guard let index = VehicleCatalogue.index(of: vehicle) else { return }
        let model = VehicleCatalogue.all[index]
        let ac = model.acInlet(in: market)
        let dc = model.dcInlet(in: market)
        let usable = site.stations.reduce(0) { sum, station in
            sum
                + station.evses.count { evse in
                    evse.connectors.contains { plug in
                        model.fit(connector: plug, kind: station.kind, market: market) != .none
                    }
                }
        }
        if usable < site.evseCount {
            report(
                group.place("vehicle"), group.path("vehicle"),
                "\(vehicle) fits \(usable) of the site's \(site.evseCount) EVSEs",
                fix:
                    "its inlets are \(ac.map { "\($0.wireName) and " } ?? "")\(dc.wireName): change the connectors or the vehicle"
            )
        }
    }
}
