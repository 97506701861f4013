internal import OCPP
internal import OCPPMessages

/// Answers of the charging station to own calls.
extension StationDesk {
    mutating func answered(_ id: String, _ response: AnyResponse, _ turn: inout DeskTurn) {
        guard let call = outbox.finish(id) else { return }  // late: its call is over
        guard response.actionText == call.request.actionText else {
            return settle(call, .refused(.protocolError, description: "answer to another action"), &turn)
        }
        if isAccepted { hear(&turn) }
        if response.isRefusal, let asked = call.request.asksFor {
            for action in asked.actions { gate.withdraw(action, requestID: asked.requestID) }
        }
        learn(call.request, response, &turn)
        switch call.purpose {
        case .command(let tickets):
            for ticket in tickets { done(ticket, .answered(response), &turn) }
        case .provisioning: provisioningStepDone(&turn)
        case .inventory(let firmware):
            // NotSupported or EmptyResultSet stays what it is; Rejected may be otherwise next time.
            if case .v2(.getBaseReport(let answer)) = response, answer.status == .rejected { break }
            memory.inventoryFirmware = firmware
        case .certificate(let signed):
            certificateDelivered(signed, isAccepted: !response.isRefusal, &turn)
        case .localListVersion:
            switch response {
            case .v2(.getLocalListVersion(let answer)): localListVersion(answer.versionNumber, &turn)
            case .v16(.getLocalListVersion(let answer)): localListVersion(answer.listVersion, &turn)
            default: break
            }
        case .localListPart(let version, let isLast, _):
            switch response {
            case .v2(.sendLocalList(let answer)):
                localListPart(answer.status, version: version, isLast: isLast, &turn)
            case .v16(.sendLocalList(let answer)) where answer.status == .notSupported:
                outbox.dropOwn { if case .localListPart = $0 { true } else { false } }
                localListDone(.notSupported, &turn)
            case .v16(.sendLocalList(let answer)):
                let status: V2.SendLocalListStatusEnum =
                    answer.status == .accepted
                    ? .accepted : answer.status == .versionMismatch ? .versionMismatch : .failed
                localListPart(status, version: version, isLast: isLast, &turn)
            default: break
            }
        case .firmware(let order): firmwareAnswered(order, FirmwareAnswer(response), &turn)
        case .transactionStatus(let transaction):
            guard case .v2(.getTransactionStatus(let answer)) = response else { break }
            transactionStatus(of: transaction, answer, &turn)
        case .boot, .followUp: break
        }
    }

    mutating func failed(_ id: String, _ failure: CallFailure, _ turn: inout DeskTurn) {
        guard let call = outbox.finish(id) else { return }
        settle(call, failure, &turn)
    }

    /// A call that has no answer and will not have one.
    mutating func settle(_ call: Outbox.Call, _ failure: CallFailure, _ turn: inout DeskTurn) {
        var isRefused = false
        if case .refused = failure {
            isRefused = true
            if let asked = call.request.asksFor {
                for action in asked.actions { gate.withdraw(action, requestID: asked.requestID) }
            }
        }
        switch call.purpose {
        case .command(let tickets):
            let outcome: CommandOutcome =
                switch failure {
                case .refused(let code, let description): .refused(code, description: description)
                case .timedOut: .timedOut
                case .notSent: .offline
                }
            for ticket in tickets { done(ticket, outcome, &turn) }
        case .provisioning:
            if isRefused {
                turn.note(.provisioning, "refused")
                provisioningStepDone(&turn)
            } else {
                registrar.stepsLeft = 0  // begun anew at the next boot
                outbox.dropOwn { $0 == .provisioning }
            }
        case .inventory(let firmware): if isRefused { memory.inventoryFirmware = firmware }
        case .certificate(let signed):
            certificateDelivered(signed, isAccepted: isRefused ? false : nil, &turn)
        case .localListVersion: if isRefused { localListDone(.notSupported, &turn) } else { localList.start() }
        case .localListPart(let version, let isLast, _):
            if isRefused {
                localListPart(nil, version: version, isLast: isLast, &turn)
            } else {
                outbox.dropOwn { if case .localListPart = $0 { true } else { false } }
                localList.start()
            }
        case .firmware(let order):
            firmwareAnswered(order, isRefused ? .refused("CALLERROR") : .none, &turn)
        case .transactionStatus(let transaction):
            if isRefused { inquiries.forget(transaction) } else { transactionStatus(of: transaction, nil, &turn) }
        case .boot, .followUp: break
        }
    }
}

extension StationDesk.FirmwareAnswer {
    init(_ response: AnyResponse) {
        switch response {
        case .v2(.updateFirmware(let answer)):
            switch answer.status {
            case .accepted, .acceptedCanceled: self = .accepted
            case .rejected: self = .refused(answer.status.wireText)
            case .invalidCertificate, .revokedCertificate: self = .refusedForGood(answer.status.wireText)
            }
        case .v16(.signedUpdateFirmware(let answer)):
            switch answer.status {
            case .accepted, .acceptedCanceled: self = .accepted
            case .rejected: self = .refused(answer.status.wireText)
            case .invalidCertificate, .revokedCertificate: self = .refusedForGood(answer.status.wireText)
            }
        case .v16(.updateFirmware): self = .accepted  // it has no status
        default: self = .refused("no answer to an update")
        }
    }
}

extension AnyResponse {
    /// Whether the answer says that nothing will come of what was asked; for the requests that ask for further messages
    /// and for certificates.
    var isRefusal: Bool {
        switch self {
        case .v2(let response):
            switch response {
            case .triggerMessage(let answer): answer.status != .accepted
            case .getBaseReport(let answer): answer.status != .accepted
            case .getReport(let answer): answer.status != .accepted
            case .getMonitoringReport(let answer): answer.status != .accepted
            case .customerInformation(let answer): answer.status != .accepted
            case .getDisplayMessages(let answer): answer.status != .accepted
            case .getChargingProfiles(let answer): answer.status != .accepted
            case .getDERControl(let answer): answer.status != .accepted
            case .getLog(let answer): answer.status == .rejected
            case .publishFirmware(let answer): answer.status != .accepted
            case .certificateSigned(let answer): answer.status != .accepted
            default: false
            }
        case .v16(let response):
            switch response {
            case .triggerMessage(let answer): answer.status != .accepted
            case .extendedTriggerMessage(let answer): answer.status != .accepted
            case .certificateSigned(let answer): answer.status != .accepted
            case .getLog(let answer): answer.status == .rejected
            default: false
            }
        }
    }
}
