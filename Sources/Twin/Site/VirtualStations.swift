internal import CSMS
internal import Models
internal import OCPP
internal import Sim

/// The stations of a simulated site: each one's firmware, the links, the site's part of the CSMS and the audit of what was
/// booked.
struct VirtualStations: WholeStations, Codable {
    typealias Input = StationFirmware.Input
    /// ``StationInput/kept``: the CSMS has answered that it knows of the start (plain stations). Other numbers are indices of
    /// what ``StationPairs`` keep.
    static let told = Int32.max

    /// Compiled from the world, not part of a checkpoint.
    struct Settings: Sendable {
        var firmware = FirmwareSettings()
        var csms = CSMSSettings()
        var profile = LinkProfiles.ideal
        var epoch = Timestamp(microseconds: 0)
        var logsMessages = false
        var wire = WireKind.typed
        var version = OCPPVersion.v201
        /// What the CSMS orders, in the world's order.
        var orders: [OrderSpec] = []

        var isIdeal: Bool { profile.rttMedianMs == 0 }
        func timestamp(_ t: SimTime) -> Timestamp { epoch.adding(microseconds: t.microseconds) }
        func simTime(_ t: Timestamp) -> SimTime? {
            t == .distantFuture ? nil : SimTime(microseconds: t.microseconds - epoch.microseconds)
        }
    }
    var settings = Settings()
    /// Stations that nobody asks for anything besides charging; none where there are ``pairs``.
    var stations: ContiguousArray<PlainStation> = []
    /// The CSMS's side of each station.
    var sessions: SiteSessions
    var link: VirtualLink
    /// Whole stations and whole sessions; `nil` where plain stations do.
    var pairs: StationPairs?
    /// What the CSMS orders here.
    var orders: SiteOrders?
    /// None where there are no ``pairs``.
    var surroundings: ContiguousArray<StationSurroundings> = []
    /// Messages of plain stations that are no everyday ones, under way.
    var others = Slab<OtherFlight>()
    var audit: SiteAudit
    /// Of every message that the CSMS has handled.
    var digest = TraceDigest()
    /// Events of links and timers; the plant has its own.
    var queue = EventQueue<LinkEvent>()
    /// Messages that arrived, connections made and lost; timers, which a wire may arm as it likes, are not counted.
    private(set) var eventCount: UInt64 = 0
    var messages: ContiguousArray<MessageRecord> = []
    var csmsTimerAt: SimTime = .distantFuture
    /// Of the run: outages of links beyond it are not drawn.
    var end = SimTime.distantFuture
    // Scratch, empty between events.
    var outputs = OutputBuffer()
    var effects: [Effect] = []
    /// Whether the station that had the last input tells its start as well.
    var isTelling = false
    /// Stations whose timer was moved in this event; queued at its end, when most moves have been undone.
    private var movedTimers: ContiguousArray<UInt16> = []

    private enum CodingKeys: String, CodingKey {
        case stations, sessions, link, pairs, orders, surroundings, others, audit, digest, queue, eventCount, messages,
            csmsTimerAt, end
    }

    /// No stations at all, for a site without a CSMS.
    init() {
        sessions = SiteSessions(stations: 0, settings: settings.csms)
        link = VirtualLink(stations: [], seed: 0)
        audit = SiteAudit(stations: 0, toleranceMilliWh: SiteAudit.rounding)
    }

    init(_ parameters: SiteParameters, surroundings spec: SurroundingsSpec = SurroundingsSpec(), settings: Settings) {
        self.settings = settings
        sessions = SiteSessions(stations: parameters.stations.count, settings: settings.csms)
        link = VirtualLink(stations: parameters.stations, seed: parameters.seed)
        audit = SiteAudit(
            stations: parameters.stations.count,
            toleranceMilliWh: settings.version == .v16 ? SiteAudit.wholeWh : SiteAudit.rounding)
        end = parameters.end
        let orders = SiteOrders(settings.orders, at: parameters)
        // Of 1.6, whose registers are whole Wh, there are no plain stations.
        if settings.wire == .encoded || settings.version == .v16 || orders != nil || !spec.isQuiet {
            pairs = StationPairs(parameters, surroundings: spec, settings: settings)
            surroundings = StationSurroundings.all(spec, version: settings.version, at: parameters)
        } else {
            for station in parameters.stations {
                let firmware = StationFirmware(
                    identity: station.identity, connectors: station.evses.map { _ in 1 },
                    stationKey: station.entity &+ parameters.seed, settings: settings.firmware,
                    random: RandomStream(
                        seed: parameters.seed, purpose: StreamPurpose.firmware, entity: station.entity))
                stations.append(PlainStation(firmware))
            }
        }
        self.orders = orders
        scheduleOrders()
        guard !settings.isIdeal else { return }
        for s in link.lines.indices { scheduleLinkChange(s, now: .zero) }
    }

