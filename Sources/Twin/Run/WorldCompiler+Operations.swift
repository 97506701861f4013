internal import Models
internal import Sim

extension WorldCompiler {
    /// What fails at a site, and how old its equipment is.
    func addOperations(_ site: SiteSpec, to p: inout SiteParameters) {
        p.incidents = Self.incidents(world)
        p.failures = failures
        let outages = world.operations.gridOutages
        if outages.perYear > 0 { p.gridOutages = GridOutageParameters(perYear: outages.perYear, meanH: outages.meanH) }
        let agesY = Self.agesY(of: site, meanY: world.operations.equipmentAgeY, seed: seed)
        for s in p.stations.indices { p.stations[s].ageYears = agesY[s] }
    }

    static func failures(_ world: WorldSpec) -> FailureParameters? {
        guard let spec = world.operations.failures else { return nil }
        var p = FailureParameters(
            rates: ContiguousArray(spec.rates), remoteMedianMin: spec.remoteMedianMin, remoteSigma: spec.remoteSigma,
            onsiteMedianH: spec.onsiteMedianH, onsiteSigma: spec.onsiteSigma, crews: world.operations.crews,
            dispatcherSite: 0)
        p.repairLaw = spec.repairLaw
        p.crewSpeedKmh = spec.crewSpeedKmh
        p.conditions = spec.conditions
        return p
    }

    private static func incidents(_ world: WorldSpec) -> IncidentParameters {
        let spec = world.operations.incidents
        return IncidentParameters(
            cablePulled: spec.cablePulled, supplyLost: spec.supplyLost, vehicleSilent: spec.vehicleSilent,
            emergencyStop: spec.emergencyStop, groundFault: spec.groundFault, startFailure: spec.startFailed,
            blockedBay: spec.blockedBay)
    }

    /// Ages of a site's stations at the start: as written, else one draw for the whole site, since what stands together was
    /// mostly built together. Networks grow exponentially, and so ages are exponential.
    static func agesY(of site: SiteSpec, meanY: Double, seed: UInt64) -> [Double] {
        guard site.stations.contains(where: { $0.ageYears == nil }) else {
            return site.stations.map { $0.ageYears ?? 0 }
        }
        var stream = RandomStream(
            seed: seed, purpose: FailureStreamPurpose.equipmentAge, entity: stableHash(site.id))
        let drawn = min(stream.exponential(mean: meanY), 3 * meanY)
        return site.stations.map { $0.ageYears ?? drawn }
    }
}
