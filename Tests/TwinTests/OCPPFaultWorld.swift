import CSMS
import Models
import OCPP
import Sim

@testable import Twin

/// How badly the connection and the controllers of an ``OCPPFaultWorld`` behave, as probabilities.
struct WireFaults: Sendable {
    /// A frame never arrives.
    var drop = 0.0
    /// A frame arrives twice, the second time at a time of its own.
    var duplicate = 0.0
    /// A frame takes up to three message time-outs instead of a fraction of a second.
    var delay = 0.0
    /// Breaks of the connection per charging station and hour, minutes to hours long.
    var outagesPerHour = 0.0
    /// Restarts of the controller per charging station and hour.
    var restartsPerHour = 0.0
    /// A call is answered with CALLERROR instead of being handled.
    var error = 0.0
}

/// A handful of charging stations with busy drivers, a wire that misbehaves until ``healedAt``, and one CSMS.
///
/// The plant is as simple as can be: an EVSE that charges moves its register by 11 kW.
struct OCPPFaultWorld {
    enum Event: BitwiseCopyable, Sendable {
        case callArrives(station: Int, frame: Int)
        case answerArrives(station: Int, frame: Int)
        case frameArrivesAtCSMS(station: Int, frame: Int)
        case frameArrivesAtStation(station: Int, frame: Int)
        case timer(station: Int, generation: UInt32)
        case clientTimer(station: Int)
        case sessionTimer(station: Int)
        case csmsTimer
        case linkDown(station: Int)
        case linkUp(station: Int)
        case connected(station: Int)
        case powerDown(station: Int)
        case powerUp(station: Int)
        case driver(station: Int, evse: Int)
    }
    struct Outlet {
        var isPlugged = false
        var isCharging = false
        var isSuspended = false
        var registerWh = 0.0
        var movedAt = Timestamp(microseconds: 0)
    }

    let faults: WireFaults
    let healedAt: Timestamp
    let tokens: TokenDirectory
    var firmwares: [StationFirmware]
    var sessions: SiteSessions
    var audit: SiteAudit
    var outlets: [[Outlet]]
    var linkIsUp: [Bool]
    var calls: [StationCall] = []
    var answers: [CSMSAnswer] = []
    /// Both ends of the encoded wire; `nil` where messages stay decoded.
    var encoded: EncodedEnds?
    var frames: [[UInt8]] = []
    var queue = EventQueue<Event>()
    var outputs = OutputBuffer()
    var effects: [Effect] = []
    var allEffects: [Effect] = []
    var random: RandomStream
    var digest = TraceDigest()
    var now = Timestamp(microseconds: 1_736_182_989_000_000)
    var csmsTimerAt = Timestamp.distantFuture
    var mostQueued = 0
    /// Ended messages that a charging station gave up.
    var endsDiscarded: Int64 = 0

    init(
        seed: UInt64, faults: WireFaults, stations: Int = 3, faultyHours: Int64 = 48,
        settings: FirmwareSettings = FirmwareSettings(), csms: CSMSSettings = CSMSSettings(),
        encoded: OCPPVersion? = nil
    ) {
        self.faults = faults
        healedAt = now.adding(seconds: faultyHours * 3600)
        random = RandomStream(seed: seed, purpose: 1, entity: 0)
        tokens = TokenDirectory(
            (0..<40).map { number in
                TokenRecord(
                    idToken: IdentifierText(hexadecimal: number), status: number % 10 == 9 ? .blocked : .accepted,
                    group: number < 20 ? "fleet" : IdentifierText())
            })
        sessions = SiteSessions(stations: stations, settings: csms)
        audit = SiteAudit(
            stations: stations, toleranceMilliWh: encoded == .v16 ? SiteAudit.wholeWh : SiteAudit.rounding)
        linkIsUp = Array(repeating: true, count: stations)
        outlets = (0..<stations).map { Array(repeating: Outlet(), count: $0 % 3 + 1) }
        firmwares = (0..<stations).map { station in
            StationFirmware(
                identity: Core.ChargingStation(model: "M", vendorName: "V"),
                connectors: Array(repeating: 1 + station % 2, count: station % 3 + 1),
                stationKey: UInt64(station) << 32 | seed,
                settings: settings, random: RandomStream(seed: seed, purpose: 2, entity: UInt64(station)))
        }
        self.encoded = encoded.map { version in
            EncodedEnds(firmwares, version: version, csms: csms)
        }
        for station in 0..<stations {
            at(0.1 * Double(station), .powerUp(station: station))
            for evse in outlets[station].indices { at(60 + 600 * random.unit(), .driver(station: station, evse: evse)) }
            scheduleTrouble(station, .linkDown(station: station), perHour: faults.outagesPerHour)
            scheduleTrouble(station, .powerDown(station: station), perHour: faults.restartsPerHour)
        }
    }

