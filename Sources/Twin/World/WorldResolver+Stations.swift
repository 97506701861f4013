import Models

extension WorldResolver {
    /// The stations of a site, groups of equal ones written out.
    mutating func resolveStations(
        _ nodes: [(node: WorldNode, path: String)], siteID: String, siteKind: SiteKind
    ) -> [StationSpec] {
        var stations: [StationSpec] = []
        for (node, path) in nodes {
            let group = NodeReader(node, path: path, as: WorldSchema.station)
            guard let station = resolveStation(group, siteKind: siteKind) else { continue }
            let count = group.integer(defaulted: "count")
            var ids = group.texts("ids") ?? []
            if !ids.isEmpty, group.has("id") || group.has("count") {
                report(
                    group.place("ids"), group.path("ids"), "stands beside \(group.has("id") ? "id" : "count")",
                    fix: "write ids, or id and count")
            }
            if ids.isEmpty {
                if let id = group.text("id") {
                    ids = count == 1 ? [id] : (1...max(1, count)).map { "\(id)-\($0)" }
                } else {
                    ids = (0..<max(1, count)).map { "\(siteID)-\(stations.count + 1 + $0)" }
                }
            }
            let idKey = group.has("ids") ? "ids" : "id"
            for id in ids {
                noteID(id, at: group.place(idKey), key: group.path(idKey), isSite: false)
                var copy = station
                copy.id = id
                stations.append(copy)
            }
        }
        return stations
    }

    private mutating func resolveStation(_ group: NodeReader, siteKind: SiteKind) -> StationSpec? {
        let plugs = connectors(group, default: nil)
        guard let kind = stationKind(group, plugs: plugs) else { return nil }
        let evseNodes = (group.node["evses"]?.items ?? []).enumerated().map {
            NodeReader($1, path: "\(group.path("evses"))[\($0)]", as: WorldSchema.evse)
        }
        let evseCount = evseNodes.isEmpty ? group.integer(defaulted: "evses") : evseNodes.count
        let given = evseNodes.map { $0.number("power_kw") }
        let sumGiven = given.allSatisfy { $0 != nil } ? given.reduce(0) { $0 + ($1 ?? 0) } : 0
        let each = group.number("evse_power_kw")
        guard
            let totalKW = group.number("power_kw") ?? each.map({ $0 * Double(evseCount) })
                ?? (sumGiven > 0 ? sumGiven : nil)
        else {
            if !group.has("power_kw"), !group.has("evse_power_kw") {
                report(
                    group.place, group.path("power_kw"), "the station has no power",
                    fix: "add power_kw or evse_power_kw")
            }
            return nil
        }
        let evseKW = each ?? (kind == .ac ? totalKW / Double(evseCount) : totalKW)
        for (reader, power) in zip(evseNodes, given) {
            guard let power, power > totalKW * (1 + 1e-9) else { continue }
            report(
                reader.place("power_kw"), reader.path("power_kw"),
                "\(power.plain) kW is above the station's \(totalKW.plain) kW", fix: "raise the station's power_kw")
        }
        if let each, each > totalKW * (1 + 1e-9) {
            report(
                group.place("evse_power_kw"), group.path("evse_power_kw"),
                "\(each.plain) kW is above the station's \(totalKW.plain) kW", fix: "raise power_kw")
        }
        let usual = plugs ?? [usualConnector(kind)]
        var station = StationSpec(
            id: "", kind: kind, ratedW: totalKW * 1000, moduleCount: 0, moduleW: 0, phases: 3, voltageV: 0, ampsMax: 0,
            efficiency: StationSpec.Efficiency(rawValue: group.name(defaulted: "efficiency")) ?? .table, powerFactor: 1,
            evses: [],
            weight: group.number(defaulted: "weight"))
        station.powerFactor = group.number("power_factor") ?? (station.efficiency == .ideal ? 1 : 0.99)
        setSupply(of: &station, group, evseKW: evseKW, plugs: usual, siteKind: siteKind)
        let cable = group.number("cable_amps") ?? station.ampsMax
        if evseNodes.isEmpty {
            station.evses = Array(
                repeating: EVSESpec(ratedW: evseKW * 1000, cableAmps: cable, connectors: usual),
                count: max(1, evseCount))
        } else {
            station.evses = evseNodes.map { reader in
                EVSESpec(
                    ratedW: (reader.number("power_kw") ?? evseKW) * 1000,
                    cableAmps: reader.number("cable_amps") ?? cable,
                    connectors: connectors(reader, default: usual) ?? usual)
            }
        }
        checkPlugs(of: station, group, evseNodes)
        station.ageYears = age(group)
        return station
    }

    private mutating func age(_ group: NodeReader) -> Double? {
        if group.has("age_years"), group.has("installed") {
            report(
                group.place("age_years"), group.path("age_years"), "stands beside installed",
                fix: "keep one of them")
        }
        if let years = group.number("age_years") { return years }
        guard let installed = group.text("installed").flatMap({ CivilTime(isoText: $0) }) else { return nil }
        let seconds = root.dateTime("start").secondsSince1970 - installed.secondsSince1970
        return max(0, Double(seconds) / (365.25 * 86_400))
    }

