/// The top of the page: headline figures, and what is worth looking at first.
enum Overview {
    static func tiles(_ data: ReportData) -> [Tile] {
        var tiles = [energy(data), sessions(data)]
        if let ev = data.evLoad {
            tiles.append(
                Tile(
                    label: "Peak charging load", value: Format.power(watts: ev.peakW),
                    note: data.text(sample: ev.peakIndex)))
        }
        tiles.append(
            Tile(
                label: "EVSEs occupied", value: Format.percent(data.occupiedShare),
                note: "mean over the run; \(Format.percent(data.chargingShare)) charging"))
        if data.extent.has("sessions") { tiles.append(queueing(data)) }
        if data.extent.has("lost_drivers") { tiles.append(lost(data)) }
        tiles.append(availability(data))
        tiles += TransformerSection.tiles(data)
        if let ambient = data.ambient {
            tiles.append(
                Tile(
                    label: "Ambient temperature", value: Format.fixed(ambient.mean, 1) + "\u{A0}°C",
                    note: "mean; \(Format.fixed(ambient.least, 1)) to \(Format.fixed(ambient.greatest, 1))\u{A0}°C"))
        }
        if let audit = data.audit {
            let isExact = audit.discrepancies.isEmpty
            tiles.append(
                Tile(
                    label: "OCPP audit", value: isExact ? "exact" : "not exact",
                    note: isExact
                        ? Format.count(Int(audit.total.booked), "transaction") + " recorded"
                        : "discrepancies at " + Format.count(audit.discrepancies.count, "site"),
                    mood: isExact ? .good : .bad))
        }
        return tiles
    }

    private static func energy(_ data: ReportData) -> Tile {
        guard !data.deliveredWh.isNaN else {
            return Tile(
                label: "Energy delivered", value: Format.energy(wattHours: data.sessions.energyWh),
                note: "in finished sessions")
        }
        return Tile(
            label: "Energy delivered", value: Format.energy(wattHours: data.deliveredWh),
            note:
                "\(Format.percent(data.efficiency)) of the \(Format.energy(wattHours: data.importedWh)) from the grid, "
                + "standby included")
    }

    private static func sessions(_ data: ReportData) -> Tile {
        guard data.extent.has("sessions") else {
            return Tile(label: "Sessions", value: Format.nothing, note: "not in the file")
        }
        let rate = Double(data.sessions.count) / Double(max(1, data.plant.evseCount)) / data.days
        return Tile(
            label: "Sessions", value: Format.integer(data.sessions.count),
            note: "\(Format.fixed(rate, 2)) per EVSE and day")
    }

    private static func queueing(_ data: ReportData) -> Tile {
        let share = data.sessions.queuedShare
        let median = data.sessions.queues.quantiles([0.5])[0]
        return Tile(
            label: "Drivers who queued", value: Format.percent(share),
            note: data.sessions.queues.count == 0
                ? "of those who charged" : "of those who charged; median \(Format.duration(seconds: median))")
    }

    private static func lost(_ data: ReportData) -> Tile {
        Tile(
            label: "Drivers lost", value: data.demand == 0 ? Format.nothing : Format.percent(data.lostShare),
            note: "\(Format.integer(data.lost.goneCount)) of \(Format.count(data.demand, "driver"))",
            mood: data.lostShare > 0.05 ? .bad : data.lostShare > 0.01 ? .watch : .good)
    }

    private static func availability(_ data: ReportData) -> Tile {
        let value = data.availability
        let required = AvailabilitySection.requiredUptime
        return Tile(
            label: "Availability", value: Format.percent(value, 2),
            note: value.isNaN ? "outages are not in the file" : Format.count(data.outages.outageCount, "outage"),
            mood: value.isNaN ? .plain : value <= required ? .bad : value < 0.99 ? .watch : .good)
    }
}
