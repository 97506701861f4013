/// What stands where: the static tables of the file, one array element a site, station or EVSE.
struct Plant: Sendable {
    /// Order in which kinds of site are shown; kinds not listed follow in the order of the file.
    static let kindOrder = ["highway", "urban_hub", "retail", "workplace", "depot", "residential"]

    struct Site: Sendable {
        let id: String
        /// Name to show: its name, its id when it has none, both when others have the same name.
        let label: String
        /// Index in ``Plant/kinds``.
        let kind: Int
        /// Degrees; NaN where unknown.
        let latitude: Double
        let longitude: Double
        /// Nameplate of the transformer, kVA; NaN without one.
        let transformerKVA: Double
        /// Insulation life at the rated hot spot, h; 180,000 (IEC 60076-7, IEEE C57.91) in files that do not say.
        var insulationLifeH = 180_000.0
        /// Whether the transformer is a dry type, and the hot spot of normal aging, °C; NaN where unknown.
        var isDryType = false
        var ratedHotSpotC = Double.nan
        /// Of the load on the transformer, 0 ... 1; 1 where unknown.
        let powerFactor: Double
        /// Greatest import allowed, building included, W; NaN without a limit.
        let importLimitW: Double
        /// Sum of the stations' rated power, W.
        let connectedW: Double
        var stationCount = 0
        var evseCount = 0

        /// Hot spot allowed under normal cyclic loading, °C: 120 for paper in oil (IEC 60076-7), for a dry type the temperature
        /// of its insulation class, 10 K above the rated hot spot.
        var hotSpotLimitC: Double { isDryType ? ratedHotSpotC + 10 : 120 }
        /// Hot spot from which something breaks, °C: bubbles in oil; of a dry type its limit.
        var hotSpotDangerC: Double { isDryType ? hotSpotLimitC : 140 }
        /// What the transformer carries at its nameplate, W; NaN without one.
        var nameplateW: Double { transformerKVA * 1000 * powerFactor }
        /// What the site may draw: the smaller of transformer nameplate and import limit, W; NaN when it has neither.
        var ratingW: Double {
            let transformerW = nameplateW
            if transformerW.isNaN || importLimitW < transformerW { return importLimitW }
            return transformerW
        }
        /// From here on the site draws more than its rating, W: a hair above it, because the series are `Float`.
        var exceededW: Double { ratingW * (1 + 1e-6) }
    }

    struct Station: Sendable {
        let id: String
        let site: Int
        let isDC: Bool
        /// W.
        let ratedW: Double
        /// Draw when idle, W.
        let standbyW: Double
        let evseCount: Int
        /// Index of its first EVSE among all EVSEs.
        let firstEVSE: Int
    }

    private(set) var kinds: [String] = []
    private(set) var sites: [Site] = []
    private(set) var stations: [Station] = []
    private(set) var evseCount = 0
    let connectorCount: Int

    init(_ file: TelemetryFile) throws(ReportError) {
        connectorCount = file.hasTable("connectors") ? try file.rowCount("connectors") : 0
        try readSites(file)
        try readStations(file)
    }

    /// Station of each EVSE.
    var stationOfEVSE: [Int] {
        stations.indices.flatMap { [Int](repeating: $0, count: stations[$0].evseCount) }
    }
    var standbyW: Double { stations.reduce(0) { $0 + $1.standbyW } }
    var connectedW: Double { sites.reduce(0) { $0 + ($1.connectedW.isNaN ? 0 : $1.connectedW) } }

    private mutating func readSites(_ file: TelemetryFile) throws(ReportError) {
        let ids = try file.texts("sites", "id")
        let names = try file.texts("sites", "name")
        let kindNames = try file.texts("sites", "kind")
        let latitudes = try file.numbers("sites", "latitude")
        let longitudes = try file.numbers("sites", "longitude")
        let transformers = try file.numbers("sites", "transformer_kva")
        let factors =
            file.hasColumn("sites", "power_factor")
            ? try file.numbers("sites", "power_factor") : [Double](repeating: 1, count: ids.count)
        let limits = try file.numbers("sites", "import_limit_w")
        let connected = try file.numbers("sites", "connected_w")
        kinds = Self.kindOrder.filter { kindNames.contains($0) }
        for name in kindNames where !kinds.contains(name) { kinds.append(name) }
        var uses: [String: Int] = [:]
        for name in names { uses[name, default: 0] += 1 }
        sites = ids.indices.map { index in
            let isAmbiguous = uses[names[index], default: 0] > 1
            return Site(
                id: ids[index],
                label: names[index].isEmpty
                    ? ids[index] : isAmbiguous ? "\(names[index]) (\(ids[index]))" : names[index],
                kind: kinds.firstIndex(of: kindNames[index]) ?? 0,
                latitude: latitudes[index], longitude: longitudes[index],
                transformerKVA: Self.positive(transformers[index]),
                powerFactor: factors[index] > 0 ? factors[index] : 1, importLimitW: Self.positive(limits[index]),
                connectedW: connected[index])
        }
        try readInsulation(file)
    }

    private mutating func readInsulation(_ file: TelemetryFile) throws(ReportError) {
        if file.hasColumn("sites", "insulation_life_h") {
            let lives = try file.numbers("sites", "insulation_life_h")
            for index in sites.indices where lives[index] > 0 { sites[index].insulationLifeH = lives[index] }
        }
        guard file.hasColumn("sites", "transformer_model"), file.hasColumn("sites", "rated_hot_spot_c") else { return }
        let models = try file.texts("sites", "transformer_model")
        let rated = try file.numbers("sites", "rated_hot_spot_c")
        for index in sites.indices {
            sites[index].isDryType = models[index] == "dry_type"
            sites[index].ratedHotSpotC = rated[index]
        }
    }

    private mutating func readStations(_ file: TelemetryFile) throws(ReportError) {
        let ids = try file.texts("stations", "id")
        let siteIndices = try file.numbers("stations", "site")
        let kindNames = try file.texts("stations", "kind")
        let rated = try file.numbers("stations", "rated_w")
        let standby =
            file.hasColumn("stations", "standby_w")
            ? try file.numbers("stations", "standby_w") : [Double](repeating: 0, count: ids.count)
        let evses = try file.numbers("stations", "evse_count")
        for index in ids.indices {
            guard let site = Int(exactly: siteIndices[index]), sites.indices.contains(site),
                let count = Int(exactly: evses[index]), (0...10_000).contains(count)
            else { throw file.error("row \(index) of /stations names a site or an EVSE count that cannot be") }
            stations.append(
                Station(
                    id: ids[index], site: site, isDC: kindNames[index] == "dc", ratedW: rated[index],
                    standbyW: standby[index], evseCount: count, firstEVSE: evseCount))
            sites[site].stationCount += 1
            sites[site].evseCount += count
            evseCount += count
        }
    }

    /// Zero and below stand for "none" in the tables as NaN does.
    private static func positive(_ value: Double) -> Double { value > 0 ? value : .nan }
}
