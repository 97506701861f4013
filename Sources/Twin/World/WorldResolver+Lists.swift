import Models
import Sim

extension WorldResolver {
    // MARK: - Fleet

    mutating func resolveFleet(_ group: NodeReader, for site: SiteSpec) -> FleetSpec? {
        guard let count = group.integer("vehicles"), let vehicle = group.text("vehicle") else { return nil }
        if count > site.evseCount {
            report(
                group.place("vehicles"), group.path("vehicles"),
                "\(count) vehicles, but the site has \(site.evseCount) EVSEs",
                fix: "give every vehicle an EVSE")
        }
        let from = group.timeOfDay("return_from")
        let to = group.timeOfDay("return_to")
        if to < from {
            report(
                group.place("return_to"), group.path("return_to"), "the last return lies before the first",
                fix: "write a time from return_from on; midnight is 24:00")
        }
        if checkVehicle(vehicle, at: group.place("vehicle"), key: group.path("vehicle")) {
            checkFleetFit(vehicle, group, site)
        }
        return FleetSpec(
            vehicles: count, vehicle: vehicle, returnFromS: from, returnToS: to,
            departureS: group.timeOfDay("departure"),
            weekends: group.flag("weekends"),
            energyWh: group.quantiles("energy_kwh", scale: 1000, into: &checker.diagnostics)
                ?? QuantileTable(p: [0.5], x: [45_000]))
    }

    private mutating func checkFleetFit(_ vehicle: String, _ group: NodeReader, _ site: SiteSpec) {
        guard let index = VehicleCatalogue.index(of: vehicle) else { return }
        let model = VehicleCatalogue.all[index]
        let ac = model.acInlet(in: market)
        let dc = model.dcInlet(in: market)
        let usable = site.stations.reduce(0) { sum, station in
            sum
                + station.evses.count { evse in
                    evse.connectors.contains { plug in
                        model.fit(connector: plug, kind: station.kind, market: market) != .none
                    }
                }
        }
        if usable < site.evseCount {
            report(
                group.place("vehicle"), group.path("vehicle"),
                "\(vehicle) fits \(usable) of the site's \(site.evseCount) EVSEs",
                fix:
                    "its inlets are \(ac.map { "\($0.wireName) and " } ?? "")\(dc.wireName): change the connectors or the vehicle"
            )
        }
    }

    // MARK: - Session lists

    /// The columns of a session list by meaning.
    private struct SessionColumns {
        var arrival = 0
        var departure = 0
        var evse = 0
        var energy = 0
        var battery: Int?
        var initial: Int?
        var maxPower: Int?
    }

    mutating func resolveSessions(
        _ group: NodeReader, for site: SiteSpec, start: CivilTime
    ) -> ContiguousArray<ReplayedSession> {
        guard let name = group.text("table"),
            let table = source.table(
                name, namedAt: group.place("table"), key: group.path("table"), into: &checker.diagnostics),
            let columns = sessionColumns(of: table, group)
        else { return [] }
        let evses = evseNames(of: site)
        let ratings = site.stations.flatMap { $0.evses.map(\.ratedW) }
        let period = group.number("period_min")
        var sessions: [(session: ReplayedSession, row: CSVTable.Row)] = []
        for row in table.rows {
            let place = table.place(row)
            guard let evse = evses[row.cells[columns.evse]] else {
                report(
                    place, table.header[columns.evse], "site \(site.id) has no EVSE \"\(row.cells[columns.evse])\"",
                    fix: "write a station id of the site, with /2 for its second EVSE")
                continue
            }
            guard let arrival = time(row, columns.arrival, of: table, period: period, start: start),
                let departure = time(row, columns.departure, of: table, period: period, start: start),
                let energy = kilowattHours(row, columns.energy, of: table)
            else { continue }
            guard departure > arrival else {
                report(
                    place, table.header[columns.departure], "departure is not after arrival",
                    fix: "correct the row or delete it")
                continue
            }
            var session = ReplayedSession(
                arrival: arrival, departure: departure, evse: UInt16(evse), energyWh: energy * 1000,
                batteryWh: max(75, energy / 0.8).rounded(.up) * 1000, initialWh: 0, maxPowerW: ratings[evse])
            if let column = columns.battery {
                guard let value = kilowattHours(row, column, of: table, above: true) else { continue }
                session.batteryWh = value * 1000
            }
            session.initialWh = min(session.batteryWh * 0.2, max(0, session.batteryWh - session.energyWh))
            if let column = columns.initial {
                guard let value = kilowattHours(row, column, of: table) else { continue }
                session.initialWh = value * 1000
            }
            if let column = columns.maxPower {
                guard let value = kilowattHours(row, column, of: table, above: true) else { continue }
                session.maxPowerW = value * 1000
            }
            if session.initialWh + session.energyWh > session.batteryWh * (1 + 1e-9) {
                report(
                    place, table.header[columns.energy],
                    "the battery of \((session.batteryWh / 1000).plain) kWh has no room for it",
                    fix: "initial charge plus energy must not exceed the battery")
            }
            sessions.append((session, row))
        }
        sessions.sort {
            ($0.session.arrival, $0.session.evse, $0.row.line) < ($1.session.arrival, $1.session.evse, $1.row.line)
        }
        checkOverlaps(sessions, of: table, evseColumn: table.header[columns.evse], evseCount: site.evseCount)
        return ContiguousArray(sessions.map(\.session))
    }

