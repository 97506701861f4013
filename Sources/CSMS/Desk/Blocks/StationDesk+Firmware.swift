internal import OCPP
internal import OCPPMessages

/// Brings a wanted firmware to the charging station, over as many attempts as the settings allow.
/// - Source: OCPP 2.0.1 part 2, L01 and L02; OCPP 1.6, 5.19; "Improved security for OCPP 1.6-J", L01.
extension StationDesk {
    mutating func want(_ order: FirmwareOrder, _ turn: inout DeskTurn) {
        var progress = FirmwareProgress(
            order: order, state: .waiting, attempts: 0, nextAttempt: turn.now, requestID: 0, status: "")
        if profile?.firmwareVersion == order.version { progress.state = .done }
        memory.firmware = progress
        outbox.dropOwn { if case .firmware = $0 { true } else { false } }
        if version != nil, isAccepted { sendFirmwareOrder(&turn) }
    }

    mutating func sendFirmwareOrder(_ turn: inout DeskTurn) {
        guard var progress = memory.firmware else { return }
        // An answer that was waited for when the connection went, or before a restart, will not come.
        if progress.state == .asked,
            !outbox.holds({ if case .firmware = $0 { true } else { false } })
        {
            progress.state = .waiting
        }
        guard progress.state == .waiting, turn.now >= progress.nextAttempt else { return }
        progress.state = .asked
        progress.attempts += 1
        progress.requestID = outbox.nextNumber(turn.now)
        memory.firmware = progress
        outbox.enqueue(firmwareRequest(progress), for: .firmware(order: progress.order.id))
    }

    private func firmwareRequest(_ progress: FirmwareProgress) -> AnyRequest {
        let order = progress.order
        guard wireVersion == .v16 else {
            return .v2(
                .updateFirmware(
                    .init(
                        requestId: progress.requestID,
                        firmware: V2.Firmware(
                            location: order.location, retrieveDateTime: order.retrieveAt,
                            installDateTime: order.installAt, signingCertificate: order.signingCertificate,
                            signature: order.signature))))
        }
        guard let certificate = order.signingCertificate, let signature = order.signature else {
            return .v16(.updateFirmware(.init(location: order.location, retrieveDate: order.retrieveAt)))
        }
        return .v16(
            .signedUpdateFirmware(
                .init(
                    requestId: progress.requestID,
                    firmware: V16.Firmware(
                        location: order.location, retrieveDateTime: order.retrieveAt, signingCertificate: certificate,
                        signature: signature, installDateTime: order.installAt))))
    }

    /// How the charging station took the order.
    enum FirmwareAnswer {
        case accepted
        /// It will not be taken however often it is sent.
        case refusedForGood(String)
        case refused(String)
        /// No answer; sent again with the next connection.
        case none
    }

    mutating func firmwareAnswered(_ orderID: UInt64, _ answer: FirmwareAnswer, _ turn: inout DeskTurn) {
        guard var progress = memory.firmware, progress.order.id == orderID, progress.state == .asked else { return }
        switch answer {
        case .accepted:
            progress.state = .underWay
            progress.status = "Accepted"
        case .refusedForGood(let status):
            progress.state = .givenUp
            progress.status = status
        case .refused(let status):
            progress.status = status
            retry(&progress, turn)
        case .none:
            progress.state = .waiting
            progress.attempts -= 1
            progress.nextAttempt = turn.now.adding(seconds: 60)
        }
        memory.firmware = progress
        turn.note(.firmware, progress.state.rawValue)
    }

    /// A status of the charging station; without a requestId (1.6) it is that of the attempt under way.
    mutating func noteFirmware(_ status: String, requestID: Int?, _ json: [UInt8], _ turn: inout DeskTurn) {
        if let requestID { turn.put(.firmware, "\(requestID)", json) }
        turn.note(.firmware, status, json)
        guard var progress = memory.firmware, progress.state == .underWay || progress.state == .asked,
            requestID == nil || requestID == progress.requestID, status != "Idle"
        else { return }
        progress.status = status
        switch status {
        case "Installed": progress.state = .done
        case "DownloadFailed", "InstallationFailed", "InstallVerificationFailed", "InvalidSignature":
            retry(&progress, turn)
        default: progress.state = .underWay
        }
        memory.firmware = progress
    }

    /// What runs after a boot settles the matter.
    mutating func noteFirmwareVersion(_ turn: inout DeskTurn) {
        guard let version = profile?.firmwareVersion, var progress = memory.firmware, progress.state != .done,
            progress.order.version == version
        else { return }
        progress.state = .done
        memory.firmware = progress
        turn.note(.firmware, "runs \(version)")
    }

    private func retry(_ progress: inout FirmwareProgress, _ turn: DeskTurn) {
        if progress.attempts >= settings.firmwareAttempts {
            progress.state = .givenUp
        } else {
            progress.state = .waiting
            progress.nextAttempt = turn.now.adding(seconds: settings.firmwareRetryS)
        }
    }
}
