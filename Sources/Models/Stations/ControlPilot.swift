public import Sim

/// The safety controller of one EVSE: control pilot, contactor, and every reason to keep it open.
///
/// State: the vehicle's side, the offer, faults, contactor. It alone closes the contactor, only in C2 (or D2 with
/// ventilation), after checks, with no fault; it opens it at once on any fault and when the vehicle leaves.
/// A withdrawn offer keeps the pilot oscillating until the vehicle has ramped down, at most ``PilotSettings/rampDownS``,
/// then opens and stops it.
/// - Source: IEC 61851-1 annex A, SAE J1772; timing as in domain reference 13.1 and 13.2.
public struct ControlPilot: BitwiseCopyable, Sendable, Codable {
    public let settings: PilotSettings
    public private(set) var vehicle = VehiclePilot.absent
    public private(set) var faults: PilotFaults = []
    /// Duty cycle on the pilot while the EVSE is well, percent; 100 does not oscillate.
    public private(set) var dutyPct = 100.0
    public private(set) var isContactorClosed = false
    /// Waiting for the vehicle to ramp down.
    public private(set) var isStopping = false
    private var checksPassed = false
    private var weldCheckPending = false
    private var reclosesDone: UInt8 = 0
    private var rampDownBy = SimTime.distantFuture
    private var recloseAt = SimTime.distantFuture
    private var watchdogAt = SimTime.distantFuture

    public init(settings: PilotSettings = PilotSettings()) { self.settings = settings }

    /// The state of IEC 61851-1.
    @inline(__always)
    public var state: PilotState {
        if !faults.isEmpty { return faults.isDisjoint(with: .showsE) ? .f : .e }
        let on = dutyPct < 100
        switch vehicle {
        case .absent: return on ? .a2 : .a1
        case .connected: return on ? .b2 : .b1
        case .ready: return on ? .c2 : .c1
        case .readyVentilated: return on ? .d2 : .d1
        case .shorted: return .e
        }
    }
    /// Current that the vehicle may draw now, A per phase: nothing with the contactor open or while stopping.
    public var allowedAmps: Double {
        guard isContactorClosed, !isStopping, case .limit(let amps) = PilotDuty.meaning(pct: dutyPct) else { return 0 }
        return amps
    }
    /// When ``PilotInput/timer`` is due; `distantFuture` when nothing waits.
    public var nextDeadline: SimTime { min(rampDownBy, recloseAt, watchdogAt) }

    /// Takes one input at `now` and says what it did. Every path to a fault opens the contactor.
    public mutating func handle(_ input: PilotInput, now: SimTime) -> PilotEffects {
        let before = (state: state, deadline: nextDeadline, faults: faults)
        var effects: PilotEffects = []
        switch input {
        case .vehicle(let signal): seeVehicle(signal, &effects)
        case .offer(let amps): amps >= PilotDuty.minimumAmps ? offer(pct: PilotDuty.pct(amps: amps)) : withdraw(now)
        case .offerDigital: offer(pct: PilotDuty.digitalPct)
        case .withdraw: withdraw(now)
        case .checks(let diode, let selfTest): report(diodePresent: diode, selfTestPassed: selfTest)
        case .currentStopped: if isStopping { finishStopping(&effects) }
        case .vehicleSilent: if vehicle != .absent { faults.insert(.vehicleSilent) }
        case .emergencyStopPressed: faults.insert(.emergencyStop)
        case .emergencyStopReset: faults.remove(.emergencyStop)
        case .groundFault: tripGroundFault(now)
        case .supplyLost: faults.insert(.supplyLost)
        case .supplyRestored: faults.remove(.supplyLost)
        case .applicationAlive: hearApplication(now)
        case .weldCheck(let welded): report(welded: welded)
        case .serviceReset: service()
        case .timer: timeOut(now, &effects)
        }
        settle(now, &effects)
        if state != before.state { effects.insert(.stateChanged) }
        if !faults.subtracting(before.faults).isEmpty { effects.insert(.faultRaised) }
        if faults.isEmpty, !before.faults.isEmpty { effects.insert(.faultCleared) }
        if nextDeadline != before.deadline { effects.insert(.deadlineChanged) }
        return effects
    }

