import Models
import Sim

/// Sessions of a list that begin before the world does.
public struct SessionsOutside: Sendable, Hashable {
    /// The list's file.
    public var table: String
    public var count: Int
    /// Line of the earliest one.
    public var line: Int
    /// When it begins, by the world's clock.
    public var first: CivilTime
}

extension WorldResolver {
    /// The columns of a session list by meaning.
    private struct SessionColumns {
        var arrival = 0
        var departure = 0
        var energy = 0
        var evse: Int?
        var battery: Int?
        var initial: Int?
        var maxPower: Int?
    }

    /// How a list tells time.
    private struct SessionClock {
        var start: CivilTime
        /// Minutes of a period, where times are numbers of periods.
        var periodMin: Double?
        /// Seconds that the world's clock is ahead of UTC; `nil` until the first time with a zone.
        var offsetS: Int?
    }

    /// A row that can be read.
    private struct ListedSession {
        var session: ReplayedSession
        var wish: SessionPlaces.Wish
        var row: CSVTable.Row
    }

    /// Reads a session list; nobody else arrives at its site.
    mutating func resolveSessions(
        _ group: NodeReader, for site: SiteSpec, start: CivilTime
    ) -> (sessions: ContiguousArray<ReplayedSession>, before: SessionsOutside?) {
        guard let name = group.text("table"),
            let table = source.table(
                name, namedAt: group.place("table"), key: group.path("table"), into: &checker.diagnostics),
            let columns = sessionColumns(of: table, group)
        else { return ([], nil) }
        let evses = evseNames(of: site)
        var clock = SessionClock(
            start: start, periodMin: group.number("period_min"),
            offsetS: group.number("utc_offset_h").map { Int(($0 * 3600).rounded()) })
        let isIdeal = group.name(defaulted: "battery") == "ideal"
        var listed: [ListedSession] = []
        var before: SessionsOutside?
        for row in table.rows {
            guard let found = session(row, of: table, columns, evses, site, &clock) else { continue }
            if found.wish.arrival < .zero {
                let first = start.advanced(by: found.wish.arrival)
                let isEarliest = before.map { first.secondsSince1970 < $0.first.secondsSince1970 } ?? true
                before = SessionsOutside(
                    table: table.file, count: (before?.count ?? 0) + 1,
                    line: isEarliest ? row.line : before?.line ?? row.line,
                    first: isEarliest ? first : before?.first ?? first)
                continue
            }
            listed.append(found)
        }
        if listed.isEmpty, checker.diagnostics.isClean {
            if let before {
                report(
                    group.place("table"), group.path("table"),
                    "all \(before.count) sessions of \(table.file) begin before the world's start \(start.isoText)",
                    fix: "write start: \(before.first.isoText.prefix(10))T00:00:00, when the first one begins")
            } else {
                report(
                    group.place("table"), group.path("table"), "\(table.file) has no sessions", fix: "add rows to it")
            }
        }
        return (place(listed, of: table, columns, site, isIdeal: isIdeal), before)
    }

    /// Gives the sessions their EVSEs and sorts them.
    private mutating func place(
        _ listed: [ListedSession], of table: CSVTable, _ columns: SessionColumns, _ site: SiteSpec, isIdeal: Bool
    ) -> ContiguousArray<ReplayedSession> {
        let places = SessionPlaces(listed.map(\.wish), evseCount: site.evseCount)
        let column = columns.evse.map { table.header[$0] } ?? ""
        for overlap in places.overlaps {
            report(
                SourcePlace(file: table.file, line: overlap.line), column,
                "the EVSE is still taken by the session of line \(overlap.earlier)",
                fix: "sessions of one EVSE must not overlap")
        }
        for line in places.unplaced {
            report(
                SourcePlace(file: table.file, line: line), column,
                "no EVSE that it may have is free for its whole stay",
                fix: "give the site or station more EVSEs, or correct the row")
        }
        let ratings = site.stations.flatMap { $0.evses.map(\.ratedW) }
        var sessions: [(session: ReplayedSession, line: Int)] = []
        for (found, evse) in zip(listed, places.evses) where evse >= 0 {
            var session = found.session
            session.evse = UInt16(evse)
            session.isIdeal = isIdeal
            if columns.maxPower == nil { session.maxPowerW = ratings[evse] }
            sessions.append((session, found.row.line))
        }
        sessions.sort {
            ($0.session.arrival, $0.session.evse, $0.line) < ($1.session.arrival, $1.session.evse, $1.line)
        }
        return ContiguousArray(sessions.map(\.session))
    }

