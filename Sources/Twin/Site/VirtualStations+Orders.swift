internal import CSMS
internal import Models
internal import OCPP
internal import OCPPMessages
internal import Sim

/// Orders of the CSMS in a simulated run: given as an operator's commands are, to the session that a server has.
extension VirtualStations {
    /// Puts the orders that have a time into the queue.
    mutating func scheduleOrders() {
        guard let specs = orders?.specs else { return }
        for (index, spec) in specs.enumerated() where orders?.targets[index].isEmpty == false {
            switch spec.occasion {
            case .at(let time): schedule(SiteOrders.Due(order: index), at: time)
            case .everyDay(let after): schedule(SiteOrders.Due(order: index), at: firstTime(after))
            case .on: break
            }
        }
    }

    /// The first time in the run that lies `after` a local midnight.
    private func firstTime(_ after: SimDuration) -> SimTime {
        let day = SimDuration.hours(24).microseconds
        let sinceMidnight = settings.epoch.microseconds % day
        let wait = (after.microseconds - sinceMidnight) % day
        return SimTime(microseconds: wait < 0 ? wait + day : wait)
    }

    private mutating func schedule(_ due: SiteOrders.Due, at time: SimTime) {
        guard time < end, let slot = orders?.due.insert(due) else { return }
        queue.schedule(.order(slot: slot), at: time)
    }

    /// Orders that something the CSMS keeps sets off.
    mutating func setOffOrders(by effect: StoreEffect, at s: Int, now: SimTime) {
        for (delay, due) in orders?.setOff(by: effect, at: s) ?? [] { schedule(due, at: now + delay) }
    }

    mutating func orderDue(_ slot: UInt32, now: SimTime, inbox: inout Inbox) {
        guard let due = orders?.due.remove(slot), let spec = orders?.specs[due.order],
            let targets = orders?.targets[due.order]
        else { return }
        if case .everyDay = spec.occasion { schedule(due, at: now + .hours(24)) }
        let stations = spec.reach == .station ? due.station.map { [$0] } ?? targets : targets
        for s in stations {
            switch spec.each {
            case .station: give(due.order, to: s, evse: due.evse, due.transactionID, now: now, inbox: &inbox)
            case .evse:
                for evse in pairs?.evses(of: s) ?? 1..<1 {
                    give(due.order, to: s, evse: evse, nil, now: now, inbox: &inbox)
                }
            case .transaction:
                for (id, evse) in pairs?.sessions[s].desk.everyday.book.running ?? [] {
                    give(due.order, to: s, evse: evse, id, now: now, inbox: &inbox)
                }
            }
        }
    }

    private mutating func give(
        _ order: Int, to s: Int, evse: Int32?, _ transactionID: IdentifierText?, now: SimTime, inbox: inout Inbox
    ) {
        guard let spec = orders?.specs[order], let number = orders?.nextNumber(), let pairs else { return }
        let ticket = orders?.open(order, station: s, evse: evse, now: now) ?? 0
        let circumstances = OrderCircumstances(
            version: pairs.version, station: pairs.sessions[s].desk.identity, evse: evse, transactionID: transactionID,
            number: number, now: settings.timestamp(now), running: pairs.runningCount)
        guard let text = spec.payload.text(circumstances),
            let request = try? AnyRequest.command(spec.action, text, version: pairs.version)
        else { return orderEnded(ticket, .invalid, now: now) }
        tellSession(.command(ticket: ticket, request), of: s, sent: now, now: now, inbox: &inbox)
    }

    /// Keeps what has come of an order; all carriers must agree on it.
    mutating func orderEnded(_ ticket: UInt64, _ outcome: OrderOutcome, now: SimTime) {
        guard let record = orders?.close(ticket, outcome, now: now) else { return }
        digest.mix(now.microseconds)
        digest.mix(UInt64(record.station) << 24 | UInt64(record.order) << 8 | UInt64(outcome.rawValue))
    }
}

extension AnyRequest {
    /// An order's message under the constraints of its version.
    static func command(_ action: String, _ json: String, version: OCPPVersion) throws(SchemaViolation) -> AnyRequest {
        var reader = JSONReader(Array(json.utf8), version: version)
        let request = try AnyRequest(action: action, reading: &reader)
        try reader.finish()
        return request
    }
}
