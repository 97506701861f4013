internal import CSMS
internal import Models
internal import OCPP
internal import Sim

/// The stations of a simulated site: each one's firmware, the links, the site's part of the CSMS and the audit of what was
/// booked.
struct VirtualStations: SiteStations, Codable {
    typealias Input = StationFirmware.Input

    /// Compiled from the world, not part of a checkpoint.
    struct Settings: Sendable {
        var firmware = FirmwareSettings()
        var csms = CSMSSettings()
        var profile = LinkProfiles.ideal
        var epoch = Timestamp(microseconds: 0)
        var logsMessages = false
        /// The version spoken on the `encoded` wire; `nil` on the `typed` one.
        var encoded: OCPPVersion?

        var isIdeal: Bool { profile.rttMedianMs == 0 }
        func timestamp(_ t: SimTime) -> Timestamp { epoch.adding(microseconds: t.microseconds) }
        func simTime(_ t: Timestamp) -> SimTime? {
            t == .distantFuture ? nil : SimTime(microseconds: t.microseconds - epoch.microseconds)
        }
    }
    var settings = Settings()
    private(set) var stations: ContiguousArray<StationFirmware> = []
    /// The CSMS's side of each station.
    private(set) var sessions: SiteSessions
    var link: VirtualLink
    /// Both ends of the `encoded` wire; `nil` on the `typed` one.
    var encoded: EncodedLink?
    private(set) var audit: SiteAudit
    /// Of every message that the CSMS has handled.
    private(set) var digest = TraceDigest()
    /// Events of links and timers; the plant has its own.
    var queue = EventQueue<LinkEvent>()
    private(set) var eventCount: UInt64 = 0
    private var messages: ContiguousArray<MessageRecord> = []
    private var csmsTimerAt: SimTime = .distantFuture
    /// Of the run: outages of links beyond it are not drawn.
    var end = SimTime.distantFuture
    // Scratch, empty between events.
    private var outputs = OutputBuffer()
    private var effects: [Effect] = []
    /// Stations whose timer was moved in this event; queued at its end, when most moves have been undone.
    private var movedTimers: ContiguousArray<UInt16> = []

    private enum CodingKeys: String, CodingKey {
        case stations, sessions, link, encoded, audit, digest, queue, eventCount, messages, csmsTimerAt, end
    }

    /// No stations at all, for a site without a CSMS.
    init() {
        sessions = SiteSessions(stations: 0, settings: settings.csms)
        link = VirtualLink(stations: [], seed: 0)
        audit = SiteAudit(stations: 0, toleranceMilliWh: SiteAudit.rounding)
    }

    init(_ parameters: SiteParameters, settings: Settings) {
        self.settings = settings
        sessions = SiteSessions(stations: parameters.stations.count, settings: settings.csms)
        link = VirtualLink(stations: parameters.stations, seed: parameters.seed)
        audit = SiteAudit(
            stations: parameters.stations.count,
            toleranceMilliWh: settings.encoded == .v16 ? SiteAudit.wholeWh : SiteAudit.rounding)
        encoded = settings.encoded.map { version in
            EncodedLink(version: version, connectors: parameters.stations.map { $0.evses.map { _ in 1 } })
        }
        end = parameters.end
        for station in parameters.stations {
            stations.append(
                StationFirmware(
                    identity: station.identity, connectors: station.evses.map { _ in 1 },
                    stationKey: station.entity &+ parameters.seed, settings: settings.firmware,
                    random: RandomStream(
                        seed: parameters.seed, purpose: StreamPurpose.firmware, entity: station.entity)))
        }
        guard !settings.isIdeal else { return }
        for s in stations.indices { scheduleLinkChange(s, now: .zero) }
    }

    static func input(_ input: StationFirmware.Input) -> StationFirmware.Input { input }

    // MARK: events

    var indices: Range<Int> { stations.indices }

    var nextTime: SimTime { queue.nextTime ?? .distantFuture }

