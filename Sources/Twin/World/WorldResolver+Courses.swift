import Models

/// Tables whose rows hold for a time each: loads of buildings, outdoor temperatures.
extension WorldResolver {
    /// A column of a table, with as many rows as a year has, or whole days from the world's start.
    mutating func course(_ name: String, column: String, group: NodeReader) -> TableCourse? {
        let rowMinutes = group.integer(defaulted: "row_min")
        guard rowMinutes > 0, 60 % rowMinutes == 0 else {
            report(
                group.place("row_min"), group.path("row_min"), "\(rowMinutes) minutes do not divide an hour",
                fix: "write 60, 30, 20, 15, 12, 10, 6, 5, 4, 3, 2 or 1")
            return nil
        }
        let startsWithRun = group.text("first_row") == "start"
        let start = root.dateTime("start")
        if startsWithRun, start.secondOfDay % (rowMinutes * 60) != 0 {
            report(
                group.place("first_row"), group.path("first_row"),
                "the world does not start at a full row of \(rowMinutes) minutes", fix: "change start or row_min")
        }
        guard let values = values(name, column: column, group: group) else { return nil }
        let rowsADay = 1440 / rowMinutes
        let key = group.path("table")
        if startsWithRun {
            guard !values.isEmpty, values.count % rowsADay == 0 else {
                report(
                    group.place("table"), key, "\(name) has \(values.count) rows, which are no whole days",
                    fix: "give \(rowsADay) rows for each day; they repeat after the last")
                return nil
            }
        } else {
            guard values.count == 365 * rowsADay else {
                report(
                    group.place("table"), key, "\(name) has \(values.count) rows of \(rowMinutes) minutes",
                    fix: "give \(365 * rowsADay), a year of them from 1 January, or add first_row: start")
                return nil
            }
        }
        return TableCourse(values: values, rowS: Int64(rowMinutes * 60), startsWithRun: startsWithRun)
    }

    /// The numbers of a column.
    private mutating func values(_ name: String, column: String, group: NodeReader) -> [Double]? {
        guard
            let table = source.table(
                name, namedAt: group.place("table"), key: group.path("table"), into: &checker.diagnostics)
        else { return nil }
        let cacheKey = "\(table.file)\u{0}\(column)"
        if let known = columns[cacheKey] { return known }
        guard let index = table.column(column) else {
            report(
                group.place("column"), group.path("column"), "\(table.file) has no column \"\(column)\"",
                fix: WorldChecker.suggestion(column, among: table.header))
            return nil
        }
        var values: [Double] = []
        values.reserveCapacity(table.rows.count)
        for row in table.rows {
            guard let value = table.number(row.cells[index]) else {
                report(
                    table.place(row), column, "expected a number, found \"\(row.cells[index])\"", fix: "write a number")
                continue
            }
            values.append(value)
        }
        columns[cacheKey] = values
        return values
    }
}
