internal import Models
internal import OCPP
internal import Sim

/// Everything that stands at one site: its plant and its charging stations, whatever carries their messages and whichever
/// clock they follow.
///
/// Here is the one translation of what happens in the plant to inputs of the stations, the one of what stations order to
/// the plant, and the one truth about transactions. The plant knows nothing of stations' timers and connections: those
/// events are the stations'. At one instant the plant's events come first.
struct SiteRuntime<Stations: SiteStations>: Sendable {
    /// Why a station has a charge ended.
    private struct Stop: BitwiseCopyable, Sendable {
        var evse: Int
        var reason: Core.StoppedReason
    }
    /// A station whose controller starts anew.
    private struct Boot: BitwiseCopyable, Sendable, Codable {
        var at: SimTime
        var station: Int
        var reason: Core.BootReason
        /// That waits for the start.
        var job: Int?
    }
    /// How long a controller takes to start anew.
    static var restartDuration: SimDuration { .seconds(30) }

    var plant: SitePlant
    var stations: Stations
    /// Register at the start of the charge of each EVSE, Wh.
    private var startWh: ContiguousArray<Double>
    /// EVSEs whose charge the station's limit has paused.
    private var isSuspended: ContiguousArray<Bool>
    /// Soonest first.
    private var boots: ContiguousArray<Boot> = []
    /// Messages sent to other sites.
    var sent: UInt32 = 0
    // Scratch, empty between events.
    private var inbox: Stations.Inbox = []
    private var stops: ContiguousArray<Stop> = []

    init(plant: SitePlant, stations: Stations) {
        self.plant = plant
        self.stations = stations
        let evses = plant.parameters.evses.count
        startWh = ContiguousArray(repeating: 0, count: evses)
        isSuspended = ContiguousArray(repeating: false, count: evses)
    }

    var nextTime: SimTime { min(plant.nextTime, stationTime) }

    /// When something is due at the stations.
    private var stationTime: SimTime {
        boots.isEmpty ? stations.nextTime : min(stations.nextTime, boots[0].at)
    }

    /// Runs everything that is due before `end`.
    mutating func run(until end: SimTime) {
        while true {
            let stationTime = stationTime
            if plant.nextTime <= stationTime {
                guard let (now, event) = plant.queue.pop(before: end) else { return }
                plant.sample(upTo: now)
                plant.handle(event, now: now)
                if !plant.signals.isEmpty { settle(now: now) }
            } else {
                guard stationTime < end else { return }
                plant.sample(upTo: stationTime)
                runStations(now: stationTime)
                settle(now: stationTime)
            }
        }
    }

    private mutating func runStations(now: SimTime) {
        guard let boot = boots.first, boot.at <= now else {
            return stations.run(now: now, plant: &plant, inbox: &inbox)
        }
        boots.removeFirst()
        feed(boot.station, .powerUp(reason: boot.reason))
        if let job = boot.job { receive(stations.jobDone(job, .done, station: boot.station)) }
    }

    /// Hands something to a station, and carries out all that follows.
    mutating func hand(_ input: Stations.Input, to station: Int, now: SimTime) {
        receive(input, station)
        settle(now: now)
    }

    /// Puts something into a station's inbox, for ``settle(now:)``.
    mutating func receive(_ input: Stations.Input, _ station: Int) {
        inbox.append(StationInput(station: station, input: input))
    }

    mutating func receive(_ input: StationInput<Stations.Input>) { inbox.append(input) }

    /// Hands the plant's signals and everything that follows from them to the stations, in order, until nothing is left.
    mutating func settle(now: SimTime) {
        var next = 0
        while true {
            takeSignals(now: now)
            guard next < inbox.count else { break }
            let item = inbox[next]
            next += 1
            stations.handle(item.input, kept: item.kept, station: item.station, now: now)
            for index in 0..<stations.outputCount {
                if let order = stations.plantOrder(index) {
                    carryOut(order, station: item.station, now: now)
                } else {
                    stations.carryOut(index, station: item.station, now: now, plant: &plant, inbox: &inbox)
                }
            }
        }
        inbox.removeAll(keepingCapacity: true)
        stations.settled(now: now)
    }

    // MARK: plant to stations

    private mutating func takeSignals(now: SimTime) {
        guard !plant.signals.isEmpty else { return }
        var next = 0
        while next < plant.signals.count {
            take(plant.signals[next], now: now)
            next += 1
        }
        plant.signals.removeAll(keepingCapacity: true)
    }

    private mutating func take(_ signal: StationSignal, now: SimTime) {
        let s = Int(signal.station)
        let isWhole = signal.evse == .max
        let e = isWhole ? 0 : Int(signal.evse)
        let local = isWhole ? 0 : e - plant.parameters.stations[s].evses.lowerBound
        let meterWh = isWhole ? 0 : plant.evses[e].meter.registerWh
        switch signal.kind {
        case .plugged:
            startWh[e] = meterWh
            feed(s, .vehiclePlugged(evse: local))
        case .token where !stations.isPowered(s): plant.authorize(e, accepted: false, now: now)
        case .token(let number): feed(s, .tokenPresented(evse: local, idToken: WorldTokens.token(number)))
        case .energyStarted:
            startWh[e] = meterWh
            feed(s, .chargingStarted(evse: local, meterWh: meterWh))
            applyLimit(s, local, now: now)
        case .energyEnded(let reason):
            isSuspended[e] = false
            let stop = stops.firstIndex { $0.evse == e }.map { stops.remove(at: $0) }
            feed(s, .chargingEnded(evse: local, reason: stop?.reason ?? reason.stoppedReason, meterWh: meterWh))
        case .unplugged: feed(s, .vehicleUnplugged(evse: local, meterWh: meterWh))
        case .faulted: feed(s, .fault(evse: local))
        case .repaired: feed(s, .faultCleared(evse: local))
        case .linkLost: stations.obstruct(s, true, now: now, plant: plant, inbox: &inbox)
        case .linkRestored: stations.obstruct(s, false, now: now, plant: plant, inbox: &inbox)
        case .startFailed: feed(s, .chargingEnded(evse: local, reason: .other, meterWh: meterWh))
        case .powerLost:
            boots.removeAll { $0.station == s }
            feed(s, .powerDown)
            stations.obstruct(s, true, now: now, plant: plant, inbox: &inbox)
        case .powerRestored:
            stations.obstruct(s, false, now: now, plant: plant, inbox: &inbox)
            feed(s, .powerUp(reason: .powerUp))
        }
        stations.noticed(signal.kind, station: s, evse: local, now: now, plant: &plant, inbox: &inbox)
    }

