import Sim
import TestSupport
import Testing

@testable import Models

@Suite("Control pilot")
struct ControlPilotTests {
    /// A pilot that charges at 16 A.
    private func charging(_ settings: PilotSettings = PilotSettings()) -> ControlPilot {
        var pilot = ControlPilot(settings: settings)
        _ = pilot.handle(.vehicle(.connected), now: .zero)
        _ = pilot.handle(.offer(amps: 16), now: .zero)
        _ = pilot.handle(.vehicle(.ready), now: .zero)
        _ = pilot.handle(.checks(diodePresent: true, selfTestPassed: true), now: .zero)
        return pilot
    }

    @Test("a session goes A1, B1, B2, C2 and closes after the checks")
    func normalSession() {
        var pilot = ControlPilot()
        #expect(pilot.state == .a1)
        #expect(pilot.handle(.vehicle(.connected), now: .zero).contains(.plugged))
        #expect(pilot.state == .b1)
        _ = pilot.handle(.offer(amps: 16), now: .zero)
        #expect(pilot.state == .b2 && pilot.allowedAmps == 0)
        #expect(pilot.handle(.vehicle(.ready), now: .zero).contains(.checksDue))
        #expect(pilot.state == .c2 && !pilot.isContactorClosed)
        let effects = pilot.handle(.checks(diodePresent: true, selfTestPassed: true), now: .zero)
        #expect(effects.contains(.contactorClosed) && abs(pilot.allowedAmps - 16) < 1e-12)
        let end = pilot.handle(.vehicle(.connected), now: .zero)
        #expect(end.isSuperset(of: [.contactorOpened, .weldCheckDue]) && !end.contains(.openedUnderLoad))
    }

    @Test(
        "every fault opens the contactor at once and shows E or F",
        arguments: [
            (PilotInput.emergencyStopPressed, PilotState.f), (.groundFault, .f), (.supplyLost, .e),
            (.vehicleSilent, .f), (.vehicle(.shorted), .e),
        ])
    func faultsOpen(input: PilotInput, shown: PilotState) {
        var pilot = charging()
        let effects = pilot.handle(input, now: .zero)
        #expect(effects.isSuperset(of: [.contactorOpened, .faultRaised, .openedUnderLoad]))
        #expect(!pilot.isContactorClosed && pilot.state == shown && pilot.allowedAmps == 0)
    }

    @Test("a cable pulled under load opens the contactor and asks for a weld check")
    func cablePulled() {
        var pilot = charging()
        let effects = pilot.handle(.vehicle(.absent), now: .zero)
        #expect(effects.isSuperset(of: [.cablePulledUnderLoad, .contactorOpened, .weldCheckDue, .unplugged]))
        #expect(pilot.state == .a2)
    }

    @Test("an emergency stop stays until it is reset, whatever the driver does")
    func emergencyStopLatches() {
        var pilot = charging()
        _ = pilot.handle(.emergencyStopPressed, now: .zero)
        for input in [PilotInput.vehicle(.absent), .vehicle(.ready), .offer(amps: 32), .serviceReset] {
            _ = pilot.handle(input, now: .zero)
            #expect(pilot.state == .f)
        }
        #expect(pilot.handle(.emergencyStopReset, now: .zero).contains(.faultCleared))
        #expect(pilot.state == .c2)
    }

    @Test("a vehicle that ignores the stop is cut off after six seconds")
    func forcedStop() {
        var pilot = charging()
        _ = pilot.handle(.withdraw, now: .zero)
        #expect(pilot.isContactorClosed && pilot.allowedAmps == 0)
        #expect(pilot.nextDeadline == .zero + .seconds(6))
        let effects = pilot.handle(.timer, now: .zero + .seconds(6))
        #expect(effects.isSuperset(of: [.contactorOpened, .openedUnderLoad]) && pilot.state == .c1)
    }

    @Test("a vehicle that ramps down ends without load on the contactor")
    func gracefulStop() {
        var pilot = charging()
        _ = pilot.handle(.withdraw, now: .zero)
        let effects = pilot.handle(.currentStopped, now: .zero + .seconds(2))
        #expect(effects.contains(.contactorOpened) && !effects.contains(.openedUnderLoad))
        #expect(pilot.nextDeadline == .distantFuture)
    }

    @Test("a welded contactor locks the EVSE out until service")
    func weld() {
        var pilot = charging()
        _ = pilot.handle(.vehicle(.absent), now: .zero)
        _ = pilot.handle(.weldCheck(welded: true), now: .zero)
        #expect(pilot.state == .f && pilot.faults == .contactorWelded)
        #expect(pilot.handle(.serviceReset, now: .zero).contains(.faultCleared))
    }

    @Test("no second closing before the weld check of the first")
    func weldCheckFirst() {
        var pilot = charging()
        _ = pilot.handle(.vehicle(.connected), now: .zero)
        #expect(!pilot.handle(.vehicle(.ready), now: .zero).contains(.checksDue))
        #expect(pilot.handle(.weldCheck(welded: false), now: .zero).contains(.checksDue))
    }

