import Models

/// Germany's Ladesäulenregister: units with up to four rated points behind one connection. Units at one position make a
/// site.
enum BNetzAImport {
    static let pointsMax = 6

    static let columns: [RegisterColumn] =
        [
            RegisterColumn("station_id", "Ladeeinrichtungs-ID", required: false),
            RegisterColumn("operator", "Betreiber"), RegisterColumn("address", "Straße", "Adresse"),
            RegisterColumn("house_number", "Hausnummer", required: false),
            RegisterColumn("lat", "Breitengrad", "Breitengrad [DG]"),
            RegisterColumn("lon", "Längengrad", "Längengrad [DG]"),
            RegisterColumn(
                "connection_kw", "Nennleistung Ladeeinrichtung [kW]", "Nennleistung [kW]", "Anschlussleistung [kW]",
                "Anschlussleistung"),
            RegisterColumn("n_points", "Anzahl Ladepunkte"), RegisterColumn("status", "Status", required: false),
            RegisterColumn("state", "Bundesland", required: false),
        ]
        + (1...pointsMax).flatMap { point in
            [
                RegisterColumn("p\(point)_connectors", "Steckertypen\(point)", required: point == 1),
                RegisterColumn(
                    "p\(point)_kw", "Nennleistung Stecker\(point)", "P\(point) [kW]", required: point == 1),
            ]
        }

    static func sites(_ register: inout RegisterReader) -> [ImportedSite] {
        var collector = SiteCollector()
        var ids = RegisterIDs()
        for row in register.rows {
            // Exports before 2024 have no ids: the row's number stands in for one.
            let written = register.has("station_id") ? register.text(row, "station_id") : "\(row.number)"
            let status = register.text(row, "status")
            guard ["", "In Betrieb"].contains(status) else {
                register.note(row, written, "status \"\(status)\": left out")
                continue
            }
            guard let id = ids.id(of: row, written: written, in: &register) else { continue }
            let stations = stations(&register, row, id: id)
            guard !stations.isEmpty else {
                register.note(row, id, "has no connector that vehicles of the catalogue use: left out")
                continue
            }
            let position = register.position(row, id: id, latitudes: 47...55.2, longitudes: 5.6...15.2)
            let place = ["operator", "address", "house_number"].map { register.text(row, $0) }
                .filter { !$0.isEmpty }.joined(separator: " ")
            collector.add(
                id: "bnetza-\(id)", name: place,
                template: template(place, isFast: stations.contains { $0.kind == .dc }),
                position: position, stations: stations)
        }
        return collector.sites
    }

    private static func stations(_ register: inout RegisterReader, _ row: CSVTable.Row, id: String) -> [ImportedStation]
    {
        let connection = register.number(row, "connection_kw", id: id) ?? .infinity
        var ac: [Double] = []
        var dc: [(kilowatts: Double, plugs: [ConnectorType])] = []
        var points = 0
        for point in 1...pointsMax {
            let names = register.text(row, "p\(point)_connectors")
            if names.isEmpty { continue }
            points += 1
            let plugs = PointPlugs(names: names, ratings: register.text(row, "p\(point)_kw"))
            guard var kilowatts = plugs.kilowatts, (1...RegisterReader.plausibleMax).contains(kilowatts) else {
                register.note(
                    row, id, "point \(point) is rated \(register.text(row, "p\(point)_kw")) kW: point left out")
                continue
            }
            if kilowatts > connection {
                register.note(
                    row, id,
                    "point \(point) of \(kilowatts.plain) kW exceeds the connection: cut to \(connection.plain) kW")
                kilowatts = connection
            }
            if !plugs.dc.isEmpty {
                if plugs.hasSocket { register.note(row, id, "point \(point) has AC and DC plugs: modelled as DC") }
                dc.append((kilowatts, plugs.dc))
            } else if plugs.hasSocket {
                ac.append(kilowatts)
            } else {
                register.note(row, id, "point \(point) (\(names)): point left out")
            }
        }
        if let stated = Int(register.text(row, "n_points")), stated != points {
            register.note(row, id, "states \(stated) points but describes \(points): described points taken")
        }
        var stations = dc.map { point in
            ImportedStation(kind: .dc, powerKW: point.kilowatts, evsePowerKW: point.kilowatts, connectors: point.plugs)
        }
        for kilowatts in Set(ac).sorted() {
            let count = ac.count { $0 == kilowatts }
            let shared = max(kilowatts, min(kilowatts * Double(count), connection))
            stations.append(
                ImportedStation(kind: .ac, powerKW: shared, evsePowerKW: kilowatts, evses: count, connectors: [.type2]))
        }
        return stations
    }

