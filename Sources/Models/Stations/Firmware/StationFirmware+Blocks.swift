internal import OCPP
internal import OCPPMessages

extension StationFirmware {
    /// What blocks may know of an EVSE of this hardware.
    func view(ofEVSE evse: Int, rating: EVSERating) -> EVSEView {
        let state = evses[evse]
        let control = controls.isEmpty ? EVSEControl() : controls[evse]
        return EVSEView(
            connectorCount: Int(state.connectorCount), isPlugged: state.isPlugged, isAuthorized: state.isAuthorized,
            isFaulted: state.isFaulted, isOperative: state.isInService, isReserved: state.isReserved,
            transactionID: state.hasTransaction ? state.transactionID.description : nil,
            idToken: state.isAuthorized ? state.idToken.message : nil,
            groupIdToken: state.isAuthorized && !state.group.isEmpty
                ? V2.IdToken(idToken: state.group.description, type: Core.IdTokenKind.central.rawValue) : nil,
            chargingState: state.chargingState, transactionStart: state.hasTransaction ? state.startedAt : nil,
            registerWh: state.registerWh, powerW: state.chargingState == .charging ? control.powerW : 0,
            stateOfCharge: control.stateOfCharge, nominalVoltage: rating.voltageV,
            phases: rating.phases, currentMaxA: rating.currentMaxA, powerMaxW: rating.powerMaxW,
            usableConnectors: state.usableConnectors)
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