    @Test("a missing diode is refused until the vehicle is unplugged")
    func diode() {
        var pilot = ControlPilot()
        _ = pilot.handle(.vehicle(.ready), now: .zero)
        _ = pilot.handle(.offer(amps: 16), now: .zero)
        _ = pilot.handle(.checks(diodePresent: false, selfTestPassed: true), now: .zero)
        #expect(pilot.state == .f && !pilot.isContactorClosed)
        _ = pilot.handle(.vehicle(.absent), now: .zero)
        #expect(pilot.faults.isEmpty)
    }

    @Test("state D charges only where there is ventilation")
    func ventilation() {
        for isVentilated in [false, true] {
            var settings = PilotSettings()
            settings.hasVentilation = isVentilated
            var pilot = ControlPilot(settings: settings)
            _ = pilot.handle(.offer(amps: 16), now: .zero)
            _ = pilot.handle(.vehicle(.readyVentilated), now: .zero)
            _ = pilot.handle(.checks(diodePresent: true, selfTestPassed: true), now: .zero)
            #expect(pilot.state == .d2 && pilot.isContactorClosed == isVentilated)
        }
    }

    @Test("a ground fault recloses after 15 minutes at most four times")
    func reclose() {
        var settings = PilotSettings()
        settings.reclosesGroundFault = true
        var pilot = charging(settings)
        var now = SimTime.zero
        for _ in 0..<4 {
            _ = pilot.handle(.groundFault, now: now)
            #expect(pilot.state == .f)
            now = now + .minutes(15)
            _ = pilot.handle(.timer, now: now)
            #expect(pilot.faults.isEmpty)
        }
        _ = pilot.handle(.groundFault, now: now)
        #expect(pilot.nextDeadline == .distantFuture && pilot.state == .f)
    }

    @Test("a silent application processor takes the pilot to F")
    func watchdog() {
        var settings = PilotSettings()
        settings.hasWatchdog = true
        var pilot = charging(settings)
        _ = pilot.handle(.applicationAlive, now: .zero)
        #expect(pilot.nextDeadline == .zero + .seconds(10))
        #expect(pilot.handle(.timer, now: .zero + .seconds(10)).contains(.contactorOpened))
        #expect(pilot.state == .f)
        _ = pilot.handle(.applicationAlive, now: .zero + .seconds(30))
        #expect(pilot.faults.isEmpty)
    }

    @Test("whatever happens, a closed contactor means C2 or D2, no fault, and passed checks")
    func contactorLaw() {
        for seed in Soak.seeds(300) {
            var stream = RandomStream(seed: seed, purpose: 9, entity: 0)
            var settings = PilotSettings()
            settings.hasVentilation = seed % 2 == 0
            settings.reclosesGroundFault = seed % 3 == 0
            settings.hasWatchdog = seed % 5 == 0
            var pilot = ControlPilot(settings: settings)
            var now = SimTime.zero
            var wasClosed = false
            for _ in 0..<400 {
                now = now + SimDuration(microseconds: Int64(stream.next() % 20_000_000))
                let input = Self.anyInput(&stream)
                let effects = pilot.handle(input, now: now)
                if pilot.isContactorClosed {
                    let okay = pilot.state == .c2 || (pilot.state == .d2 && settings.hasVentilation)
                    #expect(okay && pilot.faults.isEmpty, "seed \(seed) after \(input)")
                }
                let moved = effects.contains(.contactorClosed) || effects.contains(.contactorOpened)
                #expect(moved == (pilot.isContactorClosed != wasClosed), "seed \(seed) after \(input)")
                wasClosed = pilot.isContactorClosed
            }
        }
    }

    private static func anyInput(_ stream: inout RandomStream) -> PilotInput {
        let coin = stream.unit() < 0.8
        switch stream.next() % 20 {
        case 0: return .vehicle(.absent)
        case 1: return .vehicle(.connected)
        case 2, 3, 4: return .vehicle(.ready)
        case 5: return .vehicle(.readyVentilated)
        case 6: return .vehicle(coin ? .ready : .shorted)
        case 7, 8: return .offer(amps: 40 * stream.unit())
        case 9: return .offerDigital
        case 10: return coin ? .checks(diodePresent: true, selfTestPassed: true) : .withdraw
        case 11: return .checks(diodePresent: coin, selfTestPassed: coin)
        case 12: return .currentStopped
        case 13: return coin ? .serviceReset : .vehicleSilent
        case 14: return coin ? .emergencyStopReset : .emergencyStopPressed
        case 15: return coin ? .timer : .groundFault
        case 16: return coin ? .supplyRestored : .supplyLost
        case 17: return .applicationAlive
        case 18: return .weldCheck(welded: !coin)
        default: return .timer
        }
    }

    @Test("duty cycle and current are inverse to one another", arguments: [6.0, 10, 16, 20, 32, 51, 63, 80])
    func duty(amps: Double) {
        guard case .limit(let back) = PilotDuty.meaning(pct: PilotDuty.pct(amps: amps)) else {
            Issue.record("\(amps) A is not offered")
            return
        }
        #expect(abs(back - amps) < 1e-9)
    }

    @Test("less than six amperes is no offer")
    func noOffer() { #expect(PilotDuty.meaning(pct: PilotDuty.pct(amps: 5.9)) == .noCharging) }
}
