public import Sim

/// Delays of a visit, from domain.md sections 6.2 and 13.4.
enum VisitTiming {
    /// Success of one attempt to authorise, by method in the order of ``Authorization``.
    static let authorizationSuccess: [Double] = [0.985, 0.96, 0.95, 0.97]
    static let attempts: UInt8 = 3
    /// A driver whose charge was broken off leaves within these seconds.
    static let giveUpS = Triangular(low: 60, mode: 180, high: 600)
    static let sequenceAC = SessionTiming.acMode3.filter {
        ["cp_debounce_plug_in", "rcd_self_test_and_lock", "pwm_to_state_C", "contactor_close_max"].contains($0.name)
    }.map(\.delayS)
    static let sequenceDC = SessionTiming.ccs.filter {
        !["authorise_eim_tap", "authorise_plug_and_charge"].contains($0.name)
    }.map(\.delayS)
    static let authoriseAC =
        SessionTiming.acStep("authorise_online")?.delayS ?? Triangular(low: 0.5, mode: 1.5, high: 5)
    static let tapDC = SessionTiming.ccsStep("authorise_eim_tap")?.delayS ?? Triangular(low: 2, mode: 6, high: 25)
    static let plugAndChargeDC =
        SessionTiming.ccsStep("authorise_plug_and_charge")?.delayS ?? Triangular(low: 2, mode: 6, high: 60)
}

extension RandomStream {
    mutating func draw(_ t: Triangular) -> Double { triangular(low: t.low, mode: t.mode, high: t.high) }
}

extension SitePlant {
    func isDirect(_ e: Int) -> Bool { parameters.evses[e].isDirect }
    func stationOf(_ e: Int) -> Int { parameters.evses[e].station }

    /// Draws from the stream of the driver at an EVSE.
    mutating func drawForDriver(at e: Int, _ t: Triangular) -> Double { evses[e].driver?.stream.draw(t) ?? t.mode }
    mutating func unitForDriver(at e: Int) -> Double { evses[e].driver?.stream.unit() ?? 0.5 }

    // MARK: arriving

    /// The driver takes the EVSE: parks, then plugs in.
    mutating func occupy(_ e: Int, with driver: Driver, now: SimTime) {
        evses[e].generation &+= 1
        evses[e].driver = driver
        evses[e].phase = .parking
        evses[e].attempts = 0
        guard driver.kind != .replayed else { return plugIn(e, now: now) }
        let overhead = isDirect(e) ? SessionTiming.driverOverheadDC : SessionTiming.driverOverheadAC
        let seconds = 0.5 * drawForDriver(at: e, overhead)
        queue.schedule(
            .plugIn(evse: UInt16(e), generation: evses[e].generation), at: now + .rounding(seconds: seconds))
    }

    mutating func plugIn(_ e: Int, now: SimTime) {
        guard let driver = evses[e].driver else { return }
        guard evses[e].isOperative else {
            evses[e].phase = .free
            evses[e].driver = nil
            return receive(driver, now: now)
        }
        evses[e].beginVisit(soc: driver.soc, now: now)
        counts.change(now: now, occupied: 1)
        pilot(e, .vehiclePlugged, now: now)
        signal(e, .plugged)
        scheduleDeparture(e, driver, now: now)
        if evses[e].isReleased {
            evses[e].isReleased = false
            return authorize(e, accepted: true, now: now)
        }
        guard driver.kind != .replayed else { return presentToken(e, now: now) }
        let delay =
            !isDirect(e)
            ? VisitTiming.authoriseAC
            : driver.authorization == .plugAndCharge ? VisitTiming.plugAndChargeDC : VisitTiming.tapDC
        let seconds = drawForDriver(at: e, delay)
        queue.schedule(
            .tokenPresented(evse: UInt16(e), generation: evses[e].generation), at: now + .rounding(seconds: seconds))
    }

