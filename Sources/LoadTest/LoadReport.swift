/// What a load test tells a person or a program.
public enum LoadReport {
    /// One line of progress.
    public static func line(_ progress: LoadProgress) -> String {
        let m = progress.summary.measurements
        return "\(Int(progress.elapsedS)) s: \(progress.summary.connected)/\(progress.stations) connected, "
            + "\(m.answered) answered, \(m.errors) errors, \(m.timeouts) timed out, "
            + "\(progress.summary.transactions) transactions"
            + (m.unusableBoots > 0 ? ", \(m.unusableBoots) unusable BootNotification answers" : "")
    }

    /// Why no station could work with the CSMS, and what to do; `nil` where one could.
    public static func failure(_ summary: LoadSummary, url: String) -> String? {
        let m = summary.measurements
        guard m.connectsOpened == 0 || (m.answered == 0 && m.errors == 0 && summary.connected == 0) else { return nil }
        let main = m.reasons.filter { $0.text != Reasons.unfinished }.max { $0.count < $1.count }
        guard let main else {
            return "\(url): no station could connect\n  fix: give the test more time with --duration"
        }
        return "\(url): no station could connect: \(main.text)\n  fix: \(Reasons.fix(for: main.text, url: url))"
    }

    /// The closing lines.
    public static func text(_ summary: LoadSummary, stations: Int) -> String {
        let m = summary.measurements
        var lines = [
            "\(stations) charging stations for \(rounded(summary.elapsedS)) s: \(summary.connected) connected at the end, "
                + "\(m.connectsOpened) of \(m.connectsTried) connections opened, \(m.disconnects) lost",
            "\(m.answered) messages answered, \(m.errors) refused with CALLERROR, \(m.timeouts) without answer, "
                + "\(m.malformed) frames of the CSMS not as the standard says",
            "\(summary.sessions) charging visits, \(summary.transactions) transactions ended, "
                + "\(rounded(summary.energyKWh)) kWh delivered",
        ]
        if m.handshake.count > 0 { lines.append("opening handshakes      " + quantiles(m.handshake)) }
        if !m.actions.isEmpty {
            lines.append(
                pad("action", 30) + pad("answered", 10) + pad("errors", 8) + pad("lost", 8)
                    + "p50 / p95 / p99 / max, ms")
            for action in m.actions.sorted(by: { $0.name < $1.name }) {
                lines.append(
                    pad(action.name, 30) + pad("\(action.roundTrip.count)", 10) + pad("\(action.errors)", 8)
                        + pad("\(action.timeouts)", 8) + milliseconds(action.roundTrip))
            }
        }
        for answer in m.unusableBootAnswers.sorted(by: { ($0.count, $1.text) > ($1.count, $0.text) }) {
            lines.append("\(answer.count) x BootNotification answer not usable: \(answer.text)")
        }
        for reason in m.reasons.sorted(by: { ($0.count, $1.text) > ($1.count, $0.text) }) {
            lines.append("\(reason.count) x \(reason.text)")
        }
        return lines.joined(separator: "\n")
    }

    /// The same as one JSON object on one line, keys sorted.
    public static func json(_ summary: LoadSummary, stations: Int) -> String {
        let m = summary.measurements
        let actions = m.actions.map { action in
            (
                action.name,
                object([
                    ("answered", "\(action.roundTrip.count)"), ("errors", "\(action.errors)"),
                    ("timeouts", "\(action.timeouts)"), ("p50_us", "\(action.roundTrip.quantile(0.5))"),
                    ("p95_us", "\(action.roundTrip.quantile(0.95))"), ("p99_us", "\(action.roundTrip.quantile(0.99))"),
                    ("max_us", "\(action.roundTrip.maximumMicroseconds)"),
                ])
            )
        }
        let boots = m.unusableBootAnswers.map { ($0.text, "\($0.count)") }
        return object([
            ("stations", "\(stations)"), ("elapsed_s", "\(summary.elapsedS)"), ("connected", "\(summary.connected)"),
            ("connects_tried", "\(m.connectsTried)"), ("connects_opened", "\(m.connectsOpened)"),
            ("disconnects", "\(m.disconnects)"), ("answered", "\(m.answered)"), ("errors", "\(m.errors)"),
            ("timeouts", "\(m.timeouts)"), ("malformed", "\(m.malformed)"),
            ("unusable_boot_answers", "\(m.unusableBoots)"), ("unusable_boot_answer_reasons", object(boots)),
            ("sessions", "\(summary.sessions)"), ("transactions", "\(summary.transactions)"),
            ("energy_kwh", "\(summary.energyKWh)"), ("handshake_p50_us", "\(m.handshake.quantile(0.5))"),
            ("handshake_p99_us", "\(m.handshake.quantile(0.99))"), ("actions", object(actions)),
            ("reasons", object(m.reasons.map { ($0.text, "\($0.count)") })),
        ])
    }

    /// A JSON object of members whose values are JSON already, sorted by key.
    private static func object(_ members: [(key: String, json: String)]) -> String {
        let sorted = members.map { (escaped($0.key), $0.json) }.sorted { $0.0 < $1.0 }
        return "{" + sorted.map { #""\#($0.0)":\#($0.1)"# }.joined(separator: ",") + "}"
    }

    private static func quantiles(_ histogram: Histogram) -> String {
        "\(histogram.count), " + milliseconds(histogram) + " ms"
    }

    private static func milliseconds(_ histogram: Histogram) -> String {
        [0.5, 0.95, 0.99, 1].map { share in
            rounded(Double(share == 1 ? histogram.maximumMicroseconds : histogram.quantile(share)) / 1000)
        }.joined(separator: " / ")
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// One digit behind the point.
    private static func rounded(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    private static func escaped(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 0x20 || $0 == "\"" || $0 == "\\" ? " " : Character($0) })
    }
}
