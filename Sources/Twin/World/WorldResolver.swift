import Models
import OCPP
import Sim

/// Makes a ``WorldSpec`` of a checked tree: defaults, templates and tables are put in, relations are checked.
///
/// It goes on after a complaint with the default in place of what is wrong, so that all complaints appear at once; the
/// result counts only when there was none.
struct WorldResolver {
    let root: NodeReader
    var source: WorldSource
    var checker: WorldChecker
    let market: Market
    /// Inlets of the vehicles that come, without repetition.
    var inletsAC: [ConnectorType] = []
    var inletsDC: [ConnectorType] = []
    /// Whether the vehicle list has mistakes, so that what it lacks says nothing.
    var hasBadVehicles = false
    /// Where an id was first used; looked up, never iterated.
    var siteIDs: [String: SourcePlace] = [:]
    var stationIDs: [String: SourcePlace] = [:]
    /// Templates resolved so far, `nil` when there is none of the name.
    var templates: [String: WorldNode?] = [:]
    /// Columns of courses read so far, by file and column; looked up, never iterated.
    var columns: [String: [Double]] = [:]

    init(root: WorldNode, source: WorldSource, checker: WorldChecker) {
        self.root = NodeReader(root, path: "", as: WorldSchema.world)
        self.source = source
        self.checker = checker
        market = Market(worldName: self.root.name(defaulted: "region")) ?? .europe
    }

    mutating func report(_ place: SourcePlace, _ key: String, _ problem: String, fix: String) {
        checker.diagnostics.report(place, key, problem, fix: fix)
    }

    mutating func resolve() -> WorldSpec {
        let start = root.dateTime("start")
        if let name = root.text("name"), let problem = WorldName.problem(name) {
            report(root.place("name"), "name", problem, fix: WorldName.fix)
        }
        let vehicles = resolveVehicles()
        let sites = resolveSites(start: start)
        return WorldSpec(
            name: root.text("name") ?? "", summary: root.text("description") ?? "",
            sourceText: source.texts.joined(separator: "\n"), start: start, days: root.number(defaulted: "days"),
            seed: UInt64(max(0, root.integer(defaulted: "seed"))), region: market, telemetry: resolveTelemetry(),
            network: resolveNetwork(), operations: resolveOperations(siteCount: sites.count),
            csms: resolveCSMS(start: start, sites: sites),
            climate: resolveClimate(), demand: resolveCommonDemand(), vehicles: vehicles, sites: sites,
            comparison: resolveComparison(start: start),
            attribution: root.texts("attribution") ?? [])
    }

    // MARK: - Groups of the world

    private mutating func resolveTelemetry() -> TelemetrySpec {
        let group = root.group("telemetry")
        let minutes = group.integer(defaulted: "interval_min")
        if minutes > 0, 1440 % minutes != 0 {
            report(
                group.place("interval_min"), group.path("interval_min"), "\(minutes) minutes do not divide a day",
                fix: "write one of 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60 …")
        }
        return TelemetrySpec(
            intervalS: minutes * 60, siteSeries: group.flag("site_series"),
            evseSeries: group.flag("evse_series"), messages: group.flag("messages"))
    }

    private func resolveNetwork() -> NetworkSpec {
        let group = root.group("network")
        return NetworkSpec(
            driveOn: group.flag("drive_on"), radiusKm: group.number(defaulted: "radius_km"),
            speedKmh: group.number(defaulted: "speed_kmh"), minimumMinutes: group.number(defaulted: "minimum_min"),
            maximumHops: group.integer(defaulted: "maximum_hops"))
    }