    private mutating func seeVehicle(_ signal: VehiclePilot, _ effects: inout PilotEffects) {
        guard signal != vehicle else { return }
        let was = vehicle
        vehicle = signal
        checksPassed = false
        if signal == .absent {
            effects.insert(.unplugged)
            if isContactorClosed { effects.insert(.cablePulledUnderLoad) }
            faults.subtract(.goneWithVehicle)
            reclosesDone = 0
            if isStopping { finishStopping(&effects) }
        } else if was == .absent {
            effects.insert(.plugged)
        }
        if signal == .shorted { faults.insert(.pilotShort) }
        // A vehicle that goes back to B after it was asked to stop has ramped down.
        if signal == .connected, isStopping { finishStopping(&effects) }
    }

    private mutating func offer(pct: Double) {
        dutyPct = pct
        isStopping = false
        rampDownBy = .distantFuture
    }

    private mutating func withdraw(_ now: SimTime) {
        guard dutyPct < 100 else { return }
        guard isContactorClosed else {
            dutyPct = 100
            return
        }
        guard !isStopping else { return }
        isStopping = true
        rampDownBy = now + .seconds(settings.rampDownS)
    }

    private mutating func finishStopping(_ effects: inout PilotEffects) {
        isStopping = false
        rampDownBy = .distantFuture
        dutyPct = 100
        open(underLoad: false, &effects)
    }

    private mutating func report(diodePresent: Bool, selfTestPassed: Bool) {
        guard isReady else { return }
        if !diodePresent { faults.insert(.diodeMissing) }
        if !selfTestPassed { faults.insert(.selfTestFailed) }
        checksPassed = diodePresent && selfTestPassed
    }

    private mutating func report(welded: Bool) {
        guard weldCheckPending else { return }
        weldCheckPending = false
        if welded { faults.insert(.contactorWelded) }
    }

    private mutating func tripGroundFault(_ now: SimTime) {
        faults.insert(.groundFault)
        guard settings.reclosesGroundFault, reclosesDone < settings.recloseTries else {
            recloseAt = .distantFuture
            return
        }
        reclosesDone += 1
        recloseAt = now + .seconds(settings.recloseS)
    }

    private mutating func hearApplication(_ now: SimTime) {
        guard settings.hasWatchdog else { return }
        faults.remove(.applicationSilent)
        watchdogAt = now + .seconds(settings.watchdogS)
    }

    private mutating func service() {
        faults.subtract(.needsService)
        recloseAt = .distantFuture
        reclosesDone = 0
        weldCheckPending = false
    }

    private mutating func timeOut(_ now: SimTime, _ effects: inout PilotEffects) {
        if rampDownBy <= now {
            isStopping = false
            rampDownBy = .distantFuture
            dutyPct = 100
            open(underLoad: true, &effects)
        }
        if recloseAt <= now {
            recloseAt = .distantFuture
            faults.remove(.groundFault)
        }
        if watchdogAt <= now {
            watchdogAt = .distantFuture
            faults.insert(.applicationSilent)
        }
    }

    /// Ready to close but for the checks.
    private var isReady: Bool { mayCharge && !weldCheckPending && !isStopping }

    /// In C2, or in D2 with ventilation.
    private var mayCharge: Bool {
        guard faults.isEmpty, dutyPct < 100 else { return false }
        return vehicle == .ready || (vehicle == .readyVentilated && settings.hasVentilation)
    }

    /// Brings the contactor in line with everything else: the only place that closes it.
    private mutating func settle(_ now: SimTime, _ effects: inout PilotEffects) {
        if isContactorClosed {
            if !mayCharge { open(underLoad: !isStopping && vehicle != .connected, &effects) }
        } else if isReady {
            if checksPassed {
                isContactorClosed = true
                effects.insert(.contactorClosed)
            } else {
                effects.insert(.checksDue)
            }
        }
        if !isContactorClosed, isStopping {
            isStopping = false
            rampDownBy = .distantFuture
            dutyPct = 100
        }
        if !faults.isEmpty { checksPassed = false }
    }

    private mutating func open(underLoad: Bool, _ effects: inout PilotEffects) {
        guard isContactorClosed else { return }
        isContactorClosed = false
        checksPassed = false
        weldCheckPending = true
        effects.formUnion([.contactorOpened, .weldCheckDue])
        if underLoad { effects.insert(.openedUnderLoad) }
    }
}
