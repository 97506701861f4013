internal import Sim

extension SitePlant {
    // MARK: what is done about a fault

    /// Schedules the end of an outage: a remote fix ends it by itself, else the dispatcher is told.
    mutating func repair(_ slot: UInt32, handsOnMedianH: Double, stream: inout RandomStream, now: SimTime) {
        guard let policy = parameters.failures else { return }
        let detection = 60 * policy.detectionMin
        if failures.outages[slot].remote {
            let seconds = 60 * stream.lognormal(mu: Math.log(policy.remoteMedianMin), sigma: policy.remoteSigma)
            failures.outages[slot].detected = now + .rounding(seconds: min(detection, seconds))
            failures.outages[slot].reported = failures.outages[slot].detected
            queue.schedule(.outageEnd(slot: slot), at: now + .rounding(seconds: seconds))
            return
        }
        let triage = 60 * stream.uniform(policy.triageMin.lowerBound, policy.triageMin.upperBound)
        let hands =
            policy.repairLaw == .exponential
            ? stream.exponential(mean: handsOnMedianH)
            : stream.lognormal(mu: Math.log(max(0.1, handsOnMedianH)), sigma: Self.handsOnSigma)
        let detected = now + .rounding(seconds: detection)
        let reported = detected + .rounding(seconds: triage)
        let ready = now + .rounding(seconds: 3600 * preparationH(policy, handsOnH: hands, stream: &stream))
        failures.outages[slot].detected = detected
        failures.outages[slot].reported = reported
        failures.outages[slot].ready = max(ready, reported)
        let order = WorkOrder(
            site: parameters.index, outage: slot, readyAt: max(ready, reported),
            handsOn: .rounding(seconds: hands * 3600), latitude: Float(parameters.position.latitude),
            longitude: Float(parameters.position.longitude))
        outgoing.append(
            OutgoingMessage(destination: policy.dispatcherSite, deliverAt: reported, message: .workOrder(order)))
    }

    private static let handsOnSigma = 0.5

    /// From the failure until parts and plan are ready: what the restoration time leaves when drive and work are taken off.
    private func preparationH(_ policy: FailureParameters, handsOnH: Double, stream: inout RandomStream) -> Double {
        guard policy.onsiteMedianH > 0 else { return 0 }
        let restoreH = stream.lognormal(mu: Math.log(policy.onsiteMedianH), sigma: policy.onsiteSigma)
        return max(0.5, restoreH - handsOnH - 0.5)
    }

    // MARK: the dispatcher

    mutating func deliver(_ message: SiteMessage, now: SimTime) {
        switch message {
        case .driver(let driver): receive(driver, now: now)
        case .workOrder(let order):
            dispatcher?.receive(order)
            dispatchCrews(now: now)
        case .repaired(let outage, let dispatched, let arrived):
            outageEnds(outage, dispatched: dispatched, arrived: arrived, now: now)
        }
    }

    mutating func dispatcherWakes(_ generation: UInt32, now: SimTime) {
        guard dispatcher?.wakes(generation) == true else { return }
        dispatchCrews(now: now)
    }

    private mutating func dispatchCrews(now: SimTime) {
        guard let jobs = dispatcher?.dispatch(now: now) else { return }
        for job in jobs {
            outgoing.append(
                OutgoingMessage(
                    destination: job.order.site, deliverAt: job.done,
                    message: .repaired(outage: job.order.outage, dispatched: job.dispatched, arrived: job.arrives)))
        }
        guard let wake = dispatcher?.nextWake(now: now) else { return }
        queue.schedule(.dispatcherWakes(generation: wake.generation), at: wake.at)
    }
}
