internal import CSMS
internal import Models
internal import OCPP
internal import Sim

/// The OCPP side of a site: each charging station's firmware, the links, the site's part of the CSMS and the audit of
/// what was booked.
struct StationOffice: Sendable, Codable {
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
    private struct Pending: BitwiseCopyable, Sendable {
        var station: Int
        var input: StationFirmware.Input
    }
    /// Why a station has a charge ended.
    private struct Stop: BitwiseCopyable, Sendable {
        var evse: Int
        var reason: Core.StoppedReason
    }

    var settings = Settings()
    private(set) var stations: ContiguousArray<StationFirmware> = []
    private(set) var csms: SiteCSMS
    var link: VirtualLink
    /// Both ends of the `encoded` wire; `nil` on the `typed` one.
    var encoded: EncodedLink?
    private(set) var audit: SiteAudit
    /// Of every message that the CSMS has handled.
    private(set) var digest = TraceDigest()
    /// Meter register at the start and the end of the charge of each EVSE, Wh.
    private var startWh: ContiguousArray<Double>
    private var messages: ContiguousArray<MessageRecord> = []
    private var csmsTimerAt: SimTime = .distantFuture
    // Scratch, empty between events.
    private var pending: ContiguousArray<Pending> = []
    private var stops: ContiguousArray<Stop> = []
    private var outputs = OutputBuffer()
    private var effects: [Effect] = []
    /// Stations whose timer was moved in this event; queued at its end, when most moves have been undone.
    private var movedTimers: ContiguousArray<UInt16> = []

    private enum CodingKeys: String, CodingKey {
        case stations, csms, link, encoded, audit, digest, startWh, messages, csmsTimerAt
    }

    init(plant: inout SitePlant, settings: Settings) {
        self.settings = settings
        let parameters = plant.parameters
        csms = SiteCSMS(stations: parameters.stations.count, settings: settings.csms)
        link = VirtualLink(stations: parameters.stations, seed: parameters.seed)
        audit = SiteAudit(
            stations: parameters.stations.count,
            toleranceMilliWh: settings.encoded == .v16 ? SiteAudit.wholeWh : SiteAudit.rounding)
        encoded = settings.encoded.map { version in
            EncodedLink(version: version, connectors: parameters.stations.map { $0.evses.map { _ in 1 } })
        }
        startWh = ContiguousArray(repeating: 0, count: parameters.evses.count)
        for station in parameters.stations {
            stations.append(
                StationFirmware(
                    identity: Self.identity(of: station), connectors: station.evses.map { _ in 1 },
                    stationKey: station.entity &+ parameters.seed, settings: settings.firmware,
                    random: RandomStream(
                        seed: parameters.seed, purpose: StreamPurpose.firmware, entity: station.entity)))
        }
        for s in stations.indices {
            if !settings.isIdeal { scheduleLinkChange(s, now: .zero, plant: &plant) }
            pending.append(Pending(station: s, input: .powerUp(reason: .powerUp)))
        }
        pump(now: .zero, plant: &plant)
    }

    static func identity(of station: StationParameters) -> Core.ChargingStation {
        Core.ChargingStation(
            model: station.kind == .dc ? "DC" : "AC", vendorName: "evtwin",
            serialNumber: IdentifierText(hexadecimal: station.entity))
    }

    // MARK: events

