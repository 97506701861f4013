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

    /// The same as one JSON object.
    public static func json(_ summary: LoadSummary, stations: Int) -> String {
        let m = summary.measurements
        let actions = m.actions.sorted { $0.name < $1.name }.map { action in
            #""\#(action.name)":{"answered":\#(action.roundTrip.count),"errors":\#(action.errors),"#
                + #""timeouts":\#(action.timeouts),"p50_us":\#(action.roundTrip.quantile(0.5)),"#
                + #""p95_us":\#(action.roundTrip.quantile(0.95)),"p99_us":\#(action.roundTrip.quantile(0.99)),"#
                + #""max_us":\#(action.roundTrip.maximumMicroseconds)}"#
        }
        let reasons = m.reasons.map { #""\#(escaped($0.text))":\#($0.count)"# }
        let boots = m.unusableBootAnswers.map { #""\#(escaped($0.text))":\#($0.count)"# }
        return #"{"stations":\#(stations),"elapsed_s":\#(summary.elapsedS),"connected":\#(summary.connected),"#
            + #""connects_tried":\#(m.connectsTried),"connects_opened":\#(m.connectsOpened),"#
            + #""disconnects":\#(m.disconnects),"answered":\#(m.answered),"errors":\#(m.errors),"#
            + #""timeouts":\#(m.timeouts),"malformed":\#(m.malformed),"unusable_boot_answers":\#(m.unusableBoots),"#
            + #""unusable_boot_answer_reasons":{\#(boots.joined(separator: ","))},"sessions":\#(summary.sessions),"#
            + #""transactions":\#(summary.transactions),"energy_kwh":\#(summary.energyKWh),"#
            + #""handshake_p50_us":\#(m.handshake.quantile(0.5)),"handshake_p99_us":\#(m.handshake.quantile(0.99)),"#
            + #""actions":{\#(actions.joined(separator: ","))},"reasons":{\#(reasons.joined(separator: ","))}}"#
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
