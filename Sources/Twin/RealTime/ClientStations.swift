internal import Models
internal import OCPP
internal import OCPPMessages
internal import Sim

/// The stations of a site in real time: each one a whole ``Models/StationClient``, whose frames leave as outputs.
struct ClientStations: WholeStations {
    typealias Input = StationClient.Input

    private(set) var clients: ContiguousArray<StationClient>
    /// Of each station; none where nothing happens besides charging.
    var surroundings: ContiguousArray<StationSurroundings>
    /// What the owner of the connections has to do, in order; the owner empties it.
    var toDo: [RealTimeSite.Output] = []
    /// Transactions as they really were, in the order they ended; the owner empties it.
    var truth: [TrueTransaction] = []
    let clock: SiteClock
    private var scratch: [StationClient.Output] = []
    private var deadlines: ContiguousArray<SimTime>

    /// - Parameter surroundings: of each station, or none at all.
    init(
        _ clients: ContiguousArray<StationClient>, clock: SiteClock,
        surroundings: ContiguousArray<StationSurroundings>
    ) {
        self.clients = clients
        self.clock = clock
        self.surroundings = surroundings
        deadlines = ContiguousArray(repeating: .distantFuture, count: clients.count)
    }

    static func input(_ input: StationFirmware.Input) -> StationClient.Input { .everyday(input) }

    // MARK: time

    var nextTime: SimTime {
        var next = SimTime.distantFuture
        for deadline in deadlines { next = min(next, deadline) }
        return min(next, nextOccurrence)
    }

    mutating func run(now: SimTime, plant: inout SitePlant, inbox: inout Inbox) {
        for s in clients.indices where deadlines[s] <= now {
            deadlines[s] = .distantFuture
            inbox.append(StationInput(station: s, input: .timer))
        }
        occur(now: now, plant: plant, inbox: &inbox)
    }

    func jobDone(_ job: Int, _ result: StationJobResult, station: Int) -> StationInput<Input> {
        StationInput(station: station, input: .jobDone(job, result))
    }
    func input(_ occurrence: Occurrence, station: Int) -> StationInput<Input> {
        StationInput(station: station, input: StationClient.Input(occurrence))
    }
    func timestamp(_ time: SimTime) -> Timestamp { clock.timestamp(time) }
    func rating(of station: Int, evse: Int) -> EVSERating { clients[station].controller.rating(evse: evse) }
    func offeredSchedule(of station: Int, evse: Int) -> Int? {
        clients[station].controller.offeredSchedule(evse: evse)
    }

    mutating func settled(now: SimTime) {}

    // MARK: clients

    mutating func handle(_ input: StationClient.Input, kept: Int32, station: Int, now: SimTime) {
        scratch.removeAll(keepingCapacity: true)
        clients[station].handle(input, now: clock.timestamp(now), outputs: &scratch)
        deadlines[station] = max(now, clock.simTime(clients[station].nextDeadline))
    }

    var outputCount: Int { scratch.count }

    func plantOrder(_ index: Int) -> PlantOrder? {
        switch scratch[index] {
        case .everyday(let order): .everyday(order)
        case .directive(.restart(let reason, let evse, let resumes)): .restart(reason, evse: evse, resumes: resumes)
        case .directive(.limitChanged(let evse)): .limitChanged(evse: evse)
        case .directive(.invites(let evse, let isInviting)): .invites(evse: evse, isInviting)
        default: nil
        }
    }

    mutating func carryOut(_ index: Int, station s: Int, now: SimTime, plant: inout SitePlant, inbox: inout Inbox) {
        switch scratch[index] {
        case .directive(.swapOpened): if !surroundings.isEmpty { surroundings[s].swapOpened(now: now) }
        case .directive(.swapClosed): if !surroundings.isEmpty { surroundings[s].swapClosed() }
        case .job(let id, .deliverEXI(let local, let exi)):
            if exi != nil, !surroundings.isEmpty { surroundings[s].contractDelivered(local, now: now) }
            inbox.append(StationInput(station: s, input: .jobDone(id, .done)))
        case .job(let id, .deliverChainStatus): inbox.append(StationInput(station: s, input: .jobDone(id, .done)))
        case .job(let id, .unlock(let local, _)):
            inbox.append(StationInput(station: s, input: .jobDone(id, plant.unlocked(s, evse: local))))
        default: toDo.append(RealTimeSite.Output(station: s, order: .client(scratch[index])))
        }
    }

    mutating func hangUp(_ station: Int, now: SimTime) {
        toDo.append(RealTimeSite.Output(station: station, order: .client(.disconnect(code: 1001, reason: "restart"))))
    }

    mutating func limitW(_ station: Int, evse: Int, now: SimTime) -> Double {
        clients[station].limitW(evse: evse, now: clock.timestamp(now))
    }

    func isPowered(_ station: Int) -> Bool { clients[station].controller.firmware.isPowered }

    mutating func obstruct(_ s: Int, _ isObstructed: Bool, now: SimTime, plant: SitePlant, inbox: inout Inbox) {
        toDo.append(RealTimeSite.Output(station: s, order: .linkFault(isObstructed || !plant.isOnline(s))))
    }

    func ownReading(_ station: Int, evse: Int, now: SimTime) -> StationFirmware.Input? {
        surroundings.isEmpty ? nil : surroundings[station].cabinet?.reading(evse, now: now)
    }

    mutating func transactionEnded(_ ended: TransactionTruth, now: SimTime) {
        let id = clients[ended.station].controller.firmware.transactionID(number: ended.number)
        truth.append(
            TrueTransaction(
                station: ended.station, transactionID: id, energyWh: ended.energyWh, meterStartWh: ended.meterStartWh,
                meterStopWh: ended.meterStopWh, endedAt: now))
        guard !surroundings.isEmpty else { return }
        surroundings[ended.station].transactionEnded(ended.evse, id: id, energyWh: ended.energyWh, now: now)
    }

    mutating func noticed(
        _ kind: StationSignal.Kind, station s: Int, evse local: Int, now: SimTime, plant: inout SitePlant,
        inbox: inout Inbox
    ) {
        notice(kind, station: s, evse: local, now: now, plant: plant)
    }
}

/// A simulated instant as the stations' clock shows it, and back.
struct SiteClock: BitwiseCopyable, Sendable {
    /// At the simulated instant 0.
    var epoch: Timestamp

    func timestamp(_ t: SimTime) -> Timestamp { epoch.adding(microseconds: t.microseconds) }
    func simTime(_ t: Timestamp) -> SimTime {
        t == .distantFuture ? .distantFuture : SimTime(microseconds: t.microseconds - epoch.microseconds)
    }
}