    /// Phases, voltage, current and modules from what is written and the region's practice.
    private mutating func setSupply(
        of station: inout StationSpec, _ group: NodeReader, evseKW: Double, plugs: [ConnectorType], siteKind: SiteKind
    ) {
        switch station.kind {
        case .ac:
            let isThreePhase = plugs == [.type2] && evseKW > 7.4
            station.phases = group.integer("phases") ?? (isThreePhase ? 3 : 1)
            if station.phases == 2 {
                report(group.place("phases"), group.path("phases"), "expected 1 or 3, found 2", fix: "write 1 or 3")
            }
            let usualV: Double = market == .europe ? 230 : siteKind == .residential ? 240 : 208
            station.voltageV = group.number("voltage_v") ?? usualV
            station.ampsMax = group.number("amps") ?? evseKW * 1000 / station.voltageV / Double(station.phases)
            if station.ampsMax < PilotDuty.minimumAmps {
                report(
                    group.place(group.has("amps") ? "amps" : "evse_power_kw"),
                    group.path(group.has("amps") ? "amps" : "evse_power_kw"),
                    "\(((station.ampsMax * 10).rounded() / 10).plain) A per phase is less than the 6 A that charging on AC needs",
                    fix: "raise the power, or lower phases")
            }
        case .dc:
            let totalW = station.ratedW
            let moduleW = group.number(defaulted: "module_kw") * 1000
            station.moduleCount = max(1, Int((totalW / moduleW - 1e-9).rounded(.up)))
            station.moduleW = totalW / Double(station.moduleCount)
            station.voltageV = group.number("voltage_v") ?? (evseKW <= 60 ? 500 : 920)
            station.ampsMax =
                group.number("amps") ?? (evseKW <= 60 ? 125 : evseKW <= 100 ? 200 : evseKW <= 200 ? 375 : 500)
        }
    }

    private func usualConnector(_ kind: StationKind) -> ConnectorType {
        switch (kind, market) {
        case (.ac, .europe): .type2
        case (.ac, .northAmerica): .type1
        case (.dc, .europe): .ccs2
        case (.dc, .northAmerica): .ccs1
        }
    }

    private func connectors(_ group: NodeReader, default usual: [ConnectorType]?) -> [ConnectorType]? {
        guard let names = group.texts("connectors"), !names.isEmpty else { return usual }
        let known = names.compactMap(ConnectorType.init(wireName:))
        return known.isEmpty ? usual : known
    }

    private mutating func stationKind(_ group: NodeReader, plugs: [ConnectorType]?) -> StationKind? {
        if group.has("kind") { return group.text("kind").flatMap(StationKind.init(name:)) }
        if let plugs {
            if plugs.allSatisfy({ $0.carriesDC && !$0.carriesAC }) { return .dc }
            if plugs.allSatisfy({ $0.carriesAC && !$0.carriesDC }) { return .ac }
        }
        report(group.place, group.path("kind"), "cannot be told from the connectors", fix: "add kind: ac or kind: dc")
        return nil
    }

    private mutating func checkPlugs(of station: StationSpec, _ group: NodeReader, _ evses: [NodeReader]) {
        for (index, evse) in station.evses.enumerated() {
            let reader = index < evses.count && evses[index].has("connectors") ? evses[index] : group
            for plug in evse.connectors where !(station.kind == .ac ? plug.carriesAC : plug.carriesDC) {
                report(
                    reader.place("connectors"), reader.path("connectors"),
                    "\(plug.wireName) does not carry \(station.kind == .ac ? "alternating" : "direct") current",
                    fix: "change the plug, or kind: \(station.kind == .ac ? "dc" : "ac")")
            }
            for (position, plug) in evse.connectors.enumerated() where evse.connectors.firstIndex(of: plug) != position
            {
                report(
                    reader.place("connectors"), reader.path("connectors"), "\(plug.wireName) stands twice",
                    fix: "name each plug of an EVSE once; equal outlets are evses")
            }
        }
    }

    /// Complains about connectors that no vehicle with these inlets can use.
    mutating func checkFit(_ nodes: [(node: WorldNode, path: String)], _ stations: [StationSpec]) {
        var seen: Set<ConnectorType> = []
        var next = 0
        for (node, path) in nodes {
            let group = NodeReader(node, path: path, as: WorldSchema.station)
            let copies = max(1, group.texts("ids")?.count ?? group.integer(defaulted: "count"))
            guard next < stations.count else { return }
            let inlets = stations[next].kind == .ac ? inletsAC : inletsDC
            if inlets.isEmpty, hasBadVehicles { return }
            for plug in stations[next].evses.flatMap(\.connectors) where !seen.contains(plug) {
                if !inlets.contains(where: { plug.fits(inlet: $0) }) {
                    seen.insert(plug)
                    report(
                        group.place("connectors"), group.path("connectors"),
                        "\(plug.wireName) fits no vehicle of the mix",
                        fix: "use \(Self.names(inlets)), or add a vehicle with this inlet to vehicles")
                }
            }
            next += copies
        }
    }

    private static func names(_ plugs: [ConnectorType]) -> String {
        let names = ConnectorType.allCases.filter(plugs.contains).map(\.wireName)
        return names.isEmpty ? "nothing" : names.joined(separator: ", ")
    }
}
