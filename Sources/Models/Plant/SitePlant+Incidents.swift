internal import Sim

extension SitePlant {
    // MARK: incidents under load

    /// Decides whether, and when, something goes wrong in this charge.
    mutating func scheduleIncident(_ e: Int, now: SimTime) {
        let total = parameters.incidents.total
        guard total > 0, unitForDriver(at: e) < total else { return }
        let seconds = unitForDriver(at: e) * (isDirect(e) ? 1200 : 3600)
        queue.schedule(
            .incident(evse: UInt16(e), generation: evses[e].generation), at: now + .rounding(seconds: seconds))
    }

    mutating func incident(_ e: Int, now: SimTime) {
        guard evses[e].phase == .charging else { return }
        let p = parameters.incidents
        let u = unitForDriver(at: e) * p.total
        let station = stationOf(e)
        if u < p.cablePulled {
            raise(.cablePulled, evses[e].process.meterPowerW, station: station, now: now)
            pilot(e, .fault(.cablePulled), now: now)
            endCharge(e, .cablePulled, now: now)
            depart(e, now: now)
        } else if u < p.cablePulled + p.supplyLost {
            raise(.supplyLost, 0, station: station, now: now)
            trip(e, .supplyLost, medianMin: 20, now: now)
        } else if u < p.cablePulled + p.supplyLost + p.vehicleSilent {
            raise(.vehicleSilent, 0, station: station, now: now)
            pilot(e, .fault(.vehicleSilent), now: now)
            endCharge(e, .vehicleSilent, now: now)
            giveUp(e, now: now)
        } else if u < p.total - p.groundFault {
            raise(.emergencyStop, 0, station: station, now: now)
            trip(e, .emergencyStop, medianMin: 30, now: now)
        } else {
            raise(.groundFault, 0, station: station, now: now)
            trip(e, .groundFault, medianMin: 15, now: now)
        }
    }

    /// Protection has opened: out until somebody, or the automatic reset, closes it again.
    private mutating func trip(_ e: Int, _ reason: EndReason, medianMin: Double, now: SimTime) {
        takeOut(e, reason, now: now)
        let minutes = evses[e].driver?.stream.lognormal(mu: Math.log(medianMin), sigma: 0.5) ?? medianMin
        failures.trips[e] = now
        queue.schedule(.tripReset(evse: UInt16(e)), at: now + .rounding(seconds: minutes * 60))
    }

    mutating func tripResets(_ e: Int, now: SimTime) {
        append(tripRecord(e, end: now))
        failures.trips[e] = .distantFuture
        putBack(e, now: now)
    }

    func tripRecord(_ e: Int, end: SimTime) -> OutageRecord {
        OutageRecord(
            start: failures.trips[e], end: end, station: UInt16(stationOf(e)), evse: UInt16(e),
            cause: OutageRecord.protectionTrip, remote: true, effect: .service)
    }
}