    mutating func run(now: SimTime, plant: inout SitePlant, inbox: inout Inbox) {
        guard let (_, event) = queue.pop() else { return }
        eventCount += 1
        switch event {
        case .stationTimer(let s): timerDue(Int(s), now: now, inbox: &inbox)
        case .linkChange(let s): linkChanges(Int(s), now: now, inbox: &inbox)
        case .connected(let s, let connection):
            guard link.lines[Int(s)].connection == connection, link.isPhysicallyUp(Int(s)) else { break }
            link.lines[Int(s)].isConnected = true
            inbox.append(StationInput(station: Int(s), input: .linkUp))
        case .callArrives(let slot) where encoded != nil: encodedCallArrives(slot, now: now)
        case .answerArrives(let slot) where encoded != nil: encodedAnswerArrives(slot, now: now, inbox: &inbox)
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

    /// What the books of this site say against the truth.
    func auditTotals() -> AuditTotals { audit.totals(pending: stations.map(\.pendingTransactions)) }

    /// Messages logged since the last call.
    mutating func takeMessages() -> ContiguousArray<MessageRecord> {
        defer { messages.removeAll(keepingCapacity: true) }
        return messages
    }

    func isCarried(_ station: UInt16, _ connection: UInt32) -> Bool {
        let line = link.lines[Int(station)]
        return line.connection == connection && line.obstacles == 0
    }

    // MARK: firmware

    mutating func handle(_ input: StationFirmware.Input, station: Int, now: SimTime) {
        outputs.removeAll()
        stations[station].handle(input, now: settings.timestamp(now), outputs: &outputs)
    }

    var outputCount: Int { outputs.count }

    func plantOrder(_ index: Int) -> PlantOrder? {
        switch outputs[index] {
        case .send, .connect, .disconnect, .startTimer: nil
        case .authorization, .authorizationExpired, .stopCharging, .needMeter, .transactionStarted, .transactionEnded,
            .transactionMessageDiscarded:
            .everyday(outputs[index])
        }
    }

    mutating func carryOut(_ index: Int, station s: Int, now: SimTime, plant: inout SitePlant, inbox: inout Inbox) {
        switch outputs[index] {
        case .send(let call): send(outputs.call(call), station: s, now: now, inbox: &inbox)
        case .connect: connect(s, now: now, inbox: &inbox)
        case .disconnect:
            link.lines[s].connection &+= 1
            link.lines[s].isConnected = false
            encoded?.disconnect(s, now: settings.timestamp(now))
        case .startTimer(let at, let generation):
            link.lines[s].timerAt = settings.simTime(at) ?? .distantFuture
            link.lines[s].timerGeneration = generation
            if movedTimers.last != UInt16(s) { movedTimers.append(UInt16(s)) }
        case .authorization, .authorizationExpired, .stopCharging, .needMeter, .transactionStarted, .transactionEnded,
            .transactionMessageDiscarded:
            preconditionFailure("an order to the plant")
        }
    }

    mutating func settled(now: SimTime) {
        for s in movedTimers { queueTimer(Int(s), now: now) }
        movedTimers.removeAll(keepingCapacity: true)
    }

    func isPowered(_ station: Int) -> Bool { stations[station].isPowered }
    func limitW(_ station: Int, evse: Int, now: SimTime) -> Double { .infinity }
    mutating func hangUp(_ station: Int, now: SimTime) {
        link.lines[station].connection &+= 1
        link.lines[station].isConnected = false
        encoded?.disconnect(station, now: settings.timestamp(now))
    }
    func ownReading(_ station: Int, evse: Int, now: SimTime) -> StationFirmware.Input? { nil }
    mutating func noticed(
        _ kind: StationSignal.Kind, station: Int, evse: Int, now: SimTime, plant: inout SitePlant, inbox: inout Inbox
    ) {}

    mutating func transactionEnded(_ truth: TransactionTruth, now: SimTime) {
        audit.transactionEnded(station: truth.station, number: truth.number, energyWh: truth.energyWh)
    }

    // MARK: messages

    private mutating func send(_ call: StationCall, station s: Int, now: SimTime, inbox: inout Inbox) {
        guard link.lines[s].isConnected, !settings.isIdeal || link.isPhysicallyUp(s) else { return }
        if encoded != nil { return sendEncoded(call, station: s, now: now, inbox: &inbox) }
        if settings.isIdeal {
            let answer = ask(call, from: s, now: now)
            noteMessage(call, answer, station: UInt16(s), now: now, roundTrip: .zero)
            return inbox.append(StationInput(station: s, input: .answer(answer)))
        }
        let slot = link.calls.insert(
            VirtualLink.Flight(station: UInt16(s), connection: link.lines[s].connection, sent: now, frame: call))
        queue.schedule(.callArrives(slot: slot), at: now + link.oneWay(s, settings.profile))
    }

    /// The CSMS handles a call.
    mutating func ask(_ call: StationCall, from s: Int, now: SimTime) -> CSMSAnswer {
        let answer = sessions.handle(
            call, from: s, now: settings.timestamp(now), directory: WorldTokens.directory, effects: &effects)
        digest.mix(now.microseconds)
        // The answer, which is small, says the kind as well; to look at the call would copy it.
        let kind: UInt64
        switch answer.response {
        case .authorize: kind = 0
        case .bootNotification: kind = 1
        case .heartbeat: kind = 2
        case .meterValues: kind = 3
        case .statusNotification: kind = 4
        case .transactionEvent: kind = 5
        case .error: kind = 6 + Self.kind(of: call)
        }
        digest.mix(UInt64(s) << 8 | kind)
        takeEffects()
        scheduleCSMSTimer(now: now)
        return answer
    }

    /// Keeps a row of the call where rows of messages are asked for.
    mutating func noteMessage(
        _ call: StationCall, _ answer: CSMSAnswer, station: UInt16, now: SimTime, roundTrip: SimDuration
    ) {
        guard settings.logsMessages else { return }
        messages.append(MessageRecord(time: now, station: station, call, answer, roundTrip: roundTrip))
    }

    private mutating func takeEffects() {
        guard !effects.isEmpty else { return }
        for effect in effects { audit.take(encoded?.named(effect) ?? effect) }
        effects.removeAll(keepingCapacity: true)
    }

    private mutating func scheduleCSMSTimer(now: SimTime) {
        guard let at = settings.simTime(sessions.nextDeadline), at < csmsTimerAt else { return }
        csmsTimerAt = max(at, now)
        queue.schedule(.csmsTimer, at: csmsTimerAt)
    }

    // MARK: timers

    private mutating func timerDue(_ s: Int, now: SimTime, inbox: inout Inbox) {
        if link.lines[s].timerQueued <= now { link.lines[s].timerQueued = .distantFuture }
        guard link.lines[s].timerAt <= now else { return queueTimer(s, now: now) }
        link.lines[s].timerAt = .distantFuture
        inbox.append(StationInput(station: s, input: .timer(generation: link.lines[s].timerGeneration)))
    }

    /// Sees to it that an event is pending no later than the timer wants.
    private mutating func queueTimer(_ s: Int, now: SimTime) {
        let at = max(link.lines[s].timerAt, now)
        guard link.lines[s].timerAt < .distantFuture, at < link.lines[s].timerQueued else { return }
        link.lines[s].timerQueued = at
        queue.schedule(.stationTimer(station: UInt16(s)), at: at)
    }
}
