/// Transactions as the CSMS recorded them against those that were simulated.
enum AuditSection {
    static func section(_ data: ReportData) -> Section? {
        guard let audit = data.audit else { return nil }
        let total = audit.total
        let lede =
            audit.discrepancies.isEmpty
            ? "The CSMS recorded every transaction once and with its energy: \(Format.fixed(total.booked, 0)) recorded, "
                + "\(Format.fixed(total.pending, 0)) pending, none lost, duplicated or wrong."
            : "The records differ at \(Format.count(audit.discrepancies.count, "site")): \(Format.count(Int(total.lost), "transaction")) "
                + "lost, \(Format.fixed(total.doubled, 0)) duplicated, \(Format.fixed(total.wrong, 0)) with a wrong energy."
        var section = Section(id: "audit", short: "OCPP audit", title: "OCPP audit", lede: lede)
        section.pieces.append(
            .table(
                title: "Transactions simulated and recorded",
                note:
                    "Simulated: transactions that ended, with the readings of the billing meters. Recorded: what the CSMS closed from OCPP messages. "
                    + "Pending: still queued in a station when the run ended.", totals(total)))
        if !audit.discrepancies.isEmpty {
            section.pieces.append(
                .table(title: "Sites with discrepancies", note: "Worst first, at most twenty.", sites(data, audit)))
        }
        return section
    }

    private static func totals(_ total: AuditStudy.Row) -> Table {
        var table = Table(
            "Transactions simulated and recorded",
            [.text("Quantity"), .number("Transactions"), .number("Energy", "kWh")])
        func energy(_ wh: Double) -> String { Format.fixed(wh / 1e3, 3) }
        table.rows = [
            ["Simulated", Format.fixed(total.sessionsTrue, 0), energy(total.energyTrueWh)],
            ["Recorded", Format.fixed(total.booked, 0), energy(total.energyBookedWh)],
            ["Pending", Format.fixed(total.pending, 0), energy(total.energyPendingWh)],
            ["Lost", Format.fixed(total.lost, 0), ""], ["Duplicated", Format.fixed(total.doubled, 0), ""],
            ["Wrong energy", Format.fixed(total.wrong, 0), ""],
            ["Simulated \u{2212} recorded \u{2212} pending", "", energy(total.missingWh)],
        ]
        return table
    }

    private static func sites(_ data: ReportData, _ audit: AuditStudy) -> Table {
        var table = Table(
            "Sites with discrepancies",
            [
                .text("Site"), .number("Simulated"), .number("Recorded"), .number("Lost"), .number("Duplicated"),
                .number("Wrong"),
                .number("Pending"), .number("Missing", "kWh"),
            ])
        table.rows = audit.discrepancies.prefix(20).map { row in
            [data.siteLabel(row.site)]
                + [row.sessionsTrue, row.booked, row.lost, row.doubled, row.wrong, row.pending].map {
                    Format.fixed($0, 0)
                }
                + [Format.fixed(row.missingWh / 1e3, 3)]
        }
        return table
    }
}
