/// How drivers fared who plugged in: a part of the availability section.
enum DriverSuccess {
    static func pieces(_ attempts: AttemptStudy) -> [Section.Piece] {
        guard attempts.triedVisits > 0 else { return [] }
        var pieces: [Section.Piece] = [.halfTable(title: "Drivers' success", note: note, rates(attempts))]
        if attempts.failed > 0 {
            pieces.append(
                .halfTable(title: "Why attempts failed", note: "An attempt is one plug-in.", reasons(attempts)))
        }
        pieces.append(
            .table(
                title: "First-attempt success by age of the equipment", note: "Age at the start of the run.",
                ages(attempts)))
        return pieces
    }

    private static let note =
        "A visit is a driver at a site; who drives on to another site makes another visit. Sessions that end as intended: target "
        + "reached, battery full, or the driver left."

    private static func rates(_ attempts: AttemptStudy) -> Table {
        var table = Table("Drivers' success", [.text("Share"), .number("Value")])
        table.rows = [
            ["Charged at the first attempt, of visits with an attempt", Format.percent(attempts.firstAttemptSuccess)],
            ["Charged at any attempt, of visits with one", Format.percent(attempts.triedVisitSuccess)],
            ["Charged, of all visits", Format.percent(attempts.visitSuccess)],
            ["Session began and ended as intended, of attempts", Format.percent(attempts.sessionSuccess)],
        ]
        return table
    }

    private static func reasons(_ attempts: AttemptStudy) -> Table {
        var table = Table("Why attempts failed", [.text("Reason"), .number("Attempts"), .number("Share")])
        for (code, count) in attempts.failures.enumerated() where count > 0 {
            let name = attempts.failureNames.indices.contains(code) ? attempts.failureNames[code] : "reason \(code)"
            table.rows.append([
                Format.words(name), Format.integer(count), Format.percent(Double(count) / Double(attempts.failed)),
            ])
        }
        return table
    }

    private static func ages(_ attempts: AttemptStudy) -> Table {
        var table = Table(
            "First-attempt success by age",
            [
                .text("Equipment"), .number("Age from", "years"), .number("Stations"), .number("First attempts"),
                .number("Succeeded"),
            ])
        for band in attempts.bands where band.firstAttempts > 0 {
            table.rows.append([
                band.isDC ? "DC" : "AC", Format.fixed(band.fromY, 0), Format.integer(band.stations),
                Format.integer(band.firstAttempts),
                Format.percent(AttemptStudy.share(band.succeeded, band.firstAttempts)),
            ])
        }
        return table
    }
}