    private static let travelWords = [
        "Autobahn", "BAB ", "Raststätte", "Rasthof", "Autohof", "Tank & Rast", "IONITY", "T&R",
    ]

    private static func template(_ place: String, isFast: Bool) -> String {
        guard isFast else { return "residential_street" }
        return travelWords.contains { place.contains($0) } ? "highway" : "urban_hub"
    }
}

/// The plugs of one point: names divided by `|`, `;` or `, `, ratings likewise, one for all or one each.
private struct PointPlugs {
    private(set) var dc: [ConnectorType] = []
    private(set) var hasSocket = false
    /// Rating of what the point is used for: of its DC plugs where it has some; `nil` where none is given.
    private(set) var kilowatts: Double?

    init(names: String, ratings: String) {
        let names = names.replacing(", ", with: ";").split { $0 == "|" || $0 == ";" }
        let numbers = ratings.replacing(", ", with: ";").split { $0 == "|" || $0 == ";" }.map(RegisterReader.number)
        var acKW: Double?
        var dcKW: Double?
        for (index, name) in names.enumerated() {
            let rating = numbers.count == names.count ? numbers[index] : numbers.compactMap(\.self).max()
            if name.contains("Combo") || (name.contains("DC") && name.contains("Tesla")) {
                if !dc.contains(.ccs2) { dc.insert(.ccs2, at: 0) }
                dcKW = max(dcKW ?? 0, rating ?? 0)
            } else if name.contains("CHAdeMO") {
                if !dc.contains(.chademo) { dc.append(.chademo) }
                dcKW = max(dcKW ?? 0, rating ?? 0)
            } else if name.contains("Typ 2") {
                hasSocket = true
                acKW = max(acKW ?? 0, rating ?? 0)
            }
        }
        kilowatts = dcKW ?? acKW ?? numbers.compactMap(\.self).max()
    }
}

/// Puts the entries of one position together.
struct SiteCollector {
    private(set) var sites: [ImportedSite] = []
    /// Index of the site at a position; looked up, never iterated.
    private var known: [String: Int] = [:]
    private var ids: Set<String> = []

    mutating func add(
        id: String, name: String, template: String, position: (latitude: Double, longitude: Double),
        stations: [ImportedStation]
    ) {
        let isKnown = !position.latitude.isNaN
        let key = isKnown ? "\(position.latitude) \(position.longitude)" : id
        if let index = known[key] {
            for station in stations { sites[index].add(station) }
            if Self.rank(template) > Self.rank(sites[index].template) { sites[index].template = template }
            return
        }
        var unique = id
        var number = 2
        while !ids.insert(unique).inserted {
            unique = "\(id)-\(number)"
            number += 1
        }
        known[key] = sites.count
        var site = ImportedSite(
            id: unique, name: name, template: template, latitude: position.latitude, longitude: position.longitude,
            stations: [])
        for station in stations { site.add(station) }
        sites.append(site)
    }

    /// Of several templates at one position the busiest wins.
    private static func rank(_ template: String) -> Int {
        ["residential_street", "retail", "workplace", "urban_hub", "highway"].firstIndex(of: template) ?? 0
    }
}

extension ImportedSite {
    mutating func add(_ station: ImportedStation) {
        if let index = stations.firstIndex(where: { $0.isLike(station) }) {
            stations[index].count += station.count
        } else {
            stations.append(station)
        }
    }
}

extension ImportedStation {
    func isLike(_ other: ImportedStation) -> Bool {
        var copy = other
        copy.count = count
        return copy == self
    }
}
