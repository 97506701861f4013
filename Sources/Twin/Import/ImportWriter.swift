import Foundation
import Models
import Telemetry

/// Writes an imported world and its two tables.
struct ImportWriter {
    let kind: RegisterKind
    let source: String
    let destination: ImportDestination

    func write(_ sites: [ImportedSite], rows: Int, noteCount: Int) throws(ImportError) {
        let files = [
            (destination.sites, sitesTable(sites)), (destination.stations, stationsTable(sites)),
            (destination.world, world(sites, rows: rows, noteCount: noteCount)),
        ]
        for (path, text) in files {
            do {
                let folder = (path as NSString).deletingLastPathComponent
                if !folder.isEmpty {
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                }
                try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            } catch {
                throw ImportError(
                    file: path, problem: "cannot be written: \(FileFailure.words(error))",
                    fix: "give --out a directory that you may write to and that has space left")
            }
        }
    }

    private func world(_ sites: [ImportedSite], rows: Int, noteCount: Int) -> String {
        let file = source.split(separator: "/").last.map(String.init) ?? source
        var lines = [
            "# Made by `evtwin import \(kind.rawValue)` from \(file): \(rows) rows, \(sites.count) sites, \(noteCount) remarks."
        ]
        lines += rule.map { "# \($0)" }
        lines += [
            "name: \(destination.name)",
            "description: \(sites.count) sites of the register \(registerName).",
            "days: 7",
            "region: \((kind == .afdc ? Market.northAmerica : .europe).worldName)",
            "network: {drive_on: true, radius_km: 5}",
            "demand: {site_spread: profile}",
            "sites: {table: \(destination.reference(to: destination.sites))}",
            "stations: {table: \(destination.reference(to: destination.stations))}",
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
