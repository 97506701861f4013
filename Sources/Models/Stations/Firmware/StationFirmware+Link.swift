internal import OCPP
internal import Sim

/// The call that waits for its answer.
struct OutstandingCall: Sendable, BitwiseCopyable, Codable {
    enum Purpose: Sendable, BitwiseCopyable, Codable {
        case boot
        case heartbeat
        case status(evse: Int, connector: Int, Core.ConnectorStatus)
        case authorize(evse: Int)
        case transaction
        case meterValues
    }
    var messageID: IdentifierText
    var purpose: Purpose
}

// MARK: - Connection

extension StationFirmware {
    mutating func linkCameUp(now: Timestamp, outputs: inout OutputBuffer) {
        guard isPowered, !isConnected else { return }
        isConnected = true
        outputs.news = .connected
        doublings = 0
        timeoutsInARow = 0
        connectAt = .distantFuture
        resendAt = .distantPast
        // No BootNotification on a mere reconnect (B01, note), but news about connectors (B04).
        guard registration == .accepted, now >= offlineSince.adding(seconds: settings.offlineThresholdS) else { return }
        for evse in evses.indices {
            evses[evse].forgetAcknowledged()
            noteStatus(of: evse)
        }
    }

    /// The CSMS has told the time (G02.FR.06).
    private mutating func setClock(to csmsTime: Timestamp, now: Timestamp) {
        clockSetAt = now
        clockOffset = csmsTime.microseconds.subtractingReportingOverflow(now.microseconds).partialValue
    }

    mutating func linkWentDown(now: Timestamp, outputs: inout OutputBuffer) {
        guard isPowered else { return }
        if isConnected {
            isConnected = false
            offlineSince = now
            outstanding = nil
            answerBy = .distantFuture
            decideOpenQuestions(now: now, outputs: &outputs)
        }
        connectAt = now.adding(microseconds: backOffMicroseconds())
        doublings = min(doublings + 1, settings.retryBackOffRepeatTimes)
    }

    /// Wait before the next attempt: the minimum, doubled with each failure up to a limit, plus a random part of its
    /// own.
    ///
    /// Where the standard is ambiguous: the random part is not doubled, and drawn anew at every attempt.
    private mutating func backOffMicroseconds() -> Int64 {
        let range = Double(settings.retryBackOffRandomRangeS) * 1e6
        let doubled = (settings.retryBackOffWaitMinimumS * 1_000_000) << Int64(doublings)
        return doubled + Int64(random.unit() * range)
    }
}

// MARK: - Sending

extension StationFirmware {
    /// Sends what is most urgent, unless an answer is awaited.
    mutating func sendNext(now: Timestamp, outputs: inout OutputBuffer) {
        guard isConnected, outstanding == nil, !isLineTaken else { return }
        if triggersReady > 0, registration != .rejected, registration != nil {
            sendTriggered(now: now, outputs: &outputs)
        } else if registration != .accepted {
            guard now >= bootAt else { return }
            let request = Core.BootNotificationRequest(reason: bootReason, chargingStation: identity)
            outputs.send(StationCall(messageID: begin(.boot, now: now), request: .bootNotification(request)))
        } else if openQuestions > 0 {
            sendQuestion(now: now, outputs: &outputs)
        } else if evsesWithNews > 0 {
            sendStatus(now: now, outputs: &outputs)
        } else if !queue.isEmpty, now >= resendAt, !isHeadUnsigned {
            headTransmissions += 1
            outputs.send(queue.firstFrame(messageID: begin(.transaction, now: now)))
        } else if idleReadings > 0 {
            sendIdleReading(now: now, outputs: &outputs)
        } else if now >= heartbeatAt {
            outputs.send(
                StationCall(messageID: begin(.heartbeat, now: now), request: .heartbeat(Core.HeartbeatRequest())))
        }
    }

    private mutating func sendQuestion(now: Timestamp, outputs: inout OutputBuffer) {
        guard let evse = evses.firstIndex(where: { $0.question == .open }) else { return }
        evses[evse].question = .asked
        openQuestions -= 1
        let request = Core.AuthorizeRequest(idToken: evses[evse].presented)
        outputs.send(StationCall(messageID: begin(.authorize(evse: evse), now: now), request: .authorize(request)))
    }

    private mutating func sendStatus(now: Timestamp, outputs: inout OutputBuffer) {
        guard let evse = evses.firstIndex(where: \.hasNews), let connector = evses[evse].connectorWithNews else {
            return
        }
        sendStatus(ofConnector: connector, at: evse, now: now, outputs: &outputs)
    }

    mutating func sendStatus(
        ofConnector connector: Int, at evse: Int, now: Timestamp, outputs: inout OutputBuffer
    ) {
        let status = evses[evse].status(ofConnector: connector)
        let request = Core.StatusNotificationRequest(
            timestamp: now.wholeMilliseconds, connectorStatus: status, evseId: Int32(evse + 1),
            connectorId: Int32(connector + 1))
        let messageID = begin(.status(evse: evse, connector: connector, status), now: now)
        outputs.send(StationCall(messageID: messageID, request: .statusNotification(request)))
    }

