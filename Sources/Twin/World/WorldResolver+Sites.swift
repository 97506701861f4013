import Models
import Sim

extension WorldResolver {
    /// All sites, from a list or a table, with the rows of the stations table put in.
    mutating func resolveSites(start: CivilTime) -> [SiteSpec] {
        let isTable = root.node["sites"].map { $0.items.isEmpty && !$0.entries.isEmpty } ?? false
        var nodes: [(node: WorldNode, path: String)] = []
        if isTable {
            nodes = tableRows("sites", object: WorldSchema.site, extra: nil).map { ($0, "") }
        } else {
            for (index, item) in (root.node["sites"]?.items ?? []).enumerated() {
                nodes.append((item, "sites[\(index)]"))
            }
        }
        let rows = stationRows()
        checkTemplates()
        var used: Set<String> = []
        var sites: [SiteSpec] = []
        sites.reserveCapacity(nodes.count)
        for (node, path) in nodes {
            guard case .mapping = node.content else { continue }
            let own = node["id"]?.text.flatMap { rows[$0] }
            if own != nil, let id = node["id"]?.text { used.insert(id) }
            let site = resolveSite(node, path: path, tableStations: own, start: start)
            sites.append(site)
            let copies = NodeReader(node, path: path, as: WorldSchema.site).integer(defaulted: "copies")
            for number in 1..<max(1, copies) {
                let copy = site.copy(number + 1)
                noteID(copy.id, at: node["copies"]?.place ?? node.place, key: "copies", isSite: true)
                for station in copy.stations {
                    noteID(station.id, at: node["copies"]?.place ?? node.place, key: "copies", isSite: false)
                }
                sites.append(copy)
            }
        }
        for id in rows.keys.sorted() where !used.contains(id) {
            guard let row = rows[id]?.first else { continue }
            report(row.place, "site", "there is no site \"\(id)\"", fix: "use an id of the sites, or delete the row")
        }
        return sites
    }

    private mutating func tableRows(_ key: String, object: ObjectSpec, extra: String?) -> [WorldNode] {
        let group = root.group(key)
        guard let name = group.text("table"),
            let table = source.table(
                name, namedAt: group.place("table"), key: group.path("table"), into: &checker.diagnostics)
        else { return [] }
        return TableNodes.nodes(table, object: object, extra: extra, into: &checker.diagnostics).map { row in
            checker.check(extra.map(row.without) ?? row, against: object, path: "")
            return row
        }
    }

    /// Rows of the stations table by site id; looked up, and iterated only over sorted ids.
    private mutating func stationRows() -> [String: [WorldNode]] {
        guard root.has("stations") else { return [:] }
        var rows: [String: [WorldNode]] = [:]
        for row in tableRows("stations", object: WorldSchema.station, extra: "site") {
            guard let site = row["site"]?.text else {
                report(row.place, "site", "missing", fix: "write the id of the station's site")
                continue
            }
            rows[site, default: []].append(row.without("site"))
        }
        return rows
    }

    // MARK: - Templates

    private mutating func checkTemplates() {
        for entry in root.node["templates"]?.entries ?? [] {
            _ = template(entry.key, at: entry.place, key: "templates.\(entry.key)", chain: [])
        }
    }

    /// A template with everything it extends; complains when there is none.
    private mutating func template(_ name: String, at place: SourcePlace, key: String, chain: [String]) -> WorldNode? {
        if let known = templates[name] { return known }
        let builtIn = Self.builtIn[name]
        let own = root.node["templates"]?[name]
        guard builtIn != nil || own != nil else {
            let names =
                Self.builtIn.entries.map(\.key)
                + (root.node["templates"]?.entries.map(\.key).filter { Self.builtIn[$0] == nil } ?? [])
            report(place, key, "there is no template \"\(name)\"", fix: WorldChecker.suggestion(name, among: names))
            templates[name] = .some(nil)
            return nil
        }
        guard let own else {
            templates[name] = builtIn
            return builtIn
        }
        guard let base = own["extends"]?.text, let basePlace = own["extends"]?.place else {
            let merged = (builtIn ?? .empty(at: own.place)).overlaid(by: own)
            templates[name] = merged
            return merged
        }
        if chain.contains(base) || base == name {
            report(
                basePlace, "templates.\(name).extends",
                "templates extend each other in a circle: \((chain + [name, base]).joined(separator: " -> "))",
                fix: "drop one of the extends")
            templates[name] = .some(nil)
            return nil
        }
        let lower = template(base, at: basePlace, key: "templates.\(name).extends", chain: chain + [name])
        let merged = lower?.overlaid(by: own.without("extends"))
        templates[name] = .some(merged)
        return merged
    }

    private static let builtIn: WorldNode = BuiltInTemplates.tree()

    // MARK: - A site

