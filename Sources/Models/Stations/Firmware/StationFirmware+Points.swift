internal import OCPP

// Start and stop points beyond plug, token and energy, and what a refused token does to a transaction.

extension StationFirmware {
    mutating func bayOccupied(_ evse: Int, now: Timestamp, outputs: inout OutputBuffer) {
        evses[evse].isBayOccupied = true
        guard isPowered, !evses[evse].hasTransaction else { return }
        startIfDue(evse, trigger: .evDetected, now: now, outputs: &outputs)
    }

    mutating func bayLeft(_ evse: Int, meterWh: Double, now: Timestamp, outputs: inout OutputBuffer) {
        guard evses[evse].isBayOccupied else { return }
        evses[evse].isBayOccupied = false
        guard isPowered, evses[evse].hasTransaction, settings.txStopPoint.contains(.parkingBayOccupancy) else {
            return
        }
        evses[evse].registerWh = meterWh
        let reason = evses[evse].stoppedReason ?? .local
        end(evse, trigger: .evDeparted, reason: reason, now: now, outputs: &outputs)
    }

    mutating func dataSigned(_ evse: Int, meterWh: Double, now: Timestamp, outputs: inout OutputBuffer) {
        guard isPowered else { return }
        evses[evse].registerWh = meterWh
        evses[evse].hasSignedData = true
        guard !evses[evse].hasTransaction else { return }
        startIfDue(evse, trigger: .signedDataReceived, now: now, outputs: &outputs)
    }

    /// Whether a transaction ends when the cable is pulled: with every stop point but the authorization's, and that of a
    /// bay which a sensor still sees occupied.
    func endsUnplugged(_ evse: Int) -> Bool {
        let points = settings.txStopPoint
        return !points.isDisjoint(with: [.evConnected, .powerPathClosed, .energyTransfer, .dataSigned])
            || points.contains(.parkingBayOccupancy) && !evses[evse].isBayOccupied
    }

    mutating func suspended(
        _ evse: Int, byVehicle: Bool, meterWh: Double, now: Timestamp, outputs: inout OutputBuffer
    ) {
        changeState(of: evse, to: byVehicle ? .suspendedEV : .suspendedEVSE, meterWh: meterWh, now: now)
        guard isPowered, evses[evse].hasTransaction, settings.txStopPoint.contains(.energyTransfer) else { return }
        outputs.append(.stopCharging(evse: evse, reason: byVehicle ? .stoppedByEV : .other))
    }
}

// MARK: - A token refused during its transaction

extension StationFirmware {
    /// The CSMS does not accept the token of a running transaction (E05).
    mutating func deauthorize(_ evse: Int, now: Timestamp, outputs: inout OutputBuffer) {
        if settings.stopTxOnInvalidId {
            outputs.append(.stopCharging(evse: evse, reason: .deAuthorized))
        } else if settings.maxEnergyOnInvalidIdWh < .max {
            enableControl()
            controls[evse].energyEndWh = evses[evse].registerWh + Double(settings.maxEnergyOnInvalidIdWh)
            if settings.maxEnergyOnInvalidIdWh == 0 {
                endEnergy(of: evse, outputs: &outputs)
            } else {
                controls[evse].lookAt = now
                evseAt = min(evseAt, now)
            }
        }
    }

    /// The plant is to end the charge, but the transaction goes on.
    private mutating func endEnergy(of evse: Int, outputs: inout OutputBuffer) {
        controls[evse].energyEndWh = nil
        controls[evse].lookAt = .distantFuture
        controls[evse].endsEnergyOnly = true
        outputs.append(.stopCharging(evse: evse, reason: .deAuthorized))
    }

    /// Whether the charge that has ended was to end without its transaction; asked once.
    mutating func takeEndOfEnergyOnly(at evse: Int) -> Bool {
        guard !controls.isEmpty, controls[evse].endsEnergyOnly else { return false }
        controls[evse].endsEnergyOnly = false
        return true
    }

    /// Asks for the meter where the last energy of a refused token may have been drawn; returns when to look again.
    mutating func lookAtEnergy(of evse: Int, now: Timestamp, outputs: inout OutputBuffer) -> Timestamp {
        guard now >= controls[evse].lookAt else { return controls[evse].lookAt }
        controls[evse].lookAt = .distantFuture
        outputs.append(.needMeter(evse: evse))
        return .distantFuture
    }

    /// What a reading means beyond the everyday.
    mutating func readForControl(
        _ evse: Int, powerW: Double, stateOfCharge: Double?, now: Timestamp, outputs: inout OutputBuffer
    ) {
        controls[evse].powerW = powerW
        controls[evse].stateOfCharge = stateOfCharge
        takeTriggeredReading(at: evse, now: now)
        guard let end = controls[evse].energyEndWh, evses[evse].hasTransaction else { return }
        let restWh = end - evses[evse].registerWh
        guard restWh > 0 else { return endEnergy(of: evse, outputs: &outputs) }
        // Not earlier than what is left lasts, nor so late that a vehicle which draws more gets much too much.
        let seconds = powerW > 0 ? min(60, max(1, (restWh * 3600 / powerW).rounded(.up))) : 60
        controls[evse].lookAt = now.adding(seconds: Int64(seconds))
        evseAt = min(evseAt, controls[evse].lookAt)
    }
}
