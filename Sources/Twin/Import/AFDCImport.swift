import Models

/// The station locator of the Alternative Fuels Data Center. It counts ports and names plugs but gives no ratings;
/// ``AFDCRatings`` assigns them.
enum AFDCImport {
    static let columns = [
        RegisterColumn("afdc_id", "ID"), RegisterColumn("name", "Station Name"), RegisterColumn("lat", "Latitude"),
        RegisterColumn("lon", "Longitude"), RegisterColumn("l1_ports", "EV Level1 EVSE Num"),
        RegisterColumn("l2_ports", "EV Level2 EVSE Num"), RegisterColumn("dcfc_ports", "EV DC Fast Count"),
        RegisterColumn("connectors", "EV Connector Types"), RegisterColumn("network", "EV Network"),
        RegisterColumn("open_date", "Open Date"), RegisterColumn("fuel", "Fuel Type Code", required: false),
        RegisterColumn("status", "Status Code", required: false),
        RegisterColumn("expected_date", "Expected Date", required: false),
        RegisterColumn("state", "State", required: false),
        RegisterColumn("facility_type", "Facility Type", required: false),
        RegisterColumn("workplace", "EV Workplace Charging", required: false),
    ]

    static func sites(_ register: inout RegisterReader) -> [ImportedSite] {
        var sites: [ImportedSite] = []
        var ids = RegisterIDs()
        var otherFuels = 0
        for row in register.rows {
            guard ["", "ELEC"].contains(register.text(row, "fuel").uppercased()) else {
                otherFuels += 1
                continue
            }
            if let finding = closed(row, in: register) {
                register.note(row, register.text(row, "afdc_id"), finding)
                continue
            }
            guard let id = ids.id(of: row, written: register.text(row, "afdc_id"), in: &register) else { continue }
            let ports = ["l1_ports", "l2_ports", "dcfc_ports"].map { Int(register.number(row, $0, id: id) ?? 0) }
            guard ports.reduce(0, +) > 0 else {
                register.note(row, id, "has no ports: left out")
                continue
            }
            let facts = AFDCFacts(
                level1: ports[0], level2: ports[1], fast: ports[2], network: register.text(row, "network"),
                year: Int(register.text(row, "open_date").prefix(4)) ?? AFDCRatings.yearUnknown,
                plugs: Set(register.text(row, "connectors").split { $0 == "|" || $0 == " " }.map(String.init)))
            let stations = AFDCRatings.stations(of: facts)
            if facts.fast > 0, facts.plugs.isDisjoint(with: ["J1772COMBO", "CHADEMO", "TESLA"]) {
                register.note(row, id, "has fast ports but names no DC connector: CCS1 assumed")
            }
            let name = register.text(row, "name")
            let template = template(
                facts, facility: register.text(row, "facility_type"),
                isWorkplace: register.text(row, "workplace").lowercased() == "true",
                name: name)
            let position = register.position(row, id: id, latitudes: 13...72, longitudes: -180...(-60))
            var site = ImportedSite(
                id: "afdc-\(id)", name: name, template: template, latitude: position.latitude,
                longitude: position.longitude, stations: stations)
            let facility = register.text(row, "facility_type")
            if facts.level1 + facts.level2 > 0 {
                site.acProfile = AFDCDemand.acProfile(template: template, facility: facility, name: name)
            }
            if facts.fast > 0 {
                site.dcProfile = AFDCDemand.dcProfile(facts, isTravel: travelFacilities.contains(facility), stations)
            }
            sites.append(site)
        }
        if otherFuels > 0 { register.note("\(otherFuels) rows of other fuels than ELEC: left out") }
        return sites
    }

    /// Why a station cannot be used now, by its status code; `nil` when it can.
    /// - Source: Alternative Fuels Data Center, data fields: E available, P planned, T temporarily unavailable.
    private static func closed(_ row: CSVTable.Row, in register: RegisterReader) -> String? {
        let expected = register.text(row, "expected_date")
        let date = expected.isEmpty ? "" : ", expected \(expected)"
        switch register.text(row, "status").uppercased() {
        case "", "E": return nil
        case "P": return "status P (planned\(date)): left out"
        case "T": return "status T (temporarily closed\(date)): left out"
        case let other: return "status \"\(other)\" is none of E, P, T: left out"
        }
    }

