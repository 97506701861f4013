internal import OCPP
internal import Sim

extension VirtualStations {
    /// Adds what was said, what was recorded, and how the two compare.
    func mix(into digest: inout TraceDigest) {
        digest.mix(self.digest.value)
        digest.mix(audit.digest.value)
        let totals = auditTotals()
        for count in [
            totals.sessionsTrue, totals.sessionsBooked, totals.sessionsLost, totals.sessionsDoubled,
            totals.sessionsWrong, totals.sessionsPending, totals.energyTrueMilliWh, totals.energyBookedMilliWh,
            totals.energyPendingMilliWh,
        ] { digest.mix(count) }
    }
}
