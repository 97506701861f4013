internal import Models
internal import Sim

extension WorldCompiler {
    /// What fails at a site, and how old its equipment is.
    func addOperations(_ site: SiteSpec, to p: inout SiteParameters) {
        p.incidents = Self.incidents(world)
        p.failures = failures
        let outages = world.operations.gridOutages
        if outages.perYear > 0 { p.gridOutages = GridOutageParameters(perYear: outages.perYear, meanH: outages.meanH) }
        for s in p.stations.indices {
            p.stations[s].ageYears = Self.ageYears(
                of: site.stations[s], at: site, meanY: world.operations.equipmentAgeY, seed: seed)
        }
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

    /// Age of a station at the start: as written, else one draw for the whole site, since what stands together was mostly
    /// built together. Networks grow exponentially, and so ages are exponential.
    static func ageYears(of station: StationSpec, at site: SiteSpec, meanY: Double, seed: UInt64) -> Double {
        if let years = station.ageYears { return years }
        var stream = RandomStream(
            seed: seed, purpose: FailureStreamPurpose.equipmentAge, entity: stableHash(site.id))
        return min(stream.exponential(mean: meanY), 3 * meanY)
    }
}
