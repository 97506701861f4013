public import Sim

/// Something the station's firmware must know.
public struct StationSignal: BitwiseCopyable, Sendable, Codable {
    public enum Kind: BitwiseCopyable, Sendable, Codable {
        case plugged
        /// A token is presented: its number in the world's directory.
        case token(UInt32)
        case energyStarted
        case energyEnded(EndReason)
        case unplugged
        case faulted
        case repaired
        case linkLost
        case linkRestored
        /// Authorized, but no energy flows: the start sequence has failed.
        case startFailed
        /// The station's controller is off, with no chance to say so; and is on again.
        case powerLost
        case powerRestored
    }
    public var station: UInt16
    /// EVSE within the site; `UInt16.max` where the station as a whole is meant.
    public var evse: UInt16
    public var kind: Kind
}

/// Everything physical that stands at one site, and the drivers who come there.
///
/// One value owns it all; ``handle(_:now:)`` is the event switch, and each handler follows *advance, change,
/// reschedule*. It knows nothing of OCPP: what a station's firmware must be told leaves as ``signals``, and the
/// answer to a token comes back through ``authorize(_:accepted:now:)``.
public struct SitePlant: Sendable, Codable {
    /// Compiled from the world, not part of a checkpoint.
    public var parameters = SiteParameters()
    public var queue = EventQueue<PlantEvent>()
    public internal(set) var evses: ContiguousArray<EVSEState> = []
    var waiting: ContiguousArray<WaitingDriver> = []
    var ticketCount: UInt32 = 0
    /// One for each population of ``SiteParameters/demand``.
    var arrivalProcesses: ContiguousArray<ArrivalProcess> = []
    /// Returns of fleet vehicles so far.
    var returnCount: UInt64 = 0
    var replayNext = 0
    var inbox = Slab<SiteMessage>()
    /// Messages to other sites, collected at the end of the window.
    public var outgoing: ContiguousArray<OutgoingMessage> = []
    /// EVSEs with a running charge, in the order they started.
    var charging: ContiguousArray<UInt16> = []
    /// When the load manager looks again; `distantFuture` when nothing is to be looked at. Events at other times are stale.
    var allocationAt = SimTime.distantFuture
    /// The site's limit is what holds the charges back.
    var isLimitBinding = false
    // Scratch, empty between events.
    var allocator = WeightedFairShare()
    var quantiser = CurrentQuantiser()
    var shareA: ContiguousArray<Double> = []
    var maximumA: ContiguousArray<Double> = []
    var unitW: ContiguousArray<Double> = []
    var matrix = ModuleMatrix()
    var moduleDemandW: ContiguousArray<Double> = []
    var counts = SiteCounts()
    public var series: SiteSeries
    var grid: SiteGrid
    var failures = FailureState()
    var dispatcher: MaintenanceDispatcher?
    /// Rows for the telemetry file; the owner empties them.
    public var records = SiteRecords()
    /// What the stations' firmware must be told, in order; the owner drains them after each event.
    public var signals: ContiguousArray<StationSignal> = []
    public var digest = TraceDigest()
    public internal(set) var eventCount: UInt64 = 0
    public internal(set) var totals = SiteTotals()

    private enum CodingKeys: String, CodingKey {
        case queue, evses, waiting, ticketCount, arrivalProcesses, returnCount, replayNext, inbox, outgoing, charging
        case allocationAt, isLimitBinding, counts, series, grid, failures, dispatcher, records, signals, digest
        case eventCount, totals
    }

