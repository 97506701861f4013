/// How to repeat the run: seed, version, digest, settings; and the sources of its data.
enum RunSection {
    static func section(_ data: ReportData) -> Section {
        let facts = data.facts
        var section = Section(
            id: "run", short: "This run", title: "This run",
            lede: "The same world, seed and version give the same digest, and the same telemetry file byte for byte.")
        var table = Table("This run", [.text("Item"), .text("Value")])
        table.rows = [
            ["World", facts.worldName], ["Region", Format.words(facts.region)], ["Seed", facts.seedText],
            ["Digest", facts.isClosed ? facts.digest : "none: the file was not closed"],
            ["evtwin version", facts.version], ["Start", facts.clock.text(0) + ", local time"],
            ["Planned length", facts.days.isNaN ? "" : Format.count(facts.days, "day")],
            ["Length shown", Format.duration(seconds: data.hours * 3600)],
            ["Ended", ending(data.extent.ending)],
            ["Telemetry interval", Format.duration(seconds: Double(facts.intervalS))],
            ["Events", facts.events.map { Format.integer(Int($0)) } ?? ""],
            ["Changed settings", facts.arguments.isEmpty ? "none" : facts.arguments],
            ["Reliability preset", facts.reliabilityPreset],
            ["Repair crews", facts.repairCrews.map { Format.integer(Int($0)) } ?? ""],
            ["CSMS", facts.csms],
            ["Drivers drive on to other sites", facts.drivesOn.map { $0 ? "yes" : "no" } ?? ""],
            ["Ambient temperature", ambient(data)],
            ["Standby of all stations", Format.power(watts: data.plant.standbyW)],
            [
                "Plant",
                "\(Format.count(data.plant.sites.count, "site")), \(Format.count(data.plant.stations.count, "charging station")), "
                    + "\(Format.count(data.plant.evseCount, "EVSE")), \(Format.count(data.plant.connectorCount, "connector"))",
            ],
        ]
        section.pieces.append(.table(title: "Settings", note: "", table))
        if !facts.attribution.isEmpty {
            let lines = facts.attribution.map { "<li>\(HTML.escape($0))</li>" }.joined()
            section.pieces.append(.html("<div class=\"card\"><h3>Data and licences</h3><ul>\(lines)</ul></div>\n"))
        }
        let texts = [
            ("Resolved world: every setting, defaults included", facts.resolvedWorld),
            ("World file as read", facts.worldText),
        ]
        for (title, text) in texts where !text.isEmpty {
            section.pieces.append(
                .html(
                    "<details class=\"card source\"><summary>\(title)</summary><pre tabindex=\"0\">"
                        + "\(HTML.escape(text))</pre></details>\n"))
        }
        return section
    }

    private static func ending(_ ending: RunExtent.Ending) -> String {
        switch ending {
        case .complete: "as planned"
        case .stopped: "interrupted"
        case .killed: "without closing the file"
        }
    }

    private static func ambient(_ data: ReportData) -> String {
        guard let ambient = data.ambient else { return "" }
        return "\(Format.fixed(ambient.least, 1)) to \(Format.fixed(ambient.greatest, 1))\u{A0}°C, mean "
            + "\(Format.fixed(ambient.mean, 1))\u{A0}°C"
    }
}

extension Format {
    /// `7 days`, `0.5 days`, `1 day`.
    fileprivate static func count(_ n: Double, _ one: String) -> String {
        (n == n.rounded() ? fixed(n, 0) : short(n)) + "\u{A0}" + (n == 1 ? one : one + "s")
    }
}
