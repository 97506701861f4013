public import Models
public import OCPP
internal import OCPPMessages
public import Sim

/// A site of a world whose stations speak to a CSMS outside the simulation.
///
/// The same plant as in a ``TwinRun``, but each station is a whole ``Models/StationClient`` whose frames leave as
/// outputs, and time goes on as the owner says: ``run(until:)`` follows the wall clock, frames of the CSMS are handed in
/// when they arrive. Nothing here waits, opens or reads anything.
///
/// Transactions are counted with the plant's truth, so that a CSMS's books can be compared with it.
public struct PacedSite: Sendable {
    /// One thing the owner has to do for a station.
    public struct Output: Sendable {
        /// Index within the site.
        public var station: Int
        public var order: Order
    }
    public enum Order: Sendable {
        case client(StationClient.Output)
        /// The station's modem has broken, or works again.
        case linkFault(Bool)
    }

    /// Stable names of the site's stations, in order.
    public let stationIDs: [String]
    public internal(set) var clients: ContiguousArray<StationClient>
    /// What is to be done, in order; the owner empties it.
    public var outputs: [Output] = []
    /// Transactions as they really were, in the order they ended; the owner empties it.
    public var truth: [TrueTransaction] = []

    var plant: SitePlant
    /// Of each station; none where nothing happens besides charging.
    var surroundings: ContiguousArray<StationSurroundings>
    private let epoch: Timestamp
    private var scratch: [StationClient.Output] = []
    /// Register at the start of the charge of each EVSE, Wh.
    var startWh: ContiguousArray<Double>
    private var deadlines: ContiguousArray<SimTime>
    var isSuspended: ContiguousArray<Bool>
    /// Why the station has a charge ended; `nil` where the plant ends it by itself.
    var stopReasons: ContiguousArray<Core.StoppedReason?>
    /// When a station that restarts is back.
    var bootAt: ContiguousArray<SimTime>
    private var bootReasons: ContiguousArray<Core.BootReason>

    /// How long a controller takes to start anew.
    public static let restartDuration = SimDuration.seconds(30)

    /// - Parameter surroundings: of each station, or none at all.
    init(
        plant: SitePlant, clients: ContiguousArray<StationClient>, stationIDs: [String], epoch: Timestamp,
        surroundings: ContiguousArray<StationSurroundings> = []
    ) {
        self.plant = plant
        self.surroundings = surroundings
        self.clients = clients
        self.stationIDs = stationIDs
        self.epoch = epoch
        let evses = plant.parameters.evses.count
        startWh = ContiguousArray(repeating: 0, count: evses)
        isSuspended = ContiguousArray(repeating: false, count: evses)
        stopReasons = ContiguousArray(repeating: nil, count: evses)
        deadlines = ContiguousArray(repeating: .distantFuture, count: clients.count)
        bootAt = ContiguousArray(repeating: .distantFuture, count: clients.count)
        bootReasons = ContiguousArray(repeating: .powerUp, count: clients.count)
    }

    public var totals: SiteTotals { plant.totals }
    public var stationCount: Int { clients.count }

    /// When ``run(until:)`` has something to do next; `distantFuture` for nothing.
    public var nextTime: SimTime {
        var next = plant.nextTime
        for s in clients.indices { next = min(next, deadlines[s], bootAt[s]) }
        for s in surroundings.indices { next = min(next, surroundings[s].nextTime) }
        return next
    }

    /// Switches a station on.
    public mutating func powerUp(_ station: Int, reason: Core.BootReason = .powerUp, now: SimTime) {
        feed(station, .everyday(.powerUp(reason: reason)), now: now)
        guard surroundings.indices.contains(station), let plugs = surroundings[station].cabinet?.plugs() else { return }
        for plug in plugs { feed(station, plug, now: now) }
    }

    /// Something came from the connection or the driver's jobs.
    public mutating func handle(_ input: StationClient.Input, station: Int, now: SimTime) {
        feed(station, input, now: now)
        takeSignals(now: now)
    }

    /// Runs everything that is due before `end`.
    public mutating func run(until end: SimTime) {
        while true {
            let now = nextTime
            guard now < end else { return }
            if plant.nextTime <= now, let (time, event) = plant.queue.pop(before: end) {
                plant.sample(upTo: time)
                _ = plant.handle(event, now: time)
                takeSignals(now: time)
                plant.outgoing.removeAll(keepingCapacity: true)
                plant.records.removeAll()
                continue
            }
            for s in clients.indices {
                if bootAt[s] <= now {
                    bootAt[s] = .distantFuture
                    feed(s, .everyday(.powerUp(reason: bootReasons[s])), now: now)
                }
                if deadlines[s] <= now { feed(s, .timer, now: now) }
            }
            for s in surroundings.indices where surroundings[s].nextTime <= now { happen(s, now: now) }
            takeSignals(now: now)
        }
    }

    // MARK: stations to plant

    mutating func feed(_ s: Int, _ input: StationClient.Input, now: SimTime) {
        var pending = [input]
        var next = 0
        while next < pending.count {
            clients[s].handle(pending[next], now: timestamp(now), outputs: &scratch)
            next += 1
            let todo = scratch
            scratch.removeAll(keepingCapacity: true)
            for output in todo {
                if let answer = carryOut(output, station: s, now: now) { pending.append(answer) }
            }
        }
        deadlines[s] = max(now, simTime(clients[s].nextDeadline))
    }

