internal import Models
internal import Sim

/// Turns a checked world into the parameters of its sites. Pure: the same world and seed give the same parameters.
struct WorldCompiler {
    let world: WorldSpec
    let seed: UInt64
    let end: SimTime
    let market: Market
    let calendar: WorldCalendar
    /// Days of the run, the same for all sites.
    let days: DayCalendar
    private let mix: [UInt16]
    let failures: FailureParameters?
    private let buildings: BuildingCourses

    init(world: WorldSpec, seed: UInt64, end: SimTime) {
        self.world = world
        self.seed = seed
        self.end = end
        market = world.region == .europe ? .europe : .northAmerica
        calendar = WorldCalendar(
            startHourOfWeek: Double(world.start.weekday * 24) + Double(world.start.secondOfDay) / 3600,
            startHourOfYear: Double(world.start.hourOfYear) + Double(world.start.secondOfDay % 3600) / 3600)
        mix = world.vehicles.map { UInt16(VehicleCatalogue.index(of: $0.vehicle) ?? 0) }
        days = Self.days(world, end: end, seed: seed)
        failures = Self.failures(world)
        buildings = BuildingCourses(calendar: world.start)
    }

    /// Parameters of every site, in world order, neighbours included.
    func compile() -> [SiteParameters] {
        let neighbours = NeighbourFinder(world: world).find()
        return world.sites.indices.map { compile($0, neighbours: neighbours[$0]) }
    }

    /// The least delay of any message between sites; nil when no site can send one.
    var lookahead: SimDuration? {
        let drives = world.network.driveOn && world.sites.count > 1
        let minimum = SimDuration.rounding(seconds: world.network.minimumMinutes * 60)
        let workOrder = SimDuration.minutes(15)
        if failures != nil { return drives ? min(minimum, workOrder) : workOrder }
        return drives ? minimum : nil
    }

    private func compile(_ index: Int, neighbours: SiteNeighbours) -> SiteParameters {
        let site = world.sites[index]
        var p = SiteParameters()
        p.index = UInt32(index)
        p.seed = seed
        p.market = market
        p.entity = stableHash(site.id)
        p.calendar = calendar
        p.end = end
        p.sampleInterval = .seconds(Int64(world.telemetry.intervalS))
        p.evseSeriesOn = world.telemetry.evseSeries
        p.pilotLogOn = world.telemetry.messages
        p.mix = ContiguousArray(mix)
        addStations(site, to: &p)
        p.sharingStations = ContiguousArray(p.stations.indices.filter { sharesPower($0, p) })
        p.standbyW = p.stations.reduce(0) { $0 + $1.standbyW }
        p.isNavigatedTo = site.kind == .highway
        p.neighbours = neighbours
        p.maximumHops = UInt8(clamping: world.network.driveOn ? world.network.maximumHops : 0)
        p.queuePlaces = site.queuePlaces
        p.importLimitW = site.importLimitW ?? .infinity
        if case .fairShare(let margin, let minimumW) = site.control {
            p.control = .fairShare(margin: margin, minimumW: minimumW)
        }
        p.transformer = site.transformer.map { transformer($0, of: site) }
        p.building = site.building.map { buildings.parameters($0) }
        p.ambientC = world.climate.course
        addOperations(site, to: &p)
        p.csmsOn = world.csms.enabled
        p.tokenCount = UInt32(WorldTokens.count)
        p.position = (site.latitude, site.longitude)
        addDemand(site, to: &p)
        return p
    }

    // MARK: stations

    private func addStations(_ site: SiteSpec, to p: inout SiteParameters) {
        var rows: [[ConnectorType]] = []
        for station in site.stations {
            let first = p.evses.count
            for evse in station.evses {
                let row = rows.firstIndex(of: evse.connectors) ?? rows.count
                if row == rows.count {
                    rows.append(evse.connectors)
                    p.compatibility.append(compatibility(evse.connectors, station))
                }
                p.evses.append(
                    EVSEParameters(
                        station: p.stations.count, isDirect: station.kind == .dc, ratedW: evse.ratedW,
                        cableA: min(evse.cableAmps, station.ampsMax),
                        voltageV: station.voltageV, phases: station.phases,
                        conversion: Self.conversion(station, ratedW: evse.ratedW), compatibilityRow: row))
            }
            p.stations.append(
                StationParameters(
                    kind: station.kind, ratedW: station.ratedW,
                    moduleCount: station.evses.count > 1 ? station.moduleCount : 0, moduleW: station.moduleW,
                    standbyW: Self.standbyW(of: station), evses: first..<p.evses.count,
                    entity: stableHash(station.id), weight: station.weight))
        }
    }

    /// Outlets share modules, or a rating that is less than theirs together.
    private func sharesPower(_ s: Int, _ p: SiteParameters) -> Bool {
        let station = p.stations[s]
        let outletsW = p.evses[station.evses].reduce(0) { $0 + $1.ratedW }
        return station.moduleCount > 0 || (station.kind == .ac && outletsW > station.ratedW * (1 + 1e-9))
    }

    /// Draw of the idle station, W.
    static func standbyW(of station: StationSpec) -> Double { conversion(station, ratedW: station.ratedW).standbyW }

    private static func conversion(_ station: StationSpec, ratedW: Double) -> StationConversion {
        switch station.efficiency {
        case .table: .measured(kind: station.kind, ratedW: ratedW)
        case .ideal: .ideal(kind: station.kind, ratedW: ratedW)
        }
    }

    /// Which vehicles of the catalogue can charge from these connectors.
    private func compatibility(_ connectors: [ConnectorType], _ station: StationSpec) -> ContiguousArray<Bool> {
        ContiguousArray(
            VehicleCatalogue.all.map { vehicle in
                connectors.contains { vehicle.fit(connector: $0, kind: station.kind, market: market) != .none }
            })
    }

    // MARK: grid and operations

    private func transformer(_ spec: TransformerSpec, of site: SiteSpec) -> TransformerParameters {
        TransformerParameters(
            ratingVA: spec.ratingKVA * 1000, powerFactor: Self.powerFactor(of: site),
            ambientOffsetK: spec.ambientOffsetK, thermal: spec.thermal(ambientC: world.climate.ambient[0]),
            start: spec.start)
    }

    /// Real over apparent power with everything at its peak.
    static func powerFactor(of site: SiteSpec) -> Double {
        let buildingW = site.building?.peakW ?? 0
        let realW = site.stations.reduce(buildingW) { $0 + $1.ratedW }
        let apparentVA = site.stations.reduce(buildingW / (site.building?.powerFactor ?? 1)) {
            $0 + $1.ratedW / $1.powerFactor
        }
        return apparentVA > 0 ? realW / apparentVA : 1
    }
}

/// FNV-1a of a name: a stable number for random streams, the same on every machine and in every version.
func stableHash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
}
