/// What the CSMS ordered the charging stations to do, and what came of it.
enum OrderSection {
    static func section(_ data: ReportData) -> Section? {
        guard let orders = data.orders else { return nil }
        var section = Section(
            id: "orders", short: "Orders", title: "Orders of the CSMS", lede: lede(orders) + remoteStarts(orders))
        section.pieces.append(
            .table(
                title: "Orders and their outcomes",
                note:
                    "Rejected: the charging station said no. Refused: it answered with an error. Lost: no answer came; the order may have been carried out. "
                    + "Offline: the charging station was not connected. Not sent: the standard does not allow it then, or too many waited.",
                table(orders)))
        return section
    }

    private static func remoteStarts(_ orders: OrderStudy) -> String {
        let (accepted, started, expired) = orders.remoteStarts
        guard accepted > 0 else { return "" }
        return
            " Of \(Format.count(Int(accepted), "accepted remote start")), \(Format.fixed(started, 0)) became a transaction and "
            + "\(Format.fixed(expired, 0)) expired, since no vehicle came in time."
    }

    private static func lede(_ orders: OrderStudy) -> String {
        let given = Format.count(orders.given, "order")
        if orders.given == 0 { return "The CSMS gave no order in this time." }
        let accepted = orders.count("accepted")
        if accepted == orders.given { return "The CSMS gave \(given); all were accepted." }
        var parts: [String] = []
        for (words, text) in [
            (["rejected", "refused"], "rejected"), (["timed_out"], "without an answer"),
            (["offline"], "for stations that were offline"), (["invalid", "busy"], "not sent"),
            (["under_way"], "still under way at the end"),
        ] {
            let count = words.reduce(0) { $0 + orders.count($1) }
            if count > 0 { parts.append("\(count) \(text)") }
        }
        return "The CSMS gave \(given): \(accepted) accepted, \(parts.joined(separator: ", "))."
    }

    private static func table(_ orders: OrderStudy) -> Table {
        var table = Table(
            "Orders and their outcomes",
            [
                .text("Action"), .text("Given"), .number("Orders"), .number("Accepted"), .number("Rejected"),
                .number("Refused"), .number("Lost"), .number("Offline"), .number("Not sent"),
                .number("Answer, median", "s"),
            ])
        func count(_ rule: OrderStudy.Rule, _ names: String...) -> String {
            Format.fixed(
                Double(
                    names.reduce(0) { sum, name in
                        sum + (orders.outcomes.firstIndex(of: name).map { rule.counts[$0] } ?? 0)
                    }), 0)
        }
        table.rows = orders.rules.map { rule in
            [
                rule.action, rule.occasion, Format.fixed(Double(rule.given), 0), count(rule, "accepted"),
                count(rule, "rejected"), count(rule, "refused"), count(rule, "timed_out"), count(rule, "offline"),
                count(rule, "invalid", "busy"),
                rule.answerS.isEmpty ? "" : Format.fixed(rule.answerS[rule.answerS.count / 2], 2),
            ]
        }
        return table
    }
}
