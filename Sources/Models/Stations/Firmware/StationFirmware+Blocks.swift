internal import OCPP
internal import OCPPMessages

extension StationFirmware {
    /// What blocks may know of an EVSE of this hardware.
    func view(ofEVSE evse: Int, rating: EVSERating) -> EVSEView {
        let state = evses[evse]
        let control = controls.isEmpty ? EVSEControl() : controls[evse]
        return EVSEView(
            connectorCount: Int(state.connectorCount), isPlugged: state.isPlugged, isAuthorized: state.isAuthorized,
            isFaulted: state.isFaulted, isOperative: state.isOperative, isReserved: state.isReserved,
            transactionID: state.hasTransaction ? state.transactionID.description : nil,
            idToken: state.isAuthorized ? state.idToken.message : nil,
            groupIdToken: state.isAuthorized && !state.group.isEmpty
                ? V2.IdToken(idToken: state.group.description, type: Core.IdTokenKind.central.rawValue) : nil,
            chargingState: state.chargingState, transactionStart: state.hasTransaction ? state.startedAt : nil,
            registerWh: state.registerWh, powerW: state.chargingState == .charging ? control.powerW : 0,
            stateOfCharge: control.stateOfCharge, nominalVoltage: rating.voltageV,
            phases: rating.phases, currentMaxA: rating.currentMaxA, powerMaxW: rating.powerMaxW)
    }

    /// Ids of the transactions with unanswered messages, in the order of the queue; one that comes several times in a
    /// row is told once. O(messages).
    func queuedTransactionIDs() -> [String] {
        var ids: [String] = []
        var last: IdentifierText?
        for index in 0..<queue.count {
            let id = queue[index].transactionInfo.transactionId
            if id != last { ids.append(id.description) }
            last = id
        }
        return ids
    }
}

extension StationFirmware {
    /// Carries out what a block wants of the everyday machine. `false` when the directive is for the plant or the
    /// driver; a restart is for them too, when this has had its transactions ended or marked as going on.
    /// - Parameter listed: what the local authorization list knows of the token of a remote start.
    mutating func carryOut(
        _ directive: Directive, listed: Core.IdTokenInfo? = nil, now: Timestamp, outputs: inout OutputBuffer
    ) -> Bool {
        switch directive {
        case .startTransaction(let evse, let idToken, let group, let remoteStartID, let needsAuthorization):
            guard let token = idToken.everyday else { return true }  // refused before
            let group = group.flatMap { IdentifierText($0.idToken) }?.lowercased ?? IdentifierText()
            handle(
                .remoteStart(
                    evse: evse, idToken: token, group: group,
                    remoteStartID: remoteStartID.flatMap { Int32(exactly: $0) } ?? 0, listed: listed,
                    asksFirst: needsAuthorization), now: now, outputs: &outputs)
        case .stopTransaction(let evse, let reason):
            handle(.stop(evse: evse, reason: reason), now: now, outputs: &outputs)
        case .setOperative(let evse, nil, let isOperative):
            handle(.operative(evse: evse, isOperative), now: now, outputs: &outputs)
        case .setOperative(let evse, let connector?, let isOperative):
            handle(
                .connectorOperative(evse: evse, connector: connector, isOperative), now: now, outputs: &outputs)
        case .setReservations(let holds, let shown):
            setReservations(holds, shown: shown)
            handle(.lookAgain, now: now, outputs: &outputs)
        case .clearCache: clearCache()
        case .trigger(let message, let evse, let connector):
            handle(.trigger(message, evse: evse, connector: connector), now: now, outputs: &outputs)
        case .restart(_, let evse, let resumes):
            if resumes {
                resumeTransactionsAtNextStart()
            } else {
                handle(.stop(evse: evse, reason: .immediateReset), now: now, outputs: &outputs)
            }
            return false
        case .limitChanged, .displayChanged, .swapOpened, .swapClosed, .reconnect: return false
        }
        return true
    }
}