    private mutating func feed(_ s: Int, _ input: StationFirmware.Input) {
        receive(Stations.input(input), s)
    }

    // MARK: stations to plant

    @inline(__always)
    private mutating func carryOut(_ order: PlantOrder, station s: Int, now: SimTime) {
        switch order {
        case .everyday(let order): carryOut(order, station: s, now: now)
        case .restart(let reason, let local, let resumes):
            restart(s, reason, evse: local, resumes: resumes, now: now)
        case .activate(let job): restart(s, .firmwareUpdate, evse: nil, resumes: false, job: job, now: now)
        case .invites(let local, let isInviting):
            plant.invite(plant.parameters.stations[s].evses.lowerBound + local, isInviting, now: now)
        case .limitChanged(let local):
            for k in local.map({ $0..<$0 + 1 }) ?? 0..<plant.parameters.stations[s].evses.count {
                applyLimit(s, k, now: now)
            }
        }
    }

    private mutating func carryOut(_ order: StationFirmware.Output, station s: Int, now: SimTime) {
        let first = plant.parameters.stations[s].evses.lowerBound
        switch order {
        case .authorization(let local, let accepted, _):
            plant.authorize(first + local, accepted: accepted, now: now)
        case .authorizationExpired(let local): plant.withdrawAuthorization(first + local)
        case .stopCharging(let local, let reason): stop(first + local, reason, now: now)
        case .needMeter(let local):
            if let own = stations.ownReading(s, evse: local, now: now) { return feed(s, own) }
            let reading = plant.readMeter(first + local, now: now)
            feed(
                s,
                .meterReading(
                    evse: local, meterWh: reading.registerWh, powerW: reading.powerW,
                    stateOfCharge: reading.stateOfCharge))
        case .transactionEnded(let local, let number, let meterStartWh, let meterStopWh):
            let e = first + local
            stations.transactionEnded(
                TransactionTruth(
                    station: s, evse: local, number: number,
                    energyWh: plant.evses[e].meter.registerWh - startWh[e], meterStartWh: meterStartWh,
                    meterStopWh: meterStopWh), now: now)
        case .transactionStarted, .transactionMessageDiscarded: break
        case .send, .connect, .disconnect, .startTimer:
            preconditionFailure("orders to the connection, not to the plant")
        }
    }

    /// Ends what goes on at an EVSE, and remembers why until the plant says that it has ended.
    private mutating func stop(_ e: Int, _ reason: Core.StoppedReason, now: SimTime) {
        stops.append(Stop(evse: e, reason: reason))
        plant.stopCharging(e, now: now)
    }

    /// The controller, or one EVSE of it, starts anew. Charges end first, but where transactions are to go on; a start
    /// sequence, which the controller leads, is broken off in any case.
    private mutating func restart(
        _ s: Int, _ reason: Core.BootReason, evse: Int?, resumes: Bool, job: Int? = nil, now: SimTime
    ) {
        let evses = plant.parameters.stations[s].evses
        for e in evse.map({ evses.lowerBound + $0..<evses.lowerBound + $0 + 1 }) ?? evses {
            let phase = plant.evses[e].phase
            if phase == .starting || phase == .charging && !resumes { stop(e, .immediateReset, now: now) }
        }
        takeSignals(now: now)
        guard evse == nil else { return }  // one EVSE's controller is back before anybody asks
        for e in evses { plant.withdrawAuthorization(e) }
        boots.removeAll { $0.station == s }
        boots.append(Boot(at: now + Self.restartDuration, station: s, reason: reason, job: job))
        stations.hangUp(s, now: now)
        feed(s, .powerDown)
    }

    /// Puts what the station may give at an EVSE into force; nothing at all is a pause.
    private mutating func applyLimit(_ s: Int, _ local: Int, now: SimTime) {
        let e = plant.parameters.stations[s].evses.lowerBound + local
        let limitW = stations.limitW(s, evse: local, now: now)
        // What is as much as the EVSE can give limits nothing.
        plant.limit(e, watts: limitW >= plant.parameters.evses[e].ratedW ? .infinity : limitW, now: now)
        guard plant.evses[e].phase == .charging, isSuspended[e] != plant.isPaused(e) else { return }
        isSuspended[e].toggle()
        let meterWh = plant.evses[e].meter.registerWh
        feed(
            s,
            isSuspended[e]
                ? .chargingSuspended(evse: local, byVehicle: false, meterWh: meterWh)
                : .chargingResumed(evse: local, meterWh: meterWh))
    }
}

extension SiteRuntime: Codable where Stations: Codable {
    private enum CodingKeys: String, CodingKey { case plant, stations, startWh, isSuspended, boots, sent }
}