    static func input(_ input: StationFirmware.Input) -> Input { input }

    // MARK: events

    var nextTime: SimTime {
        let next = queue.nextTime ?? .distantFuture
        return surroundings.isEmpty ? next : min(next, nextOccurrence)
    }

    mutating func run(now: SimTime, plant: inout SitePlant, inbox: inout Inbox) {
        if !surroundings.isEmpty, nextOccurrence <= now { return occur(now: now, plant: plant, inbox: &inbox) }
        guard let (_, event) = queue.pop() else { return }
        if event.isTraffic { eventCount += 1 }
        switch event {
        case .stationTimer(let s): timerDue(Int(s), now: now, inbox: &inbox)
        case .linkChange(let s): linkChanges(Int(s), now: now, inbox: &inbox)
        case .connected(let s, let connection):
            guard link.lines[Int(s)].connection == connection, link.isPhysicallyUp(Int(s)) else { break }
            setConnected(Int(s), true, now: now, inbox: &inbox)
            inbox.append(StationInput(station: Int(s), input: .linkUp))
        case .otherArrives(let slot): otherArrives(slot, now: now, inbox: &inbox)
        case .sessionTimer(let s): sessionTimerDue(Int(s), now: now, inbox: &inbox)
        case .workDone(let slot): workDone(slot, inbox: &inbox)
        case .order(let slot): orderDue(slot, now: now, inbox: &inbox)
        case .callArrives(let slot) where pairs != nil: pairCallArrives(slot, now: now, inbox: &inbox)
        case .answerArrives(let slot) where pairs != nil: pairAnswerArrives(slot, now: now, inbox: &inbox)
        case .callArrives(let slot):
            let flight = link.calls.remove(slot)
            guard isCarried(flight.station, flight.connection) else { break }
            let answer = ask(flight.frame, from: Int(flight.station), now: now)
            let back = link.answers.insert(
                VirtualLink.Flight(
                    station: flight.station, connection: flight.connection, sent: flight.sent, frame: answer))
            let delay = link.oneWay(Int(flight.station), settings.profile)
            noteMessage(flight.frame, answer, station: flight.station, now: now, roundTrip: now + delay - flight.sent)
            queue.schedule(.answerArrives(slot: back), at: now + delay)
        case .answerArrives(let slot):
            let flight = link.answers.remove(slot)
            guard isCarried(flight.station, flight.connection) else { break }
            inbox.append(StationInput(station: Int(flight.station), input: .answer(flight.frame)))
        case .csmsTimer:
            if csmsTimerAt <= now { csmsTimerAt = .distantFuture }
            sessions.timerDue(now: settings.timestamp(now), effects: &effects)
            takeEffects()
            scheduleCSMSTimer(now: now)
        }
    }

    /// Takes over what a checkpoint does not hold.
    mutating func adopt(_ settings: Settings) {
        self.settings = settings
        pairs?.adopt(settings)
        orders?.adopt(settings.orders)
    }

    /// What the books of this site say against the truth.
    func auditTotals() -> AuditTotals { audit.totals(pending: pendingTransactions) }

    /// Of each station, numbers of the transactions with messages that wait in it.
    private var pendingTransactions: [[UInt32]] {
        pairs.map { $0.clients.map(\.controller.firmware.pendingTransactions) }
            ?? stations.map(\.firmware.pendingTransactions)
    }

    /// Messages logged since the last call.
    mutating func takeMessages() -> ContiguousArray<MessageRecord> {
        defer { messages.removeAll(keepingCapacity: true) }
        return messages
    }

    /// Orders ended since the last call.
    mutating func takeOrders() -> ContiguousArray<OrderRecord> { orders?.takeRecords() ?? [] }

    func isCarried(_ station: UInt16, _ connection: UInt32) -> Bool {
        let line = link.lines[Int(station)]
        return line.connection == connection && line.obstacles == 0
    }

    // MARK: firmware

    mutating func handle(_ input: Input, kept: Int32, station: Int, now: SimTime) {
        if pairs != nil { return handleWhole(input, kept: kept, station: station, now: now) }
        let instant = settings.timestamp(now)
        outputs.removeAll()
        if kept == Self.told {
            isTelling = stations[station].told(now: instant, outputs: &outputs)
        } else {
            stations[station].firmware.handle(input, now: instant, outputs: &outputs)
            isTelling = false
            guard outputs.news != .none || stations[station].isWaiting else { return }
            isTelling = stations[station].tell(now: instant, outputs.news)
        }
    }

