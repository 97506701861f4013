import Models

/// Germany's Ladesäulenregister: units with up to four rated points behind one connection. Units at one position make a
/// site.
enum BNetzAImport {
    static let pointsMax = 4
    static let columns =
        ["station_id", "operator", "address", "lat", "lon", "connection_kw", "n_points"]
        + (1...pointsMax).flatMap { ["p\($0)_connectors", "p\($0)_kw"] }

    static func sites(_ register: inout RegisterReader) -> [ImportedSite] {
        var collector = SiteCollector()
        for row in register.rows {
            let id = register.text(row, "station_id")
            let stations = stations(&register, row, id: id)
            guard !stations.isEmpty else {
                register.note(row, id, "has no connector that vehicles of the catalogue use: left out")
                continue
            }
            let position = register.position(row, id: id, latitudes: 47...55.2, longitudes: 5.6...15.2)
            let place = "\(register.text(row, "operator")) \(register.text(row, "address"))"
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
            guard var kilowatts = register.number(row, "p\(point)_kw", id: id), kilowatts >= 1 else {
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
            var plugs: [ConnectorType] = []
            if names.contains("Combo") { plugs.append(.ccs2) }
            if names.contains("CHAdeMO") { plugs.append(.chademo) }
            let hasSocket = names.contains("Typ 2")
            if !plugs.isEmpty {
                if hasSocket { register.note(row, id, "point \(point) has AC and DC plugs: modelled as DC") }
                dc.append((kilowatts, plugs))
            } else if hasSocket {
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