    private mutating func sessionColumns(of table: CSVTable, _ group: NodeReader) -> SessionColumns? {
        let names = group.group("columns")
        var isComplete = true
        func find(_ key: String, usual: String?, _ report: (String) -> Void) -> Int? {
            guard let name = names.text(key) ?? usual else { return nil }
            if let index = table.column(name) { return index }
            report(name)
            return nil
        }
        var missing: [(key: String, name: String)] = []
        var columns = SessionColumns()
        for (key, path) in [
            ("arrival", \SessionColumns.arrival), ("departure", \.departure), ("evse", \.evse),
            ("energy_kwh", \.energy),
        ] {
            if let index = find(key, usual: key, { missing.append((key, $0)) }) { columns[keyPath: path] = index }
        }
        columns.battery = find("battery_kwh", usual: nil) { missing.append(("battery_kwh", $0)) }
        columns.initial = find("initial_kwh", usual: nil) { missing.append(("initial_kwh", $0)) }
        columns.maxPower = find("max_power_kw", usual: nil) { missing.append(("max_power_kw", $0)) }
        for (key, name) in missing {
            isComplete = false
            report(
                names.place(key), names.path(key), "\(table.file) has no column \"\(name)\"",
                fix: WorldChecker.suggestion(name, among: table.header))
        }
        return isComplete ? columns : nil
    }

    /// Index of each EVSE by what a session list may call it: `station` for a lone one, `station/1`, `station/2` …
    private func evseNames(of site: SiteSpec) -> [String: Int] {
        var names: [String: Int] = [:]
        var index = 0
        for station in site.stations {
            if station.evses.count == 1 { names[station.id] = index }
            for number in 1...station.evses.count {
                names["\(station.id)/\(number)"] = index
                index += 1
            }
        }
        return names
    }

    private mutating func time(
        _ row: CSVTable.Row, _ column: Int, of table: CSVTable, period: Double?, start: CivilTime
    ) -> SimTime? {
        let text = row.cells[column]
        if let period {
            if let count = Double(text), count.isFinite, count >= 0 {
                return .zero + .rounding(seconds: count * period * 60)
            }
            report(
                table.place(row), table.header[column], "expected a number of periods, found \"\(text)\"",
                fix: "write a number of 0 or more, or drop period_min when the table has date-times")
            return nil
        }
        guard let instant = CivilTime(isoText: text) else {
            report(
                table.place(row), table.header[column], "expected a date and time, found \"\(text)\"",
                fix: "write it like 2025-01-06T08:30, or set period_min when the table has numbers")
            return nil
        }
        let seconds = instant.secondsSince1970 - start.secondsSince1970
        guard seconds >= 0 else {
            report(
                table.place(row), table.header[column], "\(text) lies before the world's start \(start.isoText)",
                fix: "delete the row or start earlier")
            return nil
        }
        return .zero + .seconds(seconds)
    }

    private mutating func kilowattHours(
        _ row: CSVTable.Row, _ column: Int, of table: CSVTable, above: Bool = false
    ) -> Double? {
        let limits: NumberLimits = above ? .positive : .notNegative
        if let value = Double(row.cells[column]), value.isFinite, limits.contains(value) { return value }
        report(
            table.place(row), table.header[column], "expected a number \(limits.words), found \"\(row.cells[column])\"",
            fix: "correct the row or delete it")
        return nil
    }

    private mutating func checkOverlaps(
        _ sessions: [(session: ReplayedSession, row: CSVTable.Row)], of table: CSVTable, evseColumn: String,
        evseCount: Int
    ) {
        var last: [(until: SimTime, line: Int)?] = Array(repeating: nil, count: evseCount)
        for (session, row) in sessions {
            if let previous = last[Int(session.evse)], session.arrival < previous.until {
                report(
                    table.place(row), evseColumn, "the EVSE is still taken by the session of line \(previous.line)",
                    fix: "sessions of one EVSE must not overlap")
            }
            last[Int(session.evse)] = (session.departure, row.line)
        }
    }
}
