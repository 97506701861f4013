/// Alarms by kind, and OCPP messages where the world recorded them.
enum AlarmSection {
    static func section(_ data: ReportData) -> Section? {
        let alarms = data.alarms
        guard alarms.count > 0 || data.messages.count > 0 else { return nil }
        let kinds = alarms.kinds.filter { $0.count > 0 }
        let lede =
            alarms.count == 0
            ? "No alarm was raised."
            : "\(Format.count(alarms.count, "alarm")) of \(Format.count(kinds.count, "kind")); the most frequent: "
                + "\u{201C}\(Format.words(kinds.max { $0.count < $1.count }?.name ?? ""))\u{201D}."
        var section = Section(id: "alarms", short: "Alarms", title: "Alarms and messages", lede: lede)
        if alarms.count > 0 {
            section.pieces.append(
                .table(
                    title: "Alarms by kind",
                    note: "Highest value: in the unit that the kind names, 0 where nothing was measured.",
                    table(data, kinds)
                ))
        }
        if data.messages.count > 0 {
            section.pieces.append(
                .table(title: "OCPP messages", note: "Round trips in milliseconds.", messages(data.messages)))
        }
        return section
    }

    private static func table(_ data: ReportData, _ kinds: [AlarmStudy.Kind]) -> Table {
        var table = Table(
            "Alarms by kind",
            [
                .text("Kind"), .number("Alarms"), .number("Sites"), .text("Site with most"), .text("First"),
                .text("Last"),
                .number("Highest value"),
                .text("Site of the highest"),
            ])
        table.rows = kinds.sorted { $0.count > $1.count }.map { kind in
            let most = TopSites.largest(kind.ofSite.map { $0 > 0 ? Double($0) : .nan }, 1).first
            return [
                Format.words(kind.name), Format.integer(kind.count),
                Format.integer(kind.ofSite.filter { $0 > 0 }.count),
                most.map { HTML.shortened(data.siteLabel($0), 28) } ?? "",
                data.facts.clock.text(Int64(microseconds: kind.first)),
                data.facts.clock.text(Int64(microseconds: kind.last)),
                Format.short(kind.greatest.value),
                kind.greatest.sample < 0 ? "" : HTML.shortened(data.siteLabel(kind.greatest.sample), 28),
            ]
        }
        return table
    }

    private static func messages(_ study: MessageStudy) -> Table {
        let names = study.counts.indices.map { $0 < study.names.count ? study.names[$0] : "action \($0)" }
        var table = Table(
            "OCPP messages",
            [
                .text("Action"), .number("Messages"), .number("Median", "ms"), .number("95\u{A0}%", "ms"),
                .number("Longest", "ms"),
            ])
        for (action, count) in study.counts.enumerated() where count > 0 {
            let trip = study.roundTrips[action]
            let quantiles = trip.quantiles([0.5, 0.95])
            table.rows.append(
                [names[action], Format.integer(count)] + (quantiles + [trip.greatest]).map { Format.short($0) })
        }
        return table
    }
}
