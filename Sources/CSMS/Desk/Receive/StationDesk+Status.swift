internal import OCPP
internal import OCPPMessages

/// Progress of firmware and logs, security events, reservations.
extension StationDesk {
    mutating func receiveStatus(_ id: String, _ request: V2.Request, _ turn: inout DeskTurn) -> Bool {
        switch request {
        case .firmwareStatusNotification(let request):
            noteFirmware(
                request.status.wireText, requestID: request.requestId, request.json(version: wireVersion), &turn)
            turn.answer(id, .firmwareStatusNotification(.init()))
        case .publishFirmwareStatusNotification(let request):
            let json = request.json(version: wireVersion)
            if let requestID = request.requestId { turn.put(.publishedFirmware, "\(requestID)", json) }
            turn.note(.publishedFirmware, request.status.wireText, json)
            turn.answer(id, .publishFirmwareStatusNotification(.init()))
        case .logStatusNotification(let request):
            noteUpload(request.status.wireText, requestID: request.requestId, request.json(version: wireVersion), &turn)
            turn.answer(id, .logStatusNotification(.init()))
        case .securityEventNotification(let request):
            turn.note(
                .securityEvent, request.type, request.json(version: wireVersion), happened: request.timestamp,
                isCritical: SecurityEvents.isCritical(request.type))
            turn.answer(id, .securityEventNotification(.init()))
        case .reservationStatusUpdate(let request):
            turn.keep(.forget(.reservation, pattern: "\(request.reservationId)"))
            turn.note(.reservation, request.reservationUpdateStatus.wireText, request.json(version: wireVersion))
            turn.answer(id, .reservationStatusUpdate(.init()))
        case .batterySwap(let request):
            turn.note(.batterySwap, request.eventType.wireText, request.json(version: wireVersion))
            turn.answer(id, .batterySwap(.init()))
        case .notifySettlement(let request):
            turn.note(
                .settlement, request.status.wireText, request.json(version: wireVersion),
                happened: request.settlementTime)
            turn.answer(id, .notifySettlement(.init()))
        case .vatNumberValidation(let request):
            wait(id, .v2(.vatNumberValidation(request)), for: .vatNumber(request.vatNumber), &turn)
        default: return false
        }
        return true
    }

    /// How far an upload of logs or diagnostics is.
    func noteUpload(_ status: String, requestID: Int?, _ json: [UInt8], _ turn: inout DeskTurn) {
        if let requestID { turn.put(.upload, "\(requestID)", json) }
        turn.note(.upload, status, json)
    }

    /// A transaction has begun under the reservation.
    func reservationUsed(_ reservation: Int, _ turn: inout DeskTurn) {
        turn.keep(.forget(.reservation, pattern: "\(reservation)"))
        turn.note(.reservation, "Used")
    }
}

/// The standard's security events.
/// - Source: OCPP 2.0.1 edition 3, appendix 1 (`security_events.csv`), column "Critical".
enum SecurityEvents {
    private static let uncritical = [
        "FailedToAuthenticateAtCsms", "CsmsFailedToAuthenticate", "ReconfigurationOfSecurityParameters",
        "InvalidMessages", "AttemptedReplayAttacks",
    ]

    /// Whether the standard calls the event critical. Events it does not know are taken seriously.
    static func isCritical(_ type: String) -> Bool { !uncritical.contains(type) }
}
