/// Sessions: energy, time plugged in, end reasons, authorization, vehicles.
enum SessionSection {
    static func section(_ data: ReportData) -> Section? {
        let sessions = data.sessions
        guard sessions.count > 0 else { return nil }
        let intended = endedAsIntended(sessions)
        let lede =
            "\(Format.count(sessions.count, "session")) delivered \(Format.energy(wattHours: sessions.energyWh)), "
            + "\(Format.short(sessions.energyWh / 1e3 / Double(sessions.count)))\u{A0}kWh on average. "
            + "\(Format.percent(intended)) ended as intended by the driver. Vehicles remained plugged in after charging for "
            + "\(Format.percent(sessions.idleH / max(sessions.pluggedH, 1e-9), 0)) of their time at the EVSE."
        var section = Section(id: "sessions", short: "Sessions", title: "Sessions", lede: lede)
        section.pieces = [
            .figure(
                histogram("Energy per session", "Sessions by energy at the connector.", sessions.energy) { _ in
                    ("kWh", 1e-3)
                }),
            .figure(
                histogram(
                    "Time plugged in", "Sessions by time from cable in to cable out, charging or not.", sessions.plugged
                ) {
                    $0 == 1 ? ("min", 60) : ("h", 1)
                }),
            .figure(ends(sessions)), .figure(vehicles(sessions)),
            .table(
                title: "Session statistics",
                note: percentileNote(sessions.energy + sessions.plugged), numbers(sessions)),
        ]
        section.pieces.append(
            .table(title: "What a session counts", note: SessionAccounts.note(data), SessionAccounts.table(data)))
        if let piece = data.unmet.piece { section.pieces.append(piece) }
        if sessions.authorizations.contains(where: { $0 > 0 }) {
            section.pieces.append(.table(title: "Authorization methods", note: "", authorizations(sessions)))
        }
        return section
    }

    /// Says how exact percentiles of these are.
    static func percentileNote(_ distributions: [Distribution]) -> String {
        distributions.allSatisfy(\.isExact)
            ? "Percentiles by linear interpolation between order statistics (Hyndman\u{2013}Fan 7)."
            : "Percentiles (Hyndman\u{2013}Fan 7) within 0.05\u{A0}%."
    }

    /// Share of sessions that neither a fault nor an emergency cut short.
    static func endedAsIntended(_ sessions: SessionStudy) -> Double {
        let intended: Set = ["target_reached", "driver_left", "battery_full"]
        var count = 0
        for (code, n) in sessions.endReasons.enumerated() where code < sessions.endReasonNames.count {
            if intended.contains(sessions.endReasonNames[code]) { count += n }
        }
        return Double(count) / Double(max(1, sessions.count))
    }

    /// One view for AC and one for DC: their scales differ too much for one axis.
    /// - Parameter unit: unit and factor to it, for AC (0) and DC (1).
    private static func histogram(
        _ title: String, _ caption: String, _ values: [Distribution], _ unit: (Int) -> (String, Double)
    ) -> Figure {
        let kinds = ["AC", "DC"]
        var views: [Chart.View] = []
        var table = Table(title, [.text("Range"), .number("Sessions"), .number("Share")])
        // The larger group first: it is what most readers look for.
        for kind in [0, 1].sorted(by: { values[$0].count > values[$1].count }) where values[kind].count > 0 {
            let (name, factor) = unit(kind)
            let reach = values[kind].quantiles([0.995])[0] * factor
            let width = binWidth(reach / 24)
            let edges = (0...max(1, Int((reach / width).rounded(.up)))).map { Double($0) * width }
            let labels = edges.map { edge in
                edge == edges.last
                    ? "\u{2265} \(Format.significant(edge))"
                    : "\(Format.significant(edge))\u{2013}\(Format.significant(edge + width))"
            }
            let counts = values[kind].counts(edges: edges.map { $0 / factor })
            views.append(
                Chart.View(
                    name: "\(kinds[kind]), \(name)", x: .category(labels), yTitle: "sessions",
                    series: [
                        Chart.Series(
                            name: kinds[kind], mark: .bar, color: kind == 0 ? .accent : .second,
                            values: counts.map { Double($0) })
                    ]))
            table.rows += labels.indices.map { bin in
                [
                    "\(kinds[kind]) \(labels[bin]) \(name)", Format.integer(counts[bin]),
                    Format.percent(Double(counts[bin]) / Double(values[kind].count)),
                ]
            }
        }
        return Figure(title: title, caption: caption, chart: Chart(views: views), table: table, isHalf: true)
    }

