/// The top of the page: headline figures, and what is worth looking at first.
enum Overview {
    static func tiles(_ data: ReportData) -> [Tile] {
        var tiles = [
            Tile(
                label: "Energy charged", value: Format.energy(wattHours: data.sessions.energyWh),
                note: "\(Format.percent(data.sessions.efficiency)) of what the stations drew"),
            Tile(
                label: "Sessions", value: Format.integer(data.sessions.count),
                note:
                    "\(Format.fixed(Double(data.sessions.count) / Double(max(1, data.plant.evseCount)) / data.days, 2)) per EVSE and day"
            ),
        ]
        if let ev = data.evLoad {
            tiles.append(
                Tile(
                    label: "Peak of charging", value: Format.power(watts: ev.peakW),
                    note: data.text(sample: ev.peakIndex)))
        }
        tiles.append(
            Tile(
                label: "EVSEs occupied", value: Format.percent(data.occupiedShare),
                note: "\(Format.percent(data.chargingShare)) charging, on average"))
        tiles.append(
            Tile(
                label: "Drivers lost", value: data.demand == 0 ? Format.nothing : Format.percent(data.lostShare),
                note: "\(Format.integer(data.lost.goneCount)) of \(Format.integer(data.demand))",
                mood: data.lostShare > 0.05 ? .bad : data.lostShare > 0.01 ? .watch : .good))
        tiles.append(availability(data))
        if let hottest = data.top.hottest.first {
            let hot = data.series.sites[hottest].hotSpot.value
            tiles.append(
                Tile(
                    label: "Hottest transformer", value: Format.fixed(hot, 0) + "\u{A0}°C",
                    note: data.siteLabel(hottest),
                    mood: hot > TransformerSection.bubbleLimitC
                        ? .bad : hot > TransformerSection.normalLimitC ? .watch : .good))
        }
        if let audit = data.audit {
            let isExact = audit.discrepancies.isEmpty
            tiles.append(
                Tile(
                    label: "OCPP books", value: isExact ? "exact" : "wrong",
                    note: isExact
                        ? "\(Format.fixed(audit.total.booked, 0)) sessions booked"
                        : Format.count(audit.discrepancies.count, "site") + " differ",
                    mood: isExact ? .good : .bad))
        }
        return tiles
    }

    private static func availability(_ data: ReportData) -> Tile {
        let value = data.outages.networkAvailability
        let required = AvailabilitySection.requiredUptime
        return Tile(
            label: "Availability", value: Format.percent(value, 2),
            note: Format.count(data.outages.outageCount, "outage"),
            mood: value.isNaN ? .plain : value <= required ? .bad : value < 0.99 ? .watch : .good)
    }
}