    /// One row; `nil` where something in it is wrong (reported).
    private mutating func session(
        _ row: CSVTable.Row, of table: CSVTable, _ columns: SessionColumns, _ evses: [String: Range<Int>],
        _ site: SiteSpec, _ clock: inout SessionClock
    ) -> ListedSession? {
        let place = table.place(row)
        var wanted = 0..<site.evseCount
        if let column = columns.evse, !row.cells[column].isEmpty {
            guard let named = evses[row.cells[column]] else {
                report(
                    place, table.header[column], "site \(site.id) has no EVSE \"\(row.cells[column])\"",
                    fix: "write a station id of the site, or id/2 for its second EVSE")
                return nil
            }
            wanted = named
        }
        guard let arrival = time(row, columns.arrival, of: table, &clock),
            let departure = time(row, columns.departure, of: table, &clock),
            let energy = kilowattHours(row, columns.energy, of: table)
        else { return nil }
        guard departure > arrival else {
            report(
                place, table.header[columns.departure], "departure is not after arrival",
                fix: "correct the row or delete it")
            return nil
        }
        var session = ReplayedSession(
            arrival: arrival, departure: departure, evse: 0, energyWh: energy * 1000,
            batteryWh: max(75, energy / 0.8).rounded(.up) * 1000, initialWh: 0, maxPowerW: 0)
        if let column = columns.battery {
            guard let value = kilowattHours(row, column, of: table, above: true) else { return nil }
            session.batteryWh = value * 1000
        }
        session.initialWh = min(session.batteryWh * 0.2, max(0, session.batteryWh - session.energyWh))
        if let column = columns.initial {
            guard let value = kilowattHours(row, column, of: table) else { return nil }
            session.initialWh = value * 1000
        }
        if let column = columns.maxPower {
            guard let value = kilowattHours(row, column, of: table, above: true) else { return nil }
            session.maxPowerW = value * 1000
        }
        if session.initialWh + session.energyWh > session.batteryWh * (1 + 1e-9) {
            report(
                place, table.header[columns.energy],
                "the battery of \((session.batteryWh / 1000).plain) kWh has no room for it",
                fix: "initial charge plus energy must not exceed the battery")
        }
        let wish = SessionPlaces.Wish(arrival: arrival, departure: departure, evses: wanted, line: row.line)
        return ListedSession(session: session, wish: wish, row: row)
    }

    private mutating func sessionColumns(of table: CSVTable, _ group: NodeReader) -> SessionColumns? {
        let names = group.group("columns")
        var missing: [(key: String, name: String)] = []
        func find(_ key: String, usual: String?, isNeeded: Bool = true) -> Int? {
            guard let name = names.text(key) ?? usual else { return nil }
            if let index = table.column(name) { return index }
            if isNeeded { missing.append((key, name)) }
            return nil
        }
        var columns = SessionColumns()
        columns.arrival = find("arrival", usual: "arrival") ?? 0
        columns.departure = find("departure", usual: "departure") ?? 0
        columns.evse = find("evse", usual: "evse", isNeeded: names.has("evse"))
        columns.energy = find("energy_kwh", usual: "energy_kwh") ?? 0
        columns.battery = find("battery_kwh", usual: nil)
        columns.initial = find("initial_kwh", usual: nil)
        columns.maxPower = find("max_power_kw", usual: nil)
        for (key, name) in missing {
            report(
                names.place(key), names.path(key), "\(table.file) has no column \"\(name)\"",
                fix: WorldChecker.suggestion(name, among: table.header))
        }
        return missing.isEmpty ? columns : nil
    }

    /// EVSEs by what a session list may call them: `station` for any of its own, `station/1`, `station/2` … for one.
    private func evseNames(of site: SiteSpec) -> [String: Range<Int>] {
        var names: [String: Range<Int>] = [:]
        var index = 0
        for station in site.stations {
            names[station.id] = index..<(index + station.evses.count)
            for number in 1...station.evses.count {
                names["\(station.id)/\(number)"] = index..<(index + 1)
                index += 1
            }
        }
        return names
    }

    private mutating func time(
        _ row: CSVTable.Row, _ column: Int, of table: CSVTable, _ clock: inout SessionClock
    ) -> SimTime? {
        let text = row.cells[column]
        if let period = clock.periodMin {
            if let count = table.number(text), count >= 0 { return .zero + .rounding(seconds: count * period * 60) }
            report(
                table.place(row), table.header[column], "expected a number of periods, found \"\(text)\"",
                fix: "write a number of 0 or more, or drop period_min when the table has date-times")
            return nil
        }
        guard let instant = ListedTime(text) else {
            report(
                table.place(row), table.header[column], "expected a date and time, found \"\(text)\"",
                fix: "write it like 2025-01-06T08:30 (or …T08:30+01:00), or set period_min when the table has numbers")
            return nil
        }
        var seconds = instant.civil.secondsSince1970 - clock.start.secondsSince1970
        if let offsetS = instant.offsetS {
            // The world's clock knows no daylight saving: it stays where the list's first zone puts it.
            if clock.offsetS == nil { clock.offsetS = offsetS }
            seconds += Int64((clock.offsetS ?? offsetS) - offsetS)
        }
        return .zero + .seconds(seconds) + .rounding(seconds: instant.fraction)
    }

    private mutating func kilowattHours(
        _ row: CSVTable.Row, _ column: Int, of table: CSVTable, above: Bool = false
    ) -> Double? {
        let limits: NumberLimits = above ? .positive : .notNegative
        if let value = table.number(row.cells[column]), limits.contains(value) { return value }
        report(
            table.place(row), table.header[column], "expected a number \(limits.words), found \"\(row.cells[column])\"",
            fix: "correct the row or delete it")
        return nil
    }
}