    private static let travelFacilities: Set<String> = [
        "TRAVEL_CENTER", "TRUCK_STOP", "REST_STOP", "GAS_STATION", "CONVENIENCE_STORE", "FUEL_RESELLER",
    ]
    private static let workFacilities: Set<String> = [
        "OFFICE_BLDG", "COLLEGE_CAMPUS", "SCHOOL", "MUNI_GOV", "STATE_GOV", "FED_GOV", "FLEET_GARAGE", "UTILITY",
        "HOSPITAL",
        "RESEARCH_FACILITY", "BUSINESS",
    ]
    private static let workWords = [
        "OFFICE", "CORPORATE", "CAMPUS", "COLLEGE", "UNIVERSITY", "P&R", "PARK & RIDE", " HQ",
    ]
    private static let homeWords = ["APARTMENT", "APTS", "CONDO", "RESIDEN", "LOFTS", "TOWNHOM"]

    /// Template by facility type and ports; where the facility is not given, words in the name decide.
    static func template(_ facts: AFDCFacts, facility: String, isWorkplace: Bool, name: String) -> String {
        if facts.fast > 0, facts.fast * 3 >= facts.level1 + facts.level2 {
            return travelFacilities.contains(facility) || facts.network == "RIVIAN_ADVENTURE" ? "highway" : "urban_hub"
        }
        let upper = name.uppercased()
        if facility == "MULTI_UNIT_DWELLING" || (facility.isEmpty && homeWords.contains { upper.contains($0) }) {
            return "residential_street"
        }
        if isWorkplace || workFacilities.contains(facility)
            || (facility.isEmpty && workWords.contains { upper.contains($0) })
        {
            return "workplace"
        }
        return "retail"
    }
}

/// What the locator says about one place.
struct AFDCFacts {
    var level1: Int
    var level2: Int
    var fast: Int
    var network: String
    /// Year of opening.
    var year: Int
    /// `J1772`, `J1772COMBO`, `CHADEMO`, `TESLA`, `NEMA520` …
    var plugs: Set<String>
}

/// Ratings for ports that have none in the register. Estimates from the data sheets of the networks' usual hardware.
enum AFDCRatings {
    /// Taken as the opening where no date is given.
    static let yearUnknown = 2018
    /// Supply of commercial sites, V between two phases.
    static let commercialV = 208.0

    /// The rule in words, for the head of an imported world.
    static let rule = [
        "The register has port counts but no ratings. Assigned (estimates from the networks' usual hardware):",
        "  Level 1: 12 A at 120 V. Level 2 at 208 V: 30 A, opened from 2019 on 32 A, from 2023 on 40 A,",
        "  Tesla Destination 48 A; two outlets a station. DC: Tesla until mid-2019 two stalls share 150 kW, later",
        "  four stalls of 250 kW share 350 kW; Electrify America every second port 350 kW, the others 150;",
        "  Rivian 200; EVgo 50, from 2020 on 100, from 2023 on 350; ChargePoint 50, from 2019 on pairs of",
        "  62.5 sharing 125; others 50, from 2020 on 62.5 where there is a CHAdeMO plug, else 150.",
        "Templates: fast ports -> urban_hub, at travel centres and gas stations highway; else by facility type and words in",
        "  the name: apartments -> residential_street, offices, colleges, park-and-ride -> workplace, all others retail.",
        "Demand by kind of charger: Tesla's fast ports dc_tesla_supercharger, others at travel centres and gas stations",
        "  dc_highway, up to four ports of at most 100 kW dc_community, all others dc_urban_hub; slow ports by facility type",
        "  and words in the name: l2_retail, l2_hotel, l2_workplace, l2_multifamily, fleet, all others l2_destination.",
    ]

