/// Sessions and energies that are counted in different ways, side by side, and why they differ.
enum SessionAccounts {
    static func note(_ data: ReportData) -> String {
        var text =
            "A session is a visit from arrival to cable out, and counts when the cable is out. Delivered energy is what flowed "
            + "through the connectors in the time shown, visits that had not ended included. Conversion efficiency: session "
            + "energy over the grid energy taken for it. Overall efficiency: delivered energy over grid energy, standby included."
        guard let audit = data.audit else { return text }
        text +=
            " A transaction ends with the authorization or the energy transfer, before the cable is out. Its energy is the billing "
            + "meter\u{2019}s reading, which differs from the energy at the connector by up to 1\u{A0}% (accuracy class B)."
        let difference = Int(audit.total.sessionsTrue) - data.sessions.count
        if difference > 0 {
            text +=
                " At the end of the run \(Format.count(difference, "transaction")) had ended at vehicles that were still plugged "
                + "in: \(difference == 1 ? "it is no session" : "they are no sessions") yet."
        } else if difference < 0 {
            text +=
                " \(Format.count(-difference, "session")) had no transaction, or one that was not closed: the start failed, or the "
                + "station had not yet ended it."
        }
        if audit.total.pending > 0 {
            text += " Pending: ended, with messages still queued in the charging station."
        }
        return text
    }

    static func table(_ data: ReportData) -> Table {
        var table = Table(
            "What a session counts",
            [.text("Quantity"), .number("Number"), .number("Energy", "kWh"), .number("Share")])
        func row(_ name: String, _ number: String, _ wh: Double, _ share: Double = .nan) {
            table.rows.append([
                name, number, wh.isNaN ? "" : Format.fixed(wh / 1e3, 1), share.isNaN ? "" : Format.percent(share, 2),
            ])
        }
        let sessions = data.sessions
        row("Sessions", Format.integer(sessions.count), sessions.energyWh)
        row(
            "Sessions without energy", Format.integer(sessions.withoutEnergy), .nan,
            Double(sessions.withoutEnergy) / Double(max(1, sessions.count)))
        if let audit = data.audit {
            row("Transactions that ended", Format.fixed(audit.total.sessionsTrue, 0), audit.total.energyTrueWh)
            row("Transactions recorded by the CSMS", Format.fixed(audit.total.booked, 0), audit.total.energyBookedWh)
            row("Transactions pending", Format.fixed(audit.total.pending, 0), audit.total.energyPendingWh)
        }
        row("Delivered, unfinished visits included", "", data.deliveredWh)
        row("Grid energy of the sessions", "", sessions.gridEnergyWh)
        row("Grid energy of the stations, standby included", "", data.importedWh)
        row("Standby of the stations", "", data.standbyWh, data.standbyWh / data.importedWh)
        row("Conversion efficiency", "", .nan, sessions.efficiency)
        row("Overall efficiency", "", .nan, data.efficiency)
        return table
    }
}
