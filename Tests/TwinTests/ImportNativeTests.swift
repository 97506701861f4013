import Foundation
import Models
import Testing

@testable import Twin

/// Headers as the authorities export them; the rows are made up.
@Suite("Register imports, the authorities' own exports")
struct ImportNativeTests {
    // MARK: AFDC

    private static let afdcHeader =
        "Fuel Type Code,Station Name,Street Address,Intersection Directions,City,State,ZIP,Plus4,Station Phone,Status Code,"
        + "Expected Date,Groups With Access Code,Access Days Time,Cards Accepted,BD Blends,NG Fill Type Code,NG PSI,"
        + "EV Level1 EVSE Num,EV Level2 EVSE Num,EV DC Fast Count,EV Other Info,EV Network,EV Network Web,Geocode Status,"
        + "Latitude,Longitude,Date Last Confirmed,ID,Updated At,Owner Type Code,Open Date,EV Connector Types,Country,"
        + "Access Code,Facility Type,EV Workplace Charging"

    private func afdcRow(
        _ id: String, _ name: String, status: String = "E", fuel: String = "ELEC", state: String = "WA",
        latitude: Double = 47.6, longitude: Double = -122.3, expected: String = "", ports: String = "2"
    ) -> String {
        let cells = [
            fuel, name, "1 Way", "", "Town", state, "98000", "", "", status, expected, "Public", "24 hours", "", "", "",
            "", "", ports, "", "", "FLO", "", "200-8", "\(latitude)", "\(longitude)", "2025-01-01", id, "2025-01-02",
            "P",
            "2021-01-01", "J1772", "US", "public", "", "false",
        ]
        return cells.map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",")
    }

    @Test("planned and temporarily closed stations and other fuels are left out and named")
    func afdcStatus() throws {
        let rows = [
            afdcRow("1", "Open"), afdcRow("2", "Planned", status: "P", expected: "2026-03-01"),
            afdcRow("3", "Shut", status: "T"), afdcRow("4", "Gas", fuel: "LPG"), afdcRow("5", "Gas", fuel: "CNG"),
            afdcRow("6", "Odd", status: "X"),
        ]
        let made = try ImportTrial(.afdc, ([Self.afdcHeader] + rows).joined(separator: "\n"))
        #expect(made.world.sites.map(\.id) == ["afdc-1"])
        #expect(
            made.summary.notes.map(\.description) == [
                "2 rows of other fuels than ELEC: left out",
                "row 2 (2): status P (planned, expected 2026-03-01): left out",
                "row 3 (3): status T (temporarily closed): left out",
                "row 6 (6): status \"X\" is none of E, P, T: left out",
            ])
    }

    @Test("repeated ids end in a world that is in order, and are named")
    func repeatedIDs() throws {
        let rows = [
            afdcRow("7", "One"), afdcRow("7", "One"), afdcRow("7", "One, moved", latitude: 47.7), afdcRow("", "No id"),
            afdcRow("7-2", "Has that id"),
        ]
        let made = try ImportTrial(.afdc, ([Self.afdcHeader] + rows).joined(separator: "\r\n"))
        #expect(made.world.sites.map(\.id) == ["afdc-7", "afdc-7-2", "afdc-row-4", "afdc-7-2-2"])
        #expect(
            made.summary.notes.map(\.finding) == [
                "repeats the entry of row 1: left out", "has the id of row 1 at another place: named 7-2",
                "has no id: named row-4",
            ])
    }

    @Test("a box and states choose rows; the rest is counted")
    func filters() throws {
        let text = [
            Self.afdcHeader, afdcRow("1", "A"), afdcRow("2", "B", state: "OR", latitude: 45.5, longitude: -122.6),
            afdcRow("3", "C", latitude: 48.7, longitude: -122.5), afdcRow("4", "D", state: "ID", latitude: 43.6),
        ].joined(separator: "\n")
        let states = try ImportTrial(.afdc, text, filter: ImportFilter(states: ["wa", "OR"]))
        #expect(states.world.sites.map(\.id) == ["afdc-1", "afdc-2", "afdc-3"])
        #expect(states.summary.rows == 4 && states.summary.filtered == 1)
        let box = try BoundingBox(text: "-122.45,47.25,-122.00,47.85")
        let boxed = try ImportTrial(.afdc, text, filter: ImportFilter(box: box))
        #expect(boxed.world.sites.map(\.id) == ["afdc-1"] && boxed.summary.filtered == 3)
        let none = #expect(throws: ImportError.self) {
            try ImportTrial(.afdc, text, filter: ImportFilter(states: ["WI"]))
        }
        #expect(none?.fix.hasPrefix("did you mean W") == true || none?.fix.hasPrefix("did you mean ID") == true)
        for wrong in ["1,2,3", "1,2,3,x", "-122,47.8,-123,47.2", "200,0,210,1", "0,60,1,50"] {
            #expect(throws: ImportError.self, "\(wrong)") { try BoundingBox(text: wrong) }
        }
    }

    // MARK: NCR

    private static let ncrHeader =
        "chargeDeviceID,reference,name,latitude,longitude,street,town,county,postcode,deviceDescription,"
        + "chargeDeviceStatus,dateCreated,locationType,"
        + (1...8).map { number in
            ["ID", "Type", "RatedOutputKW", "ChargeMethod", "Status", "Description"].map { "connector\(number)\($0)" }
                .joined(separator: ",") + (number == 2 ? ",connector3Validated" : ",connector\(number)Validated")
        }.joined(separator: ",")

    private func ncrRow(
        _ id: String, _ reference: String, connectors: [(String, String, String)], description: String = ""
    ) -> String {
        let head = [
            id, reference, "Car park", "51.5", "-0.1", "High Street", "Leek", "Suffolk", "IP1", description,
            "In service",
            "2014-08-19", "Public car park",
        ]
        let cells = (0..<8).flatMap { index -> [String] in
            guard index < connectors.count else { return Array(repeating: "", count: 7) }
            let (type, power, status) = connectors[index]
            return ["\(index)", type, power, "Single Phase AC", status, "x, y", "0"]
        }
        return (head + cells).map { $0.contains(",") || $0.contains("\n") ? "\"\($0)\"" : $0 }.joined(separator: ",")
    }

    @Test("the registry's own columns, line breaks in cells, a column named twice, connectors out of service")
    func ncr() throws {
        let rows = [
            ncrRow(
                "x1", "R1",
                connectors: [
                    ("Type 2 Mennekes (IEC62196)", "7.0", "In service"), ("3-pin Type G (BS1363)", "3.7", "In service"),
                    ("Type 2 Mennekes (IEC62196)", "22.0", "Out of service"),
                    ("JEVS G105 (CHAdeMO) DC", "50", ""),
                ], description: "by the door,\nlevel 2"),
            ncrRow("x2", "R2", connectors: [("Type 2 Mennekes (IEC62196)", "7.0", "In service")]),
            ncrRow("x1", "R1", connectors: [("Type 2 Mennekes (IEC62196)", "7.0", "In service")]),
        ]
        let made = try ImportTrial(.ncr, ([Self.ncrHeader] + rows).joined(separator: "\n"))
        #expect(made.world.sites.map(\.id) == ["ncr-R1"])
        #expect(made.world.sites[0].stations.map(\.ratedW).sorted() == [7000, 7000, 50_000])
        #expect(
            made.summary.notes.map(\.description) == [
                "row 1 (R1): Type 2 Mennekes (IEC62196), status \"Out of service\": connector left out",
                "row 1 (R1): 3-pin Type G (BS1363): connector left out",
                "row 3 (x1): repeats the entry of row 1: left out",
            ])
        let county = try ImportTrial(
            .ncr, ([Self.ncrHeader] + rows).joined(separator: "\n"), filter: ImportFilter(states: ["SUFFOLK"]))
        #expect(county.summary.filtered == 0)
    }

    // MARK: BNetzA

    /// As exported until 2023: lines before the header, decimal commas, no ids.
    private static let older = """
        Ladesäulenregister Bundesnetzagentur;;;;;;;;;;;;;;;;;;;
        ;;;;;;;;;;;;;;;;;;;
        Stand: 01.12.2021, ohne Gewähr, alle Angaben von Betreibern;;;;;;;;;;;;;;;;;;;
        Allgemeine Informationen;;;;;;;;;;;;;;1. Ladepunkt;;;2. Ladepunkt;;
        Betreiber;Straße;Hausnummer;Adresszusatz;Postleitzahl;Ort;Bundesland;Kreis/kreisfreie Stadt;Breitengrad;Längengrad;\
        Inbetriebnahmedatum;Anschlussleistung;Art der Ladeeinrichung;Anzahl Ladepunkte;Steckertypen1;P1 [kW];Public Key1;\
        Steckertypen2;P2 [kW];Public Key2
        Albwerk GmbH & Co. KG;Ennabeurer Weg;0;;72535;Heroldstatt;Baden-Württemberg;Alb-Donau;48,442398;9,659075;11.01.20;\
        22,5;Normalladeeinrichtung;2;AC Steckdose Typ 2, AC Schuko;22,5;;AC Steckdose Typ 2;11,0;
        Albwerk GmbH & Co. KG;Hauptstraße;5;;72535;Heroldstatt;Bayern;Alb-Donau;48,5;9,7;11.01.20;150;\
        Schnellladeeinrichtung;2;DC Kupplung Combo, DC CHAdeMO;150;;AC Kupplung Typ 2;43;
        """

    @Test("the German register until 2023, in UTF-8, UTF-8 with a mark, Windows-1252 and UTF-16")
    func olderBNetzA() throws {
        for bytes in SavedText.forms(of: Self.older) {
            let made = try ImportTrial(.bnetza, bytes: bytes)
            #expect(made.world.sites.map(\.id) == ["bnetza-1", "bnetza-2"])
            #expect(made.world.sites[1].name == "Albwerk GmbH & Co. KG Hauptstraße 5")
            #expect(abs(made.world.sites[0].latitude - 48.442398) < 1e-9)
            #expect(made.world.sites[0].stations.flatMap { $0.evses.map(\.ratedW) }.sorted() == [11_000, 22_500])
            #expect(made.world.sites[1].stations[0].evses[0].connectors == [.ccs2, .chademo])
            #expect(made.summary.notes.isEmpty)
        }
        let state = try ImportTrial(.bnetza, Self.older, filter: ImportFilter(states: ["Baden-Württemberg"]))
        #expect(state.world.sites.count == 1 && state.summary.filtered == 1)
    }

    /// As exported from 2024 on: ids, a status, several plugs in a quoted cell, six points.
    private static let newer = """
        \u{FEFF}Ladesäulenregister Bundesnetzagentur;;;
        Letzte Aktualisierung vom: 01.09.2026;;;
        Ladeeinrichtungs-ID;Betreiber;Anzeigename (Karte);Status;Art der Ladeeinrichtung;Anzahl Ladepunkte;\
        Nennleistung Ladeeinrichtung [kW];Straße;Hausnummer;Bundesland;Breitengrad;Längengrad;Bezahlsysteme;\
        Steckertypen1;Nennleistung Stecker1;EVSE-ID1;Public Key1;Steckertypen2;Nennleistung Stecker2;EVSE-ID2;Public Key2
        1010338;Albwerk;A;In Betrieb;Normalladeeinrichtung;2;22;Am Berg;1;Bayern;48,442398;9,659075;\
        "RFID-Karte;Onlinezahlungsverfahren";"AC Typ 2 Steckdose; AC Schuko";"22; 2,3";E1;K1;AC Typ 2 Steckdose;22;E2;K2
        1025458;EnBW;;In Betrieb;Schnellladeeinrichtung;2;93;Hauptstraße;91c;Bayern;48,578534;9,87484;\
        "Montag
        Dienstag";AC Typ 2 Fahrzeugkupplung;43;;;"DC Fahrzeugkupplung Typ Combo 2 (CCS); DC CHAdeMO";"50; 50";;
        1025459;EnBW;;In Wartung;Schnellladeeinrichtung;1;50;Hauptstraße;92;Bayern;48,6;9,9;;DC CHAdeMO;50;;;;;;
        """

    @Test("the German register from 2024 on: ids, status, quoted separators and line breaks")
    func newerBNetzA() throws {
        let made = try ImportTrial(.bnetza, Self.newer)
        #expect(made.world.sites.map(\.id) == ["bnetza-1010338", "bnetza-1025458"])
        #expect(made.world.sites[0].stations[0].evses.map(\.ratedW) == [22_000, 22_000])
        #expect(made.world.sites[1].stations.map(\.ratedW).sorted() == [43_000, 50_000])
        #expect(made.summary.notes.map(\.description) == ["row 3 (1025459): status \"In Wartung\": left out"])
    }

    // MARK: where the files go

    @Test("--out with a YAML file writes that file and its tables beside it; nothing is replaced unasked")
    func destination() throws {
        let scratch = try ScratchFiles()
        defer { scratch.remove() }
        let register = try scratch.write("r.csv", Self.afdcHeader + "\n" + afdcRow("1", "A"))
        let out = scratch.directory + "deep/town.yaml"
        let destination = try ImportDestination(out: out, name: nil, register: register)
        let summary = try RegisterImport.run(kind: .afdc, file: register, to: destination)
        #expect(summary.worldPath == out && destination.name == "town")
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.directory + "deep").sorted()
        #expect(files == ["town.yaml", "town_sites.csv", "town_stations.csv"])
        #expect(try WorldFile.load(path: out).sites.map(\.id) == ["afdc-1"])
        let error = #expect(throws: ImportError.self) {
            try RegisterImport.run(kind: .afdc, file: register, to: destination)
        }
        #expect(error?.file == out && error?.fix.contains("--force") == true)
        _ = try RegisterImport.run(kind: .afdc, file: register, to: destination, replaces: true)
        let spaced = try ImportDestination(out: "worlds", name: nil, register: "x/alt_fuel stations (Jun 6).csv")
        #expect(spaced.world == "worlds/alt_fuel-stations--Jun-6-.yaml")
    }

    @Test("the help names every column, native and own")
    func help() {
        for kind in RegisterKind.allCases {
            for column in kind.columns {
                #expect(kind.columnHelp.contains(column.name))
                for native in column.native { #expect(kind.columnHelp.contains(native)) }
            }
        }
        #expect(RegisterKind.ncr.columnHelp.contains("connector8RatedOutputKW"))
        #expect(RegisterKind.bnetza.columnHelp.contains("Nennleistung Stecker6 / P6 [kW]"))
    }
}
