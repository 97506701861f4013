internal import OCPP
internal import OCPPMessages

/// What the CSMS does from afar: starting and stopping transactions, unlocking, asking for messages.
///
/// - Source: OCPP 2.0.1 part 2, use cases E14 and F01 to F06; OCPP 1.6 edition 2, sections 5.11, 5.12, 5.17 and 5.18.
struct RemoteControl: ControllerBlock {
    /// Remote starts remembered, so that one that comes twice, word for word, is not carried out twice.
    static let startsMax = 8
    /// Connectors being unlocked at a time.
    static let unlocksMax = 4

    private struct Start: Sendable, Codable {
        var request: V2.RequestStartTransactionRequest
        var evse: Int
    }
    private struct Unlock: Sendable, Codable {
        var job: Int
        var ticket: Int
    }

    /// Oldest first.
    private var starts: [Start] = []
    private var unlocks: [Unlock] = []
    private var holds: [ReservationHold] = []

    init() {}

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .reservationsChanged(let holds): self.holds = holds
        case .booted: unlocks = []  // who asked has no connection any more
        default: break
        }
    }

    // MARK: Start and stop

    /// - Parameter connector: the one asked for, from 1 within the EVSE, as 1.6 does; `nil` for any.
    mutating func requestStartTransaction(
        _ request: V2.RequestStartTransactionRequest, connector: Int? = nil, context: inout ControllerContext
    ) -> V2.RequestStartTransactionResponse {
        guard context.registration == .accepted else { return .rejected("NotRegistered") }  // B02.FR.05
        if let known = starts.first(where: { $0.request == request }),
            context.evses.indices.contains(known.evse), context.evses[known.evse].isAuthorized,
            context.evses[known.evse].idToken?.matches(request.idToken) == true
        {
            return V2.RequestStartTransactionResponse(
                status: .accepted, transactionId: context.evses[known.evse].transactionID)
        }
        guard let idToken = request.idToken.everyday, Int32(exactly: request.remoteStartId) != nil else {
            return .rejected("InvalidIdToken")
        }
        if let profile = request.chargingProfile {
            guard profile.chargingProfilePurpose == .txProfile, profile.transactionId == nil else {
                return .rejected("InvalidProfile")  // F01
            }
        }
        let group = request.groupIdToken.flatMap { IdentifierText($0.idToken) }?.lowercased ?? IdentifierText()
        let evse: Int
        switch place(request.evseId, connector, idToken: idToken, group: group, context: context) {
        case .success(let place): evse = place
        case .failure(let reason): return .rejected(reason.code)
        }
        remember(Start(request: request, evse: evse))
        context.act(
            .startTransaction(
                evse: evse, idToken: request.idToken, groupIdToken: request.groupIdToken,
                remoteStartId: request.remoteStartId,
                needsAuthorization: context.deviceModel.bool("AuthCtrlr", "AuthorizeRemoteStart")))
        context.announce(
            .remoteStartAccepted(
                evse: evse, remoteStartID: request.remoteStartId, profile: request.chargingProfile))
        return V2.RequestStartTransactionResponse(
            status: .accepted, transactionId: context.evses[evse].transactionID)
    }

    mutating func requestStopTransaction(
        _ request: V2.RequestStopTransactionRequest, context: inout ControllerContext
    ) -> V2.RequestStopTransactionResponse {
        guard let evse = context.evse(ofTransaction: request.transactionId) else {
            return V2.RequestStopTransactionResponse(
                status: .rejected, statusInfo: V2.StatusInfo(reasonCode: "TxNotFound"))
        }
        context.act(.stopTransaction(evse: evse, .remote))
        return V2.RequestStopTransactionResponse(status: .accepted)
    }

    /// Why a remote start has no EVSE.
    private struct NoPlace: Error { var code: String }

    /// The EVSE asked for, if the token may start there; where none is asked for, the best that is free: one with a
    /// vehicle before one without.
    private func place(
        _ id: Int?, _ connector: Int?, idToken: Core.IdToken, group: IdentifierText, context: ControllerContext
    ) -> Result<Int, NoPlace> {
        func problem(_ evse: Int) -> NoPlace? {
            let view = context.evses[evse]
            let wanted = connector.map { UInt8(1) << UInt8(clamping: $0 - 1) } ?? .max
            if view.isFaulted || !view.isOperative || view.usableConnectors & wanted == 0 {
                return NoPlace(code: "EvseNotAvailable")
            }
            if view.isAuthorized { return NoPlace(code: "TxInProgress") }
            if view.isReserved, !isReserved(evse, for: idToken, group: group) { return NoPlace(code: "Reserved") }
            return nil
        }
        if let id {
            guard let evse = context.evse(id: id) else { return .failure(NoPlace(code: "UnknownEvse")) }
            return problem(evse).map { .failure($0) } ?? .success(evse)
        }
        let free = context.evses.indices.filter { problem($0) == nil }
        guard let evse = free.first(where: { context.evses[$0].isPlugged }) ?? free.first else {
            return .failure(NoPlace(code: "EvseNotAvailable"))
        }
        return .success(evse)
    }

    private func isReserved(_ evse: Int, for idToken: Core.IdToken, group: IdentifierText) -> Bool {
        holds.contains { ($0.evse == nil || $0.evse == Int32(evse)) && $0.admits(idToken, group: group) }
    }

    private mutating func remember(_ start: Start) {
        starts.removeAll { $0.request == start.request }
        if starts.count >= Self.startsMax { starts.removeFirst() }
        starts.append(start)
    }

    // MARK: Questions

    func getTransactionStatus(
        _ request: V2.GetTransactionStatusRequest, context: inout ControllerContext
    ) -> V2.GetTransactionStatusResponse {
        guard let id = request.transactionId else {  // E14: of any transaction
            return V2.GetTransactionStatusResponse(messagesInQueue: !context.queuedTransactionIDs.isEmpty)
        }
        return V2.GetTransactionStatusResponse(
            messagesInQueue: context.queuedTransactionIDs.contains(id),
            ongoingIndicator: context.evse(ofTransaction: id) != nil)
    }

    // MARK: Unlock

    /// `nil` when the plant has to try first (F05).
    mutating func unlockConnector(
        _ request: V2.UnlockConnectorRequest, context: inout ControllerContext
    ) -> V2.UnlockConnectorResponse? {
        guard let evse = context.evse(id: request.evseId), request.connectorId >= 1,
            request.connectorId <= context.evses[evse].connectorCount
        else { return V2.UnlockConnectorResponse(status: .unknownConnector) }
        if context.evses[evse].transactionID != nil, context.evses[evse].isAuthorized {
            guard context.version == .v16 else {
                return V2.UnlockConnectorResponse(status: .ongoingAuthorizedTransaction)
            }
            context.act(.stopTransaction(evse: evse, .remote))  // 1.6 stops it first
        }
        guard unlocks.count < Self.unlocksMax else {
            return V2.UnlockConnectorResponse(
                status: .unlockFailed, statusInfo: V2.StatusInfo(reasonCode: "Busy"))
        }
        let ticket = context.deferAnswer()
        unlocks.append(
            Unlock(job: context.start(.unlock(evse: evse, connector: request.connectorId - 1)), ticket: ticket))
        return nil
    }

    mutating func jobDone(_ job: Int, _ result: StationJobResult, context: inout ControllerContext) {
        guard let index = unlocks.firstIndex(where: { $0.job == job }) else { return }
        let unlock = unlocks.remove(at: index)
        let response =
            switch result {
            case .done: V2.UnlockConnectorResponse(status: .unlocked)
            case .failed(let reason): V2.UnlockConnectorResponse(status: .unlockFailed, statusInfo: .noting(reason))
            default: V2.UnlockConnectorResponse(status: .unlockFailed)
            }
        context.answer(unlock.ticket, with: .unlockConnector(response))
    }
}

extension V2.RequestStartTransactionResponse {
    fileprivate static func rejected(_ reason: String) -> V2.RequestStartTransactionResponse {
        V2.RequestStartTransactionResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: reason))
    }
}

extension V2.StatusInfo {
    /// A reason in words of a job, cut to what the field holds.
    static func noting(_ words: String, code: String = "InternalError") -> V2.StatusInfo {
        V2.StatusInfo(reasonCode: code, additionalInfo: String(words.unicodeScalars.prefix(512)))
    }
}
