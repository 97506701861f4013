/// The books of the CSMS against the truth.
enum AuditSection {
    static func section(_ data: ReportData) -> Section? {
        guard let audit = data.audit else { return nil }
        let total = audit.total
        let lede =
            audit.discrepancies.isEmpty
            ? "The CSMS booked every session once and with its energy: \(Format.fixed(total.booked, 0)) booked, "
                + "\(Format.fixed(total.pending, 0)) still on their way, nothing lost, doubled or wrong."
            : "The books are wrong at \(Format.count(audit.discrepancies.count, "site")): \(Format.fixed(total.lost, 0)) sessions lost, "
                + "\(Format.fixed(total.doubled, 0)) doubled, \(Format.fixed(total.wrong, 0)) with a wrong energy."
        var section = Section(id: "audit", short: "OCPP audit", title: "OCPP audit", lede: lede)
        section.pieces.append(
            .table(
                title: "Truth and books",
                note:
                    "Truth: what the twin saw at the connectors. Booked: what the CSMS learned from OCPP messages. Pending: still queued in "
                    + "a station when the run ended.", totals(total)))
        if !audit.discrepancies.isEmpty {
            section.pieces.append(
                .table(title: "Sites with wrong books", note: "The twenty worst.", sites(data, audit)))
        }
        return section
    }

    private static func totals(_ total: AuditStudy.Row) -> Table {
        var table = Table(
            "Truth and books of the CSMS", [.text("Quantity"), .number("Sessions"), .number("Energy", "kWh")])
        func energy(_ wh: Double) -> String { Format.fixed(wh / 1e3, 3) }
        table.rows = [
            ["Truth", Format.fixed(total.sessionsTrue, 0), energy(total.energyTrueWh)],
            ["Booked", Format.fixed(total.booked, 0), energy(total.energyBookedWh)],
            ["Pending", Format.fixed(total.pending, 0), energy(total.energyPendingWh)],
            ["Lost", Format.fixed(total.lost, 0), ""], ["Doubled", Format.fixed(total.doubled, 0), ""],
            ["Wrong energy", Format.fixed(total.wrong, 0), ""],
            ["Truth \u{2212} booked \u{2212} pending", "", energy(total.missingWh)],
        ]
        return table
    }

    private static func sites(_ data: ReportData, _ audit: AuditStudy) -> Table {
        var table = Table(
            "Sites with wrong books",
            [
                .text("Site"), .number("Sessions"), .number("Booked"), .number("Lost"), .number("Doubled"),
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
