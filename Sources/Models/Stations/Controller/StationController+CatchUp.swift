internal import OCPP
internal import OCPPMessages

extension StationController {
    /// Tells the blocks of a charging station that is running already what they would have noticed since its start.
    ///
    /// Nothing comes of it: what they would have said or asked for then is `outbox`, or was not theirs to say.
    /// - Parameters:
    ///   - startedAt: when the charging station was last switched on.
    ///   - outbox: what the CSMS has not been told yet.
    mutating func catchUp(startedAt: Timestamp, now: Timestamp, outbox: Outbox) {
        refreshContext()
        notice(.booted(firmware.bootReason), at: startedAt)
        if firmware.isConnected {
            notice(.online, at: startedAt)
        } else {
            notice(.offline, at: firmware.offlineSince)
        }
        if let registration = firmware.registration { notice(.registered(registration), at: startedAt) }
        for evse in firmware.evses.indices { catchUp(evse, now: now) }
        context.now = now
        self.outbox = outbox
    }

    private mutating func catchUp(_ evse: Int, now: Timestamp) {
        let state = firmware.evses[evse]
        let since = state.hasTransaction ? state.startedAt : now
        if state.isFaulted { notice(.fault(evse: evse), at: now) }
        if state.isPlugged { notice(.plugged(evse: evse), at: since) }
        if state.isAuthorized { notice(.authorization(evse: evse, accepted: true), at: since) }
        guard state.hasTransaction else { return }
        history.note(transaction: state.transactionNumber, evse: evse, startWh: state.startWh)
        let id = firmware.transactionID(number: state.transactionNumber)
        notice(.transactionStarted(evse: evse, transactionID: id), at: since)
        if state.chargingState != .idle {
            notice(.chargingStateChanged(evse: evse, state.chargingState), at: since)
        }
    }

    private mutating func notice(_ event: StationEvent, at instant: Timestamp) {
        context.now = instant
        blocks.tell(.event(event), context: &context)
        while let wishes = context.takeWishes() {
            for event in wishes.events { blocks.tell(.event(event), context: &context) }
        }
    }
}