    mutating func at(_ secondsFromNow: Double, _ event: Event) {
        queue.schedule(event, at: SimTime(microseconds: now.microseconds + Int64(secondsFromNow * 1e6)))
    }
    private mutating func scheduleTrouble(_ station: Int, _ event: Event, perHour: Double) {
        if perHour > 0 { at(-Math.log(random.unit()) * 3600 / perHour, event) }
    }
    private mutating func chance(_ probability: Double) -> Bool { isFaulty && random.unit() < probability }
    private var isFaulty: Bool { now < healedAt }

    /// Runs until the wire has healed, all drivers have left, and two more days have passed.
    mutating func run() {
        let end = healedAt.adding(seconds: 2 * 86_400)
        while let next = queue.pop() {
            now = Timestamp(microseconds: next.time.microseconds)
            guard now < end else { return }
            step(next.event)
        }
    }

    mutating func totals() -> AuditTotals {
        let stations = encoded.map { $0.clients.map(\.controller.firmware) } ?? firmwares
        return audit.totals(pending: stations.map(\.pendingTransactions))
    }

    mutating func step(_ event: Event) {
        digest.mix(now.microseconds)
        switch event {
        case .callArrives(let station, let frame): carryToCSMS(station, calls[frame])
        case .answerArrives(let station, let frame): hand(.answer(answers[frame]), to: station)
        case .frameArrivesAtCSMS(let station, let frame): tellSession(.frame(frames[frame]), of: station)
        case .frameArrivesAtStation(let station, let frame): handEncoded(.frame(frames[frame]), to: station)
        case .clientTimer(let station):
            guard let deadline = encoded?.clients[station].nextDeadline, deadline <= now else { return }
            handEncoded(.timer, to: station)
        case .sessionTimer(let station):
            guard let deadline = encoded?.sessions[station].nextDeadline, deadline <= now else { return }
            tellSession(.timer, of: station)
        case .timer(let station, let generation): hand(.timer(generation: generation), to: station)
        case .csmsTimer:
            csmsTimerAt = .distantFuture
            sessions.timerDue(now: now, effects: &effects)
            drainEffects()
        case .linkDown(let station):
            guard isFaulty else { return }
            linkIsUp[station] = false
            if random.unit() < 0.7 { loseLink(station) }  // else half-open: nobody notices
            at(60 + 7200 * random.unit() * random.unit(), .linkUp(station: station))
            scheduleTrouble(station, .linkDown(station: station), perHour: faults.outagesPerHour)
        case .linkUp(let station): linkIsUp[station] = true
        case .connected(let station):
            if encoded != nil, linkIsUp[station] { tellSession(.opened, of: station) }
            hand(linkIsUp[station] ? .linkUp : .linkDown, to: station)
        case .powerDown(let station):
            guard isFaulty else { return }
            for evse in outlets[station].indices {
                meter(station, evse)
                outlets[station][evse].isCharging = false
            }
            if encoded != nil { tellSession(.closed, of: station) }
            hand(.powerDown, to: station)
            at(20 + 600 * random.unit(), .powerUp(station: station))
            scheduleTrouble(station, .powerDown(station: station), perHour: faults.restartsPerHour)
        case .powerUp(let station): hand(.powerUp(reason: .powerUp), to: station)
        case .driver(let station, let evse): drive(station, evse)
        }
    }
}

// MARK: - Plant and drivers

extension OCPPFaultWorld {
    @discardableResult
    private mutating func meter(_ station: Int, _ evse: Int) -> Double {
        let outlet = outlets[station][evse]
        if outlet.isCharging, !outlet.isSuspended {
            outlets[station][evse].registerWh += Double(now.microseconds - outlet.movedAt.microseconds) / 3.6e9 * 11_000
        }
        outlets[station][evse].movedAt = now
        return outlets[station][evse].registerWh
    }

    private mutating func drive(_ station: Int, _ evse: Int) {
        let outlet = outlets[station][evse]
        let dice = random.unit()
        if !outlet.isPlugged {
            guard isFaulty else { return }  // nobody comes any more
            outlets[station][evse].isPlugged = true
            hand(.vehiclePlugged(evse: evse, connector: 0), to: station)
            present(evse, of: station)
        } else if outlet.isCharging {
            switch dice {
            case ..<0.25:
                outlets[station][evse].isSuspended.toggle()
                let meterWh = meter(station, evse)
                let input: StationFirmware.Input =
                    outlets[station][evse].isSuspended
                    ? .chargingSuspended(evse: evse, byVehicle: dice < 0.1, meterWh: meterWh)
                    : .chargingResumed(evse: evse, meterWh: meterWh)
                hand(input, to: station)
            case ..<0.5: present(evse, of: station)  // perhaps the right token to stop, or one of the group
            case ..<0.7: endCharge(evse, of: station, reason: .stoppedByEV)
            case ..<0.8: endCharge(evse, of: station, reason: .emergencyStop)
            default: unplug(evse, of: station)  // under load
            }
        } else if dice < 0.7 {
            unplug(evse, of: station)
        } else {
            present(evse, of: station)
        }
        at(30 + 3600 * random.unit() * random.unit(), .driver(station: station, evse: evse))
    }

