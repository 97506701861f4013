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
    private let failures: FailureParameters?
    private let incidents: IncidentParameters
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
        incidents = Self.incidents(world)
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
        let ticket = SimDuration.minutes(15)
        if failures != nil { return drives ? min(minimum, ticket) : ticket }
        return drives ? minimum : nil
    }

    private func compile(_ index: Int, neighbours: SiteNeighbours) -> SiteParameters {
        let site = world.sites[index]
        var p = SiteParameters()
        p.index = UInt32(index)
        p.seed = seed
        p.entity = stableHash(site.id)
        p.calendar = calendar
        p.end = end
        p.sampleInterval = .seconds(Int64(world.telemetry.intervalS))
        p.evseSeriesOn = world.telemetry.evseSeries
        p.pilotLogOn = world.telemetry.messages
        p.mix = ContiguousArray(mix)
        addStations(site, to: &p)
        p.sharingStations = ContiguousArray(p.stations.indices.filter { p.stations[$0].moduleCount > 0 })
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
        p.ambientC = world.climate.ambient
        p.incidents = incidents
        p.failures = failures
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
                        conversion: conversion(station, ratedW: evse.ratedW), compatibilityRow: row))
            }
            p.stations.append(
                StationParameters(
                    kind: station.kind, ratedW: station.ratedW,
                    moduleCount: station.evses.count > 1 ? station.moduleCount : 0, moduleW: station.moduleW,
                    standbyW: conversion(station, ratedW: station.ratedW).standbyW, evses: first..<p.evses.count,
                    entity: stableHash(station.id), weight: station.weight))
        }
    }

    private func conversion(_ station: StationSpec, ratedW: Double) -> StationConversion {
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
            ratingVA: spec.ratingKVA * 1000, powerFactor: powerFactor(of: site), ambientOffsetK: spec.ambientOffsetK,
            thermal: spec.thermal(ambientC: world.climate.ambientC(hourOfYear: world.start.hourOfYear)))
    }

    /// Real over apparent power with everything at its peak.
    private func powerFactor(of site: SiteSpec) -> Double {
        let buildingW = site.building?.peakW ?? 0
        let realW = site.stations.reduce(buildingW) { $0 + $1.ratedW }
        let apparentVA = site.stations.reduce(buildingW / TransformerRule.buildingPowerFactor) {
            $0 + $1.ratedW / $1.powerFactor
        }
        return apparentVA > 0 ? realW / apparentVA : 1
    }

    private static func failures(_ world: WorldSpec) -> FailureParameters? {
        guard let preset = ReliabilityTable.preset(named: world.operations.preset) else { return nil }
        return FailureParameters(
            rateMultiplier: preset.rateMultiplier, remoteMedianMin: preset.remoteFixMedianMin,
            remoteSigma: preset.remoteFixSigma, onsiteMedianH: preset.onsiteRestoreMedianH,
            onsiteSigma: preset.onsiteRestoreSigma, crews: world.operations.crews, deskSite: 0)
    }

    /// Step failures and blocked bays belong to equipment and sites that can fail at all (domain.md 5.3 and 6.2).
    private static func incidents(_ world: WorldSpec) -> IncidentParameters {
        let spec = world.operations.incidents
        let real = world.operations.preset != "none"
        return IncidentParameters(
            cablePulled: spec.cablePulled, supplyLost: spec.supplyLost, vehicleSilent: spec.vehicleSilent,
            emergencyStop: spec.emergencyStop, groundFault: spec.groundFault, startFailure: real ? 0.026 : 0,
            blockedBay: real ? 0.03 : 0)
    }
}

/// FNV-1a of a name: a stable number for random streams, the same on every machine and in every version.
func stableHash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
}
