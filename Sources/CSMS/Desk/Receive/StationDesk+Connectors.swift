internal import OCPP
internal import OCPPMessages

extension StationDesk {
    /// Takes in what a StatusNotification says; `false` when the connector cannot be one.
    ///
    /// What arrived last counts, whatever the charging station's clock says; the full words go beside the core's state.
    mutating func note(_ told: ConnectorState, _ turn: inout DeskTurn) -> Bool {
        let request = Core.StatusNotificationRequest(
            timestamp: told.changedAt, connectorStatus: told.status, evseId: told.evse, connectorId: told.connector)
        if case .refused = everyday.connectors.apply(request, now: turn.now) { return false }
        var state = told
        state.changedAt = min(told.changedAt, turn.now)
        let index = connectors.firstIndex { $0.evse == state.evse && $0.connector == state.connector }
        if let index {
            var before = connectors[index]
            before.changedAt = state.changedAt
            connectors[index] = state
            guard before != state else { return true }
        } else {
            connectors.append(state)
        }
        turn.keep(.connector(state))
        settlePromises(by: state, &turn)
        return true
    }

    /// ChangeAvailability answered Scheduled is done when the connectors concerned say so (G03, G04): all that are
    /// known, or in 1.6 connector 0, which speaks for the charging station.
    private mutating func settlePromises(by state: ConnectorState, _ turn: inout DeskTurn) {
        guard !memory.promises.isEmpty else { return }
        let connectors = connectors
        settlePromises(&turn) { promise in
            guard promise.kind != .reset, promise.evse == 0 || promise.evse == Int(state.evse) else { return false }
            func isKept(_ state: ConnectorState) -> Bool {
                (state.status == .unavailable) == (promise.kind == .inoperative)
            }
            if state.evse == 0 { return isKept(state) }
            let concerned = connectors.filter { other in
                other.evse > 0 && (promise.evse == 0 || promise.evse == Int(other.evse))
                    && (promise.connector == 0 || promise.connector == Int(other.connector))
            }
            return !concerned.isEmpty && concerned.allSatisfy(isKept)
        }
    }

    /// Ends the promises that are kept now.
    mutating func settlePromises(_ turn: inout DeskTurn, where isKept: (Promise) -> Bool) {
        let kept = memory.promises.filter(isKept)
        guard !kept.isEmpty else { return }
        memory.promises.removeAll(where: isKept)
        for promise in kept {
            turn.keep(.forget(.scheduled, pattern: promise.key))
            turn.note(.scheduled, promise.kind.rawValue)
        }
    }

    /// Remembers what the charging station said it will do later; the same said again replaces it.
    mutating func promise(_ kind: Promise.Kind, evse: Int, connector: Int, _ json: [UInt8], _ turn: inout DeskTurn) {
        let promise = Promise(kind: kind, evse: evse, connector: connector, since: turn.now)
        memory.promises.removeAll { other in
            other.evse == evse && other.connector == connector && (other.kind == .reset) == (kind == .reset)
        }
        if memory.promises.count == DeskMemory.listMax { memory.promises.removeFirst() }
        memory.promises.append(promise)
        turn.put(.scheduled, promise.key, json)
    }
}

extension Promise {
    /// Of its ``StoreEffect/put(_:at:)``: a promise to be available replaces one not to be.
    var key: String { "\(kind == .reset ? "reset" : "availability")/\(evse)/\(connector)" }
}
