@testable import Models
@testable import Sim
@testable import Twin

/// A site that is looked at after every instant: the laws that must hold at any time, not only in what is recorded.
struct CheckedSite: LogicalProcess {
    typealias Message = SiteMessage

    var site: Site
    /// What was broken, the first few.
    private(set) var violations: [String] = []
    /// Highest overload of an outlet and of the import limit, W; for the message of a failure.
    private(set) var mostAboveRatingW = 0.0
    private(set) var mostAboveLimitW = 0.0
    /// How often a fault was seen, so that a sweep knows that it saw some.
    private(set) var faultsSeen = 0

    var nextTime: SimTime { site.nextTime }

    init(_ site: Site) { self.site = site }

    mutating func run(until end: SimTime, outbox: inout [Envelope<SiteMessage>]) {
        while site.nextTime < end {
            let now = site.nextTime
            // Power can rise between events: what flowed up to this instant, then what flows from it on.
            lookAtPower(now)
            site.run(until: now + SimDuration(microseconds: 1), outbox: &outbox)
            lookAtContactors(now)
            lookAtPower(now)
        }
    }

    mutating func deliver(_ message: SiteMessage, at time: SimTime) { site.deliver(message, at: time) }

    private mutating func lookAtContactors(_ now: SimTime) {
        for e in site.plant.evses.indices {
            let evse = site.plant.evses[e]
            let isFaulty = evse.outages > 0 || !evse.pilot.faults.isEmpty
            if isFaulty { faultsSeen += 1 }
            if evse.pilot.isContactorClosed, isFaulty || evse.phase != .charging {
                report("EVSE \(e) at \(now): contactor closed with outages \(evse.outages), phase \(evse.phase)")
            }
            if isFaulty, evse.phase == .charging { report("EVSE \(e) at \(now): charges while faulty") }
            guard evse.phase != .charging else { continue }
            // Whoever reads the meter of an outlet that does not charge, now or later, reads the same.
            let before = evse.meter.registerWh
            if site.plant.readMeter(e, now: now).registerWh != before {
                report("EVSE \(e) at \(now): energy flows in phase \(evse.phase)")
            }
        }
    }

    private mutating func lookAtPower(_ now: SimTime) {
        let plant = site.plant
        let parameters = plant.parameters
        var gridW = plant.grid.buildingW + parameters.standbyW
        for s in parameters.stations.indices {
            var stationW = 0.0
            for e in parameters.stations[s].evses where plant.evses[e].phase == .charging {
                var process = plant.evses[e].process
                process.advance(to: now)
                let powerW = process.meterPowerW
                let rated = parameters.evses[e]
                mostAboveRatingW = max(mostAboveRatingW, powerW - rated.ratedW)
                if powerW > rated.ratedW * (1 + 1e-9) {
                    report("EVSE \(e) at \(now): \(powerW) W through an outlet of \(rated.ratedW) W")
                }
                stationW += powerW
                if powerW > 0 { gridW += rated.conversion.inputW(outputW: powerW) - rated.conversion.standbyW }
            }
            if stationW > parameters.stations[s].ratedW * (1 + 1e-9) {
                report("station \(s) at \(now): \(stationW) W of \(parameters.stations[s].ratedW) W")
            }
        }
        // A building that takes the limit by itself leaves the load manager nothing to hold.
        guard case .fairShare = parameters.control,
            plant.grid.buildingW + parameters.standbyW <= parameters.importLimitW
        else { return }
        mostAboveLimitW = max(mostAboveLimitW, gridW - parameters.importLimitW)
        // Crossings are scheduled on the next microsecond, in which the steepest curve rises by some milliwatts.
        if gridW > parameters.importLimitW * (1 + 1e-7) {
            report("site at \(now): \(gridW) W through a limit of \(parameters.importLimitW) W")
        }
    }

    private mutating func report(_ text: String) {
        if violations.count < 5 { violations.append("site \(site.plant.parameters.index), " + text) }
    }
}

extension SitePlant {
    /// Drivers who are here: waiting, parking, at an EVSE, or on their way in or out between sites.
    ///
    /// One who leaves after an attempt that failed still counts: what follows is told when the bay is clear.
    var driversPresent: Int {
        var count = waiting.count
        for evse in evses where evse.driver != nil {
            if evse.phase != .leaving || evse.hasFailedToStart { count += 1 }
        }
        for message in outgoing {
            if case .driver = message.message { count += 1 }
        }
        return count + driversArriving
    }

    /// Drivers in the inbox.
    private var driversArriving: Int {
        let free = Set(inbox.free)
        var count = 0
        for slot in inbox.elements.indices where !free.contains(UInt32(slot)) {
            if case .driver = inbox.elements[slot] { count += 1 }
        }
        return count
    }
}
