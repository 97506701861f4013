/// Times that a visit takes besides queueing and charging, AC and DC apart.
enum HandlingTimes {
    static func table(_ sessions: SessionStudy) -> Table {
        var table = Table(
            "Handling times",
            [
                .text("Time"), .number("Sessions"), .number("Mean"), .number("Median"), .number("95\u{A0}%"),
                .number("Longest"),
            ])
        for (kind, name) in ["AC", "DC"].enumerated() {
            for (step, times) in [("parking and cable", sessions.parking[kind]), ("start", sessions.starting[kind])]
            where times.count > 0 {
                let quantiles = times.quantiles([0.5, 0.95])
                table.rows.append(
                    ["\(name), \(step)", Format.integer(times.count)]
                        + [times.mean, quantiles[0], quantiles[1], times.greatest].map { Format.duration(seconds: $0) })
            }
        }
        return table
    }
}