    static func stations(of facts: AFDCFacts) -> [ImportedStation] {
        var stations: [ImportedStation] = []
        if facts.level1 > 0 {
            stations.append(
                ImportedStation(
                    count: facts.level1, kind: .ac, powerKW: 1.44, evsePowerKW: 1.44, connectors: [.type1],
                    voltageV: 120, amps: 12))
        }
        let teslaShare = facts.plugs.contains("TESLA") && facts.fast == 0
        let teslaPorts = !teslaShare ? 0 : facts.plugs.contains("J1772") ? facts.level2 / 2 : facts.level2
        stations += level2(facts.level2 - teslaPorts, amps: level2Amps(facts), connector: .type1)
        stations += level2(teslaPorts, amps: 48, connector: .nacs)
        stations += fast(facts)
        return stations
    }

    static func level2Amps(_ facts: AFDCFacts) -> Double {
        if facts.network == "Tesla Destination" { return 48 }
        return facts.year >= 2023 ? 40 : facts.year >= 2019 ? 32 : 30
    }

    /// Two outlets a station, a single one for the odd port.
    private static func level2(_ ports: Int, amps: Double, connector: ConnectorType) -> [ImportedStation] {
        let outletKW = amps * commercialV / 1000
        var stations: [ImportedStation] = []
        for (count, evses) in [(ports / 2, 2), (ports % 2, 1)] where count > 0 {
            stations.append(
                ImportedStation(
                    count: count, kind: .ac, powerKW: outletKW * Double(evses), evsePowerKW: outletKW, evses: evses,
                    connectors: [connector], voltageV: commercialV, amps: amps))
        }
        return stations
    }

    private static func fast(_ facts: AFDCFacts) -> [ImportedStation] {
        guard facts.fast > 0 else { return [] }
        let plugs = fastPlugs(facts)
        switch facts.network {
        case "Tesla" where facts.year < 2019 || (facts.year == 2019 && !facts.plugs.contains("J1772COMBO")):
            return shared(facts.fast, by: 2, stationKW: 150, evseKW: 150, plugs: plugs, voltageV: 410)
        case "Tesla":
            return shared(facts.fast, by: 4, stationKW: 350, evseKW: 250, plugs: plugs, voltageV: 500)
        case "ChargePoint Network" where facts.year >= 2019:
            return shared(facts.fast, by: 2, stationKW: 125, evseKW: 62.5, plugs: plugs, voltageV: 920)
        case "Electrify America":
            let strong = facts.fast / 2
            return [(facts.fast - strong, 150.0), (strong, 350.0)].filter { $0.0 > 0 }.map { count, kilowatts in
                ImportedStation(count: count, kind: .dc, powerKW: kilowatts, evsePowerKW: kilowatts, connectors: plugs)
            }
        default:
            let kilowatts = singleKW(facts, plugs: plugs)
            return [
                ImportedStation(
                    count: facts.fast, kind: .dc, powerKW: kilowatts, evsePowerKW: kilowatts, connectors: plugs)
            ]
        }
    }

    private static func singleKW(_ facts: AFDCFacts, plugs: [ConnectorType]) -> Double {
        switch facts.network {
        case "RIVIAN_ADVENTURE": 200
        case "eVgo Network": facts.year >= 2023 ? 350 : facts.year >= 2020 ? 100 : 50
        case "ChargePoint Network": 50
        default: facts.year < 2020 ? 50 : plugs.contains(.chademo) ? 62.5 : 150
        }
    }

    private static func fastPlugs(_ facts: AFDCFacts) -> [ConnectorType] {
        var plugs: [ConnectorType] = []
        if facts.plugs.contains("J1772COMBO") { plugs.append(.ccs1) }
        if facts.plugs.contains("CHADEMO") { plugs.append(.chademo) }
        if facts.plugs.contains("TESLA") { plugs.append(.nacs) }
        return plugs.isEmpty ? [.ccs1] : plugs
    }

    /// Groups of `size` outlets that share a station's power, and a smaller group for the rest.
    private static func shared(
        _ ports: Int, by size: Int, stationKW: Double, evseKW: Double, plugs: [ConnectorType], voltageV: Double
    ) -> [ImportedStation] {
        [(ports / size, size), (ports % size == 0 ? 0 : 1, ports % size)].filter { $0.0 > 0 }.map { count, evses in
            ImportedStation(
                count: count, kind: .dc, powerKW: max(evseKW, stationKW * Double(evses) / Double(size)),
                evsePowerKW: evseKW,
                evses: evses, connectors: plugs, voltageV: voltageV)
        }
    }
}
