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

    /// A small stable number of the action.
    static func kind(of call: StationCall) -> UInt64 {
        switch call.request {
        case .authorize: 0
        case .bootNotification: 1
        case .heartbeat: 2
        case .meterValues: 3
        case .statusNotification: 4
        case .transactionEvent: 5
        }
    }
}