    private mutating func resolveSite(
        _ written: WorldNode, path: String, tableStations: [WorldNode]?, start: CivilTime
    ) -> SiteSpec {
        let own = NodeReader(written, path: path, as: WorldSchema.site)
        let id = own.text("id") ?? ""
        if !id.isEmpty { noteID(id, at: own.place("id"), key: own.path("id"), isSite: true) }
        let templateName = own.text("template") ?? "retail"
        let base = template(templateName, at: own.place("template"), key: own.path("template"), chain: [])
        var node = (base ?? .empty(at: written.place)).overlaid(by: written)
        if tableStations != nil {
            if written["stations"] != nil {
                report(
                    own.place("stations"), own.path("stations"), "the stations table has rows for this site as well",
                    fix: "keep one of them")
            }
            node = node.without("stations")
        }
        let site = NodeReader(node, path: path, as: WorldSchema.site)
        let kind = SiteKind(name: site.name(defaulted: "kind")) ?? .retail
        var spec = SiteSpec(
            id: id, name: site.text("name") ?? id, template: templateName, kind: kind,
            latitude: site.number("latitude") ?? .nan, longitude: site.number("longitude") ?? .nan,
            demand: [], transformer: nil, building: nil,
            importLimitW: site.number("import_limit_kw").map { $0 * 1000 }, control: .none,
            queuePlaces: site.integer(defaulted: "queue_places"), stations: [], fixedSessions: [], fleet: nil)
        let stationNodes =
            tableStations.map { $0.map { ($0, "") } }
            ?? (site.node["stations"]?.items ?? []).enumerated().map { ($1, "\(site.path("stations"))[\($0)]") }
        spec.stations = resolveStations(stationNodes, siteID: id, siteKind: kind)
        if stationNodes.isEmpty, base != nil {
            report(
                own.place("id"), own.path("stations"), "site \(id) has no stations",
                fix: "add stations, or a template that has them")
        }
        spec.building = resolveBuilding(site.group("building"))
        spec.control = resolveControl(site, building: spec.building)
        spec.transformer = resolveTransformer(site.group("transformer"), for: spec)
        if site.has("fleet") { spec.fleet = resolveFleet(site.group("fleet"), for: spec) }
        if site.has("sessions") {
            (spec.fixedSessions, spec.sessionsBefore) = resolveSessions(
                site.group("sessions"), for: spec, start: start)
        }
        let demand = resolveDemand(site, for: spec, written: written)
        if spec.fleet == nil, spec.fixedSessions.isEmpty { spec.demand = demand }
        spec.surroundings = resolveSurroundings(site.group("surroundings"), for: spec)
        if spec.fleet == nil, spec.fixedSessions.isEmpty { checkFit(stationNodes, spec.stations) }
        return spec
    }

    /// Complains when an id was used before.
    mutating func noteID(_ id: String, at place: SourcePlace, key: String, isSite: Bool) {
        if let first = isSite ? siteIDs[id] : stationIDs[id] {
            let earlier = first.file == place.file ? "line \(first.line)" : "\(first.file):\(first.line)"
            report(
                place, key, "\"\(id)\" is used already in \(earlier)",
                fix: "give every \(isSite ? "site" : "station") an id of its own")
        } else if isSite {
            siteIDs[id] = place
        } else {
            stationIDs[id] = place
        }
    }

    private mutating func resolveBuilding(_ group: NodeReader) -> BuildingSpec? {
        let noise = group.flag("noise")
        let powerFactor = group.number(defaulted: "power_factor")
        guard let name = group.text("table") else {
            let peakW = (group.number("peak_kw") ?? 0) * 1000
            return peakW > 0
                ? BuildingSpec(
                    load: .shape(group.name(defaulted: "shape")), peakW: peakW, powerFactor: powerFactor, noise: noise)
                : nil
        }
        if group.number("peak_kw") == 0 { return nil }
        guard let column = group.text("column") else {
            report(group.place("table"), group.path("column"), "missing", fix: "name the column of the table")
            return nil
        }
        guard var table = course(name, column: column, group: group) else { return nil }
        let peak = table.values.max() ?? 0
        guard peak > 0, table.values.allSatisfy({ $0 >= 0 }) else {
            report(
                group.place("column"), group.path("column"), "\(column) has loads below 0, or nothing but 0",
                fix: "use a column of loads in kW")
            return nil
        }
        let wanted = group.number("peak_kw") ?? peak
        let key = "\(name)\u{0}\(column)\u{0}\(wanted)"
        table.values = columns[key] ?? table.values.map { $0 * 1000 * wanted / peak }
        columns[key] = table.values
        return BuildingSpec(load: .table(table), peakW: wanted * 1000, powerFactor: powerFactor, noise: noise)
    }

    private mutating func resolveControl(_ site: NodeReader, building: BuildingSpec?) -> SiteControl {
        let limitKW = site.number("import_limit_kw")
        if let limitKW, let building, building.peakW > limitKW * 1000 {
            report(
                site.place("import_limit_kw"), site.path("import_limit_kw"),
                "\(limitKW.plain) kW is below the building's own peak of \((building.peakW / 1000).plain) kW",
                fix: "raise the limit or lower building.peak_kw")
        }
        let group = site.group("control")
        guard group.name(defaulted: "policy") == "fair_share" else { return .none }
        if !site.has("import_limit_kw") || site.text("import_limit_kw") == "none" {
            report(
                group.place("policy"), group.path("policy"), "fair_share needs a limit to share",
                fix: "add import_limit_kw to the site")
        }
        return .fairShare(
            marginFraction: group.number(defaulted: "margin"), minimumW: group.number(defaulted: "minimum_kw") * 1000)
    }
}

extension SiteSpec {
    /// An equal site under other ids.
    fileprivate func copy(_ number: Int) -> SiteSpec {
        var site = self
        site.id += "-\(number)"
        site.name += " (\(number))"
        for s in site.stations.indices { site.stations[s].id += "-\(number)" }
        return site
    }
}
