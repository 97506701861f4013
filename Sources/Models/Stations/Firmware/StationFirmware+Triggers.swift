internal import OCPP

// Everyday messages that the CSMS asks for with TriggerMessage (F06). They may be sent while registration is Pending.

extension StationFirmware {
    mutating func trigger(
        _ message: TriggeredMessage, evse: Int?, connector: Int?, now: Timestamp, outputs: inout OutputBuffer
    ) {
        guard isPowered else { return }
        enableControl()
        let range = evse.map { $0..<$0 + 1 } ?? evses.indices
        switch message {
        case .bootNotification: triggerOnce(.boot)
        case .heartbeat: triggerOnce(.heartbeat)
        case .statusNotification:
            for index in range {
                let all = UInt8((1 << Int(evses[index].connectorCount)) - 1)
                let wanted = connector.map { (0..<8).contains($0) ? UInt8(1) << UInt8($0) & all : 0 } ?? all
                triggersReady += (wanted & ~controls[index].triggeredStatus).nonzeroBitCount
                controls[index].triggeredStatus |= wanted
            }
        case .meterValues:
            for index in range {
                controls[index].wantsTriggeredReading = true
                outputs.append(.needMeter(evse: index))
            }
        case .transactionEvent:
            for index in range where evses[index].hasTransaction {
                controls[index].wantsTriggeredEvent = true
                outputs.append(.needMeter(evse: index))
            }
        }
    }

    private mutating func triggerOnce(_ message: TriggeredOnce) {
        guard !triggeredOnce.contains(message) else { return }
        triggeredOnce.insert(message)
        triggersReady += 1
    }

    /// With the connection or the power what was asked for is gone.
    mutating func forgetTriggers() {
        triggeredOnce = []
        triggersReady = 0
        for evse in controls.indices {
            controls[evse].triggeredStatus = 0
            controls[evse].triggeredReading = nil
            controls[evse].wantsTriggeredReading = false
            controls[evse].wantsTriggeredEvent = false
        }
    }

    /// A reading has come that may have been asked for.
    mutating func takeTriggeredReading(at evse: Int, now: Timestamp) {
        guard controls[evse].wantsTriggeredReading || controls[evse].wantsTriggeredEvent else { return }
        var value = reading(.trigger, of: evse, now: now)
        value.powerActiveImportW = controls[evse].powerW
        value.socPercent = controls[evse].stateOfCharge.map { $0 * 100 }
        if controls[evse].wantsTriggeredReading {
            if controls[evse].triggeredReading == nil { triggersReady += 1 }
            controls[evse].triggeredReading = value
        }
        if controls[evse].wantsTriggeredEvent, evses[evse].hasTransaction {
            append(.updated, at: evse, trigger: .trigger, value: value, now: now)
        }
        controls[evse].wantsTriggeredReading = false
        controls[evse].wantsTriggeredEvent = false
    }

    mutating func sendTriggered(now: Timestamp, outputs: inout OutputBuffer) {
        triggersReady -= 1
        if triggeredOnce.contains(.boot) {
            triggeredOnce.remove(.boot)
            let request = Core.BootNotificationRequest(reason: .triggered, chargingStation: identity)
            outputs.send(StationCall(messageID: begin(.boot, now: now), request: .bootNotification(request)))
        } else if triggeredOnce.contains(.heartbeat) {
            triggeredOnce.remove(.heartbeat)
            outputs.send(
                StationCall(messageID: begin(.heartbeat, now: now), request: .heartbeat(Core.HeartbeatRequest())))
        } else if let evse = controls.firstIndex(where: { $0.triggeredStatus != 0 }) {
            let connector = controls[evse].triggeredStatus.trailingZeroBitCount
            controls[evse].triggeredStatus &= controls[evse].triggeredStatus - 1
            sendStatus(ofConnector: connector, at: evse, now: now, outputs: &outputs)
        } else if let evse = controls.firstIndex(where: { $0.triggeredReading != nil }),
            let value = controls[evse].triggeredReading
        {
            controls[evse].triggeredReading = nil
            let request = Core.MeterValuesRequest(evseId: Int32(evse + 1), meterValue: value)
            outputs.send(StationCall(messageID: begin(.meterValues, now: now), request: .meterValues(request)))
        }
    }
}
