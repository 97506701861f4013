internal import Models
internal import Sim

/// Connections: made, lost, and kept from being.
extension VirtualStations {
    mutating func connect(_ s: Int, now: SimTime, inbox: inout Inbox) {
        link.lines[s].connection &+= 1
        encoded?.disconnect(s, now: settings.timestamp(now))
        guard link.isPhysicallyUp(s) else { return inbox.append(StationInput(station: s, input: .linkDown)) }
        if settings.isIdeal {
            link.lines[s].isConnected = true
            return inbox.append(StationInput(station: s, input: .linkUp))
        }
        let delay = link.handshake(s, settings.profile)
        queue.schedule(.connected(station: UInt16(s), connection: link.lines[s].connection), at: now + delay)
    }

    mutating func obstruct(
        _ s: Int, _ isObstructed: Bool, now: SimTime, plant: SitePlant, inbox: inout Inbox
    ) {
        if isObstructed { addObstacle(s, now: now, inbox: &inbox) } else { link.lines[s].obstacles -= 1 }
    }

    mutating func addObstacle(_ s: Int, now: SimTime, inbox: inout Inbox) {
        link.lines[s].obstacles += 1
        guard link.lines[s].obstacles == 1 else { return }
        link.lines[s].isConnected = false
        link.lines[s].connection &+= 1
        encoded?.disconnect(s, now: settings.timestamp(now))
        inbox.append(StationInput(station: s, input: .linkDown))
    }

    mutating func linkChanges(_ s: Int, now: SimTime, inbox: inout Inbox) {
        link.lines[s].isOutage.toggle()
        if link.lines[s].isOutage { addObstacle(s, now: now, inbox: &inbox) } else { link.lines[s].obstacles -= 1 }
        scheduleLinkChange(s, now: now)
    }

    mutating func scheduleLinkChange(_ s: Int, now: SimTime) {
        let at = now + link.untilChange(s, settings.profile)
        if at < end { queue.schedule(.linkChange(station: UInt16(s)), at: at) }
    }
}
