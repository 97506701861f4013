internal import NIOCore

/// Deadlines: one at a time for each connection, in the loop's wheel.
extension WebSocketConnection {
    /// Replaces the deadline that runs. A later one costs nothing until the former one comes round.
    func setDeadline(_ purpose: DeadlinePurpose, after delay: TimeAmount) {
        deadlinePurpose = purpose
        deadline = .now() + delay
        if deadlineTick < 0 || deadline < deadlineScheduled { schedule() }
    }

    private func schedule() {
        deadlineScheduled = deadline
        deadlineTick = loop.schedule(slot: slot, at: deadline)
    }

    /// The wheel has come to the tick that was asked for.
    func deadlineReached(at now: NIODeadline) {
        deadlineTick = -1
        guard deadlinePurpose != .none else { return }
        guard now >= deadline else { return schedule() }
        let purpose = deadlinePurpose
        deadlinePurpose = .none
        switch purpose {
        case .none: break
        case .opening: openingTimedOut()
        case .ping: sendPing()
        case .pong: checkPong()
        case .end:
            if case .closing = phase { finish(ownClosure ?? WebSocketClosure(cause: .local)) }
            closeTransport()
        }
    }

    /// Starts the round of pings of an open connection.
    func startPings() {
        deadlinePurpose = .none
        guard shared.settings.pingInterval > .zero else { return }
        setDeadline(.ping, after: shared.settings.pingInterval)
    }

    private func sendPing() {
        guard case .open = phase else { return }
        isHeardSincePing = false
        writeControl(.ping, [])
        guard case .open = phase else { return }
        if shared.settings.pongTimeout > .zero {
            setDeadline(.pong, after: shared.settings.pongTimeout)
        } else {
            setDeadline(.ping, after: shared.settings.pingInterval)
        }
    }

    /// Whatever came since the ping proves that the peer lives.
    private func checkPong() {
        guard case .open = phase else { return }
        guard isHeardSincePing else {
            finish(WebSocketClosure(cause: .pingUnanswered, reason: "no answer to a ping"))
            return closeTransport()
        }
        let rest = shared.settings.pingInterval - shared.settings.pongTimeout
        setDeadline(.ping, after: max(.zero, rest))
    }

    private func openingTimedOut() {
        switch phase {
        case .serverOpening(let opening): opening.report(.timedOut, from: context?.remoteAddress)
        case .clientOpening(let opening): opening.fail(.timedOut)
        case .open, .closing, .lingering, .over: break
        }
        closeTransport()
    }
}
