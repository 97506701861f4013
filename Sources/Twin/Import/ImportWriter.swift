import Foundation
import Models

/// Writes an imported world and its two tables.
struct ImportWriter {
    let kind: RegisterKind
    let source: String
    let name: String
    let directory: String

    /// - Returns: paths of the world, the sites table and the stations table.
    func write(_ sites: [ImportedSite], rows: Int, noteCount: Int) throws(ImportError) -> [String] {
        let base = directory.isEmpty ? "" : directory.hasSuffix("/") ? directory : directory + "/"
        let files = [
            ("\(base)\(name).yaml", world(sites, rows: rows, noteCount: noteCount)),
            ("\(base)data/\(name)_sites.csv", sitesTable(sites)),
            ("\(base)data/\(name)_stations.csv", stationsTable(sites)),
        ]
        do {
            try FileManager.default.createDirectory(atPath: "\(base)data", withIntermediateDirectories: true)
            for (path, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) }
        } catch {
            throw ImportError(
                file: directory, problem: "cannot be written: \(error.localizedDescription)",
                fix: "choose a directory you may write to")
        }
        return files.map(\.0)
    }

    private func world(_ sites: [ImportedSite], rows: Int, noteCount: Int) -> String {
        let file = source.split(separator: "/").last.map(String.init) ?? source
        var lines = [
            "# Made by `evtwin import \(kind.rawValue)` from \(file): \(rows) rows, \(sites.count) sites, \(noteCount) remarks."
        ]
        lines += rule.map { "# \($0)" }
        lines += [
            "name: \(name)",
            "description: \(sites.count) sites of the register \(registerName).",
            "days: 7",
            "region: \((kind == .afdc ? Market.northAmerica : .europe).worldName)",
            "network: {drive_on: true, radius_km: 5}",
            "demand: {site_spread: profile}",
            "sites: {table: data/\(name)_sites.csv}",
            "stations: {table: data/\(name)_stations.csv}",
            "attribution:",
            "  - \"\(attribution)\"",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private var rule: [String] {
        switch kind {
        case .afdc: AFDCRatings.rule
        case .ncr:
            [
                "Ratings are the register's. Devices at one position make a site; the CHAdeMO and CCS plugs of a rapid",
                "charger are one EVSE, every Type 2 socket is one. Left out: devices not in service, 3-pin, Type 1 and",
                "Type 3 sockets; early Tesla DC sockets count as CCS2. Template by location type; rapid -> urban_hub.",
            ]
        case .bnetza:
            [
                "Ratings are the register's; the sockets of a unit share its connection power. Units at one position make",
                "a site. Left out: household and CEE sockets. Template: DC -> urban_hub, on motorways highway; AC ->",
                "residential_street.",
            ]
        }
    }

    private var registerName: String {
        switch kind {
        case .afdc: "Alternative Fuels Data Center"
        case .ncr: "National Chargepoint Registry"
        case .bnetza: "Ladesäulenregister"
        }
    }

    private var attribution: String {
        switch kind {
        case .afdc:
            "Alternative Fuels Data Center, National Renewable Energy Laboratory for the U.S. Department of Energy"
        case .ncr:
            "Contains public sector information licensed under the Open Government Licence v3.0: Department for Transport / "
                + "Office for Zero Emission Vehicles (National Chargepoint Registry)"
        case .bnetza: "Data: Bundesnetzagentur.de, Ladesäulenregister, CC BY 4.0, columns translated and reshaped"
        }
    }

    private func sitesTable(_ sites: [ImportedSite]) -> String {
        var text = "id,name,template,latitude,longitude,demand.ac.profile,demand.dc.profile\n"
        for site in sites {
            let cells = [
                site.id, site.name, site.template, number(site.latitude), number(site.longitude),
                site.acProfile ?? "", site.dcProfile ?? "",
            ]
            text += cells.map(quoted).joined(separator: ",") + "\n"
        }
        return text
    }

    private func stationsTable(_ sites: [ImportedSite]) -> String {
        var text = "site,count,kind,power_kw,evse_power_kw,evses,connectors,voltage_v,amps\n"
        for site in sites {
            for station in site.stations {
                let cells = [
                    site.id, "\(station.count)", station.kind.name, number(station.powerKW),
                    number(station.evsePowerKW),
                    "\(station.evses)", station.connectors.map(\.wireName).joined(separator: "|"),
                    station.voltageV.map(number) ?? "", station.amps.map(number) ?? "",
                ]
                text += cells.map(quoted).joined(separator: ",") + "\n"
            }
        }
        return text
    }

    /// Up to six decimals, nothing for an unknown.
    private func number(_ value: Double) -> String { value.isNaN ? "" : ((value * 1e6).rounded() / 1e6).plain }

    private func quoted(_ cell: String) -> String {
        let line = cell.map { $0.isNewline ? " " : $0 }
        let text = String(line)
        return text.contains(",") || text.contains("\"") ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
