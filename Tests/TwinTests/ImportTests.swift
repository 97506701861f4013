import CDeflate
import Foundation
import Models
import Testing

@testable import Twin

@Suite("Register imports")
struct ImportTests {
    private func run(_ kind: RegisterKind, _ text: String, packed: Bool = false) throws -> ImportTrial {
        try ImportTrial(kind, bytes: packed ? gzip(Array(text.utf8)) : Array(text.utf8))
    }

    private func gzip(_ bytes: [UInt8]) -> [UInt8] {
        guard let compressor = libdeflate_alloc_compressor(6) else { return [] }
        defer { libdeflate_free_compressor(compressor) }
        var out = [UInt8](repeating: 0, count: libdeflate_gzip_compress_bound(compressor, bytes.count))
        let count = libdeflate_gzip_compress(compressor, bytes, bytes.count, &out, out.count)
        return Array(out.prefix(count))
    }

    private static let afdcHeader =
        "afdc_id,name,lat,lon,access,l1_ports,l2_ports,dcfc_ports,connectors,network,open_date,facility_type,workplace\n"

    @Test("AFDC ports become stations by the documented rule")
    func afdc() throws {
        let rows = """
            1,Garage,47.5,-122.2,public,,5,,J1772,ChargePoint Network,2015-05-01,,False
            2,"Mall, east",47.6,-122.2,public,,,9,CHADEMO|J1772COMBO,Electrify America,2021-05-01,SHOPPING_MALL,False
            3,Stalls,47.6,-122.3,public,,,6,TESLA,Tesla,2022-05-01,,False
            4,Old stalls,47.6,-122.3,public,,,3,TESLA,Tesla,2016-05-01,,False
            5,Oak Apartments,47.6,-122.3,public,1,2,,J1772,FLO,2024-01-01,,False
            6,Nothing,47.6,-122.3,public,,,,J1772,FLO,2024-01-01,,False
            7,Works,47.6,0,public,,4,2,J1772,FLO,2021-01-01,,True
            8,Cut off,47.6
            """
        for packed in [false, true] {
            let made = try run(.afdc, Self.afdcHeader + rows, packed: packed)
            let sites = made.world.sites
            #expect(sites.map(\.id) == ["afdc-1", "afdc-2", "afdc-3", "afdc-4", "afdc-5", "afdc-7"])
            #expect(
                sites.map(\.template) == [
                    "retail", "urban_hub", "urban_hub", "urban_hub", "residential_street", "urban_hub",
                ])
            #expect(sites[0].stations.map(\.evses.count) == [2, 2, 1])
            #expect(sites[0].stations[0].evses[0].ratedW == 6240 && sites[0].stations[0].ampsMax == 30)
            #expect(
                sites[1].stations.map(\.ratedW).sorted()
                    == [150, 150, 150, 150, 150, 350, 350, 350, 350].map { $0 * 1000 })
            #expect(sites[1].stations[0].evses[0].connectors == [.ccs1, .chademo])
            #expect(
                sites[2].stations.map(\.ratedW) == [350_000, 250_000] && sites[2].stations.map(\.evses.count) == [4, 2])
            #expect(sites[3].stations.map(\.ratedW) == [150_000, 150_000] && sites[3].evseCount == 3)
            #expect(sites[4].stations[0].voltageV == 120 && sites[4].stations[1].evses[0].ratedW == 8320)
            #expect(sites[5].latitude.isNaN && sites[5].longitude.isNaN)
            #expect(
                sites.map { $0.demand.map(\.profile) } == [
                    ["l2_destination"], ["dc_urban_hub"], ["dc_tesla_supercharger"], ["dc_tesla_supercharger"],
                    ["l2_multifamily"], ["l2_destination", "dc_urban_hub"],
                ])
            #expect(sites[5].demand.map(\.sessionsPerDay) == [0.9 * 4, 8.5 * 2])
            #expect(sites[1].demand[0].siteSpread > 0.69 && made.yaml.contains("site_spread: profile"))
            #expect(made.summary.notes.map(\.row) == [6, 7, 7, 8])
            #expect(made.summary.notes[0].finding == "has no ports: left out")
            #expect(made.yaml.contains("ratings. Assigned"), "the world must say that ratings are assigned")
        }
    }

    @Test("the station locator's own column names are understood")
    func originalNames() throws {
        let header =
            "Fuel Type Code,Station Name,ID,Latitude,Longitude,Access Code,EV Level1 EVSE Num,EV Level2 EVSE Num,EV DC Fast Count,EV Connector Types,EV Network,Open Date\n"
        let made = try run(.afdc, header + "ELEC,Library,77,40.7,-74.0,public,,2,1,J1772 J1772COMBO,FLO,2021-03-01\n")
        #expect(made.world.sites.map(\.id) == ["afdc-77"])
        #expect(made.world.sites[0].stations.map(\.kind) == [.ac, .dc])
    }

    @Test("NCR devices keep their ratings; wrong positions and unknown plugs are reported by row")
    func ncr() throws {
        let rows = """
            device_id,reference,name,lat,lon,status,location_type,connectors,connector_kw
            x1,R1,Services,51.5,-0.1,In service,Service station,JEVS G105 (CHAdeMO) DC|Type 2 Combo (IEC62196) DC|Type 2 Mennekes (IEC62196),50|50|43
            x2,R2,Felixstowe,-25.36,131.04,In service,On-street,Type 2 Mennekes (IEC62196)|3-pin Type G (BS1363),7|3
            x3,R3,Closed,51.6,-0.2,Out of service,On-street,Type 2 Mennekes (IEC62196),7
            x4,R4,Beside,51.5,-0.1,In service,Service station,Type 2 Mennekes (IEC62196),7
            """
        let made = try run(.ncr, rows)
        #expect(made.world.sites.map(\.id) == ["ncr-R1", "ncr-R2"])
        #expect(made.world.sites[0].template == "highway")
        #expect(made.world.sites[0].stations.map(\.ratedW) == [50_000, 43_000, 7000])
        #expect(made.world.sites[0].stations[0].evses[0].connectors == [.ccs2, .chademo])
        #expect(made.world.sites[0].stations[1].phases == 3)
        #expect(made.world.sites[1].latitude.isNaN)
        #expect(
            made.summary.notes.map(\.description) == [
                "row 2 (R2): 3-pin Type G (BS1363): connector left out",
                "row 2 (R2): position -25.36, 131.04 is outside the register's country: dropped",
                "row 3 (R3): status \"Out of service\": left out",
            ])
    }

    @Test("units of the German register share their connection; points of 0 kW and above the connection are reported")
    func bnetza() throws {
        let header =
            "station_id,operator,address,lat,lon,connection_kw,n_points,p1_connectors,p1_kw,p2_connectors,p2_kw,p3_connectors,p3_kw,p4_connectors,p4_kw\n"
        let rows = """
            D1,Stadtwerke,Markt 1,49.5,8.4,22,2,AC Steckdose Typ 2,22,AC Steckdose Typ 2,22,,,,
            D2,Tank & Rast,A3,50.1,8.6,150,3,DC Kupplung Combo|DC CHAdeMO,50,AC Kupplung Typ 2,43,AC Schuko,0,,
            D3,Stadtwerke,Weg 2,49.6,84.0,11,1,AC Steckdose Typ 2,22,,,,,,
            """
        let made = try run(.bnetza, header + rows)
        let sites = made.world.sites
        #expect(sites[0].stations.count == 1 && sites[0].connectedW == 22_000 && sites[0].evseCount == 2)
        #expect(sites[0].stations[0].evses[0].ratedW == 22_000)
        #expect(sites[1].template == "highway" && sites[1].stations.map(\.kind) == [.dc, .ac])
        #expect(sites[2].latitude.isNaN && sites[2].connectedW == 11_000)
        #expect(made.summary.notes.map(\.row) == [2, 3, 3])
    }

    @Test("a file that is no such register is refused with its missing columns")
    func wrongFile() throws {
        let error = #expect(throws: ImportError.self) { try run(.ncr, "a,b\n1,2\n") }
        #expect(error?.problem.hasPrefix("lacks the columns chargeDeviceID (or device_id), reference") == true)
        #expect(throws: ImportError.self) { try run(.afdc, Self.afdcHeader) }
        let here = try ImportDestination(out: "nowhere", name: "x", register: "/no/such/file")
        #expect(throws: ImportError.self) { try RegisterImport.run(kind: .afdc, file: "/no/such/file", to: here) }
        for name in ["../x", "", "/x", "a/b", ".x", "-x", "a:b", "x\n"] {
            #expect(throws: ImportError.self, "\(name)") {
                try ImportDestination(out: "nowhere", name: name, register: "r.csv")
            }
        }
    }

    @Test("a gzip file cut short is refused")
    func cutShort() throws {
        let scratch = try ScratchFiles()
        defer { scratch.remove() }
        let file = scratch.directory + "r.csv.gz"
        try Data(gzip(Array(Self.afdcHeader.utf8)).dropLast(9)).write(to: URL(fileURLWithPath: file))
        #expect(throws: ImportError.self) {
            try RegisterImport.run(
                kind: .afdc, file: file,
                to: try ImportDestination(out: scratch.directory, name: "x", register: file))
        }
    }

    @Test(
        "importing the registers again gives the shipped tables",
        .enabled(if: ProcessInfo.processInfo.environment["EVTWIN_REGISTERS"] != nil),
        arguments: [
            ("seattle", "us_seattle_metro_afdc_20250209.csv"), ("new-york", "us_ny_afdc_20250421.csv.gz"),
        ])
    func onDemandShippedTables(name: String, register: String) throws {
        let registers = try #require(ProcessInfo.processInfo.environment["EVTWIN_REGISTERS"])
        let scratch = try ScratchFiles()
        defer { scratch.remove() }
        _ = try RegisterImport.run(
            kind: .afdc, file: "\(registers)/\(register)",
            to: try ImportDestination(out: scratch.directory, name: name, register: register))
        for table in ["sites", "stations"] {
            let made = try String(contentsOfFile: "\(scratch.directory)data/\(name)_\(table).csv", encoding: .utf8)
            #expect(try made == ProjectFiles.text("worlds/data/\(name)_\(table).csv"), "\(table)")
        }
    }
}
