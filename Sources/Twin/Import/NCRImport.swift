import Models

/// The United Kingdom's National Chargepoint Registry: devices with rated connectors. Devices at one position make a site.
enum NCRImport {
    /// Connectors of a device in the registry's own export.
    static let connectorsMax = 8

    static let columns: [RegisterColumn] =
        [
            RegisterColumn("device_id", "chargeDeviceID"), RegisterColumn("reference"), RegisterColumn("name"),
            RegisterColumn("lat", "latitude"), RegisterColumn("lon", "longitude"),
            RegisterColumn("status", "chargeDeviceStatus"), RegisterColumn("location_type", "locationType"),
            RegisterColumn("connectors", "connector1Type"),
            RegisterColumn("connector_kw", "connector1RatedOutputKW"),
            RegisterColumn("state", "county", required: false),
            RegisterColumn("connector1_status", "connector1Status", required: false),
        ]
        + (2...connectorsMax).flatMap { number in
            [
                RegisterColumn("connector\(number)", "connector\(number)Type", required: false),
                RegisterColumn("connector\(number)_kw", "connector\(number)RatedOutputKW", required: false),
                RegisterColumn("connector\(number)_status", "connector\(number)Status", required: false),
            ]
        }

    static func sites(_ register: inout RegisterReader) -> [ImportedSite] {
        var collector = SiteCollector()
        var ids = RegisterIDs()
        for row in register.rows {
            guard let device = ids.id(of: row, written: register.text(row, "device_id"), in: &register) else {
                continue
            }
            let reference = register.text(row, "reference")
            let id = reference.isEmpty ? device : reference
            let status = register.text(row, "status")
            guard status == "In service" else {
                register.note(row, id, "status \"\(status)\": left out")
                continue
            }
            let stations = stations(&register, row, id: id)
            guard !stations.isEmpty else {
                register.note(row, id, "has no connector that vehicles of the catalogue use: left out")
                continue
            }
            let position = register.position(row, id: id, latitudes: 49...61.5, longitudes: -9...2.5)
            let template = template(register.text(row, "location_type"), isRapid: stations.contains { $0.kind == .dc })
            collector.add(
                id: "ncr-\(id)", name: register.text(row, "name"), template: template, position: position,
                stations: stations)
        }
        return collector.sites
    }

    /// A device's connectors: the DC plugs of a rapid charger share its EVSEs, every AC socket is an outlet of its own.
    private static func stations(_ register: inout RegisterReader, _ row: CSVTable.Row, id: String) -> [ImportedStation]
    {
        let connectors = connectors(&register, row, id: id)
        var sockets: [Double] = []
        var combos: [Double] = []
        var chademos: [Double] = []
        for (name, kilowatts) in connectors {
            guard kilowatts >= 1 else {
                register.note(row, id, "\(name) is rated \(kilowatts.plain) kW: connector left out")
                continue
            }
            switch name {
            case "Type 2 Mennekes (IEC62196)": sockets.append(kilowatts)
            case "Type 2 Combo (IEC62196) DC", "Type 2 Tesla (IEC62196) DC": combos.append(kilowatts)
            case "JEVS G105 (CHAdeMO) DC": chademos.append(kilowatts)
            default: register.note(row, id, "\(name): connector left out")
            }
        }
        return dc(combos: combos, chademos: chademos) + ac(sockets)
    }

    /// Names and ratings, kW: lists in two cells of an extract, or columns by number in the registry's own export.
    private static func connectors(
        _ register: inout RegisterReader, _ row: CSVTable.Row, id: String
    ) -> [(name: String, kilowatts: Double)] {
        guard register.headerName("connectors") != "connectors" else {
            let names = register.text(row, "connectors").split(separator: "|").map(String.init)
            let ratings = register.text(row, "connector_kw").split(separator: "|", omittingEmptySubsequences: false)
            guard names.count == ratings.count else {
                register.note(row, id, "names \(names.count) connectors but \(ratings.count) ratings: left out")
                return []
            }
            return zip(names, ratings).map { ($0, RegisterReader.number($1) ?? 0) }
        }
        var found: [(name: String, kilowatts: Double)] = []
        for number in 1...connectorsMax {
            let name = register.text(row, number == 1 ? "connectors" : "connector\(number)")
            if name.isEmpty { continue }
            let status = register.text(row, "connector\(number)_status")
            guard ["", "In service"].contains(status) else {
                register.note(row, id, "\(name), status \"\(status)\": connector left out")
                continue
            }
            let column = number == 1 ? "connector_kw" : "connector\(number)_kw"
            found.append((name, register.number(row, column, id: id) ?? 0))
        }
        return found
    }

    private static func dc(combos: [Double], chademos: [Double]) -> [ImportedStation] {
        (0..<max(combos.count, chademos.count)).map { index in
            let combo = index < combos.count ? combos[index] : nil
            let chademo = index < chademos.count ? chademos[index] : nil
            let kilowatts = max(combo ?? 0, chademo ?? 0)
            let plugs: [ConnectorType] = (combo != nil ? [.ccs2] : []) + (chademo != nil ? [.chademo] : [])
            return ImportedStation(kind: .dc, powerKW: kilowatts, evsePowerKW: kilowatts, connectors: plugs)
        }
    }

    /// Equal sockets of a device make one station.
    private static func ac(_ sockets: [Double]) -> [ImportedStation] {
        Set(sockets).sorted().map { kilowatts in
            let count = sockets.count { $0 == kilowatts }
            return ImportedStation(
                kind: .ac, powerKW: kilowatts * Double(count), evsePowerKW: kilowatts, evses: count,
                connectors: [.type2])
        }
    }

    private static func template(_ location: String, isRapid: Bool) -> String {
        switch location {
        case "Service station": isRapid ? "highway" : "retail"
        case _ where isRapid: "urban_hub"
        case "Workplace car park", "NHS property", "Educational establishment": "workplace"
        case "Public car park", "Retail car park", "Leisure centre", "Hotel / Accommodation", "Dealership forecourt",
            "Park & Ride site":
            "retail"
        default: "residential_street"
        }
    }
}