    public init(_ parameters: SiteParameters) {
        self.parameters = parameters
        let seed = parameters.seed
        for population in parameters.demand { arrivalProcesses.append(ArrivalProcess(population, seed: seed)) }
        series = SiteSeries(interval: parameters.sampleInterval)
        grid = SiteGrid(
            noise: BuildingNoise(
                stream: RandomStream(seed: seed, purpose: StreamPurpose.building, entity: parameters.entity)),
            step: parameters.gridStep)
        evses.reserveCapacity(parameters.evses.count)
        for e in parameters.evses.indices {
            let station = parameters.stations[parameters.evses[e].station]
            var stream = RandomStream(
                seed: seed, purpose: StreamPurpose.meter, entity: station.entity &+ UInt64(e - station.evses.lowerBound)
            )
            let isIdeal = parameters.evses[e].conversion.isIdeal
            evses.append(EVSEState(meter: isIdeal ? EnergyMeter() : EnergyMeter(unit: stream.unit())))
        }
        if let policy = parameters.failures, policy.dispatcherSite == parameters.index {
            dispatcher = MaintenanceDispatcher(
                crews: policy.crews, latitude: parameters.position.latitude, longitude: parameters.position.longitude,
                setUpS: 60 * policy.crewSetUpMin, speedKmh: policy.crewSpeedKmh)
        }
        startGridClock()
        series.next = min(series.boundary, grid.stepEnd)
        startFailures()
        startArrivals()
    }

    /// The time of the next event, `distantFuture` when none is pending.
    public var nextTime: SimTime { queue.nextTime ?? .distantFuture }

    /// Takes a message that another site (or this one) has sent.
    public mutating func accept(_ message: SiteMessage, at time: SimTime) {
        queue.schedule(.delivery(slot: inbox.insert(message)), at: time)
    }

    /// Runs one event. Sampling up to `now` must have happened.
    public mutating func handle(_ event: PlantEvent, now: SimTime) {
        eventCount += 1
        digest.mix(now.microseconds)
        switch event {
        case .arrival(let population): arrive(Int(population), now: now)
        case .replayedArrival: arriveReplayed(now: now)
        case .fleetReturn(let vehicle): returnHome(vehicle, now: now)
        case .delivery(let slot): deliver(inbox.remove(slot), now: now)
        case .patienceOver(let ticket): patienceOver(ticket, now: now)
        case .plugIn(let e, let g): if isVisit(e, g) { plugIn(Int(e), now: now) }
        case .tokenPresented(let e, let g): if isVisit(e, g) { presentToken(Int(e), now: now) }
        case .departure(let e, let g): if isVisit(e, g) { depart(Int(e), now: now) }
        case .energyStart(let e, let g): if isVisit(e, g) { startEnergy(Int(e), now: now) }
        case .segmentEnd(let e, let g): if evses[Int(e)].offer == g { segmentEnds(Int(e), now: now) }
        case .bandEdge(let e, let g): if isVisit(e, g) { bandEdge(Int(e), now: now) }
        case .allocation: allocationDue(now: now)
        case .componentFailure(let clock, let g): componentFails(Int(clock), generation: g, now: now)
        case .conditionOnset(let e, let g): conditionBegins(Int(e), generation: g, now: now)
        case .conditionFound(let e, let g): conditionFound(Int(e), generation: g, now: now)
        case .supplyLost: supplyFails(now: now)
        case .supplyRestored: supplyReturns(now: now)
        case .outageEnd(let slot): outageEnds(slot, now: now)
        case .incident(let e, let g): if isVisit(e, g) { incident(Int(e), now: now) }
        case .tripReset(let e): tripResets(Int(e), now: now)
        case .dispatcherWakes(let g): dispatcherWakes(g, now: now)
        }
    }

    private func isVisit(_ e: UInt16, _ generation: UInt16) -> Bool { evses[Int(e)].generation == generation }

    mutating func signal(_ e: Int, _ kind: StationSignal.Kind) {
        guard parameters.csmsOn else { return }
        signals.append(StationSignal(station: UInt16(stationOf(e)), evse: UInt16(e), kind: kind))
    }
    mutating func signal(station s: Int, _ kind: StationSignal.Kind) {
        guard parameters.csmsOn else { return }
        signals.append(StationSignal(station: UInt16(s), evse: .max, kind: kind))
    }
}
