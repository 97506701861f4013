internal import Models
internal import OCPP
internal import Sim

// From the plant to the stations.
extension PacedSite {
    mutating func takeSignals(now: SimTime) {
        while !plant.signals.isEmpty {
            let signals = plant.signals
            plant.signals.removeAll(keepingCapacity: true)
            for signal in signals { take(signal, now: now) }
        }
    }

    private mutating func take(_ signal: StationSignal, now: SimTime) {
        let s = Int(signal.station)
        let isWhole = signal.evse == .max
        let e = isWhole ? 0 : Int(signal.evse)
        let local = isWhole ? 0 : e - plant.parameters.stations[s].evses.lowerBound
        let meterWh = isWhole ? 0 : plant.evses[e].meter.registerWh
        switch signal.kind {
        case .plugged:
            startWh[e] = meterWh
            feed(s, .everyday(.vehiclePlugged(evse: local)), now: now)
            if !surroundings.isEmpty { surroundings[s].plugged(local, needs: needs(s, local), now: now) }
        case .token where !clients[s].controller.firmware.isPowered:
            plant.authorize(e, accepted: false, now: now)  // a station that is off serves nobody
        case .token(let number):
            let token = WorldTokens.token(number)
            if !surroundings.isEmpty { surroundings[s].presented(token, at: local) }
            feed(s, .everyday(.tokenPresented(evse: local, idToken: token)), now: now)
        case .energyStarted:
            startWh[e] = meterWh
            feed(s, .everyday(.chargingStarted(evse: local, meterWh: meterWh)), now: now)
            applyLimit(s, local, now: now)
            if !surroundings.isEmpty { surroundings[s].chargingStarted(local, now: now) }
        case .energyEnded(let reason):
            isSuspended[e] = false
            let input = StationFirmware.Input.chargingEnded(
                evse: local, reason: stopReasons[e] ?? reason.stoppedReason, meterWh: meterWh)
            stopReasons[e] = nil
            feed(s, .everyday(input), now: now)
        case .unplugged: feed(s, .everyday(.vehicleUnplugged(evse: local, meterWh: meterWh)), now: now)
        case .faulted: feed(s, .everyday(.fault(evse: local)), now: now)
        case .repaired: feed(s, .everyday(.faultCleared(evse: local)), now: now)
        case .linkLost: outputs.append(Output(station: s, order: .linkFault(true)))
        case .linkRestored: outputs.append(Output(station: s, order: .linkFault(!plant.isOnline(s))))
        case .startFailed:
            feed(s, .everyday(.chargingEnded(evse: local, reason: .other, meterWh: meterWh)), now: now)
        case .powerLost:
            bootAt[s] = .distantFuture
            feed(s, .everyday(.powerDown), now: now)
            outputs.append(Output(station: s, order: .linkFault(true)))
        case .powerRestored:
            outputs.append(Output(station: s, order: .linkFault(!plant.isOnline(s))))
            feed(s, .everyday(.powerUp(reason: .powerUp)), now: now)
        }
    }
}