    private mutating func present(_ evse: Int, of station: Int) {
        let number = random.next() % 44  // some are unknown, some blocked
        let token = Core.IdToken(idToken: IdentifierText(hexadecimal: number), type: .iso14443)
        hand(.tokenPresented(evse: evse, idToken: token), to: station)
    }

    private mutating func endCharge(_ evse: Int, of station: Int, reason: Core.StoppedReason) {
        guard outlets[station][evse].isCharging else { return }
        let meterWh = meter(station, evse)
        outlets[station][evse].isCharging = false
        hand(.chargingEnded(evse: evse, reason: reason, meterWh: meterWh), to: station)
    }

    private mutating func unplug(_ evse: Int, of station: Int) {
        let meterWh = meter(station, evse)
        outlets[station][evse].isCharging = false
        outlets[station][evse].isPlugged = false
        hand(.vehicleUnplugged(evse: evse, meterWh: meterWh), to: station)
    }
}

// MARK: - Wire and drivers of the state machines

extension OCPPFaultWorld {
    mutating func hand(_ input: StationFirmware.Input, to station: Int) {
        if encoded != nil {
            switch input {
            case .linkUp: return handEncoded(.opened, to: station)
            case .linkDown: return handEncoded(.closed, to: station)
            default: return handEncoded(.everyday(input), to: station)
            }
        }
        firmwares[station].handle(input, now: now, outputs: &outputs)
        mostQueued = max(mostQueued, firmwares[station].queuedMessageCount)
        guard outputs.count > 0 else { return }
        let mine = outputs
        outputs = OutputBuffer()
        for index in 0..<mine.count { carryOut(mine[index], from: mine, of: station) }
    }

    mutating func carryOut(
        _ output: StationFirmware.Output, from buffer: OutputBuffer, of station: Int
    ) {
        switch output {
        case .send(let call):
            guard linkIsUp[station] else { return }
            calls.append(buffer.call(call))
            transmit(.callArrives(station: station, frame: calls.count - 1))
        case .connect: connect(station)
        case .disconnect: break
        case .startTimer(let instant, let generation):
            queue.schedule(
                .timer(station: station, generation: generation), at: SimTime(microseconds: instant.microseconds))
        case .authorization(let evse, let accepted, _):
            guard accepted, outlets[station][evse].isPlugged, !outlets[station][evse].isCharging else { return }
            let meterWh = meter(station, evse)
            outlets[station][evse].isCharging = true
            outlets[station][evse].isSuspended = false
            hand(.chargingStarted(evse: evse, meterWh: meterWh), to: station)
        case .authorizationExpired: break
        case .stopCharging(let evse, let reason): endCharge(evse, of: station, reason: reason)
        case .needMeter(let evse):
            let meterWh = meter(station, evse)
            hand(.meterReading(evse: evse, meterWh: meterWh, powerW: 11_000, stateOfCharge: 0.5), to: station)
        case .transactionStarted(_, let number): digest.mix(UInt64(number))
        case .transactionEnded(_, let number, let startWh, let stopWh):
            audit.transactionEnded(station: station, number: number, energyWh: stopWh - startWh)
            digest.mix(Int64((stopWh * 1000).rounded()))
        case .transactionMessageDiscarded(let number, let kind):
            digest.mix(UInt64(number) << 32)
            if kind == .ended { endsDiscarded += 1 }
        }
    }

    mutating func connect(_ station: Int) { at(0.2 + random.unit(), .connected(station: station)) }

    mutating func transmit(_ event: Event) {
        if chance(faults.drop) { return }
        at(latency(), event)
        if chance(faults.duplicate) { at(latency(), event) }
    }
    private mutating func latency() -> Double {
        chance(faults.delay) ? 90 * random.unit() : 0.02 + 0.1 * random.unit()
    }

    private mutating func carryToCSMS(_ station: Int, _ call: StationCall) {
        answers.append(ask(station, call))
        transmit(.answerArrives(station: station, frame: answers.count - 1))
    }

    private mutating func ask(_ station: Int, _ call: StationCall) -> CSMSAnswer {
        var answer = CSMSAnswer(messageID: call.messageID, response: .error(.internalError))
        if !chance(faults.error) {
            answer = sessions.handle(call, from: station, now: now, directory: tokens, effects: &effects)
            drainEffects()
        }
        if sessions.nextDeadline < csmsTimerAt {
            csmsTimerAt = sessions.nextDeadline
            queue.schedule(.csmsTimer, at: SimTime(microseconds: csmsTimerAt.microseconds))
        }
        return answer
    }

    private mutating func drainEffects() {
        for effect in effects { audit.take(effect) }
        allEffects += effects
        effects.removeAll(keepingCapacity: true)
    }

    private mutating func loseLink(_ station: Int) {
        if encoded != nil { tellSession(.closed, of: station) }
        hand(.linkDown, to: station)
    }
}