    /// Does what concerns the plant and passes on the rest.
    private mutating func carryOut(
        _ output: StationClient.Output, station s: Int, now: SimTime
    ) -> StationClient.Input? {
        let first = plant.parameters.stations[s].evses.lowerBound
        switch output {
        case .everyday(.authorization(let local, let accepted, _)):
            plant.authorize(first + local, accepted: accepted, now: now)
        case .everyday(.stopCharging(let local, let reason)): stop(first + local, reason, now: now)
        case .everyday(.needMeter(let local)):
            if !surroundings.isEmpty, let cabinet = surroundings[s].cabinet {
                return .everyday(cabinet.reading(local, now: now))
            }
            let reading = plant.readMeter(first + local, now: now)
            return .everyday(
                .meterReading(
                    evse: local, meterWh: reading.registerWh, powerW: reading.powerW,
                    stateOfCharge: reading.stateOfCharge))
        case .everyday(.transactionEnded(let local, let number, let meterStartWh, let meterStopWh)):
            let ended = TrueTransaction(
                station: s, transactionID: clients[s].controller.firmware.transactionID(number: number),
                energyWh: plant.evses[first + local].meter.registerWh - startWh[first + local],
                meterStartWh: meterStartWh, meterStopWh: meterStopWh, endedAt: now)
            truth.append(ended)
            if !surroundings.isEmpty {
                surroundings[s].transactionEnded(
                    local, id: ended.transactionID, energyWh: ended.energyWh, now: now)
            }
        case .directive(.limitChanged(let local)):
            for k in local.map({ $0..<$0 + 1 }) ?? 0..<plant.parameters.stations[s].evses.count {
                applyLimit(s, k, now: now)
            }
        case .directive(.restart(let reason, let local, let resumes)):
            return restart(s, reason, evse: local, resumes: resumes, now: now)
        case .directive(.swapOpened): if !surroundings.isEmpty { surroundings[s].swapOpened(now: now) }
        case .directive(.swapClosed): if !surroundings.isEmpty { surroundings[s].swapClosed() }
        case .job(let id, .deliverEXI(let local, let exi)):
            if exi != nil, !surroundings.isEmpty { surroundings[s].contractDelivered(local, now: now) }
            return .jobDone(id, .done)
        case .job(let id, .deliverChainStatus): return .jobDone(id, .done)
        case .job(let id, .unlock(let local, _)):
            let isCharging = plant.evses[first + local].phase == .charging
            return .jobDone(id, isCharging ? .failed("the vehicle holds the plug") : .done)
        default: outputs.append(Output(station: s, order: .client(output)))
        }
        return nil
    }

    /// Ends a charge, and remembers why until the plant says that it has ended.
    private mutating func stop(_ e: Int, _ reason: Core.StoppedReason, now: SimTime) {
        if plant.evses[e].phase == .charging { stopReasons[e] = reason }
        plant.stopCharging(e, now: now)
    }

    /// The controller, or one EVSE of it, starts anew. Charges end first, but where transactions are to go on.
    private mutating func restart(
        _ s: Int, _ reason: Core.BootReason, evse: Int?, resumes: Bool, now: SimTime
    ) -> StationClient.Input? {
        let evses = plant.parameters.stations[s].evses
        if !resumes {
            for e in evse.map({ evses.lowerBound + $0..<evses.lowerBound + $0 + 1 }) ?? evses
            where plant.evses[e].phase == .charging {
                stop(e, .immediateReset, now: now)
            }
            takeSignals(now: now)
        }
        guard evse == nil else { return nil }  // one EVSE's controller is back before anybody asks
        bootAt[s] = now + Self.restartDuration
        bootReasons[s] = reason
        outputs.append(Output(station: s, order: .client(.disconnect(code: 1001, reason: "restart"))))
        return .everyday(.powerDown)
    }

    /// Puts what the station may give at an EVSE into force; nothing at all is a pause.
    mutating func applyLimit(_ s: Int, _ local: Int, now: SimTime) {
        let e = plant.parameters.stations[s].evses.lowerBound + local
        let limitW = clients[s].limitW(evse: local, now: timestamp(now))
        plant.limit(e, watts: limitW, now: now)
        guard plant.evses[e].phase == .charging, isSuspended[e] != plant.isPaused(e) else { return }
        isSuspended[e].toggle()
        let meterWh = plant.evses[e].meter.registerWh
        let input: StationFirmware.Input =
            isSuspended[e]
            ? .chargingSuspended(evse: local, byVehicle: false, meterWh: meterWh)
            : .chargingResumed(evse: local, meterWh: meterWh)
        clients[s].handle(.everyday(input), now: timestamp(now), outputs: &scratch)
    }

    // MARK: clocks

    public func timestamp(_ t: SimTime) -> Timestamp { epoch.adding(microseconds: t.microseconds) }
    private func simTime(_ t: Timestamp) -> SimTime {
        t == .distantFuture ? .distantFuture : SimTime(microseconds: t.microseconds - epoch.microseconds)
    }
}