    private mutating func sendIdleReading(now: Timestamp, outputs: inout OutputBuffer) {
        guard let evse = evses.firstIndex(where: \.hasIdleReading) else { return }
        evses[evse].hasIdleReading = false
        idleReadings -= 1
        let value = Core.MeterValue(
            timestamp: now.wholeMilliseconds, context: .sampleClock,
            energyActiveImportRegisterWh: evses[evse].registerWh)
        let request = Core.MeterValuesRequest(evseId: Int32(evse + 1), meterValue: value)
        outputs.send(StationCall(messageID: begin(.meterValues, now: now), request: .meterValues(request)))
    }

    /// Starts waiting for the answer to a call with the id returned.
    mutating func begin(_ purpose: OutstandingCall.Purpose, now: Timestamp) -> IdentifierText {
        messageCount &+= 1
        let messageID = IdentifierText(hexadecimal: messageCount)
        outstanding = OutstandingCall(messageID: messageID, purpose: purpose)
        answerBy = now.adding(seconds: settings.messageTimeoutS)
        heartbeatAt = now.adding(seconds: heartbeatIntervalS)  // any message is as good (G02.FR.05)
        if case .heartbeat = purpose { return messageID }
        heartbeatAt = min(heartbeatAt, clockSetAt.adding(seconds: 86_400))  // but not for the clock
        return messageID
    }
}

// MARK: - Answers

extension StationFirmware {
    mutating func take(_ answer: CSMSAnswer, now: Timestamp, outputs: inout OutputBuffer) {
        // An answer that comes after its time is nobody's.
        guard isConnected, let call = outstanding, call.messageID == answer.messageID else { return }
        outstanding = nil
        answerBy = .distantFuture
        timeoutsInARow = 0
        switch (call.purpose, answer.response) {
        case (.boot, .bootNotification(let response)): registered(response, now: now)
        case (.transaction, .transactionEvent(let response)):
            transactionMessageArrived(response, now: now, outputs: &outputs)
        case (.authorize(let evse), .authorize(let response)):
            answered(evse, with: response.idTokenInfo, now: now, outputs: &outputs)
        case (.status(let evse, let connector, let status), .statusNotification):
            evses[evse].acknowledge(status, ofConnector: connector)
            noteStatus(of: evse)
        case (.heartbeat, .heartbeat(let response)):
            setClock(to: response.currentTime, now: now)
        case (.meterValues, .meterValues): break
        case (_, .error(let code)): refused(call.purpose, code, now: now, outputs: &outputs)
        case (_, .bootNotification), (_, .transactionEvent), (_, .authorize), (_, .statusNotification), (_, .heartbeat),
            (_, .meterValues):  // an answer to another question is none
            refused(call.purpose, .protocolError, now: now, outputs: &outputs)
        }
    }

    private mutating func registered(_ response: Core.BootNotificationResponse, now: Timestamp) {
        registration = response.status
        let given = Int64(response.interval)
        switch response.status {
        case .accepted:
            heartbeatIntervalS = given > 0 ? given : max(1, settings.heartbeatIntervalS)
            heartbeatAt = now.adding(seconds: heartbeatIntervalS)
            setClock(to: response.currentTime, now: now)
            bootAt = .distantFuture
        case .pending, .rejected:  // silence until then (B02, B03)
            bootAt = now.adding(seconds: given > 0 ? given : max(1, settings.heartbeatIntervalS))
        }
    }

    /// The CSMS answered with CALLERROR, or with nonsense.
    private mutating func refused(
        _ purpose: OutstandingCall.Purpose, _ code: RPCErrorCode, now: Timestamp, outputs: inout OutputBuffer
    ) {
        if code == .securityError, purpose.isPastBoot {  // it does not know us (any more): introduce ourselves again
            registration = nil
            bootAt = now.adding(seconds: settings.retryBackOffWaitMinimumS)
            if case .authorize(let evse) = purpose { unanswered(evse, now: now, outputs: &outputs) }
            return
        }
        switch purpose {
        case .boot: bootAt = now.adding(seconds: max(1, settings.heartbeatIntervalS))
        case .heartbeat, .meterValues: break
        case .status(let evse, let connector, let status):  // it will not like it better the next time
            evses[evse].acknowledge(status, ofConnector: connector)
            noteStatus(of: evse)
        case .authorize(let evse):
            answered(evse, with: Core.IdTokenInfo(status: .invalid), remember: false, now: now, outputs: &outputs)
        case .transaction: transactionMessageRefused(now: now, outputs: &outputs)
        }
    }

    mutating func answerIsOverdue(now: Timestamp, outputs: inout OutputBuffer) {
        guard let call = outstanding else { return }
        outstanding = nil
        answerBy = .distantFuture
        timeoutsInARow += 1
        switch call.purpose {
        case .boot: bootAt = now.adding(seconds: max(1, settings.messageTimeoutS))
        case .heartbeat, .status, .meterValues: break
        case .authorize(let evse): unanswered(evse, now: now, outputs: &outputs)
        case .transaction:  // says nothing about the message: does not count as an attempt
            resendAt = resendTime(now: now)
        }
        if timeoutsInARow >= settings.timeoutsToReconnect {
            outputs.append(.disconnect)
            linkWentDown(now: now, outputs: &outputs)
        }
    }
}

extension OutstandingCall.Purpose {
    fileprivate var isPastBoot: Bool {
        switch self {
        case .boot: false
        case .heartbeat, .status, .authorize, .transaction, .meterValues: true
        }
    }
}