    mutating func handle(_ event: LinkEvent, now: SimTime, plant: inout SitePlant) {
        switch event {
        case .stationTimer(let s): timerDue(Int(s), now: now, plant: &plant)
        case .linkChange(let s): linkChanges(Int(s), now: now, plant: &plant)
        case .connected(let s, let connection):
            guard link.lines[Int(s)].connection == connection, link.isPhysicallyUp(Int(s)) else { break }
            link.lines[Int(s)].isConnected = true
            pending.append(Pending(station: Int(s), input: .linkUp))
        case .callArrives(let slot) where encoded != nil: encodedCallArrives(slot, now: now, plant: &plant)
        case .answerArrives(let slot) where encoded != nil: encodedAnswerArrives(slot, now: now, plant: &plant)
        case .callArrives(let slot):
            let flight = link.calls.remove(slot)
            guard isCarried(flight.station, flight.connection) else { break }
            let answer = ask(flight.frame, from: Int(flight.station), now: now, plant: &plant)
            let back = link.answers.insert(
                VirtualLink.Flight(
                    station: flight.station, connection: flight.connection, sent: flight.sent, frame: answer))
            let delay = link.oneWay(Int(flight.station), settings.profile)
            noteMessage(flight.frame, answer, station: flight.station, now: now, roundTrip: now + delay - flight.sent)
            plant.queue.schedule(.link(.answerArrives(slot: back)), at: now + delay)
        case .answerArrives(let slot):
            let flight = link.answers.remove(slot)
            guard isCarried(flight.station, flight.connection) else { break }
            pending.append(Pending(station: Int(flight.station), input: .answer(flight.frame)))
        case .csmsTimer:
            if csmsTimerAt <= now { csmsTimerAt = .distantFuture }
            csms.timerDue(now: settings.timestamp(now), effects: &effects)
            takeEffects()
            scheduleCSMSTimer(now: now, plant: &plant)
        }
        pump(now: now, plant: &plant)
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

    /// Feeds the plant's signals and everything that follows from them to the firmware, in order, until nothing is left.
    mutating func pump(now: SimTime, plant: inout SitePlant) {
        var next = 0
        while true {
            takeSignals(now: now, plant: &plant)
            guard next < pending.count else { break }
            let (s, input) = (pending[next].station, pending[next].input)
            next += 1
            outputs.removeAll()
            stations[s].handle(input, now: settings.timestamp(now), outputs: &outputs)
            for i in 0..<outputs.count { carryOut(outputs[i], station: s, now: now, plant: &plant) }
        }
        pending.removeAll(keepingCapacity: true)
        for s in movedTimers { queueTimer(Int(s), now: now, plant: &plant) }
        movedTimers.removeAll(keepingCapacity: true)
    }

    // MARK: plant to firmware

    private mutating func takeSignals(now: SimTime, plant: inout SitePlant) {
        guard !plant.signals.isEmpty else { return }
        for signal in plant.signals { take(signal, now: now, plant: &plant) }
        plant.signals.removeAll(keepingCapacity: true)
    }

    private mutating func take(_ signal: StationSignal, now: SimTime, plant: inout SitePlant) {
        let s = Int(signal.station)
        let e = Int(signal.evse)
        let local = signal.evse == .max ? 0 : e - plant.parameters.stations[s].evses.lowerBound
        let meterWh = signal.evse == .max ? 0 : plant.evses[e].meter.registerWh
        switch signal.kind {
        case .plugged:
            startWh[e] = meterWh
            feed(s, .vehiclePlugged(evse: local))
        case .token(let number): feed(s, .tokenPresented(evse: local, idToken: WorldTokens.token(number)))
        case .energyStarted:
            startWh[e] = meterWh
            feed(s, .chargingStarted(evse: local, meterWh: meterWh))
        case .energyEnded(let reason):
            let stop = stops.firstIndex { $0.evse == e }.map { stops.remove(at: $0) }
            feed(s, .chargingEnded(evse: local, reason: stop?.reason ?? reason.stoppedReason, meterWh: meterWh))
        case .unplugged: feed(s, .vehicleUnplugged(evse: local, meterWh: meterWh))
        case .faulted: feed(s, .fault(evse: local))
        case .repaired: feed(s, .faultCleared(evse: local))
        case .linkLost: addObstacle(s, now: now)
        case .linkRestored: link.lines[s].obstacles -= 1
        case .startFailed: feed(s, .chargingEnded(evse: local, reason: .other, meterWh: meterWh))
        case .powerLost:
            feed(s, .powerDown)
            addObstacle(s, now: now)
        case .powerRestored:
            link.lines[s].obstacles -= 1
            feed(s, .powerUp(reason: .powerUp))
        }
    }

    mutating func feed(_ s: Int, _ input: StationFirmware.Input) {
        pending.append(Pending(station: s, input: input))
    }

    // MARK: firmware to plant and link

    private mutating func carryOut(
        _ output: StationFirmware.Output, station s: Int, now: SimTime, plant: inout SitePlant
    ) {
        let first = plant.parameters.stations[s].evses.lowerBound
        switch output {
        case .send(let call): send(outputs.call(call), station: s, now: now, plant: &plant)
        case .connect: connect(s, now: now, plant: &plant)
        case .disconnect:
            link.lines[s].connection &+= 1
            link.lines[s].isConnected = false
            encoded?.disconnect(s, now: settings.timestamp(now))
        case .startTimer(let at, let generation):
            link.lines[s].timerAt = settings.simTime(at) ?? .distantFuture
            link.lines[s].timerGeneration = generation
            if movedTimers.last != UInt16(s) { movedTimers.append(UInt16(s)) }
        case .authorization(let local, let accepted, _):
            plant.authorize(first + local, accepted: accepted, now: now)
        case .authorizationExpired: break
        case .stopCharging(let local, let reason):
            if plant.evses[first + local].phase == .charging { stops.append(Stop(evse: first + local, reason: reason)) }
            plant.stopCharging(first + local, now: now)
        case .needMeter(let local):
            let reading = plant.readMeter(first + local, now: now)
            feed(
                s,
                .meterReading(
                    evse: local, meterWh: reading.registerWh, powerW: reading.powerW,
                    stateOfCharge: reading.stateOfCharge))
        case .transactionStarted: break
        case .transactionEnded(let local, let number, _, _):
            let e = first + local
            audit.transactionEnded(
                station: s, number: number, energyWh: plant.evses[e].meter.registerWh - startWh[e])
        case .transactionMessageDiscarded: break
        }
    }

    private mutating func send(_ call: StationCall, station s: Int, now: SimTime, plant: inout SitePlant) {
        guard link.lines[s].isConnected, !settings.isIdeal || link.isPhysicallyUp(s) else { return }
        if encoded != nil { return sendEncoded(call, station: s, now: now, plant: &plant) }
        if settings.isIdeal {
            let answer = ask(call, from: s, now: now, plant: &plant)
            noteMessage(call, answer, station: UInt16(s), now: now, roundTrip: .zero)
            return feed(s, .answer(answer))
        }
        let slot = link.calls.insert(
            VirtualLink.Flight(station: UInt16(s), connection: link.lines[s].connection, sent: now, frame: call))
        plant.queue.schedule(.link(.callArrives(slot: slot)), at: now + link.oneWay(s, settings.profile))
    }

    /// The CSMS handles a call.
    mutating func ask(_ call: StationCall, from s: Int, now: SimTime, plant: inout SitePlant) -> CSMSAnswer {
        let answer = csms.handle(
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
        scheduleCSMSTimer(now: now, plant: &plant)
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

    private mutating func scheduleCSMSTimer(now: SimTime, plant: inout SitePlant) {
        guard let at = settings.simTime(csms.nextDeadline), at < csmsTimerAt else { return }
        csmsTimerAt = max(at, now)
        plant.queue.schedule(.link(.csmsTimer), at: csmsTimerAt)
    }

    // MARK: timers

    private mutating func timerDue(_ s: Int, now: SimTime, plant: inout SitePlant) {
        if link.lines[s].timerQueued <= now { link.lines[s].timerQueued = .distantFuture }
        guard link.lines[s].timerAt <= now else { return queueTimer(s, now: now, plant: &plant) }
        link.lines[s].timerAt = .distantFuture
        feed(s, .timer(generation: link.lines[s].timerGeneration))
    }

    /// Sees to it that an event is pending no later than the timer wants.
    private mutating func queueTimer(_ s: Int, now: SimTime, plant: inout SitePlant) {
        let at = max(link.lines[s].timerAt, now)
        guard link.lines[s].timerAt < .distantFuture, at < link.lines[s].timerQueued else { return }
        link.lines[s].timerQueued = at
        plant.queue.schedule(.link(.stationTimer(station: UInt16(s))), at: at)
    }

    // MARK: connections

    private mutating func connect(_ s: Int, now: SimTime, plant: inout SitePlant) {
        link.lines[s].connection &+= 1
        encoded?.disconnect(s, now: settings.timestamp(now))
        guard link.isPhysicallyUp(s) else { return feed(s, .linkDown) }
        if settings.isIdeal {
            link.lines[s].isConnected = true
            return feed(s, .linkUp)
        }
        let delay = link.handshake(s, settings.profile)
        plant.queue.schedule(
            .link(.connected(station: UInt16(s), connection: link.lines[s].connection)), at: now + delay)
    }

    private mutating func addObstacle(_ s: Int, now: SimTime) {
        link.lines[s].obstacles += 1
        guard link.lines[s].obstacles == 1 else { return }
        link.lines[s].isConnected = false
        link.lines[s].connection &+= 1
        encoded?.disconnect(s, now: settings.timestamp(now))
        feed(s, .linkDown)
    }

    private mutating func linkChanges(_ s: Int, now: SimTime, plant: inout SitePlant) {
        link.lines[s].isOutage.toggle()
        if link.lines[s].isOutage { addObstacle(s, now: now) } else { link.lines[s].obstacles -= 1 }
        scheduleLinkChange(s, now: now, plant: &plant)
    }

    private mutating func scheduleLinkChange(_ s: Int, now: SimTime, plant: inout SitePlant) {
        let at = now + link.untilChange(s, settings.profile)
        if at < plant.parameters.end { plant.queue.schedule(.link(.linkChange(station: UInt16(s))), at: at) }
    }
}