    /// A planned departure is known at once; a direct charge ends when it ends.
    private mutating func scheduleDeparture(_ e: Int, _ driver: Driver, now: SimTime) {
        let at: SimTime
        switch driver.kind {
        case .direct: return
        case .parked: at = now + .rounding(seconds: driver.stayS)
        case .replayed, .fleet: at = max(driver.departure, now)
        }
        queue.schedule(.departure(evse: UInt16(e), generation: evses[e].generation), at: at)
    }

    // MARK: authorisation and start

    mutating func presentToken(_ e: Int, now: SimTime) {
        guard evses[e].phase == .plugged, let driver = evses[e].driver else { return }
        if driver.kind == .direct || driver.kind == .parked {
            let method = Int(driver.authorization.rawValue)
            let terminalDown = driver.authorization == .card && failures.paymentDown[stationOf(e)] > 0
            let succeeds = unitForDriver(at: e) < VisitTiming.authorizationSuccess[method]
            if terminalDown || !succeeds {
                evses[e].attempts += 1
                guard evses[e].attempts < VisitTiming.attempts else {
                    return attemptFails(e, terminalDown ? .payment : .authorization, now: now)
                }
                let seconds = drawForDriver(at: e, VisitTiming.tapDC)
                queue.schedule(
                    .tokenPresented(evse: UInt16(e), generation: evses[e].generation),
                    at: now + .rounding(seconds: seconds))
                return
            }
        }
        guard parameters.csmsOn else { return authorize(e, accepted: true, now: now) }
        signal(e, .token(tokenNumber(of: driver)))
    }

    /// Drivers carry one of the registered tokens of the world, drawn from a stream of its own.
    func tokenNumber(of driver: Driver) -> UInt32 {
        var stream = RandomStream(seed: parameters.seed, purpose: StreamPurpose.token, entity: driver.identity)
        return UInt32(stream.below(Int(max(1, parameters.tokenCount))))
    }

    /// The station's answer to a token: accepted by the CSMS, its cache or its offline rules, or not.
    ///
    /// One that comes before its vehicle, like a remote start, lets the next vehicle charge without a token, until
    /// ``withdrawAuthorization(_:)``.
    public mutating func authorize(_ e: Int, accepted: Bool, now: SimTime) {
        switch evses[e].phase {
        case .free, .parking, .leaving: evses[e].isReleased = accepted
        case .plugged, .starting, .charging, .finished: break
        }
        guard evses[e].phase == .plugged, let driver = evses[e].driver else { return }
        guard accepted else { return attemptFails(e, .authorization, now: now) }
        evses[e].phase = .starting
        evses[e].attempts = 0
        pilot(e, .authorized, now: now)
        guard driver.kind != .replayed else { return startEnergy(e, now: now) }
        scheduleStart(e, now: now)
    }

    /// What was authorized before its vehicle came is over.
    public mutating func withdrawAuthorization(_ e: Int) { evses[e].isReleased = false }

    private mutating func scheduleStart(_ e: Int, now: SimTime) {
        var seconds = 0.0
        for step in isDirect(e) ? VisitTiming.sequenceDC : VisitTiming.sequenceAC {
            seconds += drawForDriver(at: e, step)
        }
        queue.schedule(
            .energyStart(evse: UInt16(e), generation: evses[e].generation), at: now + .rounding(seconds: seconds))
    }

    /// The start sequence is through: current flows, unless a step has failed.
    mutating func startEnergy(_ e: Int, now: SimTime) {
        guard evses[e].phase == .starting, let driver = evses[e].driver else { return }
        if driver.kind != .replayed, let failure = startFailure(e) { return attemptFails(e, failure, now: now) }
        if grid.thermal != nil {
            advanceCharging(to: now)
            stepTransformer(to: now)
        }
        pilot(e, .vehicleReady, now: now)
        evses[e].phase = .charging
        evses[e].chargeStart = now
        evses[e].process = makeProcess(e, driver, now: now)
        evses[e].siteLimitW = .infinity
        evses[e].stationLimitW = .infinity
        charging.append(UInt16(e))
        counts.change(now: now, charging: 1)
        signal(e, .energyStarted)
        scheduleIncident(e, now: now)
        offer(e, now: now)
        scheduleBandEdge(e, now: now)
        reallocate(now: now)
    }