    /// Apart, so that plain stations, by far the most frequent, do not pay for it.
    @inline(never)
    private mutating func handleWhole(_ input: Input, kept: Int32, station: Int, now: SimTime) {
        guard let deadline = pairs?.handle(input, kept: kept, station: station, now: settings.timestamp(now)) else {
            return
        }
        moveTimer(of: station, to: settings.simTime(deadline) ?? .distantFuture)
    }

    var outputCount: Int { pairs?.outputs.count ?? outputs.count + (isTelling ? 1 : 0) }

    func plantOrder(_ index: Int) -> PlantOrder? {
        if pairs != nil { return pairPlantOrder(index) }
        guard index < outputs.count else { return nil }
        switch outputs[index] {
        case .send, .connect, .disconnect, .startTimer: return nil
        case .authorization, .authorizationExpired, .stopCharging, .needMeter, .transactionStarted, .transactionEnded,
            .transactionMessageDiscarded:
            return .everyday(outputs[index])
        }
    }

    mutating func carryOut(_ index: Int, station s: Int, now: SimTime, plant: inout SitePlant, inbox: inout Inbox) {
        if pairs != nil { return pairCarryOut(index, station: s, now: now, plant: &plant, inbox: &inbox) }
        guard index < outputs.count else { return sendOther(station: s, now: now, inbox: &inbox) }
        switch outputs[index] {
        case .send(let call): send(outputs.call(call), station: s, now: now, inbox: &inbox)
        case .connect: connect(s, now: now, inbox: &inbox)
        case .disconnect: hangUp(s, now: now)
        case .startTimer(let at, let generation):
            link.lines[s].timerGeneration = generation
            moveTimer(of: s, to: settings.simTime(at) ?? .distantFuture)
        case .authorization, .authorizationExpired, .stopCharging, .needMeter, .transactionStarted, .transactionEnded,
            .transactionMessageDiscarded:
            preconditionFailure("an order to the plant")
        }
    }

    mutating func settled(now: SimTime) {
        for s in movedTimers { queueTimer(Int(s), now: now) }
        movedTimers.removeAll(keepingCapacity: true)
        pairs?.inputs.removeAll(keepingCapacity: true)
    }

    func isPowered(_ s: Int) -> Bool {
        pairs?.clients[s].controller.firmware.isPowered ?? stations[s].firmware.isPowered
    }
    mutating func limitW(_ s: Int, evse: Int, now: SimTime) -> Double {
        pairs?.clients[s].limitW(evse: evse, now: settings.timestamp(now)) ?? .infinity
    }
    func ownReading(_ station: Int, evse: Int, now: SimTime) -> StationFirmware.Input? {
        surroundings.isEmpty ? nil : surroundings[station].cabinet?.reading(evse, now: now)
    }
    mutating func noticed(
        _ kind: StationSignal.Kind, station: Int, evse: Int, now: SimTime, plant: inout SitePlant, inbox: inout Inbox
    ) {
        notice(kind, station: station, evse: evse, now: now, plant: plant)
    }

    mutating func transactionEnded(_ truth: TransactionTruth, now: SimTime) {
        audit.transactionEnded(station: truth.station, number: truth.number, energyWh: truth.energyWh)
        guard !surroundings.isEmpty, let firmware = pairs?.clients[truth.station].controller.firmware else { return }
        let id = firmware.transactionID(number: truth.number)
        surroundings[truth.station].transactionEnded(truth.evse, id: id, energyWh: truth.energyWh, now: now)
    }

    // MARK: timers

    private mutating func timerDue(_ s: Int, now: SimTime, inbox: inout Inbox) {
        if link.lines[s].timerQueued <= now { link.lines[s].timerQueued = .distantFuture }
        guard link.lines[s].timerAt <= now else { return queueTimer(s, now: now) }
        link.lines[s].timerAt = .distantFuture
        inbox.append(
            StationInput(station: s, input: .timer(generation: link.lines[s].timerGeneration)))
    }

    /// Queued when all that the instant brings about is done, when most moves have been undone.
    private mutating func moveTimer(of s: Int, to at: SimTime) {
        link.lines[s].timerAt = at
        if movedTimers.last != UInt16(s) { movedTimers.append(UInt16(s)) }
    }

    /// Sees to it that an event is pending no later than the timer wants.
    private mutating func queueTimer(_ s: Int, now: SimTime) {
        let at = max(link.lines[s].timerAt, now)
        guard link.lines[s].timerAt < .distantFuture, at < link.lines[s].timerQueued else { return }
        link.lines[s].timerQueued = at
        queue.schedule(.stationTimer(station: UInt16(s)), at: at)
    }
}