    private mutating func resolveCSMS(start: CivilTime, sites: [SiteSpec]) -> CSMSSpec {
        let group = root.group("csms")
        let version = OCPPVersion(worldName: group.name(defaulted: "version")) ?? .v201
        let orders = resolveOrders(group, version: version, start: start, sites: sites)
        if !orders.isEmpty, !group.flag("enabled") {
            report(
                group.place("orders"), group.path("orders"), "stands beside enabled: false",
                fix: "enable the CSMS, or drop its orders")
        }
        return CSMSSpec(
            enabled: group.flag("enabled"), heartbeatIntervalS: group.integer(defaulted: "heartbeat_interval_s"),
            meterValuesIntervalS: group.integer(defaulted: "meter_values_interval_s"),
            link: group.name(defaulted: "link"),
            wire: WireKind(rawValue: group.name(defaulted: "wire")) ?? .typed, version: version, orders: orders)
    }

    private mutating func resolveVehicles() -> [VehicleShare] {
        var shares: [VehicleShare] = []
        if let list = root.node["vehicles"] {
            var seen: [String: SourcePlace] = [:]
            for (index, item) in list.items.enumerated() {
                let reader = NodeReader(item, path: "vehicles[\(index)]", as: WorldSchema.vehicle)
                guard let id = reader.text("vehicle") else { continue }
                if let first = seen[id] {
                    report(
                        reader.place("vehicle"), reader.path("vehicle"), "\(id) stands in line \(first.line) already",
                        fix: "keep one of them and add the weights")
                }
                seen[id] = reader.place("vehicle")
                guard checkVehicle(id, at: reader.place("vehicle"), key: reader.path("vehicle")) else {
                    hasBadVehicles = true
                    continue
                }
                shares.append(VehicleShare(vehicle: id, weight: reader.number(defaulted: "weight")))
            }
        } else {
            for model in VehicleCatalogue.all where model.marketWeight(in: market) > 0 {
                shares.append(VehicleShare(vehicle: model.id, weight: model.marketWeight(in: market)))
            }
        }
        for share in shares { noteInlets(of: share.vehicle) }
        return shares
    }

    /// Complains when the catalogue has no such vehicle.
    mutating func checkVehicle(_ id: String, at place: SourcePlace, key: String) -> Bool {
        if let index = VehicleCatalogue.index(of: id) {
            let model = VehicleCatalogue.all[index]
            let isSold = model.onboard(in: market).isPresent
            if isSold || Market.allCases.allSatisfy({ !model.onboard(in: $0).isPresent }) { return true }
            report(place, key, "\(id) is not sold in \(market.worldName)", fix: "name a vehicle that is")
            return false
        }
        report(
            place, key, "there is no vehicle \"\(id)\"",
            fix: WorldChecker.suggestion(id, among: VehicleCatalogue.all.map(\.id)))
        return false
    }

    private mutating func noteInlets(of id: String) {
        guard let index = VehicleCatalogue.index(of: id) else { return }
        let model = VehicleCatalogue.all[index]
        if let inlet = model.acInlet(in: market), !inletsAC.contains(inlet) { inletsAC.append(inlet) }
        let inlet = model.dcInlet(in: market)
        if !inletsDC.contains(inlet) { inletsDC.append(inlet) }
    }

    // MARK: - Climate and comparison

    private mutating func resolveClimate() -> ClimateSpec {
        let group = root.group("climate")
        let forms = ["ambient_c", "monthly_mean_c", "table"].filter(group.has)
        if forms.count > 1 {
            report(
                group.place(forms[1]), group.path(forms[1]), "stands beside \(forms[0])",
                fix: "write one of ambient_c, monthly_mean_c and table")
        }
        if let name = group.text("table") {
            let column = group.text("column") ?? "temp_air_c"
            guard let table = course(name, column: column, group: group) else {
                return ClimateSpec(ambient: [group.number(defaulted: "ambient_c")])
            }
            return ClimateSpec(ambient: table.values, rowS: table.rowS, startsWithRun: table.startsWithRun)
        }
        if let months = group.numbers("monthly_mean_c"), months.count == 12 {
            return ClimateSpec(ambient: Self.sinusoid(months: months, swingK: group.number(defaulted: "daily_swing_k")))
        }
        if group.has("daily_swing_k") {
            report(
                group.place("daily_swing_k"), group.path("daily_swing_k"), "needs monthly_mean_c",
                fix: "add monthly_mean_c")
        }
        return ClimateSpec(ambient: [group.number(defaulted: "ambient_c")])
    }

