internal import OCPP
internal import OCPPMessages

// What the blocks are told of everyday happenings.
extension StationController {
    mutating func announce(_ input: StationFirmware.Input) {
        switch input {
        case .linkUp: context.announce(.online)
        case .linkDown: context.announce(.offline)
        case .vehiclePlugged(let evse, _): context.announce(.plugged(evse: evse))
        case .vehicleUnplugged(let evse, _): context.announce(.unplugged(evse: evse))
        case .chargingStarted(let evse, _), .chargingResumed(let evse, _):
            context.announce(.chargingStateChanged(evse: evse, .charging))
        case .chargingSuspended(let evse, let byVehicle, _):
            context.announce(.chargingStateChanged(evse: evse, byVehicle ? .suspendedEV : .suspendedEVSE))
        case .chargingEnded(let evse, _, _): context.announce(.chargingStateChanged(evse: evse, .evConnected))
        case .meterReading(let evse, _, _, _): context.announce(.sampled(evse: evse))
        case .fault(let evse): context.announce(.fault(evse: evse))
        case .faultCleared(let evse): context.announce(.faultCleared(evse: evse))
        default: break
        }
    }

    mutating func announce(_ output: StationFirmware.Output) {
        switch output {
        case .authorization(let evse, let accepted, _):
            context.announce(.authorization(evse: evse, accepted: accepted))
        case .transactionStarted(let evse, let number):
            history.note(transaction: number, evse: evse, startWh: firmware.evses[evse].startWh)
            context.announce(.transactionStarted(evse: evse, transactionID: firmware.transactionID(number: number)))
        case .transactionEnded(let evse, let number, _, _):
            context.announce(
                .transactionEnded(
                    evse: evse, transactionID: firmware.transactionID(number: number),
                    firmware.evses[evse].stoppedReason ?? .local))
        default: break
        }
    }
}

extension StationFirmware {
    /// The id that transaction `number`, counted from 1, has on the wire.
    public func transactionID(number: UInt32) -> String { transactionIdentity.text(number: number).description }
}