    // MARK: the end of a charge

    mutating func segmentEnds(_ e: Int, now: SimTime) {
        book(evses[e].finishSegment(now: now, through: parameters.evses[e].conversion))
        if evses[e].process.isDone {
            let isFull = evses[e].process.targetSoC >= 0.9999
            endCharge(e, isFull ? .batteryFull : .targetReached, now: now)
        } else {
            restart(e, now: now)
            demandChanged(now: now)
        }
    }

    /// Energy stops for good; the vehicle may stay.
    mutating func endCharge(_ e: Int, _ reason: EndReason, now: SimTime) {
        advance(e, to: now)
        if grid.thermal != nil {
            advanceCharging(to: now)
            stepTransformer(to: now)
        }
        evses[e].offer &+= 1
        evses[e].process.stop(now: now)
        evses[e].phase = .finished
        evses[e].end = reason
        evses[e].chargeEnd = now
        if let i = charging.firstIndex(of: UInt16(e)) { charging.remove(at: i) }
        counts.change(now: now, charging: -1)
        pilot(e, .vehicleSatisfied, now: now)
        signal(e, .energyEnded(reason))
        reallocate(now: now)
        guard let driver = evses[e].driver, driver.kind == .direct else { return }
        let back = evses[e].plugIn + .rounding(seconds: driver.awayS)
        let departure = reason == .driverLeft ? now : max(now + .rounding(seconds: driver.stayS), back)
        queue.schedule(.departure(evse: UInt16(e), generation: evses[e].generation), at: departure)
    }

    /// The charge was broken off or never began: the driver leaves soon, whatever was planned.
    mutating func giveUp(_ e: Int, now: SimTime) {
        evses[e].generation &+= 1
        let seconds = drawForDriver(at: e, VisitTiming.giveUpS)
        queue.schedule(
            .departure(evse: UInt16(e), generation: evses[e].generation), at: now + .rounding(seconds: seconds))
    }

    // MARK: leaving

    mutating func depart(_ e: Int, now: SimTime) {
        if evses[e].phase == .leaving { return clear(e, now: now) }
        if evses[e].phase == .charging { endCharge(e, .driverLeft, now: now) }
        if evses[e].phase == .plugged || evses[e].phase == .starting { evses[e].end = .driverLeft }
        pilot(e, .vehicleUnplugged, now: now)
        signal(e, .unplugged)
        counts.change(now: now, occupied: -1)
        record(e, now: now)
        if retriesHere(e) { return plugIn(e, now: now) }
        evses[e].phase = .leaving
        evses[e].generation &+= 1
        guard let kind = evses[e].driver?.kind, kind != .replayed else { return clear(e, now: now) }
        let overhead = isDirect(e) ? SessionTiming.driverOverheadDC : SessionTiming.driverOverheadAC
        let seconds = 0.5 * drawForDriver(at: e, overhead)
        queue.schedule(
            .departure(evse: UInt16(e), generation: evses[e].generation), at: now + .rounding(seconds: seconds))
    }

    private mutating func clear(_ e: Int, now: SimTime) {
        let driver = evses[e].driver
        evses[e].phase = .free
        evses[e].driver = nil
        evses[e].pack = nil
        evses[e].packHeatW = nil
        if let driver, evses[e].hasFailedToStart {
            if evses[e].end == .authorizationFailed {
                leave(driver, .authorizationFailed, now: now)
            } else {
                tryElsewhere(driver, from: e, now: now)
            }
        }
        admitNext(to: e, now: now)
    }

    /// Keeps the visit for the telemetry file; one whose charge did not begin is told as a failed attempt instead.
    private mutating func record(_ e: Int, now: SimTime) {
        guard
            let record = evses[e].record(
                evse: e, isLossy: !parameters.evses[e].conversion.isTransparent, unplug: now)
        else { return }
        records.sessions.append(record)
        totals.sessions += 1
        digest.mix(UInt64(e))
        digest.mix(Int64((record.energyWh * 1000).rounded()))
    }
}
