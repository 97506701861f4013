/// How to get this run again, and whose data it rests on.
enum RunSection {
    static func section(_ data: ReportData) -> Section {
        let facts = data.facts
        var section = Section(
            id: "run", short: "This run", title: "This run",
            lede: "The same world, seed and version give the same bytes: the digest below must come out again.")
        var table = Table("This run", [.text("Item"), .text("Value")])
        table.rows = [
            ["World", facts.worldName], ["Seed", facts.seed.map { "\($0)" } ?? ""], ["Digest", facts.digest],
            ["evtwin", facts.version], ["Starts", facts.clock.text(0) + ", local time"],
            ["Length asked for", facts.days.isNaN ? "" : Format.count(facts.days, "day")],
            ["Length in the file", Format.duration(seconds: data.hours * 3600)],
            ["Ended", facts.isComplete ? "as planned" : "early; what was finished is shown"],
            ["Telemetry interval", Format.duration(seconds: Double(facts.intervalS))],
            ["Events", facts.events.map { Format.integer(Int($0)) } ?? ""],
            ["Options", facts.arguments.isEmpty ? "none" : facts.arguments],
            [
                "Plant",
                "\(Format.count(data.plant.sites.count, "site")), \(Format.count(data.plant.stations.count, "charging station")), "
                    + "\(Format.count(data.plant.evseCount, "EVSE")), \(Format.count(data.plant.connectorCount, "connector"))",
            ],
        ]
        section.pieces.append(.table(title: "Facts", note: "", table))
        if !facts.attribution.isEmpty {
            let lines = facts.attribution.map { "<li>\(HTML.escape($0))</li>" }.joined()
            section.pieces.append(.html("<div class=\"card\"><h3>Data and licences</h3><ul>\(lines)</ul></div>\n"))
        }
        if !facts.worldText.isEmpty {
            section.pieces.append(
                .html(
                    "<details class=\"card source\"><summary>The world as it was read</summary><pre>"
                        + "\(HTML.escape(facts.worldText))</pre></details>\n"))
        }
        return section
    }
}

extension Format {
    /// `7 days`, `0.5 days`, `1 day`.
    fileprivate static func count(_ n: Double, _ one: String) -> String {
        (n == n.rounded() ? fixed(n, 0) : short(n)) + "\u{A0}" + (n == 1 ? one : one + "s")
    }
}
