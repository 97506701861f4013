internal import Sim

/// What the visit asks of an EVSE's safety controller, in its own words.
enum PilotRequest {
    case vehiclePlugged
    case authorized
    case vehicleReady
    /// The charge may take this much from now on, A per phase; 0 for a pause.
    case limited(amps: Double)
    case vehicleSatisfied
    case vehicleUnplugged
    case fault(EndReason)
    case repaired
}

extension SitePlant {
    /// Walks the control pilot through one step of a visit and logs where it ends. After a fault, and after every step
    /// that is not `vehicleReady`, the contactor is open.
    mutating func pilot(_ e: Int, _ request: PilotRequest, now: SimTime) {
        switch request {
        case .vehiclePlugged: tell(e, .vehicle(.connected), now: now)
        case .authorized:
            tell(e, isDirect(e) ? .offerDigital : .offer(amps: parameters.evses[e].cableA), now: now)
        case .vehicleReady:
            becomeReady(e, now: now)
        case .limited(let amps):
            if amps > 0 {
                tell(e, .offer(amps: amps), now: now)
                if !evses[e].pilot.isContactorClosed { becomeReady(e, now: now) }
            } else {
                tell(e, .withdraw, now: now)
                tell(e, .vehicle(.connected), now: now)
            }
        case .vehicleSatisfied:
            tell(e, .withdraw, now: now)
            // A vehicle that goes back to state B has ramped down.
            if evses[e].pilot.vehicle != .absent { tell(e, .vehicle(.connected), now: now) }
        case .vehicleUnplugged:
            tell(e, .vehicle(.absent), now: now)
            if evses[e].pilot.dutyPct < 100 { tell(e, .withdraw, now: now) }
        case .fault(let reason): tell(e, Self.input(for: reason), now: now)
        case .repaired:
            tell(e, .supplyRestored, now: now)
            tell(e, .emergencyStopReset, now: now)
            tell(e, .serviceReset, now: now)
        }
        if case .vehicleReady = request { return }
        precondition(
            !evses[e].pilot.isContactorClosed || evses[e].phase == .charging,
            "no charge, but the contactor is closed")
    }

    /// The vehicle asks for energy: after the checks the contactor closes.
    private mutating func becomeReady(_ e: Int, now: SimTime) {
        if tell(e, .vehicle(.ready), now: now).contains(.checksDue) {
            tell(e, .checks(diodePresent: true, selfTestPassed: true), now: now)
        }
        precondition(evses[e].pilot.isContactorClosed, "a charge starts with the contactor closed")
    }

    private static func input(for reason: EndReason) -> PilotInput {
        switch reason {
        case .emergencyStop: .emergencyStopPressed
        case .groundFault: .groundFault
        case .vehicleSilent: .vehicleSilent
        case .cablePulled: .vehicle(.absent)
        case .supplyLost, .fault, .targetReached, .driverLeft, .batteryFull, .authorizationFailed: .supplyLost
        }
    }

    @discardableResult
    private mutating func tell(_ e: Int, _ input: PilotInput, now: SimTime) -> PilotEffects {
        let before = parameters.pilotLogOn ? evses[e].pilot.state : .a1
        let effects = evses[e].pilot.handle(input, now: now)
        if effects.contains(.weldCheckDue) { _ = evses[e].pilot.handle(.weldCheck(welded: false), now: now) }
        if effects.contains(.stateChanged) {
            let after = evses[e].pilot.state
            digest.mix(UInt64(e) << 8 | UInt64(after.rawValue))
            if parameters.pilotLogOn {
                records.pilot.append(PilotRecord(time: now, evse: UInt16(e), from: before, to: after))
            }
        }
        return effects
    }
}