    /// A round width near `width`.
    private static func binWidth(_ width: Double) -> Double {
        var power = 0.001
        while power < 1e9 {
            for step in [1.0, 2.0, 5.0] where step * power >= width { return step * power }
            power *= 10
        }
        return power
    }

    private static func ends(_ sessions: SessionStudy) -> Figure {
        let names = SessionSection.names(sessions.endReasonNames, sessions.endReasons.count)
        return shares(
            "End reasons", "Why energy transfer ended.", names, sessions.endReasons, "sessions", .accent)
    }

    private static func vehicles(_ sessions: SessionStudy) -> Figure {
        let names = sessions.vehicles.indices.map {
            $0 < sessions.vehicleNames.count ? sessions.vehicleNames[$0] : "code \($0)"
        }
        return shares(
            "Vehicles", "Sessions by vehicle model; the chart shows the twelve most frequent.", names,
            sessions.vehicles,
            "sessions", .second)
    }

    static func names(_ meanings: [String], _ count: Int) -> [String] {
        (0..<count).map { $0 < meanings.count ? Format.words(meanings[$0]) : "code \($0)" }
    }

    /// Horizontal bars of counts by name, most frequent first, with a table of all.
    static func shares(
        _ title: String, _ caption: String, _ names: [String], _ counts: [Int], _ unit: String, _ color: Chart.Color
    ) -> Figure {
        let order = TopSites.largest(counts.map { $0 > 0 ? Double($0) : .nan }, counts.count)
        let total = Double(max(1, counts.reduce(0, +)))
        let shown = order.prefix(12)
        let view = Chart.View(
            x: .category(shown.map { HTML.shortened(names[$0], 48) }), yTitle: "% of \(unit)",
            series: [
                Chart.Series(
                    name: "Share", mark: .bar, color: color, values: shown.map { Double(counts[$0]) / total * 100 })
            ], isHorizontal: true)
        var table = Table(title, [.text("Name"), .number("Number"), .number("Share")])
        table.rows = order.map { [names[$0], Format.integer(counts[$0]), Format.percent(Double(counts[$0]) / total)] }
        return Figure(title: title, caption: caption, chart: Chart(views: [view]), table: table, isHalf: true)
    }

    private static func authorizations(_ sessions: SessionStudy) -> Table {
        let names = SessionSection.names(sessions.authorizationNames, sessions.authorizations.count)
        var table = Table("Authorization methods", [.text("Method"), .number("Sessions"), .number("Share")])
        table.rows = names.indices.map { code in
            let count = sessions.authorizations[code]
            return [names[code], Format.integer(count), Format.percent(Double(count) / Double(sessions.count))]
        }
        return table
    }

    private static func numbers(_ sessions: SessionStudy) -> Table {
        var table = Table(
            "Session statistics",
            [
                .text("Quantity"), .number("Sessions"), .number("Mean"), .number("Median"), .number("95\u{A0}%"),
                .number("99\u{A0}%"), .number("Greatest"),
            ])
        func row(_ name: String, _ values: Distribution, _ show: (Double) -> String) {
            guard values.count > 0 else { return }
            let quantiles = values.quantiles([0.5, 0.95, 0.99])
            table.rows.append(
                [name, Format.integer(values.count), show(values.mean)] + quantiles.map(show) + [show(values.greatest)])
        }
        for (kind, name) in ["AC", "DC"].enumerated() {
            row("\(name) energy", sessions.energy[kind]) { Format.short($0 / 1e3) + "\u{A0}kWh" }
            row("\(name) time plugged in", sessions.plugged[kind]) { Format.duration(seconds: $0 * 3600) }
        }
        return table
    }
}