    /// 8,760 hourly temperatures: monthly means held at mid-month and linear between, plus a daily cosine that is
    /// warmest at 15:00.
    static func sinusoid(months: [Double], swingK: Double) -> [Double] {
        let lengths: [Double] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var middles: [Double] = []
        var first = 0.0
        for length in lengths {
            middles.append((first + length / 2) * 24)
            first += length
        }
        return (0..<8760).map { hour in
            let at = Double(hour) + 0.5
            let next = middles.firstIndex { $0 > at } ?? 12
            let a = (next + 11) % 12
            let b = next % 12
            let from = next == 0 ? middles[11] - 8760 : middles[a]
            let to = next == 12 ? middles[0] + 8760 : middles[b]
            let mean = months[a] + (months[b] - months[a]) * (at - from) / (to - from)
            let phase = (Double(hour % 24) + 0.5 - 15) / 24 * 2 * Double.pi
            return mean + swingK / 2 * Math.cos(phase)
        }
    }

    private mutating func resolveComparison(start: CivilTime) -> ComparisonSpec? {
        guard root.has("comparison") else { return nil }
        let group = root.group("comparison")
        guard let name = group.text("table"),
            let table = source.table(
                name, namedAt: group.place("table"), key: group.path("table"), into: &checker.diagnostics)
        else { return nil }
        let wanted = ["date", "hour", "sessions", "energy_kwh", "occupied_h"]
        let columns = wanted.compactMap(table.column)
        guard columns.count == wanted.count else {
            let missing = wanted.filter { table.column($0) == nil }.joined(separator: ", ")
            report(
                SourcePlace(file: table.file, line: table.headerLine), missing, "missing column",
                fix: "the header needs \(wanted.joined(separator: ", "))")
            return nil
        }
        var comparison = ComparisonSpec(days: [], occupancyByHour: [], arrivalsByHour: [])
        for row in table.rows {
            let numbers = columns.dropFirst().map { table.number(row.cells[$0]) ?? .nan }
            guard let date = CivilTime(isoText: row.cells[columns[0]]), !numbers.contains(where: \.isNaN),
                (0...23).contains(numbers[0]), numbers.dropFirst().allSatisfy({ $0 >= 0 })
            else {
                report(
                    table.place(row), "", "expected a date, an hour 0 to 23 and three numbers of 0 or more",
                    fix: "correct the row or delete it")
                continue
            }
            let day = date.daysSince1970 - start.daysSince1970
            guard day >= 0 else { continue }
            comparison.extend(throughDay: day)
            comparison.add(
                day: day, hour: Int(numbers[0]), sessions: numbers[1], energyWh: numbers[2] * 1000,
                occupiedH: numbers[3])
        }
        return comparison
    }
}

extension ComparisonSpec {
    /// Adds days of unknown figures up to and including `day`.
    mutating func extend(throughDay day: Int) {
        while days.count <= day {
            days.append(ComparisonDay(sessions: .nan, energyWh: .nan))
            occupancyByHour += Array(repeating: .nan, count: 24)
            arrivalsByHour += Array(repeating: .nan, count: 24)
        }
    }

    mutating func add(day: Int, hour: Int, sessions: Double, energyWh: Double, occupiedH: Double) {
        days[day].sessions = (days[day].sessions.isNaN ? 0 : days[day].sessions) + sessions
        days[day].energyWh = (days[day].energyWh.isNaN ? 0 : days[day].energyWh) + energyWh
        occupancyByHour[day * 24 + hour] = occupiedH
        arrivalsByHour[day * 24 + hour] = sessions
    }
}
